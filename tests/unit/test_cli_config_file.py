"""The configuration that `init` writes: every key with its comment, and read back as it was meant."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.config import Config, DigestsConfig, ModerationConfig, SiteConfig, parse
from mailsvc.config import file as config_file
from mailsvc.config.sections import ReadingConfig
from tests.arch.test_docs import keys, rows
from tests.tools import ROOT, UPDATE_GOLDEN

DEMO_INTRO = (
    "The example organisation that `make demo` runs: every mail stays on this machine, in the mailroom. `mailsvc init`"
    " writes a file like this one for a site of your own; docs/configuration.md explains the keys. Relative paths are"
    " relative to this file."
)


def test_every_key_has_the_comment_of_the_docs() -> None:
    told = {key: sentence.replace("`", "") for key, sentence in rows("configuration.md").items()}
    assert told == config_file.KEYS


def test_every_section_has_a_comment() -> None:
    assert set(config_file.SECTIONS) == {key.partition(".")[0] for key in keys()}


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_key_stands_in_the_file_below_its_comment(key: str) -> None:
    section, _, name = key.partition(".")
    lines = config_file.render(Config()).splitlines()
    start = lines.index(f"[{section}]")
    place = next(number for number in range(start, len(lines)) if lines[number].startswith(f"{name} = "))
    assert lines[place - 1].startswith("# ")


def test_what_is_written_is_read_back() -> None:
    assert parse(config_file.render(Config()), base=".") == Config()


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.lists(st.text(st.characters(codec="utf-8")), max_size=3))
def test_any_text_is_read_back(name: str, banners: list[str]) -> None:
    wanted = Config(site=SiteConfig(name=name), reading=ReadingConfig(banners=tuple(banners)))
    text = config_file.render(wanted)
    assert parse(text, base=".") == wanted


def test_lines_are_not_long() -> None:
    assert max(len(line) for line in config_file.render(Config()).splitlines() if line.startswith("#")) <= 100


def test_the_committed_file_is_the_demos(tmp_path: Path) -> None:
    demo = Config(moderation=ModerationConfig(undo="0 min"), digests=DigestsConfig(undo="0 min"))
    if UPDATE_GOLDEN:
        (ROOT / "config.toml").write_text(config_file.render(demo, DEMO_INTRO), "utf-8")
    text = (ROOT / "config.toml").read_text("utf-8")
    assert msgspec.structs.replace(parse(text, base=str(tmp_path)), base=".") == demo
    assert text == config_file.render(demo, DEMO_INTRO)

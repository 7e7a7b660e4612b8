"""Golden letters: one file for each, in five languages, kept so that a change of wording is read before it lands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.samples import SAMPLES, composed
from tests.golden.values import LANGUAGES, Sample
from tests.tools import UPDATE_GOLDEN

FOLDER = Path(__file__).parent / "letters"
SHOWN = ("From", "Reply-To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress", "In-Reply-To")


def shown(sample: Sample) -> str:
    """The five letters as one text for readers; blanks at line ends, which flowed text needs, are left out."""
    found = []
    for language in LANGUAGES:
        letter = composed(sample, language)
        fields = [f"{name}: {letter.header(name)}" for name in SHOWN if letter.header(name)]
        lines = [*fields, "", *(line.rstrip() for line in letter.text.rstrip("\n").split("\n"))]
        found.append("\n".join([f"{'=' * 34} {language} {'=' * 34}", *lines]))
    return "\n\n".join(found) + "\n"


def compare(path: Path, content: str) -> None:
    if UPDATE_GOLDEN:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert path.is_file(), f"no golden file {path.name}: make golden"
    assert content == path.read_text(encoding="utf-8"), f"{path.name} has changed: read it, then make golden"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_letter_in_five_languages(sample: Sample) -> None:
    compare(FOLDER / f"{sample.name}.txt", shown(sample))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_html_in_english(sample: Sample) -> None:
    compare(FOLDER / f"{sample.name}.html", composed(sample, "en").rich)


def test_no_golden_file_is_left_over() -> None:
    wanted = {f"{sample.name}{suffix}" for sample in SAMPLES for suffix in (".txt", ".html")}
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert kept - wanted == set()

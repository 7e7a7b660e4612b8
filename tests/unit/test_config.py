"""The configuration file: what is wrong in it is named with its key and its line."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc import config as configuration
from mailsvc.config import Config, parse, parse_duration
from mailsvc.errors import ConfigError
from mailsvc.limits import Limits
from tests.tools import ROOT

SECTIONS = {field.name: field.type for field in msgspec.structs.fields(Config) if field.name != "base"}
KEYS = [(name, key.name) for name, section in SECTIONS.items() for key in msgspec.structs.fields(section)]


def error(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value


def outcome(text: str) -> ConfigError | None:
    try:
        parse(text)
    except ConfigError as found:
        return found
    return None


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("", base=".") == Config()


def test_the_shipped_file_is_accepted() -> None:
    shipped = configuration.load(ROOT / "config.toml")
    assert shipped.delivery.transport == "mailroom"
    assert Path(shipped.base) == ROOT


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one(section: str, key: str) -> None:
    wrong = f"{key}x"
    assert (section, wrong) not in KEYS
    found = error(
        f"# a comment\n[limits]\nrecipients = 50\n\n[{section}]\n\n{wrong} = 1\n"
        if section != "limits"
        else f"\n[limits]\n\n\n\n\n{wrong} = 1\n"
    )
    assert (found.key, found.line) == (f"{section}.{wrong}", 7)
    assert f'unknown key "{wrong}"' in str(found)
    assert 'did you mean "' in str(found)


@pytest.mark.parametrize(
    ("text", "key", "line", "words"),
    [
        ("[site]\nname = 1\n", "site.name", 2, 'must be a text in quotes, "…", and is a whole number without quotes'),
        ('[site]\n"nam" = "x"\n', "site.nam", 2, 'did you mean "name"?'),
        ('site.nam = "x"\n', "site.nam", None, 'did you mean "name"?'),
        ("[siet]\nx = 1\n", "siet", 1, 'unknown section "siet"; did you mean "site"?'),
        ("\n[[siet]]\n", "siet", 2, "unknown section"),
        ("\n\nsiet = 1\n", "siet", 3, "unknown section"),
        ("site = 1\n", "site", 1, "is a section"),
        ('base = "elsewhere"\n', "base", 1, "unknown section"),
        ('[site]\nlanguage = "xx"\n', "site.language", 2, "none of en sv da nb nn"),
        ('[site]\ncountry = "XX"\n', "site.country", 2, "none of"),
        ('[site]\ntimezone = "Nowhere/Here"\n', "site.timezone", 2, "no time zone"),
        ('[site]\ntimezone = "Europe"\n', "site.timezone", 2, "no time zone"),
        ('[site]\nalias_domains = ["a b"]\n', "site.alias_domains", 2, "not a mail domain"),
        ('[smtp]\nlisten = ["127.0.0.1:99999"]\n', "smtp.listen", 2, "not an address to listen on"),
        ('[smtp]\nlmtp = ["unix:"]\n', "smtp.lmtp", 2, "not a socket"),
        ('[smtp]\nlmtp = ["somewhere"]\n', "smtp.lmtp", 2, "not an address to listen on"),
        ('[smtp]\ntrusted_relays = ["mx"]\n', "smtp.trusted_relays", 2, "neither an IP address nor a network"),
        ('[smtp]\ninternal_networks = ["10.0.0.0/33"]\n', "smtp.internal_networks", 2, "neither an IP address"),
        ('[smtp]\nauthserv_id = "mx 1"\n', "smtp.authserv_id", 2, "holds a blank"),
        ("[smtp]\ntrusted_hops = -1\n", "smtp.trusted_hops", 2, "must be from 0 to 50"),
        ('[web]\nlisten = "8025"\n', "web.listen", 2, "not an address to listen on"),
        ('[web]\nbase_url = "networks.example.org"\n', "web.base_url", 2, "is not where pages are"),
        ('[site]\ntimezone = "../../etc/passwd"\n', "site.timezone", 2, "no time zone"),
        ('[site]\ndomain = "nodots"\n', "site.domain", 2, "not a mail domain"),
        ('[delivery]\ntransport = "pigeon"\n', "delivery.transport", 2, "neither"),
        ('[database]\nurl = "mysql://x"\n', "database.url", 2, "only sqlite"),
        ('[moderation]\nundo = "soon"\n', "moderation.undo", 2, "length of time"),
        ('[moderation]\nundo = "99999999999999999999 d"\n', "moderation.undo", 2, "length of time"),
        ('[smtp]\nlisten = ["a", 5]\n', "smtp.listen[1]", 2, "a text in quotes"),
        ('[smtp]\nlisten = "a"\n', "smtp.listen", 2, "must be a list"),
        ("[limits]\nrecipients = -1\n", "limits.recipients", 2, "less than 0"),
        ("[limits]\nrecipients = 1.5\n", "limits.recipients", 2, "whole number"),
        ("[limits]\nmessage_size = true\n", "limits.message_size", 2, "whole number"),
        ('[site]\noperators = ["postmaster"]\n', "site.operators", 2, "is not a mail address"),
        ('[site]\noperators = ["a@networks.example.org"]\n', "site.operators", 2, "does not write to itself"),
        ('[records]\naddress = "registrator"\n', "records.address", 2, "is not a mail address"),
    ],
)
def test_what_is_wrong_is_named(text: str, key: str, line: int | None, words: str) -> None:
    found = error(text)
    assert (found.key, found.line) == (key, line)
    assert words in str(found)


@pytest.mark.parametrize("text", ["[site", "a = ", "x = " + "[" * 5000, '[site]\nname = "a"\nname = "b"\n', "\x00"])
def test_what_is_no_toml(text: str) -> None:
    assert "not TOML" in str(error(text))


@given(st.text(max_size=200))
def test_any_text_is_a_config_or_a_config_error(text: str) -> None:
    found = outcome(text)
    assert found is None or str(found)


simple = st.one_of(st.booleans(), st.integers(-(1 << 62), 1 << 62), st.text("ab/:. -0127", max_size=12))


@given(st.sampled_from(KEYS), st.one_of(simple, st.lists(simple, max_size=3)))
def test_any_value_of_any_key_is_accepted_or_named(place: tuple[str, str], value: object) -> None:
    section, key = place
    found = outcome(f"[{section}]\n{key} = {msgspec.json.encode(value).decode()}\n")
    if found is not None:
        assert found.key.partition("[")[0] == f"{section}.{key}"
        assert found.line == 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0 min", 0), ("5 min", 300), ("2 h", 7200), ("1d", 86400), (" 30 sec ", 30), ("30s", 30), ("5 MIN", 300)],
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["", "5", "min", "-5 min", "5.5 h", "5 weeks", "٣ min", "12345678 d"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_duration(text)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "config.toml"
    path.parent.mkdir()
    path.write_text('[site]\nkey_file = "../secret/site.key"\n[database]\nurl = "sqlite:///data/mail.db"\n')
    config = configuration.load(path)
    assert config.database_path == path.parent / "data" / "mail.db"
    assert config.path(config.site.key_file) == path.parent / "../secret/site.key"
    path.write_text(f'[database]\nurl = "sqlite:///{tmp_path}/mail.db"\n')
    assert configuration.load(path).database_path == tmp_path / "mail.db"


def test_a_missing_or_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mailsvc init"):
        configuration.load(tmp_path / "config.toml")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not written in UTF-8"):
        configuration.load(tmp_path / "config.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        configuration.load(tmp_path)


def test_every_limit_can_be_set() -> None:
    for limit in msgspec.structs.fields(Limits):
        assert getattr(parse(f"[limits]\n{limit.name} = 7\n").limits, limit.name) == 7


def test_domains_are_folded() -> None:
    config = parse('[site]\ndomain = "Networks.Example.ORG"\nalias_domains = ["Old.example.org"]\n')
    assert config.domains == ("networks.example.org", "old.example.org")

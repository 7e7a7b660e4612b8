"""The catalogues are complete: every text of templates and code in four languages, none missing or left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from mailsvc.letters.compose import Composer
from mailsvc.letters.translation import catalogue
from mailsvc.resources import locale_dir
from tests.golden.samples import SAMPLES, folders, site, spec
from tests.golden.values import LANGUAGES
from tests.tools import ROOT

TRANSLATED = LANGUAGES[1:]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "translate": None}
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Text = str | tuple[str, ...]


def _extracted(path: Path, method: str, options: dict[str, str]) -> Iterator[Text]:
    with path.open("rb") as handle:
        for _line, text, _comments, _context in extract(method, handle, keywords=KEYWORDS, options=options):
            yield text


@cache
def sources() -> dict[Text, str]:
    """Every English text and a file where it stands."""
    found: dict[Text, str] = {}
    for folder in folders().values():
        for path in sorted(Path(folder).glob("*.j2")):
            for text in _extracted(path, "jinja2.ext:babel_extract", TEMPLATES):
                found.setdefault(text, path.name)
    for path in sorted((ROOT / "mailsvc" / "letters").glob("*.py")):
        for text in _extracted(path, "python", {}):
            found.setdefault(text, path.name)
    return found


@cache
def kept(language: str) -> Catalog:
    with (locale_dir() / f"{language}.po").open("rb") as handle:
        return read_po(handle, locale=language, abort_invalid=True)


def forms(text: Text | list[str] | None) -> tuple[str, ...]:
    """A text in the singular and, where it counts something, in the plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_texts_are_found() -> None:
    assert "Welcome to %(title)s" in sources()
    assert ("The group has %(count)s member:", "The group has %(count)s members:") in sources()
    assert "the post goes to all members" in sources()
    assert "Answer %(word)s in matter %(case)s" in sources()


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_and_nothing_left_over(language: str) -> None:
    translated = {message.id for message in kept(language) if message.id}
    assert sorted(map(str, set(sources()) - translated)) == []
    assert sorted(map(str, translated - set(sources()))) == []
    assert not kept(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_sure(language: str) -> None:
    for message in kept(language):
        if message.id:
            assert not message.fuzzy, message.id
            assert all(text.strip() for text in forms(message.string)), message.id
            assert len(forms(message.string)) == len(forms(message.id)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same(language: str) -> None:
    for message in kept(language):
        if isinstance(message.id, str) and isinstance(message.string, str):
            assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id)), message.id
            continue
        for text, source in zip(forms(message.string), forms(message.id), strict=True):
            wanted = set(PLACEHOLDER.findall(source))
            assert wanted - {"count"} <= set(PLACEHOLDER.findall(text)) <= wanted | {"count"}, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_marks_of_a_text_are_kept(language: str) -> None:
    for message in kept(language):
        for text, source in zip(forms(message.string), forms(message.id), strict=True):
            if not source:
                continue
            assert text[-1:] in ".:?)”»" if source[-1] in ".:?)”" else text[-1:] not in ".:?", message.id
            assert not re.search(r'["<>&{}]', text), message.id  # would end an attribute or be markup
            assert not re.search(r"%(?!\(\w+\)s)", text), message.id
            assert text == " ".join(text.split()), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_letters_are_the_languages_own(language: str) -> None:
    letters = "".join(text for message in kept(language) for text in forms(message.string) if message.id).lower()
    foreign = {"sv": "æø", "da": "äö", "nb": "äö", "nn": "äö"}[language]
    assert set(foreign) & set(letters) == set()


def test_two_languages_are_not_each_other() -> None:
    for one, other in (("nb", "nn"), ("nb", "da")):
        same = [
            message.id
            for message in kept(one)
            if message.id and len(str(message.id)) > 60 and message.string == catalogue(other).gettext(str(message.id))
        ]
        assert same == []


def test_nynorsk_is_nynorsk() -> None:
    bokmal = re.compile(r"\b(ikke|jeg|hva|hvem|hvilke|noe|noen|fra|dere|deres|skrev|ble|bare|flere|være|gjøre)\b")
    for message in kept("nn"):
        for text in forms(message.string):
            if message.id:
                assert bokmal.findall(text.lower()) == [], message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_in_some_sample(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The samples show every sentence: what no sample shows, nobody has read in its letter."""
    said: set[str] = set()
    known = catalogue(language)
    real_one, real_many = known.gettext, known.ngettext

    def one(text: str) -> str:
        said.add(text)
        return real_one(text)

    def many(single: str, plural: str, count: int) -> str:
        said.update((single, plural))
        return real_many(single, plural, count)

    monkeypatch.setattr(known, "gettext", one)
    monkeypatch.setattr(known, "ngettext", many)
    fresh = Composer(site(), folders())
    for sample in SAMPLES:
        fresh.letter(spec(sample, language))
    unseen = [text for source in sources() for text in forms(source) if text not in said]
    assert unseen == []


def test_an_unknown_language_gives_the_source() -> None:
    assert catalogue("fi").gettext("You wrote") == "You wrote"
    assert catalogue("en").ngettext("a", "b", 2) == "b"


def test_a_missing_catalogue_is_no_silent_english(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        catalogue("sv", tmp_path)


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_follow_the_number(language: str) -> None:
    translate = catalogue(language).ngettext
    texts = [translate("The group has %(count)s member:", "The group has %(count)s members:", n) for n in (0, 1, 2, 21)]
    assert texts[0] == texts[2] == texts[3] != texts[1]

"""One realistic sample of every letter and of each way it can turn out, as the service would ask for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from lists.words.commands import Command, printed
from mailsvc.config import Config, SiteConfig
from mailsvc.keys import SiteKey
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.resources import templates_dir
from mailsvc.site import Site
from tests.golden.more import more
from tests.golden.reading import Read, read_letter
from tests.golden.values import (
    DOMAIN,
    TOKEN,
    WRITTEN,
    Sample,
)
from tests.tools import ROOT


def site() -> Site:
    """The organisation of all samples."""
    config = Config(site=SiteConfig(name="Example University Library", domain=DOMAIN, timezone="Europe/Stockholm"))
    return Site(config, SiteKey("k1", "s1", b"\x07" * 32))


def folders() -> dict[str, str]:
    """Where the letters of all packages are, by the first part of their names."""
    shared = {
        name: str(templates_dir() / "letters" / name) for name in ("bounce", "case", "operator", "records", "web")
    }
    own = {path.name: str(path) for path in sorted((ROOT / "lists" / "letters").iterdir())}
    workflows = {path.parent.name: str(path) for path in sorted((ROOT / "workflows").glob("*/letters"))}
    return shared | own | workflows


@cache
def composer() -> Composer:
    """What the service composes its letters with."""
    return Composer(site(), folders())


SAMPLES: Final[tuple[Sample, ...]] = more("SAMPLES")
ASKING: Final = tuple(sample for sample in SAMPLES if sample.asked)


def named(name: str) -> Sample:
    """The sample of that name."""
    return next(sample for sample in SAMPLES if sample.name == name)


def composed(sample: Sample, language: str) -> Read:
    """The sample as its reader gets it."""
    return _composed(sample.name, language)


@cache
def _composed(name: str, language: str) -> Read:
    return read_letter(composer().letter(spec(named(name), language)))


def spec(sample: Sample, language: str, **changes: object) -> LetterSpec:
    """The sample as the service would ask for it in that language; `changes` are fields of the result."""
    values = {**sample.values, "case": sample.case, "vocabulary": sample.vocabulary}
    if "results" in values:
        values["results"] = [_spoken(result, language) for result in sample.values["results"]]  # type: ignore[attr-defined]
    made = LetterSpec(
        template=sample.template,
        language=language,
        to_address="karin.holm@example.org",
        to_name="Karin Holm",
        message_id=f"v3xk2m7qpl5w@{DOMAIN}",
        created_at=WRITTEN,
        values=values,
        case=sample.case,
        token=TOKEN if sample.asked else "",
        vocabulary=sample.vocabulary,
        items=sample.items if sample.asked else 0,
        thread=(f"b7qw4z2hnd6y@{DOMAIN}",) if sample.replies else (),
        group_name="cataloguing" if sample.grouped else "",
        group_title="Cataloguing network" if sample.grouped else "",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _spoken(result: dict[str, object], language: str) -> dict[str, object]:
    """The words of `help` are the reader's."""
    if "words" not in result:
        return result
    return {**result, "words": {one.value: printed(one, language) for one in Command}}

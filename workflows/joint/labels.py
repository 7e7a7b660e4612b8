"""The labelled lines in mails about joint matters, in five languages: what sort, who, by when, to all staff or not."""

from __future__ import annotations

from typing import Final

from mailsvc.people.naming import cleaned_name

SORT: Final = frozenset({"type", "kind", "typ", "slag", "type sak", "art"})
RESPONSIBLE: Final = frozenset({"responsible", "ansvarig", "ansvarlig", "ansvarleg"})
DUE: Final = frozenset(
    {"by", "due", "done by", "klart", "klart senast", "senast", "färdigt", "senest", "frist", "klar senest", "innen"}
    | {"ferdig", "innan"}
)
JOINT_LETTER: Final = frozenset(
    {"joint letter", "gemensamt brev", "fælles brev", "fellesbrev", "felles brev", "fellesbrev til alle"}
)
YES: Final = frozenset({"yes", "ja", "x", ""})
_DEVELOPMENT: Final = ("devel", "utveckl", "udvikl", "utvikl")


def labelled(text: str) -> tuple[dict[str, str], str]:
    """The values of the lines with a label (`sort`, `responsible`, `due`, `letter`), and the text without them."""
    found: dict[str, str] = {}
    kept = []
    for line in text.splitlines():
        label, mark, value = line.strip().strip("*").partition(":")
        name = _name(" ".join(label.casefold().split())) if mark else ""
        if name and name not in found:
            found[name] = value.strip().strip("*").strip()
        else:
            kept.append(line)
    return found, "\n".join(kept).strip()


def _name(label: str) -> str:
    for name, labels in (("sort", SORT), ("responsible", RESPONSIBLE), ("due", DUE), ("letter", JOINT_LETTER)):
        if label in labels:
            return name
    return ""


def is_development(value: str) -> bool:
    """Whether a type is a development matter; anything else is formal."""
    return value.casefold().startswith(_DEVELOPMENT)


def said_of_minutes(text: str) -> tuple[str, bool | None]:
    """The text of minutes, and whether a joint letter to all staff is wanted; None where nothing is said of it."""
    found, _ = labelled(text)
    other = "\n".join(one for one in text.splitlines() if "letter" not in labelled(one)[0]).strip()
    if "letter" not in found:
        return text.strip(), None
    return other, found["letter"].casefold().rstrip(".!") in YES


def named_in(text: str) -> str:
    """Who is named as responsible, as it was written."""
    found, rest = labelled(text)
    return cleaned_name(found.get("responsible") or next((line for line in rest.splitlines() if line.strip()), ""))

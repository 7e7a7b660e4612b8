"""What other list managers' files say of a list, in our words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from mailsvc.config import LANGUAGES

_SIGNS: Final = {"å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o", "é": "e", "ü": "u", "_": "-", " ": "-"}
_OTHER_LANGUAGES: Final = {"no": "nb", "nb_no": "nb", "nn_no": "nn", "en_us": "en", "en_gb": "en"}


@dataclass(frozen=True, slots=True)
class FoundMember:
    """One address of a list. `delivery` is each, daily or none; `role` member, owner or moderator, as theirs are."""

    address: str
    name: str = ""
    role: str = "member"
    delivery: str = "each"
    language: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FoundList:
    """One list. `post` and `join` are our words for who may; `left_out` says what has no place here."""

    name: str
    title: str = ""
    purpose: str = ""
    language: str = ""
    post: str = "members"
    join: str = "confirm"
    subject_prefix: str = ""
    members: tuple[FoundMember, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def group_name(name: str) -> str:
    """A list's name as one of ours may be: small letters, digits, `-` and `.` between them."""
    small = "".join(_SIGNS.get(sign, sign) for sign in name.lower())
    return re.sub(r"[.-]{2,}", "-", re.sub(r"[^a-z0-9.-]", "", small)).strip(".-")


def language(code: str) -> str:
    """One of our languages, "" where we do not have it."""
    small = code.strip().lower().replace("-", "_")
    known = _OTHER_LANGUAGES.get(small, small.split("_", 1)[0])
    return known if known in LANGUAGES else ""


def merged(members: Iterable[FoundMember]) -> tuple[FoundMember, ...]:
    """Each address once, in the order found: the highest role, the first name and language that somebody gave."""
    rank = {"owner": 0, "moderator": 1, "member": 2}
    found: dict[str, FoundMember] = {}
    for one in members:
        key = one.address.strip().lower()
        known = found.get(key)
        if known is None:
            found[key] = one
            continue
        better = min(known, one, key=lambda member: rank[member.role])
        subscribed = known if known.role == "member" else one if one.role == "member" else better
        found[key] = replace(
            better,
            name=known.name or one.name,
            language=known.language or one.language,
            delivery=subscribed.delivery,
            hidden=known.hidden or one.hidden,
        )
    return tuple(found.values())

"""The keys of `group set`: what a group's columns and settings may hold, read from a word of the command line. Pure."""

from __future__ import annotations

import difflib
import re
from typing import Final

import msgspec

from lists.model import ANY_MEMBER, ARCHIVES, AUDIENCES, JOINING, POSTING, ROLES, RULES, SHAPES, Settings
from mailsvc.cases.schedule import parse
from mailsvc.config import LANGUAGES
from mailsvc.errors import CommandError
from mailsvc.message.address import fold_domain

COLUMNS: Final = ("title", "language", "post", "join")
SETTINGS: Final = tuple(field.name for field in msgspec.structs.fields(Settings))
KEYS: Final = (*COLUMNS, *SETTINGS)

CHOICES: Final = {
    "language": LANGUAGES,
    "post": POSTING,
    "join": JOINING,
    "audience": AUDIENCES,
    "documents": AUDIENCES,
    "archive": ARCHIVES,
    "reply": ("author", "list"),
    "delivery": SHAPES,
    "decision_rule": RULES,
    "attendance": ("members", "moderators"),
}
ORGANISATIONS: Final = "allow_organisations"
SIZES: Final = frozenset({"max_size"})
LONGEST_NUMBER: Final = 10
LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4000
SEVERAL_LINES: Final = frozenset({"purpose", "work_questions", "channels", "footer", "standing_items"})
MAY_BE_EMPTY: Final = SEVERAL_LINES | {"subject_prefix", "digest", "party_of", "next_level", "minutes_signed_by"}

_YES: Final = frozenset({"yes", "on", "true", "1"})
_NO: Final = frozenset({"no", "off", "false", "0"})
_SIZE: Final = re.compile(r"(\d{1,12})\s*(|kib|mib|k|m)", re.IGNORECASE)
_UNIT: Final = {"": 1, "k": 1024, "kib": 1024, "m": 1024 * 1024, "mib": 1024 * 1024}


def known_key(text: str) -> str:
    """The key that is meant (`max-size` is `max_size`); CommandError names the nearest."""
    key = text.lower().replace("-", "_")
    if key in KEYS:
        return key
    near = difflib.get_close_matches(key, KEYS, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known are {' '.join(KEYS)}"
    raise CommandError(f'a group has no "{text}"; {hint}')


def value_of(key: str, text: str) -> str | int | bool | tuple[str, ...]:
    """`text` as the value of `key`; CommandError says what may stand there."""
    if key in CHOICES:
        if text.lower() not in CHOICES[key]:
            raise CommandError(f'{key} cannot be "{text}"; it is one of {" ".join(CHOICES[key])}')
        return text.lower()
    kind = next((field.type for field in msgspec.structs.fields(Settings) if field.name == key), str)
    if kind is bool:
        return _yes_or_no(key, text)
    if kind is int:
        return _size(key, text) if key in SIZES else _count(key, text)
    if key == "digest":
        return _schedule(key, text)
    if key == "minutes_signed_by":
        return _roles(key, text)
    if kind is str:
        return line(key, text)
    return organisations(key, text) if key == ORGANISATIONS else domains(key, text)


def line(key: str, text: str) -> str:
    """Text that people read, without control characters; only some keys take several lines."""
    text = text.replace("\N{NO-BREAK SPACE}", " ")  # word processors put them in
    text = text.replace("\r\n", "\n").strip("\n") if key in SEVERAL_LINES else text
    if key != "subject_prefix":  # its last blank stands between it and the subject
        text = text.strip()
    longest = LONGEST_TEXT if key in SEVERAL_LINES else LONGEST_LINE
    allowed = "\n" if key in SEVERAL_LINES else ""
    if any(not character.isprintable() and character not in allowed for character in text):
        raise CommandError(f"{key} holds control characters{'' if allowed else ' or several lines'}")
    if len(text) > longest:
        raise CommandError(f"{key} is longer than {longest} characters")
    if not text and key not in MAY_BE_EMPTY:
        raise CommandError(f"{key} cannot be empty")
    return text


def _schedule(key: str, text: str) -> str:
    """When a digest goes out; "" for what the kind of group has."""
    found = parse(text) if text.strip() else ""
    if isinstance(found, str) and found:
        raise CommandError(f"{key}: {found}")
    return str(found)


def _roles(key: str, text: str) -> str:
    """Roles between commas; "" for none."""
    roles = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = next((role for role in roles if role not in ROLES), None)
    if unknown is not None:
        raise CommandError(f'{key}: "{unknown}" is no role; known are {" ".join(ROLES)}')
    return ", ".join(dict.fromkeys(roles))


def _yes_or_no(key: str, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise CommandError(f'{key} is yes or no, not "{text}"')
    return text.lower() in _YES


def _count(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER):
        raise CommandError(f'{key} is a number from 0 to {10 ** (LONGEST_NUMBER - 1) - 1}, not "{text}"')
    return int(text)


def domains(key: str, text: str) -> tuple[str, ...]:
    """Mail domains between blanks or commas; none at all empties the list."""
    found = []
    for word in text.replace(",", " ").split():
        domain = fold_domain(word.removeprefix("@"))
        if domain is None:
            raise CommandError(f'{key} holds mail domains, and "{word}" is none')
        found.append(domain)
    return tuple(dict.fromkeys(found))


def organisations(key: str, text: str) -> tuple[str, ...]:
    """Names of organisations between commas, or `members` for any that is one; none at all empties the list."""
    names = [line(key, " ".join(name.split())) for name in text.split(",") if name.strip()]
    return tuple(dict.fromkeys(ANY_MEMBER if name.lower() == ANY_MEMBER else name for name in names))


def _size(key: str, text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise CommandError(f'{key} is a number of octets such as 5242880 or "5 MiB" (0: the site\'s), not "{text}"')
    return int(match[1]) * _UNIT[match[2].lower()]

"""What a mail to `N-docs@` brings: its files with clean names, looked through by a scanner, and the day to look again.

All of it is found out before the transaction (registry.ToRead): nobody waits for a scanner there.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailsvc.config import DocsConfig
from mailsvc.message.parsing import Message
from mailsvc.message.parts import Attachment, part_data
from mailsvc.message.said_dates import find_dates, plain

LONGEST_NAME: Final = 120
MOST_LINES: Final = 60
LABELS: Final = (  # words.md has no row for it; the first of each language is printed
    "look at again by",
    "ses över senast",
    "gennemses senest",
    "gjennomgås innen",
    "gjennomgåast innan",
)
_LABEL: Final = re.compile(rf"^[\s>*_•-]*(?:{'|'.join(LABELS)})[*_]*\s*:[*_]*\s*(.*)$", re.IGNORECASE)
# What mail programs add by themselves.
_NOT_MEANT: Final = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_BIDI: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Brought:
    """One file."""

    name: str
    content_type: str
    content: bytes
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. `problem`: "", `nothing`, `infected`, `unscanned`, `too-many`; `name` is the file it is about."""

    files: tuple[Brought, ...] = ()
    problem: str = ""
    name: str = ""


def look(message: Message, config: DocsConfig, most: int) -> Looked:
    """The files of a mail, each scanned; the last of several with one name counts."""
    meant = [one for one in message.attachments if _is_meant(one)]
    if not meant:
        return Looked(problem="nothing")
    if len(meant) > most:
        return Looked(problem="too-many")
    found: dict[str, Brought] = {}
    for number, one in enumerate(meant, 1):
        content = part_data(message.content, message.parts[one.part])
        name = clean_name(one.name, number)
        problem = scan(content, config.scan_command, config.scan_seconds)
        if problem:
            return Looked(problem=problem, name=name)
        found[fold_name(name)] = Brought(name, one.content_type, content, hashlib.sha256(content).digest())
    return Looked(tuple(found.values()))


def _is_meant(one: Attachment) -> bool:
    if one.content_type in _NOT_MEANT or one.size == 0:
        return False
    return not (one.inline and (one.content_type.startswith("image/") or not one.name))


def clean_name(name: str, number: int) -> str:
    """A file's name as it is shown and saved: no path, nothing invisible, its ending kept."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = "".join(one if one.isprintable() and one not in _BIDI else " " for one in text)
    text = re.sub(r"[<>:\"|?*]", "_", " ".join(text.split())).strip(" .")
    if len(text) > LONGEST_NAME:
        stem, dot, ending = text.rpartition(".")
        ending = ending if dot and len(ending) <= 10 else ""
        text = f"{(stem if ending else text)[: LONGEST_NAME - len(ending) - 1].rstrip()}{dot if ending else ''}{ending}"
    return text or f"document-{number}"


def fold_name(name: str) -> str:
    """Names that differ only in case and blanks are the same document."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def scan(content: bytes, command: Sequence[str], seconds: int) -> str:
    """`[docs] scan_command` on one file: "" clean (or none is set), `infected`, `unscanned` when it cannot tell."""
    if not command:
        return ""
    try:
        done = subprocess.run(list(command), input=content, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "unscanned"
    return {0: "", 1: "infected"}.get(done.returncode, "unscanned")


def look_again(text: str, today: date, language: str) -> tuple[str, str]:
    """The day behind "Look at again by:" as (ISO day, ""), or ("", what stood there and is no day to come)."""
    for line in text.splitlines()[:MOST_LINES]:
        match = _LABEL.match(line)
        if match and match[1].strip():
            said = find_dates(plain(match[1]), today, language)
            if said and said[0].last > today:
                return said[0].last.isoformat(), ""
            return "", match[1].strip()[:100]
    return "", ""

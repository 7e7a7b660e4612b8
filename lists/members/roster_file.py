"""Reading the file of `member import`: CSV as Nordic spreadsheets write it, every row checked before any is used."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lists.model import DELIVERY, ROLES
from mailsvc.config import LANGUAGES, Config
from mailsvc.errors import CommandError
from mailsvc.message.address import parse_address

_SAID_SEPARATORS: Final = ("sep=,", "sep=;", "sep=\t")
COLUMNS: Final = ("address", "name", "role", "delivery", "language")
LONGEST_NAME: Final = 200
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One member to be: everything filled in and checked."""

    address: str
    folded: str
    name: str
    role: str
    delivery: str
    language: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The entries of a file, and how many of its rows named an address that an earlier row had named."""

    entries: tuple[Entry, ...]
    repeated: int


def parse(content: bytes, config: Config, language: str) -> RosterFile:
    """Read a file with a header row; separators are `,` or `;` (or tabs). CommandError names the line that is wrong.

    `language` is that of people for whom the file names none. Of several rows with one address the first counts.
    """
    try:
        return _parsed(_text(content), config, language)
    except CommandError as error:
        raise CommandError(f"{error}; nothing was imported") from None


def _parsed(text: str, config: Config, language: str) -> RosterFile:
    ours = frozenset(config.domains)
    found: dict[str, Entry] = {}
    bad: list[str] = []
    rows = 0
    for number, row in _rows(text):
        try:
            entry = _entry(row, ours, language)
        except CommandError as error:
            bad.append(f"line {number}: {error}")
            continue
        rows += 1
        found.setdefault(entry.folded, entry)
    if bad:  # all at once, so that a file with many is not mended line by line
        more = [f"and {len(bad) - MOST_NAMED} more"] if len(bad) > MOST_NAMED else []
        raise CommandError("; ".join([*bad[:MOST_NAMED], *more]))
    if not rows:
        raise CommandError("the file holds no row below its header")
    return RosterFile(tuple(found.values()), rows - len(found))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise CommandError(f'line {number}: not UTF-8; save the file as "CSV UTF-8"') from None


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number (of the row's end) and values by column of every row that is not empty."""
    lines = (one.strip("\r\n") for one in io.StringIO(text) if one.strip())
    header = next(lines, "")
    said = header.lower() in _SAID_SEPARATORS  # Excel's own first line, which tells it how to split
    separator = header[-1] if said else max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: Sequence[str] = ()
    before = 0  # the last line of the row before: a mark that is never closed swallows the rest of the file
    try:
        for row in reader:
            before = reader.line_num
            if said or not any(cell.strip() for cell in row):
                said = False
                continue
            if not columns:
                columns = _columns(row, reader.line_num)
                continue
            if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
                raise CommandError(f"line {reader.line_num}: {len(row)} values for {len(columns)} columns")
            yield reader.line_num, {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
    except csv.Error as error:
        raise CommandError(f"line {before + 1}: a quotation mark is not closed, or text follows it") from error


def _columns(row: Sequence[str], number: int) -> tuple[str, ...]:
    names = tuple(cell.strip().lower() for cell in row)
    if "address" not in names:
        raise CommandError(f'line {number}: no column "address"; the first row names the columns: {",".join(COLUMNS)}')
    for name in names:
        if name not in COLUMNS and name:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else f"; known are {','.join(COLUMNS)}"
            raise CommandError(f'line {number}: unknown column "{name}"{hint}')
        if name and names.count(name) > 1:
            raise CommandError(f'line {number}: the column "{name}" stands twice')
    return names


def _entry(row: dict[str, str], ours: frozenset[str], language: str) -> Entry:
    text = row.get("address", "")
    address = parse_address(text)
    if address is None:
        raise CommandError(f'"{text}" is not a mail address')
    if address.ascii_domain in ours:
        raise CommandError(f"{address} is an address of this service, and those cannot be members")
    name = " ".join(row.get("name", "").split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise CommandError(f"the name holds control characters or more than {LONGEST_NAME} characters")
    return Entry(
        str(address),
        address.folded,
        name,
        _one_of("role", row.get("role", ""), ROLES, "member"),
        _one_of("delivery", row.get("delivery", ""), DELIVERY, "each"),
        _one_of("language", row.get("language", ""), LANGUAGES, language),
    )


def _one_of(column: str, text: str, known: Sequence[str], otherwise: str) -> str:
    value = text.lower() or otherwise
    if value not in known:
        raise CommandError(f'{column} cannot be "{text}"; it is one of {" ".join(known)}')
    return value

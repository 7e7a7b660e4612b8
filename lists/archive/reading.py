"""Who reads an archive, and what they find: months, threads, words. One rule for pages and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from lists import store as groups
from lists.alias_store import group_at
from lists.archive import store
from lists.directory.searching import ENDING, INSIDE, PREFIX, words_of
from lists.directory.seeing import Sight
from lists.model import ARCHIVE_OFF, Group
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.ids import GroupId, PersonId
from mailsvc.store.database import ReadTx, Row

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9000


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read a group's archive. `inside`: as a member, so that what is confidential may be theirs too.

    `named`: mail addresses and files are for them.
    """

    group: Group
    person: PersonId | None
    inside: bool
    named: bool

    @property
    def confidant(self) -> PersonId | None:
        """Whose confidential posts may be shown."""
        return self.person if self.inside else None


@dataclass(frozen=True, slots=True)
class Month:
    """A month on the site's clock."""

    year: int
    month: int

    @property
    def key(self) -> str:
        """`2026-11`."""
        return f"{self.year:04}-{self.month:02}"

    def bounds(self, zone: ZoneInfo) -> tuple[Instant, Instant]:
        """Its first moment and the first one after it."""
        after = (self.year + self.month // 12, self.month % 12 + 1)
        first = datetime(self.year, self.month, 1, tzinfo=zone)
        return to_instant(first), to_instant(datetime(*after, 1, tzinfo=zone))


def group_of(tx: ReadTx, name: str) -> Group | None:
    """The group whose archive is meant: of one that was merged its own, so that old links lead to the same posts."""
    return groups.group_named(tx, name) or group_at(tx, name)


def reader(tx: ReadTx, group: Group, sight: Sight, person: PersonId | None) -> Reader | None:
    """Whether somebody may read the group's archive: members always, and whom its `archive` lets in besides."""
    inside = group.id in sight.roles or (person is not None and store.was_in(tx, group.id, person))
    if inside:
        return Reader(group, person, inside=True, named=True)
    audience = group.settings.archive
    if audience in ("members", ARCHIVE_OFF) or not sight.sees(group, audience):
        return None
    return Reader(group, person, inside=False, named=sight.staff)


def month_of(at: int, zone: ZoneInfo) -> Month:
    """The month in which a moment is."""
    local = to_datetime(Instant(at), zone)
    return Month(local.year, local.month)


def month_named(text: str) -> Month | None:
    """`2026-11` as a month; None for anything else."""
    year, _, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdecimal()):
        return None
    found = Month(int(year), int(month))
    return found if FIRST_YEAR < found.year < LAST_YEAR and 1 <= found.month <= 12 else None


def search(tx: ReadTx, who: Reader, query: str, most: int) -> list[Row]:
    """The posts that hold every word of the query that says something, the newest first."""
    found: set[int] | None = None
    for word in words_of(query):
        hits = _with(tx, who.group.id, word, names=who.inside)  # no search for people from outside
        found = hits if found is None else found & hits
        if not found:
            return []
    return store.these(tx, who.group.id, who.confidant, sorted(found or ()), most)


def _with(tx: ReadTx, group: GroupId, word: str, *, names: bool) -> set[int]:
    """As it stands or begins; else with another ending; else inside a compound (`katalog` in `ämneskatalog`)."""
    if len(word) < PREFIX:
        return store.with_whole_word(tx, group, word, names=names)
    found = store.with_word(tx, group, word, names=names)
    if not found and len(word) - ENDING >= INSIDE:
        found = store.with_word(tx, group, word[:-ENDING], names=names)
    if not found and len(word) >= INSIDE:
        found = store.with_word(tx, group, word, names=names, inside=True)
    return found


def author_of(row: Row, who: Reader) -> str:
    """Who wrote a post as this reader may know it, "" for somebody who is not named."""
    if row["state"] == "removed" or (row["hidden"] and not who.inside):
        return ""
    return str(row["author"] or row["person_name"])


def threads(rows: Sequence[Row]) -> list[list[Row]]:
    """Posts by thread, oldest first in each; the thread with the newest post first. Nothing of what is all removed."""
    found: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda one: (one["posted_at"], one["id"])):
        found.setdefault(row["thread_id"], []).append(row)
    kept = [one for one in found.values() if any(row["state"] == "kept" for row in one)]
    return sorted(kept, key=lambda one: (one[-1]["posted_at"], one[-1]["id"]), reverse=True)

"""Notes as letters and pages show them, and who may read them again: members; what is confidential, who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import dropwhile, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from mailsvc.cases.action_lines import is_heading, read_actions
from mailsvc.clock import to_datetime, to_instant
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.message.said_dates import find_dates, plain
from mailsvc.people import store as people
from mailsvc.people.naming import Named, One
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.afterwards.after import CORRECTING
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import told_values
from workflows.meeting.notes_store import Notes
from workflows.meeting.store import MeetingRow

LONGEST_NUMBER: Final = 15


def named(found: Sequence[Named[PersonId]], invited: Sequence[Invitee]) -> list[Named[PersonId]]:
    """Those whom a name in notes can mean: `found`, and whoever else was invited."""
    known = {one.key for one in found}
    others = (Named(one.person, one.name, (one.address,)) for one in invited if one.person not in known)
    return [*found, *others]


def values(
    tx: ReadTx,
    row: MeetingRow,
    known: Sequence[Named[PersonId]],
    text: str,
    config: Config,
    *,
    confidential: bool,
    by: PersonId | None,
) -> Values:
    """What `meeting/notes` says of a meeting whose notes are `text`; `known` can be named in lines that are tasks."""
    group = api.group(tx, row.group_id)
    invited = invitee_store.invitees(tx, row.id)
    coming = store.coming(tx, row.group_id)
    today = to_datetime(tx.now, ZoneInfo(config.site.timezone)).date()
    actions = [one for one in read_actions(text, known, today) if isinstance(one.who, One) and one.text]
    return {
        "group": api.group_values(group, config),
        **told_values(row.told),
        "text": _without(text, {one.line.strip() for one in actions}),
        "who_present": [one.shown for one in invited if one.present],
        "who_absent": [one.shown for one in invited if one.present is False],
        "shows_attendance": group.settings.attendance == "members",
        "actions": [
            {"who": one.who.person.name, "text": one.text, "due": _noon(one.due, config) if one.due else 0}
            for one in actions
            if isinstance(one.who, One)
        ],
        "confidential": confidential,
        "next": told_values(coming[0].told)["at"] if coming else None,
        "again": False,
        "secret": "",
        "signed_by": [],
        "by": people.by_id(tx, by).shown if by is not None else "",
    }


def _noon(day: date, config: Config) -> int:
    return int(to_instant(datetime.combine(day, time(12), ZoneInfo(config.site.timezone))))


def _without(text: str, lines: set[str]) -> str:
    """The notes without the lines that stand below them as what is to be done, nor a heading over nothing else."""
    rows = text.splitlines()
    kept = [(number, row) for number, row in enumerate(rows) if row.strip() not in lines]
    left = [row for number, row in kept if not (is_heading(row) and _all_of_it(rows[number + 1 :], lines))]
    return "\n".join(left).strip()


def _all_of_it(below: Sequence[str], lines: set[str]) -> bool:
    """Whether a list that begins here is only of these lines."""
    listed = [*takewhile(str.strip, dropwhile(lambda row: not row.strip(), below))]
    return bool(listed) and all(row.strip() in lines for row in listed)


@dataclass(frozen=True, slots=True)
class Kept:
    """Notes of a meeting that somebody asks for. `inside`: they were there, or have written them; `whole`: they see
    who was there; `corrects`: they can say who was."""

    row: MeetingRow
    notes: Notes
    inside: bool
    whole: bool
    corrects: bool = False

    @property
    def readable(self) -> bool:
        """Whether there is anything in them for whoever asks."""
        return self.inside or not self.notes.confidential

    def letter(self, tx: ReadTx, config: Config) -> Values:
        """The notes as whoever asks may read them."""
        found = values(
            tx,
            self.row,
            named((), invitee_store.invitees(tx, self.row.id)),
            self.notes.text,
            config,
            confidential=self.notes.confidential,
            by=self.notes.person,
        )
        return {
            **found,
            "asked": True,
            "secret": self.notes.secret if self.inside else "",
            "signed_by": [one for one in self.notes.signed.split(", ") if one],
            "shows_attendance": self.whole,
            "may_correct": self.corrects,
            "next": None,
        }


def kept(tx: ReadTx, meeting: int, person: PersonId, role: str) -> Kept | None:
    """The notes of a meeting for a member with that role in its group; None where none have gone out."""
    row = store.meeting(tx, meeting)
    notes = notes_store.shared_notes(tx, meeting)
    if notes is None:
        return None
    place = invitee_store.invitee(tx, meeting, person)
    own = person in (row.caller, notes.person)
    attendance = api.group(tx, row.group_id).settings.attendance
    whole = own or attendance == "members" or role in api.MODERATING
    corrects = person == row.caller or role in CORRECTING
    return Kept(row, notes, own or bool(place and place.present), whole, corrects)


def of_group(tx: ReadTx, group: int, person: PersonId, role: str) -> list[Kept]:
    """Every meeting of a group with notes, the latest first, for one of its members."""
    found = (kept(tx, number, person, role) for number in notes_store.noted(tx, group))
    return [one for one in found if one is not None]


def meant(tx: ReadTx, said: str, group: int, all_of_them: Sequence[Kept]) -> list[Kept]:
    """The notes that somebody asks for."""
    rows = {one.id for one in meant_rows(tx, said, group, [one.row for one in all_of_them])}
    return [one for one in all_of_them if one.row.id in rows]


def meant_rows(tx: ReadTx, said: str, group: int, rows: Sequence[MeetingRow]) -> list[MeetingRow]:
    """The meetings that somebody means: by a number, by the day of the meeting as people write it, by its title."""
    text = said.strip().rstrip(".?!")
    digits = text.removeprefix("#")
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
        number = notes_store.numbered(tx, group, int(digits))
        found = [one for one in rows if one.id == number]
        if found or len(digits) < len("261203"):
            return found
    on_the_day = [one for one in rows if _names_day(text, one)]
    return on_the_day or [one for one in rows if text.casefold() in one.told.title.casefold()]


def _names_day(text: str, row: MeetingRow) -> bool:
    """A day without a year is read from the meeting's own day on, so that it means the one in the past."""
    day = to_datetime(row.told.starts, ZoneInfo(row.told.zone)).date()
    return any(one.first <= day <= one.last for one in find_dates(plain(text), day))

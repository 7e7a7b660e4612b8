"""The caller's own entry, from which a meeting was called: what is changed by mail does not change it, and nothing that
we send can. The caller is told what to change there, with a proposal of the new time that programs can accept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from lists import api
from mailsvc.cases.model import Cause
from mailsvc.clock import SECOND, Instant
from mailsvc.ids import CaseId
from mailsvc.message import build
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.calendar import invitation
from workflows.meeting.calendar.event import PartStat, Party
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.mailing import as_calendar, told_values
from workflows.meeting.meetings import Meetings
from workflows.meeting.outside import outside_store
from workflows.meeting.store import MeetingRow, Told

if TYPE_CHECKING:
    from mailsvc.letters.compose import Composer, LetterSpec

LETTER: Final = "meeting/own-entry"
COUNTER: Final = "COUNTER"
REPLY: Final = "REPLY"
_UNITS: Final = (
    ("when", ("starts", "ends", "whole_day", "zone")),
    ("where", ("place", "how")),
    ("link", ("link",)),
    ("title", ("title",)),
    ("agenda", ("agenda",)),
)


def differing(one: Told, other: Told) -> tuple[str, ...]:
    """What two tellings of a meeting do not have in common: when, where, link, title, agenda."""
    return tuple(
        name
        for name, fields in _UNITS
        if any(getattr(one, field) != getattr(other, field) for field in fields if field not in ("how", "zone"))
    )


def merged(said: Told, now: Told, ours: Told) -> Told:
    """Our meeting after the caller's calendar, which said `said` before, says `now`.

    Only what the calendar has changed is changed: the rest may have been changed by mail since, and a new file in the
    calendar does not take that back.
    """
    changed = differing(said, now)
    fields = [field for name, fields in _UNITS if name in changed for field in fields]
    told = msgspec.structs.replace(ours, **{field: getattr(now, field) for field in fields})
    return msgspec.structs.replace(told, how=told.how or ours.how)


class OwnEntries:
    """Hears of every change, tells the caller of those that their calendar does not know, and writes that letter."""

    def __init__(self, registry: Registry) -> None:
        self._site = registry.site
        self._config = registry.site.config

    def register(self, registry: Registry, meetings: Meetings) -> None:
        """What it hears, and its letter."""
        registry.enclosers[LETTER] = self.enclose
        meetings.on_changed.append(self.changed)
        meetings.on_cancelled.append(self.cancelled)

    def changed(self, tx: Tx, before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_changed: what has changed now, where the caller's calendar says otherwise."""
        said = outside_store.said(tx, row.id)
        if said is None:
            return
        told = said if said.starts else store.revision(tx, row.id, 0)
        what = [one for one in differing(told, row.told) if one in differing(before.told, row.told)]
        if what:
            self._tell(tx, row, told, cause, method=COUNTER if "when" in what else "", what=what)

    def cancelled(self, tx: Tx, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_cancelled: not by the caller's calendar, where it still stands."""
        said = outside_store.said(tx, row.id)
        if said is not None:
            told = said if said.starts else store.revision(tx, row.id, 0)
            self._tell(tx, row, told, cause, method=REPLY, what=[])

    def _tell(self, tx: Tx, row: MeetingRow, said: Told, cause: Cause, *, method: str, what: list[str]) -> None:
        found = outside_store.of_meeting(tx, row.id)
        if found is None or not found[0].organizer:
            return
        known, original = found
        caller = people.by_id(tx, known.caller)
        theirs = [one for one in invitee_store.invitees(tx, row.id) if one.silent and one.person != known.caller]
        several = outside_store.series(tx, known.id) is not None or len(outside_store.all_times(tx, known.id)) > 1
        values: Values = {
            "group": api.group_values(api.group(tx, known.group), self._config),
            **told_values(row.told),
            "was": told_values(said)["at"],
            "method": method,
            "what": what,
            "people": len(theirs),
            "outside": known.id,
            "said": msgspec.to_builtins(said),
            "told": msgspec.to_builtins(row.told),
            "original": int(original) if several else 0,
            "sequence": outside_store.sequence(tx, known, int(original) if several else 0),
            "stamp": tx.now // SECOND * SECOND,
        }
        to = Recipient(known.organizer, caller.language, caller.id)
        outgoing.letter(
            tx,
            self._site,
            to,
            LETTER,
            values,
            cause=cause.inbox_id,
            case_id=CaseId(row.case_id),
            group_id=known.group,
            sender="bounces",
        )

    def enclose(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: a new time as the network's COUNTER, the end as its REPLY, else the letter alone."""
        values = spec.values
        method = str(values["method"])
        if not method or "outside" not in values:
            return composer.letter(spec)
        known = outside_store.outside(tx, int(str(values["outside"])))
        said, told = (msgspec.convert(values[name], Told) for name in ("said", "told"))
        headers, text, html = composer.pieces(spec)
        name = spec.group[1]
        headers = [(key, build.mailbox(name, known.invited) if key == "From" else value) for key, value in headers]
        original = Instant(int(str(values["original"]))) if values["original"] else None
        sequence, stamp = int(str(values["sequence"])), Instant(int(str(values["stamp"])))
        entry = replace(as_calendar(known.uid, sequence, said), recurrence_id=original)
        caller, network = Party(known.organizer, spec.to_name), Party(known.invited, name)
        comment = " ".join(text.partition("\n\n")[0].split())
        if method == REPLY:
            content = invitation.reply(entry, caller, network, PartStat.DECLINED, stamp, comment)
        else:
            proposed = replace(as_calendar(known.uid, sequence, told), recurrence_id=original)
            content = invitation.counter(entry, proposed, caller, network, stamp, comment)
        return invitation_mail(headers, text, html, content, method)

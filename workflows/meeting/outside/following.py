"""A caller's own calendar is followed: what it changes, moves, adds or calls off is done to our meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Cause, Withdrawn
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from workflows.meeting import invitee_store, store
from workflows.meeting.mailing import FEW, Mailing
from workflows.meeting.meetings import Meetings
from workflows.meeting.outside import outside_store
from workflows.meeting.outside.going import GoingOn
from workflows.meeting.outside.outside_store import Outside
from workflows.meeting.outside.own import merged
from workflows.meeting.outside.reading import Asked, Files, most
from workflows.meeting.outside.series import (
    Series,
    Wanted,
    coming,
    cut,
    named,
    onwards,
    originals,
    times_of,
    told_anew,
    told_apart,
)
from workflows.meeting.outside.tally import Tallies, said_of


class Following:
    """Does to our meetings what their caller's calendar says of its entry."""

    def __init__(
        self, registry: Registry, engine: Engine, meetings: Meetings, going: GoingOn, tallies: Tallies
    ) -> None:
        self._engine = engine
        self._config = registry.site.config
        self._meetings = meetings
        self._going = going
        self._mailing = Mailing(registry.site)
        self._tallies = tallies

    def read(self, tx: Tx, known: Outside, asked: Asked) -> None:
        """So that an older message that comes late does nothing."""
        if not asked.single:
            outside_store.follow(tx, known.id, asked.sequence, asked.stamp)
        apart = dict(asked.apart) | dict.fromkeys(asked.originals, asked.sequence)
        for original, sequence in apart.items():
            outside_store.set_mark(tx, known.id, original, sequence, asked.stamp)

    def there(self, tx: ReadTx, caller: Person, asked: Asked) -> tuple[PersonId, ...]:
        """Who has it in a calendar from the caller: the caller, and who is an attendee there."""
        found = {caller.id}
        for written in asked.attendees:
            address = parse_address(written)
            known = people.by_address(tx, address.folded) if address is not None else None
            if known is not None:
                found.add(known.id)
        return tuple(sorted(found))

    def called_off(self, tx: Tx, known: Outside, asked: Asked, cause: Cause) -> None:
        """All of it is off, or single times, or all from one on."""
        if not outside_store.has_times(tx, known.id):
            self.drop(tx, known, cause)
        series = outside_store.series(tx, known.id)
        last = min(asked.off, default=None) if asked.onwards else None
        if series is not None and last is not None:
            outside_store.set_series(tx, known.id, cut(series, last, tx.now))
        elif series is not None:
            left = told_apart(series, (), asked.off, tx.now) if asked.single else None
            outside_store.set_series(tx, known.id, left)
        for original, meeting in outside_store.coming_times(tx, known.id):
            later = last is not None and int(original) >= last
            if not asked.single or later or int(original) in asked.off:
                self.cancel(tx, meeting, known.caller, cause)
        self._going.go_on(tx, known, cause)
        self.read(tx, known, asked)

    def cancel(self, tx: Tx, meeting: int, caller: PersonId, cause: Cause) -> None:
        """One of our meetings is off, and the caller's calendar knows it."""
        outside_store.set_said(tx, meeting, None)
        self._engine.apply(tx, store.meeting(tx, meeting).case_id, Withdrawn(caller), cause)

    def drop(self, tx: Tx, known: Outside, cause: Cause) -> None:
        """Nothing was called yet, and now it is said anew or called off."""
        if known.case_id is not None:
            self._engine.apply(tx, known.case_id, Withdrawn(known.caller), cause)

    def follow(self, tx: Tx, known: Outside, asked: Asked, files: Files, cause: Cause) -> None:
        """Meetings that the calendar still names are changed, others called off, new ones called."""
        more = outside_store.unknown_files(tx, known.id, files.kept)
        if files.kept or not asked.single:
            outside_store.set_files(tx, known.id, files.kept)
        before = {
            meeting: store.meeting(tx, meeting).revision for _, meeting in outside_store.coming_times(tx, known.id)
        }
        if asked.single:
            self._follow_apart(tx, known, asked, cause)
        elif not asked.questions:
            self._follow_all(tx, known, asked, cause)
        self.read(tx, known, asked)
        now = outside_store.coming_times(tx, known.id)
        if more:
            named = [meeting for original, meeting in now if int(original) in asked.originals]
            self._send_files(tx, named or [meeting for _, meeting in now[:1]], before, cause)
        if now:
            told = said_of(tx, now[0][1])
            fresh = outside_store.outside(tx, known.id)
            left_out = files.left_out
            self._tallies.answer(tx, fresh, told, 0, cause, meetings=len(now), case_id=known.case_id, left_out=left_out)

    def _send_files(self, tx: Tx, meetings: Sequence[int], before: Mapping[int, int], cause: Cause) -> None:
        """New files go out at once: with the meeting that they came for, of a series with the next one.

        Whoever has got an invitation because more than the files is new has them already.
        """
        for meeting in meetings:
            row = store.meeting(tx, meeting)
            if before.get(meeting) != row.revision:
                continue
            invited = invitee_store.invitees(tx, meeting)
            who = people.by_id(tx, row.caller).shown if row.caller is not None else ""
            for one in invited:
                if not one.silent:
                    self._mailing.again(tx, row, one, cause, who=who, changed=("files",), many=len(invited) > FEW)

    def _follow_apart(self, tx: Tx, known: Outside, asked: Asked, cause: Cause) -> None:
        """Single times of a series: those that are called are changed, of the others it is kept in mind."""
        there = dict(outside_store.coming_times(tx, known.id))
        series = outside_store.series(tx, known.id)
        if series is not None and asked.onwards and asked.wanted:
            series = onwards(series, asked.wanted[0], tx.now)
            outside_store.set_series(tx, known.id, series)
            for original, one in times_of(series, [int(at) for at in there]).items():
                self._change(tx, there.pop(Instant(original)), one, known, cause)
        elif series is not None:
            outside_store.set_series(tx, known.id, told_apart(series, asked.wanted, asked.off, tx.now))
        caller = people.by_id(tx, known.caller)
        for one in asked.wanted:
            meeting = there.get(Instant(one.original))
            if meeting is not None:
                self._change(tx, meeting, one, known, cause)
            elif series is None and one.told.starts > tx.now:
                # Invited to a second one of a series, and not to all of it.
                self._going.open(tx, known, one, cause, self.there(tx, caller, asked), int(known.case_id or 0) or None)
        self._going.go_on(tx, known, cause)

    def _follow_all(self, tx: Tx, known: Outside, asked: Asked, cause: Cause) -> None:
        """Everything is told anew: an event, or a series with all its times."""
        found = outside_store.coming_times(tx, known.id)
        begun = [meeting for _, meeting in found if store.meeting(tx, meeting).told.starts <= tx.now]
        there = {int(original): meeting for original, meeting in found if meeting not in begun}
        caller = people.by_id(tx, known.caller)
        silent = self.there(tx, caller, asked)
        wanted = {one.original: one for one in asked.wanted}
        series, before = asked.series, outside_store.series(tx, known.id)
        if series is not None:
            series = msgspec.structs.replace(series, there=silent)
            if before is None:
                series, there = self._with_apart(tx, known, series, there)
            else:
                series = told_anew(before, series, tx.now)
            near = coming(series, tx.now, max(len(there), most(series, self._config.meetings.ahead)))
            wanted = {one.original: one for one in near}
        outside_store.set_series(tx, known.id, series)
        both = there.keys() & wanted.keys()
        for original in sorted(both):
            self._change(tx, there.pop(original), wanted.pop(original), known, cause)
        if not both:
            # A series that moved as a whole has other names for all its times: they follow each other in order.
            order = sorted(wanted.values(), key=_begins)
            for original, new in zip(sorted(there), order, strict=False):
                meeting = there.pop(original)
                del wanted[new.original]
                outside_store.set_original(tx, meeting, new.original)
                self._change(tx, meeting, new, known, cause)
        for meeting in there.values():
            self.cancel(tx, meeting, known.caller, cause)
        if series is None:
            for one in sorted((one for one in wanted.values() if not self._stays_off(tx, known, one)), key=_begins):
                self._going.open(tx, known, one, cause, silent, int(known.case_id or 0) or None)
        self._going.go_on(tx, known, cause)

    def _stays_off(self, tx: ReadTx, known: Outside, one: Wanted) -> bool:
        """Whether this time was called off by mail, and the caller's calendar, where it still stands, says no other."""
        for meeting in outside_store.all_times(tx, known.id):
            if store.meeting(tx, meeting).state != "cancelled" or outside_store.said(tx, meeting) is None:
                continue
            said = said_of(tx, meeting)
            if (said.starts, said.ends) == (one.told.starts, one.told.ends):
                return True
        return False

    def _with_apart(
        self, tx: Tx, known: Outside, series: Series, there: Mapping[int, int]
    ) -> tuple[Series, dict[int, int]]:
        """With the times that were told apart before anything was told of the whole, under the names they have in it.

        Programs that invite somebody later to a series send it in several mails at once, in any order.
        """
        names, odd, renamed = originals(series), list(series.odd), dict(there)
        for original, meeting in there.items():
            if outside_store.mark(tx, known.id, (original,)) is None:
                continue
            name = named(original, names, self._meetings.house().zone)
            if name not in {one.original for one in series.odd}:
                odd.append(Wanted(name, said_of(tx, meeting)))
            del renamed[original]
            renamed[name] = meeting
            outside_store.set_original(tx, meeting, name)
        return msgspec.structs.replace(series, odd=tuple(odd)), renamed

    def _change(self, tx: Tx, meeting: int, wanted: Wanted, known: Outside, cause: Cause) -> None:
        """What the calendar has changed; what was changed by mail, and it does not know of, stays."""
        row = store.meeting(tx, meeting)
        told = merged(said_of(tx, meeting), wanted.told, row.told)
        outside_store.set_said(tx, meeting, wanted.told)
        if told == row.told:
            return
        text = msgspec.json.encode(told).decode()
        self._engine.apply(tx, row.case_id, Answered("calendar", "changed", known.caller, text=text), cause)


def _begins(wanted: Wanted) -> int:
    return wanted.told.starts

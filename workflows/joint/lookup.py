"""What the database says when something happens to a joint matter: seats, parties, writers, who is named."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from lists import api
from mailsvc.cases.actions import said_day
from mailsvc.cases.ballots import electorate
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Event
from mailsvc.clock import to_datetime, to_instant
from mailsvc.ids import GroupId, PersonId
from mailsvc.message.said_dates import find_dates, plain
from mailsvc.people import presence_store
from mailsvc.people.naming import Named, One, cleaned_name, match_person
from mailsvc.store.database import ReadTx
from workflows.joint.counting import Party
from workflows.joint.labels import labelled
from workflows.joint.model import JointMatter, Known

# Who writes the minutes: the first of these roles in which somebody is there.
WRITING: Final = (("secretary",), ("moderator", "deputy"), ("chair",), ("spokesperson",))
EVERYONE: Final = "everyone"
_MOST_DROPPED: Final = 3


class Lookup:
    """The facts of the kind."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._zone = engine.site.config.site.timezone

    def known(self, tx: ReadTx, data: JointMatter, _event: Event | None = None) -> Known:
        """Who speaks for whom now; a body without parties is one itself."""
        group = api.group(tx, data.body)
        seats = electorate(tx, self._engine, data.body).seats
        sides = api.parties(tx, group) if any(one.party for one in seats) else []
        above = api.next_level(tx, group)
        return Known(
            seats,
            tuple(Party(one.name, one.title) for one in sides) or (Party("", group.title),),
            self._writers(tx, group.id),
            tuple(int(one.id) for one in api.open_groups(tx, EVERYONE)),
            int(above.id) if above is not None and self._seated(tx, above.id) else 0,
            above.title if above is not None else "",
            later=self._engine.working_days(tx, self._engine.site.config.actions.without_date_working_days),
        )

    def _seated(self, tx: ReadTx, group: int) -> bool:
        return any(seat.votes for seat in self._engine.body(tx, group).seats)

    def named(self, tx: ReadTx, data: JointMatter, event: Answered) -> Known:
        """Besides: whom an answer names as responsible, and by when; `problem` says what cannot be read."""
        known = self.known(tx, data)
        person, due = self.person_and_day(tx, data.body, event.text)
        problem = "" if person is not None else "nobody"
        return msgspec.structs.replace(known, person=person, due=due, problem=problem)

    def person_and_day(self, tx: ReadTx, group: int, text: str) -> tuple[PersonId | None, int]:
        """`Karin Holm, 1 February`, or the same behind labels: who is meant in the group, and the day (0: none)."""
        found, rest = labelled(text)
        first = next((line for line in rest.splitlines() if line.strip()), "")
        day = said_day(found.get("due") or text, tx.now, self._zone)
        due = to_instant(datetime.combine(day, time(12), UTC)) if day is not None else 0
        return self._person(tx, group, found.get("responsible") or first), due

    def _person(self, tx: ReadTx, group: int, text: str) -> PersonId | None:
        """Whoever stands before the date, or behind it; words at the end that are no name do no harm."""
        colleagues = self._engine.colleagues(tx, group, but=PersonId(0))
        today = to_datetime(tx.now, ZoneInfo(self._zone)).date()
        dates = find_dates(plain(text), today)
        parts = [text[: dates[0].start], text[dates[-1].end :]] if dates else [text]
        for part in parts:
            found = _match(part, colleagues)
            if found is not None:
                return found
        return None

    def _writers(self, tx: ReadTx, group: GroupId) -> tuple[PersonId, ...]:
        for roles in WRITING:
            here = presence_store.present(tx, api.with_roles(tx, group, roles))
            if here:
                return tuple(dict.fromkeys(here))
        return ()


def _match(text: str, people: list[Named[PersonId]]) -> PersonId | None:
    words = cleaned_name(text).split()
    for dropped in range(min(_MOST_DROPPED, len(words))):
        found = match_person(" ".join(words[: len(words) - dropped]), people)
        if isinstance(found, One):
            return found.person.key
    return None

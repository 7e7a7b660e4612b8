"""The weekly list of ideas and how they stand, to all staff (groups of the kind `everyone`); each a case of its own.

The case and the letter hold numbers alone: what the ideas say is read when the letter is written, so nothing of an idea
that was erased stays behind in a list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from lists import api
from lists.api import Announce
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import CaseKind, Cause, Close, Context, Event, Examples, Step
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import DAY, Instant, to_datetime, to_instant
from mailsvc.config import LIST_DAYS
from mailsvc.ids import CaseId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values
from workflows.idea import store
from workflows.idea.case import KIND as IDEA
from workflows.idea.case import Idea

KIND: Final = "idea-list"
LETTER: Final = "idea/week"
EVERYONE: Final = "everyone"
WEEKEND: Final = ("sat", "sun")
MORNING: Final = 7
LONGEST_SAID: Final = 300


class IdeaList(msgspec.Struct, frozen=True):
    """The ideas of one list by number, since when, and the groups that get it."""

    ideas: tuple[int, ...]
    since: int
    groups: tuple[int, ...]


def opened(data: IdeaList, _event: Event, _ctx: Context) -> Step:
    """It goes out, and that is all."""
    values: Values = {"ideas": list(data.ideas), "since": data.since}
    return Step("sent", data, (*(Announce(group, LETTER, values) for group in data.groups), Close()))


IDEA_LIST: Final = CaseKind(
    name=KIND,
    data=IdeaList,
    states=("new", "sent"),
    start="new",
    final=frozenset({"sent"}),
    transitions={("new", "opened"): opened},
    questions={},
    effects=(Announce,),
    letters=(LETTER,),
    examples=Examples(data={"ideas": [(142,)], "groups": [(1,)]}),
)


class Weekly:
    """Opens the case of a week, and fills its letter."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config
        self._zone = ZoneInfo(self._config.site.timezone)

    def look(self, tx: Tx) -> None:
        """On the week's day, or the next working day in the week: a list, where anything has come or moved."""
        here = to_datetime(tx.now, self._zone)
        day = self._config.ideas.list_day
        free = not is_working_day(here.date(), self._config.closed_periods, self._config.site.country)
        if (
            day == "off"
            or here.weekday() < LIST_DAYS.index(day)
            or here.hour < MORNING
            or (free and day not in WEEKEND)
        ):
            return
        monday = here.date() - timedelta(days=here.weekday())
        before = store.last(tx)
        if not store.take(tx, to_instant(datetime.combine(monday, time(), self._zone))):
            return
        since = before if before is not None else Instant(tx.now - 7 * DAY)
        groups = tuple(int(one.id) for one in api.open_groups(tx, EVERYONE))
        if groups and store.moved(tx, IDEA, since):
            data = IdeaList(tuple(store.listed(tx, IDEA, since)), since, groups)
            self._engine.open(tx, KIND, data, Cause(f"ideas:{monday}"))

    def write(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See Registry.enclosers: the ideas as they stand when it is written, in the order of their numbers."""
        numbers = msgspec.convert(spec.values["ideas"], list[int])
        since = int(str(spec.values["since"]))
        answered, working, waiting = list[Values](), list[Values](), list[Values]()
        for number in sorted(numbers):
            case = cases.load(tx, self._engine.registry.kinds, CaseId(number))
            if case is None or not isinstance(case.data, Idea) or not case.data.title:
                continue
            shown: Values = {
                "number": number,
                "idea": case.data.title,
                "state": case.state,
                "said": case.data.said[:LONGEST_SAID],
                "new": case.opened_at >= since,
            }
            place = {"waiting": waiting, "working": working, "following": working}.get(case.state, answered)
            place.append(shown)
        desk = f"ideas@{self._config.site.domain}"
        values = {"since": since, "answered": answered, "working": working, "waiting": waiting, "desk": desk}
        return composer.letter(replace(spec, values={**spec.values, **values}))

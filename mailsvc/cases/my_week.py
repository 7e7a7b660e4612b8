"""My week: one letter per person and Monday over all groups, for those who have asked for it by `my week on`.

What waits for them is numbered and answered by number, as in a digest; what takes a text or a form is named, with the
subject of the letter that asks it. Packages add meetings, tasks and turns
(`Registry.week`). Nothing of all that, no letter. It replaces single reminders: of what it told them no reminder comes
in its week (`choice_store.week_told`); what is new or was changed since, and an action on its day, come as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from mailsvc import config_times
from mailsvc.cases import agenda, ask_store, question_store, schedule
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.model import Case, Cause, Question, QuestionKind
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import choice_store
from mailsvc.people import store as people
from mailsvc.store import outgoing
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

if TYPE_CHECKING:
    from mailsvc.registry import CommandLine

LETTER: Final = "case/my-week"
TOPIC: Final = "my-week"
COMMAND: Final = "my week"
MOST: Final = 50
TEXT: Final = "text"
RECEIPT: Final = "receipt"
LATE: Final = 2 * DAY
"""A letter that could not be sent by then (the service was off) waits for the next week."""
_ON: Final = frozenset(["on", "yes", "ja", "på", "pa", "til", "ja", "takk", "start"])
_OFF: Final = frozenset(["off", "no", "nej", "nei", "av", "fra", "stop", "stopp", "slut"])


@dataclass(frozen=True, slots=True)
class MyWeek:
    """Sends the letters of a Monday when its time has come, one person in each transaction."""

    db: Database
    engine: Engine

    def __post_init__(self) -> None:
        """ConfigError when its time, or that of a digest, is none."""
        config_times.check(self.engine.site.config)

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        due, following = await self.db.read(self.slots)
        if due is not None:
            for person in await self.db.read(lambda tx: choice_store.who_wait(tx, due)):
                await self.db.write(lambda tx, person=person: send(tx, self.engine, person, due), durable=True)  # type: ignore[misc]
        return following

    def slots(self, tx: ReadTx) -> tuple[Instant | None, Instant | None]:
        """The moment whose letters are to be sent now, and the next one; None for none."""
        config = self.engine.site.config
        read = schedule.parse(config.letters.my_week)
        if isinstance(read, str):  # the configuration is checked when it is read
            return None, None
        zone = ZoneInfo(config.site.timezone)

        def free(day: date) -> bool:
            return agenda.is_free(config, day)

        last, at = None, schedule.next_slot(read, Instant(tx.now - LATE), zone, free)
        while at is not None and at <= tx.now:
            last, at = at, schedule.next_slot(read, at, zone, free)
        return last, at


def send(tx: Tx, engine: Engine, person: PersonId, due: Instant) -> bool:
    """Somebody's letter of the moment `due`; False when nothing waits for them, or they have had it."""
    before = choice_store.week_sent(tx, person)
    if before is not None and before >= due:
        return False
    questions, items = _waiting(tx, engine, person)
    longer = _longer(tx, engine, person)
    until = Instant(tx.now + 7 * DAY)
    found: list[Values] = []
    for look in engine.registry.week:
        found += look(tx, person, tx.now, until)
    keys = [*(f"question:{one}" for one in questions), *(str(one["key"]) for one in found if "key" in one)]
    choice_store.set_week_sent(tx, person, due, dict.fromkeys(keys))
    asked = {one["case"] for one in items}
    if not items and not longer and not found:
        return False
    values: Values = {
        "items": items,
        "longer": longer,
        "meetings": [one for one in found if one["what"] == "meeting"],
        "actions": [one for one in found if one["what"] == "action" and one["case"] not in asked],
        "turns": [one for one in found if one["what"] == "turn"],
        "calendar": choice_store.calendar_address(tx, engine.site, person),
    }
    cause = Cause(f"my-week:{due}:{person}")
    if questions:
        values = {**values, "vocabulary": items[0]["vocabulary"]}
        case = question_store.question(tx, questions[0]).case_id if len(questions) == 1 else None
        engine.ask_again(tx, person, questions, LETTER, values, cause, case)
    else:
        known = people.by_id(tx, person)
        to = Recipient(known.address, known.language, person)
        outgoing.letter(tx, engine.site, to, LETTER, values, sender="bounces")
    return True


def _waiting(tx: Tx, engine: Engine, person: PersonId) -> tuple[list[QuestionId], list[Values]]:
    """What a word by number can answer."""
    numbers: list[QuestionId] = []
    items: list[Values] = []
    for one, case, kind in _open(tx, engine, person):
        if kind.vocabulary != TEXT and len(items) < MOST:
            numbers.append(one.id)
            items.append({**_item(tx, engine, one, case), "vocabulary": kind.vocabulary})
    return numbers, items


def _longer(tx: Tx, engine: Engine, person: PersonId) -> list[Values]:
    """What is answered in its own letter: a form, a text, the dates of a poll. Reminders of these come as ever."""
    found: list[Values] = []
    for one, case, kind in _open(tx, engine, person):
        letter = ask_store.letter_of_question(tx, one.id)
        if kind.vocabulary == TEXT and letter is not None and len(found) < MOST:
            asked = outgoing.load(tx, letter)
            found.append({**_item(tx, engine, one, case), "letter": asked.template, "values": asked.values})
    return found


def _open(tx: Tx, engine: Engine, person: PersonId) -> Iterator[tuple[Question, Case, QuestionKind]]:
    """The questions for whose answer somebody waits; the last one of those that a case asks in the same words."""
    last: dict[tuple[int, str, PersonId | None], Question] = {}
    for one in question_store.open_questions(tx, person, None):
        last[one.case_id, one.kind, one.behalf] = one
    for one in last.values():
        case = engine.case(tx, one.case_id)
        kind = engine.registry.kinds[case.kind].questions.get(one.kind)
        if one.kind != UNDO and kind is not None and kind.vocabulary != RECEIPT and kind.waits(case.state, case.data):
            yield one, case, kind


def _item(tx: Tx, engine: Engine, one: Question, case: Case) -> Values:
    said = engine.question_values(tx, case, one.kind)
    group, until = said.get("group"), said.get("until")
    return {
        "title": engine.title(case),
        "case": int(case.id),
        "where": str(group.get("title", "")) if isinstance(group, Mapping) else "",
        "behalf": engine.name(tx, one.behalf) if one.behalf is not None else "",
        "until": until if isinstance(until, int) and until > tx.now else None,
    }


def command(tx: Tx, line: CommandLine) -> Values:
    """`my week on`, `my week off` at any `N-request@`; without either word it is told how it stands."""
    words = line.argument.casefold().replace(".", " ").split()
    if words and words[0] in _ON:
        choice_store.set_my_week(tx, line.person, wanted=True)
        tx.wake(TOPIC)
    elif words and words[0] in _OFF:
        choice_store.set_my_week(tx, line.person, wanted=False)
    elif words:
        return {"did": "my-week", "template": "case/_my_week", "wanted": None}
    return {"did": "my-week", "template": "case/_my_week", "wanted": bool(choice_store.my_week(tx, line.person))}

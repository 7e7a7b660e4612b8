"""The kind of case "action": one person does one thing by a day; asked at its day, chased by those who decided it."""

from __future__ import annotations

from typing import Final

import msgspec

from lists.api import with_roles
from mailsvc.cases.actions import Moments, moments, said_day
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Fired,
    Opened,
    PutToBody,
    QuestionKind,
    Reopen,
    SetTimer,
    Settle,
    Step,
    Tell,
    Withdrawn,
)
from mailsvc.clock import Instant
from mailsvc.ids import GroupId, PersonId
from mailsvc.people import store as people
from mailsvc.people.naming import Named, One, Several, cleaned_name, match_person
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "action"
ACTION: Final = "action"  # the question to whoever is responsible
CHASE: Final = "chase"  # the question to those who decided it
CHASING: Final = ("moderator", "deputy", "chair", "secretary", "facilitator")
LETTERS: Final = (
    "action/given",
    "action/due",
    "action/moved",
    "action/chase",
    "action/result",
    "action/ended",
    "action/nobody",
)


class Action(msgspec.Struct, frozen=True):
    """`moments` say when. `why` is what it waits for while it is chased: overdue, unable or not-me, with `reason`.

    `body`: the group that decided has it in its digest; else its moderators are asked, or `giver` where there are none.
    """

    text: str
    person: PersonId
    name: str
    moments: Moments
    group_id: int | None
    group: Values
    body: bool
    overdue_days: int
    again_days: int
    giver: PersonId | None = None
    giver_name: str = ""
    giver_address: str = ""
    giver_language: str = ""
    about: str = ""
    why: str = ""
    reason: str = ""
    chased: bool = False  # it stood on the body's agenda before

    @property
    def waiting(self) -> PersonId | None:
        """Who waits for it: whoever gave it, unless to themselves."""
        return self.giver if self.giver != self.person else None


class Found(msgspec.Struct, frozen=True):
    """Whom an answer names: `match` is one, several or nobody."""

    match: str
    person: PersonId = PersonId(0)


def values(data: Action) -> Values:
    """What every letter of an action says."""
    return {
        "text": data.text,
        "name": data.name,
        "due": data.moments.due,
        "giver": data.giver_name if data.waiting is not None else "",
        "group": data.group,
        "about": data.about,
        "why": data.why or "due",
        "reason": data.reason,
        "by": "",
    }


def waits(data: Action) -> Recipient | None:
    """Who gave it, where that is somebody else."""
    if data.waiting is None or not data.giver_address:
        return None
    return Recipient(data.giver_address, data.giver_language, data.waiting)


# ---- what is looked up


class Lookups:
    """The facts that the transitions rest on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    def new_day(self, tx: ReadTx, _data: Action, event: Answered) -> Moments:
        """The day that an answer names, as moments of this site."""
        day = said_day(f"{event.argument} {event.text}", tx.now, self._config.site.timezone)
        return moments(day, tx.now, self._config)

    def chasers(self, tx: ReadTx, data: Action, _event: Event) -> list[PersonId]:
        """Who is asked about it beside the responsible person: those who lead the group, else who gave it."""
        leading = with_roles(tx, GroupId(data.group_id), CHASING) if data.group_id is not None else []
        found = [person for person in leading if person != data.person]
        return found or ([data.waiting] if data.waiting is not None else [])

    def named(self, tx: ReadTx, data: Action, event: Answered) -> Found:
        """Whom `give to Karin` means: somebody of the group, or whoever has that address."""
        name = cleaned_name(event.argument)
        known = self._engine.colleagues(tx, data.group_id, but=PersonId(0))
        if data.waiting is not None:
            giver = people.by_id(tx, data.waiting)
            known.append(Named(giver.id, giver.shown, (giver.address,)))
        match match_person(name, known):
            case One(person=one):
                return Found("one", one.key)
            case Several():
                return Found("several")
        somebody = people.by_address(tx, name.casefold()) if "@" in name else None
        return Found("one", somebody.id) if somebody is not None else Found("nobody")

    def table(self) -> dict[str, object]:
        """By trigger."""
        return {
            f"{ACTION}:later": self.new_day,
            f"{CHASE}:later": self.new_day,
            f"{CHASE}:give-to": self.named,
            f"{ACTION}:unable": self.chasers,
            f"{ACTION}:not-me": self.chasers,
            "timer:overdue": self.chasers,
            "timer:again": self.chasers,
        }


# ---- transitions


def _timers(found: Moments) -> tuple[object, ...]:
    remind = SetTimer("remind", Instant(found.remind)) if found.remind else CancelTimer("remind")
    return (remind, SetTimer("ask", Instant(found.ask)), CancelTimer("overdue"), CancelTimer("again"))


def _ask(data: Action, letter: str, why: str, **more: object) -> Ask:
    return Ask(ACTION, data.person, letter, {**values(data), "why": why, **more})


def opened(data: Action, _event: Opened, _ctx: Context) -> Step:
    """Whoever is responsible learns of it at once, in a letter that can be answered when it is done."""
    return Step("open", data, (_ask(data, "action/given", "new"), *_timers(data.moments)))


def remind(data: Action, _event: Fired, _ctx: Context) -> Step:
    """Some days before."""
    return Step("open", data, (_ask(data, "action/due", "remind", reminder=True),))


def ask(data: Action, _event: Fired, ctx: Context) -> Step:
    """Its day has come."""
    overdue = SetTimer("overdue", ctx.in_working_days(data.overdue_days))
    return Step("open", data, (_ask(data, "action/due", "due"), overdue))


def _moved(data: Action, event: Answered, _ctx: Context, by: str) -> Step:
    found = msgspec.json.decode(event.facts, type=Moments)
    data = msgspec.structs.replace(data, moments=found, why="", reason="")
    letter = _ask(data, "action/moved", "moved", by=by, reason=event.text)
    return Step("open", data, (Settle(CHASE), letter, *_timers(found)))


def later(data: Action, event: Answered, ctx: Context) -> Step:
    """A new day, said by whoever is responsible."""
    return _moved(data, event, ctx, "")


def put_off(data: Action, event: Answered, ctx: Context) -> Step:
    """A new day, said by those who chase it."""
    return _moved(data, event, ctx, ctx.actor_name)


def _result(data: Action, outcome: str, by: str, reason: str) -> tuple[Tell, ...]:
    """The end of it, told to who waits."""
    waiting = waits(data)
    if waiting is None:
        return ()
    return (Tell(waiting, "action/result", {**values(data), "outcome": outcome, "by": by, "reason": reason}),)


def _ended(data: Action, outcome: str, by: str, reason: str) -> Tell:
    """The end of it, told to whoever was responsible."""
    return Tell(data.person, "action/ended", {**values(data), "outcome": outcome, "by": by, "reason": reason})


def done(data: Action, event: Answered, ctx: Context) -> Step:
    """By whoever was responsible."""
    return Step("done", data, (*_result(data, "done", ctx.actor_name, event.text), Close()))


def done_otherwise(data: Action, event: Answered, ctx: Context) -> Step:
    """Those who chase it know that it is done."""
    by = ctx.actor_name
    told = () if data.waiting == event.person else _result(data, "done", by, event.text)
    return Step("done", data, (_ended(data, "done", by, event.text), *told, Close()))


def dropped(data: Action, event: Answered, ctx: Context) -> Step:
    """Those who chase it let it go."""
    by = ctx.actor_name
    told = () if data.waiting == event.person else _result(data, "dropped", by, event.text)
    return Step("dropped", data, (_ended(data, "dropped", by, event.text), *told, Close()))


def given_up(data: Action, event: Answered, ctx: Context) -> Step:
    """Whoever is responsible cannot, or will not: those who decided it say what becomes of it."""
    data = msgspec.structs.replace(data, why=event.meaning, reason=event.text)
    chasers = msgspec.json.decode(event.facts, type=list[PersonId])
    if not chasers and not data.body:
        return Step("dropped", data, (Close(),))  # they gave it to themselves, and nobody else is in it
    return _chased(data, ctx, chasers)


def overdue(data: Action, event: Fired, ctx: Context) -> Step:
    """Nobody has answered: those who decided it are asked, too."""
    data = msgspec.structs.replace(data, why="overdue", reason="")
    return _chased(data, ctx, msgspec.json.decode(event.facts, type=list[PersonId]))


def _chased(data: Action, ctx: Context, chasers: list[PersonId]) -> Step:
    again = SetTimer("again", ctx.in_working_days(data.again_days))
    quiet = (CancelTimer("remind"), CancelTimer("ask"), CancelTimer("overdue"))
    if data.body and data.group_id is not None:
        before = (Reopen(CHASE),) if data.chased else ()  # who answered the last time is asked anew
        put = PutToBody(CHASE, data.group_id, overdue_at=ctx.now)
        return Step("chased", msgspec.structs.replace(data, chased=True), (*before, put, again, *quiet))
    return Step("chased", data, (*_chase(data, chasers), again, *quiet))


def _chase(data: Action, chasers: list[PersonId]) -> tuple[Ask, ...]:
    return tuple(Ask(CHASE, person, "action/chase", values(data)) for person in chasers)


def again(data: Action, event: Fired, ctx: Context) -> Step:
    """Still not done: everybody concerned is asked once more, until somebody says what becomes of it."""
    chasers = msgspec.json.decode(event.facts, type=list[PersonId])
    letters: list[object] = [] if data.body else [*_chase(data, chasers)]
    if data.why == "overdue":
        letters.append(_ask(data, "action/due", "again"))
    return Step("chased", data, (*letters, SetTimer("again", ctx.in_working_days(data.again_days))))


def give_on(data: Action, event: Answered, ctx: Context) -> Step:
    """`give to Karin`: she is responsible from now on, with some days at least; whoever was is told."""
    found = msgspec.json.decode(event.facts, type=Found)
    if found.match != "one":
        said = {**values(data), "typed": event.argument, "match": found.match}
        return Step("chased", data, (Ask(CHASE, event.person, "action/nobody", said),))
    before = data
    name = cleaned_name(event.argument)
    day = max(data.moments.ask, ctx.in_working_days(data.again_days))
    moved = Moments(day, 0, day)
    data = msgspec.structs.replace(data, person=found.person, name=name, moments=moved, why="", reason="")
    given = _ask(data, "action/given", "handed", by=ctx.actor_name)
    told = () if found.person == before.person else (_ended(before, "given", name, event.text),)
    return Step("open", data, (Settle(CHASE), Settle(ACTION), *told, given, *_timers(moved)))


def withdrawn(data: Action, _event: Withdrawn, ctx: Context) -> Step:
    """Taken back by whoever gave it, or an operator."""
    return Step("withdrawn", data, (_ended(data, "withdrawn", ctx.actor_name, ""), Close()))


MADE_UP: Final = Moments(1_800_000_000_000_000, 1_799_000_000_000_000, 1_800_000_000_000_000)
_DAY: Final = [{"facts": msgspec.json.encode(MADE_UP).decode()}]
_CHASERS: Final = [{"facts": "[7]"}, {"facts": "[]"}]


def action_kind(engine: Engine) -> CaseKind:
    """The kind, with what it looks up."""
    return CaseKind(
        name=KIND,
        data=Action,
        states=("new", "open", "chased", "done", "dropped", "withdrawn"),
        start="new",
        final=frozenset({"done", "dropped", "withdrawn"}),
        transitions={
            ("new", "opened"): opened,
            ("open", "timer:remind"): remind,
            ("open", "timer:ask"): ask,
            ("open", "timer:overdue"): overdue,
            ("open", f"{ACTION}:done"): done,
            ("open", f"{ACTION}:later"): later,
            ("open", f"{ACTION}:unable"): given_up,
            ("open", f"{ACTION}:not-me"): given_up,
            ("open", "withdraw"): withdrawn,
            ("chased", "timer:again"): again,
            ("chased", f"{ACTION}:done"): done,
            ("chased", f"{ACTION}:later"): later,
            ("chased", f"{ACTION}:unable"): given_up,
            ("chased", f"{ACTION}:not-me"): given_up,
            ("chased", f"{CHASE}:done"): done_otherwise,
            ("chased", f"{CHASE}:later"): put_off,
            ("chased", f"{CHASE}:give-to"): give_on,
            ("chased", f"{CHASE}:unable"): dropped,
            ("chased", "withdraw"): withdrawn,
        },
        questions={
            ACTION: QuestionKind("action", letter="action/due", values=values, own_letter=frozenset({"later"})),
            CHASE: QuestionKind(
                "overdue-action",
                letter="action/chase",
                values=values,
                item="action/_item",
                own_letter=frozenset({"give-to"}),
            ),
        },
        letters=LETTERS,
        waits=waits,
        title=lambda data: data.text,
        facts=Lookups(engine).table(),  # type: ignore[arg-type]
        examples=Examples(
            data={"moments": [MADE_UP, msgspec.structs.replace(MADE_UP, remind=0)], "why": [""]},
            events={
                f"{ACTION}:later": _DAY,
                f"{CHASE}:later": _DAY,
                f"{CHASE}:give-to": [{"facts": '{"match":"one","person":9}'}, {"facts": '{"match":"several"}'}],
                f"{ACTION}:unable": _CHASERS,
                f"{ACTION}:not-me": _CHASERS,
                "timer:overdue": _CHASERS,
                "timer:again": _CHASERS,
            },
        ),
    )

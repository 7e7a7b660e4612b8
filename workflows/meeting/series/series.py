"""The kind of case "meeting-series": several meetings called as one; kept ahead, changed one by one or all together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.model import (
    Answered,
    Ask,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Facts,
    Fired,
    QuestionKind,
    SetTimer,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import Instant, to_datetime
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.plan import House, Plan, Time, time_values
from workflows.meeting.series.serial import Coming, Deed, next_times, read_wish
from workflows.meeting.spoken import content

KIND: Final = "meeting-series"
LETTER: Final = "meeting/series"


class Serial(msgspec.Struct, frozen=True):
    """A series. `plan` is what was called; of its times only the first is kept, which the others are worked out from.

    `last` is the last day called so far ("2026-12-03"), `made` how many meetings there have been, `ahead` how many of
    a series until further notice are called ahead. `ident` is a word of its own, by which its case is found.
    """

    group_id: int
    group: Values
    caller: PersonId
    language: str
    plan: Plan
    house: House
    people: int = 0
    ahead: int = 4
    made: int = 0
    last: str = ""
    ident: str = ""


class Looked(msgspec.Struct, frozen=True):
    """What an event meets: the meetings of the series that are still to come."""

    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Call these as meetings of the series; `titles` are theirs where meetings take turns."""

    times: tuple[Time, ...]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeOne:
    """What the caller wrote about the series happens to the case of one meeting (see `serial.Deed`)."""

    deed: Deed


# ---- letters


def _shown(times: tuple[Time, ...], titles: tuple[str, ...]) -> list[Values]:
    return [
        {"at": time_values(at), "title": titles[number] if number < len(titles) else ""}
        for number, at in enumerate(times)
    ]


def printed(data: Serial) -> dict[str, str]:
    """What the letter prints behind its labels."""
    plan = data.plan
    found = {
        "where": "\n".join(filter(None, (plan.place, plan.link))),
        "title": plan.title,
        "agenda": plan.agenda,
        "room_for": str(plan.capacity) if plan.capacity else "",
    }
    return {key: value for key, value in found.items() if value}


def values(data: Serial, what: str = "state", **more: object) -> Values:
    """The letter about a series: its meetings, what was left out, and how to change it.

    `what`: called, went-on (new meetings), changed, question, state.
    """
    return {
        "group": data.group,
        "form": True,
        "about": data.plan.title,
        "what": what,
        "meetings": [],
        "skipped": [],
        "more": data.plan.more,
        "people": data.people,
        "ahead": data.ahead,
        "place": data.plan.place,
        "link": data.plan.link,
        "questions": [],
        "example": {},
        "fields": plans.fields(printed(data), ("when", "where", "title", "agenda", "room_for")),
        **more,
    }


def _ask(data: Serial, letter: Values) -> Ask:
    return Ask("series", data.caller, LETTER, letter)


# ---- the table


def opened(data: Serial, _event: Event, _ctx: Context) -> Step:
    """The first meetings: all of them, or as many as are called ahead."""
    plan = data.plan
    times = plan.times[: data.ahead] if plan.more else plan.times
    titles = plan.titles[: len(times)]
    last = _day(times[-1].starts, data.house)
    skipped = [at for at in plan.skipped if at < times[-1].starts]
    data = msgspec.structs.replace(
        data,
        made=len(times),
        last=last.date().isoformat(),
        plan=msgspec.structs.replace(plan, times=plan.times[:1], titles=(), skipped=()),
    )
    letter = values(data, "called", meetings=_shown(times, titles), skipped=skipped)
    end = times[0].ends if plan.more else times[-1].ends
    return Step("running", data, (CallTimes(times, titles), _ask(data, letter), SetTimer("next", Instant(end))))


def _day(at: int, house: House) -> datetime:
    return to_datetime(at, ZoneInfo(house.zone))


def went_on(data: Serial, event: Fired, ctx: Context) -> Step:
    """A meeting is over: a series until further notice gets its next one, another ends with its last.

    The caller is written to only where a day was left out; the new meeting stands in their calendar.
    """
    coming = msgspec.json.decode(event.facts or "{}", type=Looked).coming
    rule = data.plan.rule
    if not data.plan.more or rule is None:
        if not coming:
            return Step("over", data, (Close(),))
        return Step("running", data, (SetTimer("next", Instant(max(one.ends for one in coming))),))
    missing = data.ahead - len(coming)
    if missing <= 0:
        return Step("running", data, (SetTimer("next", Instant(max(ctx.now + 1, coming[0].ends))),))
    found = next_times(rule, data.plan.times[0], data.house, data.last, missing)
    later = tuple(one for one in found.times if one.starts > ctx.now)
    titles = tuple(_title(rule.titles, data.made + number) for number in range(len(later)))
    data = msgspec.structs.replace(data, last=found.last, made=data.made + len(later))
    if not later:
        return Step("over", data, (Close(),))
    first = coming[0].ends if coming else later[0].ends
    told: tuple[object, ...] = ()
    if found.skipped:
        told = (_ask(data, values(data, "went-on", meetings=_shown(later, titles), skipped=list(found.skipped))),)
    timer = SetTimer("next", Instant(max(ctx.now + 1, first)))
    return Step("running", data, (CallTimes(later, titles), *told, timer))


def _title(titles: tuple[str, ...], number: int) -> str:
    return titles[number % len(titles)] if titles else ""


def written(data: Serial, event: Answered, ctx: Context) -> Step:
    """The caller answers: one meeting is cancelled or moved, all that come are changed, or the series ends."""
    coming = msgspec.json.decode(event.facts or "{}", type=Looked).coming
    first = data.plan.times[0]
    around = plans.printed(data.group, data.house)
    wish = read_wish(event.text, coming, printed(data), data.house, ctx.now, data.language, first, around)
    if wish.questions and all(one.problem == "nothing" and content(one.text) for one in wish.questions):
        return Step("running", data)  # "Thanks!"
    if wish.stops:
        gone = tuple(ChangeOne(Deed("cancel", one)) for one in coming)
        return Step("stopped", data, (*gone, _tell_stopped(data, coming), Close()))
    data = _with(data, wish.values, wish.first or first)
    deeds = tuple(ChangeOne(deed) for deed in wish.deeds)
    after = _after(coming, wish.deeds)
    what = "question" if wish.questions and not wish.deeds else "changed"
    letter = values(
        data,
        what,
        meetings=[{"at": time_values(Time(one.starts, one.ends, one.whole_day)), "title": ""} for one in after],
        questions=[plans.question_values(one) for one in wish.questions],
    )
    return Step("running", data, (*deeds, _ask(data, letter)))


def _tell_stopped(data: Serial, coming: tuple[Coming, ...]) -> Tell:
    shown = [{"at": time_values(Time(one.starts, one.ends, one.whole_day)), "title": ""} for one in coming]
    return Tell(data.caller, LETTER, {**values(data, "stopped", meetings=shown, more=False), "form": False})


def _with(data: Serial, said: tuple[tuple[str, str], ...], first: Time) -> Serial:
    """Meetings that are called later are as the caller wants them now, and at the hour of `first`."""
    plan, new = msgspec.structs.replace(data.plan, times=(first,)), dict(said)
    if "where" in new:
        place, link = plans.place_and_link(new["where"])
        plan = msgspec.structs.replace(plan, place=place, link=link, how=plans.how("", place, link))
    if "title" in new:
        plan = msgspec.structs.replace(plan, title=" ".join(new["title"].split())[: plans.LONGEST_TITLE])
    if "agenda" in new:
        plan = msgspec.structs.replace(plan, agenda=new["agenda"].strip()[: plans.LONGEST_AGENDA])
    if "room_for" in new:
        plan = msgspec.structs.replace(plan, capacity=plans.room(new["room_for"]) or 0)
    return msgspec.structs.replace(data, plan=plan)


def _after(coming: tuple[Coming, ...], deeds: tuple[Deed, ...]) -> list[Coming]:
    found = {one.case: one for one in coming}
    for deed in deeds:
        if deed.what == "cancel":
            found.pop(deed.meeting.case, None)
        elif deed.time is not None:
            found[deed.meeting.case] = msgspec.structs.replace(
                deed.meeting, starts=deed.time.starts, ends=deed.time.ends
            )
    return sorted(found.values(), key=lambda one: one.starts)


def withdrawn(data: Serial, event: Event, _ctx: Context) -> Step:
    """Taken back by the caller, or an operator; the group is closed. Its meetings have cases of their own."""
    facts = str(getattr(event, "facts", ""))
    coming = msgspec.json.decode(facts or "{}", type=Looked).coming
    return Step("stopped", data, (*(ChangeOne(Deed("cancel", one)) for one in coming), Close()))


def closed(data: Serial, _event: Event, _ctx: Context) -> Step:
    """The group is closed, and with it each of the meetings."""
    return Step("stopped", data, (Close(),))


_AT: Final = 1_800_090_000_000_000
_PLAN: Final = Plan("Maps", (Time(_AT, _AT + 3_600_000_000),), shape="series")
_COMING: Final = '{"coming": [{"case": 7, "starts": 1800090000000000, "ends": 1800093600000000}]}'
SERIES: Final = CaseKind(
    name=KIND,
    data=Serial,
    states=("new", "running", "over", "stopped"),
    start="new",
    final=frozenset({"over", "stopped"}),
    transitions={
        ("new", "opened"): opened,
        ("running", "timer:next"): went_on,
        ("running", "series:filled"): written,
        ("running", "withdraw"): withdrawn,
        ("running", f"timer:{GROUP_CLOSED}"): closed,
    },
    questions={
        "series": QuestionKind(
            "text",
            keeps_open=frozenset({"filled"}),
            letter=LETTER,
            values=values,
            takes=Takes.FORM,
            waits=lambda _state, _data: False,
        ),
    },
    effects=(CallTimes, ChangeOne),
    letters=(LETTER,),
    title=lambda data: data.plan.title,
    examples=Examples(
        data={
            "plan": [_PLAN, msgspec.structs.replace(_PLAN, more=True)],
            "language": ["en"],
            "house": [House("Europe/Stockholm", "SE")],
            "last": ["2027-01-15"],
            "made": [1],
            "ahead": [1],
        },
        events={
            "timer:next": [{"facts": _COMING}, {"facts": "{}"}],
            "series:filled": [
                {"text": "stop", "facts": _COMING},
                {"text": "Where: Room 7\n", "facts": _COMING},
                {"text": "hm", "facts": _COMING},
            ],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with the meetings to come, which are looked up when something happens."""
    return replace(SERIES, facts=dict.fromkeys(("timer:next", "series:filled", "withdraw"), look))

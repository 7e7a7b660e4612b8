"""The kind of case "meeting-call": a meeting is called; what is unclear is asked, and who may not call asks others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    SetTimer,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.plan import House, Plan, Question
from workflows.meeting.when.model import Problem

KIND: Final = "meeting-call"
WAIT_DAYS: Final = 14
REMIND_DAYS: Final = 2
LETTERS: Final = ("meeting/form", "meeting/confirm", "meeting/allow", "meeting/state")
_REPEATED: Final = frozenset({str(Problem.HOW_OFTEN), str(Problem.HOW_MANY)})
NOW, CONFIRM, MODERATORS = "now", "confirm", "moderators"


class Call(msgspec.Struct, frozen=True):
    """A call. `right` is what it needs: nothing (`now`), the caller's own yes (`confirm`), or one of the moderators'.

    `text` is the mail, `values` what was read behind each label, `sent` what the last letter printed behind them,
    `asks` what it asked about; `people` how many would be invited.
    """

    group_id: int
    group: Values
    caller: PersonId
    caller_name: str
    language: str
    right: str
    people: int
    house: House
    subject: str
    text: str
    values: dict[str, str] = {}
    sent: dict[str, str] = {}
    asks: tuple[Question, ...] = ()
    insisted: str = ""
    until: int = 0
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Open what the plan says: one meeting, several, or a poll of dates."""

    plan: Plan


def title(data: Call) -> str:
    """What is called, in the caller's words."""
    return data.plan.title if data.plan else data.values.get("title", "") or data.subject


def form_values(data: Call) -> Values:
    """The letter that asks for what is missing, only that."""
    asked = _asked(data)
    return {
        "group": data.group,
        "form": True,
        "about": title(data),
        "questions": [plans.question_values(one) for one in data.asks],
        "fields": plans.fields(data.values, asked),
        "until": data.until,
    }


def _asked(data: Call) -> list[str]:
    """The fields that the letter prints: those that are asked about; how often belongs behind `Repeat:`."""
    fields = {question.field for question in data.asks}
    if any(question.problem in _REPEATED for question in data.asks):
        fields.add("repeat")
    return [one for one in ("when", "repeat", *plans.SHOWN[1:], "length") if one in fields]


def plan_values(data: Call) -> Values:
    """What letters say of the plan."""
    plan = data.plan or Plan("", ())
    return {
        "group": data.group,
        "who": data.caller_name,
        "about": plan.title,
        "shape": plan.shape,
        "times": [plans.time_values(one) for one in plan.times],
        "place": plan.place,
        "link": plan.link,
        "agenda": plan.agenda,
        "more": plan.more,
        "people": data.people,
        "until": data.until,
    }


def opened(data: Call, _event: Event, ctx: Context) -> Step:
    """The first mail."""
    return _read(data, data.text, ctx, first=True)


def filled(data: Call, event: Answered, ctx: Context) -> Step:
    """The form came back by a letter of our own: whoever may call has shown by it that it was them."""
    if data.right == CONFIRM:
        data = msgspec.structs.replace(data, right=NOW)
    return _read(data, event.text, ctx, first=False)


def _read(data: Call, text: str, ctx: Context, *, first: bool) -> Step:
    read = plans.read_call(
        text,
        data.subject,
        data.house,
        ctx.now,
        data.language,
        before=data.values,
        sent=data.sent,
        insisted=data.insisted,
        first=first,
        around=plans.printed(data.group, data.house),
    )
    end = Instant(ctx.now + WAIT_DAYS * DAY)
    plan = read.plan
    data = msgspec.structs.replace(
        data, values=read.values, plan=plan, asks=read.questions, insisted=read.insisted, until=end
    )
    return proceed(data, ctx)


def proceed(data: Call, ctx: Context) -> Step:
    """What a call that was read needs next: to be asked about, to be confirmed, to be allowed, or nothing more."""
    plan, end = data.plan, Instant(data.until)
    if plan is None:
        return _ask(data, ctx)
    cancelled: tuple[object, ...] = (CancelTimer("remind"), CancelTimer("end"))
    if data.right == NOW:
        return Step("called", data, (*cancelled, Begin(plan), Close()))
    if data.right == CONFIRM:
        ask = Ask("confirm", data.caller, "meeting/confirm", plan_values(data))
        return Step("confirming", data, (*cancelled, ask, SetTimer("end", end)))
    ask = Ask("allow", Audience(data.group_id), "meeting/allow", plan_values(data))
    told = Tell(data.caller, "meeting/state", {**plan_values(data), "state": "waiting", "reason": "", "by": ""})
    return Step("allowing", data, (*cancelled, ask, told, SetTimer("end", end)))


def _ask(data: Call, ctx: Context) -> Step:
    sent = {one: data.values[one] for one in _asked(data) if data.values.get(one)}
    data = msgspec.structs.replace(data, sent=sent)
    remind = SetTimer("remind", ctx.in_working_days(REMIND_DAYS))
    ask = Ask("fill", data.caller, "meeting/form", form_values(data))
    return Step("asking", data, (ask, remind, SetTimer("end", Instant(data.until))))


def remind(data: Call, _event: Event, _ctx: Context) -> Step:
    """The form once more."""
    return Step("asking", data, (Ask("fill", data.caller, "meeting/form", {**form_values(data), "reminder": True}),))


def yes(data: Call, _event: Event, ctx: Context) -> Step:
    """Confirmed, or allowed; a time that has passed meanwhile is asked about."""
    plan = data.plan
    assert plan is not None
    if min(one.starts for one in plan.times) <= ctx.now:
        data = msgspec.structs.replace(data, right=NOW, asks=(Question("when", "past", data.values.get("when", "")),))
        return _ask(data, ctx)
    return Step("called", data, (Begin(plan), Close()))


def no(data: Call, event: Answered, ctx: Context) -> Step:
    """The caller thought better of it, or a moderator said no: whoever called hears the reason."""
    if event.question == "confirm":
        return Step("dropped", data, (Close(),))
    said = {"state": "declined", "reason": event.text, "by": ctx.actor_name}
    return Step("dropped", data, (Tell(data.caller, "meeting/state", {**plan_values(data), **said}), Close()))


def lapsed(data: Call, _event: Event, _ctx: Context) -> Step:
    """Nobody answered: nothing is called, and whoever called is told."""
    said = {"state": "lapsed", "reason": "", "by": "", "about": title(data)}
    return Step("lapsed", data, (Tell(data.caller, "meeting/state", {**plan_values(data), **said}), Close()))


def withdrawn(data: Call, _event: Event, _ctx: Context) -> Step:
    """Taken back by whoever called, or by an operator; also when the group is closed."""
    return Step("dropped", data, (Close(),))


_TIMES: Final = (plans.Time(1_800_000_000_000_000, 1_800_003_600_000_000),)
MEETING_CALL: Final = CaseKind(
    name=KIND,
    data=Call,
    states=("new", "asking", "confirming", "allowing", "called", "dropped", "lapsed"),
    start="new",
    final=frozenset({"called", "dropped", "lapsed"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "fill:filled"): filled,
        ("asking", "timer:remind"): remind,
        ("asking", "timer:end"): lapsed,
        ("confirming", "confirm:yes"): yes,
        ("confirming", "confirm:no"): no,
        ("confirming", "timer:end"): lapsed,
        ("allowing", "allow:yes"): yes,
        ("allowing", "allow:no"): no,
        ("allowing", "timer:end"): lapsed,
        **{(state, "withdraw"): withdrawn for state in ("asking", "confirming", "allowing")},
        **{(state, f"timer:{GROUP_CLOSED}"): withdrawn for state in ("asking", "confirming", "allowing")},
    },
    questions={
        "fill": QuestionKind(
            "text", keeps_open=frozenset(), letter="meeting/form", values=form_values, takes=Takes.FORM
        ),
        "confirm": QuestionKind("confirm", letter="meeting/confirm", values=plan_values),
        "allow": QuestionKind("confirm", letter="meeting/allow", values=plan_values),
    },
    effects=(Begin,),
    letters=LETTERS,
    title=title,
    examples=Examples(
        data={
            "right": [NOW, CONFIRM, MODERATORS],
            "text": ["When: 2027-03-10 13:00-14:30\nWhere: room 4\n", "When: soon\n"],
            "house": [House("Europe/Stockholm", "SE")],
            "plan": [None, Plan("Maps", _TIMES)],
            "values": [{}],
            "asks": [()],
        },
        events={"fill:filled": [{"text": "When: 2027-03-10 13:00-14:30\n"}, {"text": "When: soon\n"}]},
    ),
)

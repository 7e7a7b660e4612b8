"""The kind of case "meeting-notes": after a meeting its caller answers with notes; shown, signed, kept, acted upon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

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
    Rule,
    SetTimer,
    Settle,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.message.forms import Field, Form
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.mailing import told_values
from workflows.meeting.plan import House, Plan, Time
from workflows.meeting.store import Told

KIND: Final = "meeting-notes"
FORM: Final = Form(
    (
        Field("notes", lines=True),
        Field("present", lines=True),
        Field("absent", lines=True),
        Field("confidential", lines=True),
    )
)
SHOWN: Final = ("notes", "present", "absent", "confidential")
WAIT_DAYS: Final = 21
CORRECT_DAYS: Final = 14
REMIND_DAYS: Final = 3
LETTERS: Final = (
    *("meeting/how", "meeting/filed", "meeting/notes", "meeting/sign", "meeting/unsigned", "meeting/next"),
    *("meeting/no-notes", "meeting/attended"),
)
CORRECTING: Final = frozenset({"moderator", "deputy", "secretary"})
"""Roles whose notes ask them to correct who was there; the caller always can."""
_MOST_BEFORE: Final = 20


class There(msgspec.Struct, frozen=True):
    """Who was there and who was not, as ids: what letters have printed, and an old one that comes back says nothing."""

    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()


class After(msgspec.Struct, frozen=True):
    """What comes after a meeting. `present` and `absent` are the names that the letter prints, as people answered.

    `signers` sign the notes before anybody gets them; `signed` have. `proposed` is the next meeting.
    """

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    language: str
    told: Told
    house: House
    present: str = ""
    absent: str = ""
    signers: tuple[PersonId, ...] = ()
    signed: tuple[PersonId, ...] = ()
    proposed: Time | None = None
    before: tuple[There, ...] = ()


class Looked(msgspec.Struct, frozen=True):
    """What an answer meets: who signs for this group, when the next meeting could be (None: one is called), and who was
    there as it stands."""

    signers: tuple[PersonId, ...] = ()
    proposed: Time | None = None
    there: There = There()


@dataclass(frozen=True, slots=True)
class FileNotes:
    """Keep what the caller wrote: notes, who was there, actions; and show the caller how it was read.

    `share`: everybody gets the notes now, because nobody has to sign them.
    """

    text: str
    share: bool = True


@dataclass(frozen=True, slots=True)
class CorrectAttendance:
    """Somebody else than the caller, whose role allows it, says who was there; both are shown how it is now."""

    person: PersonId
    text: str


@dataclass(frozen=True, slots=True)
class AskSigners:
    """Put the notes as they are now to everybody who signs them."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Everybody gets the notes; `signed` have signed them."""

    signed: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call the meeting that was proposed."""

    plan: Plan


# ---- letters


def printed(data: After) -> dict[str, str]:
    """What the letter prints behind its labels."""
    return {key: value for key, value in (("present", data.present), ("absent", data.absent)) if value}


def values(data: After) -> Values:
    """How did it go?"""
    return {
        "group": data.group,
        "form": True,
        **told_values(data.told),
        "signed": bool(data.signers),
        "reason": "",
        "by": "",
        "fields": plans.fields(printed(data), SHOWN),
    }


def filed_values(data: After) -> Values:
    """How the notes were read; see `Filing` for what is looked up."""
    return {**values(data), "text": "", "unread": [], "actions": [], "who_present": [], "who_absent": []}


def attended_values(data: After) -> Values:
    """Who was there, as it is now; see `Filing` for what is looked up."""
    return {**values(data), "unread": []}


def next_values(data: After) -> Values:
    """Shall there be another meeting then?"""
    at = plans.time_values(data.proposed) if data.proposed else told_values(data.told)["at"]
    return {"group": data.group, "about": data.told.title, "at": at, "place": data.told.place, "link": data.told.link}


# ---- the table


def opened(data: After, _event: Event, ctx: Context) -> Step:
    """The meeting is over: its caller is asked how it went."""
    ask = Ask("notes", data.caller, "meeting/how", values(data))
    end = SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))
    return Step("asked", data, (ask, SetTimer("remind", ctx.in_working_days(REMIND_DAYS)), end))


def reminded(data: After, _event: Event, _ctx: Context) -> Step:
    """Once more."""
    return Step("asked", data, (Ask("notes", data.caller, "meeting/how", {**values(data), "reminder": True}),))


def _known(event: Answered) -> Looked:
    return msgspec.json.decode(event.facts or "{}", type=Looked)


def written(data: After, event: Answered, ctx: Context) -> Step:
    """The notes: everybody gets them, or those who sign them first; and a next meeting is proposed."""
    known = _known(event)
    data = msgspec.structs.replace(data, signers=known.signers, signed=(), proposed=known.proposed)
    after: tuple[object, ...] = ()
    if known.proposed is not None:
        after = (Ask("next", data.caller, "meeting/next", next_values(data)),)
    if known.signers:
        end = SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))
        return Step("signing", data, (FileNotes(event.text, share=False), AskSigners(), *after, end))
    end = SetTimer("end", Instant(ctx.now + CORRECT_DAYS * DAY))
    return Step("filed", data, (FileNotes(event.text), *after, end))


def corrected(data: After, event: Answered, ctx: Context) -> Step:
    """The caller writes once more: who was there, or the notes anew."""
    effects = (FileNotes(event.text), SetTimer("end", Instant(ctx.now + CORRECT_DAYS * DAY)))
    return Step("filed", _remembering(data, event), effects)


def attended(data: After, event: Answered, _ctx: Context) -> Step:
    """Whoever has that role in the group corrects who was there."""
    return Step("filed", _remembering(data, event), (CorrectAttendance(event.voter, event.text),))


def _remembering(data: After, event: Answered) -> After:
    """With who was there as the last letters have printed it."""
    before = dict.fromkeys((*data.before, _known(event).there))
    return msgspec.structs.replace(data, before=tuple(before)[-_MOST_BEFORE:])


def rewritten(data: After, event: Answered, _ctx: Context) -> Step:
    """Before all have signed the notes are written anew: what was signed is not this text."""
    data = msgspec.structs.replace(data, signed=())
    return Step(
        "signing", data, (Settle("sign", void=True), FileNotes(event.text, share=False), AskSigners(again=True))
    )


def signed(data: After, event: Answered, ctx: Context) -> Step:
    """One signature; with the last one everybody gets the notes."""
    done = tuple(dict.fromkeys((*data.signed, event.voter)))
    data = msgspec.structs.replace(data, signed=done)
    if set(data.signers) <= set(done):
        end = SetTimer("end", Instant(ctx.now + CORRECT_DAYS * DAY))
        return Step("filed", data, (Settle("sign"), Share(done), end))
    return Step("signing", data)


def not_signed(data: After, event: Answered, ctx: Context) -> Step:
    """Somebody does not sign: whoever wrote the notes gets the reason, and may write them anew."""
    data = msgspec.structs.replace(data, signed=tuple(one for one in data.signed if one != event.voter))
    said = {**values(data), "reason": event.text, "by": ctx.actor_name}
    return Step("signing", data, (Ask("notes", data.caller, "meeting/unsigned", said),))


def ended_unsigned(data: After, _event: Fired, _ctx: Context) -> Step:
    """Not all have signed in time: everybody gets the notes as they are, with the names of those who did."""
    return Step("done", data, (Share(data.signed), Close()))


def called(data: After, event: Answered, _ctx: Context) -> Step:
    """The caller wants the next meeting as proposed."""
    told, at = data.told, data.proposed
    state = "signing" if data.signers and not set(data.signers) <= set(data.signed) else "filed"
    if at is None or event.meaning == "no":
        return Step(state, data)
    plan = Plan(told.title, (at,), place=told.place, link=told.link, how=told.how, zone=told.zone)
    return Step(state, msgspec.structs.replace(data, proposed=None), (CallNext(plan),))


def over(data: After, _event: Event, _ctx: Context) -> Step:
    """Nothing more is expected."""
    return Step("done", data, (Close(),))


def lapsed(data: After, _event: Event, _ctx: Context) -> Step:
    """Nobody wrote notes: the meeting stays without, and the caller is told how to send them all the same."""
    told = Tell(data.caller, "meeting/no-notes", {"group": data.group, **told_values(data.told)})
    return Step("done", data, (told, Close()))


def withdrawn(data: After, _event: Event, _ctx: Context) -> Step:
    """Taken back, or the group is closed."""
    return Step("done", data, (Close(),))


_EXAMPLE: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
_SIGNERS: Final = (
    '{"signers": [1], "proposed": {"starts": 1800090000000000, "ends": 1800093600000000, "whole_day": false}}'
)
_LIVING: Final = ("asked", "signing", "filed")
NOTES: Final = CaseKind(
    name=KIND,
    data=After,
    states=("new", "asked", "signing", "filed", "done"),
    start="new",
    final=frozenset({"done"}),
    transitions={
        ("new", "opened"): opened,
        ("asked", "notes:filled"): written,
        ("asked", "timer:remind"): reminded,
        ("asked", "timer:end"): lapsed,
        ("signing", "notes:filled"): rewritten,
        ("signing", "sign:sign"): signed,
        ("signing", "sign:no"): not_signed,
        ("signing", "timer:end"): ended_unsigned,
        ("filed", "notes:filled"): corrected,
        ("filed", "attendance:filled"): attended,
        ("filed", "timer:end"): over,
        **{(state, f"next:{meaning}"): called for state in ("signing", "filed") for meaning in ("yes", "no")},
        **{(state, trigger): withdrawn for state in _LIVING for trigger in ("withdraw", f"timer:{GROUP_CLOSED}")},
    },
    questions={
        "notes": QuestionKind(
            "text",
            keeps_open=frozenset({"filled"}),
            letter="meeting/how",
            values=values,
            takes=Takes.FORM,
            waits=lambda state, _data: state == "asked",
        ),
        "attendance": QuestionKind(
            "text", rule=Rule.COLLECT, letter="meeting/attended", values=attended_values, takes=Takes.FORM
        ),
        "sign": QuestionKind("signature", rule=Rule.COLLECT, letter="meeting/sign", values=values),
        "next": QuestionKind("confirm", letter="meeting/next", values=next_values),
    },
    effects=(FileNotes, CorrectAttendance, AskSigners, Share, CallNext),
    letters=LETTERS,
    title=lambda data: data.told.title,
    recorded=True,
    examples=Examples(
        data={
            "told": [_EXAMPLE],
            "house": [House("Europe/Stockholm", "SE")],
            "signers": [(), (PersonId(1), PersonId(2))],
            "signed": [()],
            "before": [()],
            "proposed": [None, Time(1_800_090_000_000_000, 1_800_093_600_000_000)],
        },
        events={
            "attendance:filled": [{"text": "Present: Anna", "facts": '{"there": {"present": [1], "absent": [2]}}'}],
            "notes:filled": [{"text": "We agreed."}, {"text": "We agreed.", "facts": _SIGNERS}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with what is looked up when the notes come."""
    return replace(NOTES, facts=dict.fromkeys(("notes:filled", "attendance:filled"), look))

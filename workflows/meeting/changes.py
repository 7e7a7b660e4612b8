"""What the caller of a meeting writes back to change it: labels that differ from those printed, or that it is off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.clock import Instant, to_datetime
from mailsvc.message.form_values import matches, written
from workflows.meeting import forms
from workflows.meeting import plan as plans
from workflows.meeting.plan import FORM, House, Question
from workflows.meeting.spoken import without_greeting
from workflows.meeting.store import Told
from workflows.meeting.when.model import Problem, WhenReading
from workflows.meeting.when.reading import read_length, read_when

# What cancels a meeting, alone on the first line or before a comma or colon and a reason; the first is what is printed.
CANCEL: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("cancel", "cancelled", "canceled", "call it off", "it is off", "cancel the meeting", "cancel meeting"),
    "sv": ("ställ in", "inställt", "ställs in", "ställ in mötet", "mötet ställs in", "mötet är inställt", "avboka"),
    "da": ("aflys", "aflyst", "aflyses", "aflys mødet", "mødet aflyses", "mødet er aflyst"),
    "nb": ("avlys", "avlyst", "avlyses", "avlys møtet", "møtet avlyses", "møtet er avlyst"),
    "nn": ("avlys", "avlyst", "vert avlyst", "avlys møtet", "møtet er avlyst", "møtet vert avlyst"),
}
_WORDS: Final = frozenset(word for words in CANCEL.values() for word in words)
_PEOPLE: Final = r"(?:we|i|vi|jag|jeg|eg)"
_HAVE_TO: Final = (
    r"(?:must|have to|need to|want to|will|would like to|måste|ska|vill|skal|må|vil|er nødt til at|er nødt til å"
    r"|blir nødt til å|er nøydde til å|blir tvungna att)"
)
_ALAS: Final = (
    r"(?:please|unfortunately|sadly|tyvärr|desværre|dessverre|diverre|vänligen|venligst|vennligst|ver venleg)"
)
_MEETING: Final = r"(?:the meeting|this meeting|it|mötet|det här mötet|mødet|møtet|dette møtet|dette møde|det)"
_OFF: Final = re.compile(
    rf"(?:{_ALAS}[ ,]+)?(?:{_PEOPLE} )?(?:{_ALAS} )?(?:{_HAVE_TO} )?(?:{_ALAS} )?(?:cancel|call off|ställer in"
    rf"|ställa in|ställ in|aflyser|aflyse|aflys|avlyser|avlyse|avlysa|avlys)(?: {_ALAS})?(?: {_MEETING})?(?![^\W_])"
)
_IS_OFF: Final = re.compile(
    rf"(?:{_ALAS}[ ,]+)?{_MEETING} (?:is|has been|är|blir|er|bliver|vert|ble|blev)(?: {_ALAS})?"
    r" (?:cancelled|canceled|off|inställt|aflyst|avlyst)(?![^\W_])"
)
_DEPENDS: Final = re.compile(r"(?:if|unless|om|hvis|viss|dersom|eller|or|men|but|såvida|med mindre)\b")
_MOVED: Final = re.compile(
    rf"(?:{_ALAS}[ ,]+)?(?:{_PEOPLE} )?(?:{_ALAS} )?(?:{_HAVE_TO} )?(?:{_ALAS} )?(?:move|flyttar|flytta|flytter|flytte"
    rf"|flytt|flyt)(?: {_MEETING})? (?:to|till|til) (?P<when>.{{2,200}}?)[.!]*",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"\s*(?:[:,;.!–-]|\bbecause\b|\beftersom\b|\bfordi\b|$)\s*")


@dataclass(frozen=True, slots=True)
class Change:
    """What was read: the meeting as it is to be (`told`), or off (`cancelled`), or neither, and then what to ask.

    `changed` are the ids of the fields that differ.
    """

    told: Told | None
    capacity: int = 0
    answer_by: int = 0
    changed: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    insisted: str = ""
    cancelled: bool = False
    reason: str = ""


def cancels(text: str) -> tuple[bool, str]:
    """Whether a text begins by saying that the meeting is off, and the reason behind it."""
    first, _, rest = without_greeting(text).partition("\n")
    shown = " ".join(first.split())
    low = shown.lower()
    if low.endswith("?"):
        return False, ""  # "Cancel, or what do you think?"
    starts = [word for word in _WORDS if low.startswith(word)]
    lengths = sorted({len(word) for word in starts} | {end for end in (_said_off(low),) if end}, reverse=True)
    for length in lengths:
        end = _ENDS.match(low, length)
        if end is not None and not _DEPENDS.match(low, end.end()):
            return True, f"{shown[end.end() :]}\n{rest}".strip()
    return False, ""


def _said_off(low: str) -> int:
    """Where a sentence ends that says that the meeting is off: "we have to cancel the meeting"; 0 for none."""
    found = _OFF.match(low) or _IS_OFF.match(low)
    return found.end() if found else 0


def moves_to(text: str) -> str:
    """The time in a sentence that moves the meeting ("Vi flyttar mötet till 4/12 kl 14"), "" for none."""
    lines = [line.strip() for line in without_greeting(text).splitlines() if line.strip()]
    found = _MOVED.fullmatch(lines[0]) if len(lines) == 1 else None
    return found["when"] if found and not lines[0].endswith("?") else ""


def read_change(
    text: str,
    told: Told,
    capacity: int,
    answer_by: int,
    sent: Mapping[str, str],
    house: House,
    now: Instant,
    language: str,
    insisted: str = "",
    before: Sequence[tuple[str, str]] = (),
    around: forms.Printed | None = None,
) -> Change:
    """The caller's answer to the receipt, or to a letter about a change that was not understood. Pure; never raises.

    `sent` is what stands behind each label now, `before` what stood there in earlier receipts: neither says anything.
    `around` is what the receipt printed around its labels (see `plan.printed`).
    """
    reading = forms.read(text, FORM, sent, around)
    off, reason = cancels(reading.free)
    if off:
        return Change(None, cancelled=True, reason=reason)
    if not reading.values.get("when") or reading.values["when"] == sent.get("when"):
        reading.values.update({"when": moved} if (moved := moves_to(reading.free)) else {})
    known = {*sent.items(), *before}
    said = {
        key: value
        for key, value in reading.values.items()
        if not any(key == field and (matches(value, text) or matches(value, written(text))) for field, text in known)
    }
    new, questions, asked = _when(told, said, house, now, language, insisted)
    if "where" in said:
        place, link = plans.place_and_link(said["where"])
        new = msgspec.structs.replace(new, place=place, link=link, how=plans.how(said.get("how", ""), place, link))
    if "title" in said:
        new = msgspec.structs.replace(new, title=" ".join(said["title"].split())[: plans.LONGEST_TITLE])
    if "agenda" in said:
        new = msgspec.structs.replace(new, agenda=forms.close(said["agenda"])[: plans.LONGEST_AGENDA])
    room = plans.room(said["room_for"]) if "room_for" in said else capacity
    by: int | None = answer_by
    if "rsvp" in said:
        by = plans.answer_day(said["rsvp"], now, house.zone) if plans.wanted(said["rsvp"]) else 0
    questions += [
        Question(field, "not_understood", said[field])
        for field, value in (("room_for", room), ("rsvp", by))
        if value is None
    ]
    changed = [key for key in plans.SHOWN if key in said or (key == "when" and new.ends != told.ends)]
    if not changed and not questions:
        questions = [Question("", "nothing", reading.free[:200])]
    if questions:
        return Change(None, questions=tuple(questions), insisted=asked)
    return Change(new, room or 0, by or 0, tuple(changed), insisted="")


def _at(
    told: Told, said: str, length: int | None, house: House, now: Instant, language: str, insisted: str
) -> WhenReading:
    """What is written behind `When:` of a meeting; an hour alone is on its day, a day alone at its hour."""
    usual = length or max(1, (told.ends - told.starts) // 60_000_000)
    start = to_datetime(told.starts, ZoneInfo(house.zone))

    def read(text: str) -> WhenReading:
        free = lambda day: house.free(day) or said == insisted  # noqa: E731 - the question of this one reading
        return read_when(text, now, ZoneInfo(house.zone), language, usual, free, near=False)

    reading = read(said)
    problems = {doubt.problem for doubt in reading.doubts}
    if problems == {Problem.NO_DAY}:
        other = read(f"{start:%Y-%m-%d} {said}")
    elif problems == {Problem.NO_TIME} and not told.whole_day and len(reading.doubts) == 1:
        other = read(f"{said} {start:%H:%M}")
    else:
        return reading
    return other if {doubt.problem for doubt in other.doubts} <= {Problem.CLOSED} else reading


def _when(
    told: Told, said: Mapping[str, str], house: House, now: Instant, language: str, insisted: str
) -> tuple[Told, list[Question], str]:
    """The meeting at its new time; a time without an end keeps the length it had."""
    said_when = said.get("when", "")
    length = read_length(said.get("length", ""))
    if not said_when:
        ends = told.starts + length * 60_000_000 if length else told.ends
        return msgspec.structs.replace(told, ends=ends), [], insisted
    reading = _at(told, said_when, length, house, now, language, insisted)
    closed = any(doubt.problem is Problem.CLOSED for doubt in reading.doubts)
    if not reading.settled or len(reading.slots) > 1:
        found = [
            Question("when", str(doubt.problem), doubt.part or doubt.text, tuple(map(plans.time_of, doubt.proposals)))
            for doubt in reading.doubts
        ]
        return told, found or [Question("when", "too_many", said_when)], said_when if closed else insisted
    slot = reading.slots[0]
    return (
        msgspec.structs.replace(told, starts=int(slot.start), ends=int(slot.end), whole_day=slot.whole_day),
        [],
        "",
    )

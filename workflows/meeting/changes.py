"""What the caller of a meeting writes back to change it: labels that differ from those printed, or that it is off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.clock import Instant
from mailsvc.message.form_values import matches, written
from workflows.meeting import forms
from workflows.meeting import plan as plans
from workflows.meeting.plan import FORM, House, Question
from workflows.meeting.store import Told
from workflows.meeting.when.model import Problem
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
    first, _, rest = text.strip().partition("\n")
    low = " ".join(first.lower().split())
    if low.endswith("?"):
        return False, ""  # "Cancel, or what do you think?"
    for word in sorted(_WORDS, key=len, reverse=True):
        end = _ENDS.match(low, len(word)) if low.startswith(word) else None
        if end is not None and not low[len(word) :].lstrip().startswith("?"):
            said = " ".join(first.split())[end.end() :]
            return True, f"{said}\n{rest}".strip()
    return False, ""


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


def _when(
    told: Told, said: Mapping[str, str], house: House, now: Instant, language: str, insisted: str
) -> tuple[Told, list[Question], str]:
    """The meeting at its new time; a time without an end keeps the length it had."""
    said_when = said.get("when", "")
    length = read_length(said.get("length", ""))
    if not said_when:
        ends = told.starts + length * 60_000_000 if length else told.ends
        return msgspec.structs.replace(told, ends=ends), [], insisted
    usual = length or max(1, (told.ends - told.starts) // 60_000_000)
    reading = read_when(
        said_when, now, ZoneInfo(house.zone), language, usual, lambda day: house.free(day) or said_when == insisted
    )
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

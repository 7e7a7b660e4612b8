"""What a mail to `N-meeting@` asks for, read purely: times, place, agenda, room; and what has to be asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.cases.holidays import is_holiday
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import HOUR, Instant, to_datetime, to_instant
from mailsvc.message.forms import Field, Form
from mailsvc.message.said_dates import find_dates, plain
from mailsvc.store.outgoing import Values
from workflows.meeting import forms
from workflows.meeting.spoken import without_greeting
from workflows.meeting.store import Told
from workflows.meeting.when.model import Doubt, Problem, Repeat, Slot, WhenReading
from workflows.meeting.when.reading import read_length, read_when
from workflows.meeting.when.words import CARDINALS, WEEKDAY

FORM: Final = Form(
    (
        Field("when", required=True, lines=True),
        Field("where", lines=True),
        Field("title"),
        Field("agenda", lines=True),
        Field("how"),
        Field("length"),
        Field("repeat"),
        Field("rsvp"),
        Field("room_for"),
        Field("standing_items", lines=True),
    )
)
SHOWN: Final = ("when", "where", "title", "agenda", "room_for", "rsvp")
"""The fields that a letter prints for the caller to change; the others are read when somebody writes them."""
MOST_MEETINGS: Final = 30
MOST_ROOM: Final = 9999
LONGEST_TITLE: Final = 200
LONGEST_AGENDA: Final = 10_000
MORNING: Final = time(8)
SOONEST: Final = 12 * HOUR
_MOST_BACK: Final = 30
_NUMBER: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .]\d{3})+(?!\d)|\d{1,5}")
_NEXT_DAY: Final = re.compile(rf"\b(?:nästa|næste|neste|next|nästkommande|næstkommende)\s+{WEEKDAY}")
_DISAGREE: Final = frozenset({Problem.WEEKDAY_DIFFERS, Problem.WEEK_DIFFERS, Problem.NO_SUCH_DAY})
_NO_COUNT: Final = frozenset({"a", "an", "en", "ett", "et", "ei", "ein", "eit", "eitt", "one"})
_NO_LIMIT: Final = re.compile(
    r"-+|(?:alla|alle|all|everybody|everyone|obegränsat|ubegrænset|ubegrenset|uavgrensa|unlimited|nej|nei|no|none|ingen)"
    r"(?:\s(?:gräns|begränsning|begrænsning|begrensning|grense|limit|avgrensing))?"
)
_JOINS: Final = re.compile(r"(?:\s*(?:\b(?:and|och|og|or|eller|samt|via)\b|[&+/(]))+[\s:,-]*(?=\n)", re.IGNORECASE)
_LINK: Final = re.compile(r"<?(https?://[^\s<>\"]+)>?")
_BARE_LABEL: Final = re.compile(r"(?:re|sv|vs|fw|fwd|vb)\s*:\s*", re.IGNORECASE)
_BOTH: Final = re.compile(r"both|hybrid|båda|bada|både|baade|begge")
_ONLINE: Final = re.compile(r"online|on-line|digital|teams|zoom|video|nett|distans|remote|på nettet|virtuel")
# In a place: "the digital workshop" is a room, "Room 4 or Teams" is both.
_BY_NET: Final = re.compile(
    r"\b(?:online|on-line|digitalt?|teams|zoom|skype|video|videomöte|videomøde|videomøte|nettmøte|distans|remote|virtuell?t)\b"
    r"|\b(?:teams|zoom)-"
)
_HYBRID: Final = re.compile(r"\bhybrid")
_ROOM: Final = re.compile(r"\d|\b(?:sal|salen|rum|room|rom|lokale?|lokalet|huset|plan|hos)\b")
# What programs write for the link itself.
_CAPTION: Final = re.compile(
    r"(?:klicka här för att )?anslut(?:a)? (?:till|dig till) mötet(?: nu)?|(?:click here to )?join (?:the |your )?"
    r"(?:microsoft teams |zoom |teams )?meeting(?: now)?|(?:klik her for at )?deltag(?:e)? i mødet(?: nu)?"
    r"|(?:klikk her for å )?bli med i møtet(?: nå| no)?|(?:klikk her for å )?bli med på møtet(?: nå| no)?",
    re.IGNORECASE,
)
_ON_SITE: Final = re.compile(
    r"on.?site|in person|på plats|pa plats|fysisk|på stedet|oppmøte|fremmøde|frammøte|på staden"
)


class House(msgspec.Struct, frozen=True):
    """What times are read in: zone, country of holidays, when the site is closed, the usual length in minutes.

    `site` is the name with which our letters end.
    """

    zone: str = "UTC"
    country: str = ""
    closed: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    length: int = 90
    site: str = ""

    def free(self, day: date) -> bool:
        """Whether a meeting may be held: weekends are no obstacle, holidays and closed periods are."""
        if is_holiday(day, self.country):
            return False
        at = (day.month, day.day)
        return not any(
            first <= at <= last if first <= last else at >= first or at <= last for first, last in self.closed
        )


class Time(msgspec.Struct, frozen=True):
    """One time: `starts`, `ends` (exclusive)."""

    starts: int
    ends: int
    whole_day: bool = False


class Plan(msgspec.Struct, frozen=True):
    """What is to be called. `shape`: one, poll (times to choose from) or series; `repeat` is how a series was written.

    `more`: the series goes on after the last of the times. `titles` are those of meetings that take turns, `skipped`
    the moments of the rule on which nothing may be held, `standing` the items of every agenda, one in each line.
    """

    title: str
    times: tuple[Time, ...]
    shape: str = "one"
    place: str = ""
    link: str = ""
    agenda: str = ""
    how: str = ""
    capacity: int = 0
    answer_by: int = 0
    zone: str = "UTC"
    repeat: str = ""
    more: bool = False
    titles: tuple[str, ...] = ()
    rule: Repeat | None = None
    skipped: tuple[int, ...] = ()
    standing: str = ""

    def told(self, number: int) -> Told:
        """The number-th meeting (from 0) as letters and calendars tell it."""
        at = self.times[number]
        title = self.titles[number] if number < len(self.titles) and self.titles[number] else ""
        shown = f"{self.title}: {title}" if title and self.title else title or self.title
        return Told(shown, at.starts, at.ends, self.zone, at.whole_day, self.place, self.link, self.agenda, self.how)


class Question(msgspec.Struct, frozen=True):
    """Something to ask the caller about: a problem of `when`, or of another field."""

    field: str
    problem: str
    text: str = ""
    times: tuple[Time, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """What was read: labels as written, the plan where everything was understood, and what is asked about.

    `insisted` are lines about whose day was asked already (a holiday): sent again they are meant.
    """

    values: dict[str, str]
    plan: Plan | None
    questions: tuple[Question, ...]
    insisted: str = ""
    free: str = ""


def read_call(
    text: str,
    subject: str,
    house: House,
    now: Instant,
    language: str,
    *,
    before: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
    insisted: str = "",
    first: bool = True,
    around: forms.Printed | None = None,
) -> Read:
    """A mail to the desk, or a form that came back (`first` False, `before` what was known, `sent` what it printed).

    `around` is what our letter printed around the form (see `printed`), which is nobody's answer.
    """
    reading = forms.read(text, FORM, sent or {}, around)
    values = {**(before or {}), **reading.values}
    free = without_greeting(reading.free)

    def times(when: str, repeat: str) -> WhenReading:
        length = read_length(values.get("length", "")) or house.length
        allowed = lambda day: house.free(day) or when == insisted  # noqa: E731 - the question of this one reading
        return read_when(when, now, ZoneInfo(house.zone), language, length, allowed, repeat)

    if first:
        values["when"], free = forms.apart(values.get("when", ""), free, times)
        if "agenda" not in values and free and values["when"]:
            values["agenda"] = free
    else:
        values = forms.answered(values, reading.values, free, sent or {}, times)
    values.setdefault("title", title_of(subject))
    when = times(values.get("when", ""), values.get("repeat", ""))
    questions = [_question(doubt) for doubt in when.doubts]
    questions += _other_questions(values, now, house, when)
    closed = any(doubt.problem is Problem.CLOSED for doubt in when.doubts)
    plan = None if questions else _plan(values, when, house, now)
    return Read(values, plan, tuple(questions), values.get("when", "") if closed else insisted, free)


def title_of(subject: str) -> str:
    """A subject as a title, without the marks of answers and forwards."""
    bare = " ".join(subject.split())
    while match := _BARE_LABEL.match(bare):
        bare = bare[match.end() :]
    return bare[:LONGEST_TITLE]


def _question(doubt: Doubt) -> Question:
    return Question("when", str(doubt.problem), doubt.part or doubt.text, tuple(map(time_of, doubt.proposals)))


def time_of(slot: Slot) -> Time:
    """A slot as cases keep it."""
    return Time(slot.start, slot.end, slot.whole_day)


def _other_questions(values: Mapping[str, str], now: Instant, house: House, when: WhenReading) -> list[Question]:
    found = []
    if "length" in values and read_length(values["length"]) is None:
        found.append(Question("length", "not_understood", values["length"]))
    if values.get("room_for", "").strip() and room(values["room_for"]) is None:
        found.append(Question("room_for", "not_understood", values["room_for"]))
    if wanted(values.get("rsvp", "")):
        by = answer_day(values["rsvp"], now, house.zone)
        first = min((slot.start for slot in when.slots), default=None)
        if by is None:
            found.append(Question("rsvp", "not_understood", values["rsvp"]))
        elif by <= now or (first is not None and by > first):
            found.append(Question("rsvp", "past" if by <= now else "after", values["rsvp"]))
    if len(when.slots) > MOST_MEETINGS and not (when.series is not None and when.series.more):
        found.append(Question("when", str(Problem.TOO_MANY)))
    return found


def room(text: str) -> int | None:
    """How many there is room for, 0 for as many as come; None where it is not one number ("sal 4, 20 platser")."""
    low = plain(text).strip(" .!")
    if _NO_LIMIT.fullmatch(low):
        return 0
    numbers = {int(re.sub(r"\D", "", found)) for found in _NUMBER.findall(low)}
    numbers |= {CARDINALS[word] for word in low.split()[:1] if word in CARDINALS and word not in _NO_COUNT}
    number = numbers.pop() if len(numbers) == 1 else 0
    return number if 0 < number <= MOST_ROOM else None


def answer_day(text: str, now: Instant, zone: str) -> Instant | None:
    """The end of the day that is named; None for none, for several, and for one that may be another day."""
    where = ZoneInfo(zone)
    today = to_datetime(now, where).date()
    found = find_dates(plain(text), today)
    doubts = {doubt.problem for doubt in read_when(text, now, where, "", 60).doubts}
    if len({said.last for said in found}) != 1 or _NEXT_DAY.search(plain(text)) or doubts & _DISAGREE:
        return None
    return to_instant(datetime.combine(found[0].last, time(23, 59), where))


def wanted(text: str) -> bool:
    """Whether anything stands behind `Answer by:` but that answers are not waited for."""
    return bool(text.strip()) and not _NO_LIMIT.fullmatch(plain(text).strip(" .!"))


def silent_at(answer_by: int, starts: int, now: Instant, house: House) -> Instant | None:
    """When who has not answered is asked once more: at eight on the working day before, else on the last day itself.

    None where that is too soon: who was invited less than twelve hours ago has only just been asked.
    """
    if not now < answer_by < starts:
        return None
    zone = ZoneInfo(house.zone)
    last = day = to_datetime(Instant(answer_by), zone).date()
    for _ in range(_MOST_BACK):
        day -= timedelta(days=1)
        if is_working_day(day, house.closed, house.country):
            break
    found = (to_instant(datetime.combine(one, MORNING, zone)) for one in (day, last))
    return next((at for at in found if now + SOONEST <= at < answer_by), None)


def _plan(values: Mapping[str, str], when: WhenReading, house: House, now: Instant) -> Plan:
    place, link = place_and_link(values.get("where", ""))
    series = when.series
    return Plan(
        title=" ".join(values.get("title", "").split())[:LONGEST_TITLE],
        times=tuple(map(time_of, when.slots)),
        shape="series" if series is not None else "poll" if when.is_poll else "one",
        place=place,
        link=link,
        agenda=forms.close(values.get("agenda", ""))[:LONGEST_AGENDA],
        how=how(values.get("how", ""), place, link),
        capacity=room(values.get("room_for", "")) or 0,
        answer_by=answer_day(values.get("rsvp", ""), now, house.zone) or 0,
        zone=house.zone,
        repeat=_repeat_text(values, when),
        more=series is not None and series.more,
        titles=tuple(series.title(number) for number in range(len(when.slots))) if series is not None else (),
        rule=series.repeat if series is not None else None,
        skipped=_noons(series.skipped, house) if series is not None else (),
        standing=values.get("standing_items", "").strip()[:LONGEST_AGENDA],
    )


def _noons(days: Sequence[date], house: House) -> tuple[int, ...]:
    zone = ZoneInfo(house.zone)
    return tuple(to_instant(datetime.combine(day, time(12), zone)) for day in days)


def _repeat_text(values: Mapping[str, str], when: WhenReading) -> str:
    """How a series by rule was written, so that it can be read again when it goes on."""
    if when.series is None or when.series.repeat is None:
        return ""
    return "\n".join(filter(None, (values.get("when", ""), values.get("repeat", ""))))


def place_and_link(text: str) -> tuple[str, str]:
    """What stands behind `Where:` as a place and the address of an online meeting; either may be ""."""
    match = _LINK.search(text)
    if match is None:
        return " ".join(text.split()), ""
    rest = _JOINS.sub("", _CAPTION.sub("", f"{text[: match.start()].rstrip()}\n{text[match.end() :]}"))
    link = match[1].rstrip(".,;")
    return " ".join(rest.split()).strip(" ,;:-–"), link if link.count("(") >= link.count(")") else link.rstrip(")")


def how(text: str, place: str, link: str) -> str:
    """Online, on site, both or not said, from the label or else from what `Where:` names."""
    low = text.lower()
    online, on_site = bool(_ONLINE.search(low)), bool(_ON_SITE.search(low))
    if _BOTH.search(low) or (online and on_site):
        return "both"
    if online or on_site:
        return "online" if online else "on-site"
    if _HYBRID.search(place.lower()):
        return "both"
    if _BY_NET.search(place.lower()):
        return "both" if _ROOM.search(place.lower()) else "online"
    if place and link:
        return "both"
    return "online" if link else "on-site" if place else ""


# ---- what letters print


def printed(group: Values, house: House) -> forms.Printed:
    """What the letters to the caller print above and below their labels, which some mails carry back unmarked."""
    title = str(group.get("title", ""))
    return forms.Printed(title, f"{title} <{group.get('address', '')}> · {house.site}" if house.site else "")


def fields(values: Mapping[str, str], names: Sequence[str] = SHOWN) -> list[Values]:
    """The lines of a form by their ids; the letter prints their labels in its language."""
    return [{"id": one, "value": values.get(one, "")} for one in names]


def time_values(at: Time) -> Values:
    """A time as templates take it."""
    return {"starts": at.starts, "ends": at.ends, "whole": at.whole_day}


def question_values(question: Question) -> Values:
    """What is asked about, as templates take it."""
    times = [time_values(one) for one in question.times]
    return {"field": question.field, "problem": question.problem, "text": question.text, "times": times}

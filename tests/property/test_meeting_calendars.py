"""Calendars that we write come back as they were meant, in our reader and in others'; no calendar stops our reader."""

from __future__ import annotations

import io
import random
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from mailsvc.clock import SECOND, Instant, to_instant
from mailsvc.message.parsing import parse
from tests.property import fuzz_kit
from tests.tools import SOAK
from tests.unit.meeting_kit import BO, STAMP, US, meeting
from workflows.meeting.calendar import invitation
from workflows.meeting.calendar.event import Meeting, PartStat, Party
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.calendar.sequence import Mark, Standing, mark, standing
from workflows.meeting.calendar.vtimezone import timezone_component
from workflows.meeting.foreign.content_lines import read_components
from workflows.meeting.foreign.reading import read_calendar, read_mail
from workflows.meeting.foreign.zones import read_rules

NORDIC = (
    "Europe/Stockholm",
    "Europe/Oslo",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Europe/Mariehamn",
    "Atlantic/Reykjavik",
    "Atlantic/Faroe",
    "America/Nuuk",
)
FIRST, LAST = 1987, 2036
HOUR = timedelta(hours=1)


def changes(zone: ZoneInfo) -> list[datetime]:
    """The UTC hours at which the offset is another than an hour before, over fifty years."""
    at, found = datetime(FIRST, 1, 1, tzinfo=UTC), []
    while at.year <= LAST:
        if at.astimezone(zone).utcoffset() != (at + timedelta(days=1)).astimezone(zone).utcoffset():
            hours = [at + number * HOUR for number in range(25)]
            offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
            found += [hours[place] for place in range(1, 25) if offsets[place] != offsets[place - 1]]
        at += timedelta(days=1)
    return found


def around(zone: ZoneInfo) -> list[datetime]:
    """Local times that are there exactly once, close to every change and in the middle of every season."""
    found: list[datetime] = []
    for change in changes(zone) or [datetime(FIRST, 7, 1, tzinfo=UTC)]:
        for hours in (-4000, -25, -3, -2, -1, 0, 1, 2, 3, 25, 2000):
            local = (change + hours * HOUR).astimezone(zone)
            once = local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()
            if once and FIRST <= local.year <= LAST:
                found.append(local)
    return found


@pytest.mark.parametrize("key", NORDIC)
def test_fifty_years_of_a_zone_read_by_three_readers(key: str) -> None:
    """One VTIMEZONE for all of them, as a feed with old meetings has it."""
    zone = ZoneInfo(key)
    component = timezone_component(key, date(FIRST, 1, 1), date(LAST, 12, 31))
    ours = read_rules(read_components(component.to_ical().decode()).parts[0])
    dateutils = tzical(io.StringIO(component.to_ical().decode().replace("\r\n", "\n"))).get(key)
    theirs = Timezone.from_ical(component.to_ical())
    assert isinstance(theirs, Timezone)
    times, infos = theirs.get_transitions()
    assert ours is not None
    for local in around(zone):
        naive, utc = local.replace(tzinfo=None), local.astimezone(UTC)
        assert ours.to_utc(naive) == utc, f"{key} {local}"
        assert naive.replace(tzinfo=dateutils).astimezone(UTC) == utc, f"{key} {local}"
        place = bisect_right(times, utc.replace(tzinfo=None)) - 1
        assert infos[max(place, 0)][0] == local.utcoffset(), f"{key} {local}"


@pytest.mark.parametrize("key", [*NORDIC, "Europe/London", "Europe/Dublin", "America/New_York", "Africa/Casablanca"])
def test_a_meeting_of_any_year_has_its_rules(key: str) -> None:
    """A VTIMEZONE as one invitation has it: of its year alone, whatever the year's rules were."""
    zone = ZoneInfo(key)
    for year in range(FIRST, LAST + 1, 1 if SOAK else 7):
        rules = read_rules(
            read_components(timezone_component(key, date(year, 1, 1), date(year, 12, 31)).to_ical().decode()).parts[0]
        )
        assert rules is not None
        for day in range(0, 365, 5):
            local = (datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)).astimezone(zone)
            if local.year == year:
                assert rules.to_utc(local.replace(tzinfo=None)) == local.astimezone(UTC), f"{key} {local}"


@pytest.mark.parametrize("key", NORDIC[:-1])
def test_todays_rules_are_two_at_most(key: str) -> None:
    """Exchange reads one rule for summer and one for winter. (Nuuk changes the evening before the last Sunday.)"""
    component = timezone_component(key, date(2026, 12, 3), date(2026, 12, 3))
    kinds = [part.name for part in component.subcomponents]
    assert sorted(kinds) in (["STANDARD"], ["DAYLIGHT", "STANDARD"])


# ---- round trip

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=120)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=80)
MOMENTS = st.integers(to_instant(datetime(1990, 1, 1, tzinfo=UTC)) // SECOND, 2_500_000_000)


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    start = draw(MOMENTS)
    return Meeting(
        uid=draw(st.from_regex(r"[a-z0-9]{1,40}@[a-z]{1,20}\.example\.org", fullmatch=True)),
        sequence=draw(st.integers(0, 999)),
        start=Instant(start * SECOND),
        end=Instant((start + draw(st.integers(0, 200_000))) * SECOND),
        zone=draw(st.sampled_from([*NORDIC, "UTC"])),
        summary=draw(LINE),
        location=draw(LINE),
        online=draw(st.sampled_from(["", "https://meet.example.org/a,b;c"])),
        description=draw(TEXT),
    )


def once(meeting: Meeting) -> bool:
    """Times that a wall clock shows twice cannot be written with a TZID (RFC 5545 §3.3.5 takes the first)."""
    zone = ZoneInfo(meeting.zone)
    for at in (meeting.start, meeting.end):
        local = datetime.fromtimestamp(at // SECOND, zone)
        if local.fold:
            return False
    return True


@settings(max_examples=1000 if SOAK else 150, deadline=None)
@given(meetings().filter(once), LINE, st.sampled_from(PartStat))
def test_what_is_built_reads_back(one: Meeting, name: str, partstat: PartStat) -> None:
    calendar = invitation.request(one, US, Party(BO.address, name), STAMP, partstat)
    mail = invitation_mail([("To", BO.address)], "x\n", "<p>x</p>", calendar, "REQUEST")
    (read,) = read_mail(parse(mail), "Europe/Helsinki")
    assert (read.method, read.uid, read.sequence, read.dtstamp) == ("REQUEST", one.uid, one.sequence, STAMP)
    assert (read.start, read.end) == (one.start, one.end)
    assert not read.unknown_zone
    assert read.summary == " ".join(one.summary.split())
    assert (read.organizer and read.organizer.address, read.attendees[0].address) == (US.address, BO.address)
    assert read.attendees[0].partstat == partstat
    assert read.online == one.online
    theirs: Any = Calendar.from_ical(calendar).walk("VEVENT")[0]
    assert to_instant(theirs["DTSTART"].dt) == one.start
    assert to_instant(theirs["DTEND"].dt) == one.end


@settings(max_examples=400 if SOAK else 60, deadline=None)
@given(TEXT, st.sampled_from([PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE]))
def test_an_answer_reads_back(comment: str, partstat: PartStat) -> None:
    (read,) = read_calendar(invitation.reply(meeting(), US, BO, partstat, STAMP, comment).decode(), "UTC")
    assert read.answering is not None
    assert (read.method, read.answering.partstat) == ("REPLY", partstat)
    assert read.comment.split() == "".join(c for c in comment if c not in "\x1c\x1d\x1e\x85").split()


# ---- any order, any repetition

ANSWERS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.none() | st.integers(0, 4),
        st.integers(0, 4),
        st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"]),
    ),
    min_size=1,
    max_size=4,
)


def final(marks: tuple[Mark, ...], asked_since: int) -> Mark | None:
    counted: Mark | None = None
    for one in marks:
        if standing(one, counted, asked_since) is Standing.COUNTS:
            counted = one
    return counted


@settings(max_examples=500 if SOAK else 100, deadline=None)
@given(ANSWERS, st.integers(0, 3))
def test_any_order_and_repetition_gives_the_same_answer(
    said: list[tuple[int | None, int | None, int, str]], asked_since: int
) -> None:
    marks = [
        mark(number, None if stamp is None else Instant(stamp * SECOND), Instant(date * SECOND), 3, tie)
        for number, stamp, date, tie in said
    ]
    results = {final(order, asked_since) for order in permutations(marks)}
    results |= {final((*order, *order), asked_since) for order in permutations(marks)}
    assert len(results) == 1


# ---- anything at all


def fuzz_pool() -> list[bytes]:
    one = meeting()
    return [
        invitation.request(one, US, BO, STAMP),
        invitation.cancel(replace(one, sequence=2), US, BO, STAMP, "off"),
        invitation.reply(one, US, BO, PartStat.DECLINED, STAMP, "no"),
        invitation.request(replace(one, zone="Africa/Casablanca"), US, BO, STAMP)[:4000],
    ]


TOKENS = (
    b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VTIMEZONE\r\n", b"TZID=", b";", b":", b'"', b"\r\n ", b"\r\n", b"=",
    b",", b"RRULE:FREQ=SECONDLY;COUNT=99999999\r\n", b"UNTIL=00000101", b"BYDAY=-5SU", b"DTSTART:00010101T000000\r\n",
    b"DTEND:99991231\r\n", b"DURATION:P99999D\r\n", b"mailto:", b"TZOFFSETTO:-2359\r\n", b"^n", b"\\", b"\xff", b"\x00",
    b"EMAIL=a@b", b"SEQUENCE:99999999999999999999\r\n", b"RDATE:20260101,20260102/PT1H\r\n", b"\xe2\x80\xa8",
)  # fmt: skip


def test_nothing_stops_the_reader() -> None:
    rng, pool = random.Random("meetings"), fuzz_pool()
    for _ in range(20_000 if SOAK else 1500):
        data = bytearray(rng.choice(pool))
        for _ in range(rng.choice((1, 2, 3, 5, 8))):
            fuzz_kit.mutate(data, rng, pool, TOKENS)
        for one in read_calendar(bytes(data).decode("utf-8", "replace"), "Europe/Stockholm"):
            assert one.uid
            assert all(who.partstat in ("", *PartStat) for who in one.attendees)
            assert one.end is None or one.start is None or one.end >= one.start


def read(text: str) -> None:
    read_calendar(text, "UTC")


@pytest.mark.parametrize(
    "bomb",
    [
        "BEGIN:VEVENT\r\n" * 30_000,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n" + "ATTENDEE:mailto:a@example.com\r\n" * 30_000,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE" + ";A=b" * 200_000 + ":mailto:a@example.com",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEXDATE:" + "20260101," * 100_000,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:" + "x\r\n " * 200_000,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE;CN=" + '"' * 300_001 + ":mailto:a@example.com",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n" + "RRULE:FREQ=SECONDLY;COUNT=4000000000\r\n" * 9_000,
        "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n" * 30_000,
    ],
    ids=["begins", "attendees", "parameters", "dates", "folds", "quotes", "rules", "events"],
)
def test_work_and_size_are_bounded(bomb: str) -> None:
    """The number of calls made while reading, which is the same on every machine, stays in proportion."""
    found = read_calendar(bomb, "UTC")
    assert len(found) <= 60
    assert all(len(one.attendees) <= 1000 and len(one.excluded) <= 400 for one in found)
    half = fuzz_kit.calls(partial(read, bomb[: len(bomb) // 2]))
    whole = fuzz_kit.calls(partial(read, bomb))
    assert whole <= 3 * half + 2000

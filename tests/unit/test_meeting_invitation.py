"""The calendars that we send: what stands in them, how they are bounded, and the mail around them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from mailsvc.clock import SECOND, Instant
from mailsvc.message.build import BuildBug
from tests.unit.meeting_kit import BO, STAMP, US, at, meeting
from workflows.meeting.calendar import invitation, sequence
from workflows.meeting.calendar.event import Meeting, PartStat, Party, Status
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.calendar.sequence import Standing, mark, standing


def unfolded(calendar: bytes) -> list[str]:
    assert calendar.endswith(b"\r\n")
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    assert max(len(line) for line in calendar.split(b"\r\n")) <= 75
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def event(calendar: bytes) -> Any:
    whole = Calendar.from_ical(calendar)
    assert isinstance(whole, Calendar)
    (one,) = whole.walk("VEVENT")
    return one


def test_an_invitation_names_the_member_alone_and_asks_for_an_answer() -> None:
    lines = unfolded(invitation.request(meeting(), US, BO, STAMP))
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mailsvc//meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
    ]
    assert [line for line in lines if line.startswith(("ORGANIZER", "ATTENDEE"))] == [
        'ORGANIZER;CN="Anna Berg via school-buildings":mailto:meeting+k7@networks.example.org',
        (
            'ATTENDEE;CN="Bo Åström";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE'
            ":mailto:bo@example.com"
        ),
    ]
    assert "DTSTART;TZID=Europe/Stockholm:20261203T130000" in lines
    assert "DTEND;TZID=Europe/Stockholm:20261203T143000" in lines
    assert "DTSTAMP:20261101T110000Z" in lines
    assert "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://meet.example.org/abc" in lines
    assert "STATUS:CONFIRMED" in lines
    assert lines.count("BEGIN:VEVENT") == 1  # the one in the agenda is text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines


def test_who_keeps_their_answer_is_not_asked() -> None:
    lines = unfolded(invitation.request(meeting(), US, BO, STAMP, PartStat.ACCEPTED))
    (attendee,) = [line for line in lines if line.startswith("ATTENDEE")]
    assert "PARTSTAT=ACCEPTED;RSVP=FALSE" in attendee


def test_a_whole_day_needs_no_zone() -> None:
    whole = meeting(start=at("2026-12-03T00:00"), end=at("2026-12-05T00:00"), whole_day=True)
    lines = unfolded(invitation.request(whole, US, BO, STAMP))
    assert "DTSTART;VALUE=DATE:20261203" in lines
    assert "DTEND;VALUE=DATE:20261205" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_an_online_meeting_has_its_address_where_phones_look() -> None:
    one = event(invitation.request(meeting(location=""), US, BO, STAMP))
    assert one["LOCATION"] == "https://meet.example.org/abc"
    both = event(invitation.request(meeting(), US, BO, STAMP))
    assert both["LOCATION"] == "Town hall, room 3"
    assert both["DESCRIPTION"].startswith("https://meet.example.org/abc\n\nAgenda:")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a b.example.org/", "https://x.example.org/\r\nX:y"]
)
def test_only_plain_web_addresses_are_written(address: str) -> None:
    lines = unfolded(invitation.request(meeting(online=address, url=address), US, BO, STAMP))
    assert not [line for line in lines if line.startswith(("CONFERENCE", "URL", "X:"))]


def test_nobodys_text_becomes_a_line_or_a_parameter() -> None:
    evil = 'x\r\nATTENDEE:mailto:eve@example.net\u2028";PARTSTAT=ACCEPTED:^n\x00'
    cruel = meeting(summary=evil, location=evil, description=evil)
    calendar = invitation.request(cruel, Party(US.address, evil), Party("å%b@example.com", evil), STAMP, comment=evil)
    lines = unfolded(calendar)
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1
    one = event(calendar)
    assert one["ATTENDEE"] == "mailto:%C3%A5%25b@example.com"
    assert one["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert one["SUMMARY"] == 'x ATTENDEE:mailto:eve@example.net ";PARTSTAT=ACCEPTED:^n'


@pytest.mark.parametrize(
    "name", ["Anna Berg\\", "EXAMPLE\\nils", "Stab\\, Anna", 'Anna "A" Berg', "Anna^nils; Berg: x"]
)
def test_a_name_is_read_as_it_was_written_by_those_who_see_escapes_in_it(name: str) -> None:
    calendar = invitation.request(meeting(), US, Party(BO.address, name), STAMP)
    assert "\\" not in next(line for line in unfolded(calendar) if line.startswith("ATTENDEE"))
    attendee = event(calendar)["ATTENDEE"]
    assert attendee == f"mailto:{BO.address}"
    assert attendee.params["CN"].replace("/", "\\") == name.replace('"', "'").replace("^", "")


def test_a_calendar_stays_within_its_bound() -> None:
    long = "😀" * 40_000
    huge = meeting(summary=long, location=long, description=long, zone="Africa/Casablanca")
    calendar = invitation.request(huge, Party(US.address, long), Party(BO.address, long), STAMP, comment=long)
    assert 30_000 < len(calendar) <= invitation.LONGEST
    assert event(calendar)["DESCRIPTION"].endswith("…")


def test_a_cancellation_says_so_whatever_the_status_was() -> None:
    off = sequence.called_off(meeting(sequence=4))
    lines = unfolded(invitation.cancel(replace(off, status=Status.CONFIRMED), US, BO, STAMP, "too few"))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:5", "COMMENT:too few"} <= set(lines)
    assert 'ATTENDEE;CN="Bo Åström":mailto:bo@example.com' in lines


def test_a_refused_proposal_echoes_the_sequence() -> None:
    lines = unfolded(invitation.decline_counter(meeting(sequence=3), US, BO, STAMP))
    assert {"METHOD:DECLINECOUNTER", "SEQUENCE:3", "UID:m1@networks.example.org"} <= set(lines)


def test_our_answer_to_a_caller() -> None:
    theirs = meeting(uid="0400@exchange", sequence=2, recurrence_id=at("2026-12-03T13:00"))
    calendar = invitation.reply(
        theirs, BO, Party("forum@networks.example.org"), PartStat.ACCEPTED, STAMP, "12 yes, 3 no"
    )
    lines = unfolded(calendar)
    assert "RECURRENCE-ID;TZID=Europe/Stockholm:20261203T130000" in lines
    assert "ATTENDEE;PARTSTAT=ACCEPTED:mailto:forum@networks.example.org" in lines
    assert not [line for line in lines if line.startswith(("DESCRIPTION", "STATUS", "URL"))]
    assert event(calendar)["COMMENT"] == "12 yes, 3 no"


def test_a_feed_has_no_people_and_the_same_bytes_again() -> None:
    meetings = [meeting(), meeting(uid="m2@x", start=at("2027-01-14T13:00"), end=at("2027-01-14T14:00"))]
    feed = invitation.feed("School buildings", meetings, lambda _: STAMP)
    assert feed == invitation.feed("School buildings", meetings, lambda _: STAMP)
    lines = unfolded(feed)
    assert lines.count("BEGIN:VEVENT") == 2
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert "X-WR-CALNAME:School buildings" in lines
    assert not [line for line in lines if line.startswith(("ATTENDEE", "ORGANIZER"))]


# ---- the mail


def test_the_mail_has_the_shape_that_clients_know() -> None:
    calendar = invitation.request(meeting(), US, BO, STAMP)
    headers = [
        ("From", f"Anna <{US.address}>"),
        ("To", BO.address),
        ("Subject", "Möte"),
        ("Message-ID", "<1@networks.example.org>"),
    ]
    content = invitation_mail(headers, "Hej!\n", "<p>Hej!</p>", calendar, "REQUEST")
    assert content == invitation_mail(headers, "Hej!\n", "<p>Hej!</p>", calendar, "REQUEST")
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inner, file = list(mail.walk())[4:]
    assert inner["Content-Type"].params == {"charset": "UTF-8", "method": "REQUEST"}
    assert inner["Content-Disposition"] is None
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert inner.get_payload(decode=True) == file.get_payload(decode=True) == calendar
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_method_that_is_not_the_calendars_cannot_leave() -> None:
    calendar = invitation.request(meeting(), US, BO, STAMP)
    for method in ("CANCEL", "PUBLISH", "REQUEST\r\nX: y"):
        with pytest.raises(BuildBug):
            invitation_mail([("To", BO.address)], "x", "<p>x</p>", calendar, method)


# ---- SEQUENCE


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({}, False),
        ({"description": "New agenda"}, False),
        ({"location": "Room 4", "summary": "Other", "online": ""}, False),
        ({"start": at("2026-12-03T13:15")}, True),
        ({"end": at("2026-12-03T15:00")}, True),
        ({"status": Status.TENTATIVE}, True),
        ({"whole_day": True}, True),
        ({"start": Instant(at("2026-12-03T13:00") + SECOND // 2)}, False),  # no calendar can show it
    ],
)
def test_only_time_and_status_ask_anew(changes: dict[str, Any], asks: bool) -> None:
    old = meeting(sequence=7)
    revision = sequence.revised(old, replace(old, **changes))
    assert revision.asks is asks
    assert revision.meeting.sequence == 7 + asks


def test_who_left_and_came_back_is_invited_with_more_than_the_cancellation() -> None:
    now: Meeting = meeting(sequence=2)
    gone = sequence.left(now, sent=2)
    assert (gone.sequence, gone.status) == (3, Status.CANCELLED)
    assert sequence.returned(now, sent=gone.sequence).sequence == 4
    assert sequence.returned(replace(now, sequence=9), sent=gone.sequence).sequence == 9


def test_what_an_answer_is_worth() -> None:
    first = mark(1, Instant(10 * SECOND), Instant(0), current=1, tie="ACCEPTED")
    assert standing(first, None, asked_since=1) is Standing.COUNTS
    assert standing(first, first, asked_since=1) is Standing.REPEATED
    later = mark(1, Instant(20 * SECOND), Instant(0), current=1, tie="DECLINED")
    assert standing(later, first, asked_since=1) is Standing.COUNTS
    assert standing(first, later, asked_since=1) is Standing.SUPERSEDED
    assert standing(later, None, asked_since=2) is Standing.OLDER_TIME
    exchange = mark(None, None, Instant(30 * SECOND), current=2, tie="TENTATIVE")
    assert (exchange.sequence, exchange.stamp) == (2, 30 * SECOND)
    assert standing(exchange, later, asked_since=2) is Standing.COUNTS
    assert mark(99, None, Instant(0), current=2, tie="").sequence == 2

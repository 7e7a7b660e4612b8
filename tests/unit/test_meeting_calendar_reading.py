"""What calendar programs send, read: every odd habit that design and captures tell of, written anew here."""

from __future__ import annotations

import pytest

from mailsvc.message.parsing import parse
from tests.unit.meeting_kit import at
from workflows.meeting.foreign.reading import CalendarMessage, read_calendar, read_mail
from workflows.meeting.foreign.zones import known_name

ZONE = "Europe/Stockholm"


def calendar(*lines: str, method: str = "REPLY", before: str = "") -> str:
    head = ["BEGIN:VCALENDAR", f"METHOD:{method}", *before.splitlines(), "BEGIN:VEVENT", "UID:m1@example.org"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""])


def one(*lines: str, method: str = "REPLY", before: str = "") -> CalendarMessage:
    (found,) = read_calendar(calendar(*lines, method=method, before=before), ZONE)
    return found


def test_exchange_answers_without_organizer_stamp_and_sequence() -> None:
    found = one(
        'ATTENDEE;PARTSTAT=ACCEPTED;CN="Berg, Anna":MAILTO:Anna@EXAMPLE.com',
        "COMMENT;LANGUAGE=sv-SE:\\n",
        "SUMMARY;LANGUAGE=sv-SE:Accepterat: Möte",
        "DTSTART;TZID=W. Europe Standard Time:20261203T130000",
        "DTEND;TZID=W. Europe Standard Time:20261203T143000",
    )
    assert (found.organizer, found.dtstamp, found.sequence, found.comment) == (None, None, None, "")
    assert found.answering is not None
    assert (found.answering.address, found.answering.name) == ("Anna@example.com", "Berg, Anna")
    assert found.answering.partstat == "ACCEPTED"
    assert (found.start, found.end, found.zone) == (at("2026-12-03T13:00"), at("2026-12-03T14:30"), "Europe/Berlin")


def test_google_puts_the_comment_into_a_parameter() -> None:
    found = one(
        'ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=TENTATIVE;CN=Bo;X-RESPONSE-COMMENT="Maybe: I am',
        '  away; call me":mailto:bo@example.com',
        "DTSTART:20261203T120000Z",
        "SEQUENCE:1",
        "DTSTAMP:20261101T110000Z",
    )
    assert found.comment == "Maybe: I am away; call me"
    assert (found.sequence, found.zone, found.start) == (1, "UTC", at("2026-12-03T13:00"))
    assert found.dtstamp == at("2026-11-01T12:00")


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;PARTSTAT=DECLINED;CN=Berg: Anna:mailto:a@example.com",
        'ATTENDEE;PARTSTAT=DECLINED;CN="Berg:mailto:a@example.com',
        "ATTENDEE;PARTSTAT=declined:mailto:mailto:<a@example.com>",
        "ATTENDEE;PARTSTAT=DECLINED;EMAIL=a@example.com:/aB1/principal/",
        "ATTENDEE;PARTSTAT=DECLINED;EMAIL=a@example.com:urn:uuid:1",
        "attendee;partstat=DECLINED:mailto:a@example.com",
        "ATTENDEE;PARTSTAT=DECLINED:a@example.com",
    ],
)
def test_addresses_in_bad_company(line: str) -> None:
    found = one(line)
    assert found.answering is not None
    assert (found.answering.address, found.answering.partstat) == ("a@example.com", "DECLINED")


@pytest.mark.parametrize(
    "value", ["invalid:nomail", "/o=ExchangeLabs/cn=Anna", "mailto:", "urn:uuid:1", "@", "mailto:@x"]
)
def test_what_is_no_address_is_none(value: str) -> None:
    assert one(f"ATTENDEE;PARTSTAT=ACCEPTED:{value}").attendees[0].address == ""


def test_an_unknown_answer_is_no_answer() -> None:
    assert one("ATTENDEE;PARTSTAT=PERHAPS:mailto:a@example.com").attendees[0].partstat == ""
    assert one("ATTENDEE:mailto:a@example.com").attendees[0].partstat == "NEEDS-ACTION"


def test_who_answers_among_several() -> None:
    delegated = one(
        'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:b@example.com":mailto:a@example.com',
        'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:a@example.com":mailto:b@example.com',
    )
    assert delegated.answering is not None
    assert (delegated.answering.address, delegated.answering.delegated_to) == ("a@example.com", "b@example.com")
    silent = one("ATTENDEE:mailto:a@example.com", "ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.com")
    assert silent.answering is not None
    assert silent.answering.address == "b@example.com"
    assert one("ATTENDEE:mailto:a@example.com", "ATTENDEE:mailto:b@example.com").answering is None


RULES = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize("day", ["20261203", "20270701", "20270327", "20270329", "20271030", "20271101"])
def test_enclosed_rules_where_nobody_knows_the_name(day: str) -> None:
    found = one(f"DTSTART;TZID=Customized Time Zone:{day}T130000", before=RULES)
    assert (found.zone, found.unknown_zone) == ("", False)
    assert found.start == at(f"{day[:4]}-{day[4:6]}-{day[6:]}T13:00")


def test_an_unknown_zone_is_read_in_the_sites_and_said() -> None:
    found = one("DTSTART;TZID=Customized Time Zone:20261203T130000")
    assert (found.start, found.zone, found.unknown_zone) == (at("2026-12-03T13:00"), ZONE, True)
    rules = RULES.replace("FREQ=YEARLY", "FREQ=SECONDLY")
    assert one("DTSTART;TZID=Customized Time Zone:20261203T130000", before=rules).unknown_zone


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("Europe/Oslo", "Europe/Oslo"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Oslo", "Europe/Oslo"),
        ("/mozilla.org/20070129_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("europe/copenhagen", "Europe/Copenhagen"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("GMT Standard Time", "Europe/London"),
        ("Central Europe Standard Time", "Europe/Budapest"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("../../etc/passwd", ""),
        ("Europe", ""),
        ("", ""),
        ("Customized Time Zone", ""),
    ],
)
def test_names_of_zones(tzid: str, name: str) -> None:
    assert known_name(tzid) == name


def test_whole_days_and_lengths() -> None:
    day = one("DTSTART;VALUE=DATE:20261203", method="REQUEST")
    assert (day.whole_day, day.start, day.end) == (True, at("2026-12-03T00:00"), at("2026-12-04T00:00"))
    change = one("DTSTART;VALUE=DATE:20270328", "DURATION:P1D", method="REQUEST")
    assert change.end == at("2027-03-29T00:00")  # a day of 23 hours
    assert one("DTSTART:20261203T120000Z", "DURATION:PT1H30M").end == at("2026-12-03T14:30")
    assert one("DTSTART:20261203T120000Z").end == at("2026-12-03T13:00")
    assert one("DTSTART:20261203T120000Z", "DTEND:20261203T110000Z").end == at("2026-12-03T13:00")
    outlook = one(
        "DTSTART;TZID=W. Europe Standard Time:20261203T000000",
        "DTEND;TZID=W. Europe Standard Time:20261204T000000",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    )
    assert outlook.whole_day


@pytest.mark.parametrize("value", ["", "20261303T130000", "99991231T235959Z", "00000101", "soon", "20261203T250000"])
def test_what_is_no_time_is_none(value: str) -> None:
    found = one(f"DTSTART:{value}", f"DTSTAMP:{value}", f"RECURRENCE-ID:{value}")
    assert (found.start, found.dtstamp, found.recurrence_id, found.end) == (None, None, None, None)


def test_a_series_with_an_exception_comes_master_first() -> None:
    text = calendar("RECURRENCE-ID:20261210T120000Z", "DTSTART:20261210T130000Z", method="REQUEST").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:m1@example.org\r\nDTSTART:20261203T120000Z\r\nRRULE:freq=weekly;count=4\r\n"
        "EXDATE:20261217T120000Z,20261224T120000Z\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:other@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    master, changed = read_calendar(text, ZONE)
    assert (master.rrule, master.recurrence_id) == ("FREQ=WEEKLY;COUNT=4", None)
    assert master.excluded == (at("2026-12-17T13:00"), at("2026-12-24T13:00"))
    assert changed.recurrence_id == at("2026-12-10T13:00")


def test_texts_and_addresses_of_an_invitation() -> None:
    found = one(
        "SUMMARY:Möte\\, del 1\\; start\\nnu",
        "DESCRIPTION:En rad\\nen till",
        "LOCATION:Microsoft Teams-möte",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example.com/l/1",
        "ATTACH;FILENAME=a.pdf:https://files.example.com/a.pdf",
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA",
        "URL:javascript:alert(1)",
        method="REQUEST",
    )
    assert (found.summary, found.description) == ("Möte, del 1; start nu", "En rad\nen till")
    assert found.online == "https://teams.example.com/l/1"
    assert (found.attached, found.url) == (("https://files.example.com/a.pdf",), "")


def test_the_method_of_the_part_where_the_calendar_has_none() -> None:
    text = calendar("SUMMARY:x").replace("METHOD:REPLY\r\n", "")
    assert read_calendar(text, ZONE)[0].method == ""
    assert read_calendar(text, ZONE, "reply")[0].method == "REPLY"


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR", "BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT", "hello\r\n there"])
def test_what_is_no_calendar_is_nothing(text: str) -> None:
    assert read_calendar(text, ZONE) == ()


def test_a_missing_end_and_bad_lines_are_forgiven() -> None:
    text = "\ufeffBEGIN:VCALENDAR\nMETHOD:REPLY\nnonsense\n:\nBEGIN:VEVENT\nUID:1\n"
    text += "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.com"
    (found,) = read_calendar(text, ZONE)
    assert found.answering is not None
    assert found.answering.partstat == "ACCEPTED"


# ---- where it stands in a mail

REPLY = calendar("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.com").replace("\r\n", "\n")


def mail(body: str) -> tuple[CalendarMessage, ...]:
    return read_mail(parse(f"From: a@example.com\nMIME-Version: 1.0\n{body}".replace("\n", "\r\n").encode()), ZONE)


def test_the_calendar_as_the_only_part() -> None:
    assert mail(f"Content-Type: text/calendar; method=REPLY\n\n{REPLY}")[0].uid == "m1@example.org"


def test_apples_calendar_without_method_nested_after_a_file() -> None:
    found = mail(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nYes\n"
        f"--b\nContent-Type: text/calendar\n\n{REPLY}\n--b--\n"
        "--a\nContent-Type: application/octet-stream; name=x.ics\n\nnothing\n--a--\n"
    )
    assert found[0].method == "REPLY"


def test_a_calendar_as_a_file() -> None:
    found = mail(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n\nYes\n"
        "--a\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=answer.ICS\n\n"
        f"{REPLY}\n--a--\n"
    )
    assert found[0].method == "REPLY"


def test_an_invitation_inside_a_bounce_is_nobodys_answer() -> None:
    found = mail(
        "Content-Type: multipart/report; boundary=a; report-type=delivery-status\n\n--a\nContent-Type: text/plain\n\n"
        "No\n--a\nContent-Type: message/rfc822\n\nFrom: us@example.org\n"
        f"Content-Type: text/calendar; method=REPLY\n\n{REPLY}"
        "\n--a--\n"
    )
    assert found == ()


@pytest.mark.parametrize(
    ("shown", "zone", "time"),
    [
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Europe/Amsterdam", "2026-12-03T13:00"),
        ("(UTC+01:00) Bruxelles, København, Madrid, Paris", "Europe/Madrid", "2026-12-03T13:00"),
        ("(UTC+02:00) Helsingfors, Kiev, Riga, Sofia, Tallinn, Vilnius", "Europe/Kiev", "2026-12-03T13:00"),
        ("(UTC) Dublin, Edinburgh, Lissabon, London", "Europe/Dublin", "2026-12-03T13:00"),
        ("(GMT+09:00) Osaka, Sapporo, Tokyo", "Asia/Tokyo", "2026-12-03T13:00"),
    ],
)
def test_a_zone_as_windows_shows_it_is_known_by_its_cities(shown: str, zone: str, time: str) -> None:
    found = one(f'DTSTART;TZID="{shown}":20261203T130000')
    assert (found.zone, found.start, found.unknown_zone) == (zone, at(time, zone), False)


@pytest.mark.parametrize("shown", ["(UTC+05:00) Stockholm", "(UTC+01:00) Nowhere, Elsewhere", "(UTC+01:00)", "(UTC) ,"])
def test_a_city_with_another_offset_is_not_believed(shown: str) -> None:
    found = one(f'DTSTART;TZID="{shown}":20261203T130000')
    assert found.zone in ("", ZONE)


def test_letters_that_are_folded_in_their_middle_are_whole() -> None:
    line = "COMMENT:ååå😀😀".encode()
    for place in range(9, len(line)):
        text = calendar("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.org", "X-HERE:1").encode()
        folded = text.replace(b"X-HERE:1", line[:place] + b"\r\n " + line[place:])
        head = b"Content-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        (found,) = read_mail(parse(b"From: a@example.org\r\nMIME-Version: 1.0\r\n" + head + folded), ZONE)
        assert found.comment == "ååå😀😀", place


def test_a_text_that_is_html_alone_is_the_description() -> None:
    found = one("X-ALT-DESC;FMTTYPE=text/html:<p>Dagordning: <b>kartor</b></p>", method="REQUEST")
    assert found.description == "<p>Dagordning: <b>kartor</b></p>"
    assert one("X-ALT-DESC:<p>x</p>", "DESCRIPTION:Kartor", method="REQUEST").description == "Kartor"

"""Out-of-office notices as people write them, and what is read out of each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailsvc.clock import Instant, to_instant
from mailsvc.message.absence import LONGEST_WORDS, Absence, read_absence
from mailsvc.message.parsing import Message, parse

# Wednesday of ISO week 27. 3 August is a Monday, of week 32.
JULY = "2026-07-01"
ZONE = "Europe/Stockholm"

DATA = Path(__file__).parent / "data" / "absences.txt"
ROWS = [
    tuple(cell.strip() for cell in line.split("|", 2))
    for line in DATA.read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def received(day: str) -> Instant:
    """Nine in the morning, UTC, of a day."""
    return to_instant(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC))


def notice(subject: str = "Automatiskt svar: Godkänn inlägg [#142]", headers: str = "") -> Message:
    return parse(f"From: anna@example.org\nTo: cases@networks.example.org\n{headers}Subject: {subject}\n\nx\n".encode())


def read(text: str, day: str = JULY, subject: str = "Autosvar: x", language: str | None = None) -> Absence | None:
    return read_absence(notice(subject), text, received(day), ZONE, language)


def outcome(absence: Absence | None) -> str:
    if absence is None:
        return "over"
    if absence.left:
        return "left"
    return absence.until.isoformat() if absence.until else "none"


@pytest.mark.parametrize(("day", "expected", "text"), ROWS)
def test_notices(day: str, expected: str, text: str) -> None:
    absence = read(text.replace("\\n", "\n"), day)
    assert outcome(absence) == expected
    if absence:
        assert 0 < len(absence.words) <= LONGEST_WORDS


CONTACTS = [
    ("Jag är på semester. Vid brådskande ärenden, kontakta Per Holm, per@example.org.", "per@example.org"),
    (
        "Jag är på semester. Kontakta Per Holm på Per.Holm@example.org vid frågor.\n\nAnna, anna@example.org",
        "Per.Holm@example.org",
    ),
    (
        "Jeg er på ferie. I haster det, så skriv til kontoret: kontor@example.org eller bo@example.org",
        "kontor@example.org",
    ),
    ("Jeg er på ferie. Ta kontakt med <mailto:post@example.org> ved behov.", "post@example.org"),
    ("I am on leave. In my absence please contact Kari (kari@example.net).", "kari@example.net"),
    ("Jag har slutat. Vänd dig till lena@example.org i stället.", "lena@example.org"),
    ("Jag har bytt jobb. Jag nås nu på anna@example.net", None),
    ("I have left the university. My new address is anna@example.net", None),
    ("Jag är på semester.\n\nAnna Berg\nanna@example.org\nwww.example.org", None),
    ("Jag är på semester.\n\nMvh Anna\nbiblioteket@example.org", None),
    ("Jag är på semester. Kontakta nätverket, cases@networks.example.org.", None),
    ("Jag är på semester, kontakta kontoret.", None),
]


@pytest.mark.parametrize(("text", "expected"), CONTACTS)
def test_the_address_of_the_substitute(text: str, expected: str | None) -> None:
    absence = read(text)
    assert absence is not None
    assert (str(absence.contact) if absence.contact else None) == expected


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Frånvarande t.o.m. 7 augusti: SV: Godkänn inlägg [#142]", "Hej!", "2026-08-10"),
        ("Out of office until 12 Aug", "", "2026-08-12"),
        ("Ferie til og med uke 32", "Hilsen Kari", "2026-08-10"),
        ("Automatic reply: Approve a post [#142]", "Thank you for your mail.", "over"),
        ("Out of office: Approve a post [#142]", "Thank you for your mail.", "none"),
        ("Frånvaro: Godkänn inlägg [#142]", "", "none"),
        ("Fravær: Godkend indlæg [#142]", "", "none"),
        ("Automatiskt svar: Semesterplaneringen [#142]", "Tack, ditt mejl har kommit fram.", "over"),
        # the body says more exactly than the subject
        ("Ledig i juli", "Jag är åter 10 augusti.", "2026-08-10"),
    ],
)
def test_subjects(subject: str, text: str, expected: str) -> None:
    assert outcome(read(text, subject=subject)) == expected


def test_six_digits_by_language() -> None:
    assert outcome(read("Jeg er på ferie til 120826.", language="da")) == "2026-08-12"
    assert outcome(read("Jag är på semester till 260812.", language="sv")) == "2026-08-12"
    assert outcome(read("Jag är på semester till 120826.", language="sv")) == "none"


def test_the_day_is_that_of_the_site() -> None:
    """At half past eleven in the evening UTC it is already Thursday in Stockholm."""
    late = to_instant(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    for zone, expected in ((ZONE, date(2026, 7, 3)), ("UTC", date(2026, 7, 2))):
        absence = read_absence(notice(), "Jag är ledig i dag.", late, zone)
        assert absence is not None
        assert absence.until == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2027-07-31", "2027-07-31"), ("2027-08-01", "2027-08-01"), ("2027-08-02", "none"), ("2126-07-01", "none")],
)
def test_thirteen_months_and_one_day(text: str, expected: str) -> None:
    assert outcome(read(f"I am on leave until {text}.")) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-06-30", "over"), ("2026-07-01", "over"), ("2026-07-02", "2026-07-02")]
)
def test_what_is_over_is_no_absence(text: str, expected: str) -> None:
    assert outcome(read(f"I am on leave until {text}.")) == expected


def test_quoted_lines_are_not_the_notice() -> None:
    assert outcome(read("Tack för ditt mejl.\n\n> Jag är på semester t.o.m. 7 augusti.")) == "over"
    assert outcome(read("Jag är på semester.\n\n> Mötet är 7 augusti, åter 10 augusti.")) == "none"


def test_reports_and_receipts_are_no_absence() -> None:
    report = notice(headers="MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n")
    assert read_absence(report, "Jag är på semester t.o.m. 7 augusti.", received(JULY), ZONE) is None


def test_the_words_that_decided_are_shown_as_written() -> None:
    absence = read("Hej!\nJag är ÅTER   Måndag 10 augusti.\nMvh Anna")
    assert absence is not None
    assert absence.words == "Jag är ÅTER Måndag 10 augusti."


def test_only_the_beginning_is_read() -> None:
    assert outcome(read("x " * 4000 + "Jag är på semester t.o.m. 7 augusti.")) == "over"

"""The real calendar mails of ../shared/corpus/itip. Skipped where the folder is absent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailsvc.message.charsets import decode
from mailsvc.message.parsing import parse
from tests.unit.meeting_kit import BO, STAMP, US, meeting
from workflows.meeting.calendar import invitation
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.foreign.reading import CalendarMessage, read_calendar, read_mail

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "itip"
ZONE = "Europe/Stockholm"


def rows() -> list[dict[str, Any]]:
    path = FOLDER / "expected.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def read(row: dict[str, Any]) -> tuple[CalendarMessage, ...]:
    content = (FOLDER / row["file"]).read_bytes()
    if row["form"] == "message":
        return read_mail(parse(content), ZONE)
    return read_calendar(decode(content, "utf-8"), ZONE)


def test_the_corpus_is_there() -> None:
    if not FOLDER.exists():
        pytest.skip("../shared/corpus is not there; its calendar mails were not read")
    assert len(rows()) == 40


@pytest.mark.corpus
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_calendar_is_read_as_its_source_says(row: dict[str, Any]) -> None:
    stated = row["components"][0]
    found = read(row)
    if stated["component"] != "VEVENT" or "uid" not in stated:
        assert found == ()
        return
    one = found[0]
    assert (one.method, one.uid) == (row["method"], stated["uid"])
    assert [who.address for who in one.attendees] == [who["address"] for who in stated["attendees"]]
    assert [who.partstat for who in one.attendees] == [
        who.get("partstat", "NEEDS-ACTION") for who in stated["attendees"]
    ]
    assert (one.organizer.address if one.organizer else None) == stated.get("organizer")
    if stated.get("sequence", "").isdecimal():
        assert one.sequence == int(stated["sequence"])
    assert bool(one.rrule) == ("rrule" in stated)
    assert (one.start is None) == (row["file"].endswith(("cancel-repeat-event.eml",)) or "dtstart" not in stated)
    assert not one.unknown_zone


@pytest.mark.corpus
@pytest.mark.parametrize("row", [row for row in rows() if "expected" in row], ids=lambda row: row["file"])
def test_a_real_answer_says_what_its_person_said(row: dict[str, Any]) -> None:
    (one,) = read(row)
    assert one.answering is not None
    (stated,) = row["components"][0]["attendees"]
    assert (one.answering.address, one.answering.partstat) == (stated["address"], stated["partstat"])
    quoted = re.search(r'comment "([^"]*)"', row["expected"])
    partstat, *_ = re.split(r"\W", row["expected"])
    assert one.answering.partstat == partstat.upper()
    if quoted:
        assert one.comment == quoted[1]
    elif "comment once" in row["expected"]:
        assert one.comment == row["components"][0]["comment"]
    else:
        assert one.comment == ""
    assert one.answering.guests == int(stated.get("x-num-guests", "0"))


def structure(content: bytes) -> list[tuple[str, int, str, bool]]:
    """Type, depth, method and whether it is a file, part by part."""
    return [
        (part.content_type, part.depth, part.parameters.get("method").upper(), part.disposition == "attachment")
        for part in parse(content).parts
    ]


@pytest.mark.corpus
def test_our_mail_has_the_parts_of_googles_and_outlooks() -> None:
    google, outlook = (
        FOLDER / "thunderbird" / name for name in ("meet-meeting-invite.eml", "teams-meeting-invite.eml")
    )
    if not google.exists():
        pytest.skip("../shared/corpus is not there; the structure of real invitations was not compared")
    calendar = invitation.request(meeting(), US, BO, STAMP)
    ours = structure(invitation_mail([("To", BO.address)], "Hej\n", "<p>Hej</p>", calendar, "REQUEST"))
    assert [part[:3] for part in ours] == [part[:3] for part in structure(google.read_bytes())]
    # Outlook has no file beside the alternatives; what it has is the same and in the same order.
    alone = [(kind, method) for kind, _, method, _ in structure(outlook.read_bytes())]
    assert alone == [(kind, method) for kind, _, method, _ in ours[1:5]]
    assert ours[-1] == ("application/ics", 1, "", True)

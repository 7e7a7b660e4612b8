"""The real calendar mails of ../shared/corpus/itip. Skipped where the folder is absent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailsvc.message.charsets import decode
from mailsvc.message.parsing import parse
from workflows.meeting.calendar_reading import CalendarMessage, read_calendar, read_mail

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

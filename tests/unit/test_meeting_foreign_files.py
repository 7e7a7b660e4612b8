"""Files inside a calendar: found, named, cut off at a size, and out of the way of the rest of it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.parsing import parse
from workflows.meeting.foreign.files import files_in, without_files
from workflows.meeting.foreign.reading import LONGEST, read_mail
from workflows.meeting.outside.reading import FILE_BYTES, MOST_FILES, read_files

PDF = b"%PDF-1.7 " + bytes(range(256))


def attach(content: bytes, parameters: str = ";FMTTYPE=application/pdf;X-FILENAME=plan.pdf", width: int = 74) -> str:
    """ATTACH as programs write it: folded everywhere, also in its parameters."""
    line = f"ATTACH{parameters};ENCODING=BASE64;VALUE=BINARY:{base64.b64encode(content).decode()}"
    return "\r\n ".join(line[at : at + width] for at in range(0, len(line), width)) + "\r\n"


def event(*attached: str) -> str:
    return (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n"
        + "".join(attached)
        + "ATTACH:https://www.example.org/plan\r\nDTSTART:20261203T120000Z\r\nSUMMARY:Maps\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def mail(calendar: str, *more: str) -> bytes:
    boundary = "=_b"
    parts = [f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{calendar}", *more]
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    head = f'From: karin@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n'
    return f"{head}\r\n{body}".encode()


def test_a_file_is_found_and_named() -> None:
    (one,) = files_in(event(attach(PDF)), 1000)
    assert (one.name, one.kind, one.size, one.content) == ("plan.pdf", "application/pdf", len(PDF), PDF)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (';FILENAME="Karta; våren.pdf";FMTTYPE=application/pdf', "Karta; våren.pdf"),
        (";X-APPLE-FILENAME=karta.png;FMTTYPE=image/png", "karta.png"),
        (";FMTTYPE=application/pdf", "file.pdf"),
        ("", "file"),
    ],
)
def test_names(parameters: str, name: str) -> None:
    assert [one.name for one in files_in(event(attach(b"x", parameters)), 100)] == [name]


def test_a_web_address_is_no_file() -> None:
    assert files_in(event(), 100) == ()
    assert without_files(event()) == event()


def test_too_large_or_damaged_is_named_only() -> None:
    text = event(attach(PDF), "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=bad.pdf:abcde\r\n")
    assert [(one.name, one.content) for one in files_in(text, 100)] == [("plan.pdf", None), ("bad.pdf", None)]


@pytest.mark.parametrize("width", [20, 74, 10_000_000])
def test_what_stands_behind_a_large_file_is_read(width: int) -> None:
    content = bytes(LONGEST)
    text = event(attach(content, width=width))
    found = read_mail(parse(mail(text)), "UTC")
    assert [(one.summary, one.attached) for one in found] == [("Maps", ("https://www.example.org/plan",))]
    assert found[0].start is not None
    assert [one.content for one in files_in(text, FILE_BYTES)] == [content]


def test_files_go_on_within_their_limits() -> None:
    half = bytes(FILE_BYTES // 2)
    text = event(attach(half), attach(b"second" + half, ";X-FILENAME=two.pdf"), attach(b"third", ";X-FILENAME=three"))
    found = read_files(parse(mail(text)))
    assert [one.name for one in found.kept] == ["plan.pdf", "three"]
    assert found.left_out == ("two.pdf",)
    many = read_files(parse(mail(event(*[attach(b"%d" % n, f";X-FILENAME=f{n}.txt") for n in range(14)]))))
    assert len(many.kept) == MOST_FILES
    assert many.left_out == ("f10.txt", "f11.txt", "f12.txt", "f13.txt")


def test_a_file_in_both_places_goes_once() -> None:
    encoded = base64.b64encode(PDF).decode()
    beside = (
        'Content-Type: application/pdf; name="Plan.pdf"\r\nContent-Disposition: attachment; filename="Plan.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    )
    found = read_files(parse(mail(event(attach(PDF)), beside)))
    assert [(one.name, one.content) for one in found.kept] == [("plan.pdf", PDF)]


def test_what_a_browser_runs_is_only_kept() -> None:
    found = read_files(parse(mail(event(attach(b"<script>", ";FMTTYPE=text/html;X-FILENAME=a.html")))))
    assert [one.content_type for one in found.kept] == ["application/octet-stream"]


@given(st.text(alphabet='ATCHVLUE=BINRYOSG64;:, \r\n\tab"', max_size=400))
def test_whatever_is_written_nothing_raises_and_nothing_else_is_lost(text: str) -> None:
    files_in(text, 10)
    left = without_files(text)
    assert len(left) <= len(text)
    if "ATTACH" not in text:
        assert left == text

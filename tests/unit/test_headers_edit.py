"""mailsvc.message.header_edit: cutting a foreign header block, completing it, forwarding."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailsvc.clock import to_instant
from mailsvc.message.header_edit import Trace, complete, forward_bytes, is_looping, keep, received, scan, wire

NOW = to_instant(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
TRACE = Trace("mail.example.com", "192.0.2.1", "ESMTPS", NOW, "1f")
OWNER = "cataloguing-owner@networks.example.org"


def names(content: bytes) -> list[str]:
    return [one.name for one in scan(content).fields]


@pytest.mark.parametrize(
    ("content", "found", "body"),
    [
        (b"From: a\r\nTo: b\r\n\r\nhello\r\n", ["from", "to"], b"hello\r\n"),
        (b"Subject: a\r\n b\r\n\tc\r\n\r\nx", ["subject"], b"x"),
        (b"From a@example.org Mon Jan 1 00:00:00 2024\r\nTo: b\r\n\r\nx", ["to"], b"x"),
        (b"From a@example.org", [], b""),
        (b"Subject : x\r\n\r\nx", ["subject"], b"x"),
        (b"To: b\r\nno field here\r\nCc: c\r\n\r\nx", ["to"], b"no field here\r\nCc: c\r\n\r\nx"),
        (b"To: b\r\n\xe5: c\r\n\r\nx", ["to"], b"\xe5: c\r\n\r\nx"),
        (b"To: b\r\n: c\r\n\r\nx", ["to"], b": c\r\n\r\nx"),
        (b" odd\r\nTo: b\r\n\r\nx", [], b" odd\r\nTo: b\r\n\r\nx"),
        (b"To: b\r\n \r\nCc: c\r\n\r\nx", ["to", "cc"], b"x"),
        (b"\r\nx", [], b"x"),
        (b"To: b", ["to"], b""),
        (b"", [], b""),
    ],
)
def test_where_headers_end(content: bytes, found: list[str], body: bytes) -> None:
    mail = scan(content)
    assert [one.name for one in mail.fields] == found
    assert mail.body == body


def test_a_field_is_its_own_bytes() -> None:
    mail = scan(b"SUBJECT:  M\xf6te\t\r\n  p\xe5  fredag \r\nX-Odd :y\r\nTo: b")
    assert [one.raw for one in mail.fields] == [
        b"SUBJECT:  M\xf6te\t\r\n  p\xe5  fredag \r\n",
        b"X-Odd:y\r\n",
        b"To: b\r\n",
    ]
    assert mail.fields[0].value == b"  M\xf6te\t\r\n  p\xe5  fredag "


def test_wire_leaves_good_bytes_alone() -> None:
    good = b"a\r\n\r\nb"
    assert wire(good) is good
    assert wire(b"a\rb\nc\r\nd\0e\r\r\nf") == b"a\r\nb\r\nc\r\nde\r\n\r\nf"


def test_a_second_from_or_subject_is_cut() -> None:
    mail = scan(b"Subject:\r\nFrom: a\r\nTo: b\r\nTo: c\r\nSubject: x\r\nfrom: e\r\nSubject: y\r\n\r\n")
    assert [one.raw for one in keep(mail.fields)] == [b"From: a\r\n", b"To: b\r\n", b"To: c\r\n", b"Subject: x\r\n"]


def test_keep_drops_what_is_named() -> None:
    assert [one.name for one in keep(scan(b"A: 1\r\nBcc: 2\r\nC: 3\r\n\r\n").fields, {"bcc"})] == ["a", "c"]


def test_missing_message_id_and_date_are_the_same_every_time() -> None:
    first = scan(b"Received: from x\r\nFrom: a\r\nMessage-ID:  \r\n\r\nbody\r\n")
    kept, added = complete(first, first.fields, OWNER, NOW)
    assert [one.name for one in kept] == ["received", "from"]
    assert [name for name, _ in added] == ["Message-ID", "Date"]
    assert added[1][1] == "Sat, 21 Nov 2026 12:00:00 +0000"
    again = scan(b"Received: from elsewhere\r\nFrom: a\r\n\r\nbody\r\n\r\n")
    other = scan(b"From: a\r\n\r\nother body\r\n")
    assert complete(again, again.fields, OWNER, NOW)[1] == added
    assert complete(other, other.fields, OWNER, NOW)[1] != added


@pytest.mark.parametrize(
    ("trace", "value"),
    [
        (TRACE, b"from mail.example.com ([192.0.2.1]) by d.example.org with ESMTPS id 1f"),
        (Trace("x", "2001:db8::1", "LMTP", NOW, "2"), b"from x ([IPv6:2001:db8::1]) by d.example.org with LMTP id 2"),
        (Trace("x\r\nBcc: y", "192.0.2.1", "a b", NOW, ""), b"from unknown ([192.0.2.1]) by d.example.org with SMTP"),
        (Trace("x", "unix socket", "LMTP", NOW, "2"), b"by d.example.org with LMTP id 2"),
    ],
)
def test_received(trace: Trace, value: bytes) -> None:
    unfolded = received(trace, "d.example.org").replace(b"\r\n", b"")
    assert unfolded == b"Received: " + value + b"; Sat, 21 Nov 2026 12:00:00 +0000"


def test_forward_changes_nothing_else() -> None:
    fields = b"From: a@example.com\r\nSubject: \xe5\r\nMessage-ID: <1@x>\r\nDate: x\r\nDKIM-Signature: v=1\r\n"
    raw = b"Return-Path: <a@example.com>\r\n" + fields + b"Bcc: secret@example.org\r\n\r\n\xff body\r\n" + b"x" * 5000
    out = forward_bytes(raw, OWNER, TRACE)
    assert out.endswith(fields + b"\r\n\xff body\r\n" + b"x" * 5000)
    assert names(out)[:2] == ["received", "x-loop"]
    assert names(out)[2:] == ["from", "subject", "message-id", "date", "dkim-signature"]


def test_forward_knows_its_own_loops() -> None:
    raw = b"From: a@example.com\r\n\r\nx"
    out = forward_bytes(raw, OWNER, TRACE)
    assert not is_looping(raw, OWNER)
    assert is_looping(out, OWNER.upper())
    assert not is_looping(out, "postmaster@networks.example.org")


def test_forward_of_a_mail_with_nothing_in_it() -> None:
    out = forward_bytes(b"", "postmaster@networks.example.org", TRACE)
    assert names(out) == ["received", "x-loop", "message-id", "date", "from"]
    assert out.endswith(b"\r\n\r\n")

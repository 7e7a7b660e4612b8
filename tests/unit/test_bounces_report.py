"""What bounces say: who did not get a mail, and whether it says anything of their address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailsvc.bounces.report import read_report, returned_ids
from mailsvc.bounces.verdict import Verdict, status_of, verdict
from mailsvc.message.parsing import parse

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "bounces"


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        ("5.1.1", "", Verdict.GONE),
        ("5.1.10", "RESOLVER.ADR.RecipientNotFound; not found", Verdict.GONE),
        ("5.1.2", "Host unknown", Verdict.GONE),
        ("5.2.1", "mailbox disabled", Verdict.GONE),
        ("5.1.8", "bad sender's system", Verdict.REFUSED),
        ("5.1.7", "bad sender's mailbox", Verdict.REFUSED),
        ("5.7.1", "user unknown", Verdict.REFUSED),
        ("5.7.509", "Access denied, sending domain does not pass DMARC", Verdict.REFUSED),
        ("5.6.0", "no such user in this message", Verdict.REFUSED),
        ("5.3.4", "message too big for system", Verdict.REFUSED),
        ("5.2.2", "mailbox full", Verdict.REFUSED),
        ("5.4.6", "routing loop detected", Verdict.REFUSED),
        ("5.4.1", "Recipient address rejected: Access denied", Verdict.GONE),
        (
            "5.0.0",
            "550 <x@example.net>: Recipient address rejected: User unknown in virtual mailbox table",
            Verdict.GONE,
        ),
        ("5.0.0", "554 delivery error: This user doesn't have an example.net account", Verdict.GONE),
        ("5.0.0", "550 5.1.1 unknown", Verdict.GONE),
        ("5.0.0", "550 5.7.1 blocked", Verdict.REFUSED),
        ("5.0.0", "552 Account does not have enough space", Verdict.REFUSED),
        ("5.0.0", "550 Requested action not taken: mailbox unavailable", Verdict.REFUSED),
        ("5.5.0", "550 No such user here", Verdict.GONE),
        ("", "550 no mailbox here by that name", Verdict.GONE),
        ("", "450 4.2.1 mailbox busy, user unknown for now", Verdict.LATER),
        ("", "554 your message looks like spam", Verdict.REFUSED),
        ("4.4.7", "delivery time expired", Verdict.LATER),
        ("4.0.0", "", Verdict.LATER),
        ("", "", Verdict.REFUSED),
        ("rubbish", "rubbish", Verdict.REFUSED),
    ],
)
def test_only_that_nobody_has_it_counts_against_an_address(status: str, text: str, expected: Verdict) -> None:
    assert verdict(status, text) is expected


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        ("5.1.1 (bad destination)", "", "5.1.1"),
        ("5.0.0", "host mx.example.net[192.0.2.4] said: 550 5.2.1 disabled", "5.2.1"),
        ("4.0.0", "550 5.1.1 later words of another class", "4.0.0"),
        ("", "smtp; 550-5.1.1 The email account that you tried to reach does not exist", "5.1.1"),
        ("", "connected to 10.5.1.1 and nothing else", ""),
        ("", "550 nothing more", "5.0.0"),
        ("5.1.1.1", "", ""),
    ],
)
def test_the_code_that_says_most(status: str, text: str, expected: str) -> None:
    assert status_of(status, text) == expected


def dsn(*groups: str, kind: str = "delivery-status", words: str = "It could not be delivered.") -> bytes:
    about = "Reporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000"
    return (
        (
            "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nSubject: Undelivered Mail Returned to Sender\n"
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            f"--b\nContent-Type: text/plain\n\n{words}\n"
            f"--b\nContent-Type: message/{kind}\n\n" + "\n\n".join([about, *groups]) + "\n\n"
            "--b\nContent-Type: message/rfc822\n\nFrom: anna@example.org\nMessage-ID:\n <our-id@networks.example.org>\n"
            "Subject: Maps\n\nFinal-Recipient: rfc822; nobody@example.com\nAction: failed\nStatus: 5.1.1\n--b--\n"
        )
        .replace("\n", "\r\n")
        .encode()
    )


def read(content: bytes, *, null_sender: bool = True) -> list[tuple[str, str, Verdict, bool]]:
    found = read_report(parse(content), null_sender=null_sender)
    return [(one.address, one.status, one.verdict, one.final) for one in found]


@pytest.mark.parametrize("kind", ["delivery-status", "global-delivery-status"])
def test_a_report_names_who_failed_and_what_it_gives_back_counts_for_nothing(kind: str) -> None:
    content = dsn(
        "Final-Recipient: rfc822; erik@example.net\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1\n no user",
        "Original-Recipient: rfc822;Ola.Nordmann@Example.NET\nFinal-Recipient: rfc822; x@inner.example\n"
        "Action: failed\nStatus: 5.2.2",
        "Final-Recipient: rfc822; mette@example.net\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: tomorrow",
        "Final-Recipient: rfc822; karin@example.net\nAction: delivered\nStatus: 2.0.0",
        kind=kind,
    )
    assert read(content) == [
        ("erik@example.net", "5.1.1", Verdict.GONE, True),
        ("Ola.Nordmann@example.net", "5.2.2", Verdict.REFUSED, True),
        ("mette@example.net", "4.4.1", Verdict.LATER, False),
    ]


def test_a_report_of_success_is_no_failure() -> None:
    assert read(dsn("Final-Recipient: rfc822; erik@example.net\nAction: relayed\nStatus: 2.1.5")) == []


def test_where_the_report_does_not_say_why_its_words_may() -> None:
    content = dsn(
        "Original-Recipient: rfc822;<erik@example.net>\nFinal-Recipient: system;<>\nAction: failed\nStatus: 5.0.0",
        words="Failed to deliver to <erik@example.net>: host said: 550 5.1.1 User unknown",
    )
    assert read(content) == [("erik@example.net", "5.1.1", Verdict.GONE, True)]


QMAIL = """From: MAILER-DAEMON@mx.example.net\r
Subject: failure notice\r
\r
Hi. This is the qmail-send program at mx.example.net.\r
I'm afraid I wasn't able to deliver your message to the following addresses.\r
This is a permanent error; I've given up. Sorry it didn't work out.\r
\r
<erik@example.net>:\r
Sorry, no mailbox here by that name. (#5.1.1)\r
\r
--- Below this line is a copy of the message.\r
\r
Message-ID: <our-id@networks.example.org>\r
"""


def test_a_bounce_without_a_report_is_read_by_its_shape() -> None:
    assert read(QMAIL.encode()) == [("erik@example.net", "5.1.1", Verdict.GONE, True)]
    assert returned_ids(parse(QMAIL.encode())) == {"our-id@networks.example.org"}


@pytest.mark.parametrize("subject", ["Undeliverable: Maps", "Mail delivery failed", "Olevererbart: Kartor"])
def test_a_bounce_of_an_unknown_shape_counts_against_nobody(subject: str) -> None:
    content = f"From: postmaster@example.net\r\nSubject: {subject}\r\n\r\nThe recipient was unavailable.\r\n".encode()
    assert read(content) == [("", "", Verdict.REFUSED, True)]


@pytest.mark.parametrize(
    ("author", "subject", "null_sender"),
    [
        ("erik@example.net", "Re: Maps", True),
        ("erik@example.net", "Undeliverable: what a thing to say", False),
        ("erik@example.net", "550 5.1.1 user unknown", False),
    ],
)
def test_what_people_write_is_no_bounce(author: str, subject: str, null_sender: bool) -> None:
    content = f"From: {author}\r\nSubject: {subject}\r\n\r\nThe code was 550 5.1.1 user unknown.\r\n".encode()
    assert read(content, null_sender=null_sender) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
        dsn(*["Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1"] * 3000),
        dsn("Final-Recipient: rfc822; " + "a" * 5000 + "@example.net\nAction: failed\nStatus: 5.1.1"),
        dsn("Status: 99999999999.1.1\nAction: failed\nFinal-Recipient: ;;;"),
    ],
)
def test_what_is_broken_or_endless_is_read_as_far_as_it_goes(content: bytes) -> None:
    assert len(read(content)) <= 100


# ---- real ones


def rows() -> list[dict[str, Any]]:
    path = FOLDER / "expected.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_the_corpus_is_there() -> None:
    if not FOLDER.exists():
        pytest.skip("../shared/corpus is not there; its bounces were not read")
    assert len(rows()) == 47


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_bounce_is_read(row: dict[str, Any]) -> None:
    found = read_report(parse((FOLDER / row["file"]).read_bytes()), null_sender=True)
    if row["kind"] == "not-a-bounce":
        assert found == ()
        return
    assert found
    assert all(one.verdict is Verdict.LATER for one in found) == (
        row["kind"] == "temporary" or row["file"] in _WARNINGS
    )
    if "final_recipients" in row:
        assert [one.address for one in found] == [text.strip("<>") for text in row["final_recipients"]]
        assert [one.status for one in found] == row["statuses"]
    stated = (row.get("status") or "").partition(" ")[0]
    if stated:  # that source gives texts without a code one of its own (5.1.2, 5.3.2)
        assert found[0].status in (stated, "5.1.1" if "5.1.1" in row["status"] else stated, "")


# Warnings of a mail that is tried further, which that source calls bounces like all others.
_WARNINGS = {f"bounce_email/tt_bounce_{number}.eml" for number in ("12_soft", "18", "19")}

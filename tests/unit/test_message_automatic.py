"""What is taken for automatic mail, by which sign, and what is not."""

from __future__ import annotations

import pytest

from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.parsing import parse

OWN = ("networks.example.org", "old.example.org")
ANNA = "anna@example.org"

NONE, LIKELY, CERTAIN = Verdict.NONE, Verdict.LIKELY, Verdict.CERTAIN

FIELDS = [
    ("Subject: Hello", NONE, ""),
    ("Auto-Submitted: no", NONE, ""),
    ("Auto-Submitted: auto-forwarded", NONE, ""),
    ("Auto-Submitted: Auto-Forwarded; by=x", NONE, ""),
    ("X-Auto-Response-Suppress: All", NONE, ""),
    ("Precedence: first-class", NONE, ""),
    ("X-Autoreply: no", NONE, ""),
    ("X-Loop: someone@example.com", NONE, ""),
    ("List-Unsubscribe: <mailto:x@example.org>", NONE, ""),
    ("Auto-Submitted: auto-replied", CERTAIN, "auto-submitted auto-replied"),
    ("Auto-Submitted: Auto-Generated", CERTAIN, "auto-submitted auto-generated"),
    ("Auto-Submitted: auto-replied (vacation)", CERTAIN, "auto-submitted auto-replied"),
    ("Auto-Submitted: auto-notified; owner-email=x", CERTAIN, "auto-submitted auto-notified"),
    ("Auto-Submitted: yes", CERTAIN, "auto-submitted yes"),
    ("Auto-Submitted: no\nAuto-Submitted: auto-replied", CERTAIN, "auto-submitted auto-replied"),
    ("X-Autoreply: yes", CERTAIN, "x-autoreply"),
    ("X-Autorespond: 1", CERTAIN, "x-autorespond"),
    ("Precedence: auto_reply", CERTAIN, "precedence auto_reply"),
    ("Precedence: Junk", CERTAIN, "precedence junk"),
    ("Return-Path: <>", CERTAIN, "null sender"),
    ("Content-Type: multipart/report; boundary=b", CERTAIN, "multipart/report"),
    ("List-Id: Readers <readers.networks.example.org>", CERTAIN, "own list-id or x-loop"),
    ("List-Id: <readers.old.example.org>", CERTAIN, "own list-id or x-loop"),
    ("X-Loop: readers@networks.example.org", CERTAIN, "own list-id or x-loop"),
    ("\n".join(["Received: x"] * 50), CERTAIN, "received loop"),
    ("\n".join(["Received: x"] * 49), NONE, ""),
    ("Precedence: bulk", LIKELY, "precedence"),
    ("Precedence: list", LIKELY, "precedence"),
    ("List-Id: <other.example.com>", LIKELY, "foreign list-id"),
    ("List-Id: <readers.badnetworks.example.org>", LIKELY, "foreign list-id"),
    ("X-Delivery-Agent: TMDA/1.0", LIKELY, "challenge-response"),
]


@pytest.mark.parametrize(("fields", "verdict", "sign"), FIELDS)
def test_fields(fields: str, verdict: Verdict, sign: str) -> None:
    message = parse(f"From: {ANNA}\n{fields}\n\nHello\n".encode())
    result = classify(message, ANNA, OWN)
    assert (result.verdict, result.sign) == (verdict, sign)
    assert result.any == (verdict is not NONE)


@pytest.mark.parametrize("reverse_path", ["", "MAILER-DAEMON", "mailer-daemon@example.org", "Mailer-Daemon@x.example"])
def test_null_and_daemon_senders(reverse_path: str) -> None:
    message = parse(f"From: {ANNA}\n\nHello\n".encode())
    assert classify(message, reverse_path, OWN).verdict is CERTAIN


@pytest.mark.parametrize(
    "author",
    [
        "Mail Delivery System <MAILER-DAEMON@example.org>",
        "MAILER-DAEMON",
        "mailer-daemon@example.org (Mail)",
        "<MAILER-DAEMON>",
    ],
)
def test_daemon_authors(author: str) -> None:
    assert classify(parse(f"From: {author}\n\nHello\n".encode()), ANNA, OWN).sign == "mailer-daemon"


def test_an_address_that_only_contains_the_word_is_human() -> None:
    message = parse(b"From: Anna <not-mailer-daemon@example.org>\n\nHello\n")
    assert classify(message, "x-mailer-daemon@example.org", OWN).verdict is NONE


ABSENT = [
    "Automatic reply: Hello",
    "Out of Office AutoReply: Hello",
    "Out of Office: Hello",
    "Out of office",
    "Auto-Reply: Hello",
    "Autoreply: Hello",
    "Automatiskt svar: Hej",
    "AUTOMATISKT SVAR: Hej",
    "Autosvar: Hej",
    "Frånvaro: Hej",
    "Frånvarande: Hej",
    "Frånvaromeddelande: Hej",
    "Automatisk svar: Hej",
    "Fraværsmeddelelse: Hej",
    "Fravær: Hej",
    "Ikke på kontoret: Hej",
    "Fraværsmelding: Hei",
    "Ikke til stede: Hei",
    "Fråvær: Hei",
    "Fråværsmelding: Hei",
    "Automaattinen vastaus: Hei",
    "Poissa: Hei",
    "Automatische Antwort: Hallo",
    "Abwesenheitsnotiz: Hallo",
    "AUTO: Anna Berg is out of the office (returning 2026-12-07)",
    "Anna Berg is out of the office.",
    "Anna Berg är inte på kontoret.",
    "AUTO: Anna Berg er ikke på kontoret",
    "[network] Automatiskt svar: Hej",
    "=?utf-8?q?Fr=C3=A5nvaro=3A_Hej?=",
]


@pytest.mark.parametrize("subject", ABSENT)
def test_absence_subjects(subject: str) -> None:
    result = classify(parse(f"From: {ANNA}\nSubject: {subject}\n\nTill måndag.\n".encode()), ANNA, OWN)
    assert (result.verdict, result.sign, result.reply) == (LIKELY, "out-of-office subject", True)


PRESENT = [
    "Re: Automatic reply: Hello",
    "SV: Automatiskt svar: Hej",
    "Frånvaro vid mötet",
    "Fravær på mødet",
    "Automatiskt svar på frågor, hur gör vi?",
    "Vacation plans",
    "Autosvar i telefonväxeln",
    "Om automatiskt svar: regler",
    "Poissaolot keväällä",
    "Out of office supplies",
    "Abwesende Kollegen",
    "",
]


@pytest.mark.parametrize("subject", PRESENT)
def test_subjects_of_people(subject: str) -> None:
    assert classify(parse(f"From: {ANNA}\nSubject: {subject}\n\nHej.\n".encode()), ANNA, OWN).verdict is NONE


def test_what_answers_by_itself_is_told_from_other_machines() -> None:
    assert classify(parse(b"From: a@example.org\nAuto-Submitted: auto-replied\n\nx"), ANNA).reply
    assert not classify(parse(b"From: a@example.org\nAuto-Submitted: auto-generated\n\nx"), ANNA).reply
    assert classify(parse(b"From: a@example.org\nSubject: Your email requires verification verify#x\n\nx"), ANNA).reply

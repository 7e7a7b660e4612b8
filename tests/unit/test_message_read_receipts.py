"""Read receipts that come as plain text: held or dropped as machines' mail, whatever language they are in."""

from __future__ import annotations

import pytest

from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.parsing import Message, parse

TEXTS = [
    ("Läst: p1", "Ditt meddelande\n\nTill: Bo Ek\nÄmne: p1\nSkickat: den 3 maj 2026 13:00\n\nlästes den 3 maj 2026."),
    ("Læst: p1", "Din meddelelse\n\nTil: Bo Ek\nEmne: p1\n\nblev læst den 3. maj 2026."),
    ("Lest: p1", "Meldingen din\n\nTil: Bo Ek\nEmne: p1\n\nble lest 3. mai 2026."),
    ("Read: p1", "Your message\n\nTo: Bo Ek\nSubject: p1\n\nwas read on 3 May 2026."),
    ("Not read: p1", "Your message\n\nTo: Bo Ek\nSubject: p1\n\nwas deleted without being read on 3 May 2026."),
    ("Oläst: p1", "Ditt meddelande\n\nTill: Bo Ek\nÄmne: p1\n\nraderades utan att ha lästs den 3 maj 2026."),
]


def mail(subject: str, text: str) -> Message:
    head = f"From: Anna Berg <anna@example.org>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return parse((head + text + "\n").replace("\n", "\r\n").encode())


@pytest.mark.parametrize(("subject", "text"), TEXTS)
def test_a_receipt_with_its_text_is_certain(subject: str, text: str) -> None:
    message = mail(subject, text)
    assert message.receipt
    assert classify(message, "anna@example.org").verdict is Verdict.CERTAIN


@pytest.mark.parametrize("subject", [subject for subject, _ in TEXTS])
@pytest.mark.parametrize("text", ["", "Ja"])
def test_the_subject_alone_is_likely(subject: str, text: str) -> None:
    message = mail(subject, text)
    assert not message.receipt
    assert classify(message, "anna@example.org").verdict is Verdict.LIKELY


def test_a_person_is_held_at_most() -> None:
    message = mail("Read: my article on X", "I wrote about your message of last week. What do you think?")
    assert classify(message, "anna@example.org").verdict is Verdict.LIKELY


@pytest.mark.parametrize("subject", ["Re: Läst: p1", "Read this", "Läst i tidningen", "Lest du boken?", "Reading: X"])
def test_other_subjects_are_people(subject: str) -> None:
    message = mail(subject, "Ditt meddelande lästes på mötet.")
    assert classify(message, "anna@example.org").verdict is Verdict.NONE

"""How answers to a poll of dates are read: numbered, several at once, all, all but some, none."""

from __future__ import annotations

import pytest

from mailsvc.cases.answer_model import Meaning
from workflows.meeting.polls.poll import read_dates

CAN, MAYBE, CANNOT = Meaning.CAN, Meaning.MAYBE, Meaning.CANNOT


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("1 yes, 2 maybe, 3 no", "en", {1: CAN, 2: MAYBE, 3: CANNOT}),
        ("1 ja, 2 kanske, 3 nej", "sv", {1: CAN, 2: MAYBE, 3: CANNOT}),
        ("2+3 ja", "sv", {2: CAN, 3: CAN}),
        ("1 og 2 passer fint, 3 går ikke", "da", {1: CAN, 2: CAN, 3: CANNOT}),
        ("1-3 ja", "nb", {1: CAN, 2: CAN, 3: CAN}),
        ("1. ja\n2. kanskje\n3. nei", "nn", {1: CAN, 2: MAYBE, 3: CANNOT}),
        ("alla utom 2", "sv", {1: CAN, 3: CAN}),
        ("Alla utom 2.\n\nMvh\nAnna", "sv", {1: CAN, 3: CAN}),
        ("ja till alla utom 2", "sv", {1: CAN, 3: CAN}),
        ("jag kan alla dagar utom 2 och 3", "sv", {1: CAN}),
        ("alla passar utom 3", "sv", {1: CAN, 2: CAN}),
        ("alla utom 2 passar bra", "sv", {1: CAN, 3: CAN}),
        ("alla, men inte 1", "sv", {2: CAN, 3: CAN}),
        ("Hej Karin!\nAlla utom 2\n\nMvh\nAnna", "sv", {1: CAN, 3: CAN}),
        ("Hej Karin, alla utom 2", "sv", {1: CAN, 3: CAN}),
        ("Nej, det blir svårt\nAlla utom 2", "sv", {}),
        ("all except 2", "en", {1: CAN, 3: CAN}),
        ("all but 2", "en", {1: CAN, 3: CAN}),
        ("alle undtagen 1-2", "da", {3: CAN}),
        ("ja til alle undtagen 3", "da", {1: CAN, 2: CAN}),
        ("alle unntatt nr 2", "nb", {1: CAN, 3: CAN}),
        ("alle unnateke 2", "nn", {1: CAN, 3: CAN}),
        ("alla", "sv", {1: CAN, 2: CAN, 3: CAN}),
        ("Ja till alla!", "sv", {1: CAN, 2: CAN, 3: CAN}),
        ("alle passer", "nb", {1: CAN, 2: CAN, 3: CAN}),
        ("all dates work", "en", {}),
        ("kanske alla utom 2", "sv", {1: MAYBE, 3: MAYBE}),
        ("nej till alla", "sv", {1: CANNOT, 2: CANNOT, 3: CANNOT}),
        ("ingen passer", "da", {1: CANNOT, 2: CANNOT, 3: CANNOT}),
        ("none of them", "en", {1: CANNOT, 2: CANNOT, 3: CANNOT}),
        ("alla utom 4", "sv", {}),
        ("alla utom 2?", "sv", {}),
        ("alla är välkomna", "sv", {}),
        ("alla utom 2\nnej, inga alls", "sv", {}),
        ("inga invändningar", "sv", {}),
        ("alla kan inte 2", "sv", {}),
        ("alle kan", "da", {1: CAN, 2: CAN, 3: CAN}),
        ("Det må vi se på", "nb", {}),
    ],
)
def test_answers_are_read_as_they_are_meant(text: str, language: str, said: dict[int, Meaning]) -> None:
    found = read_dates(text, 3, language)
    assert {one.number: one.meaning for one in found.answers} == said

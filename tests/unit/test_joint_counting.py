"""What the sides of a joint body have said: nothing before all have, and then what follows from it."""

from __future__ import annotations

import itertools
from typing import Final

import pytest

from mailsvc.cases.ballots import Cast, Seated
from mailsvc.ids import PersonId
from workflows.joint.counting import DIVIDED, MEANINGS, Party, Position, outcome, position, positions
from workflows.joint.labels import labelled, named_in, said_of_minutes

SIDES: Final = (Party("e", "Employer"), Party("u", "Union"))
SEATS: Final = tuple(Seated(PersonId(number), party="e" if number < 3 else "u") for number in range(1, 6))


def votes(**said: str) -> list[Cast]:
    """`p1="agreed"`: who said what, in that order."""
    return [
        Cast(PersonId(int(who[1:])), meaning.partition(":")[0], meaning.partition(":")[2])
        for who, meaning in said.items()
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ""),
        ({"p1": "agreed"}, ""),  # the other can still say something else
        ({"p1": "agreed", "p2": "agreed"}, "agreed"),
        ({"p1": "agreed", "p2": "lift"}, DIVIDED),
        ({"p3": "agreed", "p4": "agreed"}, ""),  # of nobody in this side
    ],
)
def test_a_side_of_two(said: dict[str, str], expected: str) -> None:
    assert position("e", SEATS, votes(**said)) == expected


def test_a_majority_needs_not_wait_for_the_rest() -> None:
    assert position("u", SEATS, votes(p3="lift", p4="lift")) == "lift"
    assert position("u", SEATS, votes(p3="lift", p4="agreed")) == ""
    assert position("u", SEATS, votes(p3="lift", p4="agreed", p5="discussed")) == DIVIDED


def test_whoever_is_away_is_not_awaited_but_counts() -> None:
    away = tuple(Seated(one.person, party=one.party, absent=one.person == 2) for one in SEATS)
    assert position("e", away, votes(p1="agreed")) == "agreed"
    assert position("e", away, votes(p1="agreed", p2="lift")) == DIVIDED
    gone = tuple(Seated(one.person, party=one.party, absent=True) for one in SEATS)
    assert position("e", gone, []) == ""  # a side that has said nothing has agreed to nothing


def test_nothing_before_every_side_has_answered() -> None:
    assert positions(SIDES, SEATS, votes(p1="not-agreed:no", p2="not-agreed")) is None
    found = positions(SIDES, SEATS, votes(p1="not-agreed:no", p2="not-agreed", p3="agreed", p5="agreed"))
    assert found == (Position("e", "Employer", "not-agreed", "no"), Position("u", "Union", "agreed"))


def test_a_note_is_of_those_whose_answer_counts() -> None:
    seats = SEATS[2:]
    found = positions(SIDES[1:], seats, votes(p3="agreed:fine", p4="not-agreed:one", p5="not-agreed:two"))
    assert found == (Position("u", "Union", "not-agreed", "one\n\ntwo"),)


def test_every_pair_of_positions() -> None:
    for one, other in itertools.product((*MEANINGS, DIVIDED), repeat=2):
        said = {one, other}
        found = outcome([Position("e", "E", one), Position("u", "U", other)])
        assert (found == "lift") == ("lift" in said)
        assert (found == "agreed") == (said == {"agreed"})
        if "lift" not in said:
            assert (found == "not-agreed") == bool(said & {"not-agreed", DIVIDED})
        assert found == outcome([Position("e", "E", other), Position("u", "U", one)])
        assert found != DIVIDED


def test_labels_leave_the_rest_of_the_text() -> None:
    found, rest = labelled("Typ: utveckling\n\nVi vill prova: en dag i veckan.\nAnsvarig: Nils Ek\nKlart: 1 februari")
    assert found == {"sort": "utveckling", "responsible": "Nils Ek", "due": "1 februari"}
    assert rest == "Vi vill prova: en dag i veckan."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mötet hölls den 1 mars.", ("Mötet hölls den 1 mars.", None)),
        ("Gemensamt brev: ja\n\nSchemat läggs.", ("Schemat läggs.", True)),
        ("Fellesbrev: ja", ("", True)),
        ("Schemat.\nFælles brev: nej", ("Schemat.", False)),
        ("Joint letter: yes\nResponsible: Bo", ("Responsible: Bo", True)),
    ],
)
def test_a_joint_letter_is_asked_for_beside_the_minutes(text: str, expected: tuple[str, bool | None]) -> None:
    assert said_of_minutes(text) == expected


def test_who_is_named() -> None:
    assert named_in("Nils Ek, senast 1 februari") == "Nils Ek"
    assert named_in("Klart: 1 mars\nAnsvarig: Eva Lund") == "Eva Lund"

"""Lines that name a stand-in, arguments that name a person, and who is meant by a name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.people.naming import LONGEST_NAME, Named, Nobody, One, Several, cleaned_name, match_person
from mailsvc.people.stand_in_words import Doubt, StandIn, StandInDoubt, read_stand_in

TODAY = date(2026, 6, 24)  # a Wednesday, ISO week 26

# line, who, first, last ("" open)
LINES = [
    ("stand-in Karin 1/7–12/8", "Karin", "07-01", "08-12"),
    ("Stand-in: Karin Berg 1/7 - 12/8 2026.", "Karin Berg", "07-01", "08-12"),
    ("standin Karin from July 1 to August 12, 2026", "Karin", "07-01", "08-12"),
    ("stand in Karin until 12 August", "Karin", "06-24", "08-11"),
    ("stand-in Karin through 12 August", "Karin", "06-24", "08-12"),
    ("stand-in Karin next week", "Karin", "06-29", "07-05"),
    ("stand-in Karin", "Karin", "06-24", ""),
    ("substitute karin@example.org 2026-07-01--2026-08-12", "karin@example.org", "07-01", "08-12"),
    ("ersättare Karin 1/7-12/8", "Karin", "07-01", "08-12"),
    ("Ersättare är Karin hela juli, tack", "Karin", "07-01", "07-31"),
    ("ERSATTARE KARIN 1/7-12/8", "KARIN", "07-01", "08-12"),
    ("ersättare Karin Berg <karin@example.org> t.o.m. 12/8", "karin@example.org", "06-24", "08-12"),
    ("vikarie Per-Olof Åström mellan 3 och 7 augusti", "Per-Olof Åström", "08-03", "08-07"),
    ("vikarie: Karin Berg från 1/7 till 12/8. Mvh Anna", "Karin Berg", "07-01", "08-12"),
    ("ställföreträdare Karin till och med fredag 10 juli", "Karin", "06-24", "07-10"),
    ("ersättare Karin från och med 1/7", "Karin", "07-01", ""),
    ("ersättare Karin till 12/8", "Karin", "06-24", "08-11"),
    ("ersättare Karin 1/6-12/7", "Karin", "06-24", "07-12"),
    ("stedfortræder Karin Holm d. 1/7 til og med d. 12/8", "Karin Holm", "07-01", "08-12"),
    ("stedfortræder Søren fra den 6. til den 24. juli", "Søren", "07-06", "07-24"),
    ("afløser: Mette i uge 28-31", "Mette", "07-06", "08-02"),
    ("vikar Mette indtil 1. september", "Mette", "06-24", "08-31"),
    ("stedfortreder Kari Nordmann fra 1. juli", "Kari Nordmann", "07-01", ""),
    ("stedfortreder Kari t.o.m. uke 32", "Kari", "06-24", "08-09"),
    ("vara Kari 6.7.-31.7.", "Kari", "07-06", "07-31"),
    ("varamoderator Kari til 12. august", "Kari", "06-24", "08-11"),
    ("stedfortredar Ola frå 1. juli til 12. august", "Ola", "07-01", "08-12"),
    ("vikar i veke 30: Ola", "Ola", "07-20", "07-26"),
    ("stand-in 1/7-12/8 Karin", "Karin", "07-01", "08-12"),
    ("ersättare Karin 12/8", "Karin", "08-12", "08-12"),
    ("ersättare Karin 24/12-6/1", "Karin", "12-24", "2027-01-06"),
]


def day(text: str) -> date | None:
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}") if text else None


@pytest.mark.parametrize(("line", "who", "first", "last"), LINES)
def test_lines(line: str, who: str, first: str, last: str) -> None:
    assert read_stand_in(line, TODAY) == StandIn(who, day(first) or TODAY, day(last))


@pytest.mark.parametrize(
    "line",
    [
        "stand-in off",
        "stand-in: none",
        "ersättare av",
        "ingen ersättare",
        "avsluta vikarie",
        "stedfortræder fra",
        "ingen vikar",
        "stedfortreder slutt",
        "inga stedfortredar",
        "stand-in stop.",
    ],
)
def test_lines_that_end_it(line: str) -> None:
    assert read_stand_in(line, TODAY) == StandIn("", TODAY, None)


@pytest.mark.parametrize(
    ("line", "doubt", "who"),
    [
        ("ersättare", Doubt.NO_NAME, ""),
        ("stand-in 1/7-12/8", Doubt.NO_NAME, ""),
        ("ersättare Karin 1/5-12/5", Doubt.DATE_PASSED, "Karin"),
        ("ersättare Karin till 1/5", Doubt.DATE_PASSED, "Karin"),
        ("stand-in Karin 1/5/2026", Doubt.DATE_PASSED, "Karin"),
        ("vikar Kari til 2029-01-01", Doubt.FAR_AHEAD, "Kari"),
    ],
)
def test_lines_that_are_asked_back(line: str, doubt: Doubt, who: str) -> None:
    assert read_stand_in(line, TODAY) == StandInDoubt(doubt, who)


@pytest.mark.parametrize(
    "line", ["", "ersättningen är klar", "varamoderatoren er sjuk", "Jag är ersättare", "vikarer søkes", "standing"]
)
def test_other_lines(line: str) -> None:
    assert read_stand_in(line, TODAY) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Karin", "Karin"),
        (" Karin Berg, please", "Karin Berg"),
        ("to Karin Berg instead", "Karin Berg"),
        ("till Karin! Hon kan det bättre.", "Karin"),
        ("Karin. Hon vet.", "Karin"),
        ("Karin B. Berg", "Karin B. Berg"),
        ("K. Berg tack", "K. Berg"),
        ("til: Søren Kjær i stedet tak", "Søren Kjær"),
        ("min kollega Per-Olof", "Per-Olof"),
        ('"Karin Berg" <karin.berg@example.org>', "karin.berg@example.org"),
        ("karin.berg@example.org.", "karin.berg@example.org"),
        ("<mailto:karin@example.org>", "karin@example.org"),
        ("Karin - hon är tillbaka i morgon", "Karin"),
        ("Mi Lind", "Mi Lind"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_arguments_are_cleaned(text: str, name: str) -> None:
    assert cleaned_name(text) == name


PEOPLE = [
    Named(1, "Karin Berg", ("karin.berg@example.org", "kb@example.net")),
    Named(2, "Karin Holm", ("karin.holm@example.org",)),
    Named(3, "Åsa Öberg", ("asa@example.org",)),
    Named(4, "Søren Kjær", ("sk@example.org",)),
    Named(5, "Per-Olof Ström", ("po@example.org",)),
    Named(6, "Anna Maria Lind", ("anna.lind@example.org",)),
    Named(7, "", ("kontoret@example.org",)),
    Named(8, "Olof Berg", ("olof@example.org",)),
]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Karin Berg", [1]),
        ("Berg, Karin", [1]),
        ("karin  BERG", [1]),
        ("KARIN.BERG@example.org", [1]),
        ("kb@example.net", [1]),
        ("Karin", [1, 2]),
        ("Berg", [1, 8]),
        ("Karin H", [2]),
        ("Karin H.", [2]),
        ("K Berg", [1]),
        ("Åsa", [3]),
        ("Asa", [3]),
        ("Aasa Oeberg", [3]),
        ("A\u030asa", [3]),
        ("Soren Kjaer", [4]),
        ("Søren Kjær", [4]),
        ("Soeren Kjær", [4]),
        ("Sören", [4]),
        ("Per-Olof", [5]),
        ("Per", [5]),
        ("Per Olof", [5]),
        ("Olof", [8]),
        ("Anna", [6]),
        ("Anna Lind", [6]),
        ("Maria", [6]),
        ("kontoret", [7]),
        ("Karina", []),
        ("Kari", []),
        ("Karin Berg Holm", []),
        ("karin@example.org", []),
        ("K", []),
        ("", []),
        ("?", []),
    ],
)
def test_who_is_meant(text: str, keys: list[int]) -> None:
    match match_person(text, PEOPLE):
        case One(person):
            assert [person.key] == keys
        case Several(people):
            assert [person.key for person in people] == keys
            assert len(keys) > 1
        case Nobody():
            assert keys == []


def test_one_person_under_two_addresses_is_one() -> None:
    twice = [Named(1, "Karin Berg", ("a@example.org",)), Named(1, "Karin Berg", ("b@example.org",))]
    assert match_person("Karin", twice) == One(twice[0])


@given(st.text(max_size=400), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_any_line_is_read(text: str, today: date) -> None:
    for line in (text, f"ersättare {text}", f"stand-in Karin {text}"):
        reading = read_stand_in(line, today)
        if isinstance(reading, StandIn):
            assert today <= reading.first
            assert reading.last is None or reading.first <= reading.last <= today + timedelta(days=396)
            assert len(reading.who) <= LONGEST_NAME


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=5))
def test_any_name_is_matched(text: str, names: list[str]) -> None:
    people = [Named(number, name) for number, name in enumerate(names)]
    found = match_person(cleaned_name(text), people)
    if isinstance(found, Several):
        assert 1 < len(found.people) <= len(people)


@given(
    st.lists(
        st.sampled_from(["Åsa", "Björn", "Søren", "Anna-Karin", "Ødegård", "Kjær"]), min_size=2, max_size=3, unique=True
    )
)
def test_a_full_name_finds_its_person_in_any_order(words: list[str]) -> None:
    person = Named(1, " ".join(words))
    others = [Named(2, "Anna Berg"), Named(3, "Per Holm")]
    assert match_person(" ".join(reversed(words)), [*others, person]) == One(person)

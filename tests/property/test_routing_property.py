"""Addresses and what they mean: every word of every language, and nothing that nobody meant."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lists import store as lists_store
from lists.model import Settings
from lists.routes import POST
from lists.words.addresses import (
    DESKS,
    LONGEST_NAME,
    RESERVED,
    SERVED,
    SERVED_DESKS,
    SERVICE,
    SUFFIXES,
    Function,
    name_problem,
)
from mailsvc.errors import Reason, Refusal
from mailsvc.ids import GroupId
from mailsvc.keys import encode
from mailsvc.registry import Target
from mailsvc.routing import ANSWER, BOUNCE, OPERATORS, route
from mailsvc.store.database import Tx
from tests.cases_kit import House

DOMAIN = "networks.example.org"
WORDS = [(function, word) for function, words in SUFFIXES.items() for word in words.split()]
LONGEST_LOCAL_PART = 64  # octets, RFC 5321 §4.5.3.1.1

piece = st.one_of(
    st.text(alphabet="abcxyz019", min_size=1, max_size=6),
    st.sampled_from([word for _, word in WORDS] + ["meta", "data", "group", "owner", "join"]),
)
names = st.lists(piece, min_size=1, max_size=3).map("-".join)


@functools.cache
def house() -> House:
    """One for the whole module: the tests that make groups take them back."""
    return House()


def group(tx: Tx, name: str) -> GroupId:
    return lists_store.insert_group(
        tx,
        name,
        kind="network",
        title=name,
        language="en",
        post="members",
        join="open",
        settings=Settings(),
        established_by=None,
    )


class TakenBackError(Exception):
    pass


def routed(groups: Sequence[str], addresses: Sequence[str]) -> tuple[list[GroupId], list[Target | Refusal]]:
    """Where addresses lead when there are these groups (and no others but the house's own)."""
    found: list[tuple[list[GroupId], list[Target | Refusal]]] = []

    def unit(tx: Tx) -> None:
        ids = [group(tx, name) for name in groups]
        found.append((ids, [route(tx, house().registry, address) for address in addresses]))
        if len(found) == 2:
            raise TakenBackError

    with pytest.raises(TakenBackError):
        house().do(unit)
    return found[-1]


def refused(answer: Target | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return f"{answer.code} {answer.enhanced}"


@pytest.mark.parametrize(("function", "word"), WORDS)
def test_every_word_leads_to_its_function(function: Function, word: str) -> None:
    locals_ = [f"meta-data{sign}{word}" for sign in "-+"]
    locals_ += [one.upper() for one in locals_]
    ids, answers = routed(["meta-data"], [f"{local}@{DOMAIN}" for local in locals_])
    for answer in answers:
        if function in SERVED:
            assert answer == Target(str(function), ids[0])
        else:
            assert refused(answer) == "550 5.1.1"
    _, answers = routed(
        [], [f"meta-data-{word}@{DOMAIN}", f"{word}@{DOMAIN}", f"-{word}@{DOMAIN}", f"+{word}@{DOMAIN}"]
    )
    assert [refused(answer) for answer in answers] == ["550 5.1.1"] * 4


def test_the_services_own_words() -> None:
    token, key = "a2" * 13, f"1f-{'b3' * 13}"
    wanted = {
        f"reply+{token}": Target(ANSWER, argument=token),
        f"REPLY+{token.upper()}": Target(ANSWER, argument=token),
        "cases": Target(ANSWER),
        f"bounces+{key}": Target(BOUNCE, argument=key),
        "postmaster": Target(OPERATORS, argument="postmaster"),
        "Abuse": Target(OPERATORS, argument="abuse"),
    }
    _, answers = routed([], [f"{local}@{DOMAIN}" for local in wanted])
    assert answers == list(wanted.values())
    _, answers = routed([], ["postmaster", "POSTMASTER"])
    assert answers == [Target(OPERATORS, argument="postmaster")] * 2
    unserved = [word for desk, words in DESKS.items() for word in words.split() if desk not in SERVED_DESKS]
    others = sorted(SERVICE - {"cases", "postmaster", "abuse"}) + unserved
    for desk in SERVED_DESKS:
        _, answers = routed([], [f"{word}@{DOMAIN}" for word in DESKS[desk].split()])
        assert answers == [Target(desk)] * len(answers)
    _, answers = routed([], [f"{local}@{DOMAIN}" for local in (*others, "reply+short", f"reply+{token}a", "bounces+")])
    assert {refused(answer) for answer in answers} == {"550 5.1.1"}


def test_leaving_by_key() -> None:
    key = f"{77:x}-{encode(bytes(16))}"
    ids, answers = routed(
        ["meta-data"],
        [
            f"meta-data-leave+{key}@{DOMAIN}",
            f"Meta-Data+Leave+{key.upper()}@{DOMAIN}",
            f"meta-data-join+{key}@{DOMAIN}",
            f"Leave+{key}@{DOMAIN}",
            f"join+{key}@{DOMAIN}",
            f"leave+{key}a@{DOMAIN}",
        ],
    )
    assert answers[:2] == [Target("leave", ids[0], key)] * 2
    assert answers[3] == Target("leave", None, key)
    assert [refused(answers[one]) for one in (2, 4, 5)] == ["550 5.1.1"] * 3


@given(st.text(max_size=90), st.sampled_from([DOMAIN, DOMAIN.upper(), "example.org", "", "æøå.example", "a" * 80]))
def test_no_local_part_ever_raises(local: str, domain: str) -> None:
    for recipient in (f"{local}@{domain}", local):
        answer = house().do(lambda tx, one=recipient: route(tx, house().registry, one))  # type: ignore[misc]
        if isinstance(answer, Refusal):
            assert answer.reason in (Reason.UNKNOWN_ADDRESS, Reason.NOT_OUR_DOMAIN)
            assert not answer.temporary


@pytest.mark.parametrize(
    "address",
    ["\udc80@" + DOMAIN, "a\0b@" + DOMAIN, "cataloguing\n@" + DOMAIN, "\x7f@" + DOMAIN, "@" + DOMAIN, "", "@"],
)
def test_what_is_no_address_is_not_ours(address: str) -> None:
    _, answers = routed([], [address])
    assert refused(answers[0]) == "550 5.7.1"


@pytest.mark.parametrize("domain", ["example.org", "networks.example.com", "x." + DOMAIN, DOMAIN + ".example.net", ""])
def test_other_domains_are_not_ours(domain: str) -> None:
    _, answers = routed(["data"], [f"data@{domain}", f"data%{DOMAIN}@{domain}", f'"data@{DOMAIN}"@{domain}'])
    assert {refused(answer) for answer in answers} == {"550 5.7.1"}


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_no_accepted_name_shadows_an_address(wanted: list[str]) -> None:
    """Whatever names are accepted one after another: every address of every group leads to that group."""
    taken = {"cataloguing"}
    accepted = []
    for name in wanted:
        if name_problem(name, taken) is None:
            taken.add(name)
            accepted.append(name)
    assume(accepted)
    addresses, meant = [], []
    for place, name in enumerate(accepted):
        addresses.append(f"{name}@{DOMAIN}")
        meant.append((place, POST))
        for function, word in WORDS:
            if function in SERVED:
                addresses.append(f"{name}-{word}@{DOMAIN}")
                meant.append((place, str(function)))
    ids, answers = routed(accepted, addresses)
    assert answers == [Target(handler, ids[place]) for place, handler in meant]


@given(names, names)
def test_names_exclude_each_other_in_both_orders(one: str, other: str) -> None:
    assume(one != other and name_problem(one, set()) is None and name_problem(other, set()) is None)
    assert (name_problem(one, {other}) is None) == (name_problem(other, {one}) is None)


@given(names, st.sampled_from([word for _, word in WORDS]))
def test_a_name_that_is_an_address_is_refused(name: str, word: str) -> None:
    assume(name_problem(name, set()) is None)
    shadow = f"{name}-{word}"
    assert name_problem(shadow, {name}) is not None
    if shadow.isascii() and len(shadow) <= LONGEST_NAME and name_problem(shadow, set()) is None:
        assert name_problem(name, {shadow}) is not None


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_words_are_no_names(word: str) -> None:
    assert name_problem(word, set()) is not None
    assert name_problem(f"owner-{word}"[:LONGEST_NAME], set()) is not None


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", ".a", "a.", "a..b", "a--b", "A", "å", "a_b", "a+b", "a b", "a" * (LONGEST_NAME + 1), "a\n"]
)
def test_what_is_no_name(name: str) -> None:
    assert "is not a group name" in (name_problem(name, set()) or "")


def test_the_longest_name_makes_addresses_of_64_octets_at_most() -> None:
    name = "a" * LONGEST_NAME
    assert name_problem(name, set()) is None
    assert max(len(f"{name}-{word}".encode()) for _, word in WORDS) <= LONGEST_LOCAL_PART
    assert len(f"reply+{encode(bytes(16))}") <= LONGEST_LOCAL_PART
    assert len(f"bounces+{(1 << 63):x}-{encode(bytes(16))}") <= LONGEST_LOCAL_PART
    ids, answers = routed([name], [f"{name}-{word}@{DOMAIN}" for _, word in WORDS])
    assert {answer.group for answer in answers if isinstance(answer, Target)} == set(ids)

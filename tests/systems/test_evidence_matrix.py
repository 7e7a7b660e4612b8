"""Who may say what: every act, by every kind of sender, under every state of evidence, in both modes.

The table is design page 5 ("Who may say what") written out. Senders: `own` is the person the act is for, `other`
another known person, `unknown` nobody we know. The columns of strict mode: what the border says, with (+) and without
(-) a signature of the author's domain over the whole mail. `nothing`: no letter, as to a stranger or a forger.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.signing import dns, signed
from tests.systems.evidence_acts import (
    ANNA,
    BO,
    KARIN,
    NOBODY,
    PER,
    THIRD,
    Scene,
    State,
    furnish,
    unsigned,
)
from tests.systems.world import running
from tests.tools import SOAK

# fmt: off
DEFAULT = """
act           sender    pass      unknown   weak       fail
approve       own       done      done      challenged refused
approve       other     refused   refused   refused    refused
approve       unknown   claimed   claimed   claimed    refused
challenge_yes own       done      done      done       refused
claim_yes     own       done      done      done       refused
key           own       left      left      left       left
key           other     left      left      left       left
key           unknown   left      left      left       left
leave         own       asked     asked     asked      nothing
leave         unknown   nothing   nothing   nothing    nothing
leave_command own       asked     asked     asked      nothing
leave_command unknown   nothing   nothing   nothing    nothing
leave_yes     own       done      done      challenged refused
leave_yes     other     refused   refused   refused    refused
leave_yes     unknown   claimed   claimed   claimed    refused
leave_undo    own       done      done      challenged refused
leave_undo    other     refused   refused   refused    refused
leave_undo    unknown   claimed   claimed   claimed    refused
join          unknown   asked     asked     asked      nothing
join_yes      own       done      done      challenged refused
join_yes      other     refused   refused   refused    refused
join_yes      unknown   claimed   claimed   claimed    refused
forward       own       asked     asked     asked      nothing
forward       other     nothing   nothing   nothing    nothing
forward       unknown   nothing   nothing   nothing    nothing
language      own       done      done      done       nothing
language      unknown   nothing   nothing   nothing    nothing
who           own       done      done      done       nothing
who           unknown   nothing   nothing   nothing    nothing
pending       own       done      done      done       nothing
pending       other     no-right  no-right  no-right   nothing
pending       unknown   nothing   nothing   nothing    nothing
stand_in      own       done      done      done       nothing
stand_in      other     no-right  no-right  no-right   nothing
stand_in      unknown   nothing   nothing   nothing    nothing
add           own       asked     asked     asked      nothing
add           other     no-right  no-right  no-right   nothing
add           unknown   nothing   nothing   nothing    nothing
add_yes       own       done      done      challenged refused
add_yes       other     refused   refused   refused    refused
add_yes       unknown   claimed   claimed   claimed    refused
set           own       asked     asked     asked      nothing
set           other     no-right  no-right  no-right   nothing
set           unknown   nothing   nothing   nothing    nothing
set_yes       own       done      done      challenged refused
set_yes       other     refused   refused   refused    refused
set_yes       unknown   claimed   claimed   claimed    refused
documents     own       done      asked     asked      nothing
documents     other     held      held      held       nothing
documents     unknown   nothing   nothing   nothing    nothing
withdraw      own       done      done      nothing    nothing
withdraw      other     nothing   nothing   nothing    nothing
withdraw      unknown   nothing   nothing   nothing    nothing
test          own       done      done      done       nothing
test          unknown   nothing   nothing   nothing    nothing
post          own       sent      sent      sent       held
post          unknown   held+told held+told held       held
announce      own       sent      sent      held+told  held
announce      other     held+told held+told held+told  held
announce      unknown   held+told held+told held       held
"""
STRICT = """
act           sender    pass+     pass-     unkn+     unkn-     weak+      weak-      fail+   fail-
approve       own       done      refused   done      refused   done       refused    refused refused
approve       other     refused   refused   refused   refused   refused    refused    refused refused
approve       unknown   claimed   refused   claimed   refused   claimed    refused    refused refused
challenge_yes own       done      refused   done      refused   done       refused    refused refused
claim_yes     own       done      refused   done      refused   done       refused    refused refused
key           own       left      left      left      left      left       left       left    left
key           other     left      left      left      left      left       left       left    left
key           unknown   left      left      left      left      left       left       left    left
leave         own       asked     asked     asked     asked     asked      asked      nothing nothing
leave         unknown   nothing   nothing   nothing   nothing   nothing    nothing    nothing nothing
leave_command own       asked     asked     asked     asked     asked      asked      nothing nothing
leave_command unknown   nothing   nothing   nothing   nothing   nothing    nothing    nothing nothing
leave_yes     own       done      done      done      done      challenged challenged refused refused
leave_yes     other     refused   refused   refused   refused   refused    refused    refused refused
leave_yes     unknown   claimed   claimed   claimed   claimed   claimed    claimed    refused refused
leave_undo    own       done      done      done      done      challenged challenged refused refused
leave_undo    other     refused   refused   refused   refused   refused    refused    refused refused
leave_undo    unknown   claimed   claimed   claimed   claimed   claimed    claimed    refused refused
join          unknown   asked     asked     asked     told      told       told       nothing nothing
join_yes      own       done      done      done      refused   refused    refused    refused refused
join_yes      other     refused   refused   refused   refused   refused    refused    refused refused
join_yes      unknown   claimed   claimed   claimed   refused   refused    refused    refused refused
forward       own       asked     asked     asked     told      told       told       nothing nothing
forward       other     nothing   nothing   nothing   told      told       told       nothing nothing
forward       unknown   nothing   nothing   nothing   told      told       told       nothing nothing
language      own       done      done      done      told      told       told       nothing nothing
language      unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
who           own       done      done      done      told      told       told       nothing nothing
who           unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
pending       own       done      done      done      told      told       told       nothing nothing
pending       other     no-right  no-right  no-right  told      told       told       nothing nothing
pending       unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
stand_in      own       done      done      done      told      told       told       nothing nothing
stand_in      other     no-right  no-right  no-right  told      told       told       nothing nothing
stand_in      unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
add           own       asked     asked     asked     told      told       told       nothing nothing
add           other     no-right  no-right  no-right  told      told       told       nothing nothing
add           unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
add_yes       own       seconded  refused   seconded  refused   seconded   refused    refused refused
add_yes       other     refused   refused   refused   refused   refused    refused    refused refused
add_yes       unknown   claimed   refused   claimed   refused   claimed    refused    refused refused
second_yes    own       done      refused   done      refused   done       refused    refused refused
second_yes    other     refused   refused   refused   refused   refused    refused    refused refused
second_yes    unknown   claimed   refused   claimed   refused   claimed    refused    refused refused
set           own       asked     asked     asked     told      told       told       nothing nothing
set           other     no-right  no-right  no-right  told      told       told       nothing nothing
set           unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
set_yes       own       seconded  refused   seconded  refused   seconded   refused    refused refused
set_yes       other     refused   refused   refused   refused   refused    refused    refused refused
set_yes       unknown   claimed   refused   claimed   refused   claimed    refused    refused refused
documents     own       done      asked     done      told      told       told       nothing nothing
documents     other     held      held      held      told      told       told       nothing nothing
documents     unknown   nothing   nothing   nothing   nothing   nothing    nothing    nothing nothing
withdraw      own       done      done      done      told      nothing    nothing    nothing nothing
withdraw      other     nothing   nothing   nothing   told      told       told       nothing nothing
withdraw      unknown   nothing   nothing   nothing   told      nothing    nothing    nothing nothing
test          own       done      done      done      done      done       done       nothing nothing
test          unknown   nothing   nothing   nothing   nothing   nothing    nothing    nothing nothing
post          own       sent      sent      sent      held+told held+told  held+told  held    held
post          unknown   held+told held+told held+told held+told held       held       held    held
announce      own       sent      held+told sent      held+told held+told  held+told  held    held
announce      other     held+told held+told held+told held+told held+told  held+told  held    held
announce      unknown   held+told held+told held+told held+told held       held       held    held
"""
# fmt: on

BORDERS = ("pass", "unknown", "weak", "fail")
BY_DEFAULT = [State(border) for border in BORDERS]
IN_STRICT = [State(border, signing, strict=True) for border in BORDERS for signing in (signed, unsigned)]
PEOPLE = {"own": KARIN, "other": ANNA, "unknown": NOBODY}
# Acts that are for somebody else than Karin.
PEOPLE_OF = {
    "join_yes": {"own": NOBODY, "other": ANNA, "unknown": THIRD},
    "second_yes": {"own": PER, "other": KARIN, "unknown": NOBODY},
    "withdraw": {"own": NOBODY, "other": ANNA, "unknown": THIRD},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table."""

    act: str
    sender: str
    state: State
    outcome: str

    def __str__(self) -> str:
        mode = "strict" if self.state.strict else "default"
        return f"{self.act}-{self.sender}-{mode}-{self.state.border}-{self.state.signing.__name__}"

    async def tried(self, folder: Path) -> str:
        """What comes of it in a new service."""
        people = PEOPLE_OF.get(self.act, PEOPLE)
        async with running(folder, self.state.config, dns) as world:
            await furnish(world)
            outcome = await getattr(Scene(world, self.state, people[self.sender]), self.act)()
        return str(outcome)


def read(table: str, columns: list[State]) -> list[Cell]:
    lines = [line.split() for line in table.strip().splitlines()[1:]]
    return [
        Cell(act, sender, state, one)
        for act, sender, *outcomes in lines
        for state, one in zip(columns, outcomes, strict=True)
    ]


CELLS = [*read(DEFAULT, BY_DEFAULT), *read(STRICT, IN_STRICT)]
# `make check` tries whatever somebody may do in their own matters, and of the rest a seeded sample.
OWN = [cell for cell in CELLS if cell.sender == "own" or cell.act == "approve"]
REST = [cell for cell in CELLS if cell not in OWN]
TRIED = CELLS if SOAK else [*OWN, *random.Random(5).sample(REST, 60)]


def test_the_table_is_whole() -> None:
    acts = {name for name, value in vars(Scene).items() if callable(value) and not name.startswith("_")}
    assert {cell.act for cell in CELLS} == acts
    assert len({str(cell) for cell in CELLS}) == len(CELLS) == 63 * 12 - 3 * 4


@pytest.mark.parametrize("cell", TRIED, ids=str)
async def test_a_cell(tmp_path: Path, cell: Cell) -> None:
    assert await cell.tried(tmp_path) == cell.outcome


# ---- what a signature must be, and what else may stand in its way


def partial(content: bytes) -> bytes:
    """The subject can be changed."""
    return signed(content, headers=(b"from", b"to", b"date", b"message-id"))


def short(content: bytes) -> bytes:
    """Anything can be written below (l=)."""
    return signed(content, length=True)


def foreign(content: bytes) -> bytes:
    """Signed by somebody else: a mailing service."""
    return signed(content, domain="example.net")


def below(content: bytes) -> bytes:
    """Signed by a part of the same organisation."""
    return signed(content, domain="mail.example.org")


def changed(content: bytes) -> bytes:
    """A footer was added on the way."""
    return signed(content) + b"External mail\r\n"


def retitled(content: bytes) -> bytes:
    """The subject was changed on the way."""
    return signed(content).replace(b"\r\nSubject: ", b"\r\nSubject: [External] ")


def twice(content: bytes) -> bytes:
    """A second Subject was put on top of the one that was signed."""
    return b"Subject: Nej\r\n" + signed(content)


def lost(content: bytes) -> bytes:
    """The key cannot be looked up."""
    return signed(content, lost=True)


def both(content: bytes) -> bytes:
    """The list's own on top of the author's."""
    return signed(signed(content), domain="example.net")


def many(content: bytes) -> bytes:
    """Four of others and a broken one of the author's before the one that counts."""
    broken = signed(content, headers=(b"from",)).partition(b"From:")[0].replace(b"bh=", b"bh=AAAA")
    for number in range(4):
        content = signed(content, domain=f"s{number}.example.net") if number else signed(content)
    return broken + content


BEHALF = "Bo Dahl <bo@example.org>"
OTHERWISE = [
    *(("approve", "unknown", signing, "", "done") for signing in (below, both, many)),
    *(
        ("approve", "unknown", signing, "", "refused")
        for signing in (partial, short, foreign, changed, retitled, twice, lost)
    ),
    # D pass needs no more than an aligned signature that holds
    *(("post", "unknown", signing, "", "sent") for signing in (below, both, many, partial)),
    *(("post", "unknown", signing, "", "held+told") for signing in (short, foreign, changed, retitled, lost)),
    *(("announce", "unknown", signing, "", "held+told") for signing in (partial, short, foreign)),
    # the border has a name, but said nothing of this mail
    ("approve", "silent", signed, "", "done"),
    ("post", "silent", signed, "", "sent"),
    ("post", "silent", unsigned, "", "held+told"),
    ("language", "silent", signed, "", "done"),
    ("language", "silent", unsigned, "", "told"),
    # on behalf of
    *(
        (act, "pass", signed, BEHALF, outcome)
        for act, outcome in {
            "approve": "refused",
            "add": "told",
            "add_yes": "refused",
            "announce": "held+told",
            "forward": "told",
            "key": "left",
            "language": "told",
            "leave": "asked",
            "leave_yes": "done",
            "post": "held+told",
            "stand_in": "told",
        }.items()
    ),
    ("join", "pass", signed, BEHALF, "told"),
]


@pytest.mark.parametrize(("act", "border", "signing", "behalf", "outcome"), OTHERWISE)
async def test_other_evidence_in_strict_mode(
    tmp_path: Path, act: str, border: str, signing: object, behalf: str, outcome: str
) -> None:
    assert callable(signing)
    sender = "unknown" if act == "join" else "own"
    assert await Cell(act, sender, State(border, signing, True, behalf), "").tried(tmp_path) == outcome


@pytest.mark.parametrize(("act", "outcome"), [("approve", "done"), ("post", "sent"), ("announce", "sent")])
async def test_on_behalf_counts_for_its_author_by_default(tmp_path: Path, act: str, outcome: str) -> None:
    assert await Cell(act, "own", State("pass", sender=BO), "").tried(tmp_path) == outcome


async def test_staff_networks_sign_too(tmp_path: Path) -> None:
    """A client in internal_networks is D pass and may post, but a decision needs the signature all the same."""
    inside = replace(State("inside", strict=True))
    for act, signing, outcome in (
        ("post", unsigned, "sent"),
        ("approve", unsigned, "refused"),
        ("approve", signed, "done"),
    ):
        folder = tmp_path / f"{act}-{outcome}"
        folder.mkdir()
        assert await Cell(act, "own", replace(inside, signing=signing), "").tried(folder) == outcome

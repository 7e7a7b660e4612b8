"""A group that decides: who votes, by which rule, and when its digest goes out. What groups are is said by lists."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.ids import PersonId


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a body. `party` is "" where the body has none; a secretary sits there without a vote."""

    person: PersonId
    chair: bool = False
    party: str = ""
    votes: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """A group that decides.

    `rule` is one of the decision rules (any, chair, majority, unanimous, each-party); `quorum` the number of votes that
    a decision needs (0: none); `casting`: the chair's vote breaks a tie. `schedule` is when the digest goes out, as
    `[digests]` writes it.
    """

    group: int
    name: str
    title: str
    schedule: str
    rule: str
    quorum: int
    casting: bool
    seats: tuple[Seat, ...]

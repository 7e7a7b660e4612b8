"""Row ids as distinct types, and the only place randomness comes from."""

from __future__ import annotations

import random
import secrets
from typing import NewType, Protocol

RawId = NewType("RawId", int)
MailId = NewType("MailId", int)
InboxId = NewType("InboxId", int)
OutgoingId = NewType("OutgoingId", int)
DeliveryId = NewType("DeliveryId", int)
PersonId = NewType("PersonId", int)
AddressId = NewType("AddressId", int)
GroupId = NewType("GroupId", int)
MembershipId = NewType("MembershipId", int)
CaseId = NewType("CaseId", int)
QuestionId = NewType("QuestionId", int)
AskId = NewType("AskId", int)


class Randomness(Protocol):
    """A source of unguessable bytes; tests give a seeded one."""

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes."""
        ...


class SystemRandomness:
    """The operating system's randomness."""

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes fit for secrets."""
        return secrets.token_bytes(count)


class SeededRandomness:
    """Repeatable bytes for tests and golden files; never for secrets."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - tests only

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes, the same ones for the same seed."""
        return self._random.randbytes(count)

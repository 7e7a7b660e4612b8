"""Envelope senders: one address per copy, so that whatever comes back names the delivery that it is about; and one for
all copies of a shared message, which names the message only."""

from __future__ import annotations

from typing import Final

from mailsvc.ids import DeliveryId, MembershipId, OutgoingId
from mailsvc.keys import SiteKey

LOCAL: Final = "bounces"
_BOUNCE: Final = "bounce"
_SHARED: Final = "bounce-shared"
_UNSUBSCRIBE: Final = "unsubscribe"


def reverse_path(key: SiteKey, delivery: DeliveryId, domain: str) -> str:
    """`bounces+KEY@domain`, the MAIL FROM of one copy (RFC 5321 §4.1.1.2)."""
    return f"{LOCAL}+{key.key_for(_BOUNCE, delivery)}@{domain}"


def shared_reverse_path(key: SiteKey, outgoing: OutgoingId, domain: str) -> str:
    """`bounces+KEY@domain`, the MAIL FROM of every copy of a shared message."""
    return f"{LOCAL}+{key.key_for(_SHARED, outgoing)}@{domain}"


def delivery_of(key: SiteKey, local: str) -> DeliveryId | None:
    """The delivery that a local part made by `reverse_path` names, or None when this site did not make it."""
    number = _number(key, _BOUNCE, local)
    return None if number is None else DeliveryId(number)


def outgoing_of(key: SiteKey, local: str) -> OutgoingId | None:
    """The message that a local part made by `shared_reverse_path` names, or None when this site did not make it."""
    number = _number(key, _SHARED, local)
    return None if number is None else OutgoingId(number)


def _number(key: SiteKey, purpose: str, local: str) -> int | None:
    name, plus, word = local.partition("+")
    return key.number_in(purpose, word) if plus and name.lower() == LOCAL else None


def member_key(key: SiteKey, membership: MembershipId) -> str:
    """What the slot `member-key` of a copy holds: the personal key of List-Unsubscribe."""
    return key.key_for(_UNSUBSCRIBE, membership)

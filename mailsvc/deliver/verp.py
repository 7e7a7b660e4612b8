"""Envelope senders: one address per copy, so that whatever comes back names the delivery that it is about."""

from __future__ import annotations

from typing import Final

from mailsvc.ids import DeliveryId, MembershipId
from mailsvc.keys import SiteKey

LOCAL: Final = "bounces"
_BOUNCE: Final = "bounce"
_UNSUBSCRIBE: Final = "unsubscribe"


def reverse_path(key: SiteKey, delivery: DeliveryId, domain: str) -> str:
    """`bounces+KEY@domain`, the MAIL FROM of one copy (RFC 5321 §4.1.1.2)."""
    return f"{LOCAL}+{key.key_for(_BOUNCE, delivery)}@{domain}"


def delivery_of(key: SiteKey, local: str) -> DeliveryId | None:
    """The delivery that a local part made by `reverse_path` names, or None when this site did not make it."""
    name, plus, word = local.partition("+")
    if not plus or name.lower() != LOCAL:
        return None
    number = key.number_in(_BOUNCE, word)
    return None if number is None else DeliveryId(number)


def member_key(key: SiteKey, membership: MembershipId) -> str:
    """What the slot `member-key` of a copy holds: the personal key of List-Unsubscribe."""
    return key.key_for(_UNSUBSCRIBE, membership)

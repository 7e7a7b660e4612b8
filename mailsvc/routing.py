"""Address -> target: which of our domains, and the first route that knows the local part."""

from __future__ import annotations

import re
from typing import Final

from mailsvc.config import Config
from mailsvc.errors import Reason, Refusal
from mailsvc.message.address import fold_domain
from mailsvc.registry import Registry, Target
from mailsvc.store.database import ReadTx

ANSWER: Final = "answer"
BOUNCE: Final = "bounce"
OPERATORS: Final = "operators"
DESKS_OF_OPERATORS: Final = frozenset({"postmaster", "abuse"})

# Well-formed words are accepted at RCPT, whether they exist or not: nothing is told by the reply.
_REPLY: Final = re.compile(r"reply\+([a-z2-7]{26})")
_BOUNCE: Final = re.compile(r"bounces\+([0-9a-f]{1,16}-[a-z2-7]{26})")

NOT_OURS: Final = Refusal(550, "5.7.1", Reason.NOT_OUR_DOMAIN, "this service takes no mail for that domain")
UNKNOWN: Final = Refusal(550, "5.1.1", Reason.UNKNOWN_ADDRESS, "there is no such address here")


def local_part(config: Config, recipient: str) -> str | None:
    """The local part in lower case when the address is at one of our domains (or is `postmaster` alone), else None."""
    if not recipient.isprintable():  # control characters, half characters: no address of anybody
        return None
    if recipient.lower() == "postmaster":  # RFC 5321 §4.5.1
        return "postmaster"
    local, _, domain = recipient.rpartition("@")
    folded = fold_domain(domain)
    return local.lower() if local and folded in config.domains else None


def core_route(_tx: ReadTx, local: str) -> Target | None:
    """The addresses that belong to no group: answers, bounces, the operators."""
    if match := _REPLY.fullmatch(local):
        return Target(ANSWER, argument=match[1])
    if local == "cases":
        return Target(ANSWER)
    if match := _BOUNCE.fullmatch(local):
        return Target(BOUNCE, argument=match[1])
    if local in DESKS_OF_OPERATORS:
        return Target(OPERATORS, argument=local)
    return None


def is_for_operators(config: Config, recipient: str) -> bool:
    """Whether an address is `postmaster@` or `abuse@` of ours: nothing but loop protection refuses mail to them."""
    return local_part(config, recipient) in DESKS_OF_OPERATORS


def route(tx: ReadTx, registry: Registry, recipient: str) -> Target | Refusal:
    """What a recipient address means, or the refusal that RCPT answers."""
    local = local_part(registry.site.config, recipient)
    if local is None:
        return NOT_OURS
    for known in registry.routes:
        target = known(tx, local)
        if target is not None:
            return target
    return UNKNOWN

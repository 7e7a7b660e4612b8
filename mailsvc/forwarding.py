"""Passing a mail on as it is to the people behind an address (`N-owner@`, `postmaster@`)."""

from __future__ import annotations

from typing import Final

import msgspec

from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.message.header_edit import Trace, forward_bytes
from mailsvc.registry import Incoming
from mailsvc.store.outgoing import Values

FORWARD: Final = "forward"


class ForwardValues(msgspec.Struct, frozen=True):
    """Everything that passing on needs besides the bytes; fixed when the mail is handled."""

    address: str
    helo: str
    peer: str
    protocol: str
    received_at: int
    ident: str


def forward_values(address: str, mail: Incoming) -> Values:
    """What is kept with a forwarded mail."""
    envelope = mail.envelope
    values = ForwardValues(
        address, envelope.helo, envelope.peer, envelope.protocol, mail.received_at, f"{mail.inbox_id}"
    )
    return msgspec.structs.asdict(values)


def compose_forward(source: bytes, values: Values, _config: Config) -> bytes:
    """The mail as it is passed on."""
    kept = msgspec.convert(values, ForwardValues)
    trace = Trace(kept.helo, kept.peer, kept.protocol, Instant(kept.received_at), kept.ident)
    return forward_bytes(source, kept.address, trace)

"""Passing a mail on to the people behind an address (`N-owner@`, `postmaster@`): as it is, or enclosed in a letter."""

from __future__ import annotations

from typing import Final

import msgspec

from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.ids import RawId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.enclose import enclosing
from mailsvc.message.header_edit import Trace, forward_bytes
from mailsvc.registry import Incoming
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values

FORWARD: Final = "forward"
ENCLOSED: Final = "operator/enclosed"  # the letter that holds what cannot go on as it is


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


def enclose(tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
    """The letter with the mail in it, marked with the address like a mail that is passed on (`is_looping`)."""
    source = inbox.raw(tx, RawId(int(str(spec.values["raw_id"]))))
    return enclosing(composer.letter(spec), source, str(spec.values["address"]))

"""What arrived: the SMTP envelope and the bytes, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """One SMTP transaction as it was received (RFC 5321 §2.3.1).

    `reverse_path` is "" for the null sender. `recipients` are as the client wrote them, already accepted at RCPT.
    `peer` is the client's IP address; `trusted` says that it is one of `[smtp] trusted_relays`.
    `internal` says that it stands in `[smtp] internal_networks`. `content` has CRLF line ends only and no NUL.
    """

    reverse_path: str
    recipients: tuple[str, ...]
    peer: str
    helo: str
    protocol: str
    content: bytes
    trusted: bool = False
    internal: bool = False
    smtputf8: bool = False

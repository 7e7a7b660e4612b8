"""Signing what we send with DKIM (RFC 6376 §5; Ed25519 after RFC 8463), in relaxed canonical form.

A signature says nothing of the time at which it was made, so a retry sends the same bytes (5-quality, "Same bytes").
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from mailsvc.message.dkim_canonical import canonical_body, relaxed_field
from mailsvc.message.fields import read_block

# What is signed where it is there (RFC 6376 §5.4.1); the first ones once more than there are, so that none is added.
_ONCE_MORE: Final = ("from", "subject", "date", "to", "cc", "reply-to", "message-id")
_SIGNED: Final = (
    *_ONCE_MORE, "sender", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
    "auto-submitted", "list-id", "list-post", "list-help", "list-owner", "list-subscribe", "list-unsubscribe",
    "list-unsubscribe-post", "list-archive", "archived-at",
)  # fmt: skip
_WIDTH: Final = 72
LONGEST: Final = 1100  # octets that one signature adds, about


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with the name under which its public half stands in the DNS: `SELECTOR._domainkey.DOMAIN`."""

    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """As the tag `a=` names it."""
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, digest_of: bytes) -> bytes:
        """The signature over these bytes; the same for the same bytes."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest_of, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(digest_of).digest())  # RFC 8463 §3


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one domain with every key it has."""

    domain: str
    keys: tuple[SigningKey, ...]

    def body_hash(self, body: bytes) -> bytes:
        """What `bh=` says of a body as it is sent, in base64; the same for all copies of a message."""
        digest = hashlib.sha256()
        for piece in canonical_body(body, relaxed=True):
            digest.update(piece)
        return b64encode(digest.digest())

    def fields(self, head: bytes, body_hash: bytes) -> bytes:
        """The DKIM-Signature fields, one for each key, for a header as it is sent (with the empty line behind it)."""
        found = read_block(head, 0, len(head)).fields
        places: dict[str, list[bytes]] = {}
        for name, value in found:
            places.setdefault(name.lower(), []).append(value)
        names = [name for name in _SIGNED for _ in range(len(places.get(name, ())) + (name in _ONCE_MORE))]
        signed = b"".join(
            relaxed_field(name, value) + b"\r\n" for name in _SIGNED for value in reversed(places.get(name, ()))
        )
        return b"".join(self._field(key, names, signed, body_hash) for key in self.keys)

    def _field(self, key: SigningKey, names: Sequence[str], signed: bytes, body_hash: bytes) -> bytes:
        start = f" v=1; a={key.algorithm}; c=relaxed/relaxed; d={self.domain};\r\n\ts={key.selector};\r\n\th="
        value = start.encode() + _folded(names) + b";\r\n\tbh=" + body_hash + b";\r\n\tb="
        made = b64encode(key.sign(signed + relaxed_field("DKIM-Signature", value)))
        pieces = [made[place : place + _WIDTH] for place in range(0, len(made), _WIDTH)]
        return b"DKIM-Signature:" + value + b"\r\n\t".join(pieces) + b"\r\n"


def _folded(names: Sequence[str]) -> bytes:
    """The list of `h=`, a line of bounded length each."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > _WIDTH:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n\t".join(lines).rstrip(":").encode("ascii")

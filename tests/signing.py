"""Mails really signed with DKIM by keys made here, and the DNS that publishes them: what a good or bad border sends."""

from __future__ import annotations

import re
from email.utils import parseaddr
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailsvc.message.dkim_check import DnsTrouble

SELECTOR = "s1"
WHOLE = (b"from", b"to", b"subject", b"date", b"message-id")
LOST = "lost"  # the selector for which no name server answers


@cache
def _key(domain: str) -> rsa.RSAPrivateKey:
    assert domain
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def dns(name: str) -> bytes | None:
    """The TXT record of a key, for every domain whose mail was signed here."""
    if name.startswith(f"{LOST}."):
        raise DnsTrouble("nobody answers")
    match = re.fullmatch(rf"{SELECTOR}\._domainkey\.(.+)", name)
    if match is None:
        return None
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = _key(match[1]).public_key().public_bytes(serialization.Encoding.PEM, form).decode()
    return b"v=DKIM1; k=rsa; p=" + "".join(pem.splitlines()[1:-1]).encode()


def author_domain(content: bytes) -> str:
    """The domain of a mail's From."""
    match = re.search(rb"^From:(.*)$", content, re.MULTILINE)
    assert match
    return parseaddr(match[1].decode().strip())[1].rpartition("@")[2]


def signed(
    content: bytes, *, domain: str = "", headers: tuple[bytes, ...] = WHOLE, length: bool = False, lost: bool = False
) -> bytes:
    """The mail with a signature on top: by its author's domain, over all that strict mode wants, if nothing is said.

    `lost`: the key is where no server answers.
    """
    by = domain or author_domain(content)
    secret = _key(by).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    selector = (LOST if lost else SELECTOR).encode()
    field: bytes = dkim.sign(
        content,
        selector,
        by.encode(),
        secret,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(headers),
        length=length,
    )
    return field + content

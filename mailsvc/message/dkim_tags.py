"""DKIM-Signature fields and key records as values (RFC 6376 §3.5, §3.6.1; RFC 8301; RFC 8463), bounded."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailsvc.message.address import fold_domain

LONGEST_SIGNATURE: Final = 8 * 1024
LONGEST_KEY_RECORD: Final = 4 * 1024
MOST_HEADERS: Final = 200
SMALLEST_RSA: Final = 1024
LARGEST_RSA: Final = 4096  # a larger key only costs; RFC 8301 §3.2 asks verifiers for no more
_LARGEST_EXPONENT: Final = 2**32

_TAG = re.compile(rb"([A-Za-z][A-Za-z0-9_]*)[ \t\r\n]*=(.*)", re.DOTALL)
_WHITE = re.compile(rb"[ \t\r\n]+")
_SELECTOR = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(rb"\d{1,12}")
_NAME = re.compile(r"[\x21-\x39\x3b-\x7e]{1,200}")


class DkimVerdict(StrEnum):
    """The words of RFC 8601 §2.7.1. POLICY: it may be right, but we do not take such a signature."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    POLICY = "policy"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class DkimRefused(Exception):
    """A signature or key that decides nothing: the verdict and why. Never leaves this package."""

    def __init__(self, verdict: DkimVerdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature field. `headers` are the names of `h=` in lower case, in order, with repetitions.

    `unsigned` is the field's value as bytes with the value of `b=` taken out; `strict_identity`: the domain of `i=`
    is that of `d=` itself. `algorithm` is `rsa-sha256` or `ed25519-sha256`.
    """

    domain: str
    selector: str
    algorithm: str
    headers: tuple[str, ...]
    relaxed_header: bool
    relaxed_body: bool
    body_hash: bytes
    signature: bytes
    unsigned: bytes
    strict_identity: bool

    @property
    def key_name(self) -> str:
        """Where the key is published (§3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"


def read_tags(value: bytes) -> dict[str, bytes]:
    """A tag-list (§3.2): values without blanks around them; ValueError where it is none or a tag stands twice."""
    tags: dict[str, bytes] = {}
    for piece in value.strip(b" \t\r\n").removesuffix(b";").split(b";"):
        match = _TAG.fullmatch(piece.strip(b" \t\r\n"))
        if not match:
            raise ValueError("not a tag list")
        name = match[1].decode("ascii")
        if name in tags:
            raise ValueError(f"{name}= stands twice")
        tags[name] = match[2].strip(b" \t\r\n")
    return tags


def named_domain(value: bytes) -> str:
    """The `d=` of a field that may not be readable otherwise; "" where there is none."""
    try:
        return fold_domain(read_tags(value[:LONGEST_SIGNATURE]).get("d", b"").decode("utf-8")) or ""
    except ValueError:
        return ""


def read_signature(value: bytes, now_seconds: int) -> Signature:
    """The value of a DKIM-Signature field; raises DkimRefused. `now_seconds` since 1970 UTC decides about `x=`."""
    if len(value) > LONGEST_SIGNATURE:
        raise DkimRefused(DkimVerdict.NEUTRAL, "the field is too long")
    try:
        tags = read_tags(value)
    except ValueError as error:
        raise DkimRefused(DkimVerdict.NEUTRAL, str(error)) from None
    for name in ("v", "a", "b", "bh", "d", "h", "s"):
        if not tags.get(name):
            raise DkimRefused(DkimVerdict.NEUTRAL, f"no {name}=")
    if tags["v"] != b"1" or b"dns/txt" not in _WHITE.sub(b"", tags.get("q", b"dns/txt")).lower().split(b":"):
        raise DkimRefused(DkimVerdict.NEUTRAL, "another version")
    _allowed(tags, now_seconds)
    domain, selector = _where(tags)
    header, _, body = tags.get("c", b"simple/simple").lower().partition(b"/")
    if {header, body or b"simple"} - {b"simple", b"relaxed"}:
        raise DkimRefused(DkimVerdict.NEUTRAL, "unknown canonicalization")
    return Signature(
        domain,
        selector,
        tags["a"].lower().decode("ascii"),
        _headers(tags["h"]),
        relaxed_header=header == b"relaxed",
        relaxed_body=body == b"relaxed",
        body_hash=_base64(tags["bh"], "bh"),
        signature=_base64(tags["b"], "b"),
        unsigned=_without_b(value),
        strict_identity=_identity(tags, domain),
    )


def _allowed(tags: dict[str, bytes], now_seconds: int) -> None:
    """What we take: whole bodies, no SHA-1 (RFC 8301), not expired."""
    if tags["a"].lower() == b"rsa-sha1":
        raise DkimRefused(DkimVerdict.POLICY, "signed with rsa-sha1")
    if tags["a"].lower() not in (b"rsa-sha256", b"ed25519-sha256"):
        raise DkimRefused(DkimVerdict.NEUTRAL, "unknown algorithm")
    if "l" in tags:
        raise DkimRefused(DkimVerdict.POLICY, "l= leaves a part of the body unsigned")
    for name in ("t", "x"):
        if name in tags and not _NUMBER.fullmatch(tags[name]):
            raise DkimRefused(DkimVerdict.NEUTRAL, f"{name}= is no time")
    if "x" in tags and int(tags["x"]) < now_seconds:
        raise DkimRefused(DkimVerdict.POLICY, "expired")
    if "x" in tags and "t" in tags and int(tags["x"]) < int(tags["t"]):
        raise DkimRefused(DkimVerdict.NEUTRAL, "x= before t=")


def _where(tags: dict[str, bytes]) -> tuple[str, str]:
    try:
        domain, selector = fold_domain(tags["d"].decode("utf-8")), tags["s"].decode("ascii").lower()
    except UnicodeDecodeError:
        domain, selector = None, ""
    if domain is None or "." not in domain or not _SELECTOR.fullmatch(selector) or len(selector) > 200:
        raise DkimRefused(DkimVerdict.NEUTRAL, "d= or s= is no name")
    return domain, selector


def _headers(value: bytes) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in value.decode("ascii", "replace").split(":"))
    if len(names) > MOST_HEADERS or not all(_NAME.fullmatch(name) for name in names):
        raise DkimRefused(DkimVerdict.NEUTRAL, "h= is no list of field names")
    if "from" not in names:
        raise DkimRefused(DkimVerdict.PERMERROR, "From is not signed")
    return names


def _identity(tags: dict[str, bytes], domain: str) -> bool:
    if "i" not in tags:
        return True
    try:
        own = fold_domain(tags["i"].decode("utf-8").rpartition("@")[2])
    except UnicodeDecodeError:
        own = None
    if own is None or not (own == domain or own.endswith("." + domain)):
        raise DkimRefused(DkimVerdict.NEUTRAL, "i= is not within d=")
    return own == domain


def _base64(value: bytes, name: str) -> bytes:
    try:
        return base64.b64decode(_WHITE.sub(b"", value), validate=True)
    except (binascii.Error, ValueError):
        raise DkimRefused(DkimVerdict.NEUTRAL, f"{name}= is no base64") from None


def _without_b(value: bytes) -> bytes:
    """The field with the value of `b=` removed and all else as it is (§3.7)."""
    pieces = value.split(b";")
    for place, piece in enumerate(pieces):
        name, equals, _ = piece.partition(b"=")
        if equals and name.strip(b" \t\r\n") == b"b":
            pieces[place] = name + equals
    return b";".join(pieces)


def read_key(record: bytes, signature: Signature) -> RSAPublicKey | Ed25519PublicKey:
    """The public key of a key record that may verify `signature`; raises DkimRefused."""
    if len(record) > LONGEST_KEY_RECORD:
        raise DkimRefused(DkimVerdict.PERMERROR, "the key record is too long")
    try:
        tags = read_tags(record)
    except ValueError:
        raise DkimRefused(DkimVerdict.PERMERROR, "the key record is not readable") from None
    _usable(tags, signature)
    data = _WHITE.sub(b"", tags["p"])
    try:
        raw = base64.b64decode(data, validate=True)
        if signature.algorithm == "ed25519-sha256":
            return Ed25519PublicKey.from_public_bytes(raw)
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, TypeError, UnsupportedAlgorithm):
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is not readable") from None
    if not isinstance(key, RSAPublicKey):
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is of another kind")
    if key.key_size < SMALLEST_RSA:
        raise DkimRefused(DkimVerdict.POLICY, f"a key of {key.key_size} bits")
    if key.key_size > LARGEST_RSA or key.public_numbers().e > _LARGEST_EXPONENT:
        raise DkimRefused(DkimVerdict.PERMERROR, "a key too large to use")
    return key


def _usable(tags: dict[str, bytes], signature: Signature) -> None:
    kind = tags.get("k", b"rsa").lower().decode("ascii", "replace")
    if tags.get("v", b"DKIM1") != b"DKIM1" or "p" not in tags:
        raise DkimRefused(DkimVerdict.PERMERROR, "the record is no key")
    if not tags["p"]:
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is revoked")
    if kind != signature.algorithm.partition("-")[0]:
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is of another kind")
    if not {b"*", b"email"} & _list(tags.get("s", b"*")) or b"sha256" not in _list(tags.get("h", b"sha256")):
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is not for this")
    flags = _list(tags.get("t", b""))
    if b"s" in flags and not signature.strict_identity:
        raise DkimRefused(DkimVerdict.PERMERROR, "the key is for the domain itself only")
    if b"y" in flags:
        raise DkimRefused(DkimVerdict.POLICY, "the domain is only testing")


def _list(value: bytes) -> set[bytes]:
    return {item.strip().lower() for item in _WHITE.sub(b"", value).split(b":")}

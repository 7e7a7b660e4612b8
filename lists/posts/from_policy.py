"""The decision whether a post's From is rewritten: only when the author's domain demands it and no signature survives.

A pure function on values (3-mail, "Bytes stay as they are"). The DNS look-up that learns the domain's policy comes
later; until then it is `UNKNOWN`, and an unknown policy rewrites nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum

from mailsvc.clock import SECOND, Instant
from mailsvc.message.address import same_organisation

MOST_SIGNATURES = 5
"""More signatures than these are not looked at (5-quality, limits)."""
_LONGEST_SIGNATURE = 16 * 1024
_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


class DomainPolicy(StrEnum):
    """The `p=` (or `sp=`) of the author's domain (RFC 7489 §6.3); UNKNOWN when nobody has looked."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    UNKNOWN = "unknown"


class FromReason(StrEnum):
    """Why From stays or is rewritten."""

    # kept
    POLICY_UNKNOWN = "from-policy-unknown"
    POLICY_NONE = "from-policy-none"
    AUTHOR_UNREADABLE = "from-author-unreadable"
    SIGNATURE_SURVIVES = "from-signature-survives"
    # rewritten, from the farthest from a good signature to the nearest
    NO_SIGNATURE = "from-no-signature"
    SIGNATURE_UNUSABLE = "from-signature-unusable"
    SIGNATURE_NOT_ALIGNED = "from-signature-not-aligned"
    SIGNATURE_NOT_VERIFIED = "from-signature-not-verified"
    SIGNED_HEADER_TOUCHED = "from-signed-header-touched"
    BODY_CHANGED = "from-body-changed"


_NEARNESS = tuple(FromReason)


@dataclass(frozen=True, slots=True)
class Keep:
    """From stays as the author wrote it."""

    reason: FromReason


@dataclass(frozen=True, slots=True)
class Rewrite:
    """From becomes `"author via N" <N@D>`."""

    reason: FromReason


FromDecision = Keep | Rewrite


@dataclass(frozen=True, slots=True)
class Signature:
    """What a DKIM-Signature field (RFC 6376 §3.5) says of itself: domain, signed header names, end.

    `domain` and `headers` are in lower case. `expires` is in seconds since 1970, None for never.
    """

    domain: str
    headers: frozenset[str]
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """What composing does to a post: lower-case names of the fields it touches, and whether the body stays."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    body_same: bool = True

    @property
    def touched(self) -> frozenset[str]:
        """All names whose fields a verifier would find different from what was signed."""
        return self.added | self.removed | self.changed


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote the post, as From says and the DNS knows.

    `domain` is the author's domain in ASCII form; it and `address` are "" when From could not be read. `verified`
    are the d= domains whose signatures were found good when the mail came in, None when nobody verified. `strict` is
    `adkim=s`.
    """

    name: str = ""
    address: str = ""
    domain: str = ""
    policy: DomainPolicy = DomainPolicy.UNKNOWN
    verified: frozenset[str] | None = None
    strict: bool = False


def read_signature(value: bytes) -> Signature | None:
    """A DKIM-Signature field's value (RFC 6376 §3.5), or None when no verifier should count it.

    Not counted: a broken tag list, a missing tag, `v` other than 1, RSA with SHA-1 (RFC 8301), a body length `l=`
    (anyone could add to such a body), From not among the signed fields.
    """
    tags = _tags(value)
    if tags is None or tags.get("v") != "1" or "l" in tags:
        return None
    if tags.get("a") not in ("rsa-sha256", "ed25519-sha256"):
        return None
    if not all(tags.get(name) for name in ("b", "bh", "d", "h", "s")):
        return None
    headers = frozenset(name for name in tags["h"].lower().split(":") if name)
    expires = tags.get("x", "")
    if "from" not in headers or (expires and not (expires.isdecimal() and expires.isascii() and len(expires) <= 12)):
        return None
    return Signature(tags["d"].lower().rstrip("."), headers, int(expires) if expires else None)


def aligned(signature: Signature, author: Author) -> bool:
    """Whether the signing domain stands for the author's (RFC 7489 §3.1.1)."""
    if author.strict:
        return bool(author.domain) and signature.domain == author.domain.lower()
    return same_organisation(signature.domain, author.domain)


def signed_names(values: Iterable[bytes], author: Author, now: Instant) -> frozenset[str]:
    """The lower-case header names that a usable, aligned signature vouches for; those fields are not removed."""
    names: set[str] = set()
    for signature in _usable(values, now):
        if signature and aligned(signature, author) and _verified(signature, author.verified):
            names |= signature.headers
    return frozenset(names)


def decide(author: Author, values: Iterable[bytes], edits: Edits, now: Instant) -> FromDecision:
    """Whether From is rewritten. `values` are those of the DKIM-Signature fields, top to bottom; `now` ends `x=`.

    Of several signatures that do not survive, the reason names what ailed the one that came nearest.
    """
    if not author.domain or not author.address:
        return Keep(FromReason.AUTHOR_UNREADABLE)
    if author.policy is DomainPolicy.UNKNOWN:
        return Keep(FromReason.POLICY_UNKNOWN)
    if author.policy is DomainPolicy.NONE:
        return Keep(FromReason.POLICY_NONE)
    nearest = FromReason.NO_SIGNATURE
    for signature in _usable(values, now):
        fault = _fault(signature, author, edits)
        if fault is None:
            return Keep(FromReason.SIGNATURE_SURVIVES)
        nearest = max(nearest, fault, key=_NEARNESS.index)
    return Rewrite(nearest)


def _fault(signature: Signature | None, author: Author, edits: Edits) -> FromReason | None:
    """Why this signature will not pass at the reader's side for the author's domain; None when it will."""
    if signature is None:
        return FromReason.SIGNATURE_UNUSABLE
    if not aligned(signature, author):
        return FromReason.SIGNATURE_NOT_ALIGNED
    if not _verified(signature, author.verified):
        return FromReason.SIGNATURE_NOT_VERIFIED
    if signature.headers & edits.touched:
        return FromReason.SIGNED_HEADER_TOUCHED
    return None if edits.body_same else FromReason.BODY_CHANGED


def _usable(values: Iterable[bytes], now: Instant) -> list[Signature | None]:
    """The first few signatures, None for each that does not count or has run out."""
    found: list[Signature | None] = []
    for value in list(values)[:MOST_SIGNATURES]:
        signature = read_signature(value)
        if signature and signature.expires is not None and signature.expires * SECOND <= now:
            signature = None
        found.append(signature)
    return found


def _verified(signature: Signature, domains: Set[str] | None) -> bool:
    return domains is None or signature.domain in domains


def _tags(value: bytes) -> dict[str, str] | None:
    """A tag list (RFC 6376 §3.2) with white space taken out of the values; None when it is broken."""
    if len(value) > _LONGEST_SIGNATURE:
        return None
    tags: dict[str, str] = {}
    pieces = value.decode("utf-8", "replace").split(";")
    if not pieces[-1].strip():
        pieces.pop()
    for piece in pieces:
        name, equals, text = piece.partition("=")
        name = name.strip()
        if not equals or not _TAG_NAME.match(name) or name in tags:
            return None
        tags[name] = "".join(text.split())
        if not tags[name].isprintable():
            return None
    return tags

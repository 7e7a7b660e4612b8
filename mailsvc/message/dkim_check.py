"""Verifying DKIM signatures ourselves (RFC 6376 §6): for strict mode, and for whether From may stay as it is.

dkimpy is the oracle of the tests, not the verifier (docs/decisions/0019-own-dkim-verifier.md). Here all work is
linear in the mail and done in pieces, the sizes of keys are bounded, and the time is given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from mailsvc.clock import SECOND, Instant
from mailsvc.limits import Limits
from mailsvc.message.address import same_organisation
from mailsvc.message.dkim_canonical import canonical_body, relaxed_field, simple_field
from mailsvc.message.dkim_tags import DkimRefused, DkimVerdict, Signature, named_domain, read_key, read_signature
from mailsvc.message.fields import Field, read_block
from mailsvc.message.mime_tree import header_start

Dns = Callable[[str], bytes | None]

NEEDED: Final = ("from", "subject", "date", "message-id")  # what strict mode wants signed, besides the body


class DnsTrouble(Exception):
    """A look-up that could not be finished: nobody knows whether there is a record."""


@dataclass(frozen=True, slots=True)
class DkimResult:
    """What one signature is worth. `domain` is that of `d=` in ASCII and lower case, "" where it could not be read.

    `headers` are the signed names in lower case, each once. `unsigned` names those of From, Subject, Date and
    Message-ID that are not signed in every occurrence; `body` is true where the whole body is signed. Both describe
    what the signature covers and mean something only with PASS. `reason` says in words what decided.
    """

    verdict: DkimVerdict
    domain: str
    reason: str
    selector: str = ""
    algorithm: str = ""
    headers: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = NEEDED
    body: bool = False

    @property
    def passed(self) -> bool:
        """True for a signature that holds."""
        return self.verdict is DkimVerdict.PASS

    @property
    def complete(self) -> bool:
        """Whether it holds for body, From, Subject, Date and Message-ID: what strict mode needs (5-quality)."""
        return self.passed and self.body and not self.unsigned

    def aligned(self, domain: str) -> bool:
        """Whether it speaks for an author of `domain`: the same organisation (RFC 7489 §3.1.1, relaxed)."""
        return same_organisation(self.domain, domain)


def verify(content: bytes, dns: Dns, limits: Limits, now: Instant, author_domain: str = "") -> tuple[DkimResult, ...]:
    """A result for each signature of a mail that was looked at; see `results`."""
    return tuple(results(content, dns, limits, now, author_domain))


def results(
    content: bytes, dns: Dns, limits: Limits, now: Instant, author_domain: str = "", *, aligned_only: bool = False
) -> Iterator[DkimResult]:
    """The results of a mail's signatures as they come; blocking, never raises.

    `aligned_only`: those of other organisations than `author_domain`'s are passed over, with their look-ups. `dns`
    gives the TXT record of a name, None where there is none, and raises DnsTrouble. At most `limits.dkim_signatures`
    are looked at, those of `author_domain`'s organisation first, and at most `limits.dns_lookups` names looked up.
    Work: one pass over the header per signature, two over the body in all.
    """
    content = _with_crlf(content)
    start = header_start(content)
    block = read_block(content, start, min(len(content), start + limits.header_size + 1))
    signed = [(place, value) for place, (name, value) in enumerate(block.fields) if name.lower() == "dkim-signature"]
    if aligned_only:
        signed = [one for one in signed if same_organisation(named_domain(one[1]), author_domain)]
    signed.sort(key=lambda one: not same_organisation(named_domain(one[1]), author_domain))
    checker = _Checker(block.fields, content[block.body_start :], _Asked(dns, limits.dns_lookups), now)
    for place, _ in signed[: limits.dkim_signatures]:
        yield checker.check(place)


def _with_crlf(content: bytes) -> bytes:
    """Lines ended by CRLF, as they were on the wire; files and some filters have LF alone."""
    lines = content.count(b"\r\n")
    if content.count(b"\n") == lines and content.count(b"\r") == lines:
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


class _Asked:
    """DNS with a limit; each name is asked once."""

    def __init__(self, dns: Dns, most: int) -> None:
        self._dns = dns
        self._left = most
        self._known: dict[str, bytes | None] = {}

    def __call__(self, name: str) -> bytes | None:
        if name not in self._known:
            if self._left <= 0:
                raise DkimRefused(DkimVerdict.PERMERROR, "too many look-ups")
            self._left -= 1
            try:
                self._known[name] = self._dns(name)
            except DnsTrouble as error:
                raise DkimRefused(DkimVerdict.TEMPERROR, f"the key could not be looked up: {error}") from None
        return self._known[name]


class _Checker:
    """One mail; the body is hashed at most once per canonicalization."""

    def __init__(self, fields: Sequence[Field], body: bytes, dns: _Asked, now: Instant) -> None:
        self._fields = fields
        self._body = body
        self._dns = dns
        self._now = now
        self._hashes: dict[bool, bytes] = {}

    def check(self, place: int) -> DkimResult:
        """The signature in the field at `place`."""
        value = self._fields[place][1]
        try:
            signature = read_signature(value, self._now // SECOND)
        except DkimRefused as refused:
            return DkimResult(refused.verdict, named_domain(value), refused.reason)
        try:
            self._verify(place, signature)
        except DkimRefused as refused:
            return self._result(signature, refused.verdict, refused.reason)
        return self._result(signature, DkimVerdict.PASS, "signature holds")

    def _result(self, signature: Signature, verdict: DkimVerdict, reason: str) -> DkimResult:
        present = [name.lower() for name, _ in self._fields]
        unsigned = tuple(
            name for name in NEEDED if signature.headers.count(name) < max(1, present.count(name))
        )  # fmt: skip
        return DkimResult(
            verdict,
            signature.domain,
            reason,
            signature.selector,
            signature.algorithm,
            tuple(dict.fromkeys(signature.headers)),
            unsigned,
            body=True,
        )

    def _verify(self, own: int, signature: Signature) -> None:
        record = self._dns(signature.key_name)
        if record is None:
            raise DkimRefused(DkimVerdict.PERMERROR, "no key is published")
        key = read_key(record, signature)
        if self._body_hash(relaxed=signature.relaxed_body) != signature.body_hash:
            raise DkimRefused(DkimVerdict.FAIL, "the body was changed")
        data = b"".join(self._signed_data(own, signature))
        try:
            if isinstance(key, Ed25519PublicKey):
                key.verify(signature.signature, hashlib.sha256(data).digest())  # RFC 8463 §3
            else:
                key.verify(signature.signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise DkimRefused(DkimVerdict.FAIL, "the header was changed, or the key is another") from None

    def _signed_data(self, own: int, signature: Signature) -> Iterator[bytes]:
        """The fields named in h=, of several the lowest first, then the signature itself (§3.7, §5.4.2)."""
        places: dict[str, list[int]] = {}
        for place, (field, _) in enumerate(self._fields):
            if place != own:
                places.setdefault(field.lower(), []).append(place)
        canonical = relaxed_field if signature.relaxed_header else simple_field
        for header in signature.headers:
            if places.get(header):
                yield canonical(*self._fields[places[header].pop()]) + b"\r\n"
        yield canonical(self._fields[own][0], signature.unsigned)

    def _body_hash(self, *, relaxed: bool) -> bytes:
        if relaxed not in self._hashes:
            digest = hashlib.sha256()
            for piece in canonical_body(self._body, relaxed=relaxed):
                digest.update(piece)
            self._hashes[relaxed] = digest.digest()
        return self._hashes[relaxed]

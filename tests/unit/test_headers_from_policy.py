"""lists.posts.from_policy: when From is rewritten, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lists.posts.from_policy import (
    Author,
    DomainPolicy,
    Edits,
    FromDecision,
    FromReason,
    Keep,
    Rewrite,
    Signature,
    decide,
    read_signature,
    signed_names,
)
from mailsvc.clock import to_instant

NOW = to_instant(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
SECONDS = NOW // 1_000_000
ANNA = Author("Anna", "anna@example.org", "example.org", DomainPolicy.REJECT)
USUAL = Edits(added=frozenset({"received", "list-id", "list-unsubscribe", "precedence"}))


def signature(
    d: str = "example.org", h: str = "From:To:Subject:Date:Message-ID", extra: str = "", a: str = "rsa-sha256"
) -> bytes:
    return f" v=1; a={a}; c=relaxed/relaxed; d={d}; s=sel;\r\n h={h};\r\n bh=Zm9v=; {extra}b=YmFy\r\n Zm9v".encode()


GOOD = signature()
R = FromReason


@pytest.mark.parametrize(
    ("author", "signatures", "edits", "expected"),
    [
        # policies
        (replace(ANNA, policy=DomainPolicy.UNKNOWN), [], USUAL, Keep(R.POLICY_UNKNOWN)),
        (replace(ANNA, policy=DomainPolicy.NONE), [], USUAL, Keep(R.POLICY_NONE)),
        (replace(ANNA, policy=DomainPolicy.NONE), [GOOD], Edits(body_same=False), Keep(R.POLICY_NONE)),
        (replace(ANNA, domain=""), [], USUAL, Keep(R.AUTHOR_UNREADABLE)),
        (replace(ANNA, address=""), [], USUAL, Keep(R.AUTHOR_UNREADABLE)),
        (ANNA, [], USUAL, Rewrite(R.NO_SIGNATURE)),
        (replace(ANNA, policy=DomainPolicy.QUARANTINE), [], USUAL, Rewrite(R.NO_SIGNATURE)),
        (ANNA, [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (replace(ANNA, policy=DomainPolicy.QUARANTINE), [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        # alignment
        (ANNA, [signature(d="mail.example.org")], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (replace(ANNA, domain="staff.example.org"), [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [signature(d="EXAMPLE.ORG")], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [signature(d="example.com")], USUAL, Rewrite(R.SIGNATURE_NOT_ALIGNED)),
        (ANNA, [signature(d="badexample.org")], USUAL, Rewrite(R.SIGNATURE_NOT_ALIGNED)),
        (ANNA, [signature(d="org")], USUAL, Rewrite(R.SIGNATURE_NOT_ALIGNED)),
        (replace(ANNA, strict=True), [signature(d="mail.example.org")], USUAL, Rewrite(R.SIGNATURE_NOT_ALIGNED)),
        (replace(ANNA, strict=True), [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        # signatures that do not count
        (ANNA, [signature(extra="l=100; ")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(a="rsa-sha1")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(a="ed25519-sha256")], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [signature(h="To:Subject")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(extra=f"x={SECONDS}; ")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(extra=f"x={SECONDS + 1}; ")], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [signature(extra="x=soon; ")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [b"v=1; nonsense"], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(extra="d=example.org; ")], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [b""], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        # what composing does to what was signed
        (ANNA, [signature(h="from:list-id")], USUAL, Rewrite(R.SIGNED_HEADER_TOUCHED)),
        (ANNA, [signature(h="from : List-Unsubscribe")], USUAL, Rewrite(R.SIGNED_HEADER_TOUCHED)),
        (ANNA, [signature(h="from:reply-to")], Edits(added=frozenset({"reply-to"})), Rewrite(R.SIGNED_HEADER_TOUCHED)),
        (ANNA, [GOOD], Edits(changed=frozenset({"subject"})), Rewrite(R.SIGNED_HEADER_TOUCHED)),
        (ANNA, [GOOD], Edits(removed=frozenset({"date"})), Rewrite(R.SIGNED_HEADER_TOUCHED)),
        (ANNA, [GOOD], Edits(removed=frozenset({"bcc"})), Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [GOOD], replace(USUAL, body_same=False), Rewrite(R.BODY_CHANGED)),
        # what our own verifier found
        (replace(ANNA, verified=frozenset({"example.org"})), [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (replace(ANNA, verified=frozenset()), [GOOD], USUAL, Rewrite(R.SIGNATURE_NOT_VERIFIED)),
        (replace(ANNA, verified=frozenset({"example.com"})), [GOOD], USUAL, Rewrite(R.SIGNATURE_NOT_VERIFIED)),
        # several signatures: one good one is enough, five are looked at, the reason is the nearest one
        (ANNA, [signature(d="example.com"), GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [b"x"] * 4 + [GOOD], USUAL, Keep(R.SIGNATURE_SURVIVES)),
        (ANNA, [b"x"] * 5 + [GOOD], USUAL, Rewrite(R.SIGNATURE_UNUSABLE)),
        (ANNA, [signature(h="from:list-id"), signature(d="example.com")], USUAL, Rewrite(R.SIGNED_HEADER_TOUCHED)),
    ],
)
def test_decision(author: Author, signatures: list[bytes], edits: Edits, expected: FromDecision) -> None:
    assert decide(author, signatures, edits, NOW) == expected


def test_reading_a_signature() -> None:
    read = read_signature(signature(d="Example.ORG.", h="From :\r\n\t To", extra="x=1234; "))
    assert read is not None
    assert read == Signature("example.org", frozenset({"from", "to"}), 1234)


@pytest.mark.parametrize("value", [b"\xff\xfe", b"v=2; " + GOOD, b";;;", GOOD + b"\0=1", b"v=1;" * 9999])
def test_odd_signatures_do_not_count(value: bytes) -> None:
    assert read_signature(value) is None


def test_signed_names_are_those_of_good_aligned_signatures() -> None:
    values = [signature(h="from:list-id"), signature(d="example.com", h="from:list-post"), signature(h="list-help")]
    assert signed_names(values, ANNA, NOW) == {"from", "list-id"}
    assert signed_names(values, replace(ANNA, verified=frozenset()), NOW) == frozenset()

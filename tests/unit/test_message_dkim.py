"""Our DKIM verifier against mails signed by dkimpy, by hand-made faults, and against the corpus."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.clock import DAY, Instant, to_instant
from mailsvc.limits import Limits
from mailsvc.message.dkim_check import DkimResult, DnsTrouble, verify
from mailsvc.message.dkim_tags import DkimVerdict
from tests.tools import require_corpus

PASS, FAIL, POLICY = DkimVerdict.PASS, DkimVerdict.FAIL, DkimVerdict.POLICY
NEUTRAL, TEMPERROR, PERMERROR = DkimVerdict.NEUTRAL, DkimVerdict.TEMPERROR, DkimVerdict.PERMERROR

NOW = to_instant(datetime(2026, 7, 1, 9, 0, tzinfo=UTC))
SECONDS = NOW // 1_000_000
NAME = "s1._domainkey.example.org"
MAIL = (
    b"From: Anna Berg <anna@example.org>\r\nTo: cases@networks.example.net\r\nSubject: SV: Ett\r\n  \tinlagg [#142]\r\n"
    b"Date: Wed, 1 Jul 2026 10:58:00 +0200\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\r\n"
    b"Ja,  tack \t \r\n\r\n  mvh\tAnna\r\n\r\n\r\n"
)
ALL = (b"from", b"to", b"subject", b"date", b"message-id", b"mime-version")


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_pem(key: rsa.RSAPrivateKey) -> bytes:
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, none)


def record(key: rsa.RSAPrivateKey, tags: bytes = b"v=DKIM1; k=rsa; ", *, pkcs1: bool = False) -> bytes:
    form = serialization.PublicFormat.PKCS1 if pkcs1 else serialization.PublicFormat.SubjectPublicKeyInfo
    return tags + b"p=" + base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form))


@cache
def keys() -> Mapping[str, bytes]:
    return {NAME: record(rsa_key(2048))}


@cache
def signed(
    mail: bytes = MAIL,
    headers: tuple[bytes, ...] = ALL,
    canonical: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    domain: bytes = b"example.org",
    bits: int = 2048,
    **more: Any,
) -> bytes:
    """The mail with a signature of dkimpy on top."""
    pem = private_pem(rsa_key(bits))
    fields: bytes = dkim.sign(mail, b"s1", domain, pem, canonicalize=canonical, include_headers=list(headers), **more)
    return fields + mail


def by_hand(tags: str, mail: bytes = MAIL, *, sha1: bool = False) -> bytes:
    """The mail with a relaxed/relaxed RSA signature over From and Subject, with tags that dkimpy does not write."""
    hash_of_body = re.search(rb"bh=([^;]+)", signed(mail))
    assert hash_of_body
    bh = re.sub(r"\s", "", hash_of_body[1].decode())
    value = f"v=1; c=relaxed/relaxed; s=s1; d=example.org; h=from:subject; bh={bh}; {tags}; b="
    if "a=" not in tags:
        value = value.replace("v=1;", "v=1; a=rsa-sha256;")
    data = (
        b"from:Anna Berg <anna@example.org>\r\nsubject:SV: Ett inlagg [#142]\r\ndkim-signature:" + value.encode()
    )  # fmt: skip
    signature = rsa_key(2048).sign(data, PKCS1v15(), SHA1() if sha1 else SHA256())
    return b"DKIM-Signature: " + value.encode() + base64.b64encode(signature) + b"\r\n" + mail


def check(mail: bytes, dns: Mapping[str, bytes] | None = None, now: Instant = NOW, **more: Any) -> list[DkimResult]:
    known = keys() if dns is None else dns
    return list(verify(mail, lambda name: known.get(name), Limits(**more), now))


def one(mail: bytes, dns: Mapping[str, bytes] | None = None, now: Instant = NOW) -> DkimResult:
    (result,) = check(mail, dns, now)
    return result


@pytest.mark.parametrize("header", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
@pytest.mark.parametrize(
    "text", [b"", b"x", b"x\r\n", b"\r\n\r\n", b" \t \r\n", b"a \t b\t\r\n \r\n\r\n", b"\xc3\xa5\r\n"]
)
def test_what_dkimpy_signs_we_pass(header: bytes, body: bytes, text: bytes) -> None:
    mail = MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + text
    result = one(signed(mail, canonical=(header, body)))
    assert (result.verdict, result.domain, result.selector) == (PASS, "example.org", "s1")
    assert result.complete
    assert result.headers == tuple(name.decode() for name in ALL)
    assert result.aligned("mail.example.org")
    assert not result.aligned("example.com")


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (b"Ja,  tack", b"Nej,  tack", FAIL),
        (b"Ja,  tack", b"Ja, tack", PASS),  # relaxed
        (b"mvh\tAnna\r\n", b"mvh\tAnna\r\n\r\nPS", FAIL),
        (b"mvh\tAnna\r\n", b"mvh\tAnna\r\n\r\n\r\n\r\n", PASS),
        (b"Anna Berg <", b"Anna Borg <", FAIL),
        (b"Subject: SV:", b"SUBJECT:SV:", PASS),
        (b"Subject: SV: Ett\r\n  \tinlagg", b"Subject: SV: Ett inlagg", PASS),
        (b"[#142]", b"[#143]", FAIL),
        (b"From: Anna", b"X-New: 1\r\nFrom: Anna", PASS),
        (b"b=", b"b= ", PASS),
        (b"\r\n", b"\n", PASS),
    ],
)
def test_changes_on_the_way(old: bytes, new: bytes, verdict: DkimVerdict) -> None:
    mail = signed()
    head, _, rest = mail.partition(b"From: Anna")
    changed = head + (b"From: Anna" + rest).replace(old, new)
    if old in (b"\r\n", b"b="):
        changed = mail.replace(b"\r\n", b"\n") if old == b"\r\n" else re.sub(rb"(?<=[; ])b=", b"b= ", mail, count=1)
    assert one(changed).verdict is verdict


def test_simple_is_strict_about_blanks() -> None:
    mail = signed(canonical=(b"simple", b"simple"))
    assert one(mail).verdict is PASS
    assert one(mail.replace(b"Ja,  tack", b"Ja, tack")).verdict is FAIL
    assert one(mail.replace(b"Subject: SV", b"subject: SV")).verdict is FAIL


@pytest.mark.parametrize(
    ("headers", "unsigned"),
    [
        (ALL, ()),
        ((b"from",), ("subject", "date", "message-id")),
        ((b"from", b"subject", b"date"), ("message-id",)),
        ((b"from", b"subject", b"date", b"message-id", b"from"), ()),
    ],
)
def test_what_is_covered(headers: tuple[bytes, ...], unsigned: tuple[str, ...]) -> None:
    result = one(signed(headers=headers))
    assert result.passed
    assert result.unsigned == unsigned
    assert result.complete == (not unsigned)


def test_a_second_field_above_the_signed_one_is_not_covered() -> None:
    """Most programs show the first Subject; the signature is about the last."""
    result = one(b"Subject: Approve everything\r\n" + signed())
    assert result.passed
    assert result.unsigned == ("subject",)
    assert not result.complete
    twice = one(signed(b"Subject: First\r\n" + MAIL, (*ALL, b"subject")))
    assert twice.complete


def test_a_field_signed_beyond_what_is_there_may_not_be_added() -> None:
    mail = signed(headers=(*ALL, b"reply-to"))
    assert one(mail).passed
    assert one(b"Reply-To: other@example.com\r\n" + mail).verdict is FAIL
    assert one(b"From: other@example.com\r\n" + signed(headers=(*ALL, b"from"))).verdict is FAIL


SIGNATURES = [
    ("t=1", PASS, "signature holds"),
    ("l=10", POLICY, "l= leaves a part of the body unsigned"),
    ("a=rsa-sha1", POLICY, "signed with rsa-sha1"),
    ("a=rsa-md5", NEUTRAL, "unknown algorithm"),
    (f"x={SECONDS - 1}", POLICY, "expired"),
    (f"x={SECONDS}", PASS, "signature holds"),
    (f"t={SECONDS + 2}; x={SECONDS + 1}", NEUTRAL, "x= before t="),
    ("x=soon", NEUTRAL, "x= is no time"),
    ("q=dns/txt", PASS, "signature holds"),
    ("q=http", NEUTRAL, "another version"),
    ("i=anna@example.org", PASS, "signature holds"),
    ("i=anna@mail.example.org", PASS, "signature holds"),
    ("i=anna@example.com", NEUTRAL, "i= is not within d="),
    ("i=anna@badexample.org", NEUTRAL, "i= is not within d="),
    ("d=example.com", NEUTRAL, "d= stands twice"),
    ("z", NEUTRAL, "not a tag list"),
    ("unknown=1", PASS, "signature holds"),
]


@pytest.mark.parametrize(("tags", "verdict", "reason"), SIGNATURES)
def test_tags_of_the_signature(tags: str, verdict: DkimVerdict, reason: str) -> None:
    result = one(by_hand(tags, sha1="sha1" in tags))
    assert (result.verdict, result.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("v=1;", "v=2;", "another version"),
        ("v=1;", "", "no v="),
        ("h=from:subject", "h=subject", "From is not signed"),
        ("h=from:subject", "h=from:" + "x:" * 200 + "y", "h= is no list of field names"),
        ("h=from:subject", "h=from::", "h= is no list of field names"),
        ("c=relaxed/relaxed", "c=nowsp/relaxed", "unknown canonicalization"),
        ("d=example.org", "d=org", "d= or s= is no name"),
        ("d=example.org", "d=exa mple.org", "d= or s= is no name"),
        ("s=s1", "s=../etc", "d= or s= is no name"),
        ("s=s1", "s=" + "a" * 64, "d= or s= is no name"),
        ("s=s1", "s=å", "d= or s= is no name"),
        ("bh=", "bh=?", "bh= is no base64"),
        ("t=1", "z=" + "x" * 9000, "the field is too long"),
    ],
)
def test_what_is_no_signature(old: str, new: str, reason: str) -> None:
    mail = by_hand("t=1").replace(old.encode(), new.encode(), 1)
    result = one(mail)
    assert result.reason == reason
    assert result.verdict in (NEUTRAL, PERMERROR)
    assert not result.complete


@pytest.mark.parametrize(
    ("key", "verdict", "reason"),
    [
        (None, PERMERROR, "no key is published"),
        (b"", PERMERROR, "the key record is not readable"),
        (b"v=DKIM1; k=rsa; p=", PERMERROR, "the key is revoked"),
        (b"v=DKIM1; k=rsa", PERMERROR, "the record is no key"),
        (b"v=DKIM2; p=AAAA", PERMERROR, "the record is no key"),
        (b"v=DKIM1; k=ed25519; p=AAAA", PERMERROR, "the key is of another kind"),
        (b"p=AAAA", PERMERROR, "the key is not readable"),
        (b"p=!!!", PERMERROR, "the key is not readable"),
        (b"p=" + b"A" * 5000, PERMERROR, "the key record is too long"),
        (b"s=tlsrpt; ", PERMERROR, "the key is not for this"),
        (b"h=sha1; ", PERMERROR, "the key is not for this"),
        (b"t=y; ", POLICY, "the domain is only testing"),
        (b"t=s; ", PASS, "signature holds"),
        (b"s=email:*; h=sha1:sha256; n=note; ", PASS, "signature holds"),
    ],
)
def test_key_records(key: bytes | None, verdict: DkimVerdict, reason: str) -> None:
    if key and b"p=" not in key and b"k=" not in key:
        key = record(rsa_key(2048), key)
    result = one(signed(), {} if key is None else {NAME: key})
    assert (result.verdict, result.reason) == (verdict, reason)


def test_a_key_for_the_domain_itself_only() -> None:
    strict = {NAME: record(rsa_key(2048), b"t=s; ")}
    assert one(by_hand("i=anna@example.org"), strict).passed
    assert one(by_hand("i=anna@mail.example.org"), strict).verdict is PERMERROR


def test_sizes_of_keys() -> None:
    assert one(signed(bits=1024), {NAME: record(rsa_key(1024))}).passed
    assert one(signed(bits=2048), {NAME: record(rsa_key(2048), b"", pkcs1=True)}).passed
    other = one(signed(), {NAME: record(rsa_key(1024))})
    assert other.verdict is FAIL
    # 1023 bits are too few and 4097 too many, whatever they say: nothing is computed with them
    for modulus, verdict in ((2**1022 + 1, POLICY), (2**4096 + 1, PERMERROR)):
        numbers = rsa.RSAPublicNumbers(65537, modulus).public_key()
        raw = numbers.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        assert one(signed(), {NAME: b"p=" + base64.b64encode(raw)}).verdict is verdict


def test_ed25519() -> None:
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    mail = by_hand("t=1").replace(b"a=rsa-sha256", b"a=ed25519-sha256")
    head, _, rest = mail.partition(b"\r\n")
    value = head[: head.rindex(b"b=") + 2].removeprefix(b"DKIM-Signature: ")
    data = b"from:Anna Berg <anna@example.org>\r\nsubject:SV: Ett inlagg [#142]\r\ndkim-signature:" + value
    signature = base64.b64encode(private.sign(hashlib.sha256(data).digest()))
    dns = {NAME: b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)}
    good = b"DKIM-Signature: " + value + signature + b"\r\n" + rest
    assert one(good, dns).passed
    assert one(good.replace(b"[#142]", b"[#143]"), dns).verdict is FAIL


def test_no_signature() -> None:
    assert check(MAIL) == []
    assert check(b"") == []


def test_at_most_five_signatures_the_authors_first() -> None:
    junk = b"".join(b"DKIM-Signature: v=1; a=rsa-sha256; d=junk%d.example.com; s=x\r\n" % n for n in range(9))
    mail = junk + signed()
    assert [result.domain for result in check(mail)] == [f"junk{n}.example.com" for n in range(5)]
    results = verify(mail, keys().get, Limits(), NOW, "mail.example.org")
    assert [result.domain for result in results][:2] == ["example.org", "junk0.example.com"]
    assert len(results) == 5
    assert results[0].complete
    assert len(check(mail, dkim_signatures=6)) == 6


def test_look_ups_are_counted_and_remembered() -> None:
    asked: list[str] = []

    def dns(name: str) -> bytes | None:
        asked.append(name)
        return keys().get(name)

    mail = signed().partition(b"\r\nFrom: Anna")[0] + b"\r\n" + signed(domain=b"example.org")
    assert [result.verdict for result in verify(mail, dns, Limits(), NOW)] == [PASS, PASS]
    assert asked == [NAME]
    both = signed(domain=b"example.com").partition(b"\r\nFrom: Anna")[0] + b"\r\n" + signed()
    assert [one.reason for one in verify(both, dns, Limits(dns_lookups=1), NOW)] == [
        "no key is published",
        "too many look-ups",
    ]


def test_dns_in_trouble_is_no_failure() -> None:
    def dns(name: str) -> bytes | None:
        raise DnsTrouble("Timeout")

    (result,) = verify(signed(), dns, Limits(), NOW)
    assert (result.verdict, result.reason) == (TEMPERROR, "the key could not be looked up: Timeout")


def test_the_time_is_the_one_given() -> None:
    mail = by_hand(f"x={SECONDS + 60}")
    assert one(mail).passed
    assert one(mail, now=Instant(NOW + DAY)).reason == "expired"


@given(st.binary(max_size=300), st.sampled_from([b"relaxed", b"simple"]))
def test_any_body_is_hashed_as_dkimpy_does(body: bytes, canonical: bytes) -> None:
    body = re.sub(rb"\r\n|\r|\n", b"\r\n", body) + b"\r\n"  # as SMTP ends every mail
    mail = signed.__wrapped__(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, canonical=(canonical, canonical))
    assert one(mail).verdict is PASS


@given(
    st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b"  "]), max_size=30).map(
        lambda pieces: b"".join([*pieces, b"\r\n"])
    )
)
def test_blanks_and_line_ends(body: bytes) -> None:
    mail = signed.__wrapped__(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body)
    assert one(mail).verdict is PASS


def test_a_long_body_in_pieces() -> None:
    """More than one piece, with a line end at and around its edge."""
    for extra in range(-2, 3):
        body = b"x" * (1 << 20) + b" " * (2 + extra) + b"\r\n y \r\n" + b"z  z\r\n" * 1000 + b" \r\n"
        mail = signed.__wrapped__(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body)
        assert one(mail).verdict is PASS


@given(st.binary(max_size=400), st.binary(max_size=200))
def test_nothing_raises(value: bytes, key: bytes) -> None:
    for mail in (value, b"DKIM-Signature: " + value, b"DKIM-Signature: " + value.replace(b"\n", b"") + b"\r\n" + MAIL):
        check(mail, {NAME: key})
    assert one(signed(), {NAME: key}).verdict is not PASS


# Keys of the example in RFC 8463, appendix A.2, which the corpus holds the mail of.
RFC8463 = {
    "brisbane._domainkey.football.example.com": b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
}


@pytest.mark.corpus
def test_the_corpus() -> None:
    folder = require_corpus("dkim")
    raw = json.loads((folder / "authheaders" / "dns.json").read_text("utf-8"))
    dns = {name.rstrip("."): text for name, text in raw.items() if "_domainkey" in name}
    known = {
        name: (folder / text.removeprefix("@file:")).read_bytes() if text.startswith("@file:") else text.encode()
        for name, text in dns.items()
    } | RFC8463
    seen = 0
    for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        expected = row["expected"] if isinstance(row["expected"], str) else ""
        found = [word.removeprefix("dkim=") for word in row["expected"] if word.startswith("dkim=")]
        if not expected and not (found and not (row["already"] or "").count("dkim=")):
            continue  # about DMARC, with the DKIM result given
        mail = (folder / row["file"]).read_bytes()
        results = verify(mail, known.get, Limits(), to_instant(datetime(2018, 6, 11, tzinfo=UTC)))
        assert (expected or found[0]) in [result.verdict.value for result in results], (row["file"], results)
        seen += 1
    assert seen == 6

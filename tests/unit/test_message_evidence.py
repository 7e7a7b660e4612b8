"""D of every shape of Authentication-Results that borders write and that attackers forge."""

from __future__ import annotations

import msgspec
import pytest

from mailsvc.config import SmtpConfig
from mailsvc.message.auth_results import parse_auth_results
from mailsvc.message.envelope import Envelope
from mailsvc.message.evidence import D, Evidence, compute
from mailsvc.message.parsing import parse

AR = "Authentication-Results: mx.example.net; "
BORDER = "Received: from mail.example.org by mx.example.net; Tue, 1 Dec 2026 10:00:00 +0100\n"
SENDER = "Received: from laptop by mail.example.org; Tue, 1 Dec 2026 09:59:59 +0100\n"
FROM = "From: Anna <anna@example.org>\n"


def judge(
    head: str,
    *,
    author: str = FROM,
    authserv_id: str = "mx.example.net",
    hops: int = 1,
    trusted: bool = True,
    internal: bool = False,
) -> Evidence:
    content = (head + author + "\nHello\n").replace("\n", "\r\n").encode()
    envelope = Envelope("anna@example.org", (), "192.0.2.1", "x", "ESMTP", content, trusted=trusted, internal=internal)
    config = SmtpConfig(authserv_id=authserv_id, trusted_hops=hops)
    return compute(envelope, parse(content), config)


PASS, FAIL, WEAK, UNKNOWN = D.PASS, D.FAIL, D.WEAK, D.UNKNOWN

RESULTS = [
    # DMARC speaks
    ("dmarc=pass header.from=example.org", PASS),
    ("dmarc=pass (p=reject dis=none) header.from=example.org", PASS),
    ("dmarc=pass", PASS),
    ("DMARC=PASS Header.From=EXAMPLE.ORG", PASS),
    ("dmarc = pass header.from = example.org", PASS),
    ("dmarc/1=pass header.from=example.org", PASS),
    ('dmarc=pass header.from="example.org"', PASS),
    ("spf=fail smtp.mailfrom=x.example;\n dkim=pass header.d=example.org;\n dmarc=pass header.from=example.org", PASS),
    ("dmarc=fail (p=reject dis=none) header.from=example.org", FAIL),
    ("dmarc=fail (p=quarantine dis=quarantine) header.from=example.org", FAIL),
    ("dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=example.org", FAIL),
    ("dmarc=fail (p=none dis=none) header.from=example.org", WEAK),
    ("dmarc=fail (p=NONE sp=QUARANTINE dis=NONE) header.from=example.org", WEAK),
    ("dmarc=fail header.from=example.org", FAIL),
    ("dmarc=fail", FAIL),
    ("dmarc=fail action=none header.from=example.org", WEAK),
    ("dmarc=fail action=oreject header.from=example.org", FAIL),
    ("dmarc=fail action=quarantine header.from=example.org", FAIL),
    ("dmarc=fail action=pct.reject header.from=example.org", FAIL),
    ("dmarc=fail header.from=example.org policy.dmarc=none", WEAK),
    ("dmarc=fail header.from=example.org policy.dmarc=reject", FAIL),
    ("dmarc=fail policy.published-domain-policy=quarantine header.from=example.org", FAIL),
    ("dmarc=temperror header.from=example.org", WEAK),
    ("dmarc=permerror header.from=example.org", WEAK),
    ("dmarc=permerror; dkim=pass header.d=example.org", WEAK),
    ("dmarc=skipped", WEAK),
    # no record: alignment speaks
    ("dmarc=none header.from=example.org", WEAK),
    ("dmarc=none; dkim=pass header.d=example.org", PASS),
    ("dmarc=none; dkim=pass header.i=@example.org", PASS),
    ("dmarc=none; dkim=pass header.d=mail.example.org", PASS),
    ("dmarc=none; dkim=pass header.d=example.com", WEAK),
    ("dmarc=none; dkim=pass header.d=badexample.org", WEAK),
    ("dmarc=none; dkim=pass header.d=org", WEAK),
    ("dmarc=none; dkim=fail header.d=example.org", WEAK),
    ("dmarc=none; dkim=fail header.d=example.org; dkim=pass header.d=example.org", PASS),
    ("dmarc=none; dkim=pass header.d=example.com; dkim=pass header.d=example.org", PASS),
    ("dmarc=none; spf=pass smtp.mailfrom=example.org", PASS),
    ("dmarc=none; spf=pass smtp.mailfrom=anna@example.org", PASS),
    ("dmarc=none; spf=pass smtp.mailfrom=bounce@lists.example.org", PASS),
    ("dmarc=none; spf=pass smtp.mailfrom=anna@example.com", WEAK),
    ("dmarc=none; spf=pass smtp.mailfrom=example.org@example.com", WEAK),
    ("dmarc=none; spf=softfail smtp.mailfrom=example.org", WEAK),
    ("dmarc=none; spf=pass smtp.helo=example.org", WEAK),
    ("dmarc=bestguesspass action=none header.from=example.org; spf=pass smtp.mailfrom=example.org", PASS),
    ("dmarc=bestguesspass action=none header.from=example.org", WEAK),
    # no DMARC result at all
    ("spf=pass smtp.mailfrom=example.org", WEAK),
    ("dkim=pass header.d=example.org", WEAK),
    ("none", WEAK),
    ("", WEAK),
    # authenticated at the border
    ("auth=pass smtp.auth=anna@example.org", PASS),
    ("auth=pass (plain) smtp.auth=Anna@Example.org", PASS),
    ("auth=pass smtp.mailfrom=anna@example.org", PASS),
    ("auth=pass smtp.auth=anna", WEAK),
    ("auth=pass smtp.auth=mallory@example.org", WEAK),
    ("auth=pass smtp.auth=mallory@example.org smtp.mailfrom=anna@example.org", WEAK),
    ("auth=fail smtp.auth=anna@example.org", WEAK),
    # attacks inside the field
    ("dmarc=fail (dmarc=pass) header.from=example.org", FAIL),
    ('dmarc=fail (p=none") dmarc=pass header.from=example.org', WEAK),
    ("dmarc=fail (p=reject); dmarc=pass header.from=example.org", FAIL),
    ("dmarc=pass; dmarc=fail (p=reject)", FAIL),
    ("dmarc=pass; dmarc=temperror", WEAK),
    ('spf=fail smtp.mailfrom="x; dmarc=pass"@example.com; dmarc=fail', FAIL),
    ('spf=fail smtp.helo="a (; dmarc=pass"', WEAK),
    ("spf=fail (x; dmarc=pass", WEAK),
    ('spf=fail smtp.mailfrom="x; dmarc=pass', WEAK),
    ("dmarc=pass header.from=example.com", WEAK),
    ("dmarc=pass header.from=x@example.com", WEAK),
    ("xdmarc=pass", WEAK),
    ("x.dmarc=pass", WEAK),
    ("arc=pass (i=1 dmarc=pass); spf=none", WEAK),
    ('dmarc=none; dkim=pass reason="header.d=example.org"', WEAK),
    ("dmarc=none; dkim=pass (header.d=example.org) header.d=example.com", WEAK),
]


@pytest.mark.parametrize(("results", "d"), RESULTS)
def test_the_verdict_of_our_border(results: str, d: D) -> None:
    assert judge(BORDER + AR + results + "\n").d is d


PLACES = [
    ("above the border's Received", AR + "dmarc=pass\n" + BORDER + SENDER, PASS),
    ("below the border's Received", BORDER + AR + "dmarc=pass\n" + SENDER, PASS),
    ("forged below the sender's Received", BORDER + SENDER + AR + "dmarc=pass\n", WEAK),
    ("forged and true", BORDER + AR + "dmarc=fail (p=reject)\n" + SENDER + AR + "dmarc=pass\n", FAIL),
    ("forged right below the true one", BORDER + AR + "dmarc=fail\n" + AR + "dmarc=pass\n", FAIL),
    ("several of ours", AR + "dmarc=pass\n" + BORDER + AR + "dmarc=fail\n", PASS),
    ("another server's", BORDER + AR.replace("mx.", "evil.") + "dmarc=pass\n", WEAK),
    ("an id that begins like ours", BORDER + AR.replace("net;", "net.evil.example;") + "dmarc=pass\n", WEAK),
    ("an id that ends like ours", BORDER + AR.replace(" mx", " evil-mx") + "dmarc=pass\n", WEAK),
    ("another case", BORDER + AR.replace("mx.example.net", "MX.Example.NET") + "dmarc=pass\n", PASS),
    ("a version", BORDER + AR.replace("net;", "net 1;") + "dmarc=pass\n", PASS),
    ("a quoted id", BORDER + AR.replace("mx.example.net", '"mx.example.net"') + "dmarc=pass\n", PASS),
    ("a comment before the id", BORDER + AR.replace(" mx", " (checked) mx") + "dmarc=pass\n", PASS),
    ("no id", BORDER + "Authentication-Results: dmarc=pass header.from=example.org\n", WEAK),
    ("another field", BORDER + "X-Authentication-Results: mx.example.net; dmarc=pass\n", WEAK),
    ("the archived one", BORDER + "ARC-Authentication-Results: i=1; mx.example.net; dmarc=pass\n", WEAK),
    ("unreadable, then forged", BORDER + AR + "spf=fail (\n" + AR + "dmarc=pass\n", WEAK),
    ("nothing", BORDER + SENDER, WEAK),
    ("no fields above From", "", WEAK),
]


@pytest.mark.parametrize(("name", "head", "d"), PLACES, ids=[row[0] for row in PLACES])
def test_where_the_field_must_stand(name: str, head: str, d: D) -> None:
    assert judge(head).d is d


def test_the_block_ends_after_the_trusted_hops() -> None:
    head = BORDER + SENDER + AR + "dmarc=pass\n" + SENDER
    assert judge(head, hops=1).d is WEAK
    assert judge(head, hops=2).d is PASS
    assert judge(AR + "dmarc=pass\n" + BORDER, hops=0).d is PASS
    assert judge(BORDER + AR + "dmarc=pass\n", hops=0).d is WEAK


MICROSOFT = (
    "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n smtp.mailfrom=example.org; dkim=pass (signature was"
    " verified)\n header.d=example.org;dmarc=pass action=none\n header.from=example.org;compauth=pass reason=100\n"
)


def test_microsofts_field_without_an_id() -> None:
    found = judge(BORDER + MICROSOFT, authserv_id="exchange-online")
    assert (found.d, found.authserv_id) == (PASS, "exchange-online")
    assert (found.spf, found.dkim, found.dmarc) == ("pass example.org",) * 3
    assert judge(BORDER + MICROSOFT.replace("dmarc=pass action=none", "dmarc=fail action=oreject")).d is WEAK
    failed = MICROSOFT.replace("dmarc=pass action=none", "dmarc=fail action=oreject")
    assert judge(BORDER + failed, authserv_id="exchange-online").d is FAIL
    assert judge(BORDER + AR + "dmarc=pass\n", authserv_id="exchange-online").d is WEAK
    assert judge(BORDER + MICROSOFT, authserv_id="exchange-online", trusted=False).d is WEAK


def test_only_a_trusted_relay_can_be_the_border() -> None:
    assert judge(BORDER + AR + "dmarc=pass\n", trusted=False).d is WEAK


def test_internal_clients_and_nothing_configured() -> None:
    assert judge("", authserv_id="").d is UNKNOWN
    assert judge(AR + "dmarc=pass\n", authserv_id="").d is UNKNOWN
    assert judge("", authserv_id="", internal=True).d is PASS
    assert judge("", internal=True).d is PASS
    assert judge("", internal=True, trusted=False).d is PASS
    # A border that stands inside the internal networks does not make the whole world internal.
    assert judge(BORDER + AR + "dmarc=fail (p=reject)\n", internal=True).d is FAIL


@pytest.mark.parametrize(
    "author", ["", FROM + FROM, "From: a@example.org, b@example.org\n", "From: a@example.org <b@example.net>\n"]
)
def test_without_one_author_nothing_passes(author: str) -> None:
    found = judge(BORDER + AR + "dmarc=pass; auth=pass smtp.auth=anna@example.org\n", author=author)
    assert found.d is WEAK
    assert found.from_domain == ""


def test_what_is_stored_is_complete_and_survives_json() -> None:
    head = BORDER + AR + "spf=softfail smtp.mailfrom=x@list.example; dkim=pass header.d=example.org; dmarc=pass\n"
    found = judge(head + "Sender: Bo <bo@example.org>\n")
    assert found == Evidence(
        d=PASS,
        from_domain="example.org",
        detail="DMARC pass",
        authserv_id="mx.example.net",
        spf="softfail list.example",
        dkim="pass example.org",
        dmarc="pass",
        sender_differs=True,
    )
    assert msgspec.json.decode(msgspec.json.encode(found), type=Evidence) == found
    assert not judge("Sender: anna@EXAMPLE.org\n").sender_differs


def test_international_domains_are_compared_in_ascii() -> None:
    author = "From: Anna <anna@bücher.example>\n"
    found = judge(BORDER + AR + "dmarc=pass header.from=xn--bcher-kva.example\n", author=author)
    assert (found.d, found.from_domain) == (PASS, "xn--bcher-kva.example")


@pytest.mark.parametrize(
    "value",
    ["x;" + "(" * 8000 + ")" * 8000, "x;" + '"' * 16000, "x;" + "a=b " * 4000, "x" * 20000, "x;" * 8000, "\\" * 16000],
)
def test_hostile_fields_are_read_in_bounded_work(value: str) -> None:
    found = parse_auth_results(value)
    assert found is None or len(found.results) <= 100

"""`mailsvc check` about mail: the relay as it really answers, the clock, evidence, and the DNS."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mailsvc import config
from mailsvc.clock import DAY, SystemClock
from mailsvc.message.dkim_check import DnsTrouble
from mailsvc.operating import check_dns, check_mail
from mailsvc.operating.check_dns import NotAsked
from tests.cli_kit import CONFIG, Cli, made, mail
from tests.e2e.installation import free_port
from tests.sink import Sink


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def findings(cli: Cli) -> dict[str, tuple[bool, str]]:
    return {one["check"]: (one["ok"], one["text"]) for one in json.loads(cli.invoke("check", "--json").stdout)}


def configure(cli: Cli, section: str, *lines: str) -> None:
    text = CONFIG if f"[{section}]" in CONFIG else f"{CONFIG}\n[{section}]\n"
    cli.path.write_text(text.replace(f"[{section}]\n", "\n".join([f"[{section}]", *lines, ""]), 1))


# ---- the relay


@contextmanager
def served(sink: Sink) -> Iterator[int]:
    """The sink in a thread of its own; its port."""
    ready, stop, ports = threading.Event(), threading.Event(), []

    async def run() -> None:
        async with sink:
            ports.append(sink.port)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        assert ready.wait(30)
        yield ports[0]
    finally:
        stop.set()
        thread.join()


def test_a_relay_that_answers(cli: Cli) -> None:
    sink = Sink()
    with served(sink) as port:
        configure(cli, "delivery", 'transport = "smtp"', f'relay = "smtp://127.0.0.1:{port}"')
        assert findings(cli)["relay"] == (True, f"127.0.0.1:{port} answers, without TLS")
    assert sink.accepted == []


def test_a_relay_without_extensions(cli: Cli) -> None:
    with served(Sink(extensions=("SIZE 5000",))) as port:
        configure(cli, "delivery", 'transport = "smtp"', f'relay = "smtp://127.0.0.1:{port}"')
        ok, text = findings(cli)["relay"]
        assert not ok
        assert "takes mails up to 5000 octets, we up to 100000" in text
    with served(Sink(extensions=())) as port:
        configure(cli, "delivery", 'transport = "smtp"', f'relay = "smtp://127.0.0.1:{port}"')
        ok, text = findings(cli)["relay"]
        assert ok
        assert "no PIPELINING" in text
        assert "without SMTPUTF8" in text


def test_a_relay_that_refuses_us(cli: Cli) -> None:
    sink = Sink(script=lambda moment: "554 5.7.1 not you" if moment.verb == "CONNECT" else None)
    with served(sink) as port:
        configure(cli, "delivery", 'transport = "smtp"', f'relay = "smtp://127.0.0.1:{port}"')
        ok, text = findings(cli)["relay"]
    assert not ok
    assert "554 5.7.1 not you" in text


def test_nobody_there(cli: Cli) -> None:
    configure(cli, "delivery", 'transport = "smtp"', f'relay = "smtp://127.0.0.1:{free_port()}"')
    ok, text = findings(cli)["relay"]
    assert not ok
    assert "copies wait until it does" in text


def test_a_relay_that_is_none(cli: Cli) -> None:
    configure(cli, "delivery", 'transport = "smtp"', 'relay = "127.0.0.1"')
    ok, text = findings(cli)["relay"]
    assert not ok
    assert "delivery.relay" in text


# ---- the clock


def change(cli: Cli, sql: str) -> None:
    with closing(sqlite3.connect(cli.config.database_path, isolation_level=None)) as raw:
        raw.execute(sql)


def test_a_clock_that_went_back(cli: Cli) -> None:
    cli.receive(mail("robin@example.net"), "postmaster@networks.example.org", "robin@example.net")
    assert findings(cli)["clock"][0]
    change(cli, f"UPDATE mail SET received_at = {SystemClock().now() + DAY}")
    ok, text = findings(cli)["clock"]
    assert not ok
    assert "set it right" in text


def test_the_clock_of_a_rehearsal_may_be_ahead(cli: Cli) -> None:
    cli.receive(mail("robin@example.net"), "postmaster@networks.example.org", "robin@example.net")
    change(cli, f"UPDATE mail SET received_at = {SystemClock().now() + DAY}")
    change(cli, f"INSERT INTO meta VALUES ('clock_offset', '{2 * DAY}')")
    ok, text = findings(cli)["clock"]
    assert ok
    assert "2.0 days ahead" in text


def test_a_clock_that_cannot_be(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsvc.clock.time.time_ns", lambda: 0)
    assert "cannot be" in findings(cli)["clock"][1]


# ---- evidence


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (['internal_networks = ["0.0.0.0/0"]'], "sent to us directly"),
        (['internal_networks = ["127.0.0.1/32"]'], "below the border's fields"),
        (['authserv_id = "mx.example.org"', 'trusted_relays = ["0.0.0.0/0"]'], "sent to us directly"),
        (['authserv_id = "mx.example.org"', 'trusted_relays = ["127.0.0.1"]', "trusted_hops = 1"], ""),
        (['authserv_id = "exchange-online"', 'trusted_relays = ["127.0.0.0/8"]', "trusted_hops = 3"], ""),
        (['authserv_id = "mx.example.org"', "trusted_relays = []"], ""),
    ],
)
def test_forged_evidence(cli: Cli, lines: list[str], where: str) -> None:
    configure(cli, "smtp", *lines)
    ok, text = findings(cli)["forged evidence"]
    assert ok == (not where)
    assert where in text
    assert ("in this process" in text) == ok


def test_which_evidence_can_be_had(cli: Cli) -> None:
    assert "unknown for all others" in findings(cli)["evidence"][1]
    configure(cli, "smtp", 'authserv_id = "mx.example.org"', "trusted_relays = []")
    assert findings(cli)["evidence"][0] is False
    configure(cli, "smtp", 'authserv_id = "mx.example.org"')
    ok, text = findings(cli)["evidence"]
    assert ok
    assert "mx.example.org says through 127.0.0.1" in text


def test_a_border_that_says_nothing(cli: Cli) -> None:
    configure(cli, "smtp", 'authserv_id = "mx.example.org"')
    for number in range(5):
        sent = mail("robin@example.net").replace(b"<one@", f"<{number}@".encode())
        cli.receive(sent, "postmaster@networks.example.org", "robin@example.net")
        ok, text = findings(cli)["evidence"]
        assert ok == (number < 4), text
    assert "none of the newest 5 mails" in text
    said = b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\n"
    cli.receive(said + mail("robin@example.net"), "postmaster@networks.example.org", "robin@example.net")
    ok, text = findings(cli)["evidence"]
    assert ok
    assert "of the newest 6 mails: 1 pass, 5 weak" in text


# ---- the DNS

D = "networks.library.se"
GOOD = {
    (D, "MX"): ["mx.library.se"],
    (D, "TXT"): ["something", "v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.library.se", "TXT"): ["v=DMARC1; p=reject"],
}


def asked(records: dict[tuple[str, str], list[str]], transport: str = "smtp") -> dict[str, tuple[bool, str]]:
    text = CONFIG.replace("networks.example.org", D) + f'[delivery]\ntransport = "{transport}"\n'
    found = check_dns.findings(config.parse(text), lambda name, kind: records.get((name, kind), []))
    return {one.name: (one.ok, one.text) for one in found}


def test_a_domain_in_order() -> None:
    found = asked(GOOD)
    assert list(found) == ["MX", "SPF", "DKIM", "DMARC"]
    assert all(ok for ok, _ in found.values())
    assert "mx.library.se" in found["MX"][1]
    assert "192.0.2.1" in found["SPF"][1]
    assert found["DMARC"][1] == "library.se: v=DMARC1; p=reject"


def test_a_domain_with_nothing() -> None:
    found = asked({})
    assert [name for name, (ok, _) in found.items() if not ok] == ["MX"]
    assert "publish" in found["SPF"][1]
    assert "start with" in found["DMARC"][1]
    assert all(ok for ok, _ in asked({}, "mailroom").values())


def test_two_records_of_spf() -> None:
    found = asked({**GOOD, (D, "TXT"): ["v=spf1 -all", "v=spf1 ~all"]})
    assert not found["SPF"][0]


def test_offline_is_no_fault(cli: Cli) -> None:
    def ask(name: str, _kind: str) -> list[str]:
        raise NotAsked(f"{name}: LifetimeTimeout")

    settings = config.parse(CONFIG.replace("networks.example.org", D))
    (found,) = check_dns.findings(settings, ask)
    assert found.ok
    assert "could not be asked" in found.text
    assert f"dig MX {D}" in found.text


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "dns.resolver", None)
    (found,) = check_dns.findings(config.parse(CONFIG.replace("networks.example.org", D)))
    assert found.ok
    assert "dnspython is not installed" in found.text


def test_the_real_resolver_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of a port where nobody answers, it gives up and says so."""
    import dns.resolver

    class Lonely(dns.resolver.Resolver):
        def __init__(self) -> None:
            super().__init__(configure=False)
            self.nameservers = ["127.0.0.1"]
            self.port = free_port()

    monkeypatch.setattr(dns.resolver, "Resolver", Lonely)
    monkeypatch.setattr(check_dns, "SECONDS", 0.2)
    (found,) = check_dns.findings(config.parse(CONFIG.replace("networks.example.org", D)))
    assert found.ok
    assert f"could not be asked ({D}:" in found.text


# ---- strict mode


def answering(monkeypatch: pytest.MonkeyPatch, found: bytes | None = None, trouble: str = "") -> None:
    """The DNS as `check` sees it."""

    class Lookup:
        def __init__(self, seconds: float) -> None:
            assert seconds == 5

        def __call__(self, name: str) -> bytes | None:
            assert name == "_domainkey.networks.example.org"
            if trouble:
                raise DnsTrouble(trouble)
            return found

    monkeypatch.setattr(check_mail, "TxtLookup", Lookup)


def test_strict_mode_needs_the_dns(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "strict mode" not in findings(cli)
    configure(cli, "security", 'mode = "strict"')
    answering(monkeypatch)
    assert findings(cli)["strict mode"] == (True, "the DNS answers; answers need an aligned DKIM signature")
    assert "pass for mail with a DKIM signature" in findings(cli)["evidence"][1]
    answering(monkeypatch, trouble="LifetimeTimeout")
    ok, text = findings(cli)["strict mode"]
    assert not ok
    assert "LifetimeTimeout): without it no signature can be verified" in text


def test_strict_mode_without_signatures(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(cli, "security", 'mode = "strict"')
    answering(monkeypatch)
    for number in range(5):
        sent = mail("robin@example.net").replace(b"<one@", f"<{number}@".encode())
        cli.receive(sent, "postmaster@networks.example.org", "robin@example.net")
    looked_at = "json_set(evidence, '$.own_dkim', \"fail example.net (the body was changed)\", '$.signed'"
    change(cli, f"UPDATE mail SET evidence = {looked_at}, json('false'))".replace('"', "'"))
    ok, text = findings(cli)["strict mode"]
    assert not ok
    assert "none of the newest 5 mails" in text
    assert "mostly: fail example.net (the body was changed)" in text
    change(cli, "UPDATE mail SET evidence = json_set(evidence, '$.signed', json('true')) WHERE id = 1")
    ok, text = findings(cli)["strict mode"]
    assert ok
    assert "of the newest 5 mails 1 were signed whole" in text

"""Where relays are, whose password they get, and that nothing is said to one that has not shown who it is."""

from __future__ import annotations

import base64
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from mailsvc.config import Config, DeliveryConfig
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.next_hop import NextHop, RelayAddress, Security, call, next_hops, parse_relay
from mailsvc.deliver.relay import RelayTransport, relay_transport
from mailsvc.deliver.smtp_client import ConnectionLost, Refused, SmtpClient, Timeouts
from mailsvc.errors import ConfigError
from tests import certificates
from tests.certificates import Certificate
from tests.outgoing_kit import DOMAIN, FREE, bench, letter, running
from tests.sink import CLOSE_AFTER, DROP, Moment, Sink

QUICK = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, final=5)
PASSWORD = "kål & mjölk 7"
USER = "mailsvc@example.org"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://127.0.0.1:25", RelayAddress("127.0.0.1", 25)),
        ("smtp://relay.example.org", RelayAddress("relay.example.org", 25)),
        ("smtp://relay.example.org:2526/", RelayAddress("relay.example.org", 2526)),
        ("smtp://[::1]:2525", RelayAddress("::1", 2525)),
        ("smtps://relay.example.org", RelayAddress("relay.example.org", 465, Security.TLS)),
        ("starttls://relay.example.org", RelayAddress("relay.example.org", 587, Security.STARTTLS)),
        ("starttls://u@relay.example.org:25", RelayAddress("relay.example.org", 25, Security.STARTTLS, "u")),
        (
            "smtps://u%40example.org@relay.example.org",
            RelayAddress("relay.example.org", 465, Security.TLS, "u@example.org"),
        ),
    ],
)
def test_a_relay_is_a_host_a_port_and_how_it_is_talked_to(url: str, address: RelayAddress) -> None:
    assert parse_relay(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "relay.example.org",
        "http://relay.example.org",
        "SMTP://relay.example.org",
        "smtp://u@relay.example.org",
        "smtps://u:hunter2@relay.example.org",
        "smtps://:hunter2@relay.example.org",
        "smtps://u:hunter2@relay.example.org/path",
        "smtps://@relay.example.org",
        "smtps://u%0d%0a@relay.example.org",
        "smtp://",
        "smtp://:25",
        "smtp://a b",
        "smtp://relay.example.org:0",
        "smtp://relay.example.org:99999",
        "smtp://relay.example.org:x",
        "smtp://relay.example.org/path",
        "smtp://relay.example.org?x=1",
        "smtp://relay.example.org\n",
    ],
)
def test_any_other_relay_is_refused_by_its_key_and_shows_no_password(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_relay(url)
    assert caught.value.key == "delivery.relay"
    assert "hunter2" not in str(caught.value)


def _config(folder: Path, **delivery: object) -> Config:
    return Config(delivery=DeliveryConfig(**delivery), base=str(folder))  # type: ignore[arg-type]


def test_a_password_comes_from_its_file_or_the_environment_and_shows_in_no_text(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(PASSWORD + "\n", "utf-8")
    from_file = _config(tmp_path, relay="smtps://u@r.example.org", relay_password_file="secret")
    (hop,) = next_hops(from_file, {"MAILSVC_RELAY_PASSWORD": "other"})
    assert hop.password == PASSWORD
    assert PASSWORD not in f"{hop!r} {hop} {hop.address}"
    (hop,) = next_hops(_config(tmp_path, relay="smtps://u@r.example.org"), {"MAILSVC_RELAY_PASSWORD": PASSWORD})
    assert hop.password == PASSWORD


def test_relays_with_users_have_their_own_passwords_in_order(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"password {name}", "utf-8")
    relays = ("smtps://a@r1.example.org", "smtp://r2.example.org", "starttls://b@r3.example.org")
    hops = next_hops(_config(tmp_path, relay=relays, relay_password_file=("one", "two")), {})
    assert [hop.password for hop in hops] == ["password one", "", "password two"]
    assert [hop.tls is not None for hop in hops] == [True, False, True]
    same = ("smtps://a@r1.example.org", "smtps://a@r2.example.org")
    hops = next_hops(_config(tmp_path, relay=same, relay_password_file="one"), {})
    assert [hop.password for hop in hops] == ["password one"] * 2


@pytest.mark.parametrize(
    ("delivery", "key"),
    [
        ({"relay": ()}, "delivery.relay"),
        ({"relay": ("smtp://a.example.org", "smtp://a.example.org:25")}, "delivery.relay"),
        ({"relay": "smtps://u@r.example.org"}, "delivery.relay_password_file"),
        ({"relay": "smtps://u@r.example.org", "relay_password_file": "none"}, "delivery.relay_password_file"),
        ({"relay": "smtps://u@r.example.org", "relay_password_file": "empty"}, "delivery.relay_password_file"),
        ({"relay": "smtps://u@r.example.org", "relay_password_file": "lines"}, "delivery.relay_password_file"),
        ({"relay": "smtps://u@r.example.org", "relay_password_file": ("one", "one")}, "delivery.relay_password_file"),
        (
            {"relay": ("smtps://u@r1.example.org", "smtps://v@r2.example.org"), "relay_password_file": "one"},
            "delivery.relay_password_file",
        ),
        ({"relay": "smtps://r.example.org", "relay_ca_file": "none"}, "delivery.relay_ca_file"),
        ({"relay": "smtps://r.example.org", "relay_ca_file": "one"}, "delivery.relay_ca_file"),
    ],
)
def test_what_is_missing_is_named_by_its_key(tmp_path: Path, delivery: dict[str, object], key: str) -> None:
    (tmp_path / "one").write_text("one", "utf-8")
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "lines").write_text("one\ntwo\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        next_hops(_config(tmp_path, **delivery), {})
    assert caught.value.key == key


def test_certificates_are_verified_by_name_and_with_the_systems_authorities(tmp_path: Path) -> None:
    (hop,) = next_hops(_config(tmp_path, relay="smtps://r.example.org"), {})
    assert hop.tls is not None
    assert hop.tls.verify_mode is ssl.CERT_REQUIRED
    assert hop.tls.check_hostname
    assert hop.tls.minimum_version >= ssl.TLSVersion.TLSv1_2


# ---- on real sockets


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificates.make(tmp_path, "127.0.0.1")


def _server(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.path, certificate.key)
    return context


def _hop(port: int, certificate: Certificate, security: Security, user: str = "") -> NextHop:
    address = RelayAddress("127.0.0.1", port, security, user)
    return NextHop(address, certificate.client_context(), PASSWORD if user else "")


async def _call(hop: NextHop) -> SmtpClient:
    return await call(hop, DOMAIN, QUICK)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "CRAM-MD5 LOGIN"])
async def test_mail_goes_out_encrypted_and_logged_in(
    tmp_path: Path, certificate: Certificate, security: Security, mechanisms: str
) -> None:
    sink = Sink(
        tls=_server(certificate),
        implicit=security is Security.TLS,
        users={USER: PASSWORD},
        mechanisms=mechanisms,
    )
    (tmp_path / "secret").write_text(PASSWORD + "\n", "utf-8")
    async with sink, bench(tmp_path) as on:
        delivery = _config(
            tmp_path,
            relay=f"{security}://{USER.replace('@', '%40')}@127.0.0.1:{sink.port}",
            relay_password_file="secret",
            relay_ca_file="server.pem",
            connections=2,
        )
        await on.add(letter(1, body=b".dots\r\n" * 20000), [f"u{number}@example.org" for number in range(5)])
        courier = Courier(on.db, on.site, on.clock, relay_transport(delivery), free_disk=lambda: FREE)
        async with running(courier):
            await on.all_final()
    assert {(one.secure, one.user) for one in sink.accepted} == {(True, USER)}
    assert set(sink.copies().values()) == {1}
    assert len(sink.copies()) == 5
    assert sink.accepted[0].content.endswith(b".dots\r\n")


async def test_starttls_forgets_what_was_said_in_clear_text(certificate: Certificate) -> None:
    async with Sink(tls=_server(certificate)) as sink:
        client = await _call(_hop(sink.port, certificate, Security.STARTTLS))
        assert client.secure
        assert not client.features.starttls
        assert client.features.pipelining
        await client.quit()
    assert [command.partition(" ")[0] for command in sink.commands] == ["EHLO", "STARTTLS", "EHLO", "QUIT"]


@pytest.mark.parametrize(
    "behind", [b"250 AUTH PLAIN\r\n", b"250-x\r\n250 PIPELINING\r\n", b"2", b"535 5.7.8 injected\r\n", b"250-half\r\n"]
)
async def test_words_injected_before_tls_end_the_connection(certificate: Certificate, behind: bytes) -> None:
    async with Sink(tls=_server(certificate), users={USER: PASSWORD}, behind=behind) as sink:
        with pytest.raises(ConnectionLost, match="more than a reply before TLS"):
            await _call(_hop(sink.port, certificate, Security.STARTTLS, USER))
    assert sink.commands[-1] == "STARTTLS"


async def test_no_starttls_no_mail_and_no_password(certificate: Certificate) -> None:
    async with Sink(users={USER: PASSWORD}) as sink:
        with pytest.raises(ConnectionLost, match="does not offer STARTTLS"):
            await _call(_hop(sink.port, certificate, Security.STARTTLS, USER))
    assert [command.partition(" ")[0] for command in sink.commands] == ["EHLO"]


@pytest.mark.parametrize("said", ["454 4.7.0 not now", "502 what?", DROP, CLOSE_AFTER + "421 bye", "250 ok"])
async def test_a_refused_starttls_is_never_gone_without(certificate: Certificate, said: str) -> None:
    def script(moment: Moment) -> str | None:
        return said if moment.verb == "STARTTLS" else None

    async with Sink(script, tls=_server(certificate)) as sink:
        with pytest.raises((Refused, ConnectionLost)):
            await _call(_hop(sink.port, certificate, Security.STARTTLS))
    assert sink.commands[-1] == "STARTTLS"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_certificate_that_is_not_good_gets_nothing(
    tmp_path: Path, certificate: Certificate, security: Security
) -> None:
    elsewhere = certificates.make(tmp_path, "relay.example.org", file="elsewhere")
    stranger = certificates.make(tmp_path, "127.0.0.1", file="stranger")
    for shown, trusted in ((elsewhere, elsewhere), (stranger, certificate)):
        async with Sink(tls=_server(shown), implicit=security is Security.TLS, users={USER: PASSWORD}) as sink:
            with pytest.raises(ConnectionLost, match="certificate is not good"):
                await _call(_hop(sink.port, trusted, security, USER))
        assert not any(command.startswith(("AUTH", "MAIL")) for command in sink.commands)


async def test_a_server_that_does_not_speak_tls_is_left(certificate: Certificate) -> None:
    async with Sink() as sink:
        with pytest.raises(ConnectionLost, match="no TLS connection"):
            await _call(_hop(sink.port, certificate, Security.TLS))
    assert not sink.commands or not sink.commands[0].startswith("EHLO")


async def test_a_refused_login_tells_why_without_the_password(certificate: Certificate) -> None:
    async with Sink(tls=_server(certificate), users={USER: "another"}) as sink:
        with pytest.raises(Refused) as caught:
            await _call(_hop(sink.port, certificate, Security.STARTTLS, USER))
    secret = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    assert str(caught.value) == "535 5.7.8 AUTH PLAIN … is wrong"
    assert f"AUTH PLAIN {secret}" in sink.commands


async def test_a_server_without_a_way_to_log_in_is_left(certificate: Certificate) -> None:
    async with Sink(tls=_server(certificate), users={USER: PASSWORD}, mechanisms="CRAM-MD5") as sink:
        with pytest.raises(ConnectionLost, match="neither AUTH PLAIN nor"):
            await _call(_hop(sink.port, certificate, Security.STARTTLS, USER))


async def test_a_refused_login_pauses_the_relay_and_no_log_shows_the_password(
    tmp_path: Path, certificate: Certificate
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with Sink(tls=_server(certificate), users={USER: "another"}) as sink, bench(tmp_path) as on:
            await on.add(letter(1), ["anna@example.org"], days=0.01)
            hop = _hop(sink.port, certificate, Security.STARTTLS, USER)
            transport = RelayTransport([hop], DOMAIN, 2, QUICK, idle_seconds=0.2)
            courier = Courier(on.db, on.site, on.clock, transport, free_disk=lambda: FREE)
            async with running(courier):
                await on.all_final(step=timedelta(minutes=1))
            assert courier.counts.pauses >= 1
            assert await on.column("SELECT state FROM delivery") == ["expired"]
    shown = repr(logs)
    assert "relay.paused" in shown
    assert PASSWORD not in shown
    assert base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode() not in shown

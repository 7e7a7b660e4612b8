"""STARTTLS in: which certificates can be used, what is offered, and a new certificate while the server runs."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path

import pytest

from mailsvc.clock import SystemClock
from mailsvc.config import Config, SmtpConfig, parse
from mailsvc.errors import ConfigError
from mailsvc.net import ListenAddress
from mailsvc.receive.smtp import SmtpServer
from mailsvc.receive.tls import server_context
from tests import certificates
from tests.dialog.house import SmallHouse
from tests.dialog.script import Stage, play
from tests.dialog.script import parse as parse_script
from tests.tools import require_tool


def config(certificate: str, key: str = "", base: Path = Path()) -> Config:
    smtp = SmtpConfig(listen=("127.0.0.1:0",), trusted_relays=(), tls_certificate=certificate, tls_key=key)
    return Config(smtp=smtp, base=str(base))


async def served_certificate(address: ListenAddress) -> bytes:
    """The certificate that a client is shown now, unverified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(address.host, address.port)
    await reader.readline()
    writer.write(b"STARTTLS\r\n")
    assert await reader.readline() == b"220 2.0.0 Begin TLS\r\n"
    await writer.start_tls(context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    await writer.wait_closed()
    assert isinstance(shown, bytes)
    return shown


def test_without_a_certificate_there_is_no_tls() -> None:
    assert server_context(config("")) is None


def test_a_key_alone_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"smtp\.tls_key \(line 2\): there is a key but no tls_certificate"):
        parse('[smtp]\ntls_key = "server.key"\n')


def test_files_are_relative_to_the_configuration_and_may_be_one(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    assert server_context(config("server.pem", "server.key", tmp_path)) is not None
    (tmp_path / "both.pem").write_bytes(made.path.read_bytes() + made.key.read_bytes())
    assert server_context(config("both.pem", "", tmp_path)) is not None


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    certificates.make(tmp_path)
    certificates.make(tmp_path, file="other")
    (tmp_path / "text").write_text("hello")
    for certificate, key, said in (
        ("none.pem", "server.key", r"smtp\.tls_certificate: .*none\.pem cannot be read: No such file"),
        ("server.pem", "none.key", r"smtp\.tls_key: .*none\.key cannot be read: No such file"),
        ("server.pem", "other.key", r"the key is not the certificate's"),
        ("text", "server.key", r"smtp\.tls_certificate: .*cannot be used"),
        ("server.pem", "text", r"smtp\.tls_certificate: .*cannot be used"),
        ("server.pem", "", r"smtp\.tls_certificate: .*cannot be used"),
    ):
        with pytest.raises(ConfigError, match=said):
            SmtpServer(config(certificate, key, tmp_path), SmallHouse(), SystemClock())


def test_a_key_with_a_password_is_refused_and_nobody_is_asked(tmp_path: Path) -> None:
    openssl = require_tool("openssl")
    certificates.make(tmp_path)
    words = ["ec", "-aes128", "-passout", "pass:secret", "-in", "server.key", "-out", "locked.key"]
    subprocess.run([openssl, *words], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    with pytest.raises(ConfigError, match=r"smtp\.tls_key: .*locked\.key: the key has a password"):
        server_context(config("server.pem", "locked.key", tmp_path))


@pytest.mark.parametrize(
    ("newest", "works"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_old_versions_are_refused(newest: ssl.TLSVersion, works: bool) -> None:
    async with Stage((("tls", "on"),)) as stage:
        assert stage.certificate is not None
        context = stage.certificate.client_context()
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = newest
        client = await stage.connect()
        await client.reader.readline()
        client.writer.write(b"STARTTLS\r\n")
        await client.reader.readline()
        if works:
            await client.writer.start_tls(context, server_hostname="127.0.0.1")
            client.writer.write(b"NOOP\r\n")
            assert await client.reader.readline() == b"250 2.0.0 Nothing done\r\n"
        else:
            with pytest.raises(OSError, match=r".*"):
                await client.writer.start_tls(context, server_hostname="127.0.0.1")
        client.writer.close()
        await stage.server.wait_sessions()


async def test_a_new_certificate_is_shown_to_new_clients(tmp_path: Path) -> None:
    first = certificates.make(tmp_path)
    server = SmtpServer(config("server.pem", "server.key", tmp_path), SmallHouse(), SystemClock())
    await server.start()
    (address,) = server.addresses
    before = ssl.PEM_cert_to_DER_cert(first.path.read_text())
    assert await served_certificate(address) == before
    second = certificates.make(tmp_path)
    assert await served_certificate(address) == before
    server.reload_certificate()
    after = ssl.PEM_cert_to_DER_cert(second.path.read_text())
    assert after != before
    assert await served_certificate(address) == after
    # One that cannot be used changes nothing.
    second.key.write_text("half written")
    with pytest.raises(ConfigError, match=r"smtp\.tls_certificate"):
        server.reload_certificate()
    assert await served_certificate(address) == after
    assert await server.stop(5)


async def test_without_a_certificate_there_is_nothing_to_read_anew() -> None:
    async with Stage() as stage:
        stage.server.reload_certificate()
        assert stage.server.tls is None


async def test_many_plain_octets_behind_starttls_do_no_harm() -> None:
    # More than one read of the socket takes, so that some arrive when the handshake has begun.
    script = parse_script("set tls on\nhello\nC: STARTTLS\nC*20000: MAIL FROM:<attacker@example.com>\nS: 220 ...\n")
    async with Stage(script.settings) as stage:
        for step in script.steps:
            if step.what != "send":
                await stage._send_all()
            await stage._take(step)
        await stage.server.wait_sessions()
        assert stage.house.kept == []
        for client in stage.clients.values():
            client.writer.close()


async def test_the_next_client_is_served_after_a_failed_handshake() -> None:
    await play(
        parse_script(
            "set tls on\nhello\nC: STARTTLS\nS: 220 ...\nC: this is no handshake\nclosed\n"
            "hello 2\nC2: STARTTLS\nS2: 220 ...\nsecure 2\nC2: NOOP\nS2: 250 ...\n"
        )
    )


async def test_openssl_is_content(tmp_path: Path) -> None:
    """A foreign client: names, chain and STARTTLS as OpenSSL understands them."""
    openssl = require_tool("openssl")
    made = certificates.make(tmp_path, "networks.example.org")
    server = SmtpServer(config(str(made.path), str(made.key)), SmallHouse(), SystemClock())
    await server.start()
    words = ["s_client", "-connect", str(server.addresses[0]), "-starttls", "smtp", "-CAfile", str(made.path)]
    words += ["-verify_return_error", "-verify_hostname", "networks.example.org", "-quiet"]

    def talk() -> str:
        done = subprocess.run([openssl, *words], input=b"QUIT\r\n", capture_output=True, timeout=30, check=False)
        return (done.stdout + done.stderr).decode()

    said = await asyncio.to_thread(talk)
    assert "221 2.0.0" in said, said
    assert await server.stop(5)

"""`mailsvc check` about LMTP and STARTTLS, and what SIGHUP does to a running service."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
from pathlib import Path

import pytest

from mailsvc import app, config
from mailsvc.app import Service
from tests import certificates
from tests.cli_kit import Cli, made
from tests.unit.test_receive_tls import served_certificate


def with_smtp(folder: Path, *lines: str) -> Cli:
    cli = made(folder)
    text = cli.path.read_text()
    cli.path.write_text(text.replace("[smtp]\n", "\n".join(["[smtp]", *lines, ""])))
    return cli


def findings(cli: Cli) -> list[tuple[str, bool, str]]:
    result = cli.invoke("check", "--json")
    return [(one["check"], one["ok"], one["text"]) for one in json.loads(result.stdout)]


def test_ports_and_sockets_of_lmtp_are_looked_at(tmp_path: Path) -> None:
    cli = with_smtp(tmp_path, 'lmtp = ["127.0.0.1:0", "unix:lmtp.sock"]')
    found = [(ok, text) for name, ok, text in findings(cli) if name == "smtp.lmtp"]
    assert found == [(True, "127.0.0.1:0, free"), (True, f"unix:{tmp_path}/lmtp.sock, free")]
    (tmp_path / "lmtp.sock").write_text("precious")
    assert ("smtp.lmtp", False) in [(name, ok) for name, ok, _ in findings(cli)]


def test_a_socket_in_a_folder_that_is_missing(tmp_path: Path) -> None:
    cli = with_smtp(tmp_path, 'lmtp = ["unix:missing/lmtp.sock"]')
    (text,) = (text for name, ok, text in findings(cli) if name == "smtp.lmtp" and not ok)
    assert "must be able to write to its folder" in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('lmtp = ["0.0.0.0:2424"]', "other machines can reach 0.0.0.0:2424"),
        ('lmtp = ["127.0.0.1:25"]', "port 25"),
        ('tls_certificate = "none.pem"', "none.pem cannot be read"),
    ],
)
def test_what_would_stop_the_start_is_told_as_configuration(tmp_path: Path, line: str, said: str) -> None:
    cli = with_smtp(tmp_path, line)
    assert [(name, ok) for name, ok, _ in findings(cli)] == [("configuration", False)]
    assert said in findings(cli)[0][2]


async def test_sighup_reads_the_certificate_and_nothing_else(tmp_path: Path) -> None:
    first = certificates.make(tmp_path)
    cli = with_smtp(tmp_path, 'tls_certificate = "server.pem"', 'tls_key = "server.key"')
    ready: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(app.serve(config.load(cli.path), ready.set_result))
    service = await asyncio.wait_for(ready, 30)
    (address,) = service.smtp.addresses
    try:
        assert await served_certificate(address) == der(first)
        second = certificates.make(tmp_path)
        await hang_up(service)
        assert await served_certificate(address) == der(second)
        # A certificate without its key: told in the log, and the service goes on as it was.
        second.key.unlink()
        await hang_up(service)
        assert await served_certificate(address) == der(second)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, 30)
    with socket.socket() as probe:
        assert probe.connect_ex((address.host, address.port)) != 0


def der(certificate: certificates.Certificate) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.path.read_text())


async def hang_up(service: Service) -> None:
    """SIGHUP to this process, until the service has seen it."""
    seen = asyncio.Event()
    reload = service.smtp.reload_certificate

    def watched() -> None:
        seen.set()
        reload()

    service.smtp.reload_certificate = watched  # type: ignore[method-assign]
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.wait_for(seen.wait(), 30)
    service.smtp.reload_certificate = reload  # type: ignore[method-assign]

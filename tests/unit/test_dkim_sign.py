"""What we send is signed: dkimpy and our own verifier agree that it holds, for every copy, and the same at a retry."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest

from mailsvc import config as config_module
from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.deliver import signing
from mailsvc.deliver.model import Copy, prepare
from mailsvc.errors import ConfigError
from mailsvc.ids import DeliveryId, OutgoingId
from mailsvc.limits import Limits
from mailsvc.message.dkim_check import verify
from mailsvc.message.dkim_sign import Signer
from mailsvc.operating import check_dns
from tests.cli_kit import Cli, made

DOMAIN = "networks.example.org"
LETTER = (
    b"From: Karin Holm <karin@example.org>\r\nTo: talk@networks.example.org\r\nSubject: =?utf-8?q?K=C3=A4rt?=\r\n"
    b" a folded\r\n\tline\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <a@example.org>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nList-Id: <talk.networks.example.org>\r\n"
    b"List-Unsubscribe: <mailto:talk-leave+\0member-key\0@networks.example.org>\r\n"
    b"Received: from a\r\nReceived: from b\r\n\r\n"
)
BODIES = [b"", b"\r\n", b"Hello  there \t\r\n\r\n\r\n", b".dot\r\n..two\r\n.\r\n", "Blåbär\r\n".encode() * 500]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    folder = tmp_path_factory.mktemp("keys")
    return Signer(DOMAIN, tuple(signing.make(folder / kind, f"s-{kind}", kind) for kind in signing.KINDS))


def dns(signer: Signer) -> Callable[[str], bytes | None]:
    records = {f"{key.selector}._domainkey.{DOMAIN}.": signing.record(key).encode() for key in signer.keys}
    return lambda name: records.get(name.rstrip(".") + ".")


def copy(content: bytes, signer: Signer | None, address: str = "anna@example.net", key: str = "k-1") -> Copy:
    message = prepare(OutgoingId(1), content, signer=signer)
    assert not message.problem
    return Copy(DeliveryId(1), message, address, "bounces@x", key, 0)


@pytest.mark.parametrize("body", BODIES)
def test_every_copy_holds_for_two_verifiers(signer: Signer, body: bytes) -> None:
    for key in ("k-1", "another-key"):
        sent = copy(LETTER + body, signer, key=key).content()
        assert key.encode() in sent
        results = verify(sent, dns(signer), Limits(), Instant(0))
        assert [(one.passed, one.algorithm, one.domain) for one in results] == [
            (True, "rsa-sha256", DOMAIN),
            (True, "ed25519-sha256", DOMAIN),
        ]
        assert all(one.complete for one in results)
        assert dkim.verify(sent, dnsfunc=lambda name, **_: dns(signer)(name.decode()))


def test_what_is_sent_differs_from_what_is_signed_by_doubled_dots_alone(signer: Signer) -> None:
    one = copy(LETTER + b".dot\r\n", signer)
    wire = one.message.wire_head(one.member_key, one.address) + one.message.wire_body
    assert wire.replace(b"\r\n..", b"\r\n.") == one.content()


def test_a_retry_sends_the_same_bytes_and_lines_are_short(signer: Signer) -> None:
    first, again = (copy(LETTER + b"Hello\r\n", signer).content() for _ in range(2))
    assert first == again
    assert max(len(line) for line in first.split(b"\r\n")) <= 100
    assert len(first) - len(copy(LETTER + b"Hello\r\n", None).content()) < copy(LETTER, signer).message.size


@pytest.mark.parametrize(
    "change",
    [
        lambda sent: sent.replace(b"Hello", b"Hullo"),
        lambda sent: sent.replace(b"karin@", b"carin@"),
        lambda sent: sent.replace(b"Subject: ", b"Subject: Re: "),
        lambda sent: sent.replace(b"MIME-Version", b"From: boss@example.org\r\nMIME-Version"),
        lambda sent: sent.replace(b"MIME-Version", b"Cc: all@example.org\r\nMIME-Version"),
    ],
)
def test_what_is_changed_on_the_way_is_seen(signer: Signer, change: Callable[[bytes], bytes]) -> None:
    sent = copy(LETTER + b"Hello\r\n", signer).content()
    changed = change(sent)
    assert changed != sent
    assert not any(one.passed for one in verify(changed, dns(signer), Limits(), Instant(0)))


def test_what_relays_add_is_not_seen(signer: Signer) -> None:
    sent = b"Received: from us\r\nX-Spam: no\r\n" + copy(LETTER + b"Hello\r\n", signer).content()
    assert all(one.passed for one in verify(sent, dns(signer), Limits(), Instant(0)))


# ---- configuration and commands


def configured(folder: Path, *keys: str) -> Config:
    listed = ", ".join(f'"{one}"' for one in keys)
    return config_module.parse(f"[delivery]\ndkim_keys = [{listed}]\n", base=str(folder))


def test_without_keys_nothing_is_signed(tmp_path: Path) -> None:
    assert signing.signer(configured(tmp_path)) is None


@pytest.mark.parametrize("text", ["s1", "=file", "s1=", "s 1=file", "-s=file", "ä=file"])
def test_what_is_no_selector_and_file_is_refused_with_its_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="dkim_keys"):
        configured(tmp_path, text)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"rubbish", "no private key"), (b"", "no private key")],
)
def test_a_file_that_holds_no_key_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        signing.signer(configured(tmp_path, "s1=key.pem"))


def test_a_key_is_made_shown_and_found_in_the_dns(tmp_path: Path) -> None:
    cli = made(tmp_path)
    assert "no key is configured" in cli.refused("dkim", "record")
    said = cli.run("dkim", "new", "s2026")
    line = next(one for one in said.splitlines() if one.startswith("dkim_keys"))
    file = tmp_path / "var" / "dkim-s2026.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "is there already" in cli.refused("dkim", "new", "s2026")
    assert "is not a selector" in cli.refused("dkim", "new", "s 2026")
    cli.path.write_text(cli.path.read_text("utf-8").replace("[smtp]", f"[delivery]\n{line}\n[smtp]"), "utf-8")
    shown = cli.run("dkim", "record")
    assert shown.strip() in said
    strings = re.findall(r'"([^"]*)"', shown)
    assert all(len(one) <= 255 for one in strings)
    config = cli.config
    (key,) = signing.signer(config).keys  # type: ignore[union-attr]
    assert "".join(strings) == signing.record(key)
    assert _found(cli, "".join(strings)) == [True]
    assert _found(cli, "v=DKIM1; p=other") == [False]


def _found(cli: Cli, text: str) -> list[bool]:
    """What `mailsvc check` says where the DNS holds this record."""
    config = cli.config
    real = config_module.parse(
        cli.path.read_text("utf-8").replace(config.site.domain, "networks.kommun.se"), base=str(cli.folder)
    )
    asked = {("s2026._domainkey.networks.kommun.se", "TXT"): [text]}
    findings = check_dns.findings(real, lambda name, kind: asked.get((name, kind), []))
    return [one.ok for one in findings if one.name == "DKIM"]

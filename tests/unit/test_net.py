"""mailsvc.net: addresses to listen on, peers and networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailsvc.errors import ConfigError
from mailsvc.net import (
    ListenAddress,
    Networks,
    UnixAddress,
    client_key,
    parse_ip,
    parse_listen,
    parse_networks,
    parse_unix,
)


@pytest.mark.parametrize(
    ("text", "host", "port", "shown"),
    [
        ("127.0.0.1:2525", "127.0.0.1", 2525, "127.0.0.1:2525"),
        ("[::1]:25", "::1", 25, "[::1]:25"),
        ("[0:0::1]:25", "::1", 25, "[::1]:25"),
        ("0.0.0.0:0", "0.0.0.0", 0, "0.0.0.0:0"),
        (" mail.example.org:65535 ", "mail.example.org", 65535, "mail.example.org:65535"),
    ],
)
def test_parse_listen(text: str, host: str, port: int, shown: str) -> None:
    address = parse_listen(text)
    assert address == ListenAddress(host, port)
    assert str(address) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "127.0.0.1",
        ":25",
        "::1:25",
        "[::1]",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0:25",
        "1.2.3.400:25",
        "[zz]:25",
        "a b:25",
    ],
)
def test_parse_listen_refuses(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_listen(text, "smtp.listen")
    assert error.value.key == "smtp.listen"


@pytest.mark.parametrize(
    ("text", "loopback"),
    [
        ("127.0.0.1:1", True),
        ("127.8.8.8:1", True),
        ("[::1]:1", True),
        ("localhost:1", True),
        ("0.0.0.0:1", False),
        ("[::]:1", False),
        ("a.example.org:1", False),
    ],
)
def test_loopback(text: str, loopback: bool) -> None:
    assert parse_listen(text).loopback is loopback


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_parse_ip(text: str, shown: str) -> None:
    assert str(parse_ip(text)) == shown


def test_what_is_no_ip() -> None:
    assert parse_ip("") is None
    assert parse_ip("example.org") is None


def test_networks() -> None:
    networks = parse_networks(("192.0.2.7", "10.0.0.0/8", "10.9.9.9/8", "2001:db8::/32"))
    for inside in ("192.0.2.7", "10.255.0.1", "::ffff:10.0.0.1", "2001:db8:1::1"):
        assert inside in networks
        assert parse_ip(inside) in networks
    for outside in ("192.0.2.8", "11.0.0.1", "2001:db9::1", "nonsense", None, 7):
        assert outside not in networks
    assert "192.0.2.7" not in Networks()


def test_networks_name_the_key() -> None:
    with pytest.raises(ConfigError) as error:
        parse_networks(("10.0.0.0/8", "relay.example.org"), "smtp.trusted_relays")
    assert error.value.key == "smtp.trusted_relays"
    assert "relay.example.org" in str(error.value)


def test_client_key_is_the_host_or_its_64_bits() -> None:
    def key(text: str) -> str:
        address = parse_ip(text)
        assert address is not None
        return client_key(address)

    assert key("192.0.2.1") != key("192.0.2.2")
    assert key("2001:db8::1") == key("2001:db8::ffff:1")
    assert key("2001:db8::1") != key("2001:db8:0:1::1")


@pytest.mark.parametrize(
    ("text", "path"),
    [("unix:/run/x.sock", "/run/x.sock"), ("unix:x.sock", "/srv/mail/x.sock"), (" unix:a/x ", "/srv/mail/a/x")],
)
def test_parse_unix(text: str, path: str) -> None:
    address = parse_unix(text, Path("/srv/mail"))
    assert address == UnixAddress(Path(path))
    assert str(address) == f"unix:{path}"


@pytest.mark.parametrize("text", ["", "unix:", "/run/x.sock", "unix:/run/", "unix:a\0b"])
def test_what_is_no_socket(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^smtp\.lmtp: "):
        parse_unix(text, Path("/srv/mail"), "smtp.lmtp")

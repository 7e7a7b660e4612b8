"""The relays as the configuration names them, and how one is called: TLS that verifies, then logging in."""

from __future__ import annotations

import base64
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from mailsvc.config import Config
from mailsvc.deliver.smtp_client import ConnectionLost, Refused, Reply, SmtpClient, Timeouts, connect
from mailsvc.errors import ConfigError

PASSWORD_VARIABLE: Final = "MAILSVC_RELAY_PASSWORD"  # noqa: S105 - a name, not a secret
_KEY: Final = "delivery.relay"
_PASSWORD_KEY: Final = "delivery.relay_password_file"  # noqa: S105 - a name, not a secret
_CA_KEY: Final = "delivery.relay_ca_file"
_EXAMPLE: Final = "smtp://127.0.0.1:25 or starttls://user@relay.example.org:587"


class Security(StrEnum):
    """How a connection is protected, by the scheme of the relay's URL."""

    NONE = "smtp"
    STARTTLS = "starttls"
    TLS = "smtps"


_SCHEMES: Final = frozenset(one.value for one in Security)
_PORTS: Final = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where a relay is, how it is talked to, and as whom; `user` is "" where nobody logs in."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str = ""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class NextHop:
    """A relay with what is needed to call it; the password is in no text made of this."""

    address: RelayAddress
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


def parse_relay(url: str) -> RelayAddress:
    """`smtp://host:port`, `smtps://user@host:port` or `starttls://user@host:port`; IPv6 in brackets, a user's name
    percent-encoded. Ports 25, 465 and 587 may be left out. ConfigError names delivery.relay."""
    wrong = ConfigError(f'"{_without_password(url)}" is not a relay such as {_EXAMPLE}', _KEY)
    scheme, found, _ = url.partition("://")
    if not found or scheme not in _SCHEMES or not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise wrong
    host = parts.hostname or ""
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host) or port == 0:
        raise wrong
    if parts.password is not None:
        raise ConfigError("a password does not stand here; see relay_password_file", _KEY)
    security, user = Security(scheme), unquote(parts.username or "")
    if ("@" in parts.netloc and not user) or not user.isprintable():
        raise wrong
    if user and security is Security.NONE:
        raise ConfigError("nobody logs in without TLS; use starttls:// or smtps://", _KEY)
    return RelayAddress(host, port or _PORTS[security], security, user)


def _without_password(url: str) -> str:
    """An address that is wrong may still hold a secret, which no message must show."""
    return re.sub(r"//[^@/]*@", "//…@", url)


def next_hops(config: Config, environment: Mapping[str, str] | None = None) -> tuple[NextHop, ...]:
    """The relays of the configuration, the preferred first; ConfigError names the key.

    A password comes from `relay_password_file` (one for all relays with a user, or a list in their order) or from the
    environment's MAILSVC_RELAY_PASSWORD. One password is for one user: nobody is shown another provider's.
    """
    addresses = [parse_relay(url) for url in config.delivery.relays]
    if not addresses:
        raise ConfigError(f"there is no relay; name one such as {_EXAMPLE}", _KEY)
    if len(set(addresses)) < len(addresses):
        raise ConfigError("a relay stands there twice", _KEY)
    passwords = iter(_passwords(config, [one for one in addresses if one.user], environment))
    context = _context(config) if any(one.security is not Security.NONE for one in addresses) else None
    return tuple(
        NextHop(one, context if one.security is not Security.NONE else None, next(passwords) if one.user else "")
        for one in addresses
    )


def _passwords(config: Config, named: list[RelayAddress], environment: Mapping[str, str] | None) -> list[str]:
    if not named:
        return []
    files = config.delivery.relay_password_file
    given = (os.environ if environment is None else environment).get(PASSWORD_VARIABLE, "")
    if isinstance(files, tuple):
        if len(files) != len(named):
            raise ConfigError(f"{len(files)} files for {len(named)} relays with a user", _PASSWORD_KEY)
        return [_password(config, file) for file in files]
    if len({one.user for one in named}) > 1:
        raise ConfigError("relays with different users need a list of files, in the order of the relays", _PASSWORD_KEY)
    if not files and not given:
        raise ConfigError(f"a relay with a user needs it, or {PASSWORD_VARIABLE} in the environment", _PASSWORD_KEY)
    return [_password(config, files) if files else _line(given, PASSWORD_VARIABLE)] * len(named)


def _password(config: Config, file: str) -> str:
    try:
        text = config.path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error.__class__.__name__}", _PASSWORD_KEY) from None
    return _line(text.removesuffix("\n").removesuffix("\r"), file)


def _line(text: str, source: str) -> str:
    """The password, which is one line; its blanks belong to it."""
    if not text or any(character in text for character in "\r\n\0"):
        raise ConfigError(f"{source} holds no password on its one line", _PASSWORD_KEY)
    return text


def _context(config: Config) -> ssl.SSLContext:
    """TLS as a client that checks names and certificates; against `relay_ca_file` alone where one is given."""
    file = config.delivery.relay_ca_file
    try:
        context = ssl.create_default_context(cafile=str(config.path(file)) if file else None)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} holds no certificates that can be read: {error}", _CA_KEY) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def call(hop: NextHop, name: str, timeouts: Timeouts) -> SmtpClient:
    """A connection that is ready for mail: encrypted and logged in as the relay's URL says, or not made at all.

    Raises Refused, ConnectionLost.
    """
    address = hop.address
    direct = hop.tls if address.security is Security.TLS else None
    client = await connect(address.host, address.port, name, timeouts, direct)
    try:
        if address.security is Security.STARTTLS:
            assert hop.tls is not None
            await client.start_tls(hop.tls, address.host, name)
        if address.user:
            await log_in(client, address.user, hop.password)
    except BaseException:
        client.abort()
        raise
    return client


async def log_in(client: SmtpClient, user: str, password: str) -> None:
    """AUTH PLAIN (RFC 4616) or else LOGIN, over TLS only. Raises Refused, ConnectionLost, neither with the password."""
    if not client.secure:
        raise ConnectionLost("nobody logs in without TLS")
    if "PLAIN" in client.features.auth:
        secret = base64.b64encode(f"\0{user}\0{password}".encode())
        reply = await client.exchange(b"AUTH PLAIN " + secret)
        secrets = [secret]
    elif "LOGIN" in client.features.auth:
        secrets = [base64.b64encode(user.encode()), base64.b64encode(password.encode())]
        reply = await client.exchange(b"AUTH LOGIN")
        for answer in secrets:
            if reply.code != 334:
                break
            reply = await client.exchange(answer)
    else:
        raise ConnectionLost("the server offers neither AUTH PLAIN nor AUTH LOGIN")
    if reply.code != 235:
        raise Refused(_hidden(reply, [*(secret.decode() for secret in secrets), password]))


def _hidden(reply: Reply, secrets: list[str]) -> Reply:
    """The server's words, which are logged, without what it may have repeated of ours."""
    text = reply.text
    for secret in secrets:
        text = text.replace(secret, "…")
    return Reply(reply.code, text)

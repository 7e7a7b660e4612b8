"""The keys that sign what goes out: read from files, made, and told to the DNS (RFC 6376 §3.6.1, RFC 8463 §4)."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from mailsvc.config import Config
from mailsvc.errors import CommandError, ConfigError
from mailsvc.message.dkim_sign import Signer, SigningKey

KEY: Final = "delivery.dkim_keys"
KINDS: Final = ("rsa", "ed25519")
RSA_BITS: Final = 2048
LEAST_RSA_BITS: Final = 1024
_STRING: Final = 250  # octets of one string of a TXT record (RFC 1035 §3.3.14: 255 at most)


def signer(config: Config) -> Signer | None:
    """Signs with the configured keys; None where there are none. Raises ConfigError."""
    keys = tuple(_key(config, text) for text in config.delivery.dkim_keys)
    return Signer(config.site.domain, keys) if keys else None


def _key(config: Config, text: str) -> SigningKey:
    selector, _, file = text.partition("=")
    path = config.path(file.strip())
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigError(f"{file.strip()} cannot be read: {error.strerror or error}", KEY) from None
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{file.strip()} is no private key in PEM without a password: {error}", KEY) from None
    if isinstance(private, rsa.RSAPrivateKey):
        if private.key_size < LEAST_RSA_BITS:
            raise ConfigError(f"{file.strip()}: an RSA key of {private.key_size} bits is not accepted anywhere", KEY)
        return SigningKey(selector.strip(), private)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return SigningKey(selector.strip(), private)
    raise ConfigError(f"{file.strip()} is neither an RSA nor an Ed25519 key", KEY)


def make(path: Path, selector: str, kind: str) -> SigningKey:
    """A new key in a new file, readable by its owner alone. Raises CommandError where the file is there already."""
    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if kind == "rsa":
        private = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        private = ed25519.Ed25519PrivateKey.generate()
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} is there already; nothing was made") from None
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return SigningKey(selector, private)


def record(key: SigningKey) -> str:
    """The value of the TXT record at `SELECTOR._domainkey.DOMAIN`."""
    public = key.private.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        kind, shown = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, shown = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={b64encode(shown).decode()}"


def zone_line(key: SigningKey, domain: str) -> str:
    """The record as a zone file has it: in strings that are short enough."""
    text = record(key)
    strings = " ".join(f'"{text[place : place + _STRING]}"' for place in range(0, len(text), _STRING))
    return f"{key.selector}._domainkey.{domain}. IN TXT ( {strings} )"

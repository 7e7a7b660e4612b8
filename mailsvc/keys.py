"""The site's secret: one key file, and the HMAC keys and tokens that are derived from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from pathlib import Path

from mailsvc.errors import ConfigError
from mailsvc.ids import Randomness

_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])", re.IGNORECASE)  # see encode
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_TAG_BYTES = 16  # 128 bits: 26 base32 characters, fits a local part with room to spare
_WORD = re.compile(r"([0-9a-f]{1,16})-[a-z2-7]{26}", re.IGNORECASE | re.ASCII)  # as `key_for` makes it


@dataclass(frozen=True, slots=True)
class SiteKey:
    """32 secret bytes, the id of the key, and the id of the site that the database must carry too."""

    key_id: str
    site_id: str
    secret: bytes

    def tag(self, purpose: str, *parts: object) -> bytes:
        """128 bits that only this site can make, bound to `purpose` and `parts`."""
        text = "\0".join([purpose, *(str(part) for part in parts)])
        return hmac.digest(self.secret, text.encode(), "sha256")[:_TAG_BYTES]

    def token(self, nonce: bytes) -> str:
        """The secret word of one letter, from the nonce that its row keeps."""
        return encode(self.tag("ask", nonce.hex()))

    def key_for(self, purpose: str, number: int) -> str:
        """`number` and its tag in one word, for addresses and links that live long: VERP, unsubscribe."""
        return f"{number:x}-{encode(self.tag(purpose, number))}"

    def number_in(self, purpose: str, word: str) -> int | None:
        """The number in a word made by `key_for`, or None when it was not made by this site for this purpose."""
        match = _WORD.fullmatch(word)
        if match is None:
            return None
        number = int(match[1], 16)
        good = hmac.compare_digest(word.lower().encode(), self.key_for(purpose, number).encode())
        return number if good and number.bit_length() < 64 else None


def encode(data: bytes) -> str:
    """Base32 without padding, lower case: safe where local parts are case-folded."""
    # two keys for every copy that leaves: the library's function takes three times as long
    missing = -len(data) * 8 % 10
    number = int.from_bytes(data, "big") << missing
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(len(data) * 8 + missing - 10, -1, -10)]
    return "".join(pairs)[: -(-len(data) * 8 // 5)]


def without_tokens(text: str) -> str:
    """Somebody's text with every word taken out that could be a token or a key (promise 8)."""
    return _TOKEN.sub("…", text)


def hash_token(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.lower().encode()).digest()


def create(path: Path, randomness: Randomness) -> SiteKey:
    """Write a new key file, mode 0600; refuses to overwrite one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = SiteKey(encode(randomness.random_bytes(5)), encode(randomness.random_bytes(10)), randomness.random_bytes(32))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(f"{key.key_id} {key.site_id} {key.secret.hex()}\n")
        handle.flush()
        os.fsync(handle.fileno())
    return key


def load(path: Path) -> SiteKey:
    """Read the key file; ConfigError when it is missing or not one."""
    try:
        parts = path.read_text(encoding="ascii").split()
        key = SiteKey(parts[0], parts[1], bytes.fromhex(parts[2]))
    except FileNotFoundError:
        raise ConfigError(f"there is no key file {path}; restore it from the backup", "site.key_file") from None
    except PermissionError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "site.key_file") from None
    except (OSError, IndexError, ValueError):
        raise ConfigError(f"{path} is not a key file of mailsvc", "site.key_file") from None
    if len(key.secret) != 32:
        raise ConfigError(f"{path} is not a key file of mailsvc", "site.key_file")
    return key

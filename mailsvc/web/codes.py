"""The words of logging in, derived from the site's key: codes that people type, sessions in cookies, forms' tokens."""

from __future__ import annotations

import hmac
import re
from typing import Final

from mailsvc.keys import SiteKey, encode

CODE_LENGTH: Final = 10  # of 32 letters: 50 bits, and only some tries an hour
_BETWEEN: Final = re.compile(r"[\s\-–.]+")


def code_of(key: SiteKey, nonce: bytes) -> str:
    """The code that a letter prints, from the nonce that its row keeps."""
    return encode(key.tag("login", nonce.hex()))[:CODE_LENGTH]


def printed(code: str) -> str:
    """In two halves, so that it can be read aloud and typed."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def typed(text: str) -> str:
    """A code as people type it: any case, with or without the hyphen; base32 has no 0 and no 1."""
    return _BETWEEN.sub("", text).lower().replace("0", "o").replace("1", "l")[: 2 * CODE_LENGTH]


def hash_of(key: SiteKey, what: str, word: str) -> bytes:
    """What the database keeps of a code (`what` is "code") or of a session's cookie ("session")."""
    return key.tag(f"login-{what}", word)


def form_token(key: SiteKey, path: str, nonce: str) -> str:
    """What a form for `path` carries that was given to the browser with the cookie `nonce`."""
    return encode(key.tag("form-of", path, nonce))


def is_form_token(key: SiteKey, path: str, nonce: str, token: str) -> bool:
    """Whether a form came from a page that this browser got from us."""
    return bool(nonce) and hmac.compare_digest(form_token(key, path, nonce).encode(), token.encode())

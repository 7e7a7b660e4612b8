"""Who looks at a page: inside by network address, logged in by cookie, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from mailsvc.config import LANGUAGES, Config
from mailsvc.keys import SiteKey
from mailsvc.net import parse_networks
from mailsvc.registry import Registry, Visitor
from mailsvc.store.database import ReadTx
from mailsvc.web import session_store
from mailsvc.web.codes import form_token, hash_of
from mailsvc.web.session_store import Session

LONGEST_COOKIE: Final = 100
LOGOUT: Final = "/logout"
_ALSO: Final = {"no": "nb"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A visitor, with their session where they have logged in, and what the form to log out carries."""

    visitor: Visitor
    session: Session | None = None
    logout_token: str = ""


class Visiting:
    """Finds out who sent a request."""

    def __init__(self, config: Config, registry: Registry) -> None:
        self._config = config
        self._registry = registry
        self._rehearsal = config.delivery.transport == "mailroom"
        self._internal = parse_networks(config.smtp.internal_networks, "smtp.internal_networks")
        self.secure = config.web.base_url.lower().startswith("https:")
        # The prefix makes browsers refuse the cookie from any other host, path or plain http.
        self.session_cookie = "__Host-session" if self.secure else "session"
        self.form_cookie = "__Host-form" if self.secure else "form"

    @property
    def key(self) -> SiteKey:
        """The site's key."""
        return self._registry.site.key

    def internal(self, request: Request) -> bool:
        """Everybody in a rehearsal, else who comes from `[smtp] internal_networks`, is inside."""
        return self._rehearsal or (request.client is not None and request.client.host in self._internal)

    def cookie(self, request: Request, name: str) -> str:
        """A cookie of ours, "" when there is none."""
        return request.cookies.get(name, "")[:LONGEST_COOKIE]

    def seen(self, tx: ReadTx, request: Request) -> Seen:
        """Who it is; a cookie that is no session of ours any more is like none."""
        word = self.cookie(request, self.session_cookie)
        session = session_store.session(tx, hash_of(self.key, "session", word)) if word else None
        language = session.language if session else accepted(request.headers.get("accept-language", ""))
        known = session is not None and any(told(tx, session.person) for told in self._registry.staff)
        person = session.person if session else None
        token = form_token(self.key, LOGOUT, word) if session else ""
        return Seen(Visitor(self.internal(request), person, known, language), session, token)


def accepted(header: str) -> str:
    """The language of ours that a browser likes best (RFC 9110 §12.5.4), "" when it names none of them."""
    best, found = 0.0, ""
    for item in header[:500].split(","):
        name, _, weight = item.strip().partition(";")
        short = name.strip().lower().partition("-")[0]
        language = _ALSO.get(short, short)
        quality = _quality(weight)
        if language in LANGUAGES and quality > best:
            best, found = quality, language
    return found


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0

"""What every page needs: its template, its language, its form tokens, and who is looking."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mailsvc.clock import Clock
from mailsvc.config import Config
from mailsvc.keys import encode
from mailsvc.registry import Registry, Visitor
from mailsvc.resources import templates_dir
from mailsvc.store.database import Database
from mailsvc.web.visiting import Seen, Visiting, accepted
from mailsvc.web.words import Words, words

STYLE: Final = "site.css"
ICON: Final = "icon.svg"


class Edge:
    """The pages' common ground: configuration, database, templates."""

    def __init__(self, config: Config, db: Database, registry: Registry, clock: Clock) -> None:
        self.config = config
        self.db = db
        self.registry = registry
        self.clock = clock
        self.rehearsal = config.delivery.transport == "mailroom"
        self.words = words(config.site.language)
        self.visiting = Visiting(config, registry)
        self.folder = templates_dir() / "web"
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals["style"] = f"/{STYLE}?v={_version(self.folder / STYLE)}"
        self._pages.globals["icon"] = f"/{ICON}?v={_version(self.folder / ICON)}"
        self._pages.filters["segment"] = lambda text: quote(text, safe="@+")
        self._pages.filters["segment_path"] = lambda text: quote(text, safe="/@+")
        self._pages.filters["soft"] = _soft

    def page(
        self,
        template: str,
        title: str,
        values: Mapping[str, object],
        *,
        status: int = 200,
        spoken: Words | None = None,
        headers: Mapping[str, str] | None = None,
        seen: Seen | None = None,
    ) -> Response:
        """`templates/web/TEMPLATE.html.j2` with `values`; `spoken` is its language, else the site's.

        `seen` is who looks, where the page was made for them.
        """
        text = self.text(f"{template}.html.j2", title, values, spoken or self.words, seen)
        return HTMLResponse(text, status, headers=headers)

    def text(self, template: str, title: str, values: Mapping[str, object], t: Words, seen: Seen | None = None) -> str:
        """A template with what every page has: its words, the site, who looks."""
        session = seen.session if seen else None
        return self._pages.get_template(template).render(
            {
                "t": t,
                "lang": t.language,
                "title": title,
                "site_name": self.config.site.name,
                "rehearsal": self.rehearsal,
                "token": self.token,
                "session": session,
                "logout_token": seen.logout_token if seen else "",
                "inside": seen.visitor.internal if seen else False,
                **values,
            }
        )

    def spoken(self, language: str) -> Words:
        """The words of a visitor's language, else the site's."""
        return words(language, self.config.site.language)

    async def seen(self, request: Request) -> Seen:
        """Who looks."""
        return await self.db.read(lambda tx: self.visiting.seen(tx, request))

    def problem(
        self, status: int, headers: Mapping[str, str] | None = None, request: Request | None = None
    ) -> Response:
        """The page for a refusal or a failure, in sentences; nothing is looked up for it."""
        t = self.spoken(accepted(request.headers.get("accept-language", "")) if request is not None else "")
        known = status if t.maybe(f"problem_{status}") else (400 if status < 500 else 500)
        back = request.url.path if request is not None and status == 404 else ""  # it may be there for who logs in
        values = {"text": t(f"problem_{known}"), "status": status, "back": back}
        return self.page("problem", t(f"problem_{known}_title"), values, status=status, spoken=t, headers=headers)

    def token(self, path: str) -> str:
        """What a form that posts to `path` carries, so that no other site's page can make a browser send it."""
        return encode(self.registry.site.key.tag("form", path))

    def check_token(self, request: Request, form: Mapping[str, str]) -> None:
        """Raises HTTPException 403 unless the form was made by us for this path."""
        wanted = self.token(request.url.path)
        if not hmac.compare_digest(form.get("token", "").encode(), wanted.encode()):
            raise HTTPException(403)

    def visitor(self, request: Request) -> Visitor:
        """Somebody of whom only the network address is looked at."""
        return Visitor(internal=self.visiting.internal(request))


def _soft(address: str) -> Markup:
    """An address that may be broken before its @ where the line is too short."""
    return escape(address).replace("@", Markup("<wbr>@"))


def _version(path: Path) -> str:
    """Changes with the file, so that browsers may keep it for ever."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

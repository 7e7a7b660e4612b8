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
from mailsvc.net import parse_networks
from mailsvc.registry import Registry, Visitor
from mailsvc.resources import templates_dir
from mailsvc.store.database import Database
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
        self._internal = parse_networks(config.smtp.internal_networks, "smtp.internal_networks")
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
    ) -> Response:
        """`templates/web/TEMPLATE.html.j2` with `values`; `spoken` is its language, else the site's."""
        t = spoken or self.words
        text = self._pages.get_template(f"{template}.html.j2").render(
            {
                "t": t,
                "lang": t.language,
                "title": title,
                "site_name": self.config.site.name,
                "rehearsal": self.rehearsal,
                "token": self.token,
                **values,
            }
        )
        return HTMLResponse(text, status, headers=headers)

    def problem(self, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """The page for a refusal or a failure, in sentences."""
        known = status if self.words.maybe(f"problem_{status}") else (400 if status < 500 else 500)
        title = self.words(f"problem_{known}_title")
        return self.page("problem", title, {"text": self.words(f"problem_{known}")}, status=status, headers=headers)

    def token(self, path: str) -> str:
        """What a form that posts to `path` carries, so that no other site's page can make a browser send it."""
        return encode(self.registry.site.key.tag("form", path))

    def check_token(self, request: Request, form: Mapping[str, str]) -> None:
        """Raises HTTPException 403 unless the form was made by us for this path."""
        wanted = self.token(request.url.path)
        if not hmac.compare_digest(form.get("token", "").encode(), wanted.encode()):
            raise HTTPException(403)

    def visitor(self, request: Request) -> Visitor:
        """Everybody in a rehearsal, else who comes from `[smtp] internal_networks`, is inside."""
        return Visitor(
            internal=self.rehearsal or (request.client is not None and request.client.host in self._internal)
        )


def _soft(address: str) -> Markup:
    """An address that may be broken before its @ where the line is too short."""
    return escape(address).replace("@", Markup("<wbr>@"))


def _version(path: Path) -> str:
    """Changes with the file, so that browsers may keep it for ever."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

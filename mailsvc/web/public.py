"""Pages for everybody: the directory and other registered pages, leaving by a key, the style sheet and the icon."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailsvc.registry import ContentFunction, Feed, File, Fragment, KeyAction, Page, PageFunction
from mailsvc.store.database import ReadTx
from mailsvc.web import conditional
from mailsvc.web.edge import ICON, STYLE, Edge
from mailsvc.web.embedding import download, embedded
from mailsvc.web.http import read_form
from mailsvc.web.visiting import Seen
from mailsvc.web.words import words

LONGEST_KEY: Final = 200
LONGEST_PARAMETER: Final = 1000

_FILES = {STYLE: "text/css; charset=utf-8", ICON: "image/svg+xml"}
_Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Public:
    """The pages that are there under every transport."""

    edge: Edge

    def routes(self) -> list[Route]:
        """Registered pages, the key actions, our own files."""
        brought = {**self.edge.registry.pages, **self.edge.registry.contents}
        pages = [Route(path, self._registered(function)) for path, function in brought.items()]
        if "/" not in self.edge.registry.pages:
            pages.append(Route("/", self._empty_directory))
        keyed = [
            Route(f"/{name}/{{key}}", self._keyed(look, act), methods=["GET", "POST"])
            for name, (look, act) in self.edge.registry.key_actions.items()
        ]
        files = [Route(f"/{name}", self._file(name)) for name in _FILES]
        return [*pages, *keyed, *files]

    def _registered(self, function: ContentFunction) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            given = {**request.query_params, **{name: str(value) for name, value in request.path_params.items()}}
            parameters = {name: value[:LONGEST_PARAMETER] for name, value in given.items()}

            def look(tx: ReadTx) -> tuple[Seen, Page | File | Fragment | Feed | None]:
                seen = self.edge.visiting.seen(tx, request)
                return seen, function(tx, seen.visitor, parameters)

            seen, found = await self.edge.db.read(look)
            if isinstance(found, Feed):
                return await conditional.answer(found, request)
            return self._response(request, seen, found)

        return endpoint

    def _response(self, request: Request, seen: Seen, found: Page | File | Fragment | None) -> Response:
        t = self.edge.spoken(seen.visitor.language)
        match found:
            case None:
                return self.edge.problem(404, request=request)
            case Page():
                values = {"internal": seen.visitor.internal, "staff": seen.visitor.staff, **found.values}
                title = t(found.title_word) if found.title_word else found.title
                return self.edge.page(found.template, title, values, spoken=t, seen=seen)
            case Fragment():
                text = self.edge.text(found.template, "", found.values, t, seen)
                return embedded(text.encode(), found.content_type, self.edge.config, request)
            case File():
                return download(found, self.edge.config, request)

    async def _empty_directory(self, request: Request) -> Response:
        values = {"groups": [], "internal": self.edge.visitor(request).internal}
        return self.edge.page("directory", self.edge.words("directory_title"), values)

    def _keyed(self, look: PageFunction, act: KeyAction) -> _Endpoint:
        """GET shows what the button would do; POST does it (RFC 8058) and never tells whether the key was good."""

        async def endpoint(request: Request) -> Response:
            key = request.path_params["key"][:LONGEST_KEY]
            visitor = self.edge.visitor(request)
            page = await self.edge.db.read(lambda tx: look(tx, visitor, {"key": key}))
            values = dict(page.values) if page else {}
            spoken = words(str(values.get("language", "")), self.edge.config.site.language)
            if request.method == "POST" and (await read_form(request)).get("List-Unsubscribe") == "One-Click":
                await self.edge.db.write(lambda tx: act(tx, key), durable=True)
                return self.edge.page("left", spoken("left_title"), {}, spoken=spoken)
            shown = {
                "action": request.url.path,
                "group_title": str(values.get("group_title", "")),
                "address_masked": str(values.get("address_masked", "")),
            }
            status = 200 if request.method != "POST" else 400
            return self.edge.page(
                _template(page, "unsubscribe"), spoken("leave_title"), shown, status=status, spoken=spoken
            )

        return endpoint

    def _file(self, name: str) -> _Endpoint:
        content = (self.edge.folder / name).read_bytes()
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}

        async def endpoint(_: Request) -> Response:
            return Response(content, media_type=_FILES[name], headers=headers)

        return endpoint


def _template(page: Page | None, otherwise: str) -> str:
    return page.template if page else otherwise

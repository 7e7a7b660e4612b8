"""Plain HTTP care: the headers of every response, bounded request bodies, and forms read within the bound."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_BYTES: Final = 64 * 1024
COMPOSE_BYTES: Final = 1024 * 1024
"""Forms with much text are multipart, so that what is sent is about as long as what was typed."""
MOST_FIELDS: Final = 100

CSP: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

_DEFAULTS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def policy(**changes: str | None) -> str:
    """The Content-Security-Policy with directives changed (`frame_src="'self'"`), added, or left out (None)."""
    directives: dict[str, str | None] = {**CSP, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items() if value is not None)


class SafeHeaders:
    """ASGI middleware: puts the security headers on every response that did not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._defaults = {**_DEFAULTS, "Content-Security-Policy": policy()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers where the response starts."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._defaults.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


async def read_form(request: Request, limit: int = FORM_BYTES) -> Mapping[str, str]:
    """The text fields of a form body (urlencoded or multipart), the first of each name; files are left out.

    Raises HTTPException 413 over `limit` octets, 400 for what is not a form.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise HTTPException(413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    stream = _bounded(request, limit)
    try:
        if kind == "multipart/form-data":
            parser: FormParser | MultiPartParser = MultiPartParser(
                request.headers, stream, max_files=MOST_FIELDS, max_fields=MOST_FIELDS, max_part_size=limit
            )
        else:
            parser = FormParser(request.headers, stream, max_fields=MOST_FIELDS, max_part_size=limit)
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError) as error:
        raise HTTPException(400) from error
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    await form.close()
    return fields


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:
            raise HTTPException(413)
        yield chunk

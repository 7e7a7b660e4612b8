"""Responses that are no pages of ours: what other sites' pages may show or fetch, and documents that are kept."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from mailsvc.config import Config
from mailsvc.registry import File
from mailsvc.web.http import policy


def download(file: File, config: Config, request: Request) -> Response:
    """A file; with a name it is saved, never shown, whatever it holds (RFC 6266 §4.3, RFC 8187)."""
    if file.embed:
        return embedded(file.content, file.content_type, config, request)
    headers = {"Content-Security-Policy": policy(**{"default-src": "'none'", "style-src": None}) + "; sandbox"}
    if file.name:
        plain = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in file.name)
        headers["Content-Disposition"] = (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        )
        headers["X-Download-Options"] = "noopen"
    return Response(file.content, media_type=file.content_type, headers=headers)


def embedded(content: bytes, content_type: str, config: Config, request: Request) -> Response:
    """What the pages of `[web] embed_origins` may put into a frame, or fetch by a script without cookies."""
    origins = config.web.embed_origins
    headers = {"Vary": "Origin, Accept-Language, Cookie"}
    if origins:
        headers["Content-Security-Policy"] = policy(**{"frame-ancestors": " ".join(("'self'", *origins))})
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        origin = request.headers.get("origin", "")
        if origin in origins:
            headers["Access-Control-Allow-Origin"] = origin
    return Response(content, media_type=content_type, headers=headers)

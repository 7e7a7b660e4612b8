"""Conditional requests (RFC 9110 §13): whoever has the newest version already is told so, and it is not made."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from mailsvc.clock import SECOND, Instant, to_datetime, to_instant
from mailsvc.registry import Feed
from mailsvc.web.http import policy

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_LONGEST: Final = 2000


async def answer(feed: Feed, request: Request) -> Response:
    """The feed, or 304; made in a thread, because a long one takes a while."""
    headers = {
        "ETag": f'"{feed.version}"',
        "Last-Modified": format_datetime(to_datetime(feed.changed, UTC).replace(microsecond=0), usegmt=True),
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "Content-Security-Policy": policy(**{"default-src": "'none'", "style-src": None}) + "; sandbox",
    }
    if is_known(request.headers.get("if-none-match"), request.headers.get("if-modified-since"), feed):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(feed.make)
    return Response(content, media_type=feed.content_type, headers=headers)


def is_known(none_match: str | None, modified_since: str | None, feed: Feed) -> bool:
    """Whether the client has this version; its date is looked at only where it names no version (§13.2.2)."""
    if none_match is not None:
        named = none_match[:_LONGEST].strip()
        return named == "*" or feed.version in _TAG.findall(named)
    since = _date(modified_since or "")
    return since is not None and feed.changed // SECOND <= since // SECOND


def _date(text: str) -> Instant | None:
    try:
        found = parsedate_to_datetime(text[:100])
        return to_instant(found if found.tzinfo is not None else found.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return None

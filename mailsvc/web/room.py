"""The frame of every page of the mailroom: whose inboxes there are, the rehearsal's clock, what has been opened."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mailsvc.clock import Instant
from mailsvc.ids import Randomness
from mailsvc.message.address import parse_address
from mailsvc.registry import Visitor
from mailsvc.store import meta
from mailsvc.store.database import ReadTx
from mailsvc.web import store
from mailsvc.web.desk import MailroomDesk
from mailsvc.web.edge import Edge
from mailsvc.web.http import policy
from mailsvc.web.words import Words, words

BOXES: Final = 200
PAGE: Final = 50
LOOKS: Final = 30
LOOK_SECONDS: Final = 0.05
"""After an action the page waits LOOKS times LOOK_SECONDS at most for the service to have dealt with it."""
SETTLED_LOOKS: Final = 2

_NOTICES = ("sent", "busy", "time", "nothing")
_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class Room:
    """What the pages of the mailroom share. What was opened is remembered only while the process runs."""

    def __init__(self, edge: Edge, desk: MailroomDesk, randomness: Randomness) -> None:
        self.edge = edge
        self.desk = desk
        self.randomness = randomness
        self._mark: int | None = None
        self._opened: defaultdict[str, set[int]] = defaultdict(set)
        own = urlsplit(edge.config.web.base_url).netloc.rpartition(":")[0] or urlsplit(edge.config.web.base_url).netloc
        self._hosts = {*_HOSTS, own.lower()}

    async def page(
        self,
        request: Request,
        template: str,
        title: str,
        values: Mapping[str, object],
        *,
        whose: str = "",
        status: int = 200,
        frames: bool = False,
    ) -> Response:
        """A page of the mailroom inside its frame; `whose` is the folded address of the inbox that is shown."""
        find = request.query_params.get("find", "").strip()[:100]
        mark = await self._start()
        boxes = await self.edge.db.read(lambda tx: store.boxes(tx, mark, find, BOXES + 1))
        t = self.edge.words
        frame = {
            "boxes": [self._unopened(box, mark) for box in boxes[:BOXES]],
            "more": BOXES if len(boxes) > BOXES else 0,
            "find": find,
            "whose": whose,
            "now": self.moment(self.edge.clock.now(), "EEEE d MMMM y, HH:mm"),
            "next_at": await self._next_at(),
            "back": request.url.path,
            "notice": self._notice(request),
        }
        headers = {"Content-Security-Policy": policy(frame_src="'self'")} if frames else None
        return self.edge.page(
            f"mailroom/{template}", title, {**frame, **values}, status=status, spoken=t, headers=headers
        )

    def check_host(self, request: Request) -> None:
        """403 unless the browser asked for this machine: a foreign site's name pointing here must not act."""
        host = request.headers.get("host", "").lower()
        name = host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
        if name not in self._hosts:
            raise HTTPException(403)

    def moment(self, at: Instant, pattern: str = "EEE d MMM y, HH:mm") -> str:
        """A time in the site's zone and language."""
        return self.edge.words.moment(at, self.edge.config.site.timezone, pattern)

    def opened(self, copy: store.Copy) -> None:
        """Remember that this letter was looked at."""
        self._opened[copy.folded].add(copy.id)

    async def is_new(self, copy: store.Copy) -> bool:
        """Whether it came since the start and nobody looked at it yet."""
        return copy.id > await self._start() and copy.id not in self._opened[copy.folded]

    async def person(self, folded: str) -> tuple[str, str, Words]:
        """(name, address, the language they write) for an inbox; a stranger has no name and the site's language."""
        known = await self.edge.db.read(lambda tx: store.owner(tx, folded))
        if known is None:
            return "", folded, self.edge.words
        return known[0], known[1], words(known[2], self.edge.config.site.language)

    async def groups(self) -> list[Mapping[str, object]]:
        """The rows of the directory, so that addresses can be offered."""
        look = self.edge.registry.pages.get("/")
        if look is None:
            return []
        page = await self.edge.db.read(lambda tx: look(tx, Visitor(internal=True), {}))
        rows = page.values.get("groups", []) if page else []
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []

    async def settle(self) -> str:
        """Wait a moment for the service to deal with what is due; the notice to show."""
        quiet = 0
        for _ in range(LOOKS):
            quiet = quiet + 1 if not await self.edge.db.read(meta.busy) else 0
            if quiet == SETTLED_LOOKS:
                return "sent"
            await asyncio.sleep(LOOK_SECONDS)
        return "busy"

    def go(self, path: str, notice: str) -> Response:
        """After a POST: see `path`, where `notice` is shown (RFC 9110 §15.4.4)."""
        return RedirectResponse(f"{quote(path, safe='/@+%')}?{urlencode({'notice': notice})}#notice", 303)

    async def _start(self) -> int:
        if self._mark is None:
            self._mark = await self.edge.db.read(store.newest_letter)
        return self._mark

    def _unopened(self, box: store.Box, mark: int) -> store.Box:
        return replace(box, newer=max(0, box.newer - sum(1 for one in self._opened[box.folded] if one > mark)))

    async def _next_at(self) -> str:
        at = await self.desk.next_event()
        return self.moment(max(at, self.edge.clock.now()), "EEE d MMM, HH:mm") if at is not None else ""

    def _notice(self, request: Request) -> str:
        name = request.query_params.get("notice", "")
        if name not in _NOTICES:
            return ""
        return self.edge.words(f"notice_{name}", time=self.moment(self.edge.clock.now(), "EEEE d MMMM, HH:mm"))


def find_copy(tx: ReadTx, number: int) -> store.Copy:
    """The letter with that number, or HTTPException 404."""
    copy = store.letter(tx, number)
    if copy is None:
        raise HTTPException(404)
    return copy


def without_key(address: str) -> str:
    """`reply+…@…`: what stands behind the plus is a secret, and nobody reads it anyway."""
    return re.sub(r"\+[^@]{8,}@", "+…@", address)


def folded(text: str) -> str:
    """The key of an address in a path, or HTTPException 404."""
    address = parse_address(text)
    if address is None:
        raise HTTPException(404)
    return address.folded

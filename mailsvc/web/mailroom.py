"""The mailroom's pages for looking: its front, the inboxes, the letters with their views, frames and files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailsvc.ids import Randomness
from mailsvc.web import reading, store
from mailsvc.web.desk import MailroomDesk
from mailsvc.web.edge import Edge
from mailsvc.web.http import policy
from mailsvc.web.mailroom_desk import Acting
from mailsvc.web.room import PAGE, Room, find_copy, folded, without_key

ARRIVALS: Final = 12
STRANGER: Final = "robin.ek@example.net"
_SHORT: Final = "EEE d MMM, HH:mm"
_SANDBOX: Final = "allow-top-navigation-by-user-activation"

_Endpoint = Callable[[Request], Awaitable[Response]]


class Mailroom:
    """All pages under /mailroom."""

    def __init__(self, edge: Edge, desk: MailroomDesk, randomness: Randomness) -> None:
        self._room = Room(edge, desk, randomness)
        self._edge = edge
        self._acting = Acting(self._room, self._letter_page)

    def routes(self) -> list[Route]:
        """The paths; each asks first whether the browser meant this machine."""
        letter = "/mailroom/letter/{number:int}"
        return [
            self._route("/mailroom", self._front),
            self._route("/mailroom/inbox/{address:path}", self._inbox),
            self._route(letter, self._letter),
            self._route(f"{letter}/frame", self._frame),
            self._route(f"{letter}/letter.eml", self._download),
            self._route(f"{letter}/part/{{part:int}}", self._part),
            self._route(f"{letter}/answer/{{answer:int}}", self._acting.answer, "POST"),
            self._route(f"{letter}/reply", self._acting.reply, "POST"),
            self._route("/mailroom/compose", self._acting.compose),
            self._route("/mailroom/compose", self._acting.write, "POST"),
            self._route("/mailroom/time", self._acting.time, "POST"),
            self._route(f"{letter}/{{view}}", self._letter),
        ]

    def _route(self, path: str, endpoint: _Endpoint, method: str = "GET") -> Route:
        async def checked(request: Request) -> Response:
            self._room.check_host(request)
            return await endpoint(request)

        return Route(path, checked, methods=[method])

    async def _front(self, request: Request) -> Response:
        t = self._edge.words
        came = await self._edge.db.read(lambda tx: store.arrivals(tx, ARRIVALS))
        networks = [str(row["address"]) for row in await self._room.groups() if row.get("kind") == "network"]
        stranger = {"as": f"{t('try_name')} <{STRANGER}>", "subject": t("try_subject"), "body": t("try_body")}
        values = {
            "arrivals": [
                (one.sender, without_key(one.recipient), self._room.moment(one.at, _SHORT), self._outcome(one))
                for one in came
            ],
            "try_address": networks[0] if networks else "",
            "try_link": "/mailroom/compose?" + urlencode({**stranger, **({"to": networks[0]} if networks else {})}),
        }
        return await self._room.page(request, "front", t("mailroom"), values)

    def _outcome(self, one: store.Arrival) -> str:
        """What became of a mail, in words; a reason that has none yet is shown as it is."""
        t = self._edge.words
        why = t("outcome_held") if one.reason.startswith("held-") else t.maybe(f"outcome_{one.reason}") or one.reason
        if one.state == "handled":
            return why
        return ": ".join(part for part in (t(f"outcome_{one.state}"), why) if part)

    async def _inbox(self, request: Request) -> Response:
        whose = folded(request.path_params["address"])
        before = _number(request.query_params.get("before", ""))
        copies = await self._edge.db.read(lambda tx: store.letters(tx, whose, before or 1 << 62, PAGE + 1))
        name, address, _ = await self._room.person(whose)
        listed = []
        for copy in copies[:PAGE]:
            letter = reading.read(copy.content)
            listed.append((copy, letter, self._room.moment(copy.at, _SHORT), await self._room.is_new(copy)))
        values = {
            "name": name or address,
            "address": address,
            "letters": listed,
            "older": copies[PAGE - 1].id if len(copies) > PAGE else 0,
            "later": bool(before),
        }
        title = self._edge.words("inbox_title", name=name or address)
        return await self._room.page(request, "inbox", title, values, whose=whose)

    async def _letter(self, request: Request) -> Response:
        return await self._letter_page(request, request.path_params.get("view", ""))

    async def _letter_page(self, request: Request, view: str, error: str = "", text: str = "") -> Response:
        """The letter; with `error` and `text` when a reply to it was not sent."""
        copy = await self._copy(request)
        letter = reading.read(copy.content)
        if view not in ("", "text", "html", "source") or (view == "html" and letter.html is None):
            return self._edge.problem(404)
        self._room.opened(copy)
        name, address, spoken = await self._room.person(copy.folded)
        values = {
            "copy": copy,
            "letter": letter,
            "name": name or address,
            "address": address,
            "view": view or ("text" if letter.html is None else "html"),
            "at": self._room.moment(letter.date if letter.date is not None else copy.at),
            "source": copy.content[: reading.SHOWN_SOURCE].decode("utf-8", "replace") if view == "source" else "",
            "source_cut": len(copy.content) > reading.SHOWN_SOURCE,
            "answers": reading.mail_links(letter.html, self._edge.config.domains),
            "one_click": reading.one_click(letter, self._edge.config.web.base_url),
            "reply": self._acting.reply_of(letter, copy, spoken),
            "error": error,
            "reply_text": text,
        }
        title = letter.subject or self._edge.words("no_subject")
        status = 422 if error else 200
        return await self._room.page(request, "letter", title, values, whose=copy.folded, status=status, frames=True)

    async def _frame(self, request: Request) -> Response:
        """The letter's HTML alone, in a page that may do nothing but let its links be followed."""
        copy = await self._copy(request)
        letter = reading.read(copy.content)
        if letter.html is None:
            return self._edge.problem(404)

        def compose(href: str) -> str | None:
            link = reading.mail_link(href)
            if link is None:
                return None
            asked = {"as": copy.address, "to": str(link.address), "subject": link.subject, "body": link.body}
            return "/mailroom/compose?" + urlencode({**asked, "letter": copy.id})

        shown = Markup(reading.safe_html(letter.html, compose))  # noqa: S704 - this is what nh3 made safe
        headers = {
            "Content-Security-Policy": policy(
                style_src="'self' 'unsafe-inline'", frame_ancestors="'self'", sandbox=_SANDBOX
            )
        }
        title = self._edge.words("frame_title")
        return self._edge.page("mailroom/frame", title, {"shown": shown, "language": letter.language}, headers=headers)

    async def _download(self, request: Request) -> Response:
        copy = await self._copy(request)
        return _file(f"letter-{copy.id}.eml", copy.content)

    async def _part(self, request: Request) -> Response:
        copy = await self._copy(request)
        found = reading.read(copy.content).attached(request.path_params["part"])
        if found is None:
            return self._edge.problem(404)
        return _file(found[0] or self._edge.words("unnamed"), found[1])

    async def _copy(self, request: Request) -> store.Copy:
        number = request.path_params["number"]
        return await self._edge.db.read(lambda tx: find_copy(tx, min(number, 1 << 62)))


def _file(name: str, content: bytes) -> Response:
    """A download, whatever it is: never shown by the browser as a page of ours (RFC 6266)."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": policy(sandbox=""),
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and text.isascii() and len(text) < 19 else 0

"""The mailroom's pages for acting: answering, replying, writing, and letting time pass; each sends real mail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mailsvc.clock import DAY, HOUR
from mailsvc.message.address import Address, parse_address
from mailsvc.message.build import BuildBug
from mailsvc.web import compose, reading, store
from mailsvc.web.compose import MOST_RECIPIENTS, Draft
from mailsvc.web.http import COMPOSE_BYTES, read_form
from mailsvc.web.reading import Letter
from mailsvc.web.room import Room, find_copy, without_key
from mailsvc.web.words import Words

LONGEST_SUBJECT: Final = 500
_STEPS = {"hour": HOUR, "day": DAY}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply to a letter would be."""

    to: tuple[Address, ...]
    subject: str
    to_all: bool

    @property
    def shown(self) -> str:
        """The addresses as people read them."""
        return ", ".join(without_key(str(one)) for one in self.to)


@dataclass(frozen=True, slots=True)
class Acting:
    """The POST side; `letter_page` shows a letter again when a reply to it was refused."""

    room: Room
    letter_page: Callable[[Request, str, str, str], Awaitable[Response]]

    def reply_of(self, letter: Letter, copy: store.Copy, spoken: Words) -> Reply | None:
        """What a reply would be, or None for a letter to which a reply would not come to us at all.

        It goes where mail programs send it, or, when that is not ours, where "reply to all" would reach us.
        """
        domains = self.room.edge.config.domains
        author = letter.reply_to
        ours = tuple(one for one in (*letter.message.to, *letter.message.cc) if one.ascii_domain in domains)
        if author is not None and author.ascii_domain in domains:
            ours = (author,)
        if not ours or parse_address(copy.address) is None:
            return None
        to_all = author is None or ours != (author,)
        return Reply(ours[:MOST_RECIPIENTS], compose.reply_subject(letter.subject, spoken), to_all)

    async def answer(self, request: Request) -> Response:
        """Send the mail that one of the letter's links makes."""
        form = await read_form(request)
        self.room.edge.check_token(request, form)
        copy, letter = await self._letter(request)
        links = reading.mail_links(letter.html, self.room.edge.config.domains)
        number = request.path_params["answer"]
        if number >= len(links):
            raise HTTPException(404)
        link = links[number]
        draft = await self._draft(copy, letter, (link.address,), link.subject, link.body)
        error = await self._send(draft)
        return await self.letter_page(request, "", error, "") if error else await self._done(copy.folded)

    async def reply(self, request: Request) -> Response:
        """Send a reply with the typed text, the letter quoted below."""
        form = await read_form(request, COMPOSE_BYTES)
        self.room.edge.check_token(request, form)
        copy, letter = await self._letter(request)
        _, _, spoken = await self.room.person(copy.folded)
        planned = self.reply_of(letter, copy, spoken)
        if planned is None:
            raise HTTPException(404)
        typed = form.get("text", "")
        quoted = compose.quoting(letter, copy.at, self.room.edge.config.site.timezone, spoken)
        text = f"{typed.rstrip()}\n\n{quoted}\n"
        draft = await self._draft(copy, letter, planned.to, planned.subject, text)
        error = await self._send(draft)
        return await self.letter_page(request, "", error, typed) if error else await self._done(copy.folded)

    async def compose(self, request: Request) -> Response:
        """An empty mail, or one filled in by a link."""
        given = {
            name: request.query_params.get(name, "")[:10_000] for name in ("as", "to", "subject", "body", "letter")
        }
        return await self._form(request, given, [])

    async def write(self, request: Request) -> Response:
        """Send a mail as anybody."""
        form = await read_form(request, COMPOSE_BYTES)
        self.room.edge.check_token(request, form)
        given = {name: form.get(name, "") for name in ("as", "to", "subject", "body", "letter")}
        sender, to = compose.read_sender(given["as"]), compose.read_recipients(given["to"])
        t = self.room.edge.words
        if sender is None or to is None:
            wrong = [] if sender else [("as", t("error_from"))]
            return await self._form(request, given, wrong if to else [*wrong, ("to", t("error_to"))])
        known, _, _ = await self.room.person(sender[1].folded)
        thread = await self._thread(given["letter"])
        subject = given["subject"][:LONGEST_SUBJECT]
        error = await self._send(Draft(sender[0] or known, sender[1], to, subject, given["body"], thread))
        return await self._form(request, given, [("", error)]) if error else await self._done(sender[1].folded)

    async def time(self, request: Request) -> Response:
        """Move the rehearsal's clock by a step, or to what is due next."""
        form = await read_form(request)
        self.room.edge.check_token(request, form)
        back = form.get("back", "")
        back = back if back == "/mailroom" or back.startswith("/mailroom/") else "/mailroom"
        step = _STEPS.get(form.get("step", ""), 0)
        if form.get("step") == "next":
            at = await self.room.desk.next_event()
            if at is None:
                return self.room.go(back, "nothing")
            step = max(0, at - self.room.edge.clock.now()) + 1
        if not step:
            raise HTTPException(400)
        await self.room.desk.advance(step)
        return self.room.go(back, "time" if await self.room.settle() == "sent" else "busy")

    async def _letter(self, request: Request) -> tuple[store.Copy, Letter]:
        number = request.path_params["number"]
        copy = await self.room.edge.db.read(lambda tx: find_copy(tx, min(number, 1 << 62)))
        return copy, reading.read(copy.content)

    async def _draft(self, copy: store.Copy, letter: Letter, to: tuple[Address, ...], subject: str, text: str) -> Draft:
        sender = parse_address(copy.address)
        if sender is None:
            raise HTTPException(404)
        name, _, _ = await self.room.person(copy.folded)
        return Draft(name, sender, to, subject, text, compose.thread_of(letter))

    async def _thread(self, number: str) -> tuple[str, ...]:
        """The thread of the letter that a link in it came from."""
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return ()
        copy = await self.room.edge.db.read(lambda tx: store.letter(tx, int(number)))
        return compose.thread_of(reading.read(copy.content)) if copy else ()

    async def _send(self, draft: Draft) -> str:
        """Send it to ourselves; what went wrong as a sentence, "" when it was taken."""
        t = self.room.edge.words
        server = self.room.desk.smtp_address()
        try:
            content = compose.build(draft, self.room.edge.clock.now(), self.room.randomness.random_bytes(16))
        except BuildBug:
            return t("error_from")
        try:
            refused = await asyncio.to_thread(compose.send, server, draft.sender, draft.to, content)
        except OSError:
            return t("error_unreachable", address=f"{server[0]}:{server[1]}")
        return t("error_refused", reply=refused.reply) if refused else ""

    async def _done(self, folded: str) -> Response:
        return self.room.go(f"/mailroom/inbox/{folded}", await self.room.settle())

    async def _form(self, request: Request, given: dict[str, str], wrong: list[tuple[str, str]]) -> Response:
        t = self.room.edge.words
        people = await self.room.edge.db.read(lambda tx: store.boxes(tx, 0))
        values = {
            "given": given,
            "wrong": wrong,
            "wrong_fields": {field for field, _ in wrong},
            "people": people,
            "groups": await self.room.groups(),
        }
        return await self.room.page(request, "compose", t("compose_title"), values, status=422 if wrong else 200)

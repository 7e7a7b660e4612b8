"""Logging in by a mailed code, and out. No GET acts, no page and no time tells whether an address is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailsvc.clock import HOUR
from mailsvc.ids import PersonId, Randomness
from mailsvc.keys import encode
from mailsvc.message.address import Address, parse_address
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.store.database import Tx
from mailsvc.web import session_store as store
from mailsvc.web.codes import form_token, hash_of, is_form_token, typed
from mailsvc.web.edge import Edge
from mailsvc.web.http import read_form
from mailsvc.web.logins import TOPIC
from mailsvc.web.visiting import LOGOUT

TRIES_PER_HOUR: Final = 60  # of one network address: many people may share it
LONGEST_PATH: Final = 200
ENTER: Final = "/login/enter"
LOGIN: Final = "/login"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The pages of logging in."""

    edge: Edge
    randomness: Randomness

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route(LOGIN, self.ask, methods=["GET"]),
            Route(LOGIN, self.send, methods=["POST"]),
            Route(ENTER, self.enter, methods=["POST"]),
            Route(f"{LOGIN}/{{code}}", self.arrive, methods=["GET"]),
            Route(LOGOUT, self.leave, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The form for an address."""
        return await self._form(request, "")

    async def send(self, request: Request) -> Response:
        """Take a request; what follows from it happens elsewhere, so that all answers are alike."""
        form = await read_form(request)
        nonce = self._check(request, form.get("token", ""))
        address = parse_address(form.get("address", "").strip()[:320])
        if address is None:
            return await self._form(request, "login_no_address", form.get("address", "")[:320])
        seen = await self.edge.seen(request)
        await self.edge.db.write(lambda tx: self._note(tx, address, seen.visitor.language), durable=True)
        values = {"address": str(address), "next": local_path(form.get("next", "")), "wrong": ""}
        return await self._page(request, "login-sent", "login_sent_title", values, nonce)

    def _note(self, tx: Tx, address: Address, language: str) -> None:
        most = self.edge.config.limits.logins_site_per_hour
        if allow(tx, self.edge.registry.site.key, "login-site", "", HOUR, most):
            store.insert_request(tx, address.folded, language)
            tx.wake(TOPIC)

    async def arrive(self, request: Request) -> Response:
        """The link of the letter: looking does nothing, since mail filters look too."""
        values = {
            "code": typed(request.path_params["code"]),
            "next": local_path(request.query_params.get("next", "")),
            "wrong": "",
        }
        return await self._page(request, "login-enter", "login_enter_title", values, self._nonce(request))

    async def enter(self, request: Request) -> Response:
        """A code, typed or by the letter's link: once, it logs in."""
        form = await read_form(request)
        self._check(request, form.get("token", ""))
        code, client = typed(form.get("code", "")), request.client.host if request.client else ""
        word = encode(self.randomness.random_bytes(16))
        person = await self.edge.db.write(lambda tx: self._log_in(tx, code, client, word), durable=True)
        if person is None:
            values = {"code": "", "next": local_path(form.get("next", "")), "wrong": "login_bad_code"}
            return await self._page(
                request, "login-enter", "login_enter_title", values, self._nonce(request), status=400
            )
        response = RedirectResponse(local_path(form.get("next", "")) or "/", 303)
        self._set(response, self.edge.visiting.session_cookie, word, self.edge.config.session_microseconds // 1_000_000)
        return response

    def _log_in(self, tx: Tx, code: str, client: str, word: str) -> PersonId | None:
        key = self.edge.registry.site.key
        hashed = hash_of(key, "code", code)
        # all tries count: whoever has made too many is told of a good code no more than of a wrong one
        if not allow(tx, key, "login-try", client, HOUR, TRIES_PER_HOUR):
            return None
        row = store.good_code(tx, hashed)
        if row is None or not store.use_code(tx, hashed):
            return None
        people.verify(tx, row["address"])  # whoever types the code has read the letter
        until = tx.now + self.edge.config.session_microseconds
        store.insert_session(tx, hash_of(key, "session", word), row["person_id"], until)
        return PersonId(row["person_id"])

    async def leave(self, request: Request) -> Response:
        """Log out."""
        form = await read_form(request)
        self._check(request, form.get("token", ""))
        visiting = self.edge.visiting
        word = visiting.cookie(request, visiting.session_cookie)
        hashed = hash_of(visiting.key, "session", word)
        await self.edge.db.write(lambda tx: store.end_session(tx, hashed), durable=True)
        response = RedirectResponse("/", 303)
        self._set(response, visiting.session_cookie, "", 0)
        return response

    # ---- forms and cookies

    async def _form(self, request: Request, wrong: str, typed_address: str = "") -> Response:
        values = {
            "address": typed_address,
            "next": local_path(request.query_params.get("next", "")),
            "wrong": wrong,
        }
        status = 422 if wrong else 200
        return await self._page(request, "login", "login_title", values, self._nonce(request), status=status)

    async def _page(
        self, request: Request, template: str, title: str, values: dict[str, str], nonce: str, *, status: int = 200
    ) -> Response:
        """A page with a form; the browser keeps the nonce that its token is made of."""
        seen = await self.edge.seen(request)
        spoken = self.edge.spoken(seen.visitor.language)
        key = self.edge.visiting.key
        tokens = {path: form_token(key, path, nonce) for path in (LOGIN, ENTER)}
        shown = {
            **values,
            "wrong": spoken(values["wrong"]) if values["wrong"] else "",
            "login_token": tokens[LOGIN],
            "enter_token": tokens[ENTER],
            "minutes": self.edge.config.limits.login_minutes,
        }
        response = self.edge.page(template, spoken(title), shown, status=status, spoken=spoken, seen=seen)
        if self.edge.visiting.cookie(request, self.edge.visiting.form_cookie) != nonce:
            self._set(response, self.edge.visiting.form_cookie, nonce, 24 * 3600)
        return response

    def _nonce(self, request: Request) -> str:
        held = self.edge.visiting.cookie(request, self.edge.visiting.form_cookie)
        return held if len(held) == 26 and held.isalnum() else encode(self.randomness.random_bytes(16))

    def _check(self, request: Request, token: str) -> str:
        """403 unless this browser got the form from us; the nonce of its cookie."""
        visiting = self.edge.visiting
        path = request.url.path
        cookie = visiting.session_cookie if path == LOGOUT else visiting.form_cookie
        nonce = visiting.cookie(request, cookie)
        if not is_form_token(visiting.key, path, nonce, token):
            raise HTTPException(403)
        return nonce

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        """HttpOnly, Lax: a link in a webmail may lead here logged in, a foreign site's form may not act."""
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.edge.visiting.secure, httponly=True, samesite="lax"
        )


def local_path(text: str) -> str:
    """A path of ours to go on to, "" for anything that could lead elsewhere."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if plain and len(text) <= LONGEST_PATH else ""

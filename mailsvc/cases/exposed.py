"""Tokens of ours in mail that others will see: they are worth nothing from then on, and their owners are asked anew."""

from __future__ import annotations

from collections.abc import Collection

from mailsvc.cases import ask_store, token_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.ids import InboxId
from mailsvc.keys import hash_token
from mailsvc.limits import Limits
from mailsvc.message.parsing import Message
from mailsvc.message.token_cut import cut
from mailsvc.message.tokens import reply_tokens
from mailsvc.store.database import ReadTx, Tx


def living(tx: ReadTx, message: Message, tokens: Collection[str] | None = None) -> list[ask_store.AskRow]:
    """The living letters of ours whose token stands in the mail, or that it answers (In-Reply-To, References).

    `tokens` are its `reply_tokens`, where they were looked for already.
    """
    found = reply_tokens(message) if tokens is None else tokens
    by_token = ask_store.live_tokens(tx, [hash_token(token).hex() for token in found]) if found else []
    by_thread = ask_store.live_letters(tx, message.references) if message.references else []
    return list({ask.id: ask for ask in (*by_token, *by_thread)}.values())


def revoke(tx: Tx, engine: Engine, message: Message, inbox_id: InboxId) -> bool:
    """Revoke what stands in the mail and ask its owners anew for what is still open; whether there was any."""
    shown = living(tx, message)
    for ask in shown:
        ask_store.revoke(tx, ask.id)
        engine.repeat(tx, ask, Cause(f"inbox:{inbox_id}:token", inbox_id))
    return bool(shown)


def cut_out(tx: Tx, engine: Engine, message: Message, inbox_id: InboxId, limits: Limits) -> bytes | None:
    """The mail as it may go to others: every token that was ever ours is revoked and made unreadable, in its place.

    None when there is none in it, or none that can be taken out of its encoding; then it is at least worth nothing.
    """
    revoke(tx, engine, message, inbox_id)
    ours = token_store.ever_ours(tx, reply_tokens(message))
    return cut(message.content, ours, limits) if ours else None

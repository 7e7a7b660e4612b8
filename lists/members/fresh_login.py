"""A login on the web just before a yes: in strict mode it stands for the second person who would agree (5-quality)."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.model import Event
from mailsvc.cases.two_people import Change
from mailsvc.clock import MINUTE, Instant
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx
from mailsvc.web import session_store

FRESH: Final = 10 * MINUTE


def page(config: Config) -> str:
    """Where one logs in; "" for a site without pages."""
    base = config.web.base_url.rstrip("/")
    return f"{base}/login" if base else ""


def just_before(tx: ReadTx, person: PersonId) -> bool:
    """Whether they have logged in within the last minutes."""
    return session_store.logged_in_since(tx, person, Instant(tx.now - FRESH))


def of_who_wants_it(tx: ReadTx, data: Change, _event: Event) -> bool:
    """See CaseKind.facts: whether whoever wants the change has just logged in, where that counts for it."""
    return bool(data.login) and just_before(tx, data.by)

"""What archives forget, the posts of who is erased and those whose time is over; and what they know of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lists.archive import store
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.records import erasing_store
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx

CLASS: Final = "post"
"""What `[records] retention` calls posts: "post 1825 LIB-2026-12"."""


def register(registry: Registry) -> None:
    """What erasing and own data ask of archives."""
    registry.erasers.append(erase)
    registry.own_data.append(known)
    registry.retention[CLASS] = over


def erase(tx: Tx, person: PersonId, _folded: Sequence[str]) -> None:
    """See Registry.erasers: no page, search or letter shows their posts any more; the mails go in erasing's steps."""
    store.forget_author(tx, person)


def known(tx: ReadTx, person: PersonId) -> Mapping[str, object]:
    """See Registry.own_data: which of their posts are kept where; the mails themselves are among their mails."""
    rows = store.of_author(tx, person)
    return {"archived_posts": [{key: row[key] for key in row.keys()} for row in rows]}  # noqa: SIM118


def over(tx: Tx, before: Instant, most: int) -> int:
    """See Registry.retention: posts that went out before a moment are gone, with their mails; how many.

    A mail on which a matter rests, since it was held once, goes with that matter.
    """
    rows = store.over(tx, before, most)
    for row in rows:
        store.remove(tx, row["id"])
    erasing_store.erase_mails(tx, [row["mail_id"] for row in rows if row["alone"]], ())
    return len(rows)

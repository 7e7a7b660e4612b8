"""What archives know of a person: exported with their own data, gone at once when they are erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lists.archive import store
from mailsvc.ids import PersonId
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx


def register(registry: Registry) -> None:
    """What erasing and own data ask of archives."""
    registry.erasers.append(erase)
    registry.own_data.append(known)


def erase(tx: Tx, person: PersonId, _folded: Sequence[str]) -> None:
    """See Registry.erasers: no page, search or letter shows their posts any more; the mails go in erasing's steps."""
    store.forget_author(tx, person)


def known(tx: ReadTx, person: PersonId) -> Mapping[str, object]:
    """See Registry.own_data: which of their posts are kept where; the mails themselves are among their mails."""
    rows = store.of_author(tx, person)
    return {"archived_posts": [{key: row[key] for key in row.keys()} for row in rows]}  # noqa: SIM118

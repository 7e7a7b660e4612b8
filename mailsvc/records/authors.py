"""Whose mail it is: by its envelope sender or its one From."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from mailsvc.ids import PersonId
from mailsvc.limits import Limits
from mailsvc.message.address import fold
from mailsvc.message.parsing import parse
from mailsvc.records import personal_store
from mailsvc.store.database import ReadTx, Row

PAGE: Final = 50


def wrote(row: Row, folded: Collection[str], limits: Limits) -> bool:
    """Whether a row of `personal_store.mails_after` is a mail of somebody with these addresses."""
    if fold(row["reverse_path"]) in folded:
        return True
    head = bytes(row["head"])
    if not any(one.encode() in head.lower() for one in folded):
        return False
    author = parse(head, limits).from_address
    return author is not None and author.folded in folded


def mails_of(tx: ReadTx, folded: Collection[str], limits: Limits) -> Iterator[Row]:
    """Every mail of somebody with these addresses, oldest first, a page at a time."""
    after = 0
    while rows := personal_store.mails_after(tx, after, PAGE):
        yield from (row for row in rows if wrote(row, folded, limits))
        after = rows[-1]["id"]


def folded_of(tx: ReadTx, person_id: PersonId) -> list[str]:
    """The keys of all addresses of a person."""
    return [row["folded"] for row in personal_store.addresses(tx, person_id)]

"""Looks into the posts that went out, beside the writer: thread, author, subject, beginning, and words to be found by.

Mail that waits to be handled goes first: a post may be found again a moment later, it may not be sent later for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from lists.archive import showing, store
from lists.directory.searching import keywords
from lists.posts.archive_store import TOPIC
from mailsvc.clock import MINUTE, SECOND, Instant
from mailsvc.ids import PersonId, RawId
from mailsvc.message.parsing import parse
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import inbox
from mailsvc.store.database import Database, ReadTx, Row, Tx

log = structlog.get_logger()

BATCH: Final = 20
MOST_WORDS: Final = 400  # of one post by which it is found
PAUSE: Final = SECOND // 5
GRACE: Final = 0.02
"""Seconds between two looks whether mail and copies, which people wait for, are still on their way."""
LOOKS: Final = 100  # then one batch goes all the same: a relay that is away must not keep posts from being found
PATIENCE: Final = MINUTE  # for so long at most posts wait because mail comes in

__all__ = ["TOPIC", "Preparing"]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in one post; nothing at all where its bytes are gone or cannot be read."""

    number: int
    references: Sequence[str] = ()
    author: str = ""
    subject: str = ""
    beginning: str = ""
    files: int = 0
    words: Sequence[str] = ()
    names: Sequence[str] = ()
    gone: bool = False


class Preparing:
    """The work of one loop."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._config = registry.site.config

    async def work(self) -> Instant | None:
        """One batch; when the next is due, None when there is none."""
        if not await self._db.read(store.any_waiting, brief=True):
            return None
        for _ in range(LOOKS):
            await asyncio.sleep(GRACE)
            if not await self._db.read(store.copies_wait, brief=True):
                break
        found = await self._db.read(self._look)
        if isinstance(found, int):
            return found
        if found:
            await self._db.write(lambda tx: self._keep(tx, found))
        return Instant(0) if len(found) == BATCH else None

    def _look(self, tx: ReadTx) -> list[_Read] | Instant:
        rows = store.waiting(tx, BATCH)
        if rows and store.mail_comes_in(tx) and rows[0]["posted_at"] > tx.now - PATIENCE:
            return Instant(tx.now + PAUSE)
        return [self._read(tx, row) for row in rows]

    def _read(self, tx: ReadTx, row: Row) -> _Read:
        try:
            content = inbox.raw(tx, RawId(row["raw_id"]))
        except LookupError:
            return _Read(row["id"], gone=True)
        try:
            message = parse(content, self._config.limits)
            text = showing.new_text(message, self._config.reading.banners)
            subject = showing.subject_of(message)
            author = showing.author_name(message)
            if not author and row["author_id"] is not None:
                author = people.by_id(tx, PersonId(row["author_id"])).name
            return _Read(
                row["id"],
                message.references,
                author,
                subject,
                showing.beginning_of(text),
                len(message.attachments),
                keywords(f"{subject}\n{text}", MOST_WORDS),
                keywords(author, MOST_WORDS),
            )
        except Exception:  # a post that cannot be read is a bug; it is kept, and all others are found
            log.exception("archive-unread", post=row["id"])
            return _Read(row["id"])

    def _keep(self, tx: Tx, found: Sequence[_Read]) -> None:
        for one in found:
            if one.gone:
                store.remove(tx, one.number)
            elif store.prepared(
                tx,
                one.number,
                one.references,
                author=one.author,
                subject=one.subject,
                beginning=one.beginning,
                files=one.files,
            ):
                store.insert_words(tx, one.number, one.words, who=False)
                store.insert_words(tx, one.number, one.names, who=True)

"""The SQL of keeping posts: one small row when a post goes out; what is shown of it is filled in later."""

from __future__ import annotations

from mailsvc.ids import GroupId, InboxId, PersonId, RawId
from mailsvc.store.database import Tx

TOPIC = "archive"


def keep(
    tx: Tx,
    group: GroupId,
    raw: RawId,
    inbox: InboxId,
    message_id: str,
    author: PersonId | None,
    *,
    confidential: bool,
) -> int:
    """A post goes out now; its number in the archive. The bytes stay where they are."""
    number = tx.insert(
        "INSERT INTO archive (group_id, raw_id, inbox_id, message_id, author_id, posted_at, confidential, state)"
        " VALUES (:group, :raw, :inbox, :message_id, :author, :now, :confidential, 'new')",
        group=group,
        raw=raw,
        inbox=inbox,
        message_id=message_id,
        author=author,
        confidential=int(confidential),
        now=tx.now,
    )
    tx.wake(TOPIC)
    return number

"""The SQL of forgetting who wrote: what came in, and the letters that went back, for mail that asks for no name."""

from __future__ import annotations

from typing import Final

from mailsvc.ids import InboxId, OutgoingId
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import NOBODY

_ALONE: Final = (
    "SELECT m.id, m.raw_id FROM inbox i JOIN mail m ON m.id = i.mail_id WHERE i.id = :id"
    " AND NOT EXISTS (SELECT 1 FROM inbox o WHERE o.mail_id = i.mail_id AND o.id <> i.id)"
)


def forget_mail(tx: Tx, inbox_id: InboxId) -> bool:
    """Erase a mail's bytes and everything that tells who sent it; False when it went to another address of ours too."""
    row = tx.one(_ALONE, id=inbox_id)
    if row is None:
        return False
    tx.execute("UPDATE raw SET bytes = NULL, sha256 = x'', size = 0 WHERE id = :raw", raw=row["raw_id"])
    tx.execute(
        "UPDATE mail SET reverse_path = '', peer = '', helo = '', message_id = '', digest = x'', evidence = '{}'"
        " WHERE id = :id",
        id=row["id"],
    )
    tx.execute("DELETE FROM seen WHERE inbox_id = :inbox", inbox=inbox_id)
    return True


def template_of(tx: ReadTx, outgoing: OutgoingId) -> str:
    """Which letter it is."""
    row = tx.one("SELECT template FROM outgoing WHERE id = :id", id=outgoing)
    return str(row["template"]) if row is not None else ""


def forget_letter(tx: Tx, outgoing: OutgoingId) -> None:
    """Erase where a letter went and what it said, once nothing of it is on its way any more."""
    tx.execute(
        "UPDATE raw SET bytes = NULL, sha256 = x'', size = 0"
        " WHERE id = (SELECT composed_raw_id FROM outgoing WHERE id = :id)",
        id=outgoing,
    )
    tx.execute("UPDATE outgoing SET data = '{}' WHERE id = :id", id=outgoing)
    tx.execute(
        "UPDATE delivery SET address = 'erased-' || id || :nobody, reply = '' WHERE outgoing_id = :id",
        nobody=f"@{NOBODY}",
        id=outgoing,
    )

"""The SQL of delegations to people who are invited too: whose place is sent by whose."""

from __future__ import annotations

from mailsvc.store.database import ReadTx, Tx


def remember(tx: Tx, invitee: int, delegate: int) -> None:
    """The place `invitee` is delegated to who has the place `delegate`; the last one counts."""
    tx.execute(
        "INSERT INTO delegation (invitee_id, delegate_id) VALUES (:invitee, :delegate)"
        " ON CONFLICT (invitee_id) DO UPDATE SET delegate_id = excluded.delegate_id",
        invitee=invitee,
        delegate=delegate,
    )


def forget(tx: Tx, invitee: int) -> None:
    """The place is delegated no more, or its owner has been asked again."""
    tx.execute("DELETE FROM delegation WHERE invitee_id = :invitee", invitee=invitee)


def sent_by(tx: ReadTx, delegate: int) -> list[int]:
    """The places that are delegated to this one and still stand so."""
    rows = tx.all(
        "SELECT d.invitee_id FROM delegation d JOIN invitee i ON i.id = d.invitee_id"
        " WHERE d.delegate_id = :delegate AND i.state = 'invited' AND i.partstat = 'DELEGATED' ORDER BY d.invitee_id",
        delegate=delegate,
    )
    return [int(row["invitee_id"]) for row in rows]

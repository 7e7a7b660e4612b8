"""The SQL of what the command line shows beside the rest: names for numbers, and what happened last."""

from __future__ import annotations

from mailsvc.ids import CaseId, GroupId, InboxId, MailId, OutgoingId
from mailsvc.store.database import ReadTx, Row


def group_names(tx: ReadTx) -> dict[GroupId, str]:
    """Group id -> name."""
    return {GroupId(row["id"]): row["name"] for row in tx.all("SELECT id, name FROM groups")}


def case(tx: ReadTx, case_id: CaseId) -> Row | None:
    """One case as `cases.store.listed` gives many: its columns and the name of its group."""
    return tx.one(
        "SELECT c.*, g.name AS group_name FROM cases c LEFT JOIN groups g ON g.id = c.group_ref WHERE c.id = :id",
        id=case_id,
    )


def timers(tx: ReadTx, case_id: CaseId) -> list[Row]:
    """What a case waits for besides people: name, due_at."""
    return tx.all("SELECT name, due_at FROM timer WHERE case_id = :id ORDER BY due_at, name", id=case_id)


def newest_moment(tx: ReadTx) -> int:
    """When the newest mail came or the newest case was opened; 0 in an empty database."""
    row = tx.one(
        "SELECT max(coalesce((SELECT received_at FROM mail ORDER BY id DESC LIMIT 1), 0),"
        " coalesce((SELECT opened_at FROM cases ORDER BY id DESC LIMIT 1), 0)) AS at"
    )
    return int(row["at"]) if row else 0


def newest_evidence(tx: ReadTx, most: int) -> list[str]:
    """The evidence (JSON) of the newest mails."""
    return [row["evidence"] for row in tx.all("SELECT evidence FROM mail ORDER BY id DESC LIMIT :most", most=most)]


# ---- what a rehearsed mail has done


def last_outgoing(tx: ReadTx) -> OutgoingId:
    """The number of the newest outgoing mail; 0 when there is none."""
    row = tx.one("SELECT coalesce(max(id), 0) AS id FROM outgoing")
    assert row is not None
    return OutgoingId(row["id"])


def unit_of(tx: ReadTx, mail_id: MailId) -> InboxId:
    """The unit of handling of a mail with one recipient."""
    row = tx.one("SELECT id FROM inbox WHERE mail_id = :mail", mail=mail_id)
    assert row is not None
    return InboxId(row["id"])


def outgoing_after(tx: ReadTx, last: OutgoingId) -> list[Row]:
    """What was asked to be sent since: kind, template, copies, and the address of one of them."""
    return tx.all(
        "SELECT o.kind, o.template, count(d.id) AS copies, min(d.address) AS address FROM outgoing o"
        " LEFT JOIN delivery d ON d.outgoing_id = o.id WHERE o.id > :last GROUP BY o.id ORDER BY o.id",
        last=last,
    )


def addresses_after(tx: ReadTx, last: OutgoingId) -> list[str]:
    """To whom something was asked to be sent since, each once."""
    sql = "SELECT DISTINCT address FROM delivery WHERE outgoing_id > :last ORDER BY address"
    return [row["address"] for row in tx.all(sql, last=last)]


def events_by(tx: ReadTx, inbox_id: InboxId) -> list[Row]:
    """What a mail made happen to cases: case_id, case_kind, kind, state."""
    return tx.all(
        "SELECT e.case_id, c.kind AS case_kind, e.kind, e.state FROM event e JOIN cases c ON c.id = e.case_id"
        " WHERE e.inbox_id = :inbox ORDER BY e.case_id, e.seq",
        inbox=inbox_id,
    )

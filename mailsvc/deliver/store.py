"""All SQL of delivery: what is due, what became of it, and the queue as an operator sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

import msgspec

from mailsvc.clock import Instant
from mailsvc.deliver.model import Result, kept_reply
from mailsvc.deliver.pool import SHARED
from mailsvc.deliver.retry import next_delay
from mailsvc.errors import Deferred, Delivered, Failed
from mailsvc.ids import CaseId, DeliveryId, GroupId, MembershipId, OutgoingId
from mailsvc.limits import Limits
from mailsvc.message.address import fold
from mailsvc.store.database import ReadTx, Row, Tx

TOPIC: Final = "outgoing"
Finished = Callable[[Tx, OutgoingId], None]

# "next_at >= 0" is always true; it makes SQLite take the index of copies that wait, which gets shorter as they leave,
# instead of walking over all of a message's copies.

# Messages with something due now, the urgent first. "state IN" lets SQLite use the partial index.
_WAITING = """
SELECT o.id, o.priority, o.sender, o.shape, r.size FROM outgoing o JOIN raw r ON r.id = o.composed_raw_id
WHERE o.state IN ('composing', 'ready') AND o.state = 'ready' AND o.expires_at > :now
  AND EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.state = 'todo' AND d.next_at <= :now)
ORDER BY o.priority, o.id LIMIT :most
"""

# Its copies that are due and not in memory already (:held, a JSON array of ids), the longest waiting first.
_DUE = """
SELECT id, address, membership_id, attempts FROM delivery
WHERE outgoing_id = :outgoing AND state = 'todo' AND next_at <= :now
  AND id NOT IN (SELECT value FROM json_each(:held))
ORDER BY next_at, id LIMIT :room
"""

_CONTENT = "SELECT r.bytes, r.sha256 FROM outgoing o JOIN raw r ON r.id = o.composed_raw_id WHERE o.id = :outgoing"

# When the next copy is due that is not due yet.
_NEXT_DUE = "SELECT min(next_at) AS at FROM delivery WHERE state = 'todo' AND next_at > :now"

# When the next message is given up.
_NEXT_EXPIRY = """
SELECT min(expires_at) AS at FROM outgoing
WHERE state IN ('composing', 'ready') AND state = 'ready' AND expires_at > :now
"""

# Messages whose time is over.
_OVERDUE = """
SELECT id FROM outgoing WHERE state IN ('composing', 'ready') AND state = 'ready' AND expires_at <= :now
ORDER BY id LIMIT :most
"""

# Messages with no copy left to send that are not closed yet: made without recipients, or the process died between.
_EMPTY = """
SELECT o.id FROM outgoing o WHERE o.state IN ('composing', 'ready') AND o.state = 'ready'
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.state = 'todo' AND d.next_at >= 0)
ORDER BY o.id LIMIT :most
"""

# Results of many copies at once: [[id, state, delay, reply], …]; final once, because only 'todo' rows change.
# A copy that would be tried again after its message's time is over has expired.
_SETTLE = """
UPDATE delivery SET
  state = CASE WHEN new.state = 'todo'
                AND (SELECT o.expires_at FROM outgoing o WHERE o.id = delivery.outgoing_id) <= :now
          THEN 'expired' ELSE new.state END,
  final_at = CASE WHEN new.state <> 'todo'
                   OR (SELECT o.expires_at FROM outgoing o WHERE o.id = delivery.outgoing_id) <= :now
             THEN :now END,
  attempts = delivery.attempts + 1,
  next_at = :now + new.delay,
  reply = new.reply
FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS state,
             json_extract(value, '$[2]') AS delay, json_extract(value, '$[3]') AS reply
      FROM json_each(:results)) AS new
WHERE delivery.id = new.id AND delivery.state = 'todo'
RETURNING delivery.outgoing_id, delivery.state
"""

# Of these messages, the ones with no copy left to send.
_COMPLETE = """
SELECT value AS id FROM json_each(:ids)
WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = value AND d.state = 'todo' AND d.next_at >= 0)
"""

# Every copy of a message that is not in memory reaches the same end at once; a reply that it had is kept.
_END_ALL = """
UPDATE delivery SET state = :state, final_at = :now, reply = CASE WHEN reply = '' THEN :reply ELSE reply END
WHERE outgoing_id = :outgoing AND state = 'todo' AND next_at >= 0 AND id NOT IN (SELECT value FROM json_each(:held))
"""

_CLOSE = """
UPDATE outgoing SET state = 'done' WHERE id = :outgoing AND state = 'ready'
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = :outgoing AND d.state = 'todo' AND d.next_at >= 0)
"""

# The composed bytes are of no more use; those of the mail that it was made from belong to somebody else.
_ERASE = """
UPDATE raw SET bytes = NULL WHERE id = (
  SELECT composed_raw_id FROM outgoing WHERE id = :outgoing AND composed_raw_id IS NOT source_raw_id)
"""

# The mailroom keeps a copy only if its result is about to be written.
_KEEP = """
INSERT INTO mailroom (delivery_id, folded, reverse_path, bytes, at)
SELECT id, :folded, :reverse_path, :bytes, :now FROM delivery WHERE id = :delivery AND state = 'todo'
"""

# A write that changes something, so that a durable commit syncs what was committed before it.
_SYNCED = """
INSERT INTO meta (key, value) VALUES ('delivery_synced_at', :now) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""

_QUEUE = """
SELECT o.id, o.kind, o.state, o.priority, o.group_id, o.case_id, o.created_at, o.expires_at,
       count(d.id) AS copies, coalesce(sum(d.state = 'todo'), 0) AS todo,
       coalesce(sum(d.state = 'delivered'), 0) AS delivered, coalesce(sum(d.state = 'failed'), 0) AS failed,
       coalesce(sum(d.state = 'expired'), 0) AS expired, coalesce(sum(d.state = 'suppressed'), 0) AS suppressed,
       min(CASE WHEN d.state = 'todo' THEN d.next_at END) AS next_at
FROM outgoing o LEFT JOIN delivery d ON d.outgoing_id = o.id
"""
_QUEUE_WAITING = f"{_QUEUE} WHERE o.state <> 'done' GROUP BY o.id ORDER BY o.priority, o.id LIMIT :most"
_QUEUE_ONE = f"{_QUEUE} WHERE o.id = :outgoing GROUP BY o.id"

_COPIES = """
SELECT id, address, state, attempts, next_at, reply, final_at FROM delivery WHERE outgoing_id = :outgoing
ORDER BY id LIMIT :most
"""

_RETRY = """
UPDATE delivery SET next_at = :now WHERE state = 'todo' AND next_at > :now
  AND outgoing_id IN (SELECT id FROM outgoing WHERE state IN ('composing', 'ready') AND state = 'ready')
  AND (:outgoing IS NULL OR outgoing_id = :outgoing)
"""

# Paused mail, but not the posts of a group that an operator holds.
_RELEASE = """
UPDATE outgoing SET state = CASE WHEN composed_raw_id IS NULL THEN 'composing' ELSE 'ready' END
WHERE state = 'paused' AND (:outgoing IS NULL OR id = :outgoing)
  AND NOT (kind = 'post' AND EXISTS (SELECT 1 FROM groups g WHERE g.id = outgoing.group_id AND g.held_at IS NOT NULL))
"""

_CANCEL = "UPDATE outgoing SET state = 'done' WHERE id = :outgoing AND state <> 'done'"

_SUPPRESS = """
UPDATE delivery SET state = 'suppressed', final_at = :now
WHERE outgoing_id = :outgoing AND state = 'todo' AND next_at >= 0
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message with copies that are due; `size` in octets; `null_sender` when its envelope sender is `<>`; `shared`
    when all its copies are the same."""

    id: OutgoingId
    priority: int
    null_sender: bool
    size: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One copy that is due."""

    id: DeliveryId
    address: str
    membership_id: MembershipId | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Copies of one message to take into memory."""

    message: Waiting
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to take into memory; `more` says that the database has more that is due than the window has room for."""

    batches: tuple[Batch, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Window:
    """How much is in memory: `copies` in all, `messages` and their `octets`; what is there already."""

    copies: int
    messages: int
    octets: int
    held: Sequence[DeliveryId] = ()
    queued: Mapping[OutgoingId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a commit of results changed: how many rows reached each state, and which messages have no copy left."""

    states: Mapping[str, int]
    complete: tuple[OutgoingId, ...]


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One message of the queue, without anything that its recipients are told."""

    id: OutgoingId
    kind: str
    state: str
    priority: int
    group_id: GroupId | None
    case_id: CaseId | None
    created_at: Instant
    expires_at: Instant
    next_at: Instant | None
    copies: int
    todo: int
    delivered: int
    failed: int
    expired: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class QueueCopy:
    """One recipient of a message and what the next hop said last; no key and no content."""

    id: DeliveryId
    address: str
    state: str
    attempts: int
    next_at: Instant
    final_at: Instant | None
    reply: str


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A message with (some of) its recipients."""

    item: QueueItem
    deliveries: tuple[QueueCopy, ...]


def due(tx: ReadTx, window: Window) -> Plan:
    """What to have in memory now, urgent messages first, every message of equal urgency with an equal share.

    Messages beyond the window's octets wait, except the first: a single huge one must go too.
    """
    chosen: list[Waiting] = []
    octets = 0
    rows = tx.all(_WAITING, now=tx.now, most=window.messages)
    for row in rows:
        octets += row["size"]
        if chosen and octets > window.octets:
            break
        shared = row["shape"] == "shared"
        chosen.append(Waiting(OutgoingId(row["id"]), row["priority"], row["sender"] == "null", row["size"], shared))
    more = len(chosen) < len(rows) or len(rows) == window.messages
    share = max(window.copies // max(len(chosen), 1), 8)
    held = _json(window.held)
    batches = []
    for message in chosen:
        room = max(share * (SHARED if message.shared else 1) - window.queued.get(message.id, 0), 0)
        copies = tx.all(_DUE, outgoing=message.id, now=tx.now, held=held, room=room) if room else []
        more = more or len(copies) == room
        batches.append(Batch(message, tuple(_due(row) for row in copies)))
    return Plan(tuple(batches), more)


def _due(row: Row) -> Due:
    return Due(DeliveryId(row["id"]), row["address"], row["membership_id"], row["attempts"])


def content(tx: ReadTx, outgoing: OutgoingId) -> bytes | None:
    """The composed bytes of a message; None when they are gone or are not what was written."""
    row = tx.one(_CONTENT, outgoing=outgoing)
    if row is None or row["bytes"] is None:
        return None
    data = bytes(row["bytes"])
    return data if hashlib.sha256(data).digest() == row["sha256"] else None


def next_moment(tx: ReadTx) -> Instant | None:
    """When the next copy is due or the next message is given up, of those that lie ahead."""
    rows = (tx.one(_NEXT_DUE, now=tx.now), tx.one(_NEXT_EXPIRY, now=tx.now))
    moments = [row["at"] for row in rows if row is not None and row["at"] is not None]
    return Instant(min(moments)) if moments else None


def overdue(tx: ReadTx, most: int) -> list[OutgoingId]:
    """Messages to give up."""
    return [OutgoingId(row["id"]) for row in tx.all(_OVERDUE, now=tx.now, most=most)]


def without_copies(tx: ReadTx, most: int) -> list[OutgoingId]:
    """Messages to close."""
    return [OutgoingId(row["id"]) for row in tx.all(_EMPTY, most=most)]


def settle(tx: Tx, results: Sequence[Result], limits: Limits) -> Settled:
    """Write what became of copies, as one statement; a copy that is final already stays as it is."""
    for result in results:
        if result.kept is not None:
            tx.execute(
                _KEEP,
                delivery=result.copy.id,
                folded=fold(result.copy.address) or result.copy.address.lower(),
                reverse_path=result.kept.reverse_path,
                bytes=result.kept.content,
                now=tx.now,
            )
    rows = tx.all(_SETTLE, results=_json([_values(result, limits) for result in results]), now=tx.now)
    states: dict[str, int] = {}
    closed = set()
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
        if row["state"] != "todo":
            closed.add(row["outgoing_id"])
    complete = tx.all(_COMPLETE, ids=_json(sorted(closed))) if closed else []
    return Settled(states, tuple(OutgoingId(row["id"]) for row in complete))


def _values(result: Result, limits: Limits) -> tuple[int, str, int, str]:
    outcome = result.outcome
    reply = kept_reply(outcome.reply)
    match outcome:
        case Delivered():
            return result.copy.id, "delivered", 0, reply
        case Failed():
            return result.copy.id, "failed", 0, reply
        case Deferred():
            return result.copy.id, "todo", next_delay(result.copy.attempts + 1, limits), reply
        case _:
            assert_never(outcome)


def expire(tx: Tx, outgoing: OutgoingId, held: Iterable[DeliveryId]) -> int:
    """Give up every copy of a message except those being sent; how many."""
    reply = "given up: it was never tried"
    return tx.execute(_END_ALL, outgoing=outgoing, state="expired", reply=reply, held=_json(list(held)), now=tx.now)


def fail_all(tx: Tx, outgoing: OutgoingId, reply: str) -> int:
    """A message that cannot be sent to anybody; how many copies failed."""
    return tx.execute(_END_ALL, outgoing=outgoing, state="failed", reply=kept_reply(reply), held="[]", now=tx.now)


def finish(tx: Tx, outgoing: OutgoingId, finished: Finished | None) -> bool:
    """Close a message whose copies are all final, erase its composed bytes and tell `finished`; once."""
    if tx.execute(_CLOSE, outgoing=outgoing) != 1:
        return False
    tx.execute(_ERASE, outgoing=outgoing)
    if finished is not None:
        finished(tx, outgoing)
    return True


def mark_synced(tx: Tx) -> None:
    """Change something small, so that committing it durably makes all earlier results durable."""
    tx.execute(_SYNCED, now=str(tx.now))


def queue_list(tx: ReadTx, most: int = 1000) -> list[QueueItem]:
    """Messages that are not done, urgent ones first."""
    return [_item(row) for row in tx.all(_QUEUE_WAITING, most=most)]


def queue_show(tx: ReadTx, outgoing: OutgoingId, most: int = 1000) -> QueueEntry | None:
    """One message, done or not, with at most `most` of its recipients; None when there is none of that number."""
    row = tx.one(_QUEUE_ONE, outgoing=outgoing)
    if row is None:
        return None
    copies = tx.all(_COPIES, outgoing=outgoing, most=most)
    return QueueEntry(_item(row), tuple(QueueCopy(**{name: copy[name] for name in copy.keys()}) for copy in copies))  # noqa: SIM118


def queue_retry(tx: Tx, outgoing: OutgoingId | None = None, *, restored: bool = False) -> int:
    """Make waiting copies due now, of one message or of all; how many. `restored` also releases paused messages.

    Returns the number of copies made due plus the number of messages released.
    """
    released = tx.execute(_RELEASE, outgoing=outgoing) if restored else 0
    changed = tx.execute(_RETRY, outgoing=outgoing, now=tx.now)
    tx.wake(TOPIC)
    if released:
        tx.wake("composing")
    return changed + released


def queue_cancel(tx: Tx, outgoing: OutgoingId) -> int | None:
    """Send no more of a message, in whatever state it is; how many copies that suppresses. None when it is over.

    Nobody is told of the suppressed copies. Those that are being sent at this moment may still arrive: the courier
    drops what it has in memory as soon as it hears of it.
    """
    if tx.execute(_CANCEL, outgoing=outgoing) != 1:
        return None
    suppressed = tx.execute(_SUPPRESS, outgoing=outgoing, now=tx.now)
    tx.execute(_ERASE, outgoing=outgoing)
    tx.wake(TOPIC)
    return suppressed


def _item(row: Row) -> QueueItem:
    return QueueItem(**{name: row[name] for name in row.keys()})  # noqa: SIM118


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()

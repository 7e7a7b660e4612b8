"""The SQL of calendar feeds: which meetings stand in one, and when it last changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row
from workflows.meeting.store import Told


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting in a feed; `partstat` is what the feed's owner has answered, "" in a network's feed."""

    id: int
    group: int
    uid: str
    told: Told
    sequence: int
    changed_at: Instant
    partstat: str = ""


def of_groups(tx: ReadTx, groups: Collection[int], since: Instant, until: Instant, most: int) -> list[Entry]:
    """The meetings of groups that were not called off and touch that time, in order; of too many the latest `most`."""
    rows = tx.all(
        "SELECT m.*, '' AS partstat FROM meeting m WHERE m.group_id IN (SELECT value FROM json_each(:groups))"
        " AND m.state != 'cancelled' AND m.ends > :since AND m.starts < :until ORDER BY m.starts DESC, m.id DESC"
        " LIMIT :most",
        groups=msgspec.json.encode(sorted(groups)).decode(),
        since=since,
        until=until,
        most=most,
    )
    return _entries(rows)


def of_person(tx: ReadTx, person: PersonId, since: Instant, until: Instant, most: int) -> list[Entry]:
    """The same of the meetings that somebody is invited to and has not declined."""
    rows = tx.all(
        "SELECT m.*, i.partstat FROM invitee i JOIN meeting m ON m.id = i.meeting_id"
        " WHERE i.person_id = :person AND i.state = 'invited' AND i.partstat != 'DECLINED' AND m.state != 'cancelled'"
        " AND m.ends > :since AND m.starts < :until ORDER BY m.starts DESC, m.id DESC LIMIT :most",
        person=person,
        since=since,
        until=until,
        most=most,
    )
    return _entries(rows)


def _entries(rows: Sequence[Row]) -> list[Entry]:
    return [
        Entry(
            row["id"],
            row["group_id"],
            row["uid"],
            Told(
                row["title"],
                row["starts"],
                row["ends"],
                row["zone"],
                bool(row["whole_day"]),
                row["place"],
                row["link"],
                row["agenda"],
                row["how"],
            ),
            row["sequence"],
            Instant(row["changed_at"]),
            row["partstat"],
        )
        for row in reversed(rows)
    ]


def groups_changed_at(tx: ReadTx, groups: Collection[int]) -> Instant:
    """When a meeting of these groups was last called, changed or called off; 0 for never."""
    row = tx.one(
        "SELECT max(changed_at) AS at FROM meeting WHERE group_id IN (SELECT value FROM json_each(:groups))",
        groups=msgspec.json.encode(sorted(groups)).decode(),
    )
    return Instant(row["at"] or 0) if row else Instant(0)


def person_changed_at(tx: ReadTx, person: PersonId) -> Instant:
    """When one of somebody's meetings was last changed, sent to anybody, or answered by them; 0 for never."""
    row = tx.one(
        "SELECT max(m.changed_at, m.stamp, coalesce(i.answered_at, 0)) AS at FROM invitee i"
        " JOIN meeting m ON m.id = i.meeting_id WHERE i.person_id = :person ORDER BY at DESC LIMIT 1",
        person=person,
    )
    return Instant(min(row["at"], tx.now)) if row else Instant(0)


def clashing(tx: ReadTx, meeting: int) -> int:
    """How many of those invited to a meeting have another one of any group at that time, and have not declined it.

    What somebody calls several networks to under one title, as from one entry of a calendar, is one meeting.
    """
    row = tx.one(
        "SELECT count(DISTINCT i.person_id) AS n FROM meeting m JOIN invitee i ON i.meeting_id = m.id"
        " JOIN invitee j ON j.person_id = i.person_id AND j.meeting_id != m.id"
        " JOIN meeting o ON o.id = j.meeting_id WHERE m.id = :id AND i.state = 'invited' AND j.state = 'invited'"
        " AND j.partstat != 'DECLINED' AND o.state = 'called' AND o.starts < m.ends AND o.ends > m.starts"
        " AND NOT (o.caller_id = m.caller_id AND o.starts = m.starts AND o.ends = m.ends AND o.title = m.title)",
        id=meeting,
    )
    return int(row["n"]) if row else 0

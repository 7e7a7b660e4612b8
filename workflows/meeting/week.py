"""What the Monday letter says of somebody's meetings; see Registry.week."""

from __future__ import annotations

from collections.abc import Sequence

from lists import api
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.store import MeetingRow


def told_key(row: MeetingRow) -> str:
    """What the Monday letter remembers of a meeting: this version of it, since a changed one is told anew."""
    return f"meeting:{row.id}:{row.revision}"


def my_meetings(tx: ReadTx, person: PersonId, since: Instant, until: Instant) -> Sequence[Values]:
    """Every meeting between the two that they do not stay away from, once more where its introduction is theirs."""
    found: list[Values] = []
    for row in store.of_person(tx, person, since, until):
        place = invitee_store.invitee(tx, row.id, person)
        if place is None or place.partstat in ("DECLINED", "DELEGATED"):
            continue
        group = api.group(tx, row.group_id)
        said: Values = {
            "about": row.told.title,
            "at": {"starts": row.told.starts, "ends": row.told.ends, "whole": row.told.whole_day},
            "place": row.told.place or row.told.link,
            "where": group.title or group.name,
            "silent": place.partstat == "NEEDS-ACTION",
            "key": told_key(row),
        }
        found.append({**said, "what": "meeting"})
        if notes_store.introduces(tx, person, row.id):
            found.append({**said, "what": "turn"})
    return found

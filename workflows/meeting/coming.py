"""The command `who is coming` at `N-request@`, and what is known of somebody's meetings; small looks from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lists import api
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.registry import CommandLine
from mailsvc.store.database import ReadTx, Tx
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.mailing import told_values
from workflows.meeting.meetings import answer_values, counts

MOST: Final = 3


def who_is_coming(tx: Tx, line: CommandLine) -> Mapping[str, object]:
    """The next meetings with who comes: for members or only moderators, as the group has set; always for the caller."""
    group = api.group(tx, line.group)
    moderates = line.role in api.MODERATING
    meetings = store.coming(tx, line.group)
    if group.settings.attendance == "moderators" and not moderates:
        meetings = [row for row in meetings if row.caller == line.person]
        if not meetings:
            return {"did": "moderators-only"}
    if not line.role:
        return {"did": "members-only"}
    hidden = {one.person_id for one in api.members(tx, group.id) if one.hidden}
    found = []
    for row in meetings[:MOST]:
        everybody = invitee_store.invitees(tx, row.id)
        shown = [one for one in everybody if one.person not in hidden or moderates or row.caller == line.person]
        said = [answer_values(one) for one in shown if one.partstat != "NEEDS-ACTION"]
        found.append({**told_values(row.told), "answers": said, "counts": counts(everybody)})
    return {"did": "who-is-coming", "template": "meeting/_coming", "meetings": found}


def erase(tx: Tx, person: PersonId, _addresses: Sequence[str]) -> None:
    """See Registry.erasers."""
    store.forget_person(tx, person)
    notes_store.forget_person(tx, person)


def own_data(tx: ReadTx, person: PersonId) -> Mapping[str, object]:
    """See Registry.own_data: every invitation, with what was answered."""
    meetings = [{key: row[key] for key in row.keys()} for row in store.known_of(tx, person)]  # noqa: SIM118
    return {"meetings": meetings, "around_meetings": notes_store.known_of(tx, person)}


def count(tx: ReadTx, group: int, since: Instant) -> int:
    """See Registry.counters."""
    return store.count_since(tx, group, since)

"""What of a person must stay when everything else is removed: each with until when and why, as letters print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mailsvc.clock import DAY
from mailsvc.ids import PersonId
from mailsvc.records import personal_store
from mailsvc.records.retention import classes
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Row

Kept = Mapping[str, Any]


def kept(
    tx: ReadTx, registry: Registry, person_id: PersonId, folded: Sequence[str], mails: Sequence[int] = ()
) -> list[Kept]:
    """One value for each thing that stays; `case` names the matter where it is one."""
    found: list[Kept] = []
    matters = personal_store.matters(tx, person_id, folded, mails)
    for row in matters:
        one = _matter(row, registry)
        if one is not None:
            found.append(one)
    for more in registry.kept_data:
        found += more(tx, person_id, folded)
    return [*found, *([{"what": "log"}] if matters else []), {"what": "others"}, {"what": "backups"}]


def _matter(row: Row, registry: Registry) -> Kept | None:
    if row["removed"]:
        return None
    known = {"case": row["id"], "number": f" ({row['record_number']})" if row["record_number"] else ""}
    if row["held"]:
        return {"what": "hold", **known}
    kind = registry.kinds.get(row["kind"])
    if kind is None or kind.recorded or row["record_number"]:
        rule = classes(registry).get(row["kind"])
        if rule is None or row["closed_at"] is None:
            return {"what": "record", **known, "until": None, "decision": ""}
        return {"what": "record", **known, "until": row["closed_at"] + rule.days * DAY, "decision": rule.decision}
    return {"what": "open", **known} if row["closed_at"] is None and row["own"] else None


def cases_in(items: Sequence[Kept]) -> list[int]:
    """The matters among what stays."""
    return [one["case"] for one in items if "case" in one]

"""The directory's entry of a group as values: for pages, for letters, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lists import store
from lists.directory import entry_store
from lists.model import Group
from lists.values import group_values
from mailsvc.cases.model import Case, Cause
from mailsvc.config import Config
from mailsvc.store.database import ReadTx, Row, Tx
from mailsvc.store.outgoing import Values


@dataclass(frozen=True, slots=True)
class EntryIsTrue:
    """A moderator has said that a group's entry is true: an effect for whoever asks once a year."""

    group: int


def confirm_entry(tx: Tx, _case: Case, effect: EntryIsTrue, _cause: Cause) -> None:
    """Remember when that was."""
    entry_store.confirm(tx, effect.group)


def entry_values(tx: ReadTx, group: Group, config: Config) -> Values:
    """What a group's moderators are asked about once a year: the whole entry, as letters print it.

    `moderators` have name, address, role; `established_by` has name and title, or is None; moments are microseconds.
    """
    times = entry_store.times(tx, group.id)
    people = store.members(tx, group.id)
    return {
        **group_values(group, config),
        "work_questions": lines_of(group.settings.work_questions),
        "channels": lines_of(group.settings.channels),
        "moderators": [
            {"name": one.name, "address": one.address, "role": one.role}
            for one in people
            if one.moderates and one.active
        ],
        "established_by": established_by(tx, group),
        "since": times["created_at"],
        "changed_at": times["changed_at"],
        "confirmed_at": times["confirmed_at"],
        "members": sum(1 for one in people if one.active),
        "hidden": sum(1 for one in people if one.active and one.hidden),
        "documents": [document_values(row, group) for row in entry_store.documents(tx, group.id)],
    }


def established_by(tx: ReadTx, group: Group) -> Mapping[str, str] | None:
    """The group that it answers to."""
    if group.established_by is None:
        return None
    above = store.group(tx, group.established_by)
    return {"name": above.name, "title": above.title or above.name}


def document_values(row: Row, group: Group) -> Values:
    """One document as a line: `path` is where it is had from, `look_again` an ISO day or ""."""
    return {
        "id": row["id"],
        "name": row["name"],
        "version": row["version"],
        "size": row["size"],
        "at": row["at"],
        "look_again": row["look_again"],
        "day": date.fromisoformat(row["look_again"]) if row["look_again"] else None,
        "outdated": bool(row["outdated"]),
        "path": f"/g/{group.name}/docs/{row['id']}",
    }


def lines_of(text: str) -> list[str]:
    """The lines of a text that people wrote as a list, without their own bullets."""
    return [bare for line in text.splitlines() if (bare := line.strip().lstrip("-*•–·").strip())]

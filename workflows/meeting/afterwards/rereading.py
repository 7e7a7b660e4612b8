"""Reading notes again: the command `notes` at `N-request@`, and notes on a network's page, for its members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import api
from mailsvc.people import store as people
from mailsvc.registry import CommandLine, Page, Registry, Visitor
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import store
from workflows.meeting.afterwards import noted
from workflows.meeting.afterwards.noted import Kept
from workflows.meeting.mailing import told_values

MOST_LISTED: Final = 30
MOST_SENT: Final = 5
TEMPLATE: Final = "meeting/_noted"
LETTER: Final = "meeting/notes"


class Rereading:
    """Answers the command, and makes the pages."""

    def __init__(self, registry: Registry) -> None:
        self._site = registry.site
        self._config = registry.site.config

    def register(self, registry: Registry) -> None:
        """The command and the pages."""
        registry.commands[str(api.Command.NOTES)] = self.command
        registry.group_parts.append(self.part)
        registry.pages["/g/{name}/notes/{number:int}"] = self.page

    # ---- by mail

    def command(self, tx: Tx, line: CommandLine) -> Mapping[str, object]:
        """`notes` lists the meetings that have some; with a day, a number or a title they come in a letter."""
        if not line.role:
            return {"did": "members-only"}
        all_of_them = noted.of_group(tx, line.group, line.person, line.role)
        if not line.argument.strip():
            return self._listed("notes-listed", all_of_them)
        found = noted.meant(tx, line.argument, line.group, all_of_them)[:MOST_SENT]
        for one in found:
            if one.readable:
                self._send(tx, line, one)
        if not found:
            return self._listed("notes-unknown", all_of_them)
        return self._listed("notes-sent", found)

    def _listed(self, did: str, found: list[Kept]) -> Mapping[str, object]:
        listed = [
            {**told_values(one.row.told), "number": int(one.row.case_id), "readable": one.readable}
            for one in found[:MOST_LISTED]
        ]
        return {"did": did, "template": TEMPLATE, "meetings": listed}

    def _send(self, tx: Tx, line: CommandLine, one: Kept) -> None:
        person = people.by_id(tx, line.person)
        to = Recipient(person.address, person.language, person.id)
        values = one.letter(tx, self._config)
        outgoing.letter(
            tx, self._site, to, LETTER, values, cause=line.cause.inbox_id, case_id=None, group_id=one.row.group_id
        )

    # ---- on pages

    def part(self, tx: ReadTx, visitor: Visitor, group: int) -> Values:
        """See Registry.group_parts: the meetings with notes, for members who are logged in."""
        role = api.of_visitor(tx, visitor).roles.get(group, "")
        if visitor.person is None or not role:
            return {"notes": []}
        found = noted.of_group(tx, group, visitor.person, role)[:MOST_LISTED]
        return {
            "notes": [
                {"number": one.row.id, "about": one.row.told.title, "at": one.row.told.starts}
                for one in found
                if one.readable
            ]
        }

    def page(self, tx: ReadTx, visitor: Visitor, parameters: Mapping[str, str]) -> Page | None:
        """`/g/NAME/notes/ID`: the notes of one meeting; for everybody else there is no such page."""
        group = api.group_at(tx, parameters.get("name", "").lower())
        number = parameters.get("number", "")
        if group is None or visitor.person is None or len(number) > noted.LONGEST_NUMBER:
            return None
        role = api.of_visitor(tx, visitor).roles.get(int(group.id), "")
        row = store.meeting_of_group(tx, int(number), int(group.id)) if role else None
        one = noted.kept(tx, row.id, visitor.person, role) if row is not None else None
        if one is None or not one.readable:
            return None
        title = one.row.told.title or group.title or group.name
        values = {**one.letter(tx, self._config), "path": f"/g/{group.name}", "zone": one.row.told.zone}
        return Page("notes", title, {**values, "group_title": group.title or group.name})

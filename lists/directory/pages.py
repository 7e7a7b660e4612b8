"""The directory's pages: all groups that a visitor may see, one group, and the same for programs and other sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from lists import store
from lists.alias_store import group_at
from lists.directory import entry_store, seeing
from lists.directory.entry import document_values, established_by, lines_of
from lists.directory.searching import CHANNELS, PURPOSE, QUESTIONS, TITLE, score, words_of
from lists.directory.seeing import Sight
from lists.model import KINDS, Group
from mailsvc.clock import to_datetime
from mailsvc.registry import File, Fragment, Page, Registry, Visitor
from mailsvc.store.database import ReadTx, Row

MOST_ROWS: Final = 500
MOST_IN_FEED: Final = 50
LONGEST_QUERY: Final = 100
DIRECTORY: Final = "/"
ATOM: Final = "application/atom+xml; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"

Parameters = Mapping[str, str]
Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """The groups that somebody may see, the best first where they looked for something."""

    groups: Sequence[Group]
    query: str
    more: bool


class Directory:
    """The functions behind the paths."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config
        self._domain = registry.site.config.site.domain
        self._base = registry.site.config.web.base_url.rstrip("/")

    def register(self, registry: Registry) -> None:
        """The paths."""
        registry.pages |= {DIRECTORY: self.page, "/g/{name}": self.group, "/accessibility": self.accessibility}
        registry.contents |= {
            "/directory.json": self.json,
            "/directory.atom": self.atom,
            "/directory/fragment": self.fragment,
            "/g/{name}/docs/{number:int}": self.document,
        }
        registry.staff.append(lambda tx, person: seeing.is_staff(tx, self._config, person))

    # ---- all groups

    def page(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Page:
        """`/`: every group that the visitor may see, or those that fit what they look for."""
        found = self._found(tx, visitor, parameters)
        rows = self._rows(tx, found.groups, seeing.of_visitor(tx, visitor), visitor)
        values = {
            "groups": rows,
            "query": found.query,
            "more": MOST_ROWS if found.more else 0,
            "site": self._config.site.name,
            "all": not visitor.staff,
        }
        return Page("directory", self._config.site.name, values)

    def json(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> File:
        """`/directory.json`: the same for programs; names of people only for staff."""
        found = self._found(tx, visitor, parameters)
        names: dict[int, list[str]] = {}
        if visitor.staff:
            for row in entry_store.member_names(tx):
                names.setdefault(row["group_id"], []).append(row["name"])
        rows = self._rows(tx, found.groups, seeing.of_visitor(tx, visitor), visitor)
        for group, line in zip(found.groups, rows, strict=True):
            line |= {"since": _rfc3339(line.pop("since")), "changed": _rfc3339(line.pop("changed"))}
            line["page"] = f"{self._base}{line.pop('path')}"
            if visitor.staff:
                line["member_names"] = names.get(group.id, [])
        content = msgspec.json.encode({"site": self._config.site.name, "networks": rows, "more": found.more})
        return File(content, JSON, embed=True)

    def fragment(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Fragment:
        """`/directory/fragment`: a list of links without frame, style or script, for the intranet."""
        found = self._found(tx, visitor, parameters)
        rows = self._rows(tx, found.groups, seeing.of_visitor(tx, visitor), visitor)
        return Fragment("fragment.html.j2", HTML, {"groups": rows, "base": self._base, "query": found.query})

    def atom(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Fragment:
        """`/directory.atom`: new and changed networks, the newest first (RFC 4287)."""
        found = self._found(tx, visitor, parameters)
        rows = self._rows(tx, found.groups, seeing.of_visitor(tx, visitor), visitor)
        rows = sorted(rows, key=lambda row: int(str(row["changed"])), reverse=True)[:MOST_IN_FEED]
        made = [{**row, "since": _rfc3339(row["since"]), "changed": _rfc3339(row["changed"])} for row in rows]
        updated = made[0]["changed"] if made else _rfc3339(0)
        values = {"groups": made, "base": self._base, "domain": self._domain, "updated": updated}
        return Fragment("directory.atom.j2", ATOM, values)

    def _found(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Found:
        query = " ".join(parameters.get("q", "")[:LONGEST_QUERY].split())
        groups = visible(tx, seeing.of_visitor(tx, visitor))
        if query:
            groups = ranked(groups, query)
        return Found(groups[:MOST_ROWS], query, len(groups) > MOST_ROWS)

    def _rows(self, tx: ReadTx, groups: Sequence[Group], sight: Sight, visitor: Visitor) -> list[Line]:
        times, counts = entry_store.all_times(tx), entry_store.member_counts(tx)
        moderators: dict[int, list[Row]] = {}
        if visitor.staff or sight.roles:
            for row in entry_store.all_moderators(tx):
                moderators.setdefault(row["group_id"], []).append(row)
        return [
            {
                **self._line(tx, group),
                "members": counts.get(group.id, 0),
                "moderators": _people(moderators.get(group.id, []) if visitor.staff or group.id in sight.roles else []),
                "since": times[group.id]["created_at"],
                "changed": times[group.id]["changed_at"],
            }
            for group in groups
        ]

    def _line(self, tx: ReadTx, group: Group) -> Line:
        return {
            "id": int(group.id),
            "name": group.name,
            "title": group.title,
            "kind": group.kind,
            "state": group.state,
            "address": f"{group.name}@{self._domain}",
            "join_address": f"{group.name}-join@{self._domain}" if group.join != "closed" and group.open else "",
            "purpose": group.settings.purpose,
            "work_questions": lines_of(group.settings.work_questions),
            "channels": lines_of(group.settings.channels),
            "established_by": established_by(tx, group),
            "path": f"/g/{group.name}",
        }

    # ---- one group

    def group(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Page | None:
        """`/g/NAME`: the entry; people for staff and members, documents for whom they are."""
        group = group_at(tx, parameters.get("name", "").lower())
        sight = seeing.of_visitor(tx, visitor)
        if group is None or not sight.sees(group):
            return None
        row = self._rows(tx, [group], sight, visitor)[0]
        people = visitor.staff or group.id in sight.roles
        members = [one for one in store.members(tx, group.id) if one.active and not one.hidden] if people else []
        documents = entry_store.documents(tx, group.id) if sight.documents(group) else []
        values = {
            "group": row,
            "people": people,
            "members": [{"name": one.name or one.address, "address": one.address} for one in members],
            "hidden": int(str(row["members"])) - len(members),
            "documents": [document_values(one, group) for one in documents],
            "leave_address": f"{group.name}-leave@{self._domain}",
            "owner_address": f"{group.name}-owner@{self._domain}",
            "request_address": f"{group.name}-request@{self._domain}",
            "docs_address": f"{group.name}-docs@{self._domain}",
            "join": group.join,
            "post": group.post,
            "role": sight.roles.get(group.id, ""),
            "moderates": sight.moderates(group),
            "zone": self._config.site.timezone,
        }
        for part in self._registry.group_parts:
            values |= part(tx, visitor, int(group.id))
        return Page("group", group.title or group.name, values)

    def document(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> File | None:
        """`/g/NAME/docs/ID`: the newest version, or an older one by `?version=2`; always to be saved, never shown."""
        group = group_at(tx, parameters.get("name", "").lower())
        number, version = parameters.get("number", ""), parameters.get("version", "")
        if group is None or len(number) > 18 or len(version) > 9 or not (version or "1").isdecimal():
            return None
        row = entry_store.document(tx, int(number))
        if row is None or row["group_id"] != group.id or not seeing.of_visitor(tx, visitor).documents(group):
            return None
        found = entry_store.content(tx, row["id"], int(version or row["version"]))
        return File(bytes(found["bytes"]), "application/octet-stream", row["name"]) if found is not None else None

    def accessibility(self, _tx: ReadTx, _visitor: Visitor, _parameters: Parameters) -> Page:
        """`/accessibility`: the statement of the pages and letters (promise 14)."""
        contact = self._config.web.accessibility_contact or f"postmaster@{self._domain}"
        return Page(
            "accessibility",
            "",
            {"contact": contact, "minutes": self._config.limits.login_minutes},
            "accessibility_title",
        )


def visible(tx: ReadTx, sight: Sight) -> list[Group]:
    """The living groups that somebody may see, by kind and name."""
    groups = [group for group in store.groups(tx) if group.open and sight.sees(group)]
    return sorted(groups, key=lambda group: (KINDS.index(group.kind), group.name))


def ranked(groups: Sequence[Group], query: str) -> list[Group]:
    """Those that fit a query, the best first."""
    words = words_of(query)
    found = [(score(words, _parts(group)), group) for group in groups]
    return [group for points, group in sorted(found, key=lambda one: -one[0]) if points]


def _parts(group: Group) -> list[tuple[str, int]]:
    settings = group.settings
    return [
        (group.title, TITLE),
        (group.name, TITLE),
        (settings.purpose, PURPOSE),
        (settings.work_questions, QUESTIONS),
        (settings.channels, CHANNELS),
    ]


def _people(rows: Sequence[Row]) -> list[Line]:
    return [{"name": row["name"] or row["address"], "address": row["address"], "role": row["role"]} for row in rows]


def _rfc3339(at: object) -> str:
    return to_datetime(int(str(at))).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The archive's pages: a month thread by thread, one post with its thread, its files, and what a search finds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from lists import store as groups
from lists.archive import reading, showing, store
from lists.archive.reading import Reader
from lists.directory import seeing
from mailsvc.ids import RawId
from mailsvc.message.parsing import Message, parse
from mailsvc.message.parts import part_data
from mailsvc.registry import File, Page, Registry, Visitor
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Row
from mailsvc.store.outgoing import Values

MOST_IN_MONTH: Final = 2000
THREADS: Final = 25  # on one page
MOST_FOUND: Final = 100
LONGEST_QUERY: Final = 100
LONGEST_NUMBER: Final = 15
_REPLIED: Final = re.compile(r"(?:(?:re|sv|vs|aw|antw|ang)\s*:\s*)+", re.IGNORECASE)

Parameters = Mapping[str, str]


class ArchivePages:
    """The functions behind the paths. None is the page that says there is no such page, whatever the reason."""

    def __init__(self, registry: Registry) -> None:
        self._config = registry.site.config
        self._zone = ZoneInfo(registry.site.config.site.timezone)

    def register(self, registry: Registry) -> None:
        """The paths, and the line on a group's page."""
        registry.pages |= {"/g/{name}/archive": self.page, "/g/{name}/archive/{number:int}": self.post}
        registry.contents["/g/{name}/archive/{number:int}/{part:int}"] = self.file
        registry.group_parts.append(self.part)

    def part(self, tx: ReadTx, visitor: Visitor, group: int) -> Values:
        """See Registry.group_parts: whether there is an archive for them."""
        sight = seeing.of_visitor(tx, visitor)
        found = groups.group(tx, group)
        who = reading.reader(tx, found, sight, visitor.person)
        return {"archive": who is not None and store.has_any(tx, found.id)}

    def _reader(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Reader | None:
        group = reading.group_of(tx, parameters.get("name", "").lower())
        if group is None:
            return None
        return reading.reader(tx, group, seeing.of_visitor(tx, visitor), visitor.person)

    # ---- many posts

    def page(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Page | None:
        """`/g/NAME/archive`: the newest month, another one by `?month=2026-11`, or what `?q=` finds."""
        who = self._reader(tx, visitor, parameters)
        if who is None:
            return None
        query = " ".join(parameters.get("q", "")[:LONGEST_QUERY].split())
        values = {**self._common(who), "query": query, "found": [], "threads": [], "more": 0}
        if query:
            rows = reading.search(tx, who, query, MOST_FOUND + 1)
            values["found"] = [self._line(row, who) for row in rows[:MOST_FOUND]]
            values["more"] = MOST_FOUND if len(rows) > MOST_FOUND else 0
            return Page("archive", who.group.title or who.group.name, values)
        return self._month(tx, who, parameters, values)

    def _month(self, tx: ReadTx, who: Reader, parameters: Parameters, values: Values) -> Page | None:
        newest = store.last_before(tx, who.group.id, who.confidant, tx.now + 1)
        asked = parameters.get("month", "")
        month = reading.month_named(asked) if asked else reading.month_of(newest or tx.now, self._zone)
        number = parameters.get("page", "1")
        if month is None or not (number.isascii() and number.isdecimal() and 0 < len(number) < 5):
            return None
        first, end = month.bounds(self._zone)
        rows = store.between(tx, who.group.id, who.confidant, first, end, MOST_IN_MONTH)
        found = reading.threads(rows)
        here = max(1, int(number))
        older = store.last_before(tx, who.group.id, who.confidant, first)
        newer = store.first_from(tx, who.group.id, who.confidant, end)
        pages = -(-len(found) // THREADS)
        return Page(
            "archive",
            who.group.title or who.group.name,
            {
                **values,
                "month": month.key,
                "month_at": first,
                "threads": [self._thread(one, who) for one in found[(here - 1) * THREADS : here * THREADS]],
                "page": here,
                "pages": pages,
                "older": reading.month_of(older, self._zone).key if older is not None else "",
                "older_at": older,
                "newer": reading.month_of(newer, self._zone).key if newer is not None else "",
                "newer_at": newer,
            },
        )

    def _thread(self, rows: Sequence[Row], who: Reader) -> Values:
        posts = [self._line(row, who) for row in rows]
        first = next(one for one in posts if not one["removed"])
        return {"id": rows[0]["thread_id"], "subject": _REPLIED.sub("", str(first["subject"])), "posts": posts}

    # ---- one post

    def post(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> Page | None:
        """`/g/NAME/archive/ID`: what was written, what it quotes, its files, and the thread around it."""
        who, row = self._found(tx, visitor, parameters)
        if who is None or row is None:
            return None
        message = self._message(tx, row)
        text = showing.Shown((), ())
        if message is not None:
            text = showing.shown(message, self._config.reading.banners, addresses=who.named)
        before, after = store.beside(tx, who.group.id, who.confidant, row)
        thread = store.thread(tx, who.group.id, who.confidant, row["thread_id"])
        values = {
            **self._common(who),
            **self._line(row, who),
            "new": text.new,
            "quoted": text.quoted,
            "attached": self._files(message) if message is not None and who.named else [],
            "files_for_members": bool(row["files"]) and not who.named,
            "before": before,
            "after": after,
            "month": reading.month_of(row["posted_at"], self._zone).key,
            "month_at": row["posted_at"],
            "thread": [self._line(one, who) for one in thread] if len(thread) > 1 else [],
        }
        return Page("archive-post", str(values["subject"]), values)

    def file(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> File | None:
        """`/g/NAME/archive/ID/PART`: an attached file, to be saved, never shown."""
        who, row = self._found(tx, visitor, parameters)
        part = parameters.get("part", "")
        message = self._message(tx, row) if who is not None and who.named and row is not None else None
        if message is None or len(part) > LONGEST_NUMBER:
            return None
        for one in message.attachments:
            if one.part == int(part):
                content = part_data(message.content, message.parts[one.part])
                return File(content, "application/octet-stream", showing.file_name(one))
        return None

    def _found(self, tx: ReadTx, visitor: Visitor, parameters: Parameters) -> tuple[Reader | None, Row | None]:
        who = self._reader(tx, visitor, parameters)
        number = parameters.get("number", "")
        if who is None or len(number) > LONGEST_NUMBER:
            return None, None
        return who, store.post(tx, who.group.id, who.confidant, int(number))

    def _message(self, tx: ReadTx, row: Row) -> Message | None:
        if row["state"] != "kept":
            return None
        try:
            return parse(inbox.raw(tx, RawId(row["raw_id"])), self._config.limits)
        except LookupError:  # erased with a matter that it belonged to
            return None

    def _files(self, message: Message) -> list[Values]:
        return [
            {"part": one.part, "name": showing.file_name(one), "size": one.size}
            for one in message.attachments
            if not (one.inline and one.content_type.startswith("image/"))
        ]

    # ---- what all of them show

    def _common(self, who: Reader) -> dict[str, object]:
        group = who.group
        return {
            "path": f"/g/{group.name}",
            "group_title": group.title or group.name,
            "audience": group.settings.archive,
            "zone": self._config.site.timezone,
        }

    def _line(self, row: Row, who: Reader) -> Values:
        hide = (lambda text: text) if who.named else showing.without_addresses
        return {
            "number": row["id"],
            "subject": hide(row["subject"]),
            "author": hide(reading.author_of(row, who)),
            "at": row["posted_at"],
            "beginning": hide(row["beginning"]),
            "files": row["files"],
            "confidential": bool(row["confidential"]),
            "removed": row["state"] == "removed",
        }

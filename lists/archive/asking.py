"""The command `archive`: a letter with the posts that fit some words, or one post whole, for members of the group.

What fits is looked for when the letter is written (registry.Encloser), beside the writer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from lists import store as groups
from lists.archive import reading, store
from lists.archive.reading import Reader
from lists.directory import seeing
from lists.posts.headers import REMOVED
from lists.values import group_values
from lists.words.commands import Command
from mailsvc.ids import PersonId, RawId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.enclose import enclosing
from mailsvc.message.header_edit import keep, scan
from mailsvc.message.identity_numbers import mask
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.registry import CommandLine, Registry
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import ReadTx, Row, Tx
from mailsvc.store.outgoing import Recipient, Values

FOUND: Final = "archive/found"
POST: Final = "archive/post"
TRANSCRIPT: Final = "archive/_asked"
MOST_LISTED: Final = 20
MOST_SENT: Final = 5
LONGEST_QUERY: Final = 100
_NUMBERS: Final = re.compile(r"#?[0-9]{1,15}(?:\s*[,;\s]\s*#?[0-9]{1,15})*\.?")


class Asking:
    """Answers the command, and fills its letters when they are written."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config

    def register(self) -> None:
        """The command and the letters."""
        self._registry.commands[str(Command.ARCHIVE)] = self.command
        self._registry.enclosers |= {FOUND: self.found, POST: self.post}

    def command(self, tx: Tx, line: CommandLine) -> Mapping[str, object]:
        """`archive WORDS`, `archive` for the newest posts, `archive 12` for one of them."""
        if not line.role:
            return {"did": "members-only"}
        numbers = self._numbers(tx, line)
        for number in numbers:
            self._ask(tx, line, POST, {"number": number})
        if numbers:
            return {"did": "archive-sent", "template": TRANSCRIPT, "numbers": numbers}
        query = without_tokens(mask(" ".join(line.argument.split())))[:LONGEST_QUERY]
        self._ask(tx, line, FOUND, {"query": query})
        return {"did": "archive-asked", "template": TRANSCRIPT}

    def _ask(self, tx: Tx, line: CommandLine, letter: str, more: Values) -> None:
        person = people.by_id(tx, line.person)
        group = groups.group(tx, line.group)
        values = {"group": group_values(group, self._config), "person": int(person.id), **more}
        to = Recipient(person.address, person.language, person.id)
        outgoing.letter(tx, self._registry.site, to, letter, values, cause=line.mail.inbox_id, group_id=int(group.id))

    def _numbers(self, tx: ReadTx, line: CommandLine) -> list[int]:
        """The posts that are meant by their numbers; a number that is none of them is a word like others."""
        argument = line.argument.strip()
        who = self._reader(tx, line.group, line.person)
        if who is None or not _NUMBERS.fullmatch(argument):
            return []
        named = [int(one) for one in dict.fromkeys(re.findall(r"[0-9]+", argument))][:MOST_SENT]
        return [one for one in named if self._there(tx, who, one) is not None]

    def _there(self, tx: ReadTx, who: Reader, number: int) -> Row | None:
        row = store.post(tx, who.group.id, who.confidant, number)
        return row if row is not None and row["state"] == "kept" else None

    def _reader(self, tx: ReadTx, group: int, person: PersonId) -> Reader | None:
        """A member: also when the letter is written, since somebody may have left meanwhile."""
        who = reading.reader(tx, groups.group(tx, group), seeing.of_person(tx, self._config, person), person)
        return who if who is not None and who.inside else None

    # ---- when the letters are written

    def found(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: what fits, the newest first."""
        who, query = self._who(tx, spec), str(spec.values["query"])
        rows: list[Row] = []
        if who is not None and query:
            rows = reading.search(tx, who, query, MOST_LISTED + 1)
        elif who is not None:
            rows = store.newest(tx, who.group.id, who.confidant, MOST_LISTED + 1)
        lines = [_line(row, who) for row in rows[:MOST_LISTED] if who is not None]
        values = {**spec.values, "posts": lines, "more": len(rows) > MOST_LISTED}
        return composer.letter(replace(spec, values=values))

    def post(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: the post as it came, without what would make programs answer."""
        who = self._who(tx, spec)
        row = self._there(tx, who, int(str(spec.values["number"]))) if who is not None else None
        content = None
        if row is not None:
            try:
                content = inbox.raw(tx, RawId(row["raw_id"]))
            except LookupError:
                row = None
        if who is None or row is None or content is None:
            return composer.letter(replace(spec, values={**spec.values, "post": None}))
        letter = composer.letter(replace(spec, values={**spec.values, "post": _line(row, who)}))
        mail = scan(content)
        source = b"".join([*(one.raw for one in keep(mail.fields, REMOVED)), b"\r\n", mail.body])
        return enclosing(letter, source, str(group_values(who.group, self._config)["request"]))

    def _who(self, tx: ReadTx, spec: LetterSpec) -> Reader | None:
        group = spec.values["group"]
        assert isinstance(group, Mapping)
        known = groups.group_named(tx, str(group["name"]))
        person = PersonId(int(str(spec.values["person"])))
        return self._reader(tx, known.id, person) if known is not None else None


def _line(row: Row, who: Reader) -> Values:
    return {
        "number": row["id"],
        "subject": row["subject"],
        "author": reading.author_of(row, who),
        "at": row["posted_at"],
        "beginning": row["beginning"],
        "files": row["files"],
        "confidential": bool(row["confidential"]),
    }

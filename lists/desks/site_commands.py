"""Commands at `help@`, which need no group: language, status, withdraw, pending, find, my week, calendar, own data.

A mail is taken for commands when its first words are one of them with what has to stand behind it; any other text gets
the overview.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from lists import store
from lists.desks.case_status import described
from lists.members.own_data import OwnDataDesk
from lists.model import Group
from lists.posts.moderation import Moderation
from lists.words.commands import Command, language_named
from lists.words.reading import Line, read
from mailsvc import arriving
from mailsvc.cases import question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.model import Applied, Case, Cause, Withdrawn
from mailsvc.ids import CaseId, GroupId
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.registry import CommandLine, Incoming, Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

LETTER: Final = "help/done"
LONGEST_NUMBER: Final = 15
NEEDS_VALUE: Final = frozenset({Command.LANGUAGE, Command.FIND, Command.MY_WEEK})
NEEDS_NUMBER: Final = frozenset({Command.STATUS, Command.WITHDRAW})
ALONE: Final = frozenset({Command.EXPORT, Command.ERASE, Command.CALENDAR, Command.PENDING})
SETTINGS: Final = frozenset(  # for all groups of whoever writes
    {
        *(Command.OWN_COPY_ON, Command.OWN_COPY_OFF, Command.HIDE_ON, Command.HIDE_OFF, Command.RESUME),
        *(Command.DAILY, Command.WEEKLY, Command.EACH, Command.NO_POSTS, Command.MY_GROUPS),
    }
)
SETTINGS_WITH_VALUE: Final = frozenset({Command.PAUSE, Command.DIGEST, Command.OWN_COPY})

Doing = Callable[[Tx, Incoming, Person, str, Cause], Values]


class SiteCommands:
    """Does the lines of one mail and writes one transcript."""

    def __init__(self, registry: Registry, engine: Engine, own_data: OwnDataDesk, moderation: Moderation) -> None:
        self._registry = registry
        self._engine = engine
        self._own_data = own_data
        self._moderation = moderation
        self._config = registry.site.config
        self._does: dict[Command, Doing] = {
            Command.LANGUAGE: self._language,
            Command.STATUS: self._status,
            Command.WITHDRAW: self._withdraw,
            Command.PENDING: self._pending,
            Command.EXPORT: self._own,
            Command.ERASE: self._own,
        }

    def take(self, tx: Tx, mail: Incoming, person: Person) -> bool:
        """Do what the mail says; False when it begins with no command of these, and nothing was done."""
        body = newly_written(mail.message, self._config.reading.banners).text
        lines = read(mail.message.subject, body, person.language)
        if not lines or not self._ours(lines[0]):
            return False
        cause = arriving.cause_of(mail, person.id)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        results = [
            {
                "line": line.text,
                **({"did": str(lacks)} if lacks is not None else self._do(tx, mail, person, line, cause)),
            }
            for line in lines
        ]
        now = people.by_id(tx, person.id)  # `language` may just have changed
        values: Values = {"address": f"help@{self._config.site.domain}", "results": results}
        to = Recipient(now.address, now.language, now.id)
        outgoing.letter(tx, self._registry.site, to, LETTER, values, cause=mail.inbox_id)
        return True

    def _ours(self, line: Line) -> bool:
        """Whether it is a whole command of these: with a number, a value, or alone, as it needs."""
        if line.command in NEEDS_NUMBER:
            return self._number(line.argument) is not None
        if line.command is Command.LANGUAGE:
            return language_named(line.argument) is not None
        if line.command in NEEDS_VALUE:
            return bool(line.argument) and str(line.command) in self._registry.commands
        if line.command in SETTINGS:
            return not line.argument
        return line.command in ALONE or line.command in SETTINGS_WITH_VALUE

    def _do(self, tx: Tx, mail: Incoming, person: Person, line: Line, cause: Cause) -> Values:
        if line.command is None or not self._ours(line):
            return {"did": "unknown", "nearest": list(line.nearest)}
        if line.command in self._does:
            argument = str(line.command) if line.command in ALONE else line.argument
            return self._does[line.command](tx, mail, person, argument, cause)
        brought = self._registry.commands[str(line.command)]
        return dict(brought(tx, CommandLine(mail, 0, person.id, "", line.argument, "", cause)))

    # ---- the commands

    def _language(self, tx: Tx, _mail: Incoming, person: Person, argument: str, _cause: Cause) -> Values:
        language = language_named(argument)
        assert language is not None, "looked at before"
        people.set_language(tx, person.id, language)
        return {"did": "language"}

    def _own(self, tx: Tx, _mail: Incoming, person: Person, argument: str, cause: Cause) -> Values:
        self._own_data.ask(tx, person, "erase" if argument == Command.ERASE else "export", cause)
        return {"did": "asked"}

    def _pending(self, tx: Tx, _mail: Incoming, person: Person, _argument: str, cause: Cause) -> Values:
        """What waits in each group that they moderate, a letter for each: answers by number belong to one group."""
        groups = store.moderated_by(tx, person.id)
        counts = [(one, self._moderation.send_list(tx, one, person.id, _in(cause, one))) for one in groups]
        listed = [{"title": one.title, "count": count} for one, count in counts if count]
        return {"did": "pending" if groups else "moderates-nothing", "groups": listed}

    def _status(self, tx: Tx, mail: Incoming, person: Person, argument: str, _cause: Cause) -> Values:
        case = self._case(tx, argument)
        decides = case is not None and self._decides(tx, person, case)
        if case is None or not (decides or _started(case, mail, person)):
            return {"did": "no-such-case"}
        return described(tx, self._engine, case, decides=decides)

    def _withdraw(self, tx: Tx, mail: Incoming, person: Person, argument: str, cause: Cause) -> Values:
        case = self._case(tx, argument)
        if case is None or not _started(case, mail, person):
            return {"did": "no-such-case"}
        result = self._engine.apply(tx, case.id, Withdrawn(person.id), cause)
        did = "withdrawn" if isinstance(result, Applied) else "too-late"
        return {"did": did, "number": int(case.id), "about": self._engine.title(case)}

    def _number(self, argument: str) -> int | None:
        digits = argument.strip().lstrip("#")
        return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else None

    def _case(self, tx: ReadTx, argument: str) -> Case | None:
        number = self._number(argument)
        return cases.load(tx, self._registry.kinds, CaseId(number)) if number is not None else None

    def _decides(self, tx: ReadTx, person: Person, case: Case) -> bool:
        """Whether somebody was asked in a matter, or moderates its group."""
        asked = any(one.person_id == person.id and one.kind != UNDO for one in question_store.questions_of(tx, case.id))
        member = store.membership(tx, GroupId(case.group), person.id) if case.group else None
        return asked or (member is not None and member.active and member.moderates)


def _in(cause: Cause, group: Group) -> Cause:
    """The same mail, for one of several groups."""
    return replace(cause, key=f"{cause.key}/{group.name}")


def _started(case: Case, mail: Incoming, person: Person) -> bool:
    author = mail.message.from_address
    return case.started_by == person.id or (author is not None and case.subject == author.folded)

"""The moderators' commands for the directory's entry: `set purpose`, `set title` and so on, `remove document`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import msgspec

from lists import store
from lists.desks.requests import Request, Result, Roster
from lists.directory import entry_store
from lists.directory.entry_change import DOCUMENT, ENTRY_CHANGE, KIND, ChangeEntry, EntryChange
from lists.documents.desk import DocsDesk
from lists.documents.files import fold_name
from lists.groups import settings as group_settings
from lists.model import Group
from lists.values import group_values
from lists.words.commands import Command
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.errors import CommandError
from mailsvc.ids import GroupId, PersonId
from mailsvc.store.database import ReadTx, Tx

KEYS: Final = {
    Command.SET_PURPOSE: "purpose",
    Command.SET_QUESTIONS: "work_questions",
    Command.SET_CHANNELS: "channels",
    Command.SET_TITLE: "title",
    Command.SET_DIGEST: "digest",
}
EMPTIES: Final = frozenset({"-", "–", "—"})  # what stands for nothing, where an entry may say nothing
NEVER_EMPTY: Final = frozenset({"title", "purpose"})


class EntryCommands:
    """Reads them, asks once about all of one mail, and does what was confirmed."""

    def __init__(self, engine: Engine, documents: DocsDesk) -> None:
        self._engine = engine
        self._documents = documents
        self._config = engine.site.config
        engine.registry.kinds[KIND] = ENTRY_CHANGE
        engine.registry.effects[ChangeEntry] = self.change

    def table(self) -> dict[Command, Callable[[Tx, Request, str, Roster], Result]]:
        """The commands by name."""
        known = {command: partial(self._set, key) for command, key in KEYS.items()}
        return {**known, Command.REMOVE_DOCUMENT: self._remove}

    def _set(self, key: str, _tx: ReadTx, request: Request, argument: str, roster: Roster) -> Result:
        if not request.moderates:
            return {"did": "moderators-only"}
        text = argument.strip()
        if text in EMPTIES and key not in NEVER_EMPTY:
            text = ""
        elif not text:
            return {"did": "entry-empty", "key": key}
        try:
            value = str(group_settings.value_of(key, text))
        except CommandError:
            return {"did": "entry-unread", "key": key}
        roster.entry = [one for one in roster.entry if one[0] != key]
        roster.entry.append((key, value, _before(request.group, key)))
        return {"did": "change-asked"}

    def _remove(self, tx: ReadTx, request: Request, argument: str, roster: Roster) -> Result:
        if not request.moderates:
            return {"did": "moderators-only"}
        name = " ".join(argument.split())
        number = entry_store.named(tx, request.group.id, fold_name(name))
        if number is None:
            names = [str(row["name"]) for row in entry_store.documents(tx, request.group.id)]
            return {"did": "no-document", "name": name, "names": names}
        roster.entry.append((DOCUMENT, name, ""))
        return {"did": "change-asked"}

    def ask(
        self,
        tx: Tx,
        request: Request,
        changes: Sequence[tuple[str, str, str]],
        seconds: Sequence[PersonId],
        login: str = "",
    ) -> None:
        """One letter about all changes of one mail; `seconds` and `login` as in two_people.Change."""
        assert request.person is not None
        group = request.group
        values = group_values(group, self._config)
        data = EntryChange(
            group_id=group.id,
            group=values,
            by=request.person.id,
            changes=tuple(changes),
            seconds=tuple(seconds),
            login=login,
        )
        self._engine.open(tx, KIND, data, request.cause, group=group.id, started_by=request.person.id)

    def change(self, tx: Tx, case: Case, _effect: ChangeEntry, cause: Cause) -> None:
        """The effect: settings as they are now, with the confirmed ones changed."""
        data = case.data
        assert isinstance(data, EntryChange)
        group = store.group(tx, data.group_id)
        settings: dict[str, object] = {}
        for key, value, _ in data.changes:
            if key == DOCUMENT:
                self._documents.remove(tx, group.id, value, cause)
            elif key == "title":
                store.set_column(tx, GroupId(group.id), "title", value)
            else:
                settings[key] = value
        if settings:
            store.set_settings(tx, GroupId(group.id), msgspec.structs.replace(group.settings, **settings))


def _before(group: Group, key: str) -> str:
    return group.title if key == "title" else str(getattr(group.settings, key))

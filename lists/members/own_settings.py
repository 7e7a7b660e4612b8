"""What members choose for themselves by mail: each post or none, a pause, their own copy, being seen.

At `N-request@` it holds for that group, at `help@` for all of the person's groups. Done at once; the transcript, which
goes to the registered address alone, says what holds now and which words take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from lists import store
from lists.members.pausing import Later, NotUnderstood, Passed, read_pause
from lists.model import Membership
from lists.posts import digesting
from lists.posts.digest_times import DAILY, WEEKLY, next_time
from lists.words.commands import Command, printed
from mailsvc.clock import DAY, to_datetime, to_instant
from mailsvc.ids import GroupId
from mailsvc.people import store as people
from mailsvc.registry import CommandLine, Registry
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values

SETTINGS: Final[Values] = {"did": "settings", "template": "command/_settings"}
DELIVERY_WORDS: Final = {
    "each": Command.EACH,
    "daily": Command.DAILY,
    "weekly": Command.WEEKLY,
    "none": Command.NO_POSTS,
}

EXAMPLE: Final = timedelta(weeks=6)
ON_OFF: Final = {  # what takes back a 0, and a 1
    "own_copy": (Command.OWN_COPY_ON, Command.OWN_COPY_OFF),
    "hidden": (Command.HIDE_ON, Command.HIDE_OFF),
}
SHOWN: Final = (
    *(Command.PAUSE, Command.RESUME, *DELIVERY_WORDS.values()),
    *(Command.OWN_COPY_ON, Command.OWN_COPY_OFF, Command.HIDE_ON, Command.HIDE_OFF),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands behind the command, and the language of whoever wrote it."""

    argument: str
    language: str

    def word(self, command: Command) -> str:
        """A command as letters print it for them."""
        return printed(command, self.language)


Doing = Callable[[Tx, Sequence[Membership], Said], Values]


class OwnSettings:
    """The commands, each of which gives what the transcript says of it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config
        self._zone = ZoneInfo(self._config.site.timezone)
        self._does: dict[Command, Doing] = {
            Command.OWN_COPY_ON: partial(self._choose, "own_copy", 1),
            Command.OWN_COPY_OFF: partial(self._choose, "own_copy", 0),
            Command.HIDE_ON: partial(self._choose, "hidden", 1),
            Command.HIDE_OFF: partial(self._choose, "hidden", 0),
            Command.PAUSE: self._pause,
            Command.RESUME: self._resume,
            Command.MY_GROUPS: self._list,
            **{word: partial(self._deliver, value) for value, word in DELIVERY_WORDS.items()},
            Command.OWN_COPY: partial(self._ask, (Command.OWN_COPY_ON, Command.OWN_COPY_OFF)),
            Command.DIGEST: partial(self._ask, tuple(DELIVERY_WORDS.values())),
        }

    def register(self) -> None:
        """All of them, for both desks."""
        for command, doing in self._does.items():
            self._registry.commands[str(command)] = partial(
                self._command, doing, everywhere=command is Command.MY_GROUPS
            )

    def _command(self, doing: Doing, tx: Tx, line: CommandLine, *, everywhere: bool) -> Values:
        found = store.places(tx, line.person)
        if line.group and not everywhere:
            found = [one for one in found if one.group_id == line.group]
        if not found:
            return {"did": "not-member"} if line.group and not everywhere else {**SETTINGS, "what": "no-member"}
        titles = [store.group(tx, one.group_id).title for one in found]
        said = doing(tx, found, Said(line.argument, people.by_id(tx, line.person).language))
        return {**SETTINGS, "in": titles, **said}

    # ---- what they do

    def _choose(self, option: str, value: int, tx: Tx, found: Sequence[Membership], said: Said) -> Values:
        for one in found:
            store.choose(tx, one.id, option, value)
        return {"what": f"{option}-{value}", "undo": said.word(ON_OFF[option][value])}

    def _deliver(self, value: str, tx: Tx, found: Sequence[Membership], said: Said) -> Values:
        before = {one.delivery for one in found}
        for one in found:
            self._change(tx, one, "delivery", value)
        undo = DELIVERY_WORDS[before.pop()] if len(before) == 1 and value not in before else None
        return {
            "what": value,
            "next": next_time(self._config, value, tx.now) if value in (DAILY, WEEKLY) else None,
            "undo": said.word(undo) if undo is not None else "",
            "paused": self._paused(tx, found),
            "resume": said.word(Command.RESUME),
        }

    def _pause(self, tx: Tx, found: Sequence[Membership], said: Said) -> Values:
        today = to_datetime(tx.now, self._zone).date()
        words = {"word": said.word(Command.PAUSE), "example": f"{today + EXAMPLE:%Y-%m-%d}"}
        try:
            pause = read_pause(said.argument, today, said.language)
        except Later:
            return {"what": "pause-later", **words}
        except Passed:
            return {"what": "pause-passed", **words}
        except NotUnderstood:
            return {"what": "pause-unread", **words}
        until = to_instant(datetime.combine(pause.back, time(0), self._zone))
        for one in found:
            self._change(tx, one, "paused_until", until)
        return {
            "what": "pause",
            "until": until,
            "last": until - DAY // 2,
            "undo": said.word(Command.RESUME),
        }

    def _resume(self, tx: Tx, found: Sequence[Membership], said: Said) -> Values:
        """The end of a pause, and of getting no posts at all."""
        if said.argument:
            day = to_datetime(tx.now, self._zone).date() + EXAMPLE
            words = {"word": said.word(Command.RESUME), "pause": said.word(Command.PAUSE)}
            return {"what": "resume-unread", **words, "example": f"{day:%Y-%m-%d}"}
        for one in found:
            self._change(tx, one, "paused_until", None)
            if one.delivery == "none":
                self._change(tx, one, "delivery", "each")
        return {"what": "resume"}

    def _ask(self, words: Sequence[Command], _tx: Tx, _found: Sequence[Membership], said: Said) -> Values:
        return {"what": "choose", "printed": [said.word(one) for one in words]}

    def _list(self, tx: Tx, found: Sequence[Membership], said: Said) -> Values:
        domain = self._config.site.domain
        groups = []
        for one in found:
            group = store.group(tx, GroupId(one.group_id))
            groups.append(
                {
                    "title": group.title,
                    "request": f"{group.name}-request@{domain}",
                    "address": one.address,
                    "delivery": one.delivery,
                    "paused": self._paused(tx, [one]),
                    "own_copy": one.own_copy,
                    "hidden": one.hidden,
                    "moderates": one.moderates,
                }
            )
        return {
            "what": "my-groups",
            "groups": groups,
            "help": f"help@{domain}",
            "printed": [said.word(one) for one in SHOWN],
        }

    def _change(self, tx: Tx, one: Membership, option: str, value: str | int | None) -> None:
        """Change how posts come, and with it when those come that are owed already."""
        store.choose(tx, one.id, option, value)
        now = store.membership_by_id(tx, one.id)
        assert now is not None
        digesting.chosen(tx, self._config, now)

    def _paused(self, tx: ReadTx, found: Sequence[Membership]) -> int | None:
        """Until when somebody has paused in the first of these groups where they have."""
        return next((one.paused_until for one in found if one.paused_until and one.paused_until > tx.now), None)

"""Who was there, said by mail: the commands `present` and `absent` at `N-request@`, for those who may correct it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from mailsvc.arriving import proven_for_many
from mailsvc.cases import question_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Event, Rule
from mailsvc.clock import to_datetime
from mailsvc.ids import PersonId
from mailsvc.keys import without_tokens
from mailsvc.message.forms import read_form
from mailsvc.message.said_dates import find_dates, plain
from mailsvc.people import store as people
from mailsvc.registry import CommandLine, Registry
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values
from workflows.meeting import invitee_store, store
from workflows.meeting import plan as plans
from workflows.meeting.afterwards import after, attendance, attended, noted
from workflows.meeting.afterwards.after import There
from workflows.meeting.afterwards.attended import Attendance, SayThere, ShowThere
from workflows.meeting.mailing import told_values
from workflows.meeting.store import MeetingRow

TEMPLATE: Final = "meeting/_attended"
MOST_LISTED: Final = 10
LONGEST: Final = 4000
_SHORTEST: Final = 3
_BEFORE_NAMES: Final = " \t\n:,;.–-"
_ARTICLE: Final = re.compile(r"\s*(?:(?:on|the|den|d\.|på|fra|från|frå)\s*)?", re.IGNORECASE)
_NUMBER: Final = re.compile(r"#?\d{1,15}(?=[\s:,;.]|$)")
_TITLED: Final = re.compile(r"[^,;:\n]+[:\n]")


class Attending:
    """Answers the commands and runs the effects."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def register(self, registry: Registry) -> None:
        """The kind, its effects and the commands."""
        registry.kinds[attended.KIND] = attended.with_facts(self.look)
        registry.effects |= {ShowThere: self.show, SayThere: self.say}
        registry.commands[str(api.Command.PRESENT)] = partial(self.command, label="Present")
        registry.commands[str(api.Command.ABSENT)] = partial(self.command, label="Absent")

    # ---- the commands

    def command(self, tx: Tx, line: CommandLine, *, label: str) -> Mapping[str, object]:
        """`present 3 December: Anna, Mette`; without names a letter shows who was there, and corrects it when answered.

        Without a day, number or title the last meeting is meant.
        """
        if not line.role:
            return {"did": "members-only"}
        begun = [*reversed(store.begun(tx, line.group))]
        found, names = _meant(tx, line, begun)
        if line.role not in after.CORRECTING:
            found = [one for one in found if one.caller == line.person]
            if not found:
                return self._shown(tx, line, begun)
        if len(found) != 1:
            return {"did": "present-which", "template": TEMPLATE, "meetings": _listed(found or begun)}
        row = found[0]
        text = f"{label}: {without_tokens(names)[:LONGEST]}\n" if names else ""
        proven = proven_for_many(self._registry, line.mail)
        data = Attendance(row.id, line.group, self._group(tx, line.group), line.person, row.told, text, proven)
        known = line.cause
        part = Cause(f"{known.key}/attendance-{row.id}-{label}", known.inbox_id, known.actor, known.evidence)
        subject = f"attendance:{row.id}"
        self._engine.open(tx, attended.KIND, data, part, group=line.group, subject=subject, started_by=line.person)
        did = "present-asked" if not text else "present-said" if proven else "present-back"
        return {"did": did, "template": TEMPLATE, "meetings": _listed(found)}

    def _group(self, tx: ReadTx, group: int) -> Values:
        return api.group_values(api.group(tx, group), self._config)

    def _shown(self, tx: ReadTx, line: CommandLine, begun: Sequence[MeetingRow]) -> Mapping[str, object]:
        """To other members, where the group lets them see it."""
        if api.group(tx, line.group).settings.attendance != "members":
            return {"did": "moderators-only"}
        found, _ = _meant(tx, line, begun)
        shown = [
            {**one, "there": attendance.printed(tx, row.id)} for one, row in zip(_listed(found), found, strict=False)
        ]
        return {"did": "present-shown" if found else "present-which", "template": TEMPLATE, "meetings": shown}

    # ---- facts and effects

    def look(self, tx: ReadTx, data: Attendance, _event: Event) -> There:
        """See CaseKind.facts."""
        return attendance.known(tx, data.meeting)

    def show(self, tx: Tx, case: Case, effect: ShowThere, cause: Cause) -> None:
        """As it stands, or as they would have it, to be sent back."""
        data = _data(case)
        stands = attendance.printed(tx, data.meeting)
        wished = read_form(effect.text, attended.FORM, {}).values if effect.text else {}
        values = {**attended.values(data), "why": "back" if wished else "asked"}
        self._ask(tx, case, effect.person, {**values, "fields": plans.fields(wished or stands, attended.SHOWN)}, cause)

    def say(self, tx: Tx, case: Case, effect: SayThere, cause: Cause) -> None:
        """Kept and shown; also to whoever called the meeting, where it has changed."""
        data = _data(case)
        member = api.membership(tx, api.group(tx, data.group_id).id, effect.person)
        caller = store.meeting(tx, data.meeting).caller
        may = member is not None and member.active and (member.role in after.CORRECTING or effect.person == caller)
        if not may:
            return
        stands = attendance.printed(tx, data.meeting)
        reading = attendance.read(effect.text, stands, invitee_store.invitees(tx, data.meeting))
        there = attendance.keep(tx, data.meeting, reading, stands, before=data.before)
        now = attendance.printed(tx, data.meeting)
        values = {**attended.values(data), "why": "", "fields": plans.fields(now, attended.SHOWN)}
        self._ask(tx, case, effect.person, {**values, "unread": list(there.unread)}, cause)
        if now != stands and caller is not None and caller != effect.person and people.addresses(tx, caller):
            self._ask(tx, case, caller, {**values, "by": people.by_id(tx, effect.person).shown}, cause)

    def _ask(self, tx: Tx, case: Case, person: PersonId, values: Values, cause: Cause) -> None:
        """The letter, whose question waits for nobody."""
        number = question_store.insert_question(tx, case.id, attended.QUESTION, Rule.COLLECT, person)
        question_store.answer_question(tx, number, "", "", None)
        said = {**values, "vocabulary": "text"}
        self._engine.ask_again(tx, person, [number], attended.LETTER, said, cause, case.id)


def _data(case: Case) -> Attendance:
    assert isinstance(case.data, Attendance)
    return case.data


def _meant(tx: ReadTx, line: CommandLine, begun: Sequence[MeetingRow]) -> tuple[list[MeetingRow], str]:
    """The meetings that a line can mean, and the names in it; without a meeting in it the last one is meant."""
    text = line.argument.strip()
    first = text.partition("\n")[0]
    days = find_dates(plain(first), to_datetime(tx.now, ZoneInfo("UTC")).date())
    day = next((one for one in days if _ARTICLE.fullmatch(first[: one.start])), None)
    number = _NUMBER.match(first)
    if day is not None or number is not None:
        end = day.end if day is not None else number.end() if number is not None else 0
        return noted.meant_rows(tx, text[:end], line.group, begun), text[end:].lstrip(_BEFORE_NAMES)
    head, _, names = text.replace("\n", ":", 1).partition(":") if _TITLED.match(text) else (text, "", "")
    titled = [one for one in begun if _fits(head.strip().casefold(), one.told.title.casefold(), whole=not names)]
    return (titled, names.strip()) if titled else (list(begun[:1]), text)


def _fits(said: str, title: str, *, whole: bool) -> bool:
    """Whether somebody means a meeting by its title: alone it has to be the whole of it, since it could be a name."""
    return bool(said) and (said == title if whole else len(said) >= _SHORTEST and said in title)


def _listed(found: Sequence[MeetingRow]) -> list[Values]:
    return [{**told_values(one.told), "number": int(one.case_id)} for one in found[:MOST_LISTED]]

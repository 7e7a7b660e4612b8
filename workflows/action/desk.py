"""The desk `actions@`: lines such as `TODO Anna 2026-12-20: text` become actions; without one your own are listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from lists.api import Group, group_at, group_values, memberships_of
from lists.api import membership as membership_in
from mailsvc import arriving
from mailsvc.cases import exposed, question_store
from mailsvc.cases.action_lines import ActionLine, read_actions
from mailsvc.cases.actions import moments
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.clock import DAY, to_datetime
from mailsvc.errors import Reason
from mailsvc.ids import PersonId
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.people.naming import Named, One, Several
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store.database import ReadTx, Tx
from workflows.action import listing
from workflows.action.case import ACTION, CHASING, KIND
from workflows.action.listing import ActionList, Listed, Unread

GIVING: Final = (*CHASING, "spokesperson")  # whose word gives others something to do
DESK: Final = "actions"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A mail to the desk and who wrote it."""

    mail: Incoming
    person: Person
    cause: Cause


class Desk:
    """Handles mail to `actions@`."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler."""
        refused = arriving.refused(tx, self._registry, self._engine, mail, DESK)
        if refused is not None:
            return refused
        author = mail.message.from_address
        person = people.by_address(tx, author.folded) if author is not None else None
        if person is None:
            return Handled(Reason.UNKNOWN_SENDER, quarantined=True)
        if not allow(
            tx, self._registry.site.key, "person", person.folded, DAY, self._config.limits.person_letters_per_day
        ):
            return Handled(Reason.LIMIT, quarantined=True)
        exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        sent = _Sent(mail, person, arriving.cause_of(mail, person.id))
        where = self._group(tx, sent)
        lines = self._lines(tx, sent, where)
        return self._begin(tx, sent, where, lines) if lines else self._list(tx, sent)

    # ---- reading

    def _group(self, tx: ReadTx, sent: _Sent) -> Group | None:
        """The group that it is about: written to as well, named in the subject, or the only one that they lead."""
        message = sent.mail.message
        for address in (*message.to, *message.cc):
            if address.ascii_domain in self._config.domains:
                found = group_at(tx, address.folded.partition("@")[0])
                if found is not None:
                    return found
        own = self._groups(tx, sent)
        subject = f" {message.subject.casefold()} "
        named = [one for one in own if one.title.casefold() in subject or f" {one.name} " in subject]
        if len(named) == 1:
            return named[0]
        leading = self._led(tx, sent)
        return leading[0] if len(leading) == 1 else None

    def _groups(self, tx: ReadTx, sent: _Sent) -> list[Group]:
        found = [group_at(tx, row["name"]) for row in memberships_of(tx, sent.person.id)]
        return [one for one in found if one is not None]

    def _led(self, tx: ReadTx, sent: _Sent) -> list[Group]:
        return [one for one in self._groups(tx, sent) if self._role(tx, sent, one) in GIVING]

    def _role(self, tx: ReadTx, sent: _Sent, where: Group) -> str:
        found = membership_in(tx, where.id, sent.person.id)
        return found.role if found is not None and found.active else ""

    def _lines(self, tx: ReadTx, sent: _Sent, where: Group | None) -> list[ActionLine]:
        text = newly_written(sent.mail.message, self._config.reading.banners).text
        if where is not None:
            known = self._engine.colleagues(tx, where.id, but=PersonId(0))
        else:
            groups = self._groups(tx, sent)
            known = [one for each in groups for one in self._engine.colleagues(tx, each.id, but=PersonId(0))]
        writer = Named(sent.person.id, sent.person.shown, (sent.person.address,))
        return read_actions(without_tokens(text), [*known, writer], self._day(tx.now), writer)

    def _day(self, at: int) -> date:
        return to_datetime(at, ZoneInfo(self._config.site.timezone)).date()

    # ---- acting

    def _begin(self, tx: Tx, sent: _Sent, where: Group | None, lines: list[ActionLine]) -> Handled:
        may_give = where is not None and self._role(tx, sent, where) in GIVING
        several = where is None and len(self._led(tx, sent)) > 1
        default = self._day(moments(None, tx.now, self._config).due)
        items: list[Listed] = []
        unread: list[Unread] = []
        for line in lines:
            read = _understood(
                line, sent.person, default, "" if may_give else "which-group" if several else "not-yours"
            )
            if isinstance(read, Listed):
                items.append(read)
            else:
                unread.append(read)
        others = any(one.person != sent.person.id for one in items)
        proven = not others or arriving.proven_for_many(self._registry, sent.mail)
        data = ActionList(
            group_id=where.id if where is not None else None,
            group=group_values(where, self._config) if where is not None else {},
            writer=sent.person.id,
            proven=proven,
            items=tuple(items),
            unread=tuple(unread),
            about=sent.mail.message.subject,
        )
        self._engine.open(tx, listing.KIND, data, sent.cause, group=data.group_id, started_by=sent.person.id)
        return Handled(Reason.COMMANDS_DONE if data.proven else Reason.CHALLENGED)

    def _list(self, tx: Tx, sent: _Sent) -> Handled:
        """One's own open actions in one numbered letter, which can be answered."""
        found = []
        items = []
        for question in question_store.open_questions(tx, sent.person.id, None):
            case = self._engine.case(tx, question.case_id)
            if case.kind != KIND or question.kind != ACTION:
                continue
            found.append(question.id)
            known = self._engine.question_values(tx, case, ACTION)
            items.append({"text": known["text"], "due": known["due"], "group": known["group"], "case": int(case.id)})
        desk = f"{DESK}@{self._config.site.domain}"
        if not found:
            self._engine.receipt(tx, sent.person.id, "action/none", {"desk": desk}, sent.cause)
        else:
            letter = {"items": items, "desk": desk, "vocabulary": ACTION}
            self._engine.ask_again(tx, sent.person.id, found, "action/list", letter, sent.cause)
        return Handled(Reason.COMMANDS_DONE)


def _understood(line: ActionLine, writer: Person, default: date, may_not: str) -> Listed | Unread:
    """One line as an action, or why it is none. Without a name it is the writer's own.

    `may_not`: why the writer can give nothing to others, "" where they can.
    """
    if not line.text:
        return Unread(line.line, "no-text")
    due = (line.due or default).isoformat()
    match line.who:
        case None:
            return Listed(line.text, writer.id, writer.shown, due)
        case One(person=named):
            if named.key != writer.id and may_not:
                return Unread(line.line, may_not)
            return Listed(line.text, named.key, named.name, due)
        case Several():
            return Unread(line.line, "several")
    return Unread(line.line, "nobody")

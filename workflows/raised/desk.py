"""`N-raise@`: a moderator lifts a question of the network, a member does through the moderators."""

from __future__ import annotations

from typing import Final

from lists.api import MODERATING, Group, count_members, group_values, membership
from lists.api import group as group_of
from mailsvc import arriving
from mailsvc.cases import exposed
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY
from mailsvc.errors import Reason
from mailsvc.ids import GroupId
from mailsvc.message.forms import Field, Form, read_form
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Values
from workflows.raised import case as kinds
from workflows.raised.bodies import candidates, meant
from workflows.raised.lifted import KIND as LIFTED
from workflows.raised.lifted import Lifted

FUNCTION: Final = "raise"
LONGEST_TEXT: Final = 10_000
LONGEST_TITLE: Final = 200
_TO: Final = Form((Field("lift_to"),))


class Desk:
    """Handles mail to `N-raise@`, and puts questions to bodies."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        where = group_of(tx, target.group)
        refused = arriving.refused(tx, self._registry, self._engine, mail, f"{where.name}-{FUNCTION}")
        if refused is not None:
            return refused
        author = mail.message.from_address
        known = people.address(tx, author.folded) if author is not None else None
        if known is None or not known.verified:
            return Handled(Reason.UNKNOWN_SENDER, quarantined=True)
        person = people.by_id(tx, known.person_id)
        if not allow(
            tx, self._registry.site.key, "person", person.folded, DAY, self._config.limits.person_letters_per_day
        ):
            return Handled(Reason.LIMIT, quarantined=True)
        exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        return self._begin(tx, mail, where, person)

    def _begin(self, tx: Tx, mail: Incoming, where: Group, person: Person) -> Handled:
        cause = arriving.cause_of(mail, person.id)
        found = membership(tx, where.id, person.id)
        member = found if found is not None and found.active else None
        told: Values = {"group": group_values(where, self._config)}
        if member is None:
            self._engine.receipt(tx, person.id, "raised/not-member", told, cause)
            return Handled(Reason.NOT_MEMBER)
        known = candidates(tx, where)
        text = without_tokens(newly_written(mail.message, self._config.reading.banners).text)
        read = read_form(text, _TO)
        question = read.free.strip()[:LONGEST_TEXT] if "lift_to" in read.values else text.strip()[:LONGEST_TEXT]
        title = mail.message.subject.strip()[:LONGEST_TITLE] or " ".join(question.split())[:80]
        if not known or not (question or title):
            self._engine.receipt(tx, person.id, "raised/not-lifted", {**told, "why": "" if known else "nobody"}, cause)
            return Handled(Reason.NOTHING_SAID)
        to = known if len(known) == 1 else meant(read.values.get("lift_to", ""), known)
        moderates = member.role in MODERATING
        data = kinds.Raised(
            group_id=int(where.id),
            group=group_values(where, self._config),
            person=person.id,
            name=person.shown,
            address=person.address,
            language=person.language,
            title=title,
            text=question,
            known=known,
            to=to or (() if moderates else known[:1]),
            people=sum(count_members(tx, GroupId(one.group)) for one in to),
            moderates=moderates,
            proven=arriving.proven_for_many(self._registry, mail),
            end_days=self._config.limits.held_working_days,
        )
        self._engine.open(tx, kinds.KIND, data, cause, group=int(where.id), started_by=person.id)
        return Handled(Reason.COMMANDS_DONE if moderates and data.proven and to else Reason.CHALLENGED)

    def lift(self, tx: Tx, case: Case, effect: kinds.Lift, cause: Cause) -> None:
        """A case of its own before each body, so that each answers for itself."""
        data = case.data
        assert isinstance(data, kinds.Raised)
        for number in effect.groups:
            body = group_of(tx, number)
            question = Lifted(
                network=data.group_id,
                group=data.group,
                body=number,
                body_title=body.title,
                person=data.person,
                name=data.name,
                address=data.address,
                language=data.language,
                title=data.title,
                text=data.text,
            )
            self._engine.open(
                tx, LIFTED, question, cause, group=data.group_id, subject=f"case:{case.id}", started_by=data.person
            )

"""`N-meeting@`: a mail calls a meeting. Who may is told by 5-quality; others ask, or are answered that they may not."""

from __future__ import annotations

from typing import Final

from lists import api
from mailsvc import arriving
from mailsvc.cases import ask_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY
from mailsvc.errors import Reason
from mailsvc.message.address import Address
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import whole_text
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.routing import ANSWER
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient
from workflows.meeting.call import CONFIRM, KIND, MODERATORS, NOW, Begin, Call
from workflows.meeting.meetings import Meetings
from workflows.meeting.polls.polling import Polling
from workflows.meeting.series.serving import Serving

CALLING: Final = ("moderator", "deputy", "facilitator", "chair", "secretary")
"""Roles that call meetings by themselves."""
LONGEST_TEXT: Final = 20_000


class Desk:
    """Reads what comes to the address, and begins what a call asks for."""

    def __init__(
        self, registry: Registry, engine: Engine, meetings: Meetings, polling: Polling, serving: Serving
    ) -> None:
        self._registry = registry
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config
        self._meetings = meetings
        self._polling = polling
        self._serving = serving

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = api.group(tx, target.group)
        author = mail.message.from_address
        aside = arriving.aside(tx, self._registry, mail, f"{group.name}-meeting")
        if aside is not None:
            return aside
        assert author is not None
        letter = ask_store.ask_by_message_ids(tx, mail.message.references)
        if letter is not None and letter.live:  # an answer that went to the desk's address: its thread says to what
            return self._registry.handlers[ANSWER](tx, mail, Target(ANSWER))
        person = people.by_address(tx, author.folded)
        if not self._may_write(tx, mail, author, person):
            return Handled(Reason.LIMIT, quarantined=True)
        member = api.membership(tx, group.id, person.id) if person is not None else None
        if person is None or member is None or not member.active:
            return self._stranger(tx, mail, group, author, person)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None or (self._config.security.strict and not mail.evidence.signed):
            return self._unproven(tx, mail, group, person, lacks or Reason.NOT_SIGNED)
        return self._call(tx, mail, group, member, person)

    def explain(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """What `mailsvc explain` says: whether the author may call, and on what it depends."""
        assert target.group is not None
        group = api.group(tx, target.group)
        author = mail.message.from_address
        person = people.by_address(tx, author.folded) if author is not None else None
        member = api.membership(tx, group.id, person.id) if person is not None else None
        if member is None or not member.active:
            return ["it calls nothing: the author is not a member"]
        right = self._right(mail, member)
        words = {
            NOW: "it is called at once",
            CONFIRM: "the author is asked once more",
            MODERATORS: "moderators are asked",
        }
        return [f"the author is {member.role}: {words[right]}"]

    # ---- who writes

    def _may_write(self, tx: Tx, mail: Incoming, author: Address, person: Person | None) -> bool:
        limits = self._config.limits
        if person is not None:
            return allow(tx, self._site.key, "person", author.folded, DAY, limits.person_letters_per_day)
        if str(mail.evidence.d) not in ("pass", "unknown"):
            return False
        return allow(tx, self._site.key, "stranger", author.folded, DAY, limits.stranger_letters_per_day)

    def _stranger(self, tx: Tx, mail: Incoming, group: api.Group, author: Address, person: Person | None) -> Handled:
        """Whoever is no member is told once a day that meetings are called by members."""
        if allow(tx, self._site.key, f"meeting:{group.id}", author.folded, DAY, 1):
            to = Recipient(str(author), group.language)
            if person is not None:
                to = Recipient(person.address, person.language, person.id)
            self._letter(tx, mail, group, to, "not-member")
        return Handled(Reason.UNKNOWN_SENDER, quarantined=True)

    def _unproven(self, tx: Tx, mail: Incoming, group: api.Group, person: Person, why: Reason) -> Handled:
        if allow(tx, self._site.key, f"meeting:{group.id}", person.folded, DAY, 1):
            self._letter(tx, mail, group, Recipient(person.address, person.language, person.id), "unproven")
        return Handled(why, quarantined=True)

    def _letter(self, tx: Tx, mail: Incoming, group: api.Group, to: Recipient, state: str) -> None:
        about = mail.message.subject[:200]
        values = {
            "group": api.group_values(group, self._config),
            "state": state,
            "about": about,
            "who": "",
            "by": "",
            "reason": "",
            "shape": "one",
            "times": [],
        }
        outgoing.letter(tx, self._site, to, "meeting/state", values, cause=mail.inbox_id, group_id=group.id)

    # ---- calling

    def _right(self, mail: Incoming, member: api.Membership) -> str:
        if member.role not in CALLING:
            return MODERATORS
        return NOW if str(mail.evidence.d) == "pass" else CONFIRM

    def _call(self, tx: Tx, mail: Incoming, group: api.Group, member: api.Membership, person: Person) -> Handled:
        data = Call(
            int(group.id),
            api.group_values(group, self._config),
            person.id,
            person.shown,
            person.language,
            self._right(mail, member),
            self._invited(tx, group),
            self._meetings.house(),
            mail.message.subject,
            whole_text(mail.message)[:LONGEST_TEXT],
        )
        cause = arriving.cause_of(mail, person.id)
        self._engine.open(tx, KIND, data, cause, group=group.id, subject="call", started_by=person.id)
        return Handled(Reason.MEETING_CALLED)

    def _invited(self, tx: ReadTx, group: api.Group) -> int:
        return api.count_members(tx, group.id)

    # ---- effects

    def begin(self, tx: Tx, case: Case, effect: Begin, cause: Cause) -> None:
        """One meeting, several, or dates to choose from."""
        data = case.data
        assert isinstance(data, Call)
        if effect.plan.shape == "poll":
            self._polling.open(tx, data.group_id, data.caller, effect.plan, cause)
        elif effect.plan.shape == "series":
            self._serving.open(tx, data.group_id, data.caller, effect.plan, cause)
        else:
            self._meetings.open(tx, data.group_id, data.caller, effect.plan, cause)

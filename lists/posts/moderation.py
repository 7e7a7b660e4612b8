"""What moderators' decisions do: release, put aside, gather into one letter; and the list of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from lists import store
from lists.model import MODERATING, Group
from lists.posts.held_post import KIND, AskGathered, HeldPost, PutAside, ReleasePost
from lists.posts.posting import send
from lists.values import group_values
from mailsvc.cases import exposed, question_store, timer_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience, Case, Cause, Fired, Question, Rule
from mailsvc.errors import Reason
from mailsvc.ids import GroupId, InboxId, PersonId
from mailsvc.message.evidence import Evidence
from mailsvc.message.parsing import parse
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.registry import Incoming, Registry
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Tx


class Moderation:
    """The effects of held posts."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def release(self, tx: Tx, case: Case, effect: ReleasePost, cause: Cause) -> None:
        """The post goes to the members; with `trust`, its sender's next ones do at once."""
        data = case.data
        assert isinstance(data, HeldPost)
        group = store.group(tx, data.group_id)
        mail = self._without_tokens(tx, self._incoming(tx, InboxId(data.inbox_id)))
        if effect.trust and data.sender_folded:
            self._trust(tx, group, case, data.sender_folded)
        send(tx, self._registry, mail, group, cause.inbox_id or mail.inbox_id, case.id)

    def _without_tokens(self, tx: Tx, mail: Incoming) -> Incoming:
        """A post that shows somebody's token goes out without it (promise 8), the mail as it came stays as it is."""
        limits = self._config.limits
        content = exposed.cut_out(tx, self._engine, mail.message, mail.inbox_id, limits)
        if content is None:
            return mail
        return replace(mail, raw_id=inbox.insert_raw(tx, content), message=parse(content, limits))

    def _trust(self, tx: Tx, group: Group, case: Case, folded: str) -> None:
        person = people.by_address(tx, folded)
        member = store.membership(tx, group.id, person.id) if person else None
        if member is not None:
            store.set_posting(tx, member.id, "trusted")
        else:
            store.set_sender(tx, group.id, folded, "trusted", case.id)

    def _incoming(self, tx: ReadTx, inbox_id: InboxId) -> Incoming:
        unit = inbox.unit(tx, inbox_id)
        assert unit is not None
        content = inbox.raw(tx, unit.raw_id)
        return Incoming(
            inbox_id,
            unit.raw_id,
            unit.recipient,
            unit.envelope(content),
            parse(content, self._config.limits),
            msgspec.json.decode(unit.evidence, type=Evidence),
            unit.digest,
            unit.received_at,
        )

    def put_aside(self, tx: Tx, case: Case, _effect: PutAside, _cause: Cause) -> None:
        """A discarded post may be a public record: it stays in quarantine for its time."""
        assert isinstance(case.data, HeldPost)
        inbox.put_aside(tx, InboxId(case.data.inbox_id), Reason.HELD)

    def ask_gathered(self, tx: Tx, case: Case, _effect: AskGathered, cause: Cause) -> None:
        """All gathered posts of the group in one numbered letter to each moderator."""
        assert case.group is not None
        self.gather(tx, GroupId(case.group), [case.id], cause)

    def gather(self, tx: Tx, group_id: GroupId, also: Sequence[int], cause: Cause) -> None:
        """Ask about the gathering posts of a group, and those of the cases `also`, in one letter."""
        taken = list(also)
        for waiting in cases.find_open(tx, self._registry.kinds, KIND, group_id):
            if waiting.state == "gathering" and waiting.id not in taken:
                again = Cause(f"{cause.key}/gathered", cause.inbox_id)
                self._engine.apply(tx, waiting.id, Fired("gathered"), again)
                taken.append(waiting.id)
        group = store.group(tx, group_id)
        # no reminders one by one: what nobody vouches for comes in one letter, or goes when its time is over
        for person in self._engine.resolve(tx, Audience(group_id)):
            questions = [question_store.insert_question(tx, one, "moderate", Rule.FIRST, person) for one in taken]  # type: ignore[arg-type]
            self.ask_list(tx, group, person, [question_store.question(tx, q) for q in questions], cause)

    def gather_quietly(self, tx: Tx, group: Group, person: PersonId, cause: Cause) -> None:
        """A moderator asks what waits before the daily moment: gathering posts become questions now."""
        for waiting in cases.find_open(tx, self._registry.kinds, KIND, group.id):
            if waiting.state == "gathering":
                self._engine.apply(tx, waiting.id, Fired("gathered"), Cause(f"{cause.key}/asked", cause.inbox_id))
                for asked in {person, *self._engine.resolve(tx, Audience(group.id))}:
                    question_store.insert_question(tx, waiting.id, "moderate", Rule.FIRST, asked)

    def send_list(self, tx: Tx, group: Group, person: PersonId, cause: Cause) -> int:
        """A moderator asks what waits: one letter with all of a group, and how much that is."""
        self.gather_quietly(tx, group, person, cause)
        waiting = waiting_for(tx, person, group)
        if waiting:
            self.ask_list(tx, group, person, waiting, cause)
        return len(waiting)

    def ask_list(self, tx: Tx, group: Group, person: PersonId, questions: Sequence[Question], cause: Cause) -> None:
        """One letter with several waiting matters of a group, numbered, answered by number."""
        waiting = [self._engine.case(tx, question.case_id) for question in questions]
        items = [_item(case) for case in waiting]
        ends = [end for case in waiting if (end := timer_store.timer_due(tx, case.id, "end")) is not None]
        vocabularies = {self._registry.kinds[i["kind"]].questions["moderate"].vocabulary for i in items}
        values = {
            "group": group_values(group, self._config),
            "items": items,
            "until": min(ends, default=tx.now),
            "case": int(waiting[0].id) if len(waiting) == 1 else None,
            "vocabulary": "held-post" if "held-post" in vocabularies else "join",
        }
        self._engine.ask_again(tx, person, [q.id for q in questions], "moderation/list", values, cause)


def _item(case: Case) -> dict[str, str]:
    data = case.data
    common = {"kind": case.kind, "number": str(int(case.id))}
    if isinstance(data, HeldPost):
        text = " ".join(data.text.split())[:160]
        return {
            **common,
            "who": data.sender_name or data.sender,
            "subject": data.subject,
            "why": data.reason,
            "text": text,
        }
    return {**common, "who": getattr(data, "address", ""), "subject": "", "why": "", "text": getattr(data, "text", "")}


def waiting_for(tx: ReadTx, person: PersonId, group: Group) -> list[Question]:
    """A moderator's open questions in a group."""
    return [q for q in question_store.open_questions(tx, person, group.id) if q.kind == "moderate"]


def resolve(tx: ReadTx, audience: Audience) -> list[PersonId]:
    """The ladder of a group: moderators and deputies, then the moderators of the group that established it."""
    if audience.step == "moderators":
        return store.with_roles(tx, GroupId(audience.group), MODERATING)
    if audience.step == "establishers":
        group = store.group(tx, audience.group)
        return store.with_roles(tx, group.established_by, MODERATING) if group.established_by else []
    return []


def colleagues(tx: ReadTx, group_id: int) -> list[Person]:
    """Whom somebody who is asked may name instead: everybody in the group and in the one that established it."""
    group = store.group(tx, group_id)
    groups = [group.id, *([group.established_by] if group.established_by else [])]
    found = [one.person_id for each in groups for one in store.members(tx, each) if one.active]
    return [people.by_id(tx, person) for person in dict.fromkeys(found)]

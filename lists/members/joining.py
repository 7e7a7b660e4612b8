"""Joining and leaving: by mail to `N-join@`, `N-leave@` and the addresses with a key, by command, and by one click."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from lists import store
from lists.arrivals import members_changed
from lists.members.admission import Admission
from lists.members.join_request import (
    ELIGIBLE,
    NOT_ELIGIBLE,
    AddMember,
    CheckEligible,
    ForgetPerson,
    JoinRequest,
    ProveAddress,
    TellNotEligible,
)
from lists.members.join_request import KIND as JOIN
from lists.members.leave_request import KIND as LEAVE
from lists.members.leave_request import EndMembership, Leaving, RestoreMembership
from lists.model import Group, Membership
from lists.posts.forwarded import Forwarded, inner_author
from lists.values import group_values
from lists.words.addresses import language_of
from mailsvc import arriving
from mailsvc.cases import question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Fired, Tell
from mailsvc.clock import DAY, HOUR
from mailsvc.errors import Reason
from mailsvc.ids import MembershipId
from mailsvc.message.address import Address, parse_address
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Page, Registry, Target, Visitor
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient

UNSUBSCRIBE = "unsubscribe"  # the purpose of the personal key (mailsvc.keys)


class Asked(StrEnum):
    """What became of a request to join or leave."""

    ASKED = "asked"
    JOINED = "joined"
    ALREADY = "already"
    CLOSED = "closed"
    NOT_ALLOWED = "not-allowed"
    WAITING = "waiting"
    NOT_MEMBER = "not-member"
    LIMIT = "limit"
    LEFT = "left"


_REASONS: Final = {Asked.LIMIT: Reason.LIMIT, Asked.NOT_ALLOWED: Reason.NOT_ELIGIBLE}


class Joining:
    """Requests to join and leave, and the effects of their cases."""

    def __init__(self, registry: Registry, engine: Engine, admission: Admission) -> None:
        self._registry = registry
        self._admission = admission
        self._engine = engine
        self._config = registry.site.config
        self._key = registry.site.key

    # ---- handlers

    def join(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """`N-join@`."""
        group = self._group(tx, target)
        author = self._writer(mail)
        if author is None:
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if str(mail.evidence.d) == "fail":
            return Handled(Reason.FORGED, quarantined=True)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None:
            self._tell_unproven(tx, mail, group, author, lacks)
            return Handled(lacks, quarantined=True)
        inner = inner_author(mail.message)
        if inner is not None and self._moderates(tx, group, author):
            return self._join_forwarded(tx, mail, group, author, inner)
        text = without_tokens(newly_written(mail.message, self._config.reading.banners).text.strip()[:1000])
        asked = self.ask_to_join(tx, mail, group, author, text)
        self._tell_joining(tx, mail, group, author, asked)
        return Handled(_REASONS.get(asked, Reason.JOIN_ASKED))

    def leave(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """`N-leave@` asks the registered address; `N-leave+KEY@` and `leave+KEY@` need nothing but the key."""
        if target.argument:
            done = self.leave_by_key(tx, target.argument, arriving.cause_of(mail), target.group)
            return Handled(Reason.LEFT if done else Reason.UNKNOWN_TOKEN, quarantined=not done)
        group = self._group(tx, target)
        author = self._writer(mail)
        person = people.by_address(tx, author.folded) if author else None
        if author is None:
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if person is None or str(mail.evidence.d) == "fail":
            return Handled(Reason.NOT_MEMBER, quarantined=True)
        asked = self.ask_to_leave(tx, group, person, arriving.cause_of(mail))
        if asked is Asked.NOT_MEMBER and allow(tx, self._key, "not-member", person.folded, DAY, 1):
            self._letter(tx, mail, group, _to(person), "leave/not-member")
        return Handled(Reason.LEAVE_ASKED)

    def _group(self, tx: Tx, target: Target) -> Group:
        assert target.group is not None
        return store.group(tx, target.group)

    def _writer(self, mail: Incoming) -> Address | None:
        """The author, when a human wrote it and can be told."""
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        return mail.message.from_address if sign.verdict is Verdict.NONE else None

    # ---- joining

    def _moderates(self, tx: ReadTx, group: Group, author: Address) -> bool:
        person = people.by_address(tx, author.folded)
        member = store.membership(tx, group.id, person.id) if person else None
        return member is not None and member.moderates

    def _join_forwarded(self, tx: Tx, mail: Incoming, group: Group, moderator: Address, inner: Forwarded) -> Handled:
        """A moderator forwards somebody's wish to join: the person inside is asked, and needs nobody else's yes."""
        asked = self.ask_to_join(tx, mail, group, inner.address, "", vouched=inner)
        person = people.by_address(tx, moderator.folded)
        assert person is not None
        values = {"group": group_values(group, self._config), "address": str(inner.address), "asked": str(asked)}
        self._engine.receipt(tx, person.id, "join/forwarded", values, arriving.cause_of(mail))
        return Handled(_REASONS.get(asked, Reason.JOIN_ASKED))

    def ask_to_join(
        self, tx: Tx, mail: Incoming, group: Group, author: Address, text: str, *, vouched: Forwarded | None = None
    ) -> Asked:
        """Begin a join request for `author`; `vouched` when a moderator has forwarded that person's mail."""
        person = people.by_address(tx, author.folded)
        if person is not None and store.membership(tx, group.id, person.id):
            return Asked.ALREADY
        if not group.open or (group.join == "closed" and vouched is None):
            return Asked.CLOSED
        if author.ascii_domain in self._config.domains:
            return Asked.CLOSED  # no address of ours can be a member
        if not self._admission.allowed(tx, group, author):
            return Asked.NOT_ALLOWED
        open_ones = cases.find_open(tx, self._registry.kinds, JOIN, group.id, author.folded)
        if len(open_ones) >= self._config.limits.confirmations_open_per_group:
            return Asked.WAITING
        proven = vouched is None and group.join == "open" and str(mail.evidence.d) == "pass"
        if not proven and not self._may_confirm(tx, author):
            return Asked.LIMIT
        name = vouched.name if vouched else mail.message.from_.display_name
        said = language_of(mail.recipient.partition("@")[0], group.language) if vouched is None else None
        language = said or group.language
        person = people.ensure(tx, author, name=name, language=language, verified=proven)
        data = JoinRequest(
            group_id=group.id,
            group=group_values(group, self._config),
            person=person.id,
            address=str(author),
            name=person.name,
            language=person.language,
            proven=proven,
            moderated=group.join == "moderated" and vouched is None,
            text=text,
            confirm_days=self._config.limits.join_unconfirmed_days,
            end_days=self._config.limits.held_working_days,
        )
        self._engine.open(
            tx, JOIN, data, arriving.cause_of(mail), group=group.id, subject=author.folded, started_by=person.id
        )
        return Asked.JOINED if proven and not data.moderated else Asked.ASKED

    def _may_confirm(self, tx: Tx, address: Address) -> bool:
        """Confirmations go to addresses that others may have typed: few a day and a week, and few an hour in all."""
        limits = self._config.limits
        if not allow(tx, self._key, "confirm-day", address.folded, DAY, limits.confirmations_per_day):
            return False
        if not allow(tx, self._key, "confirm-week", address.folded, 7 * DAY, limits.confirmations_per_week):
            return False
        if allow(tx, self._key, "confirm-site", "", HOUR, limits.confirmations_site_per_hour):
            return True
        for alarm in self._registry.alarms:  # somebody lets us write to many: we pause, and an operator looks
            alarm(tx, Reason.LIMIT, f"{limits.confirmations_site_per_hour} confirmations an hour")
        return False

    def _tell_joining(self, tx: Tx, mail: Incoming, group: Group, author: Address, asked: Asked) -> None:
        """Answer what no letter of the case answers. To anybody but a member it says the same as to everybody."""
        letters = {
            Asked.ALREADY: "join/already",
            Asked.CLOSED: "join/closed",
            Asked.NOT_ALLOWED: "join/not-allowed",
        }
        if asked not in letters or not self._may_tell(tx, author):
            return
        person = people.by_address(tx, author.folded)
        to = _to(person) if person else Recipient(str(author), group.language)
        self._letter(tx, mail, group, to, letters[asked])

    def _tell_unproven(self, tx: Tx, mail: Incoming, group: Group, author: Address, why: Reason) -> None:
        """Strict mode: say what was missing, to nobody more often than a confirmation would go there."""
        if not self._may_tell(tx, author) or not self._may_confirm(tx, author):
            return
        person = people.by_address(tx, author.folded)
        to = _to(person) if person else Recipient(str(author), group.language)
        values = {"group": group_values(group, self._config), "why": str(why), "address": str(author)}
        outgoing.letter(tx, self._registry.site, to, "join/unproven", values, cause=mail.inbox_id, group_id=group.id)

    def _may_tell(self, tx: Tx, author: Address) -> bool:
        return allow(tx, self._key, "join-told", author.folded, DAY, 1) and allow(
            tx, self._key, "stranger", author.folded, DAY, self._config.limits.stranger_letters_per_day
        )

    def _letter(self, tx: Tx, mail: Incoming, group: Group, to: Recipient, letter: str) -> None:
        values = self._admission.refusal(group)
        outgoing.letter(tx, self._registry.site, to, letter, values, cause=mail.inbox_id, group_id=group.id)

    def add_member(self, tx: Tx, case: Case, _effect: AddMember, cause: Cause) -> None:
        """The person is a member now, and is welcomed."""
        data = case.data
        assert isinstance(data, JoinRequest)
        address = parse_address(data.address)
        known = people.address(tx, address.folded) if address else None
        assert known is not None
        assert case.group is not None
        self._admission.admit(tx, store.group(tx, case.group), known.person_id, known.id, cause, case)

    def check_eligible(self, tx: Tx, case: Case, _effect: CheckEligible, cause: Cause) -> None:
        """The case goes on by what the group allows today."""
        assert isinstance(case.data, JoinRequest)
        group = store.group(tx, case.data.group_id)
        address = parse_address(case.data.address)
        allowed = address is not None and self._admission.allowed(tx, group, address)
        self._engine.apply(tx, case.id, Fired(ELIGIBLE if allowed else NOT_ELIGIBLE), cause)

    def tell_not_eligible(self, tx: Tx, case: Case, _effect: TellNotEligible, cause: Cause) -> None:
        """The letter says whose people may join."""
        data = case.data
        assert isinstance(data, JoinRequest)
        values = self._admission.refusal(store.group(tx, data.group_id))
        to = Recipient(data.address, data.language, data.person)
        self._engine.tell(tx, case, Tell(to, "join/not-allowed", values), cause)

    def prove_address(self, tx: Tx, case: Case, _effect: ProveAddress, _cause: Cause) -> None:
        """A reply from it has come."""
        assert isinstance(case.data, JoinRequest)
        address = parse_address(case.data.address)
        if address is not None:
            people.verify(tx, address.folded)

    def forget_person(self, tx: Tx, case: Case, _effect: ForgetPerson, _cause: Cause) -> None:
        """Nothing is kept of an address that never confirmed."""
        assert isinstance(case.data, JoinRequest)
        question_store.void_open(tx, case.id)
        people.forget_unproven(tx, case.data.person)

    # ---- leaving

    def ask_to_leave(self, tx: Tx, group: Group, person: Person, cause: Cause) -> Asked:
        """Ask the registered address, unless that is asked already."""
        member = store.membership(tx, group.id, person.id)
        if member is None:
            return Asked.NOT_MEMBER
        waiting = cases.find_open(tx, self._registry.kinds, LEAVE, group.id, str(member.id))
        if any(case.state == "confirming" for case in waiting):
            return Asked.WAITING
        self._open_leaving(tx, group, member, person, cause, proven=False)
        return Asked.ASKED

    def leave_by_key(self, tx: Tx, key: str, cause: Cause, group_id: int | None = None) -> bool:
        """The personal key of List-Unsubscribe is enough alone; False when it is none or its member has left."""
        member = self._by_key(tx, key)
        if member is None or (group_id is not None and member.group_id != group_id):
            return False
        group = store.group(tx, member.group_id)
        self._open_leaving(tx, group, member, people.by_id(tx, member.person_id), cause, proven=True)
        return True

    def _by_key(self, tx: ReadTx, key: str) -> Membership | None:
        """Whose key it is; that of a group which was merged leads to where its members are now."""
        number = self._key.number_in(UNSUBSCRIBE, key)
        if number is None:
            return None
        found = store.membership_by_id(tx, number)
        moved = store.membership_now(tx, number) if found is None else None
        return store.membership_by_id(tx, moved) if moved is not None else found

    def _open_leaving(
        self, tx: Tx, group: Group, member: Membership, person: Person, cause: Cause, *, proven: bool
    ) -> None:
        data = Leaving(
            group_id=group.id,
            group=group_values(group, self._config),
            membership=member.id,
            person=person.id,
            address=member.address,
            language=person.language,
            proven=proven,
            confirm_days=self._config.limits.join_unconfirmed_days,
        )
        self._engine.open(tx, LEAVE, data, cause, group=group.id, subject=str(member.id), started_by=person.id)

    def end_membership(self, tx: Tx, case: Case, effect: EndMembership, cause: Cause) -> None:
        """Gone; the letter says so and can be answered `undo`."""
        data = case.data
        assert isinstance(data, Leaving)
        member = store.membership_by_id(tx, data.membership)
        if member is not None:
            self._admission.leave(tx, member, cause)
        undo = self._engine.ask_undo(tx, case.id, data.person)
        values = {
            "group": data.group,
            "undo_until": effect.undo_until,
            "case": int(case.id),
            "vocabulary": "receipt",
        }
        self._engine.receipt(tx, data.person, "leave/done", values, cause, [undo])

    def restore_membership(self, tx: Tx, case: Case, _effect: RestoreMembership, cause: Cause) -> None:
        """Taken back."""
        assert isinstance(case.data, Leaving)
        member = MembershipId(case.data.membership)
        if store.restore_membership(tx, member) and (back := store.membership_by_id(tx, member)) is not None:
            members_changed(self._registry, tx, back.group_id, cause)

    # ---- one click

    def unsubscribe_page(self, tx: ReadTx, _visitor: Visitor, parameters: Mapping[str, str]) -> Page | None:
        """What the link of List-Unsubscribe shows before anything is done."""
        member = self._by_key(tx, parameters.get("key", ""))
        if member is None:
            return None
        group = store.group(tx, member.group_id)
        person = people.by_id(tx, member.person_id)
        local, _, domain = member.address.partition("@")
        values = {
            "group_title": group.title,
            "group_address": f"{group.name}@{self._config.site.domain}",
            "address_masked": f"{local[:1]}…@{domain}",
            "language": person.language,
        }
        return Page("unsubscribe", group.title, values)

    def unsubscribe(self, tx: Tx, key: str) -> bool:
        """The POST behind that page, and RFC 8058's one click."""
        return self.leave_by_key(tx, key, Cause(f"web:{key}:{tx.now}"))


def _to(person: Person) -> Recipient:
    return Recipient(person.address, person.language, person.id)

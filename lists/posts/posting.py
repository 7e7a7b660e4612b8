"""The handler of posts: what is known of the mail, the decision, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from lists import store
from lists.model import ARCHIVE_OFF, Group, Membership
from lists.posts import archive_store, digesting
from lists.posts.confidence import is_confidential
from lists.posts.held_post import KIND, HeldPost
from lists.posts.posting_policy import Drop, Help, Hold, PostDecision, PostFacts, Send, decide, may_write_to_author
from lists.posts.wire import POST, post_values
from lists.values import group_values
from lists.words.command_text import BEGINNING, says_much
from lists.words.reading import is_bare_command
from mailsvc import arriving
from mailsvc.cases import exposed
from mailsvc.cases.engine import Engine
from mailsvc.clock import DAY, Instant, to_datetime, to_instant
from mailsvc.config import Config
from mailsvc.errors import Reason
from mailsvc.forwarding import FORWARD, forward_values
from mailsvc.ids import CaseId, InboxId, PersonId
from mailsvc.message.address import FromOutcome, parse_address
from mailsvc.message.attached_text import attached_text
from mailsvc.message.automatic import Automatic, Verdict, classify
from mailsvc.message.identity_numbers import find as find_identity_numbers
from mailsvc.message.identity_numbers import mask
from mailsvc.message.parsing import Message
from mailsvc.message.reply_text import beginning, newly_written, whole_text
from mailsvc.message.token_cut import hidden
from mailsvc.message.tokens import reply_tokens, without_tokens
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Reading, Registry, Target
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient

LONGEST_EXCERPT: Final = 4000  # characters of a post that a moderator's letter shows
FEW_MEMBERS: Final = 300
_CELL_ENDS: Final = re.compile(r"[,;\t|\"]")
GATHER_HOUR: Final = 16  # local time at which strangers' unproven posts reach the moderators in one letter


@dataclass(frozen=True, slots=True)
class Findings:
    """What the mail itself tells, whoever wrote it to whichever group; `text` is its whole body as text."""

    text: str
    identity_number: bool
    identity_number_in_file: bool
    bare_command: bool
    tokens: frozenset[str]


class Posting:
    """Handles mail to `N@`."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = store.group(tx, target.group)
        early = self.not_a_post(mail, group)
        if early is not None:
            return early
        message_id = mail.message.message_id or mail.digest.hex()
        limits = self._config.limits
        before = inbox.seen(tx, f"post:{group.id}", message_id, mail.digest, mail.inbox_id, limits.duplicate_days)
        if before is not None and before.same:
            return Handled(Reason.DUPLICATE)
        facts, member, person = self.facts(tx, mail, group, same_id=before is not None)
        return self._act(tx, mail, group, facts, decide(facts), member, person)

    def not_a_post(self, mail: Incoming, group: Group) -> Handled | None:
        """What is never a post: certain machines, our own mail coming back, recalls and reactions."""
        sign = self._sign(mail)
        own_list = f"{group.name}.{self._config.site.domain}".lower()
        if mail.message.list_id.lower() == own_list:
            return Handled(Reason.LOOP, quarantined=True)
        if sign.verdict is Verdict.CERTAIN or mail.message.reaction or mail.message.recall or mail.message.receipt:
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if not group.open:
            return Handled(Reason.CLOSED_GROUP, quarantined=True)
        return None if group.held_at is None else Handled(Reason.HELD_GROUP, quarantined=True)

    def to_read(self, tx: ReadTx, target: Target) -> Reading | None:
        """See registry.ToRead: all that the decision needs, unless the group takes no posts now."""
        assert target.group is not None
        group = store.group(tx, target.group)
        return self.read if group.open and group.held_at is None else None

    def brief(self, tx: ReadTx, target: Target) -> bool:
        """See Registry.brief: copies for a large group are many rows."""
        assert target.group is not None
        return not store.has_more_than(tx, target.group, FEW_MEMBERS)

    def read(self, mail: Incoming) -> None:
        """Look into the mail before anybody waits for what is found."""
        if self._sign(mail).verdict is not Verdict.CERTAIN:
            mail.once(self._findings)

    def _sign(self, mail: Incoming) -> Automatic:
        return mail.once(self._classified)

    def _classified(self, mail: Incoming) -> Automatic:
        return classify(mail.message, mail.envelope.reverse_path, self._config.domains)

    def _findings(self, mail: Incoming) -> Findings:
        message = mail.message
        text = whole_text(message)
        return Findings(
            text,
            bool(find_identity_numbers(f"{message.subject}\n{text}")),
            self._numbers_in_files(message),
            self._only_a_command(message),
            reply_tokens(message),
        )

    def _numbers_in_files(self, message: Message) -> bool:
        """Whether a file or mail goes out with somebody's number in it; what parts a table's cells says nothing."""
        if not message.attachments:
            return False
        limits = self._config.limits
        text = attached_text(message, limits.read_text, limits.read_parts)
        return bool(find_identity_numbers(_CELL_ENDS.sub(" ", text)))

    def _only_a_command(self, message: Message) -> bool:
        """It is asked of every post, so an ordinary one is found to be more by its beginning."""
        banners = self._config.reading.banners
        begins = beginning(message, banners, most=2 * BEGINNING)
        if begins is not None and says_much(begins):
            return False
        return is_bare_command(message.subject, newly_written(message, banners).text)

    def facts(
        self, tx: ReadTx, mail: Incoming, group: Group, *, same_id: bool
    ) -> tuple[PostFacts, Membership | None, PersonId | None]:
        """Everything the decision rests on; reads only, so that `explain` can ask the same."""
        message, limits, found = mail.message, self._config.limits, mail.once(self._findings)
        author = message.from_address
        person = people.by_address(tx, author.folded) if author else None
        member = store.membership(tx, group.id, person.id) if person else None
        size = group.settings.max_size or limits.group_message_size
        facts = PostFacts(
            group_post=group.post,
            role=member.role if member and member.active else "",
            posting=member.posting if member else "normal",
            sender=(store.sender_posting(tx, group.id, author.folded) or "") if author and not member else "",
            d=str(mail.evidence.d),
            from_ambiguous=message.from_.outcome is FromOutcome.AMBIGUOUS,
            automatic=self._sign(mail).verdict is Verdict.LIKELY,
            too_big=len(message.content) > size,
            too_deep=message.depth > limits.mime_depth_held,
            identity_number=found.identity_number,
            identity_number_in_file=found.identity_number_in_file,
            token=bool(exposed.living(tx, message, found.tokens)),
            invitation=message.calendar_method in ("REQUEST", "CANCEL", "COUNTER", "PUBLISH"),
            unreadable=bool(message.unreadable),
            bare_command=found.bare_command,
            same_id=same_id,
            strict=self._config.security.strict,
            on_behalf=mail.evidence.sender_differs,
            signed=mail.evidence.signed,
        )
        return facts, member, person.id if person else None

    def _act(
        self,
        tx: Tx,
        mail: Incoming,
        group: Group,
        facts: PostFacts,
        decision: PostDecision,
        member: Membership | None,
        person: PersonId | None,
    ) -> Handled:
        match decision:
            case Send():
                send(tx, self._registry, mail, group, mail.inbox_id)
                return Handled(Reason.POSTED)
            case Hold(reason=reason):
                self._hold(tx, mail, group, facts, reason, person)
                return Handled(Reason.HELD)
            case Drop(reason=reason):
                return Handled(reason, quarantined=True)
            case Help():
                assert member is not None
                self._help(tx, mail, group, member)
                return Handled(Reason.HELD_COMMAND)
        assert_never(decision)

    def _help(self, tx: Tx, mail: Incoming, group: Group, member: Membership) -> None:
        """A bare command sent to everybody by mistake: its author is shown the right address."""
        person = people.by_id(tx, member.person_id)
        text = mail.once(self._findings).text.strip()[:200]
        values = {"group": group_values(group, self._config), "text": text}
        outgoing.letter(
            tx,
            self._registry.site,
            Recipient(person.address, person.language, person.id),
            "command/misplaced",
            values,
            cause=mail.inbox_id,
            group_id=group.id,
        )

    def _hold(
        self, tx: Tx, mail: Incoming, group: Group, facts: PostFacts, reason: Reason, person: PersonId | None
    ) -> CaseId:
        if facts.token:  # whatever else it is held for
            exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        shown = mail.once(self._findings).tokens if facts.token else ()
        author = mail.message.from_address
        tell = may_write_to_author(
            known=person is not None, d=facts.d, automatic=facts.automatic, from_ambiguous=facts.from_ambiguous
        )
        known = people.by_id(tx, person) if person is not None else None
        gather = not facts.role and person is None and facts.d in ("weak", "fail")
        data = HeldPost(
            group_id=group.id,
            group=group_values(group, self._config),
            inbox_id=mail.inbox_id,
            raw_id=mail.raw_id,
            message_id=mail.message.message_id,
            reason=str(reason),
            sender=str(author or ""),
            sender_folded=author.folded if author else "",
            sender_name=hidden(mail.message.from_.display_name, shown) if author else "",
            subject=without_tokens(hidden(mask(mail.message.subject), shown))[:300],
            text=self._excerpt(mail, shown),
            attachments=tuple(
                f"{hidden(one.name, shown)} ({one.size // 1024 + 1} KiB)" for one in mail.message.attachments[:20]
            ),
            author_address=str(author) if author and tell else "",
            author_language=known.language if known else group.language,
            author_person=person,
            acknowledge=tell and author is not None and self._within_limits(tx, author.folded, person),
            gather_at=next_gathering(tx.now, self._config) if gather else None,
            end_days=self._config.limits.held_working_days,
            held_at=tx.now,
        )
        if person is None:
            self._to_records(tx, mail, group)
        cause = arriving.cause_of(mail, person)
        return self._engine.open(
            tx, KIND, data, cause, group=group.id, subject=author.folded if author else "", started_by=person
        )

    def _to_records(self, tx: Tx, mail: Incoming, group: Group) -> None:
        """A post from outside the organisation may be a public record: `[records] address` gets it at once."""
        address = parse_address(self._config.records.address)
        if address is None:
            return
        to = Recipient(str(address), self._config.site.language)
        values = forward_values(f"{group.name}@{self._config.site.domain}", mail)
        outgoing.forward(
            tx, self._registry.site, mail.raw_id, [to], FORWARD, values, cause=mail.inbox_id, group_id=group.id
        )

    def _within_limits(self, tx: Tx, folded: str, person: PersonId | None) -> bool:
        """Strangers get few letters of ours, known people as many as they have matters, but not without end."""
        limits, key = self._config.limits, self._registry.site.key
        if person is None:
            return allow(tx, key, "stranger-held", folded, DAY, 1) and allow(
                tx, key, "stranger", folded, DAY, limits.stranger_letters_per_day
            )
        return allow(tx, key, "person", folded, DAY, limits.person_letters_per_day)

    def _excerpt(self, mail: Incoming, tokens: Collection[str]) -> str:
        text = without_tokens(hidden(mask(mail.once(self._findings).text), tokens)).strip()
        return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rstrip()}\n[…]"


def send(
    tx: Tx, registry: Registry, mail: Incoming, group: Group, cause: InboxId, case_id: CaseId | None = None
) -> int:
    """Fan a post out to the members of `group`; how many copies."""
    message = mail.message
    author = message.from_address
    person = people.by_address(tx, author.folded) if author else None
    post_key = message.message_id or mail.digest.hex()
    kept = 0
    if group.settings.archive != ARCHIVE_OFF:
        kept = archive_store.keep(
            tx,
            group.id,
            mail.raw_id,
            mail.inbox_id,
            post_key,
            person.id if person else None,
            confidential=is_confidential(message),
        )
    row = outgoing.post(
        tx,
        registry.site,
        mail.raw_id,
        POST,
        post_values(group, mail, kept),
        group_id=group.id,
        message_id=post_key,
        cause=cause,
        case_id=case_id,
        shape=group.settings.delivery,
    )
    skip = [one.folded for one in (*message.to, *message.cc)] if group.settings.skip_copied else []
    copies = store.fan_out(tx, row, group.id, person.id if person else None, skip, post_key)
    outgoing.filled(tx, row, copies)
    digesting.owe(tx, registry.site.config, row, group.id, person.id if person else None, skip)
    if group.held_at is not None:  # approved while the group is held: it goes out with the others
        outgoing.hold_posts(tx, group.id)
    return copies


def next_gathering(now: Instant, config: Config) -> Instant:
    """The next moment at which gathered posts go to the moderators."""
    local = to_datetime(now, ZoneInfo(config.site.timezone))
    moment = local.replace(hour=GATHER_HOUR, minute=0, second=0, microsecond=0)
    if moment <= local:
        moment += timedelta(days=1)
    return to_instant(moment.astimezone(UTC))

"""The desk `N-docs@`: documents of moderators at once, of members after a moderator's yes; asked about again later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from lists import store
from lists.directory import entry_store
from lists.documents import files as document_files
from lists.documents.case import (
    CHECK,
    CONFIRM,
    DOCUMENT_CHECK,
    DOCUMENTS,
    KIND,
    MODERATE,
    NOW,
    TOLD,
    AskLater,
    DocumentCheck,
    Documents,
    DropFiles,
    PublishFiles,
    SentFile,
    StillRight,
)
from lists.documents.files import Looked
from lists.model import Group, Membership
from lists.values import group_values
from mailsvc import arriving
from mailsvc.cases import exposed
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Withdrawn
from mailsvc.clock import DAY
from mailsvc.errors import Reason
from mailsvc.ids import GroupId, PersonId
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import reply_tokens, without_tokens
from mailsvc.people import store as people
from mailsvc.people.organisations import site_day
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, InThread, Reading, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient

LATER_DAYS: Final = 30
LONGEST_TEXT: Final = 2000


class DocsDesk:
    """Takes documents, and asks about them when their day has come."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def register(self) -> None:
        """The handler with its reading, the kinds, the effects, the daily look, what is known of a person."""
        registry = self._registry
        registry.handlers["docs"] = self
        registry.readings["docs"] = self.to_read
        registry.kinds |= {KIND: DOCUMENTS, CHECK: DOCUMENT_CHECK}
        registry.effects |= {
            PublishFiles: self.publish,
            DropFiles: self.drop,
            StillRight: self.still_right,
            AskLater: self.ask_later,
        }
        registry.daily.append(self.look_at)
        registry.erasers.append(lambda tx, person, _folded: entry_store.forget_person(tx, person))
        registry.own_data.append(self.known)
        registry.kept_data.append(self.kept)

    # ---- before the transaction

    def to_read(self, _tx: ReadTx, _target: Target) -> Reading:
        """See registry.ToRead."""
        return InThread(lambda mail: (mail.once(self._looked), mail.once(_tokens)))

    def _looked(self, mail: Incoming) -> Looked:
        if self._automatic(mail) or len(mail.message.content) > self._config.limits.message_size:
            return Looked()
        return document_files.look(mail.message, self._config.docs, self._config.limits.documents_per_mail)

    def _automatic(self, mail: Incoming) -> bool:
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        return sign.verdict is not Verdict.NONE

    # ---- a mail

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = store.group(tx, target.group)
        author = mail.message.from_address
        if self._automatic(mail) or author is None:
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if str(mail.evidence.d) == "fail":
            return Handled(Reason.FORGED, quarantined=True)
        person = people.by_address(tx, author.folded)
        if person is None:
            return Handled(Reason.UNKNOWN_SENDER, quarantined=True)
        most = self._config.limits.person_letters_per_day
        if not allow(tx, self._registry.site.key, "person", author.folded, DAY, most):
            return Handled(Reason.LIMIT, quarantined=True)
        member = store.membership(tx, group.id, person.id)
        problem, name = self._problem(tx, mail, group, member)
        if problem:
            self._tell(tx, mail, group, person, problem, name)
            quarantined = problem in ("infected", "unscanned")
            return Handled(
                Reason.NOT_ENTITLED if problem == "not-member" else Reason.NOT_TAKEN, quarantined=quarantined
            )
        assert member is not None
        self._open(tx, mail, group, person, member)
        return Handled(Reason.DOCUMENTS)

    def _problem(self, tx: Tx, mail: Incoming, group: Group, member: Membership | None) -> tuple[str, str]:
        """Why nothing is taken, and the file it is about; ("", "") when all is well."""
        if member is None or not member.active:
            return "not-member", ""
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None:
            return str(lacks), ""
        if len(mail.message.content) > (group.settings.max_size or self._config.limits.group_message_size):
            return "too-big", ""
        if mail.message.unreadable:
            return "unreadable", ""
        if exposed.living(tx, mail.message, mail.once(_tokens)):
            exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
            return "token", ""
        looked = mail.once(self._looked)
        return looked.problem, looked.name

    def _how(self, mail: Incoming, member: Membership) -> str:
        """Who moderates and is proven by D (in strict mode by a signature) publishes at once."""
        if not member.moderates:
            return MODERATE
        strict = self._config.security.strict
        return NOW if str(mail.evidence.d) == "pass" and (mail.evidence.signed or not strict) else CONFIRM

    def _open(self, tx: Tx, mail: Incoming, group: Group, person: Person, member: Membership) -> None:
        files = []
        for one in mail.once(self._looked).files:
            number = entry_store.insert_file(
                tx, group.id, one.name, one.content_type, one.content, one.sha256, person.id, mail.inbox_id
            )
            known = entry_store.named(tx, group.id, document_files.fold_name(one.name))
            files.append(SentFile(number, one.name, len(one.content), known is not None))
        text = newly_written(mail.message, self._config.reading.banners).text
        day, unread = document_files.look_again(text, site_day(tx.now, self._config), person.language)
        data = Documents(
            group.id,
            group_values(group, self._config),
            person.id,
            person.shown,
            person.address,
            person.language,
            self._how(mail, member),
            tuple(files),
            without_tokens(text)[:LONGEST_TEXT],
            day,
            without_tokens(unread),
            self._config.limits.held_working_days,
        )
        cause = arriving.cause_of(mail, person.id)
        self._engine.open(tx, KIND, data, cause, group=group.id, started_by=person.id)

    def _tell(self, tx: Tx, mail: Incoming, group: Group, person: Person, problem: str, name: str) -> None:
        values = {
            "group": group_values(group, self._config),
            "outcome": problem,
            "name": name,
            "most": self._config.limits.documents_per_mail,
            "largest": (group.settings.max_size or self._config.limits.group_message_size) // (1024 * 1024) or 1,
        }
        to = Recipient(person.address, person.language, person.id)
        outgoing.letter(tx, self._registry.site, to, TOLD, values, cause=mail.inbox_id, group_id=group.id)

    # ---- effects

    def publish(self, tx: Tx, case: Case, _effect: PublishFiles, cause: Cause) -> None:
        """Each file is a document, or the next version of one; a question about the old version ends."""
        data = case.data
        assert isinstance(data, Documents)
        for one in data.files:
            number = entry_store.publish(tx, one.id, document_files.fold_name(one.name), data.look_again)
            self.end_checks(tx, data.group_id, number, cause)
        store.entry_changed(tx, GroupId(data.group_id))

    def drop(self, tx: Tx, case: Case, _effect: DropFiles, _cause: Cause) -> None:
        """The rows and their bytes go."""
        assert isinstance(case.data, Documents)
        for one in case.data.files:
            entry_store.drop_file(tx, one.id)

    def still_right(self, tx: Tx, case: Case, effect: StillRight, _cause: Cause) -> None:
        """See StillRight."""
        assert isinstance(case.data, DocumentCheck)
        days = self._config.docs.look_again_days if effect.right else LATER_DAYS
        entry_store.set_look_again(tx, case.data.document, self._day(tx, days), outdated=not effect.right)

    def ask_later(self, tx: Tx, case: Case, _effect: AskLater, _cause: Cause) -> None:
        """See AskLater."""
        assert isinstance(case.data, DocumentCheck)
        entry_store.set_look_again(tx, case.data.document, self._day(tx, LATER_DAYS))

    def _day(self, tx: ReadTx, days: int) -> str:
        return (site_day(tx.now, self._config) + timedelta(days=days)).isoformat()

    def remove(self, tx: Tx, group_id: int, name: str, cause: Cause) -> bool:
        """A document is gone, and what was asked about it; False when there is none of that name."""
        number = entry_store.named(tx, group_id, document_files.fold_name(name))
        if number is None or not entry_store.remove(tx, number):
            return False
        self.end_checks(tx, group_id, number, cause)
        store.entry_changed(tx, GroupId(group_id))
        return True

    def end_checks(self, tx: Tx, group_id: int, number: int, cause: Cause) -> None:
        """What is being asked about a document is no question any more."""
        for case in cases.find_open(tx, self._registry.kinds, CHECK, group_id, str(number)):
            own = Cause(f"{cause.key}:check:{case.id}", cause.inbox_id, cause.actor, cause.evidence)
            self._engine.apply(tx, case.id, Withdrawn(cause.actor), own)

    def known(self, tx: ReadTx, person: PersonId) -> Mapping[str, object]:
        """See Registry.own_data."""
        rows = entry_store.brought_by(tx, person)
        return {"documents": [{key: row[key] for key in ("name", "group", "version", "at")} for row in rows]}

    def kept(self, tx: ReadTx, person: PersonId, _folded: Sequence[str]) -> list[Mapping[str, object]]:
        """See Registry.kept_data: documents are the group's."""
        groups = dict.fromkeys(str(row["group"]) for row in entry_store.brought_by(tx, person))
        return [{"what": "documents", "group": title} for title in groups]

    # ---- every morning

    def look_at(self, tx: Tx) -> None:
        """See registry.daily: ask the moderators about each document whose day has come, once."""
        today: date = site_day(tx.now, self._config)
        for row in entry_store.to_look_at(tx, today.isoformat()):
            if cases.find_open(tx, self._registry.kinds, CHECK, row["group_id"], str(row["id"])):
                continue
            group = store.group(tx, row["group_id"])
            days = self._config.limits.held_working_days
            data = DocumentCheck(group.id, group_values(group, self._config), row["id"], row["name"], days)
            cause = Cause(f"document:{row['id']}:{row['look_again']}:{tx.now}")
            self._engine.open(tx, CHECK, data, cause, group=group.id, subject=str(row["id"]))


def _tokens(mail: Incoming) -> frozenset[str]:
    return reply_tokens(mail.message)

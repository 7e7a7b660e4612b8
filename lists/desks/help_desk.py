"""The desk `help@`: what can be done from here, commands that need no group, what a forwarded letter of ours was.

What a letter asks is told to nobody but the person it was written to. A token that stands in the mail stays as it is:
it was sent to us alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lists import store
from lists.desks.finding import Finding
from lists.desks.help_store import LetterRow, letter_by_id, letter_by_message_ids, letters_of_case
from lists.desks.site_commands import SiteCommands
from lists.directory import entry_store
from lists.directory.pages import visible
from lists.directory.seeing import NOTHING
from lists.members.own_data import OwnDataDesk
from lists.posts.moderation import Moderation
from mailsvc import arriving
from mailsvc.cases import ask_store, question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.model import Case
from mailsvc.cases.reading.answers import find_case_number
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, QuestionId
from mailsvc.limits import Limits
from mailsvc.message.evidence import lacking
from mailsvc.message.parsing import Message, parse
from mailsvc.message.parts import part_data
from mailsvc.message.reply_text import whole_text
from mailsvc.message.tokens import reply_tokens
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.registry import Handled, Incoming, Reading, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

OVERVIEW: Final = "help/overview"
ASKED: Final = "help/asked"
WAS: Final = "help/was"
MOST_INNER: Final = 5
MOST_PUBLIC: Final = 10
INNER_BYTES: Final = 256 * 1024
DESKS: Final = ("proposals", "ideas", "rounds", "actions", "find", "test")
_PREFIX: Final = re.compile(r"\A(?:\s*(?:re|sv|vs|vb|aw|fwd?|videresendt|vidarebefordrat)\s*:)+\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*\[#\d+\]\s*")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a mail says of letters of ours: their Message-IDs, tokens, and the case's number."""

    message_ids: tuple[str, ...]
    tokens: frozenset[str]
    number: int | None
    subject: str


class HelpDesk:
    """Answers every mail of a person we know, and a stranger once a day."""

    def __init__(self, registry: Registry, engine: Engine, own_data: OwnDataDesk, moderation: Moderation) -> None:
        self._registry = registry
        self._engine = engine
        self._commands = SiteCommands(registry, engine, own_data, moderation)
        self._config = registry.site.config

    def register(self) -> None:
        """The desk and its reading."""
        self._registry.handlers["help"] = self
        self._registry.readings["help"] = self.to_read

    def to_read(self, _tx: ReadTx, _target: Target) -> Reading:
        """See registry.ToRead: the enclosed mails are read before the transaction."""
        return lambda mail: mail.once(looked)

    def __call__(self, tx: Tx, mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler."""
        refused = arriving.unwritten(self._registry, mail)
        if refused is not None:
            return refused
        if not arriving.vouched_for(tx, mail) or not arriving.may_ask(tx, self._registry, mail, "help"):
            return Handled(Reason.LIMIT, quarantined=True)
        author = arriving.author_of(mail)
        person = people.by_address(tx, author.folded)
        if person is None:
            self._overview(tx, mail, Recipient(str(author), self._config.site.language), None)
            return Handled(Reason.HELPED)
        if self._explain(tx, mail, person):
            return Handled(Reason.HELPED)
        if self._commands.take(tx, mail, person):
            return Handled(Reason.COMMANDS_DONE)
        self._overview(tx, mail, Recipient(person.address, person.language, person.id), person)
        return Handled(Reason.HELPED)

    # ---- a letter of ours

    def _explain(self, tx: Tx, mail: Incoming, person: Person) -> bool:
        """Say what the letter was that this mail is about; False when it is about none."""
        seen = mail.once(looked)
        letter = self._letter(tx, seen, person)
        if letter is None:
            return False
        mine = letter.person_id == person.id
        case = cases.load(tx, self._registry.kinds, letter.case_id) if letter.case_id is not None else None
        waiting = self._open(tx, letter, person) if mine else []
        if mine and waiting and lacking(mail.evidence, strict=self._config.security.strict) is None:
            self._ask(tx, mail, seen, person, waiting)
            return True
        values = {
            "mine": mine,
            "post": letter.kind == "post",
            "subject": seen.subject if mine else "",
            "asks": letter.asks,
            "case": int(case.id) if case is not None and mine else None,
            "about": self._engine.title(case) if case is not None and mine else "",
            "open": case is not None and case.closed_at is None,
            "waiting": bool(waiting),
            "cases": f"cases@{self._config.site.domain}",
            "help": f"help@{self._config.site.domain}",
        }
        to = Recipient(person.address, person.language, person.id)
        outgoing.letter(tx, self._registry.site, to, WAS, values, cause=mail.inbox_id)
        return True

    def _letter(self, tx: ReadTx, seen: Seen, person: Person) -> LetterRow | None:
        """By token, by Message-ID, or by the number of a case in which this person got a letter."""
        for token in sorted(seen.tokens):
            ask = ask_store.ask_by_token(tx, token)
            if ask is not None:
                return letter_by_id(tx, ask.outgoing_id, person.id)
        found = letter_by_message_ids(tx, seen.message_ids, person.id)
        if found is None and seen.number is not None:
            found = letters_of_case(tx, CaseId(seen.number), person.id)
        return found

    def _open(self, tx: ReadTx, letter: LetterRow, person: Person) -> list[QuestionId]:
        """The questions of the letter that still wait for this person."""
        if letter.kind == "post":
            return []
        ask = ask_store.ask_of_letter(tx, letter.id)
        if ask is not None:
            known = [question_store.question(tx, number) for _, number in ask.items]
            return [one.id for one in known if one.state == "open" and one.kind != UNDO and one.person_id == person.id]
        if letter.case_id is None:
            return []
        mine = [one for one in question_store.open_questions(tx, person.id, None) if one.kind != UNDO]
        return [one.id for one in mine if one.case_id == letter.case_id]

    def _ask(self, tx: Tx, mail: Incoming, seen: Seen, person: Person, waiting: list[QuestionId]) -> None:
        """The explanation asks the same once more, so that it can be answered by a reply to it."""
        questions = [question_store.question(tx, number) for number in waiting]
        known: list[Case] = [self._engine.case(tx, one.case_id) for one in questions]
        kinds = [
            self._registry.kinds[case.kind].questions[one.kind] for case, one in zip(known, questions, strict=True)
        ]
        if len({kind.vocabulary for kind in kinds}) > 1:
            waiting, known, kinds = waiting[:1], known[:1], kinds[:1]
        items = [{"case": int(case.id), "about": self._engine.title(case)} for case in known]
        values: Values = {"subject": seen.subject, "items": items, "vocabulary": kinds[0].vocabulary}
        if len(known) == 1:
            values = {**values, "case": int(known[0].id)}
        cause = arriving.cause_of(mail, person.id)
        self._engine.ask_again(tx, person.id, waiting, ASKED, values, cause)

    # ---- what can be done

    def _overview(self, tx: Tx, mail: Incoming, to: Recipient, person: Person | None) -> None:
        domain = self._config.site.domain
        groups = []
        roles = entry_store.roles_of(tx, person.id) if person is not None else {}
        for number, role in roles.items():
            group = store.group(tx, number)
            if group.open:
                groups.append({"title": group.title or group.name, "name": group.name, "role": role})
        public = [] if person is not None else visible(tx, NOTHING)[:MOST_PUBLIC]
        values = {
            "known": person is not None,
            "groups": sorted(groups, key=lambda one: one["title"]),
            "public": [
                {"title": one.title or one.name, "address": f"{one.name}@{domain}", "join": f"{one.name}-join@{domain}"}
                for one in public
            ],
            "desks": [desk for desk in DESKS if desk in self._registry.handlers],
            "served": [name for name in ("meeting", "raise", "round", "docs") if name in self._registry.handlers],
            "domain": domain,
            "help": f"help@{domain}",
        }
        outgoing.letter(tx, self._registry.site, to, OVERVIEW, values, cause=mail.inbox_id)


def looked(mail: Incoming) -> Seen:
    """What a mail, and the mails in it, say of letters of ours. Bounded; never raises."""
    message = mail.message
    inner: list[Message] = []
    for part in message.parts:
        if part.content_type == "message/rfc822" and len(inner) < MOST_INNER:
            inner.append(parse(part_data(message.content, part, INNER_BYTES), Limits()))
    ids = [one for part in inner for one in (part.message_id, *part.references) if one]
    subjects = [part.subject for part in inner]
    text = whole_text(message)
    number = next((found for one in (*subjects, message.subject, text) if (found := find_case_number(one))), None)
    subject = _NUMBER.sub(" ", _PREFIX.sub("", subjects[0] if subjects else message.subject)).strip()[:200]
    return Seen((*ids, *message.references), reply_tokens(message), number, subject)


def register(registry: Registry, engine: Engine, own_data: OwnDataDesk, moderation: Moderation) -> None:
    """Both desks of people who look for something."""
    Finding(registry).register()
    HelpDesk(registry, engine, own_data, moderation).register()

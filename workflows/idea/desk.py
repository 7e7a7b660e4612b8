"""The desk `ideas@`: any mail is an idea; without a name where that is asked for; `status 142` says how one stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc import arriving
from mailsvc.cases import exposed
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience, Case, Cause
from mailsvc.clock import DAY, HOUR
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, InboxId, OutgoingId
from mailsvc.message.address import Address
from mailsvc.message.evidence import Evidence, lacking
from mailsvc.message.form_guess import PROPOSAL
from mailsvc.message.forms import read_form
from mailsvc.message.parsing import parse
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store import anonymous, inbox, outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient
from workflows.idea.case import KIND, Idea, ToProposals
from workflows.idea.nameless import wish_in
from workflows.idea.owners import BODIES, owner

DESK: Final = "ideas"
PROPOSALS: Final = "proposals"
NAMELESS: Final = ("idea/anonymous", "idea/status")  # letters that are forgotten when they have gone
LONGEST_TEXT: Final = 10_000
LONGEST_TITLE: Final = 200
_FORM: Final = 2  # fields of a proposal that are filled in make it look like one

_ANONYMOUS: Final = re.compile(r"\banonym(?:ous(?:ly)?|t|e|a|iserat|iseret|isert)?\b[\s:.,!–-]*", re.IGNORECASE)
_LONGEST_LINE: Final = 60  # of a first line that asks for it
_STATUS: Final = re.compile(
    r"\s*(?:re:\s*)?(?:status|läget|status for|status på)\s*#?\s*(\d{1,15})\s*\.?\s*$", re.IGNORECASE
)
_THANKS_LEFT: Final = re.compile(r"(?:tack|tak|takk|thanks|please)\b[\s.,!–-]*", re.IGNORECASE)
# What a subject says besides the idea: that it is a reply, that it is an idea.
_REPLY: Final = re.compile(
    r"\s*(?:(?:re|sv|vs|fw|fwd|vb)\s*:\s*|(?:en |ei |an? )?(?:ny |nytt |new )?(?:idé|ide|idea|suggestion|förslag"
    r"|forslag|framlegg)\s*(?::|\s[–-])\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A mail to the desk, who wrote it, and what it says."""

    mail: Incoming
    author: Address
    person: Person | None
    title: str
    text: str
    anonymous: bool


class Desk:
    """Handles mail to `ideas@`."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        refused = self._refused(mail)
        if refused is not None:
            return refused
        author = mail.message.from_address
        assert author is not None
        person = people.by_address(tx, author.folded)
        if not self._may_write(tx, mail, author, person):
            return Handled(Reason.LIMIT, quarantined=True)
        exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        sent = self._read(mail, author, person, target)
        number = _number(mail.message.subject, sent.text)
        if number is not None:
            return self._status(tx, sent, number)
        again = None if sent.anonymous else arriving.repeated(tx, self._registry, mail, DESK)
        if again is not None:
            return again
        if not sent.text and not sent.title:
            return Handled(Reason.NOTHING_SAID)
        return self._open(tx, sent)

    def _refused(self, mail: Incoming) -> Handled | None:
        """Loops, machines, forgeries, and in strict mode what nobody vouches for."""
        unread = arriving.unread(self._registry, mail, DESK)
        if unread is not None:
            return unread
        missing = lacking(mail.evidence, strict=self._config.security.strict)
        return Handled(missing, quarantined=True) if missing is not None else None

    def _may_write(self, tx: Tx, mail: Incoming, author: Address, person: Person | None) -> bool:
        """A receipt goes back, so strangers whom nobody vouches for are few a day, and few an hour in all."""
        limits, key = self._config.limits, self._registry.site.key
        if person is not None:
            return allow(tx, key, "person", author.folded, DAY, limits.person_letters_per_day)
        if str(mail.evidence.d) not in ("pass", "unknown"):
            return False
        return allow(tx, key, "stranger", author.folded, DAY, limits.stranger_letters_per_day) and allow(
            tx, key, "confirm-site", "", HOUR, limits.confirmations_site_per_hour
        )

    def _read(self, mail: Incoming, author: Address, person: Person | None, target: Target) -> _Sent:
        text = without_tokens(newly_written(mail.message, self._config.reading.banners).text).strip()
        subject = mail.message.subject.strip()
        title = _REPLY.sub("", subject, count=1).strip() or subject
        first, _, rest = text.partition("\n")
        by_line = len(first) <= _LONGEST_LINE and _ANONYMOUS.search(first) is not None
        by_title = _ANONYMOUS.search(title) is not None
        wished = None if by_line else wish_in(text)
        nameless = bool(_ANONYMOUS.match(target.argument)) or by_line or by_title or wished is not None
        if wished is not None:
            text = "\n".join(one for one in (text[: wished[0]].rstrip(), text[wished[1] :].lstrip()) if one)
        if by_title:
            title = _ANONYMOUS.sub("", title).strip()
        if by_line:
            left = _THANKS_LEFT.sub("", _ANONYMOUS.sub("", first).strip(), count=1)
            text = f"{left}\n{rest}".strip() if len(left) > 15 else rest.strip()
        title = title[:LONGEST_TITLE] or " ".join(text.split())[:80]
        return _Sent(mail, author, person, title, text[:LONGEST_TEXT], nameless)

    # ---- acting

    def _language(self, sent: _Sent) -> str:
        return sent.person.language if sent.person is not None else self._config.site.language

    def _open(self, tx: Tx, sent: _Sent) -> Handled:
        where = owner(tx, self._config.ideas.group)
        operators = () if where is not None else tuple(self._engine.resolve(tx, Audience(0, "operators")))
        person = None if sent.anonymous else sent.person
        data = Idea(
            title=sent.title,
            text=sent.text,
            anonymous=sent.anonymous,
            person=person.id if person is not None else None,
            name="" if sent.anonymous else person.shown if person else sent.mail.message.from_.display_name,
            address="" if sent.anonymous else person.address if person else str(sent.author),
            language=self._language(sent),
            group_id=int(where.id) if where is not None else None,
            body=where is not None and where.kind in BODIES,
            operators=operators,
            inbox_id=0 if sent.anonymous else int(sent.mail.inbox_id),
            maybe_proposal=person is not None and self._looks_like_a_proposal(sent),
            follow_up_days=self._config.ideas.follow_up_days,
        )
        if sent.anonymous:  # nothing in the case leads to the mail, and then the mail goes
            cause = Cause(f"inbox:{sent.mail.inbox_id}")
            number = self._engine.open(tx, KIND, data, cause, group=data.group_id)
            self._nameless_letter(tx, sent, "idea/anonymous", {"number": int(number), "idea": data.title})
            anonymous.forget_mail(tx, sent.mail.inbox_id)
            return Handled(Reason.COMMANDS_DONE)
        cause = arriving.cause_of(sent.mail, data.person)
        self._engine.open(tx, KIND, data, cause, group=data.group_id, started_by=data.person)
        return Handled(Reason.COMMANDS_DONE)

    def _looks_like_a_proposal(self, sent: _Sent) -> bool:
        if PROPOSALS not in self._registry.handlers:
            return False
        found = read_form(sent.text, PROPOSAL).values
        return "moderator" in found and len(found) >= _FORM

    def _nameless_letter(self, tx: Tx, sent: _Sent, letter: str, values: dict[str, object]) -> None:
        desk = f"{DESK}@{self._config.site.domain}"
        to = Recipient(str(sent.author), self._language(sent))
        outgoing.letter(tx, self._registry.site, to, letter, {**values, "desk": desk})

    def _status(self, tx: Tx, sent: _Sent, number: int) -> Handled:
        """How an idea stands, to anybody who knows its number; who asked is forgotten, it may be who had it."""
        found = cases.load(tx, self._registry.kinds, CaseId(number))
        known = found is not None and found.kind == KIND
        values: dict[str, object] = {"number": number, "state": "", "since": 0, "idea": "", "said": ""}
        if found is not None and known:
            assert isinstance(found.data, Idea)
            values |= {
                "state": found.state,
                "since": found.opened_at,
                "idea": found.data.title,
                "said": found.data.said,
            }
        self._nameless_letter(tx, sent, "idea/status", values)
        anonymous.forget_mail(tx, sent.mail.inbox_id)
        return Handled(Reason.COMMANDS_DONE)

    def finished(self, tx: Tx, sent: OutgoingId) -> None:
        """See Registry.finishers: where a letter to somebody without a name went is forgotten."""
        if anonymous.template_of(tx, sent) in NAMELESS:
            anonymous.forget_letter(tx, sent)

    def to_proposals(self, tx: Tx, case: Case, _effect: ToProposals, _cause: Cause) -> None:
        """The mail is handled as if it had been sent to the other desk."""
        assert isinstance(case.data, Idea)
        unit = inbox.unit(tx, InboxId(case.data.inbox_id))
        handler = self._registry.handlers.get(PROPOSALS)
        if unit is None or handler is None:
            return
        content = inbox.raw(tx, unit.raw_id)
        mail = Incoming(
            InboxId(case.data.inbox_id),
            unit.raw_id,
            f"{PROPOSALS}@{self._config.site.domain}",
            unit.envelope(content),
            parse(content, self._config.limits),
            msgspec.json.decode(unit.evidence, type=Evidence),
            unit.digest,
            unit.received_at,
        )
        handler(tx, mail, Target(PROPOSALS))


def _number(subject: str, text: str) -> int | None:
    """`status 142` in the subject, or alone in the text."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = _STATUS.match(subject) or (_STATUS.match(lines[0]) if lines else None)
    return int(found[1]) if found else None

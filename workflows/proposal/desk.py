"""`proposals@`: any mail begins a proposal or an initiative; `status` and `withdraw` with its number reach it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import api
from lists.api import Command
from mailsvc import arriving
from mailsvc.cases import ask_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Applied, Case, Withdrawn
from mailsvc.clock import DAY, HOUR
from mailsvc.errors import Reason
from mailsvc.ids import CaseId
from mailsvc.message.address import Address
from mailsvc.message.evidence import lacking
from mailsvc.message.form_guess import guess_form
from mailsvc.message.reply_text import newly_written, whole_text
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.routing import ANSWER
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.proposal import fields
from workflows.proposal.initiative import KIND as INITIATIVE
from workflows.proposal.initiative import everyone
from workflows.proposal.languages import language_of_mail
from workflows.proposal.model import KIND, Proposal

NAME: Final = "proposals"
IDEAS: Final = "ideas"
ASKS_WHICH: Final = frozenset({"forslag", "förslag"})  # words.md §7.1: proposal and idea alike
LONGEST_NUMBER: Final = 12


class Desk:
    """Reads what comes to the desk."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler."""
        author = mail.message.from_address
        aside = arriving.aside(tx, self._registry, mail, NAME)
        if aside is not None:
            return aside
        assert author is not None
        letter = ask_store.ask_by_message_ids(tx, mail.message.references)
        if letter is not None and letter.live:  # an answer that went to the desk's address: its thread says to what
            return self._registry.handlers[ANSWER](tx, mail, Target(ANSWER))
        person = people.by_address(tx, author.folded)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None:
            self._tell_unproven(tx, mail, author, person, str(lacks))
            return Handled(lacks, quarantined=True)
        if not self._may_write(tx, mail, author, person):
            return Handled(Reason.LIMIT, quarantined=True)
        text = newly_written(mail.message, self._config.reading.banners).text
        if person is not None and (done := self._command(tx, mail, person, text)) is not None:
            return done
        return self._open(tx, mail, author, person, text)

    def explain(self, tx: Tx, mail: Incoming, _target: Target) -> list[str]:
        """What `mailsvc explain` says: what would be asked, and what was understood already."""
        aside = arriving.aside(tx, self._registry, mail, NAME)
        if aside is not None:
            return [f"it begins nothing: {aside.reason}"]
        text = newly_written(mail.message, self._config.reading.banners).text
        found = guess_form(mail.message.subject, whole_text(mail.message), self._config.site.language)
        kind = "initiative" if self._is_initiative(tx, mail, text) else "proposal"
        return [f"it begins a {kind}", *(f"understood: {one} = {value[:80]!r}" for one, value in found.items())]

    # ---- who writes

    def _may_write(self, tx: Tx, mail: Incoming, author: Address, person: Person | None) -> bool:
        """Whoever has proven their address as at other desks; others as those who ask to join: few letters each."""
        limits = self._config.limits
        if self._proven(tx, author):
            return allow(tx, self._site.key, "person", author.folded, DAY, limits.person_letters_per_day)
        if str(mail.evidence.d) not in ("pass", "unknown"):
            return False
        if person is not None and cases.find_open(tx, self._registry.kinds, KIND, None, author.folded):
            return False  # the form of the first mail still waits for its proof
        if not allow(tx, self._site.key, "confirm-day", author.folded, DAY, limits.confirmations_per_day):
            return False
        if not allow(tx, self._site.key, "confirm-week", author.folded, 7 * DAY, limits.confirmations_per_week):
            return False
        return allow(tx, self._site.key, "confirm-site", "", HOUR, limits.confirmations_site_per_hour)

    def _proven(self, tx: ReadTx, author: Address) -> bool:
        known = people.address(tx, author.folded)
        return known is not None and known.verified

    def _tell_unproven(self, tx: Tx, mail: Incoming, author: Address, person: Person | None, why: str) -> None:
        """Strict mode: a registered person learns once a day what was missing; nobody else is written to."""
        if person is None or not allow(tx, self._site.key, "unproven", author.folded, DAY, 1):
            return
        to = Recipient(person.address, person.language, person.id)
        values = {"why": why, "address": str(author)}
        outgoing.letter(tx, self._site, to, "proposal/unproven", values, cause=mail.inbox_id)

    # ---- what is written

    def _command(self, tx: Tx, mail: Incoming, person: Person, text: str) -> Handled | None:
        """`status 142`, `withdraw 142`, with or without the number where only one is open."""
        lines = api.read_commands(mail.message.subject, text, person.language)
        line = next((one for one in lines if one.command in (Command.STATUS, Command.WITHDRAW)), None)
        if line is None or not (line.argument == "" or line.argument.strip("# ").isdecimal()):
            return None
        case = self._mine(tx, person, line.argument.strip("# "))
        did = "none"
        if case is not None:
            did = "status"
            if line.command is Command.WITHDRAW:
                result = self._engine.apply(tx, case.id, Withdrawn(person.id), arriving.cause_of(mail, person.id))
                did = "withdrawn" if isinstance(result, Applied) else "too-late"
            case = self._engine.case(tx, case.id)
        self._tell_status(tx, mail, person, case, did)
        return Handled(Reason.COMMANDS_DONE)

    def _mine(self, tx: ReadTx, person: Person, number: str) -> Case | None:
        """The proposal or initiative of this number that the person began; their only open one without a number."""
        if number:
            if len(number) > LONGEST_NUMBER:
                return None
            found = cases.load(tx, self._registry.kinds, CaseId(int(number)))
            mine = found is not None and found.kind in (KIND, INITIATIVE) and found.started_by == person.id
            return found if mine else None
        found_open = [
            one
            for kind in (KIND, INITIATIVE)
            for one in cases.find_open(tx, self._registry.kinds, kind, None, person.folded)
            if one.started_by == person.id
        ]
        return found_open[0] if len(found_open) == 1 else None

    def _tell_status(self, tx: Tx, mail: Incoming, person: Person, case: Case | None, did: str) -> None:
        data = case.data if case is not None else None
        values: Values = {
            "did": did,
            "about": self._engine.title(case) if case is not None else "",
            "state": case.state if case is not None else "",
            "body": data.group_title if isinstance(data, Proposal) else "",
            "waiting": [one.name for one in data.nominees if not one.said] if isinstance(data, Proposal) else [],
            "case": int(case.id) if case is not None else None,
        }
        self._engine.receipt(tx, person.id, "proposal/status", values, arriving.cause_of(mail, person.id))

    def _is_initiative(self, tx: ReadTx, mail: Incoming, text: str) -> bool:
        first = "\n".join(text.strip().splitlines()[:3])
        return bool(everyone(tx)) and fields.is_initiative(f"{mail.message.subject}\n{first}")

    def _open(self, tx: Tx, mail: Incoming, author: Address, person: Person | None, text: str) -> Handled:
        local = mail.recipient.partition("@")[0].lower()
        default = self._config.site.language
        language = person.language if person else language_of_mail(local, f"{mail.message.subject} {text}", default)
        values = guess_form(mail.message.subject, whole_text(mail.message), language)
        proven = self._proven(tx, author) and str(mail.evidence.d) in ("pass", "unknown")
        person = person or people.ensure(
            tx, author, name=mail.message.from_.display_name, language=language, verified=False
        )
        initiative = self._is_initiative(tx, mail, text)
        unclear = local in ASKS_WHICH or fields.may_be_idea(mail.message.subject)
        limits, settings = self._config.limits, self._config.proposals
        data = Proposal(
            proposer=person.id,
            proposer_name=person.name,
            address=person.address,
            language=person.language,
            domain=self._config.site.domain,
            site=self._config.site.name,
            inbox_id=int(mail.inbox_id),
            steps=settings.steps,
            values=_fitting(values, self._config.site.domain),
            proven=proven,
            which=unclear and not initiative and IDEAS in self._registry.handlers,
            kind="circle" if initiative else "network",
            remind_days=limits.reminder_working_days,
            next_days=limits.hand_over_working_days,
            form_days=settings.form_days,
            prepare_days=settings.prepare_working_days,
        )
        self._engine.open(
            tx, KIND, data, arriving.cause_of(mail, person.id), subject=author.folded, started_by=person.id
        )
        return Handled(Reason.PROPOSED)


def _fitting(values: Mapping[str, str], domain: str) -> dict[str, str]:
    """What was understood, cut to what a field may hold."""
    cut = {one: value[: fields.LONGEST.get(one, fields.LONGEST_TEXT)] for one, value in values.items()}
    if "address" in cut:
        cut["address"] = fields.local_part(cut["address"], domain)
    return cut

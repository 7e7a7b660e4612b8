"""`N-round@`: a question to everybody in a network. Who asks, in which way it begins, until when it can be answered."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from lists.api import Group
from mailsvc import arriving
from mailsvc.cases import exposed, question_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY, Instant, to_datetime
from mailsvc.errors import Reason
from mailsvc.message.evidence import lacking
from mailsvc.message.form_labels import key, keys_of
from mailsvc.message.forms import Field, Form, read_form
from mailsvc.message.reply_text import newly_written
from mailsvc.message.said_dates import find_dates
from mailsvc.message.tokens import without_tokens
from mailsvc.people.store import Person
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient
from workflows.sounding.case import KIND, REPLY, Sounding

ROUND: Final = "round"
LONGEST: Final = 8000  # characters of the question
LATEST_DAYS: Final = 90
ANSWER_BY: Final = Form((Field("answer_by"),))
DEADLINES: Final = keys_of("answer_by")
# Lines that ask for something, in any of the five languages: "Anonymt: ja", "To all who answer: yes".
ANONYMOUS: Final = ("anonymous", "anonymt", "anonym", "anonymously")
SHARED: Final = (
    "to all who answer",
    "shared",
    "till alla som svarar",
    "delas",
    "til alle der svarer",
    "deles",
    "til alle som svarer",
    "til alle som svarar",
    "blir delt",
)
YES: Final = frozenset({"yes", "ja", "on", "x", "true", ""})


class Desk:
    """Opens cases, and runs the one effect of theirs."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = api.group(tx, target.group)
        refused = arriving.aside(tx, self._registry, mail, f"{group.name}-{ROUND}")
        if refused is not None:
            return refused
        if not arriving.may_write(tx, self._registry, mail):
            return Handled(Reason.LIMIT, quarantined=True)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None:
            return Handled(lacks, quarantined=True)
        exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        text = without_tokens(newly_written(mail.message, self._config.reading.banners).text).strip()
        question, options = split(text)
        count = api.count_members(tx, group.id)
        if not question or count > self._config.rounds.max_people:
            self._refuse(tx, mail, group, "too-many" if question else "empty")
            return Handled(Reason.NO_COMMAND)
        person = arriving.proven_author(tx, mail)
        data = self._data(tx, mail, group, person, question, options)
        cause = arriving.cause_of(mail, person.id if person else None)
        author = mail.message.from_address
        assert author is not None
        self._engine.open(
            tx, KIND, data, cause, group=group.id, subject=author.folded, started_by=person.id if person else None
        )
        return Handled(Reason.COMMANDS_DONE if data.way == "at-once" else Reason.CHALLENGED)

    def _data(
        self,
        tx: Tx,
        mail: Incoming,
        group: Group,
        person: Person | None,
        question: str,
        options: frozenset[str],
    ) -> Sounding:
        author = mail.message.from_address
        assert author is not None
        member = api.membership(tx, group.id, person.id) if person else None
        moderates = member is not None and member.active and member.moderates
        at_once = arriving.proven_for_many(self._registry, mail)
        way = "allow" if person is None else "at-once" if at_once else "confirm"
        until = self._until(tx, newly_written(mail.message, self._config.reading.banners).text)
        return Sounding(
            group_id=group.id,
            group=api.group_values(group, self._config),
            asker_address=person.address if person else str(author),
            asker_language=person.language if person else api.language_of(mail.recipient) or group.language,
            asker_person=person.id if person else None,
            asker_name=person.name if person else mail.message.from_.display_name[:200],
            subject=without_tokens(mail.message.subject).strip()[:200] or question[:60],
            text=question[:LONGEST],
            until=until,
            remind_at=tx.now + (until - tx.now) // 2,
            way=way,
            anonymous="anonymous" in options,
            share="shared" in options,
            own=moderates,
        )

    def _until(self, tx: Tx, text: str) -> Instant:
        """The end of the day that the mail names behind `Answer by:`, or so many working days from now."""
        zone = ZoneInfo(self._config.site.timezone)
        today = to_datetime(tx.now, zone).date()
        said = read_form(text, ANSWER_BY).values.get("answer_by", "")
        days = [one.last for one in find_dates(said, today) if today < one.last]
        if days and (days[0] - today).days <= LATEST_DAYS:
            return _end_of(days[0], zone)
        return self._engine.working_days(tx, self._config.rounds.working_days)

    def _refuse(self, tx: Tx, mail: Incoming, group: Group, why: str) -> None:
        author = mail.message.from_address
        assert author is not None
        person = arriving.proven_author(tx, mail)
        to = Recipient(
            person.address if person else str(author),
            person.language if person else group.language,
            person.id if person else None,
        )
        values = {
            "group": api.group_values(group, self._config),
            "why": why,
            "most": self._config.rounds.max_people,
            "address": f"{group.name}-{ROUND}@{self._config.site.domain}",
        }
        outgoing.letter(tx, self._registry.site, to, "sounding/refused", values, cause=mail.inbox_id, group_id=group.id)

    def forget(self, tx: Tx, case: Case, _effect: object, _cause: Cause) -> None:
        """See case.ForgetReplies."""
        question_store.forget_texts(tx, case.id, REPLY)


def split(text: str) -> tuple[str, frozenset[str]]:
    """The question without the lines that only say how it is asked, and what those lines ask for."""
    kept, options = [], set()
    for line in text.splitlines():
        label, mark, value = line.strip().strip("*").partition(":")
        known = " ".join(label.casefold().split())
        wanted = value.strip().strip("*").casefold().rstrip(".!") in YES
        if known in ANONYMOUS and (mark or known == line.strip().casefold()):
            options |= {"anonymous"} if wanted else set()
        elif known in SHARED and mark:
            options |= {"shared"} if wanted else set()
        elif not (mark and key(label) in DEADLINES):
            kept.append(line)
    return "\n".join(kept).strip(), frozenset(options)


def _end_of(day: date, zone: ZoneInfo) -> Instant:
    midnight = to_datetime(0, zone).replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0)
    return Instant(int(midnight.timestamp()) * 1_000_000 + DAY - 1)

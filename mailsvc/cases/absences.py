"""Out-of-office mails from people who have been asked: they are away, and their questions go on to the next in line."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from mailsvc import arriving
from mailsvc.cases import ladder
from mailsvc.cases.engine import Engine
from mailsvc.clock import Instant, to_instant
from mailsvc.message.absence import Absence, read_absence
from mailsvc.message.automatic import classify
from mailsvc.message.reply_text import newly_written
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.registry import Incoming
from mailsvc.store.database import ReadTx, Tx


def note(tx: Tx, engine: Engine, mail: Incoming) -> bool:
    """Read an autoreply as absence when its author is known and its evidence does not fail; whether it was one."""
    config = engine.site.config
    author = mail.message.from_address
    person = people.by_address(tx, author.folded) if author else None
    if person is None or str(mail.evidence.d) == "fail":
        return False
    if not classify(mail.message, mail.envelope.reverse_path, config.domains).reply:
        return False
    text = newly_written(mail.message, config.reading.banners).text
    absence = read_absence(mail.message, text, mail.received_at, config.site.timezone, person.language)
    if absence is None:
        return False
    until = _until(tx, engine, absence)
    if until <= tx.now:
        return False
    if absence.left and presence_store.absent_until(tx, person.id) is None:  # told once for as long as that holds
        for told in engine.registry.departed:
            told(tx, person.id, absence)
    presence_store.note_absence(tx, person.id, until, mail.inbox_id)
    ladder.somebody_is_away(engine, tx, person.id, arriving.cause_of(mail, person.id))
    return True


def _until(tx: ReadTx, engine: Engine, absence: Absence) -> Instant:
    """The beginning of the first day back; without a day some working days, more for who has left for good."""
    site, limits = engine.site.config.site, engine.site.config.limits
    if absence.until is not None and not absence.left:
        back = datetime.combine(absence.until, time(), ZoneInfo(site.timezone))
        return to_instant(back.astimezone(UTC))
    days = limits.left_working_days if absence.left else limits.absence_working_days
    return engine.working_days(tx, days)

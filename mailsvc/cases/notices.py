"""What others have decided meanwhile: one letter a day to each who was asked too, at `[letters] bundle`."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from mailsvc.cases import agenda_store, notice_store, question_store, settled
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.config import Config, parse_time
from mailsvc.ids import PersonId
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.store.outgoing import Values


class Notices:
    """Sends what is waiting when its time has come."""

    def __init__(self, db: Database, engine: Engine) -> None:
        self._db = db
        self._engine = engine

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        oldest = await self._db.read(notice_store.oldest)
        if oldest is None:
            return None
        due = next_bundle(oldest, self._engine.site.config)
        return due if not await self._db.write(lambda tx: self.send(tx, due), durable=True) else Instant(0)

    def send(self, tx: Tx, due: Instant) -> int:
        """Write the letters when `due` has come; how many."""
        if tx.now < due:
            return 0
        found = notice_store.waiting(tx, due)
        count = 0
        for person, notices in groupby(found, key=lambda one: one.person_id):
            items = []
            for one in notices:
                item = self._item(tx, one)
                items += [item] if item is not None else []
                notice_store.told(tx, person, one.case_id)
            if items:
                self._letter(tx, person, items)
                count += 1
        return len(found)

    def _item(self, tx: ReadTx, notice: notice_store.Notice) -> Values | None:
        case = self._engine.case(tx, notice.case_id)
        for matter in agenda_store.matters_of(tx, case.id):
            told = settled.what_is_told(tx, self._engine, matter, notice.person_id)
            if told is not None:
                return told
        for question in self._engine.registry.kinds[case.kind].questions:
            decided = question_store.decided_by(tx, notice.case_id, question)
            if decided is not None and agenda_store.group_of(tx, case.id, question) is None:
                return {
                    "case": int(case.id),
                    "about": self._engine.title(case),
                    "by": decided["name"] or decided["address"],
                    "answer": decided["answer"],
                    "at": decided["answered_at"],
                }
        return None

    def _letter(self, tx: Tx, person: PersonId, items: list[Values]) -> None:
        self._engine.receipt(tx, person, "case/decided", {"items": items}, Cause(f"notices:{person}:{tx.now}"))


def next_bundle(after: Instant, config: Config) -> Instant:
    """The first moment at or after `after` at which gathered letters go out; at once where nothing is gathered."""
    time = parse_time(config.letters.bundle)
    if time is None:
        return after
    local = to_datetime(after, ZoneInfo(config.site.timezone))
    moment = local.replace(hour=time[0], minute=time[1], second=0, microsecond=0)
    if moment < local:
        moment += timedelta(days=1)
    return to_instant(moment.astimezone(UTC))

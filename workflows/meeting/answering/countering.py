"""What the caller's answer to another proposed time means, done."""

from __future__ import annotations

import msgspec

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Case, Cause
from mailsvc.ids import CaseId
from mailsvc.store.database import Tx
from workflows.meeting import invitee_store, store
from workflows.meeting.answering.counter import Counter, DeclineCounter, MoveMeeting
from workflows.meeting.mailing import DECLINED_COUNTER, Mailing


class Countering:
    """Runs the effects."""

    def __init__(self, engine: Engine, mailing: Mailing) -> None:
        self._engine = engine
        self._mailing = mailing

    def move(self, tx: Tx, case: Case, _effect: MoveMeeting, cause: Cause) -> None:
        """The meeting has the proposed time from now on, for everybody."""
        data = _data(case)
        event = Answered("counter", "yes", data.caller, f"{data.starts} {data.ends}")
        if data.whole:  # said as a calendar would say it
            told = store.meeting(tx, data.meeting).told
            told = msgspec.structs.replace(told, starts=data.starts, ends=data.ends, whole_day=True)
            event = Answered("calendar", "changed", data.caller, text=msgspec.json.encode(told).decode())
        self._engine.apply(tx, CaseId(data.case), event, cause)

    def decline(self, tx: Tx, case: Case, effect: DeclineCounter, cause: Cause) -> None:
        """DECLINECOUNTER with the reason (RFC 5546 §3.2.8); their invitation stays as it is."""
        data = _data(case)
        row = store.meeting(tx, data.meeting)
        invitee = invitee_store.invitee_by_id(tx, data.invitee)
        if row.state != "called" or not invitee.invited:
            return
        self._mailing.ask(
            tx,
            DECLINED_COUNTER,
            row,
            invitee,
            invitee.seq_sent,
            store.next_stamp(tx, row.id),
            cause,
            who=self._engine.name(tx, data.caller),
            reason=effect.reason,
            comment=effect.reason,
        )


def _data(case: Case) -> Counter:
    assert isinstance(case.data, Counter)
    return case.data

"""The command line `stand-in Karin 1/7-12/8`: for those days questions to its author go to somebody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lists import store
from lists.model import Membership
from mailsvc.cases.engine import Engine
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.ids import PersonId
from mailsvc.people import presence_store
from mailsvc.people.naming import Named, Nobody, One, Several, match_person
from mailsvc.people.stand_in_words import StandIn, StandInDoubt, read_stand_in
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Values

DECIDING: Final = ("leadership", "preparation", "joint")  # in these every member is asked, not the moderators alone
WITHOUT_END: Final = timedelta(days=3650)


def command(tx: Tx, engine: Engine, member: Membership, line: str, language: str) -> Values | None:
    """Do what the line says, as a result of the transcript; None when it is about no stand-in."""
    zone = ZoneInfo(engine.site.config.site.timezone)
    today = to_datetime(tx.now, zone).date()
    read = read_stand_in(line, today, language)
    if read is None:
        return None
    if not member.moderates and store.group(tx, member.group_id).kind not in DECIDING:
        return {"did": "moderators-only"}
    if isinstance(read, StandInDoubt):
        return {"did": "stand-in-unclear", "who": read.who}
    if not read.who:
        presence_store.end_stand_in(tx, member.person_id)
        return {"did": "stand-in-ended"}
    match match_person(read.who, engine.colleagues(tx, member.group_id, but=member.person_id)):
        case Nobody():
            return {"did": "stand-in-nobody", "who": read.who}
        case Several():
            return {"did": "stand-in-several", "who": read.who}
        case One(person=named):
            return _set(tx, member, read, named, zone)


def _set(tx: Tx, member: Membership, read: StandIn, named: Named[PersonId], zone: ZoneInfo) -> Values:
    last = read.last if read.last is not None else read.first + WITHOUT_END
    from_at, until = _midnight(read.first, zone), _midnight(last + timedelta(days=1), zone)
    presence_store.set_stand_in(tx, member.person_id, named.key, from_at, until)
    return {
        "did": "stand-in",
        "who": named.name,
        "first": from_at,
        "last": _midnight(last, zone) if read.last else None,
    }


def _midnight(day: date, zone: ZoneInfo) -> Instant:
    return to_instant(datetime.combine(day, time(), zone).astimezone(UTC))

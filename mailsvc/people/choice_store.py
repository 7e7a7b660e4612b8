"""What people choose for themselves over all their groups, and the secret address of their own calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.keys import SiteKey
from mailsvc.site import Site
from mailsvc.store.database import ReadTx, Tx

_NUMBER: Final = re.compile(r"([0-9a-f]{1,15})-", re.IGNORECASE | re.ASCII)


def my_week(tx: ReadTx, person: PersonId) -> bool | None:
    """Whether somebody wants the Monday letter; None where they have not said, and the site's default holds."""
    row = tx.one("SELECT my_week FROM person_choice WHERE person_id = :id", id=person)
    return None if row is None or row["my_week"] is None else bool(row["my_week"])


def set_my_week(tx: Tx, person: PersonId, *, wanted: bool) -> None:
    """Somebody wants the Monday letter, or does not."""
    tx.execute(
        "INSERT INTO person_choice (person_id, my_week) VALUES (:id, :wanted)"
        " ON CONFLICT (person_id) DO UPDATE SET my_week = excluded.my_week",
        id=person,
        wanted=int(wanted),
    )


def week_sent(tx: ReadTx, person: PersonId) -> Instant | None:
    """Of which moment the last Monday letter was that somebody got."""
    row = tx.one("SELECT week_sent_at FROM person_choice WHERE person_id = :id", id=person)
    return Instant(row["week_sent_at"]) if row is not None and row["week_sent_at"] is not None else None


def set_week_sent(tx: Tx, person: PersonId, due: Instant, told: Iterable[str] = ()) -> None:
    """Somebody has got the Monday letter of this moment; `told` are the keys of what it tells of, see `week_told`."""
    tx.execute(
        "INSERT INTO person_choice (person_id, week_sent_at, week_told) VALUES (:id, :due, :told)"
        " ON CONFLICT (person_id) DO UPDATE SET week_sent_at = excluded.week_sent_at, week_told = excluded.week_told",
        id=person,
        due=due,
        told=" ".join(told),
    )


def week_told(tx: ReadTx, person: PersonId, key: str) -> bool:
    """Whether the Monday letter of this week told somebody of it, so that a reminder of it would be one too many.

    A key is `question:ID` or what a `Registry.week` function names; it holds what a change changes (a meeting's
    version), so that whatever is new since Monday is not told yet.
    """
    row = tx.one(
        "SELECT week_told FROM person_choice WHERE person_id = :id AND my_week = 1 AND week_sent_at > :since",
        id=person,
        since=tx.now - 7 * DAY,
    )
    return row is not None and key in row["week_told"].split()


def who_wait(tx: ReadTx, due: Instant) -> list[PersonId]:
    """Who wants the Monday letter and has not had that of this moment."""
    rows = tx.all(
        "SELECT c.person_id FROM person_choice c JOIN person p ON p.id = c.person_id WHERE c.my_week = 1"
        " AND p.erased_at IS NULL AND (c.week_sent_at IS NULL OR c.week_sent_at < :due) ORDER BY c.person_id",
        due=due,
    )
    return [PersonId(row["person_id"]) for row in rows]


# ---- the secret address of somebody's calendar


def calendar_address(tx: ReadTx, site: Site, person: PersonId) -> str:
    """Where somebody's calendar program finds all their meetings; whoever has this address can read them."""
    key = site.key.key_for(_purpose(_turn(tx, person)), person)
    return f"{site.config.web.base_url.rstrip('/')}/me/{key}/calendar.ics"


def renew_calendar_address(tx: Tx, person: PersonId) -> None:
    """Another address from now on; the old one shows nothing any more."""
    tx.execute(
        "INSERT INTO person_choice (person_id, calendar_turn) VALUES (:id, 1)"
        " ON CONFLICT (person_id) DO UPDATE SET calendar_turn = calendar_turn + 1",
        id=person,
    )


def person_of_calendar(tx: ReadTx, key: SiteKey, word: str) -> PersonId | None:
    """Whose calendar a secret word opens; None for one that is not ours, was replaced, or belongs to nobody now."""
    match = _NUMBER.match(word)
    if match is None:
        return None
    number = key.number_in(_purpose(_turn(tx, PersonId(int(match[1], 16)))), word)
    living = tx.one("SELECT 1 FROM person WHERE id = :id AND erased_at IS NULL", id=number)
    return PersonId(number) if number is not None and living is not None else None


def _turn(tx: ReadTx, person: PersonId) -> int:
    row = tx.one("SELECT calendar_turn FROM person_choice WHERE person_id = :id", id=person)
    return int(row["calendar_turn"]) if row is not None else 0


def _purpose(turn: int) -> str:
    return f"calendar-{turn}"

"""The number of a matter in the organisation's register (dnr): set by a moderator's command or by an operator."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Commented
from mailsvc.errors import CommandError
from mailsvc.ids import CaseId, PersonId
from mailsvc.message.build import clean
from mailsvc.records import store
from mailsvc.store.database import Tx

LONGEST: Final = 60


def checked(text: str) -> str | None:
    """A record number as it is kept, on one line; None for one that is too long. Registers differ: nothing else."""
    number = clean(text)
    return number if len(number) <= LONGEST else None


def by_operator(tx: Tx, case_id: CaseId, text: str) -> str:
    """Set the record number from the command line; what was set. CommandError says what is wrong."""
    number = checked(text)
    if number is None:
        raise CommandError(f"a record number has at most {LONGEST} characters")
    if not store.set_number(tx, case_id, number):
        raise CommandError(f"there is no case #{case_id}")
    return number


def by_person(tx: Tx, engine: Engine, case: Case, number: str, person: PersonId, cause: Cause) -> None:
    """Set it in somebody's name; the log of the case says who did."""
    store.set_number(tx, case.id, number)
    engine.note(tx, case, Commented(person, f"dnr {number}".strip()), cause)

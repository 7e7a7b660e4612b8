"""The log of a case read again: folding its events over the table of transitions gives the case's state and data.

The log keeps ids and events, the texts lie beside it. Where a text was erased, the states can still be followed by what
the log says of them; the data cannot be told any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases import store
from mailsvc.cases.model import Answered, AnyEvent, Case, CaseKind, Commented, Context, Opened, Transition
from mailsvc.clock import Instant
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Row

# [moderation] undo may have been another when the event happened; which one it was is seen by where the event led.
_UNDO: Final = (0, 1)

WorkingDays = Callable[[Instant, int], Instant]


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log with the text beside it. `begun_with` (JSON) is the opening's; None when it was erased."""

    case_id: CaseId
    seq: int
    at: Instant
    event: AnyEvent
    state: str
    actor_name: str
    begun_with: str | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """Where the log leads; `data` is None when what it was made from has been erased."""

    state: str
    data: msgspec.Struct | None


class LogError(Exception):
    """A log that its kind's table cannot have written; the message says which line."""


def read(tx: ReadTx, case_id: CaseId) -> list[Logged]:
    """The log of a case, oldest line first. Raises LogError for a line that holds no event."""
    return [_logged(row) for row in store.events(tx, case_id)]


def _logged(row: Row) -> Logged:
    try:
        event = msgspec.json.decode(row["data"], type=AnyEvent)
    except msgspec.DecodeError as error:
        raise LogError(f"line {row['seq']}: {error}") from None
    if isinstance(event, (Answered, Commented)) and row["text"] is not None:
        event = msgspec.structs.replace(event, text=row["text"])
    return Logged(
        CaseId(row["case_id"]),
        row["seq"],
        Instant(row["at"]),
        event,
        row["state"],
        row["actor_name"] or "",
        row["kept"] if isinstance(event, Opened) else None,
    )


def fold(kind: CaseKind, events: Sequence[Logged], working_days: WorkingDays) -> Folded:
    """The state and data that the events lead to, from the beginning. Raises LogError where they do not fit the table.

    `working_days(at, n)` is the site's clock. Nothing is asked of any database: the log alone says what happened.
    """
    state = kind.start
    data: msgspec.Struct | None = None
    for line in events:
        if isinstance(line.event, Opened) and line.begun_with is not None:
            data = msgspec.json.decode(line.begun_with, type=kind.data)
        transition = kind.transitions.get((state, line.event.trigger))
        if transition is None:
            if line.state != state:
                raise LogError(f"line {line.seq}: {line.event.trigger} leads from {state} nowhere, not to {line.state}")
        elif data is not None:
            data = _step(transition, data, line, working_days)
        state = line.state
    if state not in kind.states:
        raise LogError(f"there is no state {state}")
    return Folded(state, data)


def _step(transition: Transition, data: msgspec.Struct, line: Logged, working_days: WorkingDays) -> msgspec.Struct:
    for undo in _UNDO:
        context = Context(line.case_id, line.at, undo, line.actor_name, lambda days: working_days(line.at, days), undo)
        step = transition(data, line.event, context)
        if step.state == line.state:
            return step.data
    raise LogError(f"line {line.seq}: {line.event.trigger} does not lead to {line.state}")


def problem(tx: ReadTx, kind: CaseKind, case: Case, working_days: WorkingDays) -> str | None:
    """What is wrong with the log of a case in one sentence, or None: chain, completeness, and where it leads."""
    broken = store.broken_at(tx, case.id)
    if broken is not None:
        return f"the log was changed: line {broken} does not fit its chain"
    try:
        lines = read(tx, case.id)
        folded = fold(kind, lines, working_days)
    except LogError as error:
        return f"the log does not tell how the case came here: {error}"
    if len(lines) != case.version:
        return f"the log has {len(lines)} lines, the case says {case.version}"
    if folded.state != case.state:
        return f"the log leads to {folded.state}, the case says {case.state}"
    if folded.data is not None and msgspec.json.encode(folded.data) != msgspec.json.encode(case.data):
        return "the log leads to other data than the case has"
    return None

"""The SQL of `help@`: which letter or post of ours a forwarded mail is, and whether it went to this person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.ids import CaseId, OutgoingId, PersonId
from mailsvc.store.database import ReadTx, Row


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter or a post. `person_id`: whoever asked about it, when it went to them; else None."""

    id: OutgoingId
    kind: str
    case_id: CaseId | None
    asks: bool
    person_id: PersonId | None


_LETTER: Final = (
    "SELECT o.id, o.kind, o.case_id, EXISTS (SELECT 1 FROM ask a WHERE a.outgoing_id = o.id) AS asks,"
    " EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.person_id = :person) AS mine FROM outgoing o"
)

# "Thanks!" to what this desk wrote is no question about it.
_LETTERS: Final = (
    "WHERE o.kind = 'letter' AND o.message_id IN (SELECT value FROM json_each(:ids)) AND o.template NOT LIKE 'help/%'"
)
_POSTS: Final = "WHERE o.kind = 'post' AND o.message_id IN (SELECT value FROM json_each(:ids))"


def _letter(row: Row | None, person: PersonId) -> LetterRow | None:
    if row is None:
        return None
    return LetterRow(row["id"], row["kind"], row["case_id"], bool(row["asks"]), person if row["mine"] else None)


def letter_by_id(tx: ReadTx, outgoing: OutgoingId, person: PersonId) -> LetterRow | None:
    """A letter of ours by its id."""
    return _letter(tx.one(f"{_LETTER} WHERE o.id = :id", id=outgoing, person=person), person)


def letter_by_message_ids(tx: ReadTx, message_ids: Sequence[str], person: PersonId) -> LetterRow | None:
    """The newest letter of ours among these Message-IDs, else a post, where this person got one: those first."""
    ids = json.dumps(list(message_ids))
    letter = tx.one(f"{_LETTER} {_LETTERS} ORDER BY mine DESC, o.id DESC", ids=ids, person=person)
    if letter is not None:
        return _letter(letter, person)
    post = tx.one(f"{_LETTER} {_POSTS} ORDER BY mine DESC, o.id DESC", ids=ids, person=person)
    return _letter(post, person) if post is not None and post["mine"] else None


def letters_of_case(tx: ReadTx, case_id: CaseId, person: PersonId) -> LetterRow | None:
    """The newest letter in a case that went to this person, one that asked before others; None when there is none."""
    row = tx.one(
        f"{_LETTER} JOIN delivery own ON own.outgoing_id = o.id AND own.person_id = :person"
        " WHERE o.case_id = :case_id ORDER BY asks DESC, o.id DESC",
        case_id=case_id,
        person=person,
    )
    return _letter(row, person)

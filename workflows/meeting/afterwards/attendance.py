"""Who was at a meeting: read as people write names behind `Present:` and `Absent:`, and kept with its invitations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.ids import PersonId
from mailsvc.message.forms import FormReading, read_form
from mailsvc.people.naming import One, cleaned_name, match_person
from mailsvc.store.database import ReadTx, Tx
from workflows.meeting import invitee_store
from workflows.meeting.afterwards import after, noted
from workflows.meeting.afterwards.after import There
from workflows.meeting.invitee_store import Invitee

_BETWEEN: Final = re.compile(r"[,;\n]|\s(?:and|och|og|samt)\s|^\s*[-*•]\s*", re.MULTILINE)
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n+")
_ALL: Final = frozenset({"all", "everybody", "everyone", "alla", "alle", "samtliga", "samtlige"})
_EXCEPT: Final = re.compile(
    r"\s*(?:all|everybody|everyone|alla|alle|samtliga|samtlige)\s+(?:except(?: for)?|but|utom|förutom|men inte"
    r"|undtagen|bortset fra|unntatt|bortsett fra|unnateke|bortsett frå|men ikke|men ikkje)\s+(?P<who>.+)",
    re.IGNORECASE | re.DOTALL,
)
NONE: Final = frozenset({"none", "nobody", "no one", "no", "-", "–", "ingen", "inga", "nej", "nei", "ingen."})


@dataclass(frozen=True, slots=True)
class Read:
    """Who was there by what was written; `unread` are names that fit nobody, or several."""

    present: frozenset[PersonId]
    absent: frozenset[PersonId]
    unread: tuple[str, ...] = ()


def printed(tx: ReadTx, meeting: int) -> dict[str, str]:
    """The names as they stand now, as letters print them behind the labels."""
    invited = invitee_store.invitees(tx, meeting)
    found = {
        "present": ", ".join(one.shown for one in invited if one.present),
        "absent": ", ".join(one.shown for one in invited if one.present is False),
    }
    return {key: value for key, value in found.items() if value}


def known(tx: ReadTx, meeting: int) -> There:
    """The same as ids."""
    invited = invitee_store.invitees(tx, meeting)
    present = tuple(int(one.person) for one in invited if one.present)
    return There(present, tuple(int(one.person) for one in invited if one.present is False))


def keep(
    tx: Tx,
    meeting: int,
    reading: FormReading,
    sent: Mapping[str, str],
    *,
    old: Mapping[str, str] | None = None,
    before: Collection[There] = (),
    first: bool = False,
) -> Read:
    """Who was there: as written; else, the first time, whoever had said that they come.

    `sent` is what the answered letter printed, `old` and `before` what earlier ones did: an answer to one of those,
    written later for another reason, does not take corrections back.
    """
    invited = invitee_store.invitees(tx, meeting)
    values = reading.values.items()
    given = {key: value for key, value in values if value not in (sent.get(key, ""), (old or {}).get(key, ""))}
    if any(_as_printed(given, sent, one, invited) for one in before):
        given = {}
    there = read_there(given.get("present", ""), given.get("absent", ""), invited)
    if "present" not in given and "absent" not in given:
        for one in invited if first else ():
            invitee_store.set_present(tx, meeting, one.person, present=_said_yes(one))
        return there
    for one in invited:
        is_present = _said_yes(one) if first else one.present
        if one.person in there.absent:
            is_present = False
        elif one.person in there.present:
            is_present = True
        elif "present" in given and "absent" not in given and not there.unread:
            is_present = False  # a name that was not understood may be anybody's
        invitee_store.set_present(tx, meeting, one.person, present=is_present)
    return there


def _said_yes(one: Invitee) -> bool:
    return one.partstat == "ACCEPTED" and not one.waiting


def read(text: str, sent: Mapping[str, str], invited: Sequence[Invitee]) -> FormReading:
    """The form; a text below the names is no name, however it was written: it belongs to the notes."""
    found = read_form(text, after.FORM, sent)
    values, free = dict(found.values), [found.free]
    for field in ("present", "absent"):
        chunks = _PARAGRAPH.split(values.get(field, ""))
        end = 1
        while end < len(chunks) and _only_names(chunks[end], invited):
            end += 1
        if end < len(chunks):
            values[field] = "\n".join(chunks[:end])
            free.append("\n\n".join(chunks[end:]))
    return FormReading(values, found.unknown_labels, "\n\n".join(filter(None, free)))


def _only_names(text: str, invited: Sequence[Invitee]) -> bool:
    names = [cleaned_name(part) for part in _BETWEEN.split(text)]
    known = noted.named((), invited)
    return all(isinstance(match_person(name, known), One) for name in names if name)


def _as_printed(given: Mapping[str, str], sent: Mapping[str, str], before: There, invited: Sequence[Invitee]) -> bool:
    """Whether both lists are as an earlier letter printed them: somebody has sent that one back, for another reason."""
    names = {int(one.person): one.shown for one in invited}
    printed = {
        key: ", ".join(names[one] for one in ids if one in names)
        for key, ids in (("present", before.present), ("absent", before.absent))
    }
    return bool(given) and all(given.get(key, sent.get(key, "")) == value for key, value in printed.items())


def read_there(present: str, absent: str, invited: Sequence[Invitee]) -> Read:
    """The names behind `Present:` and `Absent:`, in any order and spelling that means one of those invited."""
    unread: list[str] = []
    found: list[frozenset[PersonId]] = []
    everybody = {one.person for one in invited if not one.waiting}
    for text in (present, absent):
        but, before = _EXCEPT.fullmatch(text), len(unread)
        names = [cleaned_name(part) for part in _BETWEEN.split(but["who"] if but else text)]
        people_found: set[PersonId] = set()
        for name in filter(None, names):
            low = name.lower().strip(".!")
            if low in _ALL:
                people_found |= everybody
            elif low not in NONE:
                match = match_person(name, noted.named((), invited))
                if isinstance(match, One):
                    people_found.add(match.person.key)
                else:
                    unread.append(name)
        if but:
            people_found = everybody - people_found if len(unread) == before else set()
        found.append(frozenset(people_found))
    return Read(found[0] - found[1], found[1], tuple(unread))

"""Lines such as `TODO Anna 2026-12-20: write to the supplier` in mails and minutes, in five languages (words.md §7.3).

Tolerant of where the name and the day stand; never a guess: a name that fits nobody or several is told as such, and of
several days that stand in a line only one counts that says by when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailsvc.ids import PersonId
from mailsvc.message.form_labels import keys_of
from mailsvc.message.said_dates import Kind, Said, find_dates, plain, shown
from mailsvc.people.naming import Match, Named, Nobody, One, cleaned_name, match_person

MOST: Final = 50
LONGEST_TEXT: Final = 500
_LONGEST_LINE: Final = 1000
_WRAPPED: Final = 55  # a line at least as long as this may go on in the next one
_MOST_NAMES: Final = 4

_MORE: Final = (
    *("to do", "to-do", "att-göra", "action point", "action points", "action item", "action items"),
    *("åtgärder", "opgaver", "oppgaver", "oppgåver"),
)
_LABELS: Final = "|".join(
    sorted((re.escape(key) for key in dict.fromkeys((*keys_of("action"), *_MORE))), key=len, reverse=True)
)
_LINE: Final = re.compile(rf"[\s>*•·◦‣+☐□-]{{0,8}}(?:\[[ ]?\]\s*)?\*{{0,2}}(?P<label>{_LABELS})\*{{0,2}}(?=\W|$)", re.I)
_LOUD: Final = re.compile(
    r"[\s>*•·◦‣+☐□-]{0,8}(?:\[[ ]?\]\s*)?\*{0,2}(?:TODO|ACTION|ATT GÖRA|ÅTGÄRD|OPGAVE|OPPGAVE|OPPGÅVE)\b"
)
_BULLET: Final = re.compile(r"\s*(?:[-*•·◦‣☐□]|\d{1,2}[.)])\s+(?:\[[ ]?\]\s*)?(?P<rest>\S.*)")
_DASH: Final = re.compile(r"\s[-–—]\s")
_AND: Final = re.compile(r"\s*(?:[,+&/]|\b(?:och|og|and|samt)\b)\s*", re.IGNORECASE)
_EVERYBODY: Final = frozenset(["all", "alla", "alle", "everybody", "everyone", "samtliga", "samtlige"])
_COLON: Final = re.compile(r":(?!\d)")
_RESPONSIBLE: Final = re.compile(
    r"[\s,;(]*\b(?:responsible|owner|ansvarig|ansvarlig|ansvarleg|ansv)\b\.?\s*:?\s*(?P<who>[^.;()\n]{2,80})\)?\.?",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]{2,80})[)\]]\s*\.?\s*$")
# What stands before a day by which something is due.
_BY: Final = re.compile(
    r"(?:\b(?:by|before|due|deadline|until|no later than|not later than|senast|till|innan|före|klart|inden|senest|innen"
    r"|før|frist|til|seinast|tidsfrist)\b[\s:]*(?:den\s*|the\s*|d\.\s*)?)+$",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"\b(?:den|on|the|d\.)\s*$", re.IGNORECASE)
_ME: Final = frozenset({"me", "myself", "jag", "mig", "jeg", "mig selv", "meg", "eg", "undertecknad", "undertegnede"})
_EDGES: Final = " \t,;:.–—-()[]*@"


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What one line asks for: `who` is None where no name stands there, `due` None where no day does.

    `line` is what was written, `name` the name as it stands there, `text` what has to be done ("": nothing was said).
    """

    line: str
    text: str
    name: str
    who: Match[PersonId] | None
    due: date | None


def read_actions(
    text: str, people: Sequence[Named[PersonId]], today: date, writer: Named[PersonId] | None = None
) -> list[ActionLine]:
    """The action lines of a text, at most 50, in their order; never raises. `writer` is who "me" and "jag" are."""
    found = []
    for line in _lines(text):
        found += _read(line, people, today, writer)
    reader = _Reader(people, today, writer)
    points = [one for line, item in _listed(text) if (one := reader.named(line, item)) is not None]
    if points:
        rows = [row.strip() for row in text.splitlines()]
        found = [*(one for one in found if one.text or one.name), *points]
        found.sort(
            key=lambda one: next((number for number, row in enumerate(rows) if row and one.line.startswith(row)), 0)
        )
    return found[:MOST]


def _lines(text: str) -> Iterator[str]:
    """Each line, with its continuation where a mail system has wrapped it."""
    rows = [shown(row[:_LONGEST_LINE]).rstrip() for row in text.splitlines()]
    number = 0
    while number < len(rows):
        row = rows[number]
        number += 1
        if not _LINE.match(row):
            continue
        last = row
        while number < len(rows) and _goes_on(last, rows[number], row):
            last = rows[number]
            row = f"{row} {last.strip()}"
            number += 1
        yield row[:_LONGEST_LINE]


def _listed(text: str) -> Iterator[tuple[str, str]]:
    """The points of a list below a line that is only a label ("Att göra till nästa gång:"), each with what it says."""
    below, blank = False, False
    for row in text.splitlines():
        line = shown(row[:_LONGEST_LINE]).rstrip()
        point = _BULLET.match(line)
        if is_heading(line):
            below, blank = True, False
        elif below and point is not None and not _LINE.match(line):
            yield line, point["rest"]
        elif below and not line.strip() and not blank:
            blank = True
        else:
            below = False


def is_heading(line: str) -> bool:
    """Whether a line is only a label, with what is to be done in the list below it."""
    found = _LINE.match(line)
    rest = line[found.end() :].strip("* \t") if found else "-"
    return rest in ("", ":") or (rest.endswith(":") and not any(letter.isdecimal() for letter in rest))


def _goes_on(above: str, below: str, whole: str) -> bool:
    """Whether `below` belongs to the line above it: that one is long, or ends where its text should begin."""
    if not below.strip() or _LINE.match(below) or re.match(r"\s*(?:[-*•>]|\d+[.)])\s", below):
        return False
    return len(above) >= _WRAPPED or (whole.rstrip().endswith(":") and above.strip() != "")


def _read(
    line: str, people: Sequence[Named[PersonId]], today: date, writer: Named[PersonId] | None
) -> list[ActionLine]:
    """What one line asks for: of somebody, or of several, each of whom has it then."""
    labelled = _LINE.match(line)
    assert labelled is not None
    rest = line[labelled.end() :]
    sure = rest.lstrip("* ").startswith(":") or bool(_LOUD.match(line))
    rest = rest.lstrip("*: \t").rstrip()
    reader = _Reader(people, today, writer)
    said = reader.responsible(line, rest)
    if said is not None:
        return [said]
    head, tail = _split(rest)
    if head and reader.is_head(head, sure=sure):
        name, due = reader.name_and_day(head)
        text, later = reader.without_day(tail)
        return [reader.line(line, text, one, due or later) for one in reader.each(name)]
    if not sure:
        return []
    return [reader.free(line, rest)]


def _split(rest: str) -> tuple[str, str]:
    """What stands before the first colon that is no time of day, or before a dash, and behind it."""
    cut = _COLON.search(rest) or _DASH.search(rest)
    return (rest[: cut.start()], rest[cut.end() :].strip()) if cut else ("", rest)


class _Reader:
    """Knows who may be meant and what day it is; lives for one line."""

    def __init__(self, people: Sequence[Named[PersonId]], today: date, writer: Named[PersonId] | None) -> None:
        self._people = people
        self._today = today
        self._writer = writer

    def match(self, name: str) -> Match[PersonId]:
        """Who a name is; "me" is the writer."""
        if self._writer is not None and name.casefold() in _ME:
            return One(self._writer)
        return match_person(name, self._people)

    def is_head(self, head: str, *, sure: bool) -> bool:
        """Whether this is a name with or without a day, and not the beginning of a sentence that has a colon."""
        name, due = self.name_and_day(head)
        if not name:
            return due is not None
        if name.casefold() in _EVERYBODY or len(self.each(name)) > 1:
            return True
        if not isinstance(self.match(name), Nobody):
            return True
        named = all(word[:1].isupper() for word in name.split())
        return sure and named and len(name.split()) <= (_MOST_NAMES if due else 2)

    def each(self, name: str) -> list[str]:
        """`Anna och Bo` as two names, where both are known."""
        names = [one.strip(_EDGES) for one in _AND.split(name) if one.strip(_EDGES)]
        several = len(names) > 1 and all(isinstance(self.match(one), One) for one in names)
        return names if several else [name]

    def named(self, line: str, item: str) -> ActionLine | None:
        """A point of a list below a label: only where somebody is named, since it may be a note as well."""
        said = self.responsible(line, item)
        head, tail = _split(item)
        name, due = self.name_and_day(head) if head else ("", None)
        if said is None and name and not isinstance(self.match(name), Nobody):
            text, later = self.without_day(tail)
            said = self.line(line, text, name, due or later)
        found = said or self.free(line, item)
        return found if found.name else None

    def name_and_day(self, text: str) -> tuple[str, date | None]:
        """`Anna Berg, senast 20/12` as its name and its day."""
        day = self._days(text)
        if not day:
            return cleaned_name(text).strip(_EDGES), None
        before = shown(text)[: day[0].start].rstrip()
        before = _ARTICLE.sub("", _BY.sub("", before)).strip(_EDGES)
        behind = shown(text)[day[0].end :].strip(_EDGES)
        return cleaned_name(before or behind).strip(_EDGES), day[0].last

    def without_day(self, text: str) -> tuple[str, date | None]:
        """A text and the day by which it is due: at its beginning, at its end, or behind a word that says by when."""
        text = shown(text)
        for said in self._days(text):
            before, behind = text[: said.start], text[said.end :]
            if not before.strip(_EDGES):
                return behind.strip(_EDGES), said.last
            cut = _BY.sub("", before.rstrip())
            if not behind.strip(_EDGES):
                return cut.rstrip(" ,;:(–-"), said.last
            if cut != before.rstrip():
                return text, said.last
        return text, None

    def responsible(self, line: str, rest: str) -> ActionLine | None:
        """A name behind "ansvarig", or in brackets at the end."""
        for pattern, group in ((_RESPONSIBLE, "who"), (_IN_BRACKETS, "inside")):
            said = pattern.search(rest)
            if said is None:
                continue
            name, due = self.name_and_day(said[group])
            if name and not isinstance(self.match(name), Nobody):
                text, later = self.without_day(f"{rest[: said.start()]} {rest[said.end() :]}".strip())
                return self.line(line, text, name, due or later)
        return None

    def free(self, line: str, rest: str) -> ActionLine:
        """No name before a colon: the first words may be one."""
        words = rest.split()
        for count in range(min(_MOST_NAMES, len(words) - 1), 0, -1):
            name = " ".join(words[:count]).strip(_EDGES)
            if name and isinstance(self.match(name), One):
                text, due = self.without_day(self._colon_last(rest.split(None, count)[count]))
                return self.line(line, text, name, due)
        text, due = self.without_day(rest)
        return self.line(line, text, "", due)

    def _colon_last(self, text: str) -> str:
        """`snarast: boka` and `31/11: ring` as what has to be done, with the few words before it behind it."""
        head, tail = _split(text)
        few = bool(head) and bool(tail) and len(head.split()) < _MOST_NAMES and not self._days(head)
        return f"{tail} ({head.strip(_EDGES)})" if few else text

    def line(self, line: str, text: str, name: str, due: date | None) -> ActionLine:
        """The value."""
        who = self.match(name) if name else None
        return ActionLine(line.strip()[:LONGEST_TEXT], text.strip()[:LONGEST_TEXT], name, who, due)

    def _days(self, text: str) -> list[Said]:
        """The days that are still to come; a week or a month is no day by which something is due, but its end is."""
        found = find_dates(plain(text), self._today)
        return [one for one in found if one.last >= self._today and one.kind is not Kind.MONTH]

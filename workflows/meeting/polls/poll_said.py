"""What sentences say of the dates of a poll: "Torsdagen passar bäst", "Jag kan 1 och 3, men inte 2"; pure.

The reader of numbered lists (`cases.reading.answers`) goes first; this one reads what it leaves. It may understand more
than that one dares: a date is no decision, how the answer was read is shown at once, and the last answer counts.
A text is parted into clauses; each has dates (numbers, days, "all", "the rest") and a word for them. What has no such
word, or two that differ, or speaks of something else, leaves the whole text unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mailsvc.cases.reading.cut import cut
from mailsvc.cases.reading.lexicon import lexicon
from mailsvc.cases.reading.model import POLL, ItemAnswer, Meaning
from mailsvc.cases.reading.openers import behind_openers
from mailsvc.cases.reading.text import Stream, clean
from mailsvc.message.said_dates import Kind, find_dates, plain
from workflows.meeting.polls import poll_words as words

LONGEST: Final = 1500
_TWO: Final = 2
_ARE: Final = frozenset({"är", "er", "are"})  # "vi är 2"
_HOURS: Final = r"\d{1,2}(?:[.:](?:00|15|30|45))?"
_CLOCK: Final = re.compile(
    rf"\b(?:kl\.?|klockan|at)\s*{_HOURS}(?:\s*[-–]\s*{_HOURS})?|\b\d{{1,2}}[.:](?:00|15|30|45)(?:\s*[-–]\s*{_HOURS})?"
    r"|\((?:v\.?|vecka|uge|uke|veke|week)\s*\d{1,2}\)|\b20\d\d\b",
    re.IGNORECASE,
)
_OTHERS: Final = frozenset({"andra", "andre", "other"})
_THE: Final = frozenset({"de", "dei", "dom", "the"})
_DAY_OF_MONTH: Final = re.compile(r"\b(?:den|the|d\.)\s*\d{1,2}\b", re.IGNORECASE)
_WHICHEVER: Final = re.compile(
    r"\A\W*(?:(?:hej|hei|hi)\W+)?(?:det\s+)?(?:spelar|spiller|speler)\s+(?:mig\s+|meg\s+)?ingen\s+rolle?\W*\Z"
    r"|\A\W*(?:no\s+preference|it\s+does(?:n['’]t|\s+not)\s+matter|det\s+er\s+lige\s+meget)\W*\Z",
    re.IGNORECASE,
)
_AND: Final = frozenset({"och", "og", "and", "samt"})
_ENDS: Final = frozenset(".;!")


@dataclass(slots=True)
class Clause:
    """What one part of a sentence says: its dates, which of them are excepted, and the words for them."""

    start: int
    end: int = 0
    numbers: set[int] = field(default_factory=set)
    excepted: set[int] = field(default_factory=set)
    meanings: set[Meaning] = field(default_factory=set)
    all: bool = False
    any: bool = False
    rest: bool = False
    otherwise: bool = False
    only: bool = False
    except_next: bool = False
    whether: bool = False
    none: bool = False
    foreign: bool = False  # words that are not known
    spoiled: bool = False  # words that make it speak of something else
    ends_line: bool = False
    said_first: bool | None = None  # whether its word for the dates stands before them

    @property
    def dated(self) -> bool:
        """Whether it speaks of dates."""
        rest = self.rest or (self.otherwise and bool(self.meanings))
        return bool(self.numbers or self.all or rest or (self.any and self.meaning is Meaning.CANNOT))

    @property
    def empty(self) -> bool:
        """Whether it says nothing of dates at all."""
        return not (self.dated or self.meanings)

    @property
    def meaning(self) -> Meaning | None:
        """Its word for the dates: "kan inte" is a no, "kanske" and "if" make it a perhaps."""
        if Meaning.BOOK in self.meanings:
            return Meaning.BOOK
        if Meaning.MAYBE in self.meanings or (self.whether and self.meanings == {Meaning.CAN}):
            return Meaning.MAYBE
        if Meaning.CANNOT in self.meanings:
            return Meaning.CANNOT
        return Meaning.CAN if self.meanings else None


def read_said(text: str, days: Sequence[date], count: int, language: str) -> tuple[ItemAnswer, ...]:
    """The answers of a text to `count` dates, which are on `days` as far as those are known; () where it is unclear."""
    if _WHICHEVER.search(text):
        return tuple(ItemAnswer(number, Meaning.CAN) for number in range(1, count + 1))
    typed = _CLOCK.sub(lambda found: " " * len(found[0]), clean(text)[:LONGEST])
    lex = lexicon(POLL, language or None)
    stream = cut(typed, lex)
    stream = stream.part((behind_openers(stream, 0, lex), stream.end)) if stream.end else stream
    clauses = [one for one in _Reader(stream, tuple(days[:count]), count).clauses() if not _nothing(one)]
    if not clauses or any(one.spoiled or (one.none and one.foreign) for one in clauses):
        return ()
    one_each = _one_each(clauses, count)
    found = one_each or _meant(clauses, count)
    comments = {} if one_each else _comments(clauses, clean(text))
    return tuple(
        ItemAnswer(number, meaning, reason=comments.get(number, "")) for number, meaning in sorted(found.items())
    )


def _nothing(one: Clause) -> bool:
    return one.empty and not one.foreign and not one.spoiled


def _one_each(clauses: Sequence[Clause], count: int) -> dict[int, Meaning]:
    """`ja`, `nej`, `kanske`: a word for each date in their order, and nothing else."""
    heads = next((place for place, one in enumerate(clauses) if not one.empty), len(clauses))  # "Se nedan!"
    clauses = clauses[heads:]
    if count < _TWO or len(clauses) != count:
        return {}
    bare = all(not one.dated and one.meaning not in (None, Meaning.BOOK) and not one.foreign for one in clauses)
    return {number: one.meaning for number, one in enumerate(clauses, 1) if one.meaning is not None} if bare else {}


def _meant(clauses: Sequence[Clause], count: int) -> dict[int, Meaning]:
    """What each date has, {} where the clauses do not agree, or one of them is not understood."""
    meanings = _with_inherited(clauses)
    if meanings is None:
        return {}
    found: dict[int, Meaning] = {}
    for one, meaning in sorted(meanings, key=lambda pair: not pair[0].numbers and (pair[0].rest or pair[0].otherwise)):
        if one.all and one.numbers not in (set(), {count}):  # "alla tre" may stand there, "alla kan inte 2" may not
            return {}
        every = one.all or (one.any and not one.numbers)
        numbers = set(range(1, count + 1)) - one.excepted if every else set(one.numbers)
        if not numbers and (one.rest or one.otherwise):
            numbers = set(range(1, count + 1)) - set(found)
        if not numbers or not numbers <= set(range(1, count + 1)):
            return {}
        if any(found.get(number, meaning) is not meaning for number in numbers):
            return {}
        found |= dict.fromkeys(numbers, meaning)
        if every and meaning is Meaning.CANNOT:  # "none but 2"
            found |= dict.fromkeys(one.excepted, Meaning.CAN)
    if Meaning.BOOK in found.values() and len(found) != 1:
        return {}
    if any(one.only and one.numbers and meaning is Meaning.CAN for one, meaning in meanings):
        found = dict.fromkeys(range(1, count + 1), Meaning.CANNOT) | found
    return found


def _with_inherited(clauses: Sequence[Clause]) -> list[tuple[Clause, Meaning]] | None:
    """The clauses that have dates, each with its word: its own, or that of the clause before it; None if unclear."""
    alone = [one for one in clauses if not one.dated and one.meaning is not None]
    dated = [one for one in clauses if one.dated]
    if not dated:  # "Jag kan tyvärr inte"; a bare yes says too little
        no = len(alone) == 1 and alone[0].meaning is Meaning.CANNOT and not alone[0].foreign
        if no:
            alone[0].all = True
        return [(alone[0], Meaning.CANNOT)] if no and len(clauses) == 1 else None
    if any(one.meaning is not Meaning.CAN for one in alone):
        return None
    said = any(one.meaning is not None for one in dated)
    out: list[tuple[Clause, Meaning]] = []
    last: Meaning | None = None
    for one in clauses:
        if one.dated:
            bare_can = not said or one.all or one.only
            meaning = one.meaning or last or (Meaning.CAN if bare_can and not one.foreign else None)
            if meaning is None or (one.meaning is None and any(before.all for before, _ in out)):
                return None
            out.append((one, meaning))
            last = meaning
        if one.ends_line:
            last = None
    return out


def _comments(clauses: Sequence[Clause], typed: str) -> dict[int, str]:
    """A clause with words of its own is shown with its dates, or with those of the clause before it."""
    found: dict[int, str] = {}
    last: set[int] = set()
    for one in clauses:
        said = " ".join(typed[one.start : one.end].split()).strip(" ,;")
        if one.numbers and (one.foreign or one.whether):
            found |= dict.fromkeys(one.numbers, said)
        elif one.foreign and not one.dated:
            found |= {number: ", ".join(filter(None, (found.get(number), said))) for number in last}
        last = one.numbers if one.dated else last
        if one.ends_line:
            last = set()
    return found


class _Reader:
    """Goes through the tokens of one text."""

    def __init__(self, stream: Stream, days: tuple[date, ...], count: int) -> None:
        self._tokens = stream.tokens[: stream.end]
        self._typed = stream.typed
        self._days = days
        self._count = count
        self._dates = list(self._dated())

    def clauses(self) -> Iterator[Clause]:
        """The clauses, in their order."""
        clause: Clause | None = None
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            if clause is None:
                clause = Clause(token.start)
            if self._parts(clause, index):
                clause.ends_line = token.kind == "l" or token.text in _ENDS
                yield clause
                clause = None
                if token.kind in "lp" or token.text in words.BUT:
                    index += 1
                continue
            index = self._take(clause, index)
            clause.end = self._tokens[index - 1].end
        if clause is not None:
            yield clause

    def _parts(self, clause: Clause, index: int) -> bool:
        """Whether the clause ends before this token."""
        token = self._tokens[index]
        whole = bool(clause.dated and clause.meanings)
        if token.kind == "l":
            return not self._answer_below(clause, index)
        if token.text in _ENDS and token.kind == "p":
            return self._sentence_ends(index)
        if token.text in words.BUT and not self._all_but(clause, index):
            return not clause.empty
        if token.text == "," and token.kind == "p":
            return whole or (bool(clause.meanings) and not self._number_follows(index))
        if not whole or clause.except_next:
            return False
        if self._is_date(index):
            return clause.said_first is False
        return clause.said_first is True and self._meaning(index) is not None

    def _answer_below(self, clause: Clause, index: int) -> bool:
        """A date alone on its line, and below it a line that is only its answer."""
        below = self._tokens[index + 1 :]
        line = below[: next((place for place, one in enumerate(below) if one.kind == "l"), len(below))]
        at = index + 1
        dates = any(self._is_date(at + place) for place in range(len(line)))
        return (
            clause.dated
            and not clause.meanings
            and not clause.all
            and bool(line)
            and not dates
            and (self._meaning(at) is not None)
        )

    def _sentence_ends(self, index: int) -> bool:
        """A full stop behind a number or a short word that stands before one ends nothing: `1.`, `nr. 2`, `10.12.`"""
        before = self._tokens[index - 1] if index else None
        if before is None or before.kind == "n":
            following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
            return before is not None and (following is None or following.kind == "l")
        return before.text not in ("nr", "no", "kl", "v", "d", "ev", "evt")

    def _number_follows(self, index: int) -> bool:
        return index + 1 < len(self._tokens) and self._is_date(index + 1)

    def _all_but(self, clause: Clause, index: int) -> bool:
        """`all but 2`, `alla men inte 2`."""
        following = [one.text for one in self._tokens[index + 1 : index + 3]]
        if self._tokens[index].text == "but":
            return clause.all and not clause.meanings and bool(following) and following[0] not in words.CANNOT
        return False

    def _take(self, clause: Clause, index: int) -> int:
        """Add one token, or the several that are a date, to the clause; where it goes on."""
        date_at = self._date_at(index)
        if date_at is not None:
            numbers, following = date_at
            self._add(clause, index, numbers)
            if clause.said_first is None:
                clause.said_first = bool(clause.meanings)
            return following
        token = self._tokens[index]
        if token.kind == "p" and token.text == "?":
            perhaps = bool(clause.numbers) and not (clause.meanings or clause.foreign)  # `3 ?`
            clause.meanings |= {Meaning.MAYBE} if perhaps else set()
            clause.spoiled = clause.spoiled or not perhaps
        elif token.kind in "wne":
            self._word(clause, token.text, index)
        return index + 1

    def _add(self, clause: Clause, index: int, numbers: set[int]) -> None:
        """`2. torsdag 17 december` says one date in three ways, which have to agree; `1, 3` and `1 och 3` say two."""
        target = clause.excepted if clause.except_next else clause.numbers
        before = index - 1
        clause.spoiled = clause.spoiled or (before > 0 and self._tokens[before].text in _ARE and self._plain(index))
        while before >= 0 and self._tokens[before].kind == "p" and self._tokens[before].text in ".):(d":
            before -= 1
        same = before >= 0 and bool(target) and self._was_date(before)
        if same and target & numbers:
            target &= numbers
        else:
            clause.spoiled = clause.spoiled or same
            target |= numbers

    def _was_date(self, index: int) -> bool:
        text = self._tokens[index].text
        return (text in ("den", "d", "the") and index > 0 and self._is_date(index - 1)) or self._is_date(index)

    def _word(self, clause: Clause, word: str, index: int) -> None:
        """What a word adds."""
        meaning = self._meaning(index)
        if meaning is not None:
            clause.meanings.add(meaning)
            if clause.said_first is None and not (clause.dated or clause.all or clause.any):
                clause.said_first = True
        elif word in words.NONE | words.NEITHER:
            clause.all = clause.all or word in words.NONE
            clause.any = True
            clause.none = clause.none or word in words.NONE
            clause.meanings.add(Meaning.CANNOT)
            clause.said_first = True if clause.said_first is None else clause.said_first
        elif word in words.EXCEPT or (word in words.BUT and clause.all):
            clause.except_next = True
        elif word in _OTHERS and index and self._tokens[index - 1].text in _THE:
            clause.rest = True
            clause.said_first = bool(clause.meanings) if clause.said_first is None else clause.said_first
        elif word in words.OTHERWISE:
            clause.otherwise = True
        elif word in words.WHETHER:
            clause.whether = True
        elif word in words.BOTH:
            clause.all = clause.all or self._count == _TWO
        elif word in words.NOT_MEANT:
            clause.spoiled = True
        elif not self._quantity(clause, word) and word not in words.FILLER | words.BUT | _AND:
            clause.foreign = clause.foreign or self._tokens[index].kind != "e"

    def _quantity(self, clause: Clause, word: str) -> bool:
        for known, name in ((words.ANY, "any"), (words.ALL, "all"), (words.REST, "rest"), (words.ONLY, "only")):
            if word in known:
                setattr(clause, name, True)
                if name != "only" and clause.said_first is None:
                    clause.said_first = bool(clause.meanings)
                return True
        return False

    def _meaning(self, index: int) -> Meaning | None:
        text = self._tokens[index].text
        for known, meaning in (
            (words.CANNOT, Meaning.CANNOT),
            (words.MAYBE, Meaning.MAYBE),
            (words.CAN, Meaning.CAN),
            (words.BOOK, Meaning.BOOK),
        ):
            if text in known:
                return meaning
        return None

    # ---- dates

    def _is_date(self, index: int) -> bool:
        return self._date_at(index) is not None

    def _date_at(self, index: int) -> tuple[set[int], int] | None:
        """The dates that are named here, and the first token behind them."""
        token = self._tokens[index]
        for start, end, numbers in self._dates:
            if start <= token.start < end:
                behind = index + 1
                while behind < len(self._tokens) and self._tokens[behind].start < end:
                    behind += 1
                return set(numbers), behind
        if token.kind == "n":
            return self._number_at(index)
        if token.kind == "w":
            return self._word_at(index)
        return None

    def _number_at(self, index: int) -> tuple[set[int], int] | None:
        first = int(self._tokens[index].text[:4])
        behind = index + 1
        before = self._tokens[index - 1].text if index else ""
        if before in words.HOURS or (first > self._count and not _DAY_OF_MONTH.search(self._typed)):
            return None
        if first > self._count:
            on_day = {number for number, day in enumerate(self._days, 1) if day.day == first}
            return (on_day, behind) if len(on_day) == 1 else None
        if first < 1:
            return None
        if behind + 1 < len(self._tokens) and self._tokens[behind].text in ("-", "–") and self._plain(behind + 1):
            last = int(self._tokens[behind + 1].text)
            if first < last <= self._count:
                return set(range(first, last + 1)), behind + 2
        return {first}, behind

    def _plain(self, index: int) -> bool:
        token = self._tokens[index]
        return token.kind == "n" and len(token.text) < len("100") and int(token.text) <= self._count

    def _word_at(self, index: int) -> tuple[set[int], int] | None:
        """A weekday, or "the first one"."""
        text = self._tokens[index].text
        for number, known in enumerate(words.WEEKDAYS):
            if text in known:
                found = {place for place, day in enumerate(self._days, 1) if day.weekday() == number}
                return (found, index + 1) if found else None
        before = self._tokens[index - 1].text if index else ""
        if before in ("den", "det", "the") or not index:
            for number, known in words.ORDINALS.items():
                if text in known and number <= self._count:
                    return {number}, index + 1
            if text in words.LAST:
                return {self._count}, index + 1
        return None

    def _dated(self) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Where a day is written, and which of the dates are on it."""
        if not self._days:
            return
        for one in find_dates(plain(self._typed), min(self._days)):
            if one.kind is Kind.DAY and one.first == one.last and not one.name:
                numbers = frozenset(number for number, day in enumerate(self._days, 1) if day == one.first)
                if numbers:
                    yield one.start, one.end, numbers

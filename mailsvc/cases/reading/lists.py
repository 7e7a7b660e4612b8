"""Reads numbered answers (words.md §2.3): `1+2 ja, 3 nej: for dyrt, 4 vent`, `ja 1, nej 2`, `ja til alle undtagen 3`.

The text is cut into parts, one per group of numbers; each part is then read like an answer of its own, so that a reason
can never decide for another item: what looks like a second answer inside a reason leaves its whole line undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from mailsvc.cases.reading.lexicon import Common, Lexicon
from mailsvc.cases.reading.model import Why
from mailsvc.cases.reading.one import One, read_one
from mailsvc.cases.reading.scan import answer_at
from mailsvc.cases.reading.text import Stream
from mailsvc.cases.reading.words import (
    AND_WORDS,
    ARTICLES,
    BUT_WORDS,
    DELEGATE_WORDS,
    ITEM_WORDS,
    MONTHS,
    NUMBER_WORDS,
    RANGE_WORDS,
    TO_WORDS,
)

_MOST_DIGITS: Final = 9
_BEHIND_NUMBER: Final = ".):=]/>→"
_LETTERS: Final = frozenset({"j", "y", "n", "x"})


class Refs(NamedTuple):
    """Item numbers as written: `1`, `1-3`, `1+2`; `outside` when one is no item of this letter."""

    numbers: tuple[int, ...]
    end: int
    outside: bool = False
    dictated: bool = False


class Head(NamedTuple):
    """Where a part begins: its numbers, and the tokens of its answer (before or after them)."""

    refs: Refs
    start: int
    answer: tuple[int, int]
    rest: int  # where the text goes on behind numbers and answer


@dataclass(frozen=True, slots=True)
class Part:
    """One line or piece of a line: the items it is about, what it says of each, and its text."""

    numbers: tuple[int, ...]
    readings: tuple[One, ...]
    text: str
    correction: bool = False  # stands instead of what was said of its items before


class ListReader:
    """Cuts one reply into parts; `lexicons` has each item's words, `common` those of the letter's own question."""

    def __init__(
        self, stream: Stream, lexicons: Mapping[int, Lexicon], common: Lexicon, case_numbers: Mapping[int, int]
    ) -> None:
        self.stream = stream
        self.lexicons = lexicons
        self.common = common
        self.case_numbers = case_numbers
        self._lines = _line_numbers(stream)
        self._unanswered = (0, 0)
        self._paired = 0
        self._distinct = list({id(lex): lex for lex in (common, *lexicons.values())}.values())

    # --- numbers -----------------------------------------------------------------------------------------------
    def _number(self, index: int, *, dictated: bool = False) -> tuple[int, int] | None:
        """One item number with what may stand before it (`#1`, `nr 1`, `no. 1`, `§ 1`), and the place behind."""
        stream = self.stream
        prefixed = False
        if stream.is_mark(index, "#§"):
            prefixed = True
            index += 1
        elif index < stream.end and stream.tokens[index].text in ITEM_WORDS:
            dot = 1 if stream.is_mark(index + 1, ".") else 0
            if stream.tokens[index].text == "no" and not dot and not self._number_alone(index + 1):
                return None
            prefixed = True
            index += 1 + dot
        if index >= stream.end:
            return None
        token = stream.tokens[index]
        if token.kind == "n" and len(token.text) <= _MOST_DIGITS:
            number = int(token.text)
            number = self.case_numbers.get(number, number) if prefixed else number
            return number, index + 1
        if dictated and not prefixed and token.text in NUMBER_WORDS and answer_here(self, index + 1) is not None:
            return NUMBER_WORDS[token.text], index + 1
        return None

    def _number_alone(self, index: int) -> bool:
        """Behind a `no` without a dot: a number that an answer follows (`no 3 yes`), so `no` means number."""
        stream = self.stream
        if index >= stream.end or stream.tokens[index].kind != "n":
            return False
        behind = index + 1
        while stream.is_mark(behind, ".):"):
            behind += 1
        return answer_here(self, behind) is not None

    def refs(self, index: int, *, dictated: bool = False, behind_word: bool = False) -> Refs | None:
        """The item numbers here: `1`, `1-3`, `1,2`, `1 och 2`; `behind_word`: an answer word stands before them."""
        first = self._number(index, dictated=dictated)
        if first is None:
            return None
        number, end = first
        spelled = self.stream.tokens[end - 1].kind == "w"
        numbers: list[int] = []
        outside = False
        while True:
            last = number
            following = self._range_end(end)
            if following is not None:
                last, end = following
            known = [n for n in self.lexicons if number <= n <= last] if last > number else [number]
            outside = outside or len(known) != last - number + 1 or any(n not in self.lexicons for n in known)
            numbers += [n for n in sorted(known) if n in self.lexicons and n not in numbers]
            joined = self._joined(end)
            if joined is None or (behind_word and self._english_no_at(end)):
                break
            # "yes 1, no. 2": a number sign, or a no with a stop that a telephone put there
            outside = outside or (behind_word and self._changes_to_no(index, end))
            number, end = joined
        return Refs(tuple(numbers), end, outside, spelled)

    def _range_end(self, index: int) -> tuple[int, int] | None:
        """`-3` or `till 3` behind a number."""
        stream = self.stream
        if self._vote(index):
            return None
        if stream.is_mark(index, "-–") or (index < stream.end and stream.tokens[index].text in RANGE_WORDS):
            after = index + 1
            if after >= stream.end or stream.tokens[after].kind != "n" or len(stream.tokens[after].text) > _MOST_DIGITS:
                return None
            if stream.tokens[index].kind == "w" and self._date(after):
                return None  # "skjut upp 2 till 12 oktober"
            return int(stream.tokens[after].text), after + 1
        return None

    def _date(self, index: int) -> bool:
        """Whether the number here begins a date: `12 oktober`, `12. okt`, `12/10`, `2026-10-12`."""
        stream = self.stream
        after = index + 1
        if stream.is_mark(after, "/-."):
            dotted = stream.is_mark(after, ".")
            after += 1
            if not dotted or (after < stream.end and stream.tokens[after].start == stream.tokens[after - 1].end):
                return after < stream.end and stream.tokens[after].kind == "n"
        return after < stream.end and stream.tokens[after].text.startswith(MONTHS)

    def _vote(self, index: int) -> bool:
        """`+1` or `-1` behind a blank is a vote, no further number ("1 +1, 2 -1")."""
        stream = self.stream
        if not (
            stream.is_mark(index, "+-–") and index and index + 1 < stream.end and stream.tokens[index + 1].text == "1"
        ):
            return False
        sign = stream.tokens[index]
        return stream.tokens[index - 1].end < sign.start and stream.tokens[index + 1].start == sign.end

    def _joined(self, index: int) -> tuple[int, int] | None:
        """`+2`, `, 2`, `& 2`, `och 2` behind a number; a comma and "and" may both stand there."""
        stream = self.stream
        after = index
        if self._vote(index):
            return None
        if stream.is_mark(after, ",+&"):
            after += 1
        if after < stream.end and stream.tokens[after].text in AND_WORDS:
            after += 1
        return self._number(after) if after > index else None

    def _english_no_at(self, index: int) -> bool:
        """Whether `no` goes on behind "yes 1-3, ": among words before numbers an English one answers by itself."""
        stream = self.stream
        while index < stream.end and (stream.is_mark(index, ",+&") or stream.tokens[index].text in AND_WORDS):
            index += 1
        return _english_no(stream, index, self.common) is not None

    def _changes_to_no(self, first: int, index: int) -> bool:
        """Whether the numbers go on with `no. 2` though the first had no such sign before it."""
        while self.stream.is_mark(index, ",+&") or self.stream.tokens[index].text in AND_WORDS:
            index += 1
        return self.stream.tokens[index].text == "no" and self.stream.tokens[first].text != "no"

    # --- heads -------------------------------------------------------------------------------------------------
    def number_head(self, index: int, *, dictated: bool = False) -> Head | None:
        """Numbers and then a complete answer word: `1 ja`, `2) nej`, `3: vent`."""
        if self._unanswered[0] <= index < self._unanswered[1]:
            return None
        refs = self.refs(index, dictated=dictated)
        if refs is None:
            return None
        place = refs.end
        while not self._vote(place) and (self.stream.is_mark(place, _BEHIND_NUMBER) or self.stream.dash(place)):
            place += 1
        if place > refs.end and place < self.stream.end and self.stream.tokens[place].kind == "l":
            place += 1  # "1:" and its answer on the next line
        end = answer_here(self, place) or self._no_before_next(place)
        if end is None:
            # What begins inside these numbers ends with them: a long chain is looked through once.
            self._unanswered = (index, refs.end)
            return None
        return Head(refs, index, (place, end), end)

    def _no_before_next(self, index: int) -> int | None:
        """Behind the `no` of "2) no 3) yes": behind an item's number, and the next item has an answer of its own."""
        stream = self.stream
        if index + 1 >= stream.end or stream.tokens[index].text != "no" or stream.tokens[index + 1].kind != "n":
            return None
        behind = index + 2
        while stream.is_mark(behind, ".):"):
            behind += 1
        answered = answer_here(self, behind) is not None
        return index + 1 if answered or (behind < stream.end and stream.tokens[behind].text == "no") else None

    def word_head(self, index: int) -> Head | None:
        """An answer word and then numbers: `ja 1`, `nej till 2 och 3`, `Ja: 1, 2`."""
        end = None
        for lex in self._distinct:
            found = answer_at(self.stream, index, lex) or _english_no(self.stream, index, lex)
            if found is not None:
                end = max(end or 0, found if isinstance(found, int) else found.end)
        if end is None:
            return self._delegated(index)
        place = end
        while self.stream.is_mark(place, ":=") or (
            place < self.stream.end and self.stream.tokens[place].text in TO_WORDS
        ):
            place += 1
        refs = self.refs(place, behind_word=True)
        return Head(refs, index, (index, end), refs.end) if refs is not None else None

    def _delegated(self, index: int) -> Head | None:
        """`delegate 2 to Karin`: the numbers stand inside the words."""
        stream = self.stream
        refs = self.refs(index + 1) if index < stream.end and stream.tokens[index].text in DELEGATE_WORDS else None
        if refs is None or refs.end >= stream.end or stream.tokens[refs.end].text not in TO_WORDS:
            return None
        return Head(refs, index, (index, index + 1), refs.end)

    # --- parts -------------------------------------------------------------------------------------------------
    def parts(self, start: int) -> list[Part] | None:
        """The parts of a reply whose first token (behind openers) is `start`; None when it names no item."""
        bare = self.refs(start, dictated=True)
        if self.number_head(start, dictated=True) or (bare is not None and self.word_head(start) is None):
            return self._split(start, self.number_head, words_first=False)
        if self.word_head(start) is not None:
            return self._split(start, self.word_head, words_first=True)
        return self._later_heads(start)

    def _later_heads(self, start: int) -> list[Part] | None:
        """A reply that begins with a sentence and has its numbers on a later line: "Här är mina svar\\n1 ja"."""
        for index in range(start, self.stream.end):
            if self.stream.line_starts(index) and self.number_head(index):
                lead = self._plain(start, index)
                return None if lead else self._split(index, self.number_head, words_first=False)
        return None

    def _plain(self, low: int, high: int) -> bool:
        """Whether answers or blockers stand in a lead-in, which makes it more than a lead-in."""
        return any(
            answer_here(self, i) is not None or Common.blockers.find(self.stream, i) or self.stream.is_mark(i, "?")
            for i in range(low, high)
        )

    def _split(self, start: int, head_at: Callable[[int], Head | None], *, words_first: bool) -> list[Part]:
        """Goes through the tokens once and cuts where a new number and answer may begin."""
        stream = self.stream
        heads: list[tuple[int, Head, int]] = []  # where the part's text may begin, its head, where the last part ends
        corrected: set[int] = set()
        doubtful: set[int] = set()
        index = start
        complete = True  # nothing but answers since the last head
        dictated = True
        while index < stream.end:
            behind = self._behind_correction(index)
            begins, ends = self._boundary(index, complete) if behind is None else (behind, index)
            head = None
            if begins is not None:
                head = head_at(begins) or (
                    self.number_head(begins, dictated=True) if dictated and not words_first else None
                )
                if head is None and not words_first and self._bare(index, begins, complete):
                    head = self._bare_head(begins)
                if head is None and words_first and (head := self._perhaps_no(begins)) is not None:
                    doubtful.add(self._lines[begins])
            if head is not None and behind is not None:
                corrected.add(head.start)
            if head is not None:
                heads.append((head.start, head, ends))
                dictated = head.refs.dictated
                index = self._behind_tails(head)
                complete = True
                continue
            if heads and self._pair(index):
                doubtful.add(self._lines[index])
            token = stream.tokens[index]
            complete = token.kind == "l" or (complete and token.kind == "p" and token.text in ",;")
            index += 1
        if len(heads) == 1 and self._perhaps_article(heads[0][1].refs):
            return []
        return self._read(heads, doubtful, corrected)

    def _perhaps_article(self, refs: Refs) -> bool:
        """`ett ja` alone is "a yes", `to`, `fire` are English words: dictated numbers need a second one beside them."""
        return refs.dictated and self.stream.tokens[refs.end - 1].text in ARTICLES

    def _boundary(self, index: int, complete: bool) -> tuple[int | None, int]:
        """Where a head may begin at or just behind this token, and where the part before it then ends."""
        stream = self.stream
        place = index
        token = stream.tokens[index]
        if stream.line_starts(index) or complete:
            while place < stream.end and self._bullet(place):
                place += 1
        elif not self._ends_part(index):
            return None, index
        slash = token.text == "/" and index > 0 and stream.tokens[index - 1].kind != "n"  # not in `1/2`
        if token.kind == "p" and (token.text in ",;.!?" or slash) and place == index:
            place += 1
            index += token.text == "?"  # belongs to what it asks
        while place < stream.end and stream.tokens[place].text in AND_WORDS | BUT_WORDS:
            place += 1
        if stream.is_mark(place, "([") and place + 1 < stream.end and stream.tokens[place + 1].kind == "n":
            place += 1
        if token.kind == "l":
            return None, index
        return (place, index) if place < stream.end else (None, index)

    def _behind_correction(self, index: int) -> int | None:
        """Behind `Rättelse:` at the start of a line."""
        if not self.stream.line_starts(index):
            return None
        found = Common.corrections.find(self.stream, index)
        if found is None:
            return None
        place = found.end
        while self.stream.is_mark(place, ":,") or self.stream.dash(place):
            place += 1
        return place if place < self.stream.end else None

    def _ends_part(self, index: int) -> bool:
        """Whether a part may end at this token: a comma, the end of a sentence, or "and"."""
        token = self.stream.tokens[index]
        mark = (token.kind == "p" and token.text in ",;") or token.text in AND_WORDS | BUT_WORDS
        return mark or self.stream.sentence_ends(index)

    def _bullet(self, index: int) -> bool:
        """A list mark at the start of a line."""
        return self.stream.line_starts(index) and self.stream.is_mark(index, "•-–>")

    def _bare(self, index: int, begins: int, complete: bool) -> bool:
        """Numbers without a known answer still begin a part at a line's start and behind a finished answer."""
        return self.stream.line_starts(begins) or (complete and begins > index and self.stream.is_mark(index, ",;"))

    def _bare_head(self, index: int) -> Head | None:
        refs = self.refs(index)
        if refs is None or (not refs.numbers and not self.stream.line_starts(index)):
            return None
        place = refs.end
        while self.stream.is_mark(place, ".):=,;]") or self.stream.dash(place):
            place += 1
        return Head(refs, index, (place, place), place)

    def _perhaps_no(self, index: int) -> Head | None:
        """`no 4` among words before numbers, from somebody who may not write English: of item 4, but not what."""
        refs = self.refs(index + 1) if self.stream.tokens[index].text == "no" else None
        return Head(refs, index, (refs.end, refs.end), refs.end) if refs is not None and refs.numbers else None

    def _pair(self, index: int) -> bool:
        """A number of this letter with an answer word, or the reverse, in the middle of a reason."""
        if index < self._paired:
            return False
        if self.stream.tokens[index].kind == "n" or self.stream.is_mark(index, "#§"):
            head = self.number_head(index)
        else:
            head = self.word_head(index)
        if head is None:
            return False
        self._paired = max(self._paired, head.refs.end)
        return bool(head.refs.numbers) and not head.refs.outside

    def _behind_tails(self, head: Head) -> int:
        """Behind the answer of a head: a new number may follow without a comma ("1 ja tack 2 nej")."""
        index = head.rest
        while index < self.stream.end:
            tails = (Common.tails, Common.no_tails, Common.smiles)
            found = next((hit for table in tails if (hit := table.find(self.stream, index))), None)
            if found is None:
                return index
            index = found.end
        return index

    def _read(self, heads: list[tuple[int, Head, int]], doubtful: set[int], corrected: set[int]) -> list[Part]:
        """Reads every part by itself."""
        parts: list[Part] = []
        for place, (start, head, _) in enumerate(heads):
            end = heads[place + 1][2] if place + 1 < len(heads) else self.stream.end
            while end > head.rest and self._joins(end - 1):
                end -= 1
            text = self.stream.text(start, end)
            if self._on_doubtful_line(start, end, doubtful):
                readings: tuple[One, ...] = tuple(One(why=Why.MIXED) for _ in head.refs.numbers or (0,))
            elif head.refs.outside or not head.refs.numbers:
                readings = tuple(One(why=Why.NO_SUCH_ITEM) for _ in head.refs.numbers or (0,))
            else:
                readings = self._read_part(head, end)
            parts.append(Part(head.refs.numbers, readings, text, start in corrected))
        return parts

    def _joins(self, index: int) -> bool:
        token = self.stream.tokens[index]
        return token.kind == "l" or token.text in AND_WORDS | BUT_WORDS or (token.kind == "p" and token.text in ",;")

    def _on_doubtful_line(self, start: int, end: int, doubtful: set[int]) -> bool:
        if not doubtful:
            return False
        return any(line in doubtful for line in range(self._lines[start], self._lines[max(start, end - 1)] + 1))

    def _read_part(self, head: Head, end: int) -> tuple[One, ...]:
        """What the answer word and the text behind it say of each number; read once for each kind of question."""
        answer = (head.answer[0], head.answer[1])
        rest = (max(head.rest, head.answer[1]), end)
        said: dict[int, One] = {}
        for number in head.refs.numbers:
            lex = self.lexicons[number]
            if id(lex) not in said:
                one = read_one(self.stream.part(answer, rest), lex, in_list=True)
                said[id(lex)] = One(why=Why.UNKNOWN_WORDS) if one.nothing else one
        return tuple(said[id(self.lexicons[number])] for number in head.refs.numbers)


def _line_numbers(stream: Stream) -> list[int]:
    """The line each token stands on."""
    lines: list[int] = []
    line = 0
    for token in stream.tokens:
        lines.append(line)
        line += token.kind == "l"
    return lines


def answer_here(reader: ListReader, index: int) -> int | None:
    """Behind the answer word (of any item's question), single letter, or §5 phrase here; None when there is none."""
    stream = reader.stream
    if index >= stream.end:
        return None
    ends = [found.end for lex in reader._distinct if (found := answer_at(stream, index, lex)) is not None]  # noqa: SLF001
    never = Common.never.find(stream, index)
    if never is not None:
        ends.append(never.end)
    foreign = reader.common.foreign.find(stream, index)
    if foreign is not None and not ends:
        ends.append(foreign.end)
    if ends:
        return max(ends)
    token = stream.tokens[index]
    if token.text in _LETTERS and (
        index + 1 >= stream.end or stream.separates(index + 1) or _number_next(stream, index)
    ):
        return index + 1
    if stream.is_mark(index, "+-–") and index + 1 < stream.end and stream.tokens[index + 1].text == "1":
        return index + 2
    return None


def _number_next(stream: Stream, index: int) -> bool:
    return index + 1 < stream.end and stream.tokens[index + 1].kind == "n"


def _english_no(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """`no 2` behind `yes 1`: the word, when the person writes English."""
    if index < stream.end and stream.tokens[index].text == "no" and lex.language in ("en", None):
        following = stream.tokens[index + 1] if index + 1 < stream.end else None
        return index + 1 if following is not None and following.kind == "n" else None
    return None

"""Finds the answer to all items that a reply does not name: `3 nej, resten ja`, `no to 2, yes to the others`."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.cases.reading.lexicon import Common, Lexicon
from mailsvc.cases.reading.one import One, read_one
from mailsvc.cases.reading.scan import answer_at
from mailsvc.cases.reading.text import Stream
from mailsvc.cases.reading.words import AND_WORDS, BUT_WORDS, TO_WORDS


@dataclass(frozen=True, slots=True)
class Rest:
    """Where the clause about the rest begins, with and without what joins it to the one before, and what it says."""

    start: int
    words: int
    one: One


def find_rest(stream: Stream, start: int, lex: Lexicon) -> Rest | None:
    """The last clause of a reply, when it answers for the rest and nothing stands behind it; None for others."""
    for index in range(start + 1, stream.end):
        if not _begins_clause(stream, index):
            continue
        words = _words_of_rest(stream, index, lex)
        if words is None:
            continue
        joint = index
        while joint > start and _joins(stream, joint - 1):
            joint -= 1
        return Rest(joint, index, read_one(stream.part(*words), lex))
    return None


def _begins_clause(stream: Stream, index: int) -> bool:
    return stream.line_starts(index) or _joins(stream, index - 1)


def _joins(stream: Stream, index: int) -> bool:
    token = stream.tokens[index]
    return token.kind == "l" or stream.is_mark(index, ",;.!") or token.text in AND_WORDS | BUT_WORDS


def _words_of_rest(stream: Stream, index: int, lex: Lexicon) -> tuple[tuple[int, int], ...] | None:
    """The tokens that answer, in "the rest: yes" and "yes to the rest", with all that follows them."""
    rest = Common.the_rest.find(stream, index)
    if rest is not None:
        place = rest.end
        while stream.is_mark(place, ":=") or stream.dash(place):
            place += 1
        return ((place, stream.end),) if answer_at(stream, place, lex) is not None else None
    answer = answer_at(stream, index, lex)
    if answer is None or answer.end >= stream.end:
        return None
    place = answer.end + 1 if stream.tokens[answer.end].text in TO_WORDS else answer.end
    rest = Common.the_rest.find(stream, place)
    if rest is None or not (stream.separates(rest.end) or stream.tokens[rest.end].kind == "e"):
        return None
    return ((index, answer.end), (rest.end, stream.end))

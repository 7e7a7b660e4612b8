"""Cuts what stands below an answer: sign-offs, names, signatures, and the lines that telephones write (words.md §3)."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.reading.disclaimers import without_disclaimers
from mailsvc.cases.reading.lexicon import Common, Lexicon
from mailsvc.cases.reading.text import Stream, Token
from mailsvc.cases.reading.words import AND_WORDS, ITEM_WORDS

_LOOK_AHEAD: Final = 12
_NAME_WORDS: Final = 4
_SENTENCE_WORDS: Final = 4


def cut(typed: str, lex: Lexicon) -> Stream:
    """The tokens that say something; a line behind `PS` below the signature still counts."""
    typed = without_disclaimers(typed, lex)
    stream = Stream(typed, _without_phone_lines(Stream(typed)))
    end = _signature(stream, lex)
    if end >= stream.end:
        return stream
    kept = stream.tokens[:end]
    after = _postscript(stream, end)
    if after < stream.end:
        place = stream.tokens[after].start
        kept = [*kept, Token("\n\n", "l", place, place), *stream.tokens[after:]]
    return Stream(typed, kept)


def _without_phone_lines(stream: Stream) -> list[Token]:
    """All tokens but those of `Skickat från min iPhone` and of picture placeholders (`[cid:…]`)."""
    kept: list[Token] = []
    index = 0
    while index < stream.end:
        if _phone_line(stream, index) or _placeholder(stream, index):
            index = stream.line_end(index)
            continue
        kept.append(stream.tokens[index])
        index += 1
    return kept


def _phone_line(stream: Stream, index: int) -> bool:
    found = Common.phone_lines.find(stream, index)
    if found is None:
        return False
    if stream.line_starts(index):
        return True
    thing = found.end < stream.end and stream.tokens[found.end].text in Common.phone_things
    return thing or stream.is_mark(index - 1, ".!?)") or stream.tokens[index - 1].kind == "e"


def _placeholder(stream: Stream, index: int) -> bool:
    if not (stream.line_starts(index) and stream.is_mark(index, "[<") and index + 1 < stream.end):
        return False
    return stream.tokens[index + 1].text in ("cid", "image", "bild", "billede", "bilde", "image001", "inline")


def _signature(stream: Stream, lex: Lexicon) -> int:
    """The token at which the sign-off or the signature begins."""
    last_numbered = _last_numbered(stream, lex)
    last_said = max(_last_said_line(stream, lex), last_numbered)
    said = False
    for index in range(stream.end):
        if stream.line_starts(index) and _dashes(stream, index):
            return index
        if Common.sign_offs.find(stream, index) and _sign_off(stream, index, lex):
            return index
        if index > last_numbered and (_sign_off(stream, index, lex) or _slash_name(stream, index, lex)):
            return index
        if said and index > last_said and stream.line_starts(index) and _name_line(stream, index, lex):
            return index
        said = said or stream.tokens[index].kind in "we"
    return stream.end


def _dashes(stream: Stream, index: int) -> bool:
    """The signature line `-- ` of RFC 3676 §4.3."""
    end = stream.line_end(index, 3)
    return end - index == 2 and stream.is_mark(index, "-") and stream.is_mark(index + 1, "-")


def _sign_off(stream: Stream, index: int, lex: Lexicon) -> bool:
    """A closing formula; a weak one needs a boundary before it and a name, a comma or the line's end behind it."""
    strong = Common.sign_offs.find(stream, index)
    if strong is not None:
        return _harmless(stream, strong.end, lex)
    weak = Common.weak_sign_offs.find(stream, index)
    if weak is None:
        return False
    bounded = stream.line_starts(index) or stream.clause_ends(index - 1) or stream.tokens[index - 1].kind == "e"
    closes = weak.end >= stream.end or stream.tokens[weak.end].kind == "l"
    follows = closes or stream.is_mark(weak.end, ",.!/") or stream.named(weak.end)
    if not bounded:
        follows = stream.named(weak.end) and stream.line_end(weak.end, _LOOK_AHEAD) - weak.end <= _NAME_WORDS
    return follows and _harmless(stream, weak.end, lex)


def _slash_name(stream: Stream, index: int, lex: Lexicon) -> bool:
    """`/Anna`, `//anna`, and `– Anna` on a line of its own."""
    if stream.is_mark(index, "/"):
        after = index + 2 if stream.is_mark(index + 1, "/") else index + 1
        glued = index > 0 and stream.tokens[index - 1].end == stream.tokens[index].start
        if glued and stream.tokens[index - 1].kind in "wn" and not stream.named(after):
            return False
        apart = after < stream.end and stream.tokens[after - 1].end != stream.tokens[after].start
        if apart and not stream.named(after) and stream.line_end(after, 2) - after > 1:
            return False  # "/ för dyrt; 2 ja"
    elif stream.line_starts(index) and index and stream.is_mark(index, "-–"):
        after = index + 1
        alone = after + 1 >= stream.end or stream.tokens[after + 1].kind == "l"
        if not stream.named(after) and not (alone and stream.line_end(after, 2) >= stream.end):
            return False
    else:
        return False
    end = stream.line_end(after, _LOOK_AHEAD + 1)
    return 0 < end - after <= _LOOK_AHEAD and stream.tokens[after].kind == "w" and _harmless(stream, after, lex)


def _name_line(stream: Stream, index: int, lex: Lexicon) -> bool:
    """A line of nothing but a name, below what was said, with nothing said after it."""
    end = stream.line_end(index, _LOOK_AHEAD)
    names = index
    while names < end and names - index < _NAME_WORDS and stream.named(names):
        names += 1
    titled = (
        names - index > 1 and stream.is_mark(names, ",") and end - index < _LOOK_AHEAD
    )  # "Anna Berg, bibliotekarie"
    return names > index and (names == end or titled) and _harmless(stream, index, lex)


def _harmless(stream: Stream, index: int, lex: Lexicon) -> bool:
    """No word that decides or blocks in what would be cut from this line."""
    for i in range(index, stream.line_end(index, _LOOK_AHEAD)):
        if _is_name_jo(stream, i):
            continue
        if lex.answers.find(stream, i) or Common.blockers.find(stream, i) or _clause_blocks(stream, i):
            return False
        if stream.line_starts(i) and Common.never.find(stream, i):
            return False
    return True


def _clause_blocks(stream: Stream, index: int) -> bool:
    begins = index == 0 or stream.clause_ends(index - 1)
    return begins and Common.clause_blockers.find(stream, index) is not None


def _is_name_jo(stream: Stream, index: int) -> bool:
    """`Jo` is a name too."""
    return stream.tokens[index].text == "jo" and stream.named(index)


def _last_said_line(stream: Stream, lex: Lexicon) -> int:
    """The first token of the last line that reads like something said: an answer, a blocker, or a sentence."""
    last = 0
    for index in range(stream.end):
        if not stream.line_starts(index) or stream.tokens[index].kind == "l":
            continue
        end = stream.line_end(index)
        sentence = end - index > _SENTENCE_WORDS and stream.is_mark(end - 1, ".!?")
        begins = (
            lex.answers.find(stream, index) or Common.blockers.find(stream, index) or Common.never.find(stream, index)
        )
        numbered = _numbered_answer(stream, index, end, lex)
        if sentence or numbered or (begins and not _is_name_jo(stream, index)):
            last = index
    return last


def _last_numbered(stream: Stream, lex: Lexicon) -> int:
    """The last place that answers an item by number; what may be a name above it ends nothing."""
    starts = [index for index in range(stream.end) if stream.line_starts(index) or stream.is_mark(index - 1, ",;.!?")]
    answering = (one for one in reversed(starts) if _numbered_answer(stream, one, stream.end, lex))
    return next(answering, -1)


def _numbered_answer(stream: Stream, index: int, end: int, lex: Lexicon) -> bool:
    """Whether a line begins with a number and an answer to any kind of question, or the reverse: `2) nej`, `nej 2`."""
    numbered = False
    end = min(end, index + _LOOK_AHEAD)
    while index < end and (stream.tokens[index].kind in "np" or stream.tokens[index].text in ITEM_WORDS | AND_WORDS):
        numbered = numbered or stream.tokens[index].kind == "n"
        index += 1
    found = lex.answers.find(stream, index) or lex.foreign.find(stream, index)
    return found is not None and (numbered or (found.end < end and stream.tokens[found.end].kind == "n"))


def _postscript(stream: Stream, index: int) -> int:
    """The token behind `PS` at the start of a line below the signature; the end when there is none."""
    for i in range(index, stream.end):
        if not stream.line_starts(i):
            continue
        if stream.tokens[i].text == "ps":
            return _behind_marks(stream, i + 1)
        if [token.text for token in stream.tokens[i : i + 3]] == ["p", ".", "s"]:
            return _behind_marks(stream, i + 3)
    return stream.end


def _behind_marks(stream: Stream, index: int) -> int:
    while stream.is_mark(index, ".:,-–"):
        index += 1
    return index

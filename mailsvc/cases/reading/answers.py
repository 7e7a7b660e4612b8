"""Reads what people answer by mail (words.md §1–§6): one pure function from text to decisions, in five languages.

A yes is never guessed: what is not clearly one of the question's words is left undecided, with the reason why, so that
the sender can be told once what would have worked. Mailto subjects, case numbers and printed words are here too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mailsvc.cases.reading import words, words_answers
from mailsvc.cases.reading.cut import cut
from mailsvc.cases.reading.lexicon import Common, Lexicon, lexicon
from mailsvc.cases.reading.lists import ListReader, Part
from mailsvc.cases.reading.model import (
    AskBack,
    AskKind,
    Item,
    ItemAnswer,
    Meaning,
    Reading,
    Undecided,
    Vocabulary,
    Why,
)
from mailsvc.cases.reading.one import One, read_one
from mailsvc.cases.reading.openers import behind_openers
from mailsvc.cases.reading.rest import Rest, find_rest
from mailsvc.cases.reading.text import Stream, clean, words_of

__all__ = ["find_case_number", "printed_words", "read", "read_subject"]


def read(text: str, vocabulary: Vocabulary, language: str | None, items: Sequence[Item] | int = 1) -> Reading:
    """What the newly written `text` answers to a question of that kind; `language` is the person's (None: unknown).

    `items` are the numbered items of the letter, or how many there are (1 to n). Never raises; the work
    is linear in the text.
    """
    listed = [Item(number) for number in range(1, items + 1)] if isinstance(items, int) else list(items)
    own = lexicon(vocabulary, language)
    stream = cut(clean(text), own)
    start = behind_openers(stream, 0, own)
    if start >= stream.end or not any(token.kind in "wne" or token.text == "?" for token in stream.tokens):
        return Reading(nothing_said=True)
    by_number = {item.number: item for item in listed}
    lexicons = {item.number: lexicon(item.vocabulary or vocabulary, language) for item in listed}
    cases = {item.case_number: item.number for item in listed if item.case_number is not None}
    reader = ListReader(stream, lexicons, own, cases)
    booked = _booked(stream, start, own, len(listed))
    if booked is not None:
        return booked
    if len(listed) == 1:
        return _read_single(stream, reader, lexicons, listed[0], start)
    every = _every_item(stream, start, reader, own, by_number)
    if every is not None:
        return every
    rest = find_rest(stream, start, own)
    if rest is not None:
        return _with_rest(stream, rest, reader, tuple(by_number))
    parts = reader.parts(start)
    if parts:
        return _of_parts(parts, stream, own)
    return _bare(stream, own, tuple(by_number))


def _read_single(stream: Stream, reader: ListReader, lexicons: dict[int, Lexicon], item: Item, start: int) -> Reading:
    """A letter with one item: its number before the answer is allowed, not needed."""
    lex = lexicons[item.number]
    if reader.number_head(start) is not None:
        parts = reader.parts(start)
        if parts:
            return _of_parts(parts, stream, lex)
    one = read_one(stream, lex)
    if one.nothing:
        return Reading(nothing_said=True)
    if one.meaning is Meaning.ALL:  # a list of one
        return Reading((ItemAnswer(item.number, Meaning.YES, one.argument, one.reason, one.words),))
    if one.meaning is not None:
        return Reading((ItemAnswer(item.number, one.meaning, one.argument, one.reason, one.words),))
    whole = stream.text(0, stream.end)
    return Reading(
        undecided=(Undecided((item.number,), one.why or Why.UNKNOWN_WORDS, whole),),
        ask_back=_perhaps_yes(one, lex),
        comment=whole,
    )


def _perhaps_yes(one: One, lex: Lexicon) -> AskBack | None:
    """ "Is that a yes?", where a yes is what was asked for."""
    asks = one.perhaps_yes and (lex.says_yes() or one.why is Why.OTHER_QUESTION)
    return AskBack(AskKind.IS_THAT_A_YES, words=one.words) if asks else None


def _of_parts(parts: list[Part], stream: Stream, lex: Lexicon) -> Reading:
    """Puts the parts together: an item decided twice in two ways is undecided."""
    said: dict[int, list[tuple[One, str]]] = {}
    undecided: list[Undecided] = []
    for part in parts:
        if not part.numbers:
            undecided.append(Undecided((), part.readings[0].why or Why.UNKNOWN_WORDS, part.text))
        for number, one in zip(part.numbers, part.readings, strict=False):
            if part.correction:
                said.pop(number, None)
            said.setdefault(number, []).append((one, part.text))
    answers: list[ItemAnswer] = []
    for number, ones in sorted(said.items()):
        one = ones[0][0]
        doubt = next(((other, where) for other, where in ones if other.meaning is None), None)
        if doubt is not None:
            undecided.append(Undecided((number,), doubt[0].why or Why.UNKNOWN_WORDS, doubt[1]))
        elif len({(other.meaning, other.argument) for other, _ in ones}) > 1:
            undecided.append(Undecided((number,), Why.OPPOSITE, " / ".join(where for _, where in ones)))
        else:
            assert one.meaning is not None
            meaning = Meaning.YES if one.meaning is Meaning.ALL else one.meaning
            answers.append(ItemAnswer(number, meaning, one.argument, one.reason, one.words))
    comment = stream.text(0, stream.end) if undecided else ""
    unclear = [one for ones in said.values() for one, _ in ones if one.meaning is None]
    ask = _perhaps_yes(unclear[0], lex) if len(unclear) == 1 and not answers else None
    return Reading(tuple(answers), tuple(undecided), ask_back=ask, comment=comment)


def _every_item(stream: Stream, start: int, reader: ListReader, lex: Lexicon, items: dict[int, Item]) -> Reading | None:
    """`approve all`, `ja til alle undtagen 3`: never done at once, asked back with the list."""
    found = lex.answers.find(stream, start)
    if found is None or found.phrase.meaning is not Meaning.ALL:
        return None
    place = found.end
    if stream.is_mark(place, ","):
        place += 1
    excepted = Common.excepts.find(stream, place)
    left: tuple[int, ...] = ()
    if excepted is not None:
        after = excepted.end + 1 if stream.is_mark(excepted.end, ":") else excepted.end
        refs = reader.refs(after)
        if refs is None or refs.outside:
            return _all_undecided(stream, Why.NO_SUCH_ITEM if refs else Why.BLOCKER)
        left = refs.numbers
        rest = refs.end
        if not stream.separates(rest) and stream.tokens[rest].kind != "e":
            return _all_undecided(stream, Why.MIXED)
        one = read_one(stream.part((start, found.end), (rest, stream.end)), lex)
    else:
        one = read_one(stream.part((start, stream.end)), lex)
    if one.meaning is not Meaning.ALL:
        return _all_undecided(stream, one.why or Why.OPPOSITE)
    yes = tuple(number for number in items if number not in left)
    whole = stream.text(0, stream.end)
    ask = AskBack(AskKind.ALL, yes=yes, open=left, words=stream.text(start, stream.end))
    return Reading(undecided=(Undecided((), Why.ASKED_BACK, whole),), ask_back=ask, comment=whole)


def _with_rest(stream: Stream, rest: Rest, reader: ListReader, numbers: tuple[int, ...]) -> Reading:
    """`3 nej, resten ja`: what is named counts, a yes to all others is asked back with the list."""
    whole = stream.text(0, stream.end)
    named = ListReader(stream.part((0, rest.start)), reader.lexicons, reader.common, reader.case_numbers)
    parts = named.parts(behind_openers(named.stream, 0, reader.common))
    said = _of_parts(parts, named.stream, reader.common) if parts else Reading()
    mentioned = {number for part in parts or () for number in part.numbers}
    others = tuple(number for number in numbers if number not in mentioned)
    text = stream.text(rest.words, stream.end)
    clear = rest.one.meaning is Meaning.YES and said.answers and not said.undecided and others
    why = Why.ASKED_BACK if clear else Why.WHICH_ITEM
    ask = AskBack(AskKind.ALL, yes=others, words=text) if clear else None
    undecided = (*said.undecided, Undecided((), why, text))
    return Reading(said.answers, undecided, ask_back=ask, comment=whole)


def _all_undecided(stream: Stream, why: Why) -> Reading:
    whole = stream.text(0, stream.end)
    return Reading(undecided=(Undecided((), why, whole),), comment=whole)


def _bare(stream: Stream, lex: Lexicon, numbers: tuple[int, ...]) -> Reading:
    """One answer without a number to a list of several: asked back, nothing decided."""
    one = read_one(stream, lex)
    if one.nothing:
        return Reading(nothing_said=True)
    whole = stream.text(0, stream.end)
    if one.meaning is None:
        why = one.why or Why.UNKNOWN_WORDS
        return Reading(undecided=(Undecided((), why, whole),), ask_back=_perhaps_yes(one, lex), comment=whole)
    ask = AskBack(AskKind.WHICH_ITEM, open=numbers, words=one.words)
    return Reading(undecided=(Undecided((), Why.WHICH_ITEM, whole),), ask_back=ask, comment=whole)


def _booked(stream: Stream, start: int, lex: Lexicon, count: int) -> Reading | None:
    """`book 2` in a poll closes it with that date, whatever numbers mean elsewhere."""
    found = lex.answers.find(stream, start)
    if found is None or found.phrase.meaning is not Meaning.BOOK:
        return None
    one = read_one(stream.part((start, stream.end)), lex)
    whole = stream.text(0, stream.end)
    number = re.search(r"\d{1,9}", one.argument)
    if one.meaning is not Meaning.BOOK or number is None:
        return Reading(undecided=(Undecided((), one.why or Why.NO_ARGUMENT, whole),), comment=whole)
    chosen = int(number.group())
    if not 1 <= chosen <= count:
        return Reading(undecided=(Undecided((), Why.NO_SUCH_ITEM, whole),), comment=whole)
    return Reading((ItemAnswer(chosen, Meaning.BOOK, str(chosen), one.reason, one.words),))


# --- subjects, case numbers, printed words -----------------------------------------------------------------------
_SUBJECT: Final = re.compile(r"\s*(?P<said>[^\[\]]{1,60}?)\s*\[#(?P<number>\d{1,12})\]\s*", re.DOTALL)


def read_subject(
    subject: str, case_number: int, vocabulary: Vocabulary, language: str | None, items: Sequence[Item] | int = 1
) -> Reading | None:
    """The answer in a subject that one of our own mailto links made: `word [#142]` and nothing else; None for others.

    To be asked only when the body is empty or a signature. A subject with `Re:`, `SV:` or `Fwd:` before it
    was made by a mail program from another letter: our own words coming back, and no evidence.
    """
    match = _SUBJECT.fullmatch(subject)
    if match is None or int(match["number"]) != case_number:
        return None
    said = match["said"]
    reading = read(said, vocabulary, language, items)
    typed = words_of(clean(said))
    if reading.ask_back is not None and reading.ask_back.kind is AskKind.ALL:
        return reading if words_of(clean(reading.ask_back.words)) == typed else None
    answer = reading.decided
    if answer is None or answer.reason:
        return None
    decided = words_of(clean(answer.words))
    before = typed[: len(typed) - len(decided)]
    return reading if (*before, *decided) == typed and all(one.isdigit() for one in before) else None


_CASE: Final = re.compile(
    r"\[#(\d{1,12})\]|(?<![\w#])#(\d{1,12})(?!\w)|\b(?:" + "|".join(words.CASE_WORDS) + r")\s+#?(\d{1,12})(?!\w)",
    re.IGNORECASE,
)


def find_case_number(text: str) -> int | None:
    """The case a text names (words.md §7.6): `[#142]` before `#142` and `ärende 142`; a number alone is none."""
    found = list(_CASE.finditer(clean(text)))
    best = next((match for match in found if match[1]), found[0] if found else None)
    return int(best[1] or best[2] or best[3]) if best is not None else None


def printed_words(vocabulary: Vocabulary, language: str, items: int = 1) -> list[tuple[Meaning, str]]:
    """The word that letters print for each meaning, in order; `…` and NAME stand for what the reader fills in.

    Words about every item are printed only where there are several.
    """
    found: list[tuple[Meaning, str]] = []
    for meaning, rows in vocabulary.rows:
        if meaning is Meaning.ALL and items < 2:
            continue
        word = _approve_word(meaning, language) if vocabulary.approve_words else None
        if word is None:
            row = words_answers.ROWS[rows[0]]
            cell = row.may_reason.get(language) or row.alone.get(language) or row.may_reason["en"]
            word = words.cells(cell)[0].partition("@")[0]
        found.append((meaning, word))
    return found


def _approve_word(meaning: Meaning, language: str) -> str | None:
    """Held posts and people who ask to join are approved and rejected."""
    table = {Meaning.YES: words_answers.APPROVE, Meaning.NO: words_answers.REJECT}.get(meaning)
    return table.get(language, table["en"]) if table else None

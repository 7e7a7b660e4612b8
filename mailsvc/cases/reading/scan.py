"""What may not stand behind an answer word: blockers (words.md §4), opposite answers, what takes it back (§5)."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.reading.lexicon import Common, Found, Lexicon
from mailsvc.cases.reading.model import REFINES, Meaning, Why
from mailsvc.cases.reading.text import Stream

# Which §5 phrases undo an answer in its own sentence, and which do so as a whole later clause.
_LOOK_AHEAD: Final = 60
_MOST_NAMES: Final = 3
_UNDO_YES: Final = frozenset(
    {Why.WILL_LOOK, Why.POLITE_NO, Why.NO_AND_YES, Why.HESITATION, Why.HANDS_BACK, Why.DONT_KNOW, Why.CALL_ME,
     Why.WRONG_PERSON, Why.NOT_IN, Why.AMBIGUOUS}
)  # fmt: skip
_UNDO_YES_LATER: Final = frozenset({Why.NO_AND_YES, Why.HESITATION, Why.HANDS_BACK, Why.DONT_KNOW, Why.WRONG_PERSON})
_UNDO_NO: Final = _UNDO_YES | {Why.PRAISE}
_UNDO_NO_LATER: Final = frozenset({Why.NO_AND_YES, Why.POLITE_NO, Why.HESITATION, Why.HANDS_BACK, Why.DONT_KNOW})


def answer_at(stream: Stream, index: int, lex: Lexicon) -> Found | None:
    """The answer word here; an English *no* that may be nynorsk *now* or a number sign is a false friend (§6)."""
    found = lex.answers.find(stream, index)
    if found is None or found.phrase.words != ("no",):
        return found
    after = index + 2 if stream.is_mark(index + 1, ".") else index + 1
    if after < stream.end and stream.tokens[after].kind == "n":
        return None
    if _english_no(stream, index, lex):
        return found
    return Found(found.phrase._replace(meaning=None, why=Why.FALSE_FRIEND), found.end)


def _english_no(stream: Stream, index: int, lex: Lexicon) -> bool:
    """Alone, or before a mark with nothing Norwegian in the sentence; from nn and nb people only when it is all."""
    if stream.is_mark(index - 1, "\"'") and stream.is_mark(index + 1, "\"'"):
        return stream.separates(index + 2) and _nothing_norwegian(stream, index + 2, lex)
    tailed = Common.no_tails.find(stream, index + 1) or Common.english_reasons.find(stream, index + 1)
    if not stream.separates(index + 1) and not tailed:
        return stream.tokens[index + 1].kind == "e"
    return _nothing_norwegian(stream, index + 1, lex)


def _nothing_norwegian(stream: Stream, index: int, lex: Lexicon) -> bool:
    """Whether what follows speaks for English: it is all, or at least holds no nynorsk word."""
    if lex.language in ("nn", "nb"):
        rest = index
        while rest < stream.end:  # ends at the first word that is no tail
            tail = Common.no_tails.find(stream, rest)
            if tail is None and stream.tokens[rest].kind in "wn":
                return False
            rest = tail.end if tail else rest + 1
        return True
    rest = index
    while rest - index < _LOOK_AHEAD and not stream.sentence_ends(rest):
        if stream.tokens[rest].text in Common.nynorsk:
            return False
        rest += 1
    return True


def scan_yes(
    stream: Stream, end: int, free: int, lex: Lexicon, meaning: Meaning, *, ok: bool, argument_end: int | None = None
) -> Why | None:
    """Why the free text from `free` on leaves an answer ending at `end` undecided; `ok`: the word was only an "ok".

    With `argument_end` only an argument is looked at, which begins no clause ("until next time").
    """
    last = stream.end if argument_end is None else argument_end
    first = not any(stream.sentence_ends(i) for i in range(end, free))
    starts = argument_end is None
    index = free
    while index < last:
        if stream.sentence_ends(index):
            first, starts = False, True
            index += 1
            continue
        why, after = _look(stream, index, lex, meaning, first=first, starts=starts, ok=ok)
        if why is not None:
            return why
        joined = stream.tokens[index].text in Common.joiners
        starts = after == index + 1 and (stream.clause_ends(index) or joined) and (first or stream.sentence_ends(index))
        index = after
    return None


def _look(
    stream: Stream, index: int, lex: Lexicon, meaning: Meaning, *, first: bool, starts: bool, ok: bool
) -> tuple[Why | None, int]:
    """What stands at one place: why it forbids the answer, and the place behind it."""
    following = index + 1
    if not first and not starts:
        return None, following
    answer = answer_at(stream, index, lex)
    if answer is not None and _agrees(answer, meaning):
        return None, answer.end
    if _blocks(stream, index, first=first, starts=starts):
        return Why.BLOCKER, following
    if answer is not None:
        if answer.phrase.meaning is not None:
            return Why.OPPOSITE, following
        if starts and answer.phrase.words != ("no",):
            return Why.FALSE_FRIEND, following
    return (_undoes(stream, index, meaning, first=first, ok=ok) if starts else None), following


def _undoes(stream: Stream, index: int, meaning: Meaning, *, first: bool, ok: bool) -> Why | None:
    """A phrase of §5 that takes an answer back; an `ok` is taken back by more: "Ok. Jag återkommer."."""
    if ok and (Common.ok_future.find(stream, index) or _somebody_else(stream, index)):
        return Why.WILL_LOOK
    never = Common.never.find(stream, index)
    if never is None or never.phrase.why is None:
        return None
    why = never.phrase.why
    if meaning is Meaning.WAIT and why in (Why.WILL_LOOK, Why.CALL_ME):
        return None  # fits a wait well
    if why is Why.RECEIPT:
        thanks = Common.thanks.find(stream, index)
        bare = thanks is not None and thanks.end == never.end
        return None if bare or not (first or ok) else why
    if first:
        return why if why in _UNDO_YES else None
    later = why in _UNDO_YES_LATER or (ok and why is Why.WILL_LOOK)
    return why if later and (ok or stream.clause_ends(never.end)) else None


def _somebody_else(stream: Stream, index: int) -> bool:
    """ "Ok, Karin svarar": an `ok` to the letter, and a name that will answer it."""
    after = index + 1
    while after < index + _MOST_NAMES and stream.named(after):
        after += 1
    return stream.named(index) and after < stream.end and stream.tokens[after].text in Common.will


def _agrees(answer: Found, meaning: Meaning) -> bool:
    other = answer.phrase.meaning
    return other is not None and (
        other == meaning or other in REFINES.get(meaning, ()) or meaning in REFINES.get(other, ())
    )


def _blocks(stream: Stream, index: int, *, first: bool, starts: bool) -> bool:
    """A blocker: anywhere in the answer's sentence, or as the first word of a later one."""
    if stream.tokens[index].text.endswith("n't") or Common.blockers.find(stream, index):
        return True
    clause = starts and Common.clause_blockers.find(stream, index) is not None
    if first:
        return clause or Common.sentence_blockers.find(stream, index) is not None
    # A small letter on a new line goes on with the sentence above: "Ja\nom alla kan".
    goes_on = index > 1 and stream.tokens[index - 1].kind == "l" and stream.tokens[index - 2].kind in "wn"
    return clause and goes_on and stream.shown(index)[:1].islower()


def scan_refusal(stream: Stream, end: int, free: int, lex: Lexicon, meaning: Meaning) -> Why | None:
    """Why a no is undecided: only a phrase of §5 or an opposite answer that begins a clause; the rest is its reason."""
    first = not any(stream.sentence_ends(i) for i in range(end, free))
    starts = True
    index = free
    while index < stream.end:
        if starts:
            why = _takes_back(stream, index, lex, meaning, first=first)
            if why is not None:
                return why
        if stream.sentence_ends(index):
            first = False
        starts = (
            stream.clause_ends(index) or stream.tokens[index].kind == "l" or stream.tokens[index].text in ("men", "but")
        )
        index += 1
    return None


def _takes_back(stream: Stream, index: int, lex: Lexicon, meaning: Meaning, *, first: bool) -> Why | None:
    """An opposite answer or a phrase of §5 at the beginning of a clause of a no's reason."""
    never = Common.never.find(stream, index)
    answer = answer_at(stream, index, lex)
    longer = never is not None and (answer is None or len(never.phrase.words) > len(answer.phrase.words))
    if answer is not None and not longer and answer.phrase.meaning is not None and not _agrees(answer, meaning):
        whole = stream.clause_ends(answer.end) or answer.end >= stream.end
        return Why.OPPOSITE if answer.phrase.may_reason or whole else None
    if never is None or never.phrase.why is None:
        return None
    why = never.phrase.why
    if meaning is Meaning.WAIT and why in (Why.WILL_LOOK, Why.CALL_ME):
        return None  # fits a wait well
    whole = stream.clause_ends(never.end)
    if first and why in _UNDO_NO and (whole or why is not Why.PRAISE):
        return why
    return why if why in _UNDO_NO_LATER and whole else None

"""Reads the answer to one question (words.md §1): openers, the answer word, its tails, what may stand behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.cases.reading.lexicon import Common, Found, Lexicon, Phrases, other_question
from mailsvc.cases.reading.model import FREE_TEXT, NEEDS_ARGUMENT, REFINES, REFUSALS, Meaning, Why
from mailsvc.cases.reading.openers import behind_openers
from mailsvc.cases.reading.scan import answer_at, scan_refusal, scan_yes
from mailsvc.cases.reading.text import Stream

_SKIPPED_BEFORE_ANSWER: Final = frozenset({Why.RECEIPT, Why.PRAISE})
_ASK_IF_YES: Final = frozenset({Why.PRAISE, Why.POLITE_NO, Why.FALSE_FRIEND, Why.MACHINE})
_OK_WORDS: Final = frozenset({"ok", "okay", "okej", "okei", "oki"})
_LETTERS: Final = {"j": True, "y": True, "n": False}
_NEGATIONS: Final = frozenset({"inte", "ikke", "ikkje", "ej", "not", "never", "aldrig", "aldri"})
_THANKS: Final = frozenset({"tack", "tak", "takk", "thanks", "you"})
# With these the sender's yes may be followed by a few words of praise and agreement.
_AGREEING: Final = frozenset(
    {Meaning.YES, Meaning.ALWAYS, Meaning.ALL, Meaning.CAN, Meaning.GRANT, Meaning.SIGN, Meaning.RECOMMEND,
     Meaning.TAKE_UP, Meaning.COUNT_ME_IN, Meaning.CONTINUE, Meaning.AGREED, Meaning.ONLINE, Meaning.ON_SITE,
     Meaning.DONE}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class One:
    """What a text says about one question: a meaning, or why none; `nothing` when nothing was said."""

    meaning: Meaning | None = None
    why: Why | None = None
    argument: str = ""
    reason: str = ""
    words: str = ""
    nothing: bool = False
    perhaps_yes: bool = False  # ask back "Is that a yes?"


def read_one(stream: Stream, lex: Lexicon, in_list: bool = False) -> One:
    """The answer in a text whose signature is cut; `in_list`: a number stood before it, single letters count."""
    if in_list and (letter := _single_letter(stream, 0, lex)) is not None:
        return letter
    place = behind_openers(stream, 0, lex)
    while place < stream.end:
        found = answer_at(stream, place, lex)
        never = Common.never.find(stream, place)
        if never is None or (found and len(found.phrase.words) >= len(never.phrase.words)):
            break
        behind = _behind_remark(stream, never, lex)
        if behind is None:
            why = never.phrase.why or Why.UNKNOWN_WORDS
            return One(why=why, perhaps_yes=why in _ASK_IF_YES, words=stream.text(place, never.end))
        place = behind_openers(stream, behind, lex)
    if place >= stream.end:
        return One(nothing=True)
    if found is None:
        return _unknown(stream, place, lex)
    if found.phrase.meaning is None:
        return One(why=Why.FALSE_FRIEND, perhaps_yes=found.phrase.words == ("no",))
    return _Answer(stream, lex, place, found).read()


def _behind_remark(stream: Stream, never: Found, lex: Lexicon) -> int | None:
    """The answer behind a thanks or a praise that ends its clause ("Toppen! Ja"), or None."""
    if never.phrase.why not in _SKIPPED_BEFORE_ANSWER:
        return None
    index = never.end
    emoji = index > 0 and stream.tokens[index - 1].kind == "e"
    if not emoji and not (index < stream.end and stream.separates(index)):
        return None
    while index < stream.end and (stream.tokens[index].kind in "le" or stream.separates(index)):
        if answer_at(stream, index, lex):
            break
        index += 1
    return index if answer_at(stream, index, lex) or Common.never.find(stream, index) else None


def _single_letter(stream: Stream, place: int, lex: Lexicon) -> One | None:
    """`j y n`, `+1 -1`, and in a poll `x 1 0`: they mean something only behind a number."""
    rest = [token.text for token in stream.tokens[place : place + 3] if token.kind != "l"]
    while rest and rest[-1] in (".", ",", ";", "!"):
        rest.pop()
    if place + len(rest) < stream.end and any(t.kind in "wne" for t in stream.tokens[place + len(rest) : stream.end]):
        return None
    said: bool | None = None
    if len(rest) == 1:
        said = _LETTERS.get(rest[0])
        if Meaning.CAN in lex.vocabulary.meanings and rest[0] in ("x", "1", "0"):
            said = rest[0] != "0"
    elif rest in (["+", "1"], ["-", "1"], ["–", "1"]):
        said = rest[0] == "+"
    if said is None:
        return None
    spelled = "yes" if said else "no"
    found = lex.answers.find(Stream(spelled), 0)
    meaning = found.phrase.meaning if found else None
    return One(meaning=meaning, words=stream.text(place, place + len(rest))) if meaning else None


def _unknown(stream: Stream, place: int, lex: Lexicon) -> One:
    """Nothing known stands here: a question, an answer to another kind of question, or words we do not know."""
    first = place
    while not stream.sentence_ends(first):
        first += 1
    questioned = any(stream.is_mark(i, "?") for i in range(place, min(first + 1, stream.end)))
    if questioned:
        return One(why=Why.QUESTION)
    foreign = lex.foreign.find(stream, place)
    if foreign is not None and foreign.phrase.meaning is not None and stream.separates(foreign.end):
        meaning = foreign.phrase.meaning
        why = other_question(lex.vocabulary, meaning)
        return One(why=why, perhaps_yes=why is Why.OTHER_QUESTION and meaning is Meaning.YES)
    return One(why=Why.UNKNOWN_WORDS)


class _Answer:
    """An answer word that was found, and the way on from there; lives for one reading."""

    def __init__(self, stream: Stream, lex: Lexicon, place: int, found: Found) -> None:
        assert found.phrase.meaning is not None
        self.stream = stream
        self.lex = lex
        self.place = place
        self.found = found
        self.meaning = found.phrase.meaning
        self.may_reason = found.phrase.may_reason
        self.end = found.end  # the token behind the answer and its tails
        self.words_end = found.end
        self.fallback: tuple[int, int, Meaning, bool] | None = None

    def read(self) -> One:
        """The reading of the whole text, given that its answer begins here."""
        if self.found.phrase.hole >= 0:
            return self._decide(self.stream.text(*self.found.name), self._behind_marks(self.end))
        if self.found.phrase.argument:
            return self._with_argument()
        if self.meaning in FREE_TEXT:
            return self._with_question()
        self._take_tails()
        free = self._free_text()
        if free is None:
            return self._unfinished()
        if self.meaning in NEEDS_ARGUMENT:
            return self._undecided(Why.NO_ARGUMENT)
        if not self.may_reason and not self.lex.vocabulary.lenient and not self._only_names(free):
            why = scan_yes(self.stream, self.end, free, self.lex, self.meaning, ok=True) or Why.NOT_ALL
            return self._undecided(why, perhaps_yes=self.meaning is Meaning.YES and why is Why.NOT_ALL)
        return self._decide("", free)

    def _undecided(self, why: Why, perhaps_yes: bool = False) -> One:
        return One(why=why, words=self._words(), perhaps_yes=perhaps_yes)

    def _words(self) -> str:
        return self.stream.text(self.place, self.words_end)

    def _decide(self, argument: str, free: int) -> One:
        """The answer, unless a question mark or something in the free text forbids it."""
        why = self._question() or self._forbidden(free)
        if why is not None:
            return self._undecided(why)
        reason = self.stream.text(free, self.stream.end)
        if not any(token.kind in "wne" for token in self.stream.tokens[free : self.stream.end]):
            reason = ""  # a closing quotation mark, a bracket
        if self.words_end > self.found.end and self._only_names(free):
            reason = ""  # "Thanks, Tom"
        if self.meaning is Meaning.ABSTAIN and self._names_conflict(free):
            self.meaning = Meaning.CONFLICT
        if self.stream.is_mark(free - 1, "("):
            reason = reason.removesuffix(")").rstrip()
        return One(self.meaning, argument=argument, reason=reason, words=self._words())

    def _names_conflict(self, free: int) -> bool:
        """Whether the reason of an abstention is a conflict of interest: "avstår, jag är jävig"."""
        found = (self.lex.answers.find(self.stream, index) for index in range(free, self.stream.end))
        return any(one is not None and one.phrase.meaning is Meaning.CONFLICT for one in found)

    def _forbidden(self, free: int) -> Why | None:
        if self.meaning in FREE_TEXT:
            return None
        lenient = self.lex.vocabulary.lenient and self.meaning in _AGREEING
        if self.meaning in REFUSALS or self.meaning is Meaning.WAIT or lenient:
            return scan_refusal(self.stream, self.end, free, self.lex, self.meaning)
        ok = self.stream.tokens[self.place].text in _OK_WORDS
        return scan_yes(self.stream, self.end, free, self.lex, self.meaning, ok=ok)

    def _question(self) -> Why | None:
        """A `?` anywhere in the first sentence; an RSVP's yes may be followed by one in its comment."""
        stream = self.stream
        if self.lex.vocabulary.lenient and self.meaning in _AGREEING:
            return Why.QUESTION if stream.is_mark(self.end, "?") else None
        last = self.end
        while not stream.sentence_ends(last):
            last += 1
        asked = any(stream.is_mark(i, "?") for i in range(min(last + 1, stream.end)))
        return Why.QUESTION if asked else None

    # --- tails -------------------------------------------------------------------------------------------------
    def _take_tails(self) -> None:
        """Moves behind all that changes nothing; remembers the last separator: a sentence may begin like a tail."""
        while True:
            index = self._behind_marks(self.end)
            found = self._tail(index)
            if found is None or self._begins_reason(index, found):
                return
            if index > self.end:
                self.fallback = (self.end, self.words_end, self.meaning, self.may_reason)
            meaning = found.phrase.meaning
            if meaning is not None:
                self.meaning = meaning
                self.may_reason = self.may_reason or found.phrase.may_reason
            self.end = self.words_end = found.end

    def _begins_reason(self, index: int, found: Found) -> bool:
        """`Afvis: Det hører …`: behind a no and a mark, what looks like a tail begins the reason, if more follows."""
        if self.meaning not in REFUSALS:
            return False
        if index == self.end and (self.found.phrase.words[-1] not in _THANKS or self.stream.separates(found.end)):
            return False  # but "Nej tak det er for dyrt": no thanks has an object
        is_object = Common.objects.find(self.stream, index) == found
        return is_object and self._behind_marks(found.end) < self.stream.end

    def _tail(self, index: int) -> Found | None:
        """A tail, or the same answer once more, or a more exact one."""
        again = answer_at(self.stream, index, self.lex)
        if again is not None and not again.phrase.argument and self._same(again.phrase.meaning):
            longer = Common.never.find(self.stream, index)
            if longer is None or len(longer.phrase.words) <= len(again.phrase.words) or self.may_reason:
                return again
        best: Found | None = None
        for phrases in self._tail_tables():
            found = phrases.find(self.stream, index)
            if found is not None and (best is None or found.end > best.end):
                best = found
        return best

    def _same(self, meaning: Meaning | None) -> bool:
        return meaning is not None and (meaning == self.meaning or meaning in REFINES.get(self.meaning, ()))

    def _tail_tables(self) -> list[Phrases]:
        tables = [Common.smiles, Common.objects]
        if self.meaning in _AGREEING:
            tables += [Common.tails, Common.yes_smiles]
            if self.meaning is Meaning.ALL:
                tables.append(Common.all_tails)
            if self.may_reason:
                tables.append(Common.yes_tails)
        else:
            tables.append(Common.no_tails)
        return tables

    def _behind_marks(self, index: int) -> int:
        """Behind the separators that stand here."""
        while index < self.stream.end and self.stream.separates(index):
            index += 1
        return index

    def _free_text(self) -> int | None:
        """Where the free text begins; None when more follows without anything between."""
        stream = self.stream
        if stream.separates(self.end) or stream.tokens[self.end - 1].kind == "e" or stream.is_mark(self.end, '?")'):
            return self._behind_marks(self.end)
        named = self._vocative(self.end)
        if named is not None:
            self.end = named
            return self._behind_marks(named)
        if self.found.phrase.after_blank and stream.tokens[self.end].text not in _NEGATIONS:
            return self.end
        if self.meaning not in _AGREEING and Common.reasons.find(stream, self.end):
            return self.end
        if self.meaning is Meaning.WAIT and Common.waiting_for.find(stream, self.end):
            return self.end  # "wait until spring" decides nothing, whatever it waits for
        if self.fallback is not None:
            self.end, self.words_end, self.meaning, self.may_reason = self.fallback
            return self._behind_marks(self.end)
        return None

    def _unfinished(self) -> One:
        """A word directly behind the answer that belongs to it: "Ja om alla kan", "Ja jag tittar på det"."""
        why = scan_yes(self.stream, self.end, self.end, self.lex, self.meaning, ok=True)
        refused = self.meaning in REFUSALS
        question = self._question()
        return self._undecided(question or (None if refused else why) or Why.UNKNOWN_WORDS)

    def _vocative(self, index: int) -> int | None:
        """Behind one or two names that end the clause: "Ja Karin!"."""
        end = index
        while end - index < 2 and self._is_name(end):
            end += 1
        return end if end > index and (self.stream.separates(end) or self.stream.tokens[end].kind == "e") else None

    def _is_name(self, index: int) -> bool:
        stream = self.stream
        if not stream.named(index) or self.lex.answers.find(stream, index) or Common.never.find(stream, index):
            return False
        return not (Common.blockers.find(stream, index) or Common.clause_blockers.find(stream, index)) and not (
            Common.sentence_blockers.find(stream, index)
        )

    def _only_names(self, free: int) -> bool:
        """Whether nothing but a name or two is left: "Helt ok, Anna"."""
        index = free
        while index < self.stream.end and index - free < 4 and self._is_name(index):
            index += 1
        return self._behind_marks(index) >= self.stream.end

    # --- arguments ---------------------------------------------------------------------------------------------
    def _with_argument(self) -> One:
        """A word with an argument after a blank: up to a comma, a semicolon, or the end of the sentence."""
        stream = self.stream
        index = self.end
        while stream.is_mark(index, ":"):
            index += 1
        start = index
        while index < stream.end and not stream.is_mark(index, ",;(") and stream.tokens[index].kind != "l":
            if stream.sentence_ends(index) and not (
                stream.is_mark(index, ".") and stream.tokens[index - 1].kind == "n"
            ):
                break
            index += 1
        argument = stream.text(start, index)
        if not any(token.kind in "wne" for token in stream.tokens[start:index]):
            return self._undecided(Why.NO_ARGUMENT)
        why = scan_yes(stream, start, start, self.lex, self.meaning, ok=False, argument_end=index)
        self.end = self.words_end = index
        if why is not None:
            return self._undecided(why)
        return self._decide(argument, self._behind_marks(index))

    def _with_question(self) -> One:
        """`ask` and what to ask; a name alone behind it rather means somebody else."""
        stream = self.stream
        free = self.end if not stream.separates(self.end) else self._behind_marks(self.end)
        glued = free == self.end and free < stream.end
        if glued and self._vocative(free) is not None:
            return self._undecided(Why.UNKNOWN_WORDS)
        question = stream.text(free, stream.end)
        if stream.is_mark(free - 1, "("):
            question = question.removesuffix(")").rstrip()
        if self.meaning is Meaning.ANSWER and not any(
            token.kind in "wne" for token in stream.tokens[free : stream.end]
        ):
            return self._undecided(Why.NO_ARGUMENT)
        return One(self.meaning, argument=question, reason=question, words=self._words())

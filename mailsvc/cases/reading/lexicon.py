"""The word tables of one kind of question and one language, made ready for comparing: phrases by their first word."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final, NamedTuple

from mailsvc.cases.reading import words, words_answers, words_phrases
from mailsvc.cases.reading.model import (
    DECISION,
    NEEDS_TEXT,
    PREPARATION,
    VOCABULARIES,
    Meaning,
    Vocabulary,
    Why,
)
from mailsvc.cases.reading.text import Stream, words_of

LANGUAGES: Final = ("en", "sv", "da", "nb", "nn")
_NAMES: Final = frozenset({"NAME", "NAMN", "NAVN"})
_MOST_NAMES: Final = 4
# The first words behind which a comma does not matter: "tyvärr, nej".
_COMMA_AFTER: Final = frozenset(
    {"tyvärr", "tyvarr", "tyvaerr", "desværre", "dessverre", "diverre", "sorry", "nej", "nei"}
)


class Phrase(NamedTuple):
    """One spelling of one table word."""

    words: tuple[str, ...]
    meaning: Meaning | None = None
    may_reason: bool = False  # an A-word: a reason may follow
    argument: bool = False  # an argument follows after a blank
    after_blank: bool = False  # a blank is enough before the reason
    why: Why | None = None  # a phrase that decides nothing, and why
    commas: bool = False  # a comma between its words does not matter
    hole: int = -1  # where a name stands inside the phrase


class Found(NamedTuple):
    """A phrase found in a text: the token behind it, and the name in its hole."""

    phrase: Phrase
    end: int
    name: tuple[int, int] = (0, 0)


class Phrases:
    """Phrases by first word; looks only at the few that begin like the text, so its work is bounded."""

    __slots__ = ("_by_first",)

    def __init__(self, phrases: list[Phrase]) -> None:
        by_first: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            by_first.setdefault(phrase.words[0], []).append(phrase)
        self._by_first = {first: sorted(some, key=_longest_first) for first, some in by_first.items()}

    def find(self, stream: Stream, index: int) -> Found | None:
        """The longest phrase that begins at this token."""
        if index >= stream.end:
            return None
        lacking: Found | None = None
        for phrase in self._by_first.get(stream.tokens[index].text, ()):
            found = _compare(stream, index, phrase)
            if found is None:
                continue
            if not (phrase.argument and stream.separates(found.end)):
                return found
            lacking = lacking or found  # "later" alone is a word of its own, "delegate to" is not
        return lacking


def _longest_first(phrase: Phrase) -> tuple[int, bool, bool]:
    """Longest first; of two equal ones the one with an argument, then the one that may be followed by a reason."""
    return (-len(phrase.words), not phrase.argument, not phrase.may_reason)


def _compare(stream: Stream, index: int, phrase: Phrase) -> Found | None:
    """Whether the phrase stands here, word by word, never across a line end."""
    name = (0, 0)
    for place, word in enumerate(phrase.words):
        if place == phrase.hole:
            start = index
            while index < stream.end and index - start < _MOST_NAMES and stream.tokens[index].kind == "w":
                if place + 1 < len(phrase.words) and stream.tokens[index].text == phrase.words[place + 1]:
                    break
                index += 1
            if index == start:
                return None
            name = (start, index)
            continue
        if place and phrase.commas and stream.is_mark(index, ","):
            index += 1
        if index >= stream.end or stream.tokens[index].text != word:
            return None
        index += 1
    return Found(phrase, index, name)


def _spelled(word: str) -> list[tuple[str, ...]]:
    """Every spelling of a table word as token texts, without its commas ("sorry, no")."""
    every = (tuple(text for text in words_of(one) if text != ",") for one in sorted(words.spellings(word)))
    return [found for found in every if found]


def _answer_phrases(word: str, meaning: Meaning, may_reason: bool, language: str | None) -> list[Phrase]:
    """All spellings of one table word; a word of other languages than the person's decides nothing."""
    word, _, only = word.partition("@")
    argument = word.endswith("…")
    plain = word.removesuffix("…").strip()
    allowed = not only or (language is not None and language in only.split(","))
    found: list[Phrase] = []
    for spelled in _spelled(plain):
        hole = next((i for i, one in enumerate(plain.split()) if one in _NAMES), -1)
        found.append(
            Phrase(
                spelled,
                meaning=meaning if allowed else None,
                may_reason=may_reason,
                argument=argument,
                after_blank=spelled in _after_blank(),
                why=None if allowed else Why.FALSE_FRIEND,
                commas=spelled[0] in _COMMA_AFTER,
                hole=hole,
            )
        )
    return found


@lru_cache(maxsize=1)
def _after_blank() -> frozenset[tuple[str, ...]]:
    """The verbs behind which a blank is enough before the reason, and "can't" of an action."""
    verbs = words.cells(words_answers.REASON_AFTER_BLANK)
    verbs += [word for cell in words_answers.ROWS["unable"].may_reason.values() for word in words.cells(cell)]
    return frozenset(spelled for verb in verbs for spelled in _spelled(verb))


def _row_phrases(row: words_answers.Row, meaning: Meaning, language: str | None) -> list[Phrase]:
    """All phrases of one row of the table."""
    found: list[Phrase] = []
    for may_reason, column in ((True, row.may_reason), (False, row.alone)):
        for cell in column.values():
            for word in words.cells(cell):
                found += _answer_phrases(word, meaning, may_reason, language)
    for sign in words.cells(row.signs):
        found.append(Phrase(words_of(sign), meaning=meaning))
    return found


def _plain(text: str) -> list[Phrase]:
    """Phrases without a meaning: tails, openers, blockers."""
    return [Phrase(spelled) for word in words.cells(text) for spelled in _spelled(word)]


def _never() -> list[Phrase]:
    """What is never a yes, each with its why."""
    return [
        Phrase(spelled, why=Why(why), commas=not word.startswith("="))
        for why, cell in words_phrases.NEVER.items()
        for word in words.cells(cell)
        for spelled in _spelled(word.removeprefix("="))
    ]


class Common:
    """The phrases that are the same for every question; a namespace, never made into an object."""

    greetings: Final = Phrases(_plain(words_phrases.GREETINGS))
    thanks: Final = Phrases(_plain(words_phrases.THANKS))
    labels: Final = Phrases(_plain(words_phrases.ANSWER_LABELS))
    leads: Final = Phrases(_plain(words_phrases.ANSWER_LEADS))
    corrections: Final = Phrases(_plain(words_phrases.CORRECTIONS))
    reasons: Final = Phrases(_plain(words_phrases.REASON_OPENERS))
    waiting_for: Final = Phrases(_plain(words_phrases.WAITING_FOR))
    english_reasons: Final = Phrases(_plain(words_phrases.ENGLISH_REASONS))
    please: Final = Phrases(_plain(words_phrases.PLEASE))
    tails: Final = Phrases(_plain(words_phrases.TAILS))
    yes_tails: Final = Phrases(_plain(words_phrases.YES_TAILS))
    no_tails: Final = Phrases(_plain(words_phrases.NO_TAILS))
    objects: Final = Phrases(_plain(words_phrases.OBJECTS))
    all_tails: Final = Phrases(_plain(words_phrases.ALL_TAILS))
    smiles: Final = Phrases(_plain(words_phrases.SMILES))
    yes_smiles: Final = Phrases(_plain(words_phrases.YES_SMILES))
    sign_offs: Final = Phrases(_plain(words_phrases.SIGN_OFFS))
    weak_sign_offs: Final = Phrases(_plain(words_phrases.WEAK_SIGN_OFFS))
    phone_lines: Final = Phrases(_plain(words_phrases.PHONE_LINES))
    phone_things: Final = frozenset(words.cells(words_phrases.PHONE_THINGS))
    blockers: Final = Phrases(_plain(words_phrases.BLOCKERS))
    clause_blockers: Final = Phrases(_plain(words_phrases.CLAUSE_BLOCKERS))
    sentence_blockers: Final = Phrases(_plain(words_phrases.SENTENCE_BLOCKERS))
    ok_future: Final = Phrases(_plain(words_phrases.OK_FUTURE))
    will: Final = frozenset(words.cells(words_phrases.WILL))
    joiners: Final = frozenset(words.cells(words_phrases.CLAUSE_JOINERS))
    excepts: Final = Phrases(_plain(words_phrases.EXCEPT))
    the_rest: Final = Phrases(_plain(words_phrases.THE_REST))
    never: Final = Phrases(_never())
    nynorsk: Final = frozenset(words.cells(words_phrases.NYNORSK))


class Lexicon:
    """The answers to one kind of question as one language's person writes them, and those to other kinds."""

    __slots__ = ("answers", "foreign", "language", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, language: str | None) -> None:
        self.vocabulary = vocabulary
        self.language = language
        own: list[Phrase] = []
        for meaning, rows in vocabulary.rows:
            for name in rows:
                own += _row_phrases(words_answers.ROWS[name], meaning, language)
        self.answers = Phrases(own)
        spelled = {phrase.words for phrase in own}
        others = [one for one in _every_answer(language) if one.words not in spelled]
        # words such as "answer" stand in any text: "here are my answers"
        self.foreign = Phrases([one for one in others if one.meaning not in NEEDS_TEXT])

    def says_yes(self) -> bool:
        """Whether this question can be answered with a plain yes."""
        return Meaning.YES in self.vocabulary.meanings


@cache
def _every_answer(language: str | None) -> list[Phrase]:
    """The words of all kinds of question."""
    names = {name for one in VOCABULARIES.values() for _, rows in one.rows for name in rows}
    return [
        phrase
        for name in sorted(names)
        for phrase in _row_phrases(words_answers.ROWS[name], _meaning_of(name), language)
    ]


def _meaning_of(row: str) -> Meaning:
    """The meaning a row has by itself."""
    return {
        "publish": Meaning.YES,
        "heard": Meaning.YES,
        "comes": Meaning.YES,
        "comes-not": Meaning.NO,
        "was-me": Meaning.YES,
        "was-not-me": Meaning.NO,
    }.get(row) or Meaning(row)


def other_question(vocabulary: Vocabulary, meaning: Meaning) -> Why:
    """Why an answer to another kind of question decides nothing here (advice is not a decision, nor the reverse)."""
    if vocabulary is DECISION and meaning in (Meaning.RECOMMEND, Meaning.ADVISE_AGAINST):
        return Why.ADVICE_FOR_DECISION
    if vocabulary is PREPARATION and meaning in (Meaning.YES, Meaning.NO):
        return Why.DECISION_FOR_ADVICE
    return Why.OTHER_QUESTION


@lru_cache(maxsize=256)
def lexicon(vocabulary: Vocabulary, language: str | None) -> Lexicon:
    """The lexicon of a question for a person of that language (None: unknown)."""
    return Lexicon(vocabulary, language if language in LANGUAGES else None)

"""Every answer word of the reference, in every spelling and language, says what the reference says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from mailsvc.cases.reading import model, words, words_answers
from mailsvc.cases.reading.answers import printed_words, read
from mailsvc.cases.reading.lexicon import Common, lexicon
from mailsvc.cases.reading.model import Meaning, Why
from mailsvc.cases.reading.text import Stream, words_of
from tests.unit import words_md
from tests.unit.words_md import LANGUAGES, Word

TABLE = Path(__file__).parent / "data" / "answer_words.tsv"
YES_NO_QUESTIONS = ("held-post", "join", "confirm", "decision")
# Dots left out, they are another word (§6): only in full spelling.
NOT_STRIPPED = {"nä", "næ"}


def table() -> list[Word]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        *head, cell = line.split("\t")
        question, meaning, language, kind, only = head
        found += [Word(question, meaning, language, kind, only, word) for word in cell.split(" · ")]
    return found


WORDS = table()


def spelled(word: str) -> set[str]:
    """As written, without dots and rings, and with two letters; é is no letter of its own."""
    plain = word
    double = word
    for letter, one, two in (("å", "a", "aa"), ("ä", "a", "ae"), ("ö", "o", "oe"), ("ø", "o", "oe"), ("æ", "a", "ae")):
        plain = plain.replace(letter, one)
        double = double.replace(letter, two)
    return {word} if word in NOT_STRIPPED else {word, plain, double}


def filled(word: Word) -> str:
    """With an argument in its place."""
    text = word.word.replace("…", "2" if word.meaning == "book" else "Karin Berg")
    for name in ("NAME", "NAMN", "NAVN"):
        text = text.replace(name, "Karin")
    return text


def ask(question: str, text: str, language: str | None) -> model.Reading:
    return read(text, model.VOCABULARIES[question], language, 3 if question == "poll" and "2" in text else 1)


def said(word: Word) -> str:
    return "yes" if word.meaning == "all" else word.meaning  # a list of one


@pytest.mark.parametrize("word", WORDS, ids=lambda w: f"{w.question}-{w.language}-{w.word}")
def test_word_says_its_meaning(word: Word) -> None:
    languages: list[str | None] = [*LANGUAGES, None]
    if word.only:
        languages = list(word.only.split(","))
    for form, language in itertools.product(sorted(spelled(filled(word))), languages):
        for text in (form, form.upper() + "!", form.capitalize() + "."):
            reading = ask(word.question, text, language)
            if word.kind == "ASK":
                assert not reading.answers, (text, language)
                continue
            poll = word.question == "poll" and word.meaning == "book"
            assert reading.decided is not None, (text, language, reading)
            assert reading.decided.meaning == said(word), (text, language)
            assert reading.decided.number == (2 if poll else 1)


@pytest.mark.parametrize("word", [w for w in WORDS if w.only], ids=lambda w: w.word)
def test_false_friend_decides_nothing_elsewhere(word: Word) -> None:
    for language in {*LANGUAGES, None} - set(word.only.split(",")):
        reading = ask(word.question, filled(word), language)
        assert not reading.answers, (word, language)


@pytest.mark.parametrize("word", [w for w in WORDS if w.kind == "A"], ids=lambda w: f"{w.question}-{w.word}")
def test_reason_may_follow(word: Word) -> None:
    language = word.only.split(",")[0] if word.only else word.language
    if word.word == "no" or (word.question == "decision" and word.meaning == "ask"):
        language = "en"
    for text in (f"{word.word}: xyz abc", f"{word.word} – xyz abc", f"{word.word}\nxyz abc", f"{word.word}. xyz abc"):
        decided = ask(word.question, text, language).decided
        assert decided is not None, text
        assert (decided.meaning, decided.reason) == (said(word), "xyz abc"), text


@pytest.mark.parametrize("word", [w for w in WORDS if w.kind == "B"], ids=lambda w: f"{w.question}-{w.word}")
def test_word_that_counts_only_alone(word: Word) -> None:
    text = f"{word.word}, xyz abc def"
    reading = ask(word.question, text, word.language)
    if word.question == "rsvp":  # a yes with anything after it is a yes with a comment
        assert reading.decided is not None
        assert reading.decided.reason == "xyz abc def"
    else:
        assert not reading.answers, text


@pytest.mark.parametrize("word", [w for w in WORDS if w.meaning in ("yes", "no") and w.question == "join"])
def test_yes_and_no_in_every_yes_no_question(word: Word) -> None:
    if word.kind == "ASK":
        return
    language = word.only.split(",")[0] if word.only else word.language
    for question in YES_NO_QUESTIONS:
        decided = ask(question, word.word, language).decided
        assert decided is not None, (question, word)
        assert decided.meaning == word.meaning


@pytest.mark.parametrize("word", [w for w in WORDS if w.kind == "ARG"], ids=lambda w: f"{w.question}-{w.word}")
def test_argument_is_kept(word: Word) -> None:
    decided = ask(word.question, filled(word), word.only.split(",")[0] or word.language).decided
    assert decided is not None
    expected = "2" if word.meaning == "book" else "Karin" if "…" not in word.word else "Karin Berg"
    assert decided.argument == expected
    bare = word.word.replace("…", "").strip()
    if "…" in word.word and word.meaning not in ("postpone", "later"):
        assert not ask(word.question, bare, word.language).answers


def every_word_of_page() -> list[Word]:
    if not words_md.PAGE.exists():
        pytest.skip("../shared/reference/words.md is not here")
    return words_md.answer_words(words_md.PAGE.read_text(encoding="utf-8"))


def test_every_cell_of_the_page_is_in_our_table() -> None:
    missing = set(every_word_of_page()) - set(WORDS)
    assert not missing
    assert len(WORDS) > 900


# --- the production tables themselves ---------------------------------------------------------------------------
@pytest.mark.parametrize("vocabulary", model.VOCABULARIES.values(), ids=lambda v: v.name)
def test_no_spelling_has_two_meanings_within_one_question(vocabulary: model.Vocabulary) -> None:
    meanings: dict[tuple[str, ...], set[Meaning]] = {}
    for meaning, rows in vocabulary.rows:
        for name in rows:
            row = words_answers.ROWS[name]
            for column in (row.may_reason, row.alone):
                for word in (w for cell in column.values() for w in words.cells(cell)):
                    plain, _, _ = word.partition("@")
                    for one in words.spellings(plain.removesuffix("…").strip()):
                        if not plain.endswith("…"):
                            meanings.setdefault(words_of(one), set()).add(meaning)
    doubled = {spelled: found for spelled, found in meanings.items() if len(found) > 1}
    assert not doubled


def test_no_spelling_is_yes_in_one_question_and_no_in_another() -> None:
    good = {
        "yes",
        "publish",
        "always",
        "all",
        "recommend",
        "take-up",
        "grant",
        "agreed",
        "was-me",
        "comes",
        "can",
        "sign",
    }
    bad = {"no", "advise-against", "not-now", "not-granted", "not-agreed", "was-not-me", "cannot", "unable", "not-me"}

    def spelled_in(names: set[str]) -> set[tuple[str, ...]]:
        return {
            words_of(one)
            for name in names
            for column in (words_answers.ROWS[name].may_reason, words_answers.ROWS[name].alone)
            for cell in column.values()
            for word in words.cells(cell)
            for one in words.spellings(word.partition("@")[0].removesuffix("…").strip())
        }

    assert not spelled_in(good) & spelled_in(bad)


def test_no_answer_word_is_also_a_never_phrase() -> None:
    for vocabulary in model.VOCABULARIES.values():
        for meaning, rows in vocabulary.rows:
            for name in rows:
                for cell in words_answers.ROWS[name].may_reason.values():
                    for word in words.cells(cell):
                        text = word.partition("@")[0].removesuffix("…").strip()
                        found = Common.never.find(Stream(text), 0)
                        whole = found is not None and len(found.phrase.words) >= len(words_of(text))
                        assert not whole, (vocabulary.name, meaning, word)


def test_near_words_stay_apart() -> None:
    for one, other in (
        ("avsluta", "avslå"),
        ("avslutt", "avslå"),
        ("afslut", "afslå"),
        ("avslag", "avslutning"),
        ("utsätt", "utsett"),
        ("inställt", "innstilt"),
    ):
        assert read(one, model.DECISION, "nb").decided is None or one == "avslag", (one, other)


@pytest.mark.parametrize("vocabulary", model.VOCABULARIES.values(), ids=lambda v: v.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_words_are_understood(vocabulary: model.Vocabulary, language: str) -> None:
    printed = printed_words(vocabulary, language)
    assert [meaning for meaning, _ in printed] == [m for m in vocabulary.meanings if m is not Meaning.ALL]
    for meaning, word in printed:
        text = word.replace("…", "2") + (": in May" if meaning is Meaning.ANSWER else "")
        reading = read(text, vocabulary, language, 3 if meaning is Meaning.BOOK else 1)
        assert reading.decided is not None, (word, reading)
        assert reading.decided.meaning == meaning


def test_held_posts_print_approve_and_reject() -> None:
    for question in (model.HELD_POST, model.JOIN):
        pairs = [tuple(word for _, word in printed_words(question, language)[:2]) for language in LANGUAGES]
        assert pairs == [
            ("approve", "reject"),
            ("godkänn", "avslå"),
            ("godkend", "afvis"),
            ("godkjenn", "avvis"),
            ("godkjenn", "avvis"),
        ]
    assert [word for _, word in printed_words(model.CONFIRM, "nb")] == ["ja", "nei"]
    assert (Meaning.ALL, "godkänn alla") in printed_words(model.HELD_POST, "sv", items=3)


def test_an_answer_to_another_kind_of_question_is_asked_back() -> None:
    for text, question, why in (
        ("tillstyrks", model.DECISION, Why.ADVICE_FOR_DECISION),
        ("anbefales", model.DECISION, Why.ADVICE_FOR_DECISION),
        ("tilrår", model.DECISION, Why.ADVICE_FOR_DECISION),
        ("ja", model.PREPARATION, Why.DECISION_FOR_ADVICE),
        ("nej", model.PREPARATION, Why.DECISION_FOR_ADVICE),
        ("ja", model.INITIATIVE, Why.OTHER_QUESTION),
        ("klart", model.DECISION, Why.OTHER_QUESTION),
    ):
        reading = read(text, question, "sv")
        assert (reading.why, reading.answers) == (why, ()), text


def test_a_yes_before_count_me_in_is_part_of_it() -> None:
    for text, language in (
        ("Ja tak, jeg vil gerne være med", "da"),
        ("Ja gärna! Jag är med.\n\nMvh Anna", "sv"),
        ("Ja, eg er med", "nn"),
        ("Yes please, I'd like to join", "en"),
        ("Jag vill också vara med!", "sv"),
    ):
        assert read(text, model.INITIATIVE, language).decided is not None, text
    for text in ("Ja, jag är med på ett annat möte då", "Ja, men bara om det blir digitalt", "Nej, jag är med i två"):
        assert read(text, model.INITIATIVE, "sv").decided is None, text


def test_a_turn_is_taken_left_and_swapped_as_people_write() -> None:
    for text, language, meaning, argument in (
        ("Ikke mig denne gang, jeg er på ferie", "da", Meaning.NOT_ME, ""),
        ("Jag kan inte, är bortrest", "sv", Meaning.NOT_ME, ""),
        ("Ja det kan jag göra", "sv", Meaning.YES, ""),
        ("Byt gärna med Ola", "sv", Meaning.SWAP, "Ola"),
        ("Jeg bytter gjerne med Anna Berg", "nb", Meaning.SWAP, "Anna Berg"),
    ):
        decided = read(text, model.ROTA, language).decided
        assert decided is not None, text
        assert (decided.meaning, decided.argument) == (meaning, argument)
    for text in ("Kan Ola ta det?", "Ja, om jag hinner", "Jag vet inte än"):
        assert read(text, model.ROTA, "sv").decided is None, text


def test_invitations_are_answered_as_people_write() -> None:
    for text, language, meaning, reason in (
        ("Tyvärr kan jag inte den dagen, men de andra går bra.", "sv", Meaning.NO, "men de andra går bra."),
        ("Jag kommer inte", "sv", Meaning.NO, ""),
        ("Förhinder", "sv", Meaning.NO, ""),
        ("Det passar bra", "sv", Meaning.YES, ""),
        ("Jag är med på länk", "sv", Meaning.ONLINE, ""),
        ("Afbud, sygdom", "da", Meaning.NO, "sygdom"),
        ("Jeg må desværre melde afbud", "da", Meaning.NO, ""),
        ("Det passer fint for meg :)", "nb", Meaning.YES, ""),
        ("Jeg må melde forfall", "nb", Meaning.NO, ""),
        ("Jeg deltar på Teams", "nb", Meaning.ONLINE, ""),
        ("Eg kan diverre ikkje", "nn", Meaning.NO, ""),
        ("Can't make it, sorry", "en", Meaning.NO, ""),
        ("I'll join online", "en", Meaning.ONLINE, ""),
    ):
        decided = read(text, model.RSVP, language).decided
        assert decided is not None, text
        assert (decided.meaning, decided.reason) == (meaning, reason), text
    for text in ("Jag är med på ett annat möte då", "Kan vi ses på länk?", "Jag försöker komma", "Vet inte än"):
        assert read(text, model.RSVP, "sv").decided is None, text


def test_lexicons_are_made_once() -> None:
    assert lexicon(model.JOIN, "sv") is lexicon(model.JOIN, "sv")
    assert lexicon(model.JOIN, "xx").language is None

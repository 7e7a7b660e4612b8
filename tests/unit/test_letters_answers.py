"""What letters print is what the reader accepts: every answer word, every button, every example, and no answer more."""

from __future__ import annotations

import re

import pytest

from lists.words.commands import Command
from lists.words.reading import read as read_commands
from mailsvc.cases.reading.answers import printed_words, read, read_subject
from mailsvc.cases.reading.model import NEEDS_ARGUMENT, NEEDS_TEXT, VOCABULARIES, AskKind, Item, Meaning, Vocabulary
from mailsvc.letters.answer_hints import HINTS, offered
from mailsvc.letters.translation import catalogue
from tests.golden.reading import Read
from tests.golden.samples import ASKING, composed, named
from tests.golden.values import LANGUAGES, TOKEN, Sample

each_asking = pytest.mark.parametrize("sample", ASKING, ids=lambda sample: sample.name)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def vocabulary(sample: Sample) -> Vocabulary:
    return VOCABULARIES[sample.vocabulary]


def kinds_of(sample: Sample) -> list[str]:
    """The vocabulary of each item: a digest's own, or the letter's."""
    items = sample.values.get("items")
    if sample.template in ("case/digest", "case/my-week") and isinstance(items, list):
        return [str(item["vocabulary"]) for item in items]
    kinds = sample.values.get("kinds")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else [sample.vocabulary] * sample.items


# an example at the end of a sentence: "…, for example: 1 approve, 2 reject: reason"
EXAMPLE = re.compile(r"(?:example|exempel|eksempel|dømes): (#?\d+ .+)$")


def fact(letter: Read, label: str) -> str:
    """The value behind a label of the text part."""
    (line,) = [line for line in letter.paragraphs if line.startswith(f"{label}: ")]
    return line.removeprefix(f"{label}: ")


# ---- words


@in_every_language
@pytest.mark.parametrize("name", HINTS)
def test_each_printed_word_is_read_as_what_it_says(name: str, language: str) -> None:
    for word in offered(name, language, 1):
        needs_more = word.meaning == Meaning.ANSWER or "…" in word.word
        alone = () if needs_more else (word.word, word.word.capitalize(), f"{word.word}.")
        for typed in (word.shown, *alone):
            decided = read(typed, VOCABULARIES[name], language).decided
            assert decided is not None, typed
            assert decided.meaning == word.meaning, typed


@in_every_language
@pytest.mark.parametrize("name", HINTS)
def test_each_printed_word_is_read_in_a_list(name: str, language: str) -> None:
    for word in offered(name, language, 3):
        reading = read(word.word, VOCABULARIES[name], language, 3)
        if word.meaning == Meaning.ALL:
            assert reading.ask_back is not None
            assert reading.ask_back.kind is AskKind.ALL
            continue
        reading = read(f"2 {word.shown}", VOCABULARIES[name], language, 3)
        assert [(one.number, str(one.meaning)) for one in reading.answers] == [(2, word.meaning)]


@pytest.mark.parametrize("name", HINTS)
def test_a_letter_offers_what_its_question_has_a_hint_for(name: str) -> None:
    known = {str(meaning) for meaning, _ in printed_words(VOCABULARIES[name], "en", 2)}
    assert set(HINTS[name]) <= known
    assert {word.meaning for word in offered(name, "en", 2)} == set(HINTS[name])
    assert "all" not in {word.meaning for word in offered(name, "en", 1)}


@each_asking
def test_no_question_goes_out_without_its_words(sample: Sample) -> None:
    """A text is free, and a poll of dates says in a sentence how it is answered; every other kind has words."""
    assert sample.vocabulary in {*HINTS, "text", "poll"}


@each_asking
def test_the_text_part_prints_every_offered_word(sample: Sample) -> None:
    for language in LANGUAGES:
        letter = composed(sample, language)
        printed = [line[2:].split(" – ")[0] for line in letter.paragraphs if re.match(r"\* [^@#]+ – ", line)]
        kinds = kinds_of(sample)
        wanted = [word for kind in dict.fromkeys(kinds) for word in offered(kind, language, kinds.count(kind))]
        if sample.values.get("form") or sample.template.startswith(("docs/", "case/my-week")):
            # they list fields, files, or meetings, too
            printed = [line for line in printed if line in {word.shown for word in wanted}]
        assert printed == [word.shown for word in wanted]


# ---- buttons


@each_asking
def test_each_button_answers_as_it_says(sample: Sample) -> None:
    for language in LANGUAGES:
        links = composed(sample, language).mailtos
        words = [
            word
            for word in offered(sample.vocabulary, language, sample.items)
            if Meaning(word.meaning) not in NEEDS_ARGUMENT | NEEDS_TEXT  # a button cannot say to whom, or the text
        ]
        assert len(links) == (len(words) if sample.case is not None else 0)
        for (label, address, subject), word in zip(links, words, strict=False):
            assert address == f"reply+{TOKEN}@networks.example.org"
            assert subject == f"{word.word} [#{sample.case}]"
            assert len(subject) < 76
            assert f" {word.word} " in label
            assert label.endswith(f" {sample.case}")
            reading = read_subject(subject, sample.case or 0, vocabulary(sample), language)
            assert reading is not None
            assert [str(one.meaning) for one in reading.answers] == [word.meaning]


def test_a_button_says_what_it_does() -> None:
    question = named("join/confirm")
    labels = {language: composed(question, language).mailtos[0][0] for language in LANGUAGES}
    assert labels == {
        "en": "Answer yes in matter 150",
        "sv": "Svara ja i ärende 150",
        "da": "Svar ja i sag 150",
        "nb": "Svar ja i sak 150",
        "nn": "Svar ja i sak 150",
    }


def test_buttons_are_percent_encoded() -> None:
    question = named("moderation/question")
    rich = composed(question, "sv").rich
    assert f'href="mailto:reply%2B{TOKEN}@networks.example.org?subject=godk%C3%A4nn%20alltid%20%5B%23142%5D"' in rich
    assert "mailto:" not in composed(question, "sv").text


def test_long_words_keep_the_subject_short() -> None:
    longest = max(len(word.word) for name in HINTS for language in LANGUAGES for word in offered(name, language, 2))
    assert longest + len(" [#999999999999]") < 76


# ---- examples


@in_every_language
def test_the_example_of_a_list_is_read(language: str) -> None:
    sample = named("moderation/list")
    letter = composed(sample, language)
    translate = catalogue(language).gettext
    reading = read(fact(letter, translate("For example")), vocabulary(sample), language, 3)
    assert [(one.number, one.meaning) for one in reading.answers] == [(1, Meaning.YES), (2, Meaning.NO)]
    assert not reading.undecided
    reading = read(fact(letter, translate("The same word for several")), vocabulary(sample), language, 3)
    assert [(one.number, one.meaning) for one in reading.answers] == [(1, Meaning.YES), (2, Meaning.YES)]


DIGESTS = [sample for sample in ASKING if sample.template == "case/digest" and sample.items > 1]


@in_every_language
@pytest.mark.parametrize("sample", DIGESTS, ids=lambda sample: sample.name)
def test_the_example_of_a_digest_is_read_for_its_own_items(sample: Sample, language: str) -> None:
    letter = composed(sample, language)
    kinds = [VOCABULARIES[name] for name in kinds_of(sample)]
    items = [Item(number, kind) for number, kind in enumerate(kinds, 1)]
    translate = catalogue(language).gettext
    reading = read(fact(letter, translate("For example")), kinds[0], language, items)
    assert [one.number for one in reading.answers] == [1, 2]
    assert not reading.undecided
    if kinds[0] is kinds[1]:
        reading = read(fact(letter, translate("The same word for several")), kinds[0], language, items)
        first = kinds[0].meanings[0]
        assert [(one.number, one.meaning) for one in reading.answers] == [(1, first), (2, first)]


@in_every_language
def test_the_example_of_an_unclear_answer_to_a_mixed_digest_is_read(language: str) -> None:
    sample = named("case/unclear-digest")
    (found,) = [match for line in composed(sample, language).paragraphs if (match := EXAMPLE.search(line))]
    items = [Item(number, VOCABULARIES[kind]) for number, kind in enumerate(kinds_of(sample), 1)]
    reading = read(found[1], VOCABULARIES["decision"], language, items)
    assert [(one.number, one.meaning) for one in reading.answers] == [(1, Meaning.YES), (2, Meaning.ADVISE_AGAINST)]


@in_every_language
def test_a_digest_s_receipt_is_undone_by_the_digest_s_own_numbers(language: str) -> None:
    example = [line for line in composed(named("case/receipt-digest"), language).paragraphs if EXAMPLE.search(line)]
    (found,) = [match for line in example if (match := EXAMPLE.search(line))]
    reading = read(found[1], VOCABULARIES["receipt"], language, [Item(1, None, 142), Item(2, None, 143)])
    assert [(one.number, one.meaning) for one in reading.answers] == [(1, Meaning.UNDO)]


@in_every_language
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("case/unclear-which", [(1, Meaning.YES), (2, Meaning.NO)]),
        ("case/unclear-undo", [(1, Meaning.UNDO)]),
        ("case/receipt-several", [(1, Meaning.UNDO)]),
    ],
)
def test_examples_in_sentences_are_read(name: str, wanted: list[tuple[int, Meaning]], language: str) -> None:
    sample = named(name)
    examples = [line for line in composed(sample, language).paragraphs if EXAMPLE.search(line)]
    (found,) = [match for line in examples if (match := EXAMPLE.search(line))]
    items = [Item(number, None, 141 + number) for number in range(1, sample.items + 1)]
    reading = read(found[1], vocabulary(sample), language, items)
    assert [(one.number, one.meaning) for one in reading.answers] == wanted


@in_every_language
def test_words_in_sentences_are_read(language: str) -> None:
    translate = catalogue(language).gettext
    quoted = re.compile("[“”«]([^“”«»]+)[”»]")
    for text in (
        "A letter is on its way to you. Answer “yes” to that one, and you have left the group.",
        "A letter that lists the change is on its way to you. Answer “yes” to that one, and it is done.",
    ):
        (word,) = quoted.findall(translate(text))
        decided = read(word, VOCABULARIES["confirm"], language).decided
        assert decided is not None
        assert decided.meaning is Meaning.YES


@in_every_language
def test_the_line_that_removes_a_member_is_a_command(language: str) -> None:
    line = catalogue(language).gettext("remove %(address)s") % {"address": "old@example.com"}
    (command,) = read_commands("", line, language)
    assert (command.command, command.argument) == (Command.REMOVE, "old@example.com")

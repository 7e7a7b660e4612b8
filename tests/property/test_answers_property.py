"""The answer reader under any input: it never raises, never guesses, and its work grows with the text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.cases.reading import lexicon as answer_lexicon
from mailsvc.cases.reading import model, words, words_answers, words_phrases
from mailsvc.cases.reading.answers import find_case_number, read, read_subject
from mailsvc.cases.reading.model import Meaning
from mailsvc.cases.reading.text import Stream

VOCABULARIES = st.sampled_from(list(model.VOCABULARIES.values()))
LANGUAGES = st.sampled_from(["en", "sv", "da", "nb", "nn", None, "fi"])


def _row(name: str) -> list[str]:
    row = words_answers.ROWS[name]
    cells = [cell for column in (row.may_reason, row.alone) for cell in column.values()]
    return sorted({w.partition("@")[0].removesuffix("…").strip() for cell in cells for w in words.cells(cell)})


A_YES = sorted({w for cell in words_answers.YES.may_reason.values() for w in words.cells(cell) if "@" not in w})
B_YES = sorted({w for cell in words_answers.YES.alone.values() for w in words.cells(cell)})
A_NO = sorted({w for cell in words_answers.NO.may_reason.values() for w in words.cells(cell)} - {"no"})
BLOCKERS = [w for w in words.cells(words_phrases.BLOCKERS) if w != "n't"]
NEVER = sorted({w.removeprefix("=") for cell in words_phrases.NEVER.values() for w in words.cells(cell)})
FILLERS = ["xyz", "abc", "lokalen", "Lena", "årsmötet", "møtet", "budget", "skolan"]
PIECES = [
    *A_YES, *B_YES, *A_NO, *BLOCKERS, *NEVER, *FILLERS, *_row("wait"), *_row("all"), *_row("postpone"),
    *_row("delegate"),
    *words.cells(words_phrases.GREETINGS), *words.cells(words_phrases.SIGN_OFFS), *words.cells(words_phrases.TAILS),
    "1", "2", "3", "1-3", "1+2", "1,2", "#1", "nr 2", "99999999999", "utom 3", "-- ", "PS", "/Anna", "– anna", "?", "!",
    ".", ",", ":", ";", "\n", "\n\n", "-", "–", "(", ")", "...", "👍🏽", "❤️", "+1", "-1", "j", "x", "\u200b", "\u00a0",
]  # fmt: skip
SENTENCES = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@given(text=st.text(max_size=300) | SENTENCES, vocabulary=VOCABULARIES, language=LANGUAGES, items=st.integers(1, 6))
@settings(max_examples=400)
def test_never_raises_and_answers_only_what_was_asked(
    text: str, vocabulary: model.Vocabulary, language: str | None, items: int
) -> None:
    reading = read(text, vocabulary, language, items)
    assert {a.number for a in reading.answers} <= set(range(1, items + 1))
    assert {a.meaning for a in reading.answers} <= {*vocabulary.meanings, Meaning.YES}
    assert len({a.number for a in reading.answers}) == len(reading.answers)
    undecided = {number for one in reading.undecided for number in one.numbers}
    assert not undecided & {a.number for a in reading.answers}
    assert reading.nothing_said == (not reading.answers and not reading.undecided)
    assert all(a.words for a in reading.answers)
    if vocabulary.name in (
        "receipt",
        "idea",
        "health",
        "joint-body",
        "action",
        "initiative",
        "preparation",
        "signature",
    ):
        assert Meaning.YES not in {a.meaning for a in reading.answers}
    find_case_number(text)
    read_subject(text, 142, vocabulary, language, items)


@given(
    word=st.sampled_from(A_YES),
    mark=st.sampled_from([", ", ": ", " – ", "; ", " ", " (", ",\n"]),
    before=st.lists(st.sampled_from(FILLERS), max_size=4).map(" ".join),
    blocker=st.sampled_from(BLOCKERS),
    after=SENTENCES,
    question=st.sampled_from([model.HELD_POST, model.JOIN, model.DECISION, model.CONFIRM]),
    language=LANGUAGES,
)
@settings(max_examples=300)
def test_a_blocker_behind_a_yes_never_decides(
    word: str, mark: str, before: str, blocker: str, after: str, question: model.Vocabulary, language: str | None
) -> None:
    text = f"{word}{mark}{before} {blocker} {after}"
    meanings = {answer.meaning for answer in read(text, question, language).answers}
    # A blocker may itself be the rest of a longer no ("godkänns inte"); a yes it never is.
    assert meanings <= {Meaning.NO, Meaning.WAIT}, text


@given(
    word=st.sampled_from([*A_YES, *B_YES]),
    opener=st.sampled_from(
        ["", "Hej!\n\n", "Hej Karin, ", "Hei Jo! ", "Tack för påminnelsen. ", "Dear Anna,\n", "Hi! 😊 "]
    ),
    tails=st.lists(st.sampled_from(words.cells(words_phrases.TAILS)), max_size=3),
    joint=st.sampled_from([", ", ". ", "! ", "\n"]),
    end=st.sampled_from(
        ["", "!", "\n\nMvh\nAnna Berg\nSektionschef", "\nSent from my iPhone", " /Anna", "\n-- \nmen ja?"]
    ),
)
@settings(max_examples=400)
def test_openers_tails_and_signatures_never_change_a_yes(
    word: str, opener: str, tails: list[str], joint: str, end: str
) -> None:
    said = joint.join([word, *tails])
    text = f"{opener}{said}{end}"
    taken_back = [w for w in NEVER if said.lower().replace(",", "").startswith(w.lower().replace(",", "") + " ")]
    reading = read(text, model.JOIN, "sv")
    if reading.decided is None:  # "det går bra, tack" is a polite no, whatever stands around it
        assert reading.why is not None
        assert taken_back or read(said, model.JOIN, "sv").why == reading.why, text
        assert any(tail in ("tack", "tak", "takk", "det är bra", "gärna") for tail in tails), text
    else:
        assert (reading.decided.meaning, reading.decided.reason) == (Meaning.YES, ""), text


@given(
    answers=st.lists(st.sampled_from(["ja", "nej", "vänta", "godkänn", "avslå"]), min_size=2, max_size=6),
    reasons=st.lists(
        st.lists(st.sampled_from([*FILLERS, "300", "kr", "7"]), max_size=4).map(" ".join), min_size=6, max_size=6
    ),
    first=st.booleans(),
    lines=st.booleans(),
)
def test_numbered_answers_come_back_with_their_own_reasons(
    answers: list[str], reasons: list[str], first: bool, lines: bool
) -> None:
    written = []
    for number, (answer, reason) in enumerate(zip(answers, reasons, strict=False), 1):
        head = f"{number} {answer}" if first else f"{answer} {number}"
        written.append(f"{head}: {reason}" if reason else head)
    reading = read(("\n" if lines else ", ").join(written), model.DECISION, "sv", 6)
    meant = {"ja": "yes", "godkänn": "yes", "nej": "no", "avslå": "no", "vänta": "wait"}
    expected = [(n, meant[a], r.strip()) for n, (a, r) in enumerate(zip(answers, reasons, strict=False), 1)]
    assert [(a.number, str(a.meaning), a.reason) for a in reading.answers] == expected


@given(
    lists=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["ja", "nej", "vänta"]), SENTENCES), min_size=1, max_size=4
    )
)
@settings(max_examples=300)
def test_an_item_is_never_decided_without_its_own_number_and_word(lists: list[tuple[int, str, str]]) -> None:
    text = "\n".join(f"{number} {word}: {rest}" for number, word, rest in lists)
    for answer in read(text, model.DECISION, "sv", 4).answers:
        if answer.meaning in (Meaning.YES, Meaning.NO, Meaning.WAIT) and answer.words:
            assert str(answer.number) in text
            assert answer.words.split()[0].strip(".,:;!()") in text


# --- bounded work: the phrases looked at are counted, not the time ------------------------------------------------
PATTERNS = [
    "ja ", "1 ja, ", "1 ", "1,", "9,", "1 till ", "ja 9,", "1,1 ja, ",
    "1+", "no, ", "nej, ", "vh A ", "mvh men ", "Anna\n", "ja\n", "tack för ", "Hej ",
    "😊",
    "(",    "-", ".", "...", "?", "!", "2 nej: för dyrt 3 ja ", "ja 1 ", "godkänn det, ", "xyz ", "\n", "a-",
    "Ja Karin ",
    "det går bra ", "skickat från ", "/a ", "– a\n", "nr ", "#", "no 1 ", "en ja ", "ring mig, ",
    "[cid ", "ps\n",
    "x\n\n",
]  # fmt: skip


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts look-ups in the word tables and the stream's own questions."""
    count = [0]

    def counted(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def wrapper(*args: Any) -> Any:
            count[0] += 1
            return original(*args)

        monkeypatch.setattr(owner, name, wrapper)

    counted(answer_lexicon.Phrases, "find")
    counted(Stream, "is_mark")
    counted(Stream, "sentence_ends")
    counted(Stream, "separates")
    return count


@pytest.mark.parametrize("pattern", PATTERNS)
def test_work_grows_with_the_text(pattern: str, looked: list[int]) -> None:
    for prefix in ("", "ja, ", "1 nej: ", "Hej "):
        for items in (1, 5):
            counts = []
            for times in (100, 400):
                looked[0] = 0
                read(prefix + pattern * times, model.DECISION, "sv", items)
                counts.append(looked[0])
            assert counts[1] <= 6 * counts[0] + 4000, (prefix, items, counts)


def test_a_very_long_mail_is_read_whole() -> None:
    reading = read("nej: " + "för dyrt och krångligt " * 3000, model.DECISION, "sv")
    assert reading.decided is not None
    assert len(reading.decided.reason) > 60_000
    assert not read("ja, " + "xyz " * 20_000 + "men", model.DECISION, "sv").answers

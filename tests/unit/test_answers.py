"""The answer reader on whole sentences, tails, blockers, phrases that are never a yes, subjects and case numbers."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from mailsvc.cases.reading import model
from mailsvc.cases.reading.answers import find_case_number, read, read_subject
from mailsvc.cases.reading.model import AskKind, Meaning, Why

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "sv", "da", "nb", "nn")


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def phrases(kind: str) -> list[str]:
    return [phrase for row in rows("answer_phrases.tsv") if row[0] == kind for phrase in row[2].split(" · ")]


@pytest.mark.parametrize("row", rows("answer_sentences.tsv"), ids=lambda row: f"{row[0]}: {row[4]}")
def test_sentence(row: list[str]) -> None:
    question, language, expected, reason, text = row
    text = text.replace("\\n", "\n")
    for form in (text, unicodedata.normalize("NFD", text), text.replace("\n", "\r\n")):
        reading = read(form, model.VOCABULARIES[question], None if language == "-" else language)
        if expected == "0":
            assert reading == model.Reading(nothing_said=True)
        elif expected.startswith("?"):
            assert not reading.answers, reading
            assert reading.why is not None
            assert expected in ("?", f"?{reading.why}")
            assert reading.comment
        else:
            assert reading.decided is not None, reading
            assert (reading.decided.meaning, reading.decided.reason) == (expected, reason or reading.decided.reason)
            if reason == "" and reading.decided.meaning is not Meaning.ASK:
                assert reading.decided.reason == ""


def test_reading_shows_what_decided() -> None:
    decided = read("Hej Karin!\nHelt ok för mig. Mvh Anna", model.DECISION, "sv").decided
    assert decided == model.ItemAnswer(1, Meaning.YES, words="Helt ok för mig")
    decided = read("Nej tack: För dyrt, i år.\nKanske sen. /A", model.DECISION, "sv").decided
    assert decided == model.ItemAnswer(1, Meaning.NO, reason="För dyrt, i år.\nKanske sen.", words="Nej tack")
    decided = read("Delegera till Karin Berg, hon kan detta", model.DECISION, "sv").decided
    assert decided == model.ItemAnswer(1, Meaning.DELEGATE, "Karin Berg", "hon kan detta", "Delegera till Karin Berg")
    decided = read("utsett til 3. desember, da er alle her", model.DECISION, "nb").decided
    assert decided is not None
    assert (decided.argument, decided.reason) == ("3. desember", "da er alle her")


@pytest.mark.parametrize("text", ["Bra!", "Toppen", "Det är bra, tack", "No er det greitt", "Det går bra, vi ses då"])
def test_what_may_be_a_yes_is_asked_back(text: str) -> None:
    reading = read(text, model.HELD_POST, None)
    assert reading.ask_back is not None
    assert reading.ask_back.kind is AskKind.IS_THAT_A_YES
    assert not reading.answers


# --- words.md §3 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tail", phrases("tail"))
def test_tail_changes_nothing_after_a_yes(tail: str) -> None:
    for text in (f"ja {tail}", f"Ja, {tail}!", f"godkänn. {tail}", f"OK {tail}\n\nMvh\nAnna", f"ja\n{tail.upper()}"):
        decided = read(text, model.HELD_POST, "sv").decided
        assert decided is not None, text
        assert (decided.meaning, decided.reason) == (Meaning.YES, ""), text
    for word in ("det er greit", "helt ok", "kør"):
        decided = read(f"{word}, {tail}", model.HELD_POST, "nb").decided
        if (word, tail) != ("det er greit", "det går bra"):
            assert decided is not None, (word, tail)


@pytest.mark.parametrize("tail", ["tack", "tak", "takk"])
def test_thanks_after_a_no(tail: str) -> None:
    for text in (f"nej {tail}", f"Nei, {tail}!", f"avslå. {tail}", f"No. {tail}"):
        decided = read(text, model.HELD_POST, "da").decided
        assert decided is not None, text
        assert (decided.meaning, decided.reason) == (Meaning.NO, "")


@pytest.mark.parametrize("tail", phrases("object"))
def test_object_after_a_verb(tail: str) -> None:
    for verb, meaning in (
        ("godkänn", "yes"),
        ("approve", "yes"),
        ("avvis", "no"),
        ("reject", "no"),
        ("kasta", "discard"),
    ):
        decided = read(f"{verb} {tail}.", model.HELD_POST, None).decided
        assert decided is not None, (verb, tail)
        assert (decided.meaning, decided.reason) == (meaning, "")


@pytest.mark.parametrize("phrase", [*phrases("sign-off"), *phrases("phone")])
def test_sign_offs_and_phone_lines_are_cut(phrase: str) -> None:
    name = "" if "anna" in phrase or (len(phrase.split()) > 2 and phrase[0].isupper()) else " Anna Berg"
    for answer in ("Ja", "Det går bra", "Godkänn, gärna"):
        signed = "– Anna" if "–" in phrase else phrase.capitalize()
        for text in (f"{answer}\n\n{phrase}{name}", f"{answer}.\n{signed}\nAnna Berg\nSektionschef"):
            decided = read(text, model.HELD_POST, "sv").decided
            assert decided is not None, text
            assert (decided.meaning, decided.reason) == (Meaning.YES, ""), text
        inline = f"{answer}. {phrase}{name}"
        if not phrase.startswith("–"):
            decided = read(inline, model.HELD_POST, "sv").decided
            assert decided is not None, inline
            assert decided.reason == "", inline
    assert read(f"{phrase}{name}", model.HELD_POST, "sv").nothing_said or phrase.startswith("–")


# --- words.md §4 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("blocker", phrases("blocker"))
def test_blocker_in_the_same_sentence(blocker: str) -> None:
    blocker = "don't" if blocker == "n't" else blocker
    for text in (
        f"Ja, {blocker} xyz",
        f"ok {blocker} xyz",
        f"Godkänn, abc def {blocker} xyz.",
        f"approve - abc {blocker}",
        f"Ja. {blocker} xyz",
        f"ja\n{blocker.capitalize()} xyz",
        f"ja tack: abc\ndef. {blocker}, xyz",
    ):
        reading = read(text, model.HELD_POST, None)
        assert not reading.answers, text
        assert reading.why in (Why.BLOCKER, Why.HESITATION, Why.OPPOSITE, Why.NO_AND_YES), text
    decided = read(f"Nej, {blocker} xyz", model.HELD_POST, None).decided
    if blocker not in ("don't", "nja"):  # an answer word, and a phrase that takes the no back
        assert decided is not None, blocker
        assert decided.meaning is Meaning.NO


@pytest.mark.parametrize("blocker", phrases("clause-blocker"))
def test_blocker_that_opens_ordinary_clauses(blocker: str) -> None:
    for text in (f"Ja, {blocker} xyz", f"ja {blocker} xyz", f"Ja – {blocker} xyz", f"Ja, abc och {blocker} xyz"):
        assert read(text, model.HELD_POST, None).why is Why.BLOCKER, text
    for text in (f"Ja, abc {blocker} xyz", f"Ja. {blocker.capitalize()} xyz", f"Ja. Abc, {blocker} xyz"):
        decided = read(text, model.HELD_POST, None).decided
        assert decided is not None, text
        assert decided.meaning is Meaning.YES


# --- words.md §5 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phrase", phrases("never"))
def test_never_a_yes_and_never_a_no(phrase: str) -> None:
    for question in (model.HELD_POST, model.JOIN, model.CONFIRM, model.DECISION, model.INITIATIVE):
        for language in (*LANGUAGES, None):
            for text in (phrase, phrase.capitalize() + ".", f"Hej Karin! {phrase}\nMvh Anna", phrase.replace(",", "")):
                reading = read(text, question, language)
                assert not reading.answers, (question.name, text)
                assert reading.undecided, (question.name, text)


def test_praise_and_thanks_before_an_answer_are_skipped() -> None:
    for text in ("Bra! Ja.", "Tack, ja", "Noterat. Godkänn.", "🎉 ja", "Perfekt, godkänns", "Tack Karin! Ja gärna"):
        decided = read(text, model.HELD_POST, "sv").decided
        assert decided is not None, text
        assert decided.meaning is Meaning.YES


# --- words.md §6 -------------------------------------------------------------------------------------------------
def test_english_no_and_nynorsk_now() -> None:
    for text, language, expected in (
        ("No", "nn", "no"),
        ("No.", "nb", "no"),
        ("No, thanks", "nn", "no"),
        ("No, too narrow", "en", "no"),
        ("No! Too narrow", None, "no"),
        ("No, too narrow", "nb", None),
        ("No passar det", None, None),
        ("No, det passar", None, None),
        ("No, det passar", "en", None),
        ("No 3", "en", None),
        ("No. 3", "en", None),
        ("no it is too narrow", "en", None),
    ):
        decided = read(text, model.HELD_POST, language).decided
        assert (decided.meaning if decided else None) == expected, text


def test_words_that_are_no_answers() -> None:
    for text in (
        "table",
        "slut",
        "utsätt",
        "anmäl",
        "meld fra",
        "forlat",
        "aktuellt",
        "hold på",
        "enig",
        "mot",
        "klart",
    ):
        assert not read(text, model.DECISION, "nb").answers, text
    assert not read("hold", model.DECISION, "da").answers
    assert not read("hold on a second", model.DECISION, "en").answers
    assert not read("drøftet", model.DECISION, "nb").answers
    assert not read("vi er enige om at være uenige", model.JOINT_BODY, "da").answers


# --- subjects ----------------------------------------------------------------------------------------------------
def test_subject_of_our_own_link() -> None:
    for subject, meaning in (
        ("godkänn [#142]", Meaning.YES),
        ("Avslå [#142]", Meaning.NO),
        ("approve always [#142]", Meaning.ALWAYS),
        ("kasta [#142] ", Meaning.DISCARD),
    ):
        reading = read_subject(subject, 142, model.HELD_POST, "sv")
        assert reading is not None, subject
        assert reading.decided is not None
        assert reading.decided.meaning is meaning
    listed = read_subject("2 nej [#142]", 142, model.DECISION, "sv", 3)
    assert listed is not None
    assert listed.decided == model.ItemAnswer(2, Meaning.NO, words="nej")
    every = read_subject("godkänn alla [#142]", 142, model.HELD_POST, "sv", 3)
    assert every is not None
    assert every.ask_back == model.AskBack(AskKind.ALL, (1, 2, 3), (), "godkänn alla")


@pytest.mark.parametrize(
    "subject",
    [
        "godkänn [#143]",
        "godkänn #142",
        "godkänn",
        "Re: godkänn [#142]",
        "SV: Godkänn [#142]",
        "VS: godkänn [#142]",
        "Fwd: godkänn [#142]",
        "SV: Godkänn inlägg #142",
        "Godkänn inlägget om talböcker [#142]",
        "Ja, det går bra. Men inte nu [#142]",
        "nej, för dyrt [#142]",
        "[#142]",
        "",
        "godkänn [#142] [#143]",
    ],
)
def test_other_subjects_decide_nothing(subject: str) -> None:
    assert read_subject(subject, 142, model.HELD_POST, "sv") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Re: Fråga om inlägg [#142]", 142),
        ("#142 ja", 142),
        ("ärende 142", 142),
        ("ARENDE 142", 142),
        ("sag 142: ja", 142),
        ("sak 142", 142),
        ("Case 142", 142),
        ("sak 7 och [#142]", 142),
        ("142", None),
        ("orsak 142", None),
        ("#142a", None),
        ("", None),
        ("#1234567890123", None),
    ],
)
def test_case_number(text: str, number: int | None) -> None:
    assert find_case_number(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Afvis: Det hører ikke hjemme her.", "Det hører ikke hjemme her."),
        ("Avslå: det här hör inte hit", "det här hör inte hit"),
        ("reject: this belongs elsewhere", "this belongs elsewhere"),
        ("Avslå. Den hör till IT.", "Den hör till IT."),
        ("Reject this post: wrong list", "wrong list"),
        ("Avslå det.", ""),
    ],
)
def test_a_reason_behind_a_mark_keeps_its_first_word(text: str, reason: str) -> None:
    decided = read(text, model.HELD_POST, "sv").decided
    assert decided is not None
    assert (decided.meaning, decided.reason) == (Meaning.NO, reason)

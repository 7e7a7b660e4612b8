"""Answers as strangers to the word lists write them: a condition or a postponement is no yes, a plain yes is one."""

from __future__ import annotations

import pytest

from mailsvc.cases.reading import model
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import AskKind, Meaning, Why
from mailsvc.message.reply_text import new_from_plain

NO_YES = {
    "en": [
        "Yes, probably",
        "Yes, I think so",
        "Yes, assuming that Tom agrees",
        "Yes, on condition that it is short",
        "Yes, as soon as the typo is fixed",
        "Yes, with the change we discussed",
        "Yes, pending legal review",
        "Ok, I need to check with my boss",
        "Ok, let me get back to you",
        "OK, leave it with me",
        "Ok, need more time",
    ],
    "sv": [
        "Ja, så fort du har rättat stavfelen",
        "Ja, så snart bilagan är borttagen",
        "Ja, med ändring av namnet",
        "Ja, preliminärt",
        "Ja, förmodligen",
        "Ja, det tror jag",
        "Ja, jag får fundera",
        "Ok, jag frågar Lena",
        "Ok, jag hör med chefen",
        "Ok, vi tar upp det på tisdag",
        "Okej, vi tar det på mötet",
        "OK. Jag svarar imorgon.",
        "Ok! Läser och återkommer.",
    ],
    "da": [
        "Ja, så snart stavefejlene er rettet",
        "Ja, med ændringer",
        "Ja, formentlig",
        "Ja, det tror jeg",
        "Ok, det tager vi på mødet",
        "Ok, jeg spørger Mette",
    ],
    "nb": ["Ja, foreløpig", "Ja, så snart feilene er rettet", "Ja, sannsynligvis", "Ok, sjekker", "Ok, jeg spør Kari"],
    "nn": ["Ja, førebels", "Ja, så snart feila er retta", "Ja, truleg", "Ok, eg spør Liv", "Ok, me tek det på møtet"],
}
YES = {
    "en": [
        "I hereby approve the post",
        "Happy to approve",
        "Definitely",
        "Yes that is fine with me",
        "Yes that's fine, thanks",
        "yes period",
        "Yes exclamation mark",
    ],
    "sv": ["Det här godkänner jag", "Godkänt av mig", "Ja det låter jättebra!", "Härmed godkänt", "ja punkt"],
    "da": ["Hermed godkendt", "Jeg godkender hermed", "Godkendt af mig", "Ja det lyder rigtig godt", "ja punktum"],
    "nb": ["Herved godkjent", "Ja det høres flott ut", "Bare kjør på!", "Godkjent av meg"],
    "nn": ["Berre køyr på", "Ja det høyrest fint ut"],
}
NO = {
    "en": [("Rejected too narrow", "too narrow"), ("I reject this, too narrow", "too narrow"), ("Definitely not", "")],
    "sv": [("Jag avslår detta, för snävt", "för snävt"), ("Avslås för långt", "för långt")],
    "da": [("Jeg afviser det: for langt", "for langt"), ("Afvist for langt", "for langt")],
    "nb": [("Jeg avviser dette, for smalt", "for smalt"), ("Avvist for langt", "for langt")],
    "nn": [("Avvist for langt", "for langt")],
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(NO_YES))
def test_a_condition_or_a_later_look_is_no_yes(language: str, text: str) -> None:
    for known in (language, None):
        for vocabulary in (model.HELD_POST, model.DECISION, model.CONFIRM):
            assert read(text, vocabulary, known).decided is None, (known, vocabulary.name)


@pytest.mark.parametrize(("language", "text"), rows(YES))
def test_a_plain_yes_is_one(language: str, text: str) -> None:
    for vocabulary in (model.HELD_POST, model.DECISION):
        decided = read(text, vocabulary, language).decided
        assert decided is not None
        assert (decided.meaning, decided.reason) == (Meaning.YES, "")


@pytest.mark.parametrize(
    ("language", "text", "reason"), [(lang, text, why) for lang, some in NO.items() for text, why in some]
)
def test_a_plain_no_has_its_reason(language: str, text: str, reason: str) -> None:
    decided = read(text, model.DECISION, language).decided
    assert decided is not None
    assert (decided.meaning, decided.reason) == (Meaning.NO, reason)


def test_no_just_go_ahead_is_neither() -> None:
    assert read("Nei, bare kjør på", model.DECISION, "nb").decided is None
    assert read("No, just go ahead", model.DECISION, "en").decided is None


def short(text: str, language: str, items: int = 4) -> str:
    reading = read(text, model.DECISION, language, items)
    said = [f"{one.number} {one.meaning}" + (f" {one.reason!r}" if one.reason else "") for one in reading.answers]
    if reading.ask_back is not None and reading.ask_back.kind is AskKind.ALL:
        said.append(f"all of {reading.ask_back.yes}?")
    return ", ".join(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes 1-3, no 4: later", "1 yes, 2 yes, 3 yes, 4 no 'later'"),
        ("yes 1-3, no 4", "1 yes, 2 yes, 3 yes, 4 no"),
        ("yes 1, no 2, yes 3", "1 yes, 2 no, 3 yes"),
        ("1) yes 2) no 3) wait 4) yes", "1 yes, 2 no, 3 wait, 4 yes"),
        ("1 no 2 no 3 yes", "1 no, 2 no, 3 yes"),
        ("No 1 yes, no 2 no", "1 yes, 2 no"),
        ("yes 1, no. 2, no. 3", ""),  # number signs, or a telephone's stops: nothing is decided
    ],
)
def test_an_english_no_between_numbers(text: str, expected: str) -> None:
    assert short(text, "en") == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 no, rest yes"),
        ("en", "no to 3, yes to the others"),
        ("en", "3: no\nEverything else: yes"),
        ("sv", "3 nej, resten ja tack. Mvh Lena"),
        ("sv", "Nej till 3, ja till resten"),
        ("sv", "3 nej, övriga ja"),
        ("da", "3 nej, de øvrige ja"),
        ("nb", "3 nei, ja til resten"),
        ("nn", "3 nei, dei andre ja"),
    ],
)
def test_a_yes_to_the_rest_is_asked_back_with_what_was_named(language: str, text: str) -> None:
    assert short(text, language) == "3 no, all of (1, 2, 4)?"


@pytest.mark.parametrize("text", ["3 nej, resten ja om Lena vill", "3 nej, resten vänta", "3 nej, resten ja, 4 vänta"])
def test_other_words_about_the_rest_decide_only_what_is_named(text: str) -> None:
    reading = read(text, model.DECISION, "sv", 4)
    assert [(one.number, one.meaning, one.reason) for one in reading.answers] == [(3, Meaning.NO, "")]
    assert [one.why for one in reading.undecided] == [Why.WHICH_ITEM]
    assert reading.ask_back is None


def test_a_reason_about_the_rest_stays_a_reason() -> None:
    assert short("3 nej: vi tar resten nästa år", "sv") == "3 no 'vi tar resten nästa år'"


@pytest.mark.parametrize("text", ["Ja till samtliga", "Samtliga godkänns", "Bifall till samtliga"])
def test_each_and_every_one_is_all(text: str) -> None:
    assert short(text, "sv") == "all of (1, 2, 3, 4)?"


def test_all_but_in_danish() -> None:
    assert short("Ja til alle på nær 3", "da") == "all of (1, 2, 4)?"


@pytest.mark.parametrize("marks", ["", "> "])
@pytest.mark.parametrize(
    "header",
    [
        ">>> Anna Berg <anna@example.org> 23-11-2026 10:00 >>>",
        '>>> "Question · Catalogue" <cases@example.org> 2026-11-23 kl. 10:00 >>>',
        '"Question · Catalogue" ---23-11-2026 10:00:00---Anna Berg asks you',
        "-----Anna Berg/BIB/Example wrote: -----",
        '-----"Question · Catalogue" <cases@example.org> skrev: -----\nTo: anna@example.org\nSubject: x',
        "----- Forwarded by Anna Berg/BIB on 23-11-2026 10:00 -----",
    ],
)
def test_quotes_of_notes_and_groupwise(header: str, marks: str) -> None:
    quoted = "\n".join(f"{marks}{line}" for line in ("Svara ja eller nej.", "", "nej - avslå"))
    assert new_from_plain(f"Ja, gärna!\n\n{header}\n{quoted}").text == "Ja, gärna!"


def test_three_marks_in_a_quote_of_a_quote_end_nothing() -> None:
    assert new_from_plain(">>> Klockan 10:00?\n>> Ja, 10:00.\nBra, då säger vi så.").text == "Bra, då säger vi så."


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("sv", "vänta till våren", "till våren"),
        ("en", "wait until spring", "until spring"),
        ("da", "vent til efter jul", "til efter jul"),
        ("nb", "vent, ikke alle er hørt", "ikke alle er hørt"),
        ("sv", "avvakta, jag ska kolla", "jag ska kolla"),
    ],
)
def test_a_wait_may_say_for_what(language: str, text: str, reason: str) -> None:
    decided = read(text, model.DECISION, language).decided
    assert decided is not None
    assert (decided.meaning, decided.reason) == (Meaning.WAIT, reason)


@pytest.mark.parametrize("text", ["vänta inte", "vänta, ja förresten", "Vänta! Ja!", "vänta?", "vänta. Nej förresten"])
def test_a_wait_that_is_taken_back_decides_nothing(text: str) -> None:
    assert read(text, model.DECISION, "sv").decided is None


def test_what_was_said_of_the_rest_is_shown_without_its_comma() -> None:
    reading = read("3 nej, resten ja", model.DECISION, "sv", 4)
    assert reading.ask_back is not None
    assert reading.ask_back.words == "resten ja"


@pytest.mark.parametrize(
    ("vocabulary", "language", "text", "said"),
    [
        (model.CONFIRM, "sv", "Det stämmer!", "yes"),
        (model.CONFIRM, "en", "That's correct", "yes"),
        (model.CONFIRM, "da", "Det passer", "yes"),
        (model.CONFIRM, "en", "No that wasn't me", "no"),
        (model.CONFIRM, "en", "I did not send that", "no"),
        (model.PREPARATION, "sv", "Kan inte tillstyrkas, för smalt", "advise-against för smalt"),
        (model.PREPARATION, "en", "I would not recommend this", "advise-against"),
        (model.PREPARATION, "da", "Vi indstiller til godkendelse", "recommend"),
        (model.PREPARATION, "nn", "Vi rår til det", "recommend"),
        (model.PREPARATION, "sv", "Vi har inga synpunkter", "abstain"),
        (model.PREPARATION, "sv", "Tillstyrks med tillägget att kartor ingår", ""),
        (model.HEALTH, "sv", "Vi fortsätter!", "continue"),
        (model.HEALTH, "nn", "Vi held fram", "continue"),
        (model.HEALTH, "da", "Nedlæg netværket", "wind-down"),
        (model.HEALTH, "en", "Please don't wind down", ""),
        (model.HEALTH, "sv", "Lägg inte ner", ""),
        (model.VACANCY, "sv", "Jag nominerar Anna Berg", "nominate Anna Berg"),
        (model.IDEA, "nb", "Vi tar det opp", "take-up"),
        (model.IDEA, "sv", "Skicka vidare till Metadata", "send-to Metadata"),
        (model.JOINT_BODY, "da", "Vi er uenige: for dyrt", "not-agreed for dyrt"),
        (model.ACTION, "sv", "Det är gjort", "done"),
        (model.ACTION, "en", "It's done", "done"),
        (model.ACTION, "en", "It's almost done", ""),
        (model.HEARING, "sv", "Jag har tagit del av det", "yes"),
        (model.HEARING, "nb", "Tatt til etterretning", "yes"),
        (model.INITIATIVE, "en", "Me too!", "count-me-in"),
        (model.INITIATIVE, "sv", "Räkna inte med mig", ""),
        (model.RECEIPT, "sv", "Ångra mitt svar", "undo"),
    ],
)
def test_short_sentences_say_the_words(vocabulary: model.Vocabulary, language: str, text: str, said: str) -> None:
    decided = read(text, vocabulary, language).decided
    assert " ".join(filter(None, (decided.meaning, decided.argument or decided.reason)) if decided else ()) == said


def test_a_welcome_is_no_decision_and_hides_none() -> None:
    for text in ("Välkommen in! Godkänt.", "Velkommen! Ja", "Welcome, approved"):
        decided = read(text, model.JOIN, "sv").decided
        assert decided is not None, text
        assert decided.meaning == Meaning.YES
    for text in ("Välkommen!", "Velkommen til", "Welcome aboard!"):
        reading = read(text, model.JOIN, "sv")
        assert reading.decided is None, text
        assert reading.ask_back is not None
    assert read("Ja, välkommen!", model.JOIN, "sv").decided is not None


TAKEN_BACK = {
    "sv": [
        "Ja, med reservation för tiden",
        "Ja, i mån av tid",
        "Ja, förutsätter att Lena är med",
        "Ja, minus sista stycket",
        "Ja, exklusive bilagan",
        "Ja, med vissa justeringar",
        "Ja, efter justering",
        "Ja, delvis",
        "Ja, till viss del",
        "Ja, halvt om halvt",
        "Ja, beroende på priset",
        "Ja/nej",
        "Ja, stoppa det!",
        "Ja, avslå det",
        "Ja, ta bort det",
        "Ja, det är spam",
        "Ja, kasta",
        "Ja till 1, resten får vänta",
        "Ja, fast utan bilaga",
        "Ja, utan bilaga",
        "Ja, med ett annat namn",
        "Ja, byt namn till Metadata",
        "Ja, ta bort sista stycket först",
        "Ja, rätta stavfelen",
        "Ja, vänta tills jag har läst klart",
        "Ja, tänkte svara nej",
        "Ja, hellre nästa vecka",
        "Ja, egentligen nej",
        "Ja, nej",
        "Ja. Nej.",
        "Ja... eller nej",
        "Ja, jag menar nej",
        "Ja. Nej, förresten, vänta.",
        "Ja tyvärr",
        "Ja, motvilligt",
        "Ja, lite tveksamt",
        "Ja, tveksam dock",
        "Ja, det vore bra att vänta",
        "Ok, jag läser",
        "Ok jag ser det",
        "Ok, ska bli",
        "Ok, då gör vi så",
        "Ok. Jag är bortrest.",
        "Ok. Fel person.",
        "Ok, skickar vidare till Karin",
        "Ok, Karin får svara",
        "Ok, fråga Karin",
        "Ok, ta det med Karin",
        "Godkänt av Karin?",
        "Godkänt förslag",
        "Godkännande kräver styrelsebeslut",
        "Godkänns om budgeten räcker",
        "Gärna inte",
        "Gärna, men senare",
        "Gärna senare",
        "Gärna nästa år",
        "Ja tack nej",
    ],
    "en": [
        "Yes, less the last paragraph",
        "Yes, excluding the attachment",
        "Yes, with some edits",
        "Yes, minor edits needed",
        "Yes, partially",
        "Yes, depends on price",
        "Yes, stop it",
        "Yes, delete it",
        "Yes, spam",
        "Yes, no",
        "Yes, I mean no",
        "Yes. Actually no.",
        "Yes, wait",
        "Yes, hold on",
        "Yes, hang on",
        "Yes, fix the typos first",
        "Yes, please fix the typos",
        "Yes, without the attachment",
        "Yes, minus the attachment",
        "Yes, reluctantly",
        "OK, ask Karin",
        "OK, forwarded to Karin",
        "OK, Karin will answer",
        "OK, over to Karin",
        "OK, I see",
        "OK, received",
        "OK, thanks for letting me know",
        "OK. I am on leave.",
        "OK, tomorrow",
        "Approve? No.",
        "Approve or reject?",
        "Approved by whom?",
        "Agreed, reject it",
        "Agreed with Tom: no",
        "Accept my apologies",
        "Accepted students are listed below",
        "Sure, but no",
        "Fine, whatever",
        "Okay, whatever",
    ],
    "da": [
        "Ja, med undtagelse af bilaget",
        "Ja, uden bilag",
        "Ja, delvist",
        "Ja, afvis den",
        "Ja, nej",
        "Ja, vent lidt",
        "Ok, Mette svarer",
        "Ok, det må Mette svare på",
        "Gerne senere",
        "Fint, men vent",
        "Fint nok",
        "Helt fint, bortset fra bilaget",
    ],
    "nb": [
        "Ja, med unntak av vedlegget",
        "Ja, uten vedlegg",
        "Ja, delvis",
        "Ja, avvis det",
        "Ja, vent litt",
        "Ok, Kari svarer",
        "Greit, men vent",
        "Greit nok",
    ],
    "nn": [
        "Ja, utan vedlegg",
        "Ja, delvis",
        "Ja, vent litt",
        "Ok, Liv svarar",
    ],
}


@pytest.mark.parametrize(("language", "text"), rows(TAKEN_BACK))
def test_a_yes_that_is_cut_down_or_handed_on_is_none(language: str, text: str) -> None:
    answers = read(text, model.HELD_POST, language).answers
    assert not [one for one in answers if one.meaning in (Meaning.YES, Meaning.ALWAYS)]


@pytest.mark.parametrize(
    "text",
    [
        "Ok, det må du gerne",
        "Ok, det får du",
        "Ok, Karin!",
        "Ok. Vi har plats.",
        "Ok, jag håller med",
        "Ja, Karin får gärna vara med",
        "Ja. Det ändrar ingenting",
    ],
)
def test_these_words_do_no_harm_elsewhere(text: str) -> None:
    decided = read(text, model.HELD_POST, "sv").decided
    assert decided is not None
    assert decided.meaning == Meaning.YES

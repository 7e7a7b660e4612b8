"""What a company's mail server writes below an answer is not read, and never hides what a person wrote."""

from __future__ import annotations

import pytest

from mailsvc.cases.reading import model
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import Meaning

DISCLAIMERS = [
    "CONFIDENTIALITY NOTICE: This message is private. If you are not the intended recipient, delete it.",
    "This email and any attachments are confidential.\nIf you have received this email in error please tell us.",
    "If you are not the intended recipient you must not copy this e-mail.",
    "Please consider the environment before printing this email.",
    "Sent with Example Mail secure email.",
    "Detta e-postmeddelande kan innehålla konfidentiell information. Om du inte är rätt mottagare, radera det.",
    "Om du av misstag har fått detta meddelande ber vi dig att radera det.",
    "Tänk på miljön innan du skriver ut",
    "Så här behandlar vi personuppgifter: www.example.org/personuppgifter",
    "Denne e-mail kan indeholde fortrolige oplysninger.\nHvis du ikke er rette modtager, bedes du slette den.",
    "Hvis du har modtaget denne e-mail ved en fejl, bedes du slette den.",
    "Læs om hvordan vi behandler persondata på www.example.org",
    "Denne e-posten kan inneholde fortrolig informasjon.\nDersom du ikke er rett mottaker, slett den.",
    "Dersom du ikkje er rett mottakar, ber vi deg slette meldinga.",
    "Vennligst ta hensyn til miljøet før du skriver ut",
    "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
    "Tämä viesti on luottamuksellinen. Jos et ole oikea vastaanottaja, poista se.",
]


@pytest.mark.parametrize("language", ["en", "sv", "da", "nb", "nn"])
@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_an_answer_is_read_without_the_disclaimer(disclaimer: str, language: str) -> None:
    for word, meaning in (("Approved", Meaning.YES), ("Fine by me", Meaning.YES), ("Avslå", Meaning.NO)):
        for between in ("\n\n", "\n"):
            decided = read(f"{word}{between}{disclaimer}", model.HELD_POST, language).decided
            assert decided is not None
            assert (decided.meaning, decided.reason) == (meaning, "")


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_alone_says_nothing_and_hides_nothing(disclaimer: str) -> None:
    assert read(disclaimer, model.HELD_POST, "sv").nothing_said
    assert read(f"Ja, men inte nu\n\n{disclaimer}", model.HELD_POST, "sv").decided is None
    assert read(f"Ja\n\n{disclaimer}\n\nMen inte före jul", model.HELD_POST, "sv").decided is None
    assert read(f"Ja\n\n{disclaimer}\nMen inte före jul", model.HELD_POST, "sv").decided is None
    assert read(f"Ja\n\n{disclaimer}\nNej, vänta", model.HELD_POST, "sv").decided is None
    below = read(f"{disclaimer}\n\nAvslå", model.HELD_POST, "sv").decided
    assert below is not None
    assert below.meaning is Meaning.NO


@pytest.mark.parametrize(
    "text",
    [
        "Ja\nhvis du har rettet fejlene",
        "Yes\nif you have fixed the error",
        "Ja\nom du har rättat misstaget",
        "Ja\nnär du har tagit bort alla personuppgifter",
        "Yes\nunless you are the recipient of the grant",
        "Approved\nThis mail and any attachments may go out. But not before June.",
        "Approved\nThis mail is confidential. But not the second part.",
    ],
)
def test_a_condition_is_no_disclaimer(text: str) -> None:
    assert read(text, model.HELD_POST, None).decided is None


@pytest.mark.parametrize(
    ("text", "meaning", "reason"),
    [
        ("Please approve", Meaning.YES, ""),
        ("Approve please", Meaning.YES, ""),
        ("Venligst godkend", Meaning.YES, ""),
        ("Snälla godkänn", Meaning.YES, ""),
        ("Please reject: too long", Meaning.NO, "too long"),
        ("Please do not approve", Meaning.NO, ""),
        ("“no”", Meaning.NO, ""),
        ('"no"', Meaning.NO, ""),
        ("«No».", Meaning.NO, ""),
        ("Nej tack för erbjudandet", Meaning.NO, "för erbjudandet"),
        ("Nej tack vi har fullt", Meaning.NO, "vi har fullt"),
        ("Nei takk vi har fullt", Meaning.NO, "vi har fullt"),
        ("Nej tak det er for dyrt", Meaning.NO, "det er for dyrt"),
        ("No thanks we are full", Meaning.NO, "we are full"),
    ],
)
def test_polite_and_quoted_answers(text: str, meaning: Meaning, reason: str) -> None:
    decided = read(text, model.HELD_POST, "sv").decided
    assert decided is not None
    assert (decided.meaning, decided.reason) == (meaning, reason)


@pytest.mark.parametrize(
    "text",
    [
        "Please approve?",
        '"No" er det greit',
        '"no" means now',
        "Nej tack det går bra",
        "Nej tack ja",
        "Please",
        "Please!",
    ],
)
def test_polite_and_quoted_doubts(text: str) -> None:
    for language in ("en", "nb", "nn"):
        assert read(text, model.HELD_POST, language).decided is None

"""Banners of gateways above people's answers: tags on a line of their own, and tips in Danish and Norwegian."""

from __future__ import annotations

import pytest

from mailsvc.message.reply_text import new_from_plain

BANNERS = [
    "[Externt meddelande: klicka inte på länkar om du inte känner avsändaren]",
    "[EXTERN]",
    "EXTERN AVSÄNDARE",
    "*** EXTERNT MEJL ***",
    "OBS! Extern avsändare. Klicka inte på länkar.",
    "OBS: Mejlet kommer utifrån organisationen.",
    "VARNING: Detta mejl kommer från en extern avsändare. Klicka inte på länkar eller öppna bilagor.",
    "Det här e-postmeddelandet kommer från en avsändare utanför Göteborgs universitet. Klicka inte på länkar.",
    "Du får inte ofta e-post från a@example.org. Läs om varför det här är viktigt",
    (
        "[Du får inte ofta e-post från a@example.org. Läs om varför det här är viktigt på"
        " https://aka.ms/LearnAboutSenderIdentification ]"
    ),
    (
        "Nogle personer, der har modtaget denne meddelelse, får ikke ofte mails fra a@example.org."
        " Få mere at vide om, hvorfor det er vigtigt"
    ),
    "Du modtager ikke ofte mails fra a@example.org. Få mere at vide om, hvorfor dette er vigtigt",
    "ADVARSEL: Denne mail kommer fra en ekstern afsender.",
    "Denne mail er sendt fra en afsender uden for organisationen. Vær opmærksom ved links.",
    "EKSTERN E-POST: Ikke klikk på lenker eller åpne vedlegg hvis du ikke kjenner avsenderen.",
    "Denne e-posten kommer fra en ekstern avsender. Vær forsiktig med lenker og vedlegg.",
    "Du får ikke ofte e-post fra a@example.org. Finn ut hvorfor dette er viktig",
    "Noen som mottok denne meldingen får ikke ofte e-post fra a@example.org. Finn ut hvorfor dette er viktig",
    "Denne e-posten kjem frå ein ekstern avsendar.",
    (
        "CAUTION: This email originated from outside of the organization. Do not click links or"
        " open attachments unless you recognize the sender and know the content is safe."
    ),
    "[External] This message was sent from outside the university.",
    "This sender is from outside your organization.",
    "External Email - Use Caution",
    "⚠ External sender",
    "[EXTERNAL EMAIL]",
    "Warning: external sender. Be careful with links.",
]


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_a_banner_is_cut(banner: str, between: str) -> None:
    assert new_from_plain(f"{banner}{between}Ja, gärna").text == "Ja, gärna"


@pytest.mark.parametrize(
    "text",
    [
        "Externt mejl är ok för mig",
        "External review: yes",
        "Extern granskning behövs.",
        "Ekstern afsender har skrevet til os: nej",
        "OBS: ja",
        "Mejlet kommer att skickas utifrån behov. Ja",
        "[Externa] frågor hör hemma hos Lena",
        "Extern",
    ],
)
def test_what_people_say_stays(text: str) -> None:
    said = new_from_plain(f"{text}\n\nMvh Anna").text
    assert said == (text if text != "Extern" else "")

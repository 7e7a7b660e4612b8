"""Replies to a form as people and their clients write them, in five languages: what is read of each."""

from __future__ import annotations

import pytest

from mailsvc.message.form_guess import PROPOSAL
from mailsvc.message.forms import Field, Form, read_form
from mailsvc.message.html_text import html_text

LETTER = {
    "sv": """Hej! Tack för ditt förslag om ett nätverk. Fyll i formuläret nedan och svara på det här brevet.

Namn: Talböcker
Adress: talbocker
Motivering:
Arbetsfrågor (en per rad):
Moderator:
Biträdande moderator:
Beredningsgrupp (valfritt):

Det går bra att svara på flera gånger. Hälsningar från nätverkstjänsten på example.org""",
    "da": """Hej. Tak for forslaget. Udfyld skemaet herunder, og svar på denne mail.

Navn:
Adresse:
Begrundelse:
Arbejdsspørgsmål:
Moderator:
Næstmoderator:
Forberedelsesgruppe (valgfrit):

Du kan svare flere gange.""",
    "nb": """Hei! Takk for forslaget. Fyll ut skjemaet nedenfor og svar på denne e-posten.

Navn:
Adresse:
Begrunnelse:
Arbeidsspørsmål:
Moderator:
Nestmoderator:
Forberedende gruppe (valgfritt):

Du kan svare flere ganger.""",
    "nn": """Hei! Takk for framlegget. Fyll ut skjemaet nedanfor og svar på denne e-posten.

Namn:
Adresse:
Grunngjeving:
Arbeidsspørsmål:
Moderator:
Nestmoderator:
Førebuande gruppe (valfritt):

Du kan svare fleire gonger.""",
    "en": """Hello! Thank you for the proposal. Fill in the form below and reply to this mail.

Name: Talking books
Address: talking-books
Motivation:
Work questions:
Moderator:
Deputy:
Preparation group (optional):

You can answer more than once.""",
}
SENT = {
    "sv": {"name": "Talböcker", "address": "talbocker"},
    "en": {"name": "Talking books", "address": "talking-books"},
}
OUTLOOK = {
    "sv": "Från: Tjänsten <cases@example.org>\nSkickat: den 3 december 2026 13:02\nTill: Anna Berg\nÄmne: Förslag",
    "da": "Fra: Tjenesten <cases@example.org>\nSendt: 3. december 2026 13:02\nTil: Anna Berg\nEmne: Forslag [#142]",
    "nb": "Fra: Tjenesten <cases@example.org>\nSendt: torsdag 3. desember 2026 13:02\nTil: Anna Berg\nEmne: Forslag",
    "nn": "Frå: Tenesta <cases@example.org>\nSendt: torsdag 3. desember 2026 13:02\nTil: Anna Berg\nEmne: Framlegg",
    "en": "From: The service <cases@example.org>\nSent: 03 December 2026 13:02\nTo: Anna Berg\nSubject: Proposal",
}
WROTE = {
    "sv": "Den tors 3 dec. 2026 kl 13:02 skrev Tjänsten <cases@example.org>:",
    "da": "Den tor. 3. dec. 2026 kl. 13.02 skrev Tjenesten <cases@example.org>:",
    "nb": "tor. 3. des. 2026 kl. 13:02 skrev Tjenesten <cases@example.org>:",
    "nn": "On Thu, Dec 3, 2026 at 1:02 PM Tenesta <cases@example.org> wrote:",
    "en": "On 3 Dec 2026, at 13:02, The service <cases@example.org> wrote:",
}


def filled(language: str, answers: dict[str, str]) -> str:
    """The letter with answers typed behind (or, with a leading line break, below) the labels as printed."""
    out = []
    for line in LETTER[language].split("\n"):
        label = line.split(":")[0].split(" (")[0]
        if line.partition(":")[1] and label in answers:
            line = f"{line.split(':')[0]}: {answers[label]}".replace(": \n", ":\n")
        out.append(line)
    return "\n".join(out)


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


KEPT_SV = {"name": "Talböcker", "address": "talbocker"}
KEPT_EN = {"name": "Talking books", "address": "talking-books"}
SV = {
    "Motivering": "Vi behöver en plats för frågor om talböcker.",
    "Arbetsfrågor": "\n- Inläsning\n- Lån till skolor",
    "Moderator": "Anna Berg <anna@example.org>",
    "Biträdande moderator": "Bo Ek",
}
SV_READ = {
    "motivation": "Vi behöver en plats för frågor om talböcker.",
    "work_questions": "- Inläsning\n- Lån till skolor",
    "moderator": "Anna Berg <anna@example.org>",
    "deputy": "Bo Ek",
}
NB = {"Navn": "Skolebygg", "Adresse": "skolebygg", "Begrunnelse": "Mange spør.", "Moderator": "Kari Li"}
NB_READ = {"name": "Skolebygg", "address": "skolebygg", "motivation": "Mange spør.", "moderator": "Kari Li"}

Case = tuple[str, str, str, dict[str, str]]
CASES: list[Case] = [
    ("gmail web, filled in inside the quote", "sv", f"{WROTE['sv']}\n\n{marked(filled('sv', SV))}", KEPT_SV | SV_READ),
    (
        "outlook, filled in below the headers",
        "sv",
        f"Här kommer det!\n\nMvh Anna\n\n{OUTLOOK['sv']}\n\n{filled('sv', SV)}",
        KEPT_SV | SV_READ,
    ),
    (
        "outlook with a rule",
        "sv",
        f"________________________________\n{OUTLOOK['sv']}\n\n{filled('sv', SV)}\n",
        KEPT_SV | SV_READ,
    ),
    (
        "outlook desktop, old separator",
        "sv",
        f"-----Ursprungligt meddelande-----\n{OUTLOOK['sv']}\n\n{filled('sv', SV)}",
        KEPT_SV | SV_READ,
    ),
    (
        "iphone, answers above with labels",
        "sv",
        (
            f"Namn: Talboksnätverket\nModerator: Anna Berg\n\nSkickat från min iPhone\n\n"
            f"{WROTE['sv']}\n\n{marked(LETTER['sv'])}"
        ),
        {"name": "Talboksnätverket", "address": "talbocker", "moderator": "Anna Berg"},
    ),
    (
        "iphone, new name behind the prefill's place",
        "sv",
        f"{WROTE['sv']}\n> {marked(filled('sv', {'Namn': 'Läsning för alla'}))[2:]}\n\nSkickat från min iPhone",
        {"name": "Läsning för alla", "address": "talbocker"},
    ),
    (
        "answer on the line below the prefill",
        "sv",
        marked(filled("sv", {"Namn": "Talböcker\nTalboksnätverket"})),
        {"name": "Talboksnätverket", "address": "talbocker"},
    ),
    (
        "thunderbird, answers between the quoted lines",
        "sv",
        (
            f"{WROTE['sv']}\n> Namn: Talböcker\n\n> Adress: talbocker\n> Motivering:\n\nMånga frågar om talböcker.\n\n"
            "> Arbetsfrågor (en per rad):\nInläsning\nLån\n> Moderator:\nAnna Berg\n> Biträdande moderator:\nBo Ek\n"
            "> Beredningsgrupp (valfritt):\n>\n> Det går bra att svara på flera gånger.\n\n-- \nAnna Berg\nTel: 08-12"
        ),
        {
            **KEPT_SV,
            "motivation": "Många frågar om talböcker.",
            "work_questions": "Inläsning\nLån",
            "moderator": "Anna Berg",
            "deputy": "Bo Ek",
        },
    ),
    (
        "table of html mail: label line, value line",
        "sv",
        (
            "Namn:\n\nTalboksnätverket\n\nAdress:\n\ntalbok\n\nMotivering:\n\nMånga frågar.\n\nDet blir fler.\n\n"
            "Moderator:\n\nAnna Berg\n\nBiträdande moderator:\n\nBeredningsgrupp (valfritt):\n\nMvh\nAnna"
        ),
        {
            "name": "Talboksnätverket",
            "address": "talbok",
            "motivation": "Många frågar.\n\nDet blir fler.",
            "moderator": "Anna Berg",
        },
    ),
    (
        "bold labels, value below",
        "sv",
        "*Namn*:\nTalboksnätverket\n*Adress:* talbok\n**Motivering:**\nMånga frågar.\n\n*Moderator: Anna Berg*\n",
        {"name": "Talboksnätverket", "address": "talbok", "motivation": "Många frågar.", "moderator": "Anna Berg"},
    ),
    (
        "bullets and numbers before labels",
        "sv",
        "• Namn: Talboksnätverket\n- Adress: talbok\n3) Moderator: Anna Berg\n4. Ersättare: Bo Ek",
        {"name": "Talboksnätverket", "address": "talbok", "moderator": "Anna Berg", "deputy": "Bo Ek"},
    ),
    (
        "without colons",
        "sv",
        "Namn Talboksnätverket\nAdress talbok\nModerator Anna Berg\nBiträdande Bo Ek",
        {"name": "Talboksnätverket", "address": "talbok", "moderator": "Anna Berg", "deputy": "Bo Ek"},
    ),
    (
        "with tabs and dashes",
        "sv",
        "Namn\tTalboksnätverket\nAdress – talbok\nModerator = Anna Berg\nVilka\talla",
        {"name": "Talboksnätverket", "address": "talbok", "moderator": "Anna Berg"},
    ),
    (
        "no-break spaces and a zero-width one",
        "sv",
        "Namn\u00a0: Talboksnätverket\n\u200bAdress:\u00a0talbok",
        {"name": "Talboksnätverket", "address": "talbok"},
    ),
    (
        "signature with its own address",
        "sv",
        (
            f"Moderator: Anna Berg\n\nMed vänlig hälsning\nAnna Berg\nModerator\nAdress: Box 12, 123 45 Staden\n\n"
            f"{OUTLOOK['sv']}\n\n{LETTER['sv']}"
        ),
        {**KEPT_SV, "moderator": "Anna Berg"},
    ),
    (
        "the form copied below a sign-off",
        "sv",
        "Hej, se nedan.\nMvh Anna\n\nNamn: Talbok\nAdress: talbok\nModerator: Bo Ek",
        {"name": "Talbok", "address": "talbok", "moderator": "Bo Ek"},
    ),
    (
        "forwarded by a colleague",
        "sv",
        f"Skickar vidare.\n\n{OUTLOOK['sv']}\n\nHär är det ifyllt.\n\n{WROTE['sv']}\n\n{marked(filled('sv', SV))}",
        KEPT_SV | SV_READ,
    ),
    (
        "wrapped by the client",
        "sv",
        (
            f"{WROTE['sv']}\n\n> Namn: Talböcker\n"
            "> Motivering: Vi behöver en plats för frågor om talböcker och om hur de\n"
            "> läses in, och om hur de når ut till skolor.\n> Moderator: Anna Berg\n> <anna@example.org>\n> Biträdande:"
        ),
        {
            "name": "Talböcker",
            "motivation": (
                "Vi behöver en plats för frågor om talböcker och om hur de läses in, och om hur de når ut till skolor."
            ),
            "moderator": "Anna Berg <anna@example.org>",
        },
    ),
    ("nothing filled in", "sv", f"Jag återkommer.\n\n{OUTLOOK['sv']}\n\n{LETTER['sv']}", KEPT_SV),
    (
        "prefill removed",
        "sv",
        marked(filled("sv", {"Namn": "", "Adress": "", "Moderator": "Anna Berg"})),
        {"moderator": "Anna Berg"},
    ),
    (
        "dots and dashes left in the form",
        "sv",
        "Namn: ........\nAdress: ____\nModerator: -\nBiträdande: Bo Ek",
        {"deputy": "Bo Ek"},
    ),
    (
        "samsung",
        "da",
        (
            f"Navn: Læseklubben\nModerator: Søren Bæk\n\nSendt fra min Galaxy\n\n\n"
            "-------- Oprindelig meddelelse --------\n"
            f"{OUTLOOK['da']}\n\n{LETTER['da']}"
        ),
        {"name": "Læseklubben", "moderator": "Søren Bæk"},
    ),
    (
        "outlook for ios",
        "da",
        f"Hent Outlook til iOS<https://aka.ms/o0ukef>\n________________________________\n{OUTLOOK['da']}\n\n"
        + filled("da", {"Navn": "Læseklubben", "Begrundelse": "Der er brug for det.", "Næstmoderator": "Bo Ek"}),
        {"name": "Læseklubben", "motivation": "Der er brug for det.", "deputy": "Bo Ek"},
    ),
    (
        "apple mail",
        "da",
        marked(WROTE["da"] + "\n\n" + filled("da", {"Navn": "Læseklubben", "Adresse": "laeseklub"}))
        + "\n\nVenlig hilsen\nMette",
        {"name": "Læseklubben", "address": "laeseklub"},
    ),
    (
        "danish answers to a swedish form",
        "sv",
        (
            f"Navn: Læseklubben\nBegrundelse: Der er brug for det\nNæstmoderator: Søren Bæk\n\n"
            f"{WROTE['da']}\n{marked(LETTER['sv'])}"
        ),
        {"name": "Læseklubben", "address": "talbocker", "motivation": "Der er brug for det", "deputy": "Søren Bæk"},
    ),
    (
        "spelled without danish letters",
        "da",
        "Arbejdsspoergsmaal: Laan\nNaestmoderator: Soren Baek",
        {"work_questions": "Laan", "deputy": "Soren Baek"},
    ),
    (
        "gmail app, two levels",
        "da",
        f"Se herunder\n\n{WROTE['da']}\n\n> > {marked(filled('da', {'Navn': 'Bogen'}), '> > ')[4:]}",
        {"name": "Bogen"},
    ),
    ("outlook, marked lines", "nb", f"{marked(OUTLOOK['nb'])}\n>\n{marked(filled('nb', NB))}", NB_READ),
    ("gmail", "nb", f"Hei, her er det.\n\n{WROTE['nb']}\n\n{marked(filled('nb', NB))}\n", NB_READ),
    (
        "outlook",
        "nb",
        f"Se skjemaet.\n\nMed vennlig hilsen\nKari Li\nAdresse: Torget 1\n\n{OUTLOOK['nb']}\n\n{filled('nb', NB)}",
        NB_READ,
    ),
    (
        "separate lines, mixed marks",
        "nb",
        "> Navn: Skolebygg\n>> Adresse: skolebygg\nModerator: Kari Li\n> Vara: Ola Nes",
        {"name": "Skolebygg", "address": "skolebygg", "moderator": "Kari Li", "deputy": "Ola Nes"},
    ),
    (
        "ipad with lists",
        "nb",
        "Navn: Skolebygg\nArbeidsspørsmål:\n1. Lys\n2. Luft\n\nSendt fra min iPad\n\n"
        + WROTE["nb"]
        + "\n\n"
        + marked(LETTER["nb"]),
        {"name": "Skolebygg", "work_questions": "1. Lys\n2. Luft"},
    ),
    (
        "outlook",
        "nn",
        f"{OUTLOOK['nn']}\n\n"
        + filled("nn", {"Namn": "Skulebygg", "Grunngjeving": "Mange spør.", "Nestmoderator": "Ola Nes"}),
        {"name": "Skulebygg", "motivation": "Mange spør.", "deputy": "Ola Nes"},
    ),
    (
        "gmail in english",
        "nn",
        f"{WROTE['nn']}\n\n{marked(filled('nn', {'Namn': 'Skulebygg', 'Adresse': 'skulebygg'}))}",
        {"name": "Skulebygg", "address": "skulebygg"},
    ),
    (
        "synonyms",
        "nn",
        "Namn på nettverket: Skulebygg\nKvifor: Mange spør.\nVaramoderator: Ola Nes",
        {"name": "Skulebygg", "motivation": "Mange spør.", "deputy": "Ola Nes"},
    ),
    (
        "no colon, several blanks",
        "nn",
        "Namn   Skulebygg\nModerator   Kari Li",
        {"name": "Skulebygg", "moderator": "Kari Li"},
    ),
    (
        "apple mail",
        "en",
        "Here you are.\n\nBest regards\nAnn\n\n" + marked(WROTE["en"] + "\n\n" + filled("en", {"Deputy": "Bo Ek"})),
        {**KEPT_EN, "deputy": "Bo Ek"},
    ),
    (
        "outlook",
        "en",
        f"{OUTLOOK['en']}\n\n{filled('en', {'Moderator': 'Ann Hill', 'Motivation': 'We need it. Really.'})}",
        {**KEPT_EN, "moderator": "Ann Hill", "motivation": "We need it. Really."},
    ),
    (
        "thunderbird, bottom posted",
        "en",
        f"{WROTE['en']}\n{marked(LETTER['en'])}\n\nHello, Ann can be moderator.\nAnn\n",
        KEPT_EN,
    ),
    (
        "yahoo, tables with bars",
        "en",
        "| Name: | Talking books |\n| Address: | talk |\n| Deputy: | Bo Ek |",
        {"name": "Talking books", "address": "talk", "deputy": "Bo Ek"},
    ),
    (
        "hint kept behind the answer",
        "en",
        "Preparation group: Services (optional)\nDeputy: (optional)",
        {"preparation_group": "Services"},
    ),
    (
        "older form further down",
        "en",
        (
            f"Deputy: Bo Ek\n\n{WROTE['en']}\n\n> Deputy:\n> Moderator: Ann Hill\n>\n> {WROTE['en']}\n>\n"
            f"{marked('Deputy: Somebody else' + chr(10) + 'Preparation group: Old', '> > ')}"
        ),
        {"deputy": "Bo Ek", "moderator": "Ann Hill"},
    ),
    (
        "lower and upper case",
        "en",
        "name: Talk\nADDRESS: talk\nWORK QUESTIONS:\n* a b\n* c d",
        {"name": "Talk", "address": "talk", "work_questions": "* a b\n* c d"},
    ),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"), [case[1:] for case in CASES], ids=[f"{case[1]} {case[0]}" for case in CASES]
)
def test_what_people_send_back(language: str, text: str, expected: dict[str, str]) -> None:
    reading = read_form(text, PROPOSAL, SENT.get(language, {}), LETTER[language])
    assert reading.values == expected


def test_there_are_enough_of_them_in_every_language() -> None:
    assert len(CASES) >= 40
    assert {case[1] for case in CASES} == set(LETTER)


MEETING = Form(
    (
        Field("when", required=True, lines=True),
        Field("where"),
        Field("title"),
        Field("agenda", lines=True),
        Field("how"),
        Field("rsvp"),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hej!\n\nNär: 3/12 13-14.30\nVar: Lilla salen\nDagordning:\n- Lån\n- Övrigt\n\nMvh Anna",
            {"when": "3/12 13-14.30", "where": "Lilla salen", "agenda": "- Lån\n- Övrigt"},
        ),
        (
            "Når:\n2026-12-03 13:00-14:30\n2026-12-10 13:00-14:30\nHvor: Rom 2\nForm: digitalt",
            {"when": "2026-12-03 13:00-14:30\n2026-12-10 13:00-14:30", "where": "Rom 2", "how": "digitalt"},
        ),
        ("Var det någon som såg mötet?\nNär jag kom var det slut\nForm och innehåll är bra", {}),
        ("Kvar: Møterom 3\nNår: 3/12 kl 13", {"where": "Møterom 3", "when": "3/12 kl 13"}),
        (
            "When: 3 Dec 2026 13:00\nO.S.A.: 1/12\nÄmne: Lån",
            {"when": "3 Dec 2026 13:00", "rsvp": "1/12", "title": "Lån"},
        ),
        ("> När:\n> 2026-12-03 13:00\n> Var:\n> Salen", {"when": "2026-12-03 13:00", "where": "Salen"}),
        (f"Når: 3/12\n\n{OUTLOOK['nb']}\n\nNår:\nHvor:", {"when": "3/12"}),
    ],
)
def test_meeting_labels_need_their_colon(text: str, expected: dict[str, str]) -> None:
    assert read_form(text, MEETING).values == expected


@pytest.mark.parametrize(
    "html",
    [
        (
            "<table><tr><td><b>Namn:</b></td><td>Talbok</td></tr><tr><td>Moderator</td><td>Anna Berg</td></tr>"
            "<tr><td>Motivering</td><td><p>Rad ett.</p><p>Rad två.</p></td></tr></table><p>Mvh<br>Anna</p>"
        ),
        (
            '<div dir="ltr">Hej!</div><div class="gmail_quote"><div class="gmail_attr">Den 3 dec. 2026 kl 13:02 skrev '
            "Tjänsten &lt;cases@example.org&gt;:<br></div><blockquote class='gmail_quote'><p>Namn: Talbok</p>"
            "<p><b>Motivering:</b><br>Rad ett.</p><p>Rad två.</p><p>Moderator: Anna Berg</p></blockquote></div>"
        ),
        (
            '<p class="MsoNormal">Se nedan.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>Från: '
            "cases@example.org<br>Skickat: den 3 december 2026<br><b>Till:</b> Anna<br><b>Ämne:</b> Förslag</p></div>"
            '<p>Namn: <span style="color:red">Talbok</span></p><p>Motivering:</p><p>Rad ett.</p><p>Rad två.</p>'
            "<p>Moderator: Anna Berg</p>"
        ),
    ],
    ids=["table", "gmail", "outlook"],
)
def test_html_turned_to_text(html: str) -> None:
    assert read_form(html_text(html), PROPOSAL).values == {
        "name": "Talbok",
        "motivation": "Rad ett.\n\nRad två.",
        "moderator": "Anna Berg",
    }


def test_a_title_below_a_name_is_no_label() -> None:
    reading = read_form("Jag återkommer om namnet.\n\nAnna Berg\nModerator\nBiblioteket", PROPOSAL)
    assert reading.values == {}
    assert read_form("Biträdande moderator Bo Ek", PROPOSAL).values == {"deputy": "Bo Ek"}


LIFTED = Form((Field("lift_to", required=True), Field("motivation", lines=True), Field("answer_by"), Field("record")))


def test_a_header_block_is_no_lifted_question() -> None:
    text = f"Bakgrund: För få licenser.\n\nTvå räcker inte.\nDnr 2026/123\n\n{OUTLOOK['sv']}\n\nTill:\nBakgrund:"
    assert read_form(text, LIFTED).values == {
        "motivation": "För få licenser.\n\nTvå räcker inte.",
        "record": "2026/123",
    }
    assert read_form("Till slut blev det bra.\nFrist har vi inte.", LIFTED).values == {}
    assert read_form("Till: ledningsgruppen\nSista svarsdag: 20/12", LIFTED).values == {
        "lift_to": "ledningsgruppen",
        "answer_by": "20/12",
    }

"""What a person newly wrote: each client's way of quoting in five languages; banners, signatures, lists."""

from __future__ import annotations

import pytest

from mailsvc.message.marker import MARKERS
from mailsvc.message.parsing import parse
from mailsvc.message.reply_text import NewText, new_from_html, new_from_plain, newly_written, whole_text

OLD = "Svara ja eller nej.\nApprove or reject?\nnej"

# (what the client puts above the old text). The old text below is not marked unless the case says so.
HEADERS = {
    "Outlook en": "From: Anna Berg <anna@example.org>\nSent: Thursday, December 3, 2026\nTo: Karin\nSubject: Hello",
    "Outlook sv": "Från: Anna Berg <anna@example.org>\nSkickat: den 3 december 2026 13:00\nTill: Karin\nÄmne: Hej",
    "Outlook sv kopia": "Från: Anna\nSkickat: den 3 december 2026 13:00\nTill: Karin\nKopia: Bo\nÄmne: Hej",
    "Outlook da": "Fra: Anna Berg <anna@example.org>\nSendt: 3. december 2026 13:00\nTil: Karin\nEmne: Hej",
    "Outlook da cc": "Fra: Anna Berg\nSendt: 3. december 2026 13:00\nTil: Karin\nCc: Bo\nEmne: Hej",
    "Outlook nb": "Fra: Anna Berg\nSendt: torsdag 3. desember 2026 13:00\nTil: Karin\nKopi: B\nEmne: Hei",
    "Outlook nn": "Frå: Anna Berg <anna@example.org>\nSendt: torsdag 3. desember 2026 13:00\nTil: Karin\nEmne: Hei",
    "Outlook bold": "*Från:* Anna Berg\n*Skickat:* den 3 december 2026 13:00\n*Till:* Karin\n*Ämne:* Hej",
    "Outlook web rule": "________________________________\nFrån: Anna\nSkickat: den 3 dec\nTill: Karin\nÄmne: x",
    "Outlook mac sv": "Från: Anna <anna@example.org>\nDatum: torsdag 3 december\nTill: Karin\nÄmne: Hej",
    "Outlook mac da": "Fra: Anna <anna@example.org>\nDato: torsdag den 3. december\nTil: Karin\nEmne: Hej",
    "Outlook wrapped": "From: Anna Berg\n<anna@example.org>\nSent: Thursday\nTo: Karin; Bo;\nLena\nSubject: Hello",
    "run together": "Från: Anna Skickat: den 3 december Till: Karin Ämne: Hej",
    "German": "Von: Anna\nGesendet: Donnerstag, 3. Dezember 2026 13:00\nAn: Karin\nBetreff: Hallo",
    "Finnish": "Lähettäjä: Anna\nLähetetty: torstai 3. joulukuuta 2026 13.00\nVastaanottaja: Karin\nAihe: Hei",
    "separator en": "-----Original Message-----\nFrom: Anna",
    "separator sv": "-----Ursprungligt meddelande-----\nFrån: Anna",
    "separator da": "-----Oprindelig meddelelse-----\nFra: Anna",
    "separator nb": "-----Opprinnelig melding-----\nFra: Anna",
    "separator nn": "-----Opphavleg melding-----\nFrå: Anna",
    "forwarded en": "---------- Forwarded message ---------\nFrån: Anna",
    "forwarded sv": "---------- Vidarebefordrat meddelande ----------",
    "forwarded sv brev": "Vidarebefordrat brev:",
    "forwarded da": "---------- Videresendt meddelelse ---------",
    "forwarded nb": "---------- Videresendt melding ---------",
    "Gmail en": "On Thu, Dec 3, 2026 at 1:00 PM Anna Berg <anna@example.org> wrote:",
    "Gmail sv": "Den tors 3 dec. 2026 kl 13:00 skrev Anna Berg <anna@example.org>:",
    "Gmail da": "Den tors. 3. dec. 2026 kl. 13.00 skrev Anna Berg <anna@example.org>:",
    "Gmail nb": "tor. 3. des. 2026 kl. 13:00 skrev Anna Berg <anna@example.org>:",
    "Gmail nn": "tor. 3. des. 2026 kl. 13:00 skreiv Anna Berg <anna@example.org>:",
    "Gmail wrapped": "Den tors 3 dec. 2026 kl 13:00 skrev Anna Berg <\nanna@example.org>:",
    "Gmail wrapped twice": "On Thu, Dec 3, 2026 at 1:00 PM Anna Berg via Network\n<cases@example.net>\nwrote:",
    "Apple sv": "3 dec. 2026 kl. 13:00 skrev Anna Berg <anna@example.org>:",
    "Apple da": "Den 3. dec. 2026 kl. 13.00 skrev Anna Berg <anna@example.org>:",
    "Apple nb": "3. des. 2026 kl. 13:00 skrev Anna Berg <anna@example.org>:",
    "Apple en": "On 3 Dec 2026, at 13:00, Anna Berg <anna@example.org> wrote:",
    "Thunderbird en": "On 12/3/26 13:00, Anna Berg wrote:",
    "Thunderbird sv": "Den 2026-12-03 kl. 13:00, skrev Anna Berg:",
    "Thunderbird da": "Den 03.12.2026 kl. 13.00 skrev Anna Berg:",
    "Thunderbird nb": "Anna Berg skrev den 03.12.2026 13:00:",
    "Thunderbird nn": "På 03. des. 2026 13:00, skreiv Anna Berg:",
    "name first": "Anna Berg <anna@example.org> skrev:",
    "no verb": "2026-12-03 13:00 GMT+01:00 Anna Berg <anna@example.org>:",
    "French": "Le jeu. 3 déc. 2026 à 13:00, Anna Berg <anna@example.org> a écrit :",
    "Spanish": "De: Anna\nEnviado el: jueves\nPara: Karin\nAsunto: Hola",
    "Russian": "3 дек. 2026, 13:00 Анна <anna@example.org> написал(а):",
    "Dutch": "Op 3 december 2026 13:00 schreef Anna Berg het volgende:",
    "German Gmail": "Am Do., 3. Dez. 2026 um 13:00 Uhr schrieb Anna Berg <\nanna@example.org>:",
}


@pytest.mark.parametrize("client", sorted(HEADERS))
def test_text_above_each_clients_quote_is_new(client: str) -> None:
    read = new_from_plain(f"Ja, gärna!\nVi ses.\n\n{HEADERS[client]}\n\n{OLD}\n")
    assert read.text == "Ja, gärna!\nVi ses."
    assert OLD in read.quoted
    assert not read.below


@pytest.mark.parametrize("client", sorted(HEADERS))
def test_directly_below_the_text_without_an_empty_line(client: str) -> None:
    assert new_from_plain(f"Ja\n{HEADERS[client]}\n{OLD}\n").text == "Ja"


@pytest.mark.parametrize("client", sorted(HEADERS))
def test_a_quote_alone_says_nothing(client: str) -> None:
    read = new_from_plain(f"\n\n{HEADERS[client]}\n\n{OLD}\n")
    assert read.text == ""
    assert read.only_quote


@pytest.mark.parametrize("client", [name for name in sorted(HEADERS) if HEADERS[name].endswith(":")])
def test_marked_quotes_may_have_the_answer_below(client: str) -> None:
    marked = "\n".join("> " + line for line in OLD.split("\n"))
    read = new_from_plain(f"{HEADERS[client]}\n\n{marked}\n\nJa, gärna!\n")
    assert read.text == "Ja, gärna!"
    assert read.below


@pytest.mark.parametrize("language", sorted(MARKERS))
@pytest.mark.parametrize(
    "shape",
    ["{}", "> {}", ">> {}", "*{}*", "  {}  ", "{}\n> rest", "wrapped", "wrapped and marked", "—"],
)
def test_our_marker_ends_the_new_text(language: str, shape: str) -> None:
    marker = MARKERS[language]
    if shape.startswith("wrapped"):
        first, last = marker.rsplit(" ", 3)[0], " ".join(marker.rsplit(" ", 3)[1:])
        marker = f"> {first}\n> {last}" if "marked" in shape else f"{first}\n{last}"
        shape = "{}"
    elif shape == "—":
        marker, shape = marker.replace("--", "—"), "{}"
    read = new_from_plain(f"Ja tack\n\n{shape.format(marker)}\nAnna frågar: svara ja eller nej\n")
    assert read.text.split("\n")[0] == "Ja tack"
    assert read.marker
    if not shape.startswith(">") and ">" not in marker:
        assert read.text == "Ja tack"


def test_a_sentence_with_the_markers_words_is_no_marker() -> None:
    text = "Du skrev: skriv ditt svar ovanför den här raden. Jag gör så."
    read = new_from_plain(text)
    assert read.text == text
    assert not read.marker


def test_an_unmarked_marker_hides_all_below_even_without_a_header() -> None:
    read = new_from_plain(f"Nej\n\n{MARKERS['sv']}\nGodkänn eller avslå?\nJa\n")
    assert read.text == "Nej"
    assert "Ja" in read.quoted


def test_answers_between_marked_lines_are_new() -> None:
    text = "> 1. Budget?\n\n1 ja\n\n> 2. Resa?\n2 nej\n> 3. Lokal?\n\n3 vänta\n"
    read = new_from_plain(text)
    assert read.text == "1 ja\n2 nej\n3 vänta"


def test_the_end_of_a_quoted_line_wrapped_again_is_no_answer() -> None:
    long = "> Anna Berg har skrivit till nätverket och väntar på ditt svar; skriv ja eller"
    read = new_from_plain(f"Jag återkommer\n\n{long}\nnej\n> så ordnar vi resten\n")
    assert read.text == "Jag återkommer"


SENTENCES = [
    "På mötet skrev Anna att vi ska vänta.",
    "Från: det gamla biblioteket till det nya går bussen.",
    "I said: yes",
    "Vi ses kl 13:00:",
    "Enligt vad Karin skrev: kör på.",
    "Till dig och Bo",
    "From my side: yes",
    "- Anna\n- Karin\n- Lena",
    "Den 3 december går bra",
    "On Monday I can.",
    "Sent from my desk, it is easier than the phone.",
    "Hälsningar från styrelsen har kommit in och vi svarar dem i morgon.",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_ordinary_sentences_stay(text: str) -> None:
    assert new_from_plain(text + "\n").text == text


PHONES = [
    "Skickat från min iPhone",
    "Skickades från min telefon",
    "Skickat från min iPad",
    "Skickat från Outlook för iOS",
    "Skickat från Outlook för Android<https://aka.ms/AAb9ysg>",
    "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
    "Skaffa Outlook för Android",
    "Skickat från Yahoo Mail",
    "Skickat från min Samsung Galaxy smartphone",
    "Skickat från E-post för Windows",
    "Sendt fra min iPhone",
    "Sendt fra Outlook til iOS",
    "Sendt fra Outlook for Android",
    "Hent Outlook til iOS<https://aka.ms/o0ukef>",
    "Få Outlook til Android",
    "Last ned Outlook for iOS",
    "Sendt fra min Galaxy",
    "Sendt frå min iPhone",
    "Sent from my iPhone",
    "Sent from my Verizon Wireless BlackBerry",
    "Sent from Mail for Windows",
    "Get Outlook for iOS <https://aka.ms/o0ukef>",
    "Von meinem iPhone gesendet",
    "Lähetetty iPhonesta",
]


@pytest.mark.parametrize("line", PHONES)
def test_device_lines_are_cut(line: str) -> None:
    assert new_from_plain(f"Ja\n\n{line}\n").text == "Ja"
    assert new_from_plain(f"{line}\n\nJa\n").text == "Ja"


SIGNATURES = [
    "-- \nAnna Berg\nja nej",
    "--\nAnna",
    "Mvh Anna",
    "mvh",
    "Mvh,\nAnna Berg\nBibliotekarie\nnej",
    "Med vänlig hälsning\nAnna Berg",
    "Med vänliga hälsningar,\nAnna",
    "Vänliga hälsningar Anna",
    "Bästa hälsningar / Anna",
    "Hälsningar, Anna Berg, sektionschef",
    "Vänligen Anna",
    "Venlig hilsen\nAnna",
    "Med venlig hilsen Anna",
    "De bedste hilsner\nAnna",
    "Kh\nAnna",
    "Vennlig hilsen\nAnna",
    "Beste hilsen Anna",
    "Hilsen Anna",
    "Med vennleg helsing\nAnna",
    "Helsing Anna",
    "Kind regards,\nAnna",
    "Best regards\nAnna",
    "BR Anna",
    "Cheers\nAnna",
    "/Anna",
    "//Anna",
    "/Anna Berg",
    "– Anna Berg",
    "-Anna Berg",
    "_____________________________________\nnetwork mailing list\nnetwork@example.net",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signatures_are_cut(signature: str) -> None:
    assert new_from_plain(f"Ja, det går bra\n\n{signature}\n").text == "Ja, det går bra"
    marked = "\n".join("> " + line for line in OLD.split("\n"))
    quoted = f"Ja, det går bra\n\n{signature}\n\nDen 2026-12-03 kl. 13:00, skrev Bo Ek:\n{marked}"
    assert new_from_plain(quoted).text == "Ja, det går bra"


def test_a_postscript_below_the_signature_counts() -> None:
    assert new_from_plain("Ja\n\nMvh Anna\nPS. men inte på torsdag\n").text == "Ja\n\nPS. men inte på torsdag"


@pytest.mark.parametrize("author", ["Anna Berg", '"Berg, Anna"', "Anna Berg (Bibl)", "=?utf-8?q?Anna_Berg?="])
@pytest.mark.parametrize(
    "signature", ["Anna Berg\nBibliotekarie", "ANNA BERG", "Berg Anna", "Anna", "*Anna Berg*\n012-345"]
)
def test_the_authors_own_name_begins_a_signature(author: str, signature: str) -> None:
    message = parse(f"From: {author} <anna@example.org>\n\nFint\n\n{signature}\n".encode())
    assert newly_written(message).text == "Fint"


def test_another_name_or_the_name_on_top_is_text() -> None:
    assert newly_written(parse(b"From: Anna Berg <anna@example.org>\n\nAnna\n")).text == "Anna"
    assert newly_written(parse(b"From: Anna Berg <anna@example.org>\n\nJa\nBo Ek\n")).text == "Ja\nBo Ek"


def test_an_unknown_languages_line_above_our_marker_is_no_text() -> None:
    for line in ("Þann 3. des. 2026 kl. 13:00 ritaði Question <cases@example.net>:", "X <cases@example.net> 13:00:"):
        assert new_from_plain(f"Ja\n\n{line}\n\n{MARKERS['en']}\nreject\n").text == "Ja"


def test_a_signature_alone_is_nothing() -> None:
    read = new_from_plain("Med vänlig hälsning\nAnna Berg\n")
    assert read.text == ""
    assert not read.only_quote


BANNERS = [
    (
        "[Du får inte ofta e-post från anna@example.org. Ta reda på varför det här är viktigt på "
        "https://aka.ms/LearnAboutSenderIdentification ]"
    ),
    (
        "[You don't often get email from anna@example.org. Learn why this is important at\n"
        "https://aka.ms/LearnAboutSenderIdentification ]"
    ),
    (
        "[Du får ikke ofte mails fra anna@example.org. Få mere at vide om, hvorfor det er vigtigt, på "
        "https://aka.ms/LearnAboutSenderIdentification ]"
    ),
    "You don't often get email from anna@example.org. Learn why this is important",
    "Du får ikke ofte e-post fra anna@example.org. Finn ut hvorfor dette er viktig",
    "Du får ikkje ofte e-post frå anna@example.org. Finn ut kvifor dette er viktig",
    (
        "CAUTION: This email originated from outside of the organization. Do not click links or open files unless "
        "you recognize the sender and know the content is safe."
    ),
    "CAUTION: This email originated from\noutside your organization.\nExercise caution with links.",
    "VARNING: Detta e-postmeddelande kommer från en avsändare utanför organisationen. Klicka inte på länkar.",
    "OBS! Det här mejlet kommer från en extern avsändare. Var försiktig med länkar och bilagor.",
    "ADVARSEL: Denne e-mail kommer fra en afsender uden for organisationen. Klik ikke på links.",
    "ADVARSEL: Denne e-posten kommer fra en avsender utenfor organisasjonen. Ikke klikk på lenker.",
    "Åtvaring: Denne e-posten kjem frå ein avsendar utanfor organisasjonen. Ikkje klikk på lenkjer.",
    "[EXTERNAL] This message was sent from outside the university.",
    "Be careful with this message.",
    "Var försiktig med det här meddelandet.",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_external_sender_banners_are_cut(banner: str) -> None:
    assert new_from_plain(f"{banner}\n\nJa tack\n").text == "Ja tack"
    assert new_from_plain(f"{banner}\nJa tack\n").text == "Ja tack"
    html = f"<div>{banner}</div><div>Ja tack</div>"
    assert new_from_html(html).text == "Ja tack"


def test_own_banners_are_cut_however_they_are_broken() -> None:
    own = ["Externt brev till Exempelstad: tänk dig för (läs mer)."]
    read = new_from_plain("EXTERNT brev till\nExempelstad: tänk dig för (läs mer).\nNej\n", own)
    assert read.text == "Nej"
    assert new_from_plain("Externt brev till oss\n", own).text == "Externt brev till oss"


def test_talking_about_a_banner_is_no_banner() -> None:
    text = "Jag ser att det står: Var försiktig med det här meddelandet."
    assert new_from_plain(text).text == text


def test_banner_and_answer_side_by_side_keep_the_answer() -> None:
    assert new_from_plain("Ja\n\nThis email originated from outside of the organization.\n").text == "Ja"


HTML_QUOTES = {
    "gmail": '<div dir="ltr">Ja</div><br><div class="gmail_quote"><div class="gmail_attr">Den 3 dec skrev X:<br></div>'
    '<blockquote class="gmail_quote">nej</blockquote></div>',
    "gmail unknown language": '<div dir="ltr">Ja</div><div class="gmail_quote"><div class="gmail_attr">Þann 3. des. '
    'ritaði Anna:</div><blockquote class="gmail_quote">nej</blockquote></div>',
    "gmail without blockquote": '<div>Ja</div><div class="gmail_quote">nej</div>',
    "apple": 'Ja<br><div><blockquote type="cite">3 dec. 2026 kl. 13:00 skrev Anna:<br>nej</blockquote></div>',
    "thunderbird": '<p>Ja</p><div class="moz-cite-prefix">Den 2026-12-03 skrev Anna:</div>'
    '<blockquote type="cite" cite="mid:x">nej</blockquote>',
    "thunderbird forward": '<p>Ja</p><div class="moz-forward-container">-------- <table><tr><td>nej</table></div>',
    "outlook web": '<div>Ja</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Från:</b> Anna</div>'
    "<div>nej</div>",
    "outlook web prefixed": '<div>Ja</div><div id="x_divRplyFwdMsg">Från: Anna</div><div>nej</div>',
    "outlook": "<p class=MsoNormal>Ja<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;"
    "padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Från:</b> Anna<br><b>Skickat:</b> i går<br></p></div></div>"
    "<p class=MsoNormal>nej</p>",
    "outlook mobile": '<div>Ja</div><div id="ms-outlook-mobile-signature">Hämta <a href="x">Outlook för iOS</a></div>'
    '<hr><div id="divRplyFwdMsg">Från: Anna</div>nej',
    "new outlook": '<div class="elementToProof">Ja</div><div id="mail-editor-reference-message-container">nej</div>',
    "yahoo": '<div>Ja</div><div id="ydp1yahoo_quoted_1" class="ydpyahoo_quoted"><div>nej</div></div>',
    "zimbra": '<div>Ja</div><hr id="zwchr" data-marker="__DIVIDER__"><div>nej</div>',
    "proton": '<div>Ja</div><div class="protonmail_quote">On Thursday Anna wrote: <blockquote class="protonmail_quote" '
    'type="cite">nej</blockquote></div>',
    "bordered": '<div>Ja</div><blockquote style="border-left: 2px solid #ccc">nej</blockquote>',
    "attribution and bare blockquote": "Ja<br>On Thu, Dec 3, 2026 at 10:02 AM, foo &lt;foo@example.com&gt; wrote:"
    "<blockquote>nej</blockquote>",
    "marker": f"<p>Ja</p><p>{MARKERS['sv']}</p><p>nej</p>",
    "header block in paragraphs": "<p>Ja</p><p><b>Från:</b> Anna</p><p><b>Skickat:</b> i går</p><p><b>Till:</b> Bo</p>"
    "<p><b>Ämne:</b> Hej</p><p>nej</p>",
    "hidden": '<div style="display:none">nej</div><div>Ja</div>',
    "style and script": "<style>nej</style><script>nej</script><title>nej</title><!-- nej --><p>Ja</p>",
    "signature": '<div>Ja</div><div class="gmail_signature">nej</div>',
    "signature id": '<div>Ja</div><div id="Signature"><p>nej</p></div>',
}


@pytest.mark.parametrize("client", sorted(HTML_QUOTES))
def test_html_quotes_of_each_client(client: str) -> None:
    assert new_from_html(HTML_QUOTES[client]).text == "Ja"


def test_html_bottom_and_inline_answers_are_new() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Thu Anna wrote:</div><blockquote class="gmail_quote">'
        'Budget?</blockquote></div><div>1 yes</div><blockquote class="gmail_quote">Trip?</blockquote><div>2 no</div>'
    )
    read = new_from_html(html)
    assert read.text == "1 yes\n2 no"
    assert read.below


def test_an_authors_own_indentation_stays() -> None:
    html = (
        '<div>So:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>indented</div></blockquote>'
    )
    assert new_from_html(html).text == "So:\nindented"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li>ja</li><li>nej</li></ol>", "1. ja\n2. nej"),
        ('<ol start="3"><li>ja</li><li>nej</li></ol>', "3. ja\n4. nej"),
        ('<ol><li value="5">ja<li>nej</ol>', "5. ja\n6. nej"),
        ("<ol><li><p>ja</p></li><li><p>nej</p></li></ol>", "1. ja\n2. nej"),
        ("<ul><li>ja</li></ul>", "- ja"),
        ("<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol>", "1. a\n1. b\n2. c"),
        (
            "<p class=MsoListParagraph><![if !supportLists]><span>1.<span>&nbsp;&nbsp; </span></span><![endif]>ja</p>",
            "1. ja",
        ),
        ("<p>Ja</p><p>&nbsp;</p><p>tack</p>", "Ja\n\ntack"),
        ("Ja<br>tack<br><br>Anna", "Ja\ntack\n\nAnna"),
        ("<table><tr><td>1</td><td>ja</td></tr><tr><td>2</td><td>nej</td></tr></table>", "1 ja\n2 nej"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<div>Ja <img alt="👍" src="x"><img alt="logo" src="y"></div>', "Ja 👍"),
        ("<div>J<b>a</b> &amp; t&aring;ck</div>", "Ja & tåck"),
        ("Ja\u200b\u00a0tack", "Ja tack"),
        ("just text", "just text"),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert new_from_html(html).text == text


def mail(body: str) -> NewText:
    return newly_written(parse(("From: a@example.org\n" + body).replace("\n", "\r\n").encode()))


def alternative(plain: str, html: str) -> str:
    return (
        "Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    )


def test_of_alternatives_the_plain_one_is_read_unless_it_says_nothing() -> None:
    assert mail(alternative("Ja", "<p>Nej</p>")).text == "Ja"
    assert mail(alternative("  ", "<p>Nej</p>")).text == "Nej"
    assert mail(alternative("This mail needs HTML.", "<p>Nej</p>")).text == "Nej"
    assert mail(alternative("Your email client does not support HTML", "<p>Nej</p>")).text == "Nej"
    assert mail(alternative("Ja", "")).text == "Ja"


def test_several_text_parts_are_read_in_their_order_and_attachments_are_not() -> None:
    parts = [
        "\nett",
        "Content-Disposition: attachment\n\nbilaga",
        "\ntvå",
        "Content-Type: message/rfc822\n\nX: y\n\nnej",
    ]
    body = "".join(f"--m\n{part}\n" for part in parts)
    assert mail(f"Content-Type: multipart/mixed; boundary=m\n\n{body}--m--\n").text == "ett\ntvå"


def test_html_beside_a_plain_text_is_a_footer() -> None:
    body = "--m\n\nJa\n--m\nContent-Type: text/html\n\n<p>Disclaimer nej</p>\n--m--\n"
    assert mail(f"Content-Type: multipart/mixed; boundary=m\n\n{body}").text == "Ja"


def test_html_under_a_plain_label_is_still_read_as_html() -> None:
    assert mail("Content-Type: text/plain\n\n<html><body><p>Ja</p></body></html>").text == "Ja"


def test_flowed_quotes_and_markers_are_joined_before_reading() -> None:
    head = "Content-Type: text/plain; format=flowed; charset=utf-8\n\n"
    body = f"{head}Ja\n\n> -- Skriv ditt svar \n> ovanför den här raden --\n> nej\n"
    read = mail(body)
    assert (read.text, read.marker) == ("Ja", True)


def test_the_whole_text_keeps_where_a_link_leads() -> None:
    """A meeting is called from Outlook with "Join" under which the address lies."""
    url = "https://meet.example.com/j/1?p=2"
    shielded = "https://shield.example.net/?url=meet"
    html = (
        f'<p>Where: Room 4, <a href="{url.replace("&", "&amp;")}"><u>Join</u></a></p>'
        f'<p>Page: <a href="{shielded}">https://example.org/a</a> <a href="{shielded}">example.org</a>'
        ' <a href="mailto:a@example.org">Anna</a> <a href="#x">up</a></p>'
    )
    head = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    text = whole_text(parse(f"{head}{html}\r\n".encode()))
    assert f"Where: Room 4, Join <{url}>" in text
    assert "Page: https://example.org/a example.org Anna up" in text


def test_the_whole_text_keeps_quotes_and_signature() -> None:
    message = parse(b"From: a@example.org\r\n\r\n> Name:\r\nLibrary\r\n-- \r\nAnna\r\n")
    assert whole_text(message) == "> Name:\nLibrary\n--\nAnna"
    html = parse(
        b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n<p>Name: X</p><blockquote type=cite>Old</blockquote>"
    )
    assert whole_text(html) == "Name: X\n\n> Old"


BOMBS = {
    "deep": "<div>" * 20000 + "Ja",
    "deep quotes": "<blockquote type=cite>" * 5000 + "x",
    "open tags": "<a " * 20000,
    "open brackets": "<" * 200000,
    "nested lists": "<ol><li>" * 5000,
    "bordered divs": '<div style="border-top:solid 1px">' * 5000 + "x",
    "gmail divs": '<div class="gmail_quote">' * 5000 + "x",
    "many breaks": "<br>" * 60000,
    "attributes": "<p " + "a=b " * 40000 + ">Ja",
    "entities": "&amp" * 50000,
    "surrogate": "Ja \ud800 tack",
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_hostile_html_is_read(name: str) -> None:
    read = new_from_html(BOMBS[name][: 256 * 1024])
    assert isinstance(read.text, str)


TEXT_BOMBS = {
    "colons": "a:\n" * 20000,
    "from": "From:\n" * 10000,
    "wrote": "On 1 skrev\n" * 6000,
    "one line": "skrev " * 10000,
    "marks": ">" * 65536,
    "marker starts": "Write your answer above this\n" * 2000,
    "brackets": "[" * 65536,
    "banner starts": "This email originated from outside " * 1800,
    "underscores": "_" * 65536,
    "sign-offs": "Med vänlig hälsning " * 3000,
    "blank": " \n" * 30000,
}


@pytest.mark.parametrize("name", sorted(TEXT_BOMBS))
def test_hostile_text_is_read(name: str) -> None:
    read = new_from_plain(TEXT_BOMBS[name][: 64 * 1024])
    assert isinstance(read.text, str)

"""The form letters about meetings sent back by every client: what we printed is nobody's answer, what was typed is."""

from __future__ import annotations

import msgspec
import pytest

from mailsvc.clock import MINUTE
from mailsvc.message.html_text import html_text
from mailsvc.message.parsing import parse
from mailsvc.message.reply_text import whole_text
from tests.golden.reading import Read
from tests.golden.samples import ASKING, composed
from tests.golden.values import GROUP, LANGUAGES, Sample
from tests.unit.test_forms_sent_back import sent, wrapped
from tests.unit.test_letters_quoted import HEADS, quoted_back
from tests.unit.test_meeting_plan import HOUSE, NOW, STARTS, TOLD
from workflows.meeting import forms, plan
from workflows.meeting.changes import Change, read_change
from workflows.meeting.series.serial import Coming, Wish, read_wish

SITE = msgspec.structs.replace(HOUSE, site="Example University Library")
AROUND = plan.printed(GROUP, SITE)
COMING = (Coming(7, STARTS, STARTS + 90 * MINUTE), Coming(8, STARTS + 7 * 24 * 60 * MINUTE, STARTS + 10_170 * MINUTE))
FORMS = {one.name: one for one in ASKING if one.values.get("form") and one.template.startswith("meeting/")}


def changed(sample: Sample, text: str, language: str) -> Change:
    return read_change(text, TOLD, 0, 0, sent(sample), SITE, NOW, language, around=AROUND)


def wished(sample: Sample, text: str, language: str) -> Wish:
    return read_wish(text, COMING, sent(sample), SITE, NOW, language, None, AROUND)


def mails(letter: Read, new: str = "") -> list[str]:
    """The letter sent back by each client, as plain text and as HTML with and without a quotation."""
    plain = [quoted_back(letter, client, new) for client in HEADS]
    plain += [wrapped(text) for text in plain]
    texts = [whole_text(parse(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode())) for text in plain]
    top = f"<p class=MsoNormal><b>{new.replace(':', ':</b>', 1)}</p>" if new else "<p>&nbsp;</p>"
    head = "<p><b>From:</b> Question<br><b>Sent:</b> Monday<br><b>To:</b> karin@example.org<br><b>Subject:</b> Maps</p>"
    return [*texts, html_text(f"{top}<blockquote>{letter.rich}</blockquote>"), html_text(f"{top}{head}{letter.rich}")]


@pytest.mark.parametrize("name", ["meeting/called", "meeting/called-changed", "meeting/called-unclear"])
def test_a_receipt_sent_back_as_it_was_changes_nothing(name: str) -> None:
    for language in LANGUAGES:
        for text in mails(composed(FORMS[name], language)):
            found = changed(FORMS[name], text, language)
            assert (found.told, found.changed, found.cancelled) == (None, (), False), (language, text)


@pytest.mark.parametrize("name", ["meeting/called", "meeting/called-unclear"])
def test_what_is_typed_above_a_receipt_is_all_that_changes(name: str) -> None:
    for language in LANGUAGES:
        for text in mails(composed(FORMS[name], language), "Where: Sal 9"):
            found = changed(FORMS[name], text, language)
            assert found.told is not None, (language, text)
            assert (found.told.place, found.changed) == ("Sal 9", ("where",)), (language, text)


@pytest.mark.parametrize("name", ["meeting/series", "meeting/series-changed", "meeting/series-question"])
def test_the_letter_about_a_series_sent_back_as_it_was_changes_nothing(name: str) -> None:
    for language in LANGUAGES:
        for text in mails(composed(FORMS[name], language)):
            found = wished(FORMS[name], text, language)
            assert (found.values, found.stops) == ((), False), (language, text)


def test_what_is_typed_above_the_letter_about_a_series_is_for_all() -> None:
    for language in LANGUAGES:
        for text in mails(composed(FORMS["meeting/series"], language), "Where: Sal 9"):
            assert dict(wished(FORMS["meeting/series"], text, language).values) == {"where": "Sal 9"}, (language, text)


def test_a_form_that_asks_is_filled_above_and_in_the_quote() -> None:
    sample = FORMS["meeting/form"]
    for language in LANGUAGES:
        letter = composed(sample, language)
        for text in mails(letter, "When: 3/12 13-14"):
            found = plan.read_call(
                text, "Maps", SITE, NOW, language, before=sent(sample), sent=sent(sample), first=False, around=AROUND
            )
            assert found.plan is not None, (language, text, found.questions)
        filled = html_text(letter.rich.replace("Thursday at 13", "3/12 13-14"))
        found = plan.read_call(
            filled, "Maps", SITE, NOW, language, before=sent(sample), sent=sent(sample), first=False, around=AROUND
        )
        assert found.plan is not None, (language, filled, found.questions)


@pytest.mark.parametrize(
    ("language", "first", "answer"),
    [
        ("en", "When: Thursdays 13-14", "until further notice"),
        ("sv", "När: torsdagar 13-14", "Tills vidare."),
        ("da", "Hvornår: torsdage kl. 13-14", "Indtil videre"),
        ("nb", "Når: torsdager kl. 13-14", "Hei!\n\nInntil videre\n\nMvh\nKarin"),
        ("nn", "Når: torsdagar kl. 13-14", "inntil vidare"),
        ("en", "When: Thursdays 13-14", "When: until further notice"),
        ("sv", "När: torsdagar 13-14", "När: torsdagar 13-14 tills vidare"),
        ("da", "Hvornår: torsdage kl. 13-14", "Gentag: indtil videre"),
        ("nb", "Når: torsdager kl. 13-14", "Gjenta: inntil videre"),
        ("sv", "När: 3/12 13-14\nUpprepa: varje vecka", "När: varje torsdag 13-14 tills vidare"),
    ],
)
def test_until_further_notice_is_a_rolling_series_however_it_is_answered(
    language: str, first: str, answer: str
) -> None:
    asked = plan.read_call(first, "Maps", SITE, NOW, language)
    assert [one.problem for one in asked.questions] == ["how_many"]
    found = plan.read_call(answer, "x", SITE, NOW, language, before=asked.values, sent=asked.values, first=False)
    assert found.plan is not None, found.questions
    assert found.plan.more
    assert found.plan.rule is not None
    assert found.plan.rule.further


@pytest.mark.parametrize(
    "answer", ["3/12 kl 13-14", "Hej!\n\nTors 3/12 kl 13-14\n\nHälsningar\nKarin", "När:\n3/12 kl 13-14"]
)
def test_a_time_without_its_label_answers_the_form(answer: str) -> None:
    asked = plan.read_call("När: torsdag", "Kartor", SITE, NOW, "sv")
    found = plan.read_call(answer, "x", SITE, NOW, "sv", before=asked.values, sent={"when": "torsdag"}, first=False)
    assert found.plan is not None
    assert found.plan.times[0].starts == STARTS


def test_a_day_alone_does_not_take_back_how_often() -> None:
    asked = plan.read_call("När: fredag 3/12 13-14\nUpprepa: varje vecka, 4 gånger", "Kartor", SITE, NOW, "sv")
    assert [one.problem for one in asked.questions] == ["weekday_differs"]
    for answer in ("torsdag 3/12 13-14", "När: torsdag 3/12 13-14"):
        found = plan.read_call(answer, "x", SITE, NOW, "sv", before=asked.values, sent=asked.values, first=False)
        assert found.plan is not None
        assert (found.plan.shape, len(found.plan.times)) == ("series", 4)


@pytest.mark.parametrize(
    "answer", ["Går det 3/12 kl 13?", "Inte 3/12 kl 13-14", "3/12 kl 13-14\nfast helst inte", "Tack!"]
)
def test_other_words_answer_nothing(answer: str) -> None:
    asked = plan.read_call("När: torsdag", "Kartor", SITE, NOW, "sv")
    found = plan.read_call(answer, "x", SITE, NOW, "sv", before=asked.values, sent={"when": "torsdag"}, first=False)
    assert found.plan is None


OUTLOOK = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=SV><div class=WordSection1>
<p class=MsoNormal>Hej alla!<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><b>När:</b>&nbsp;torsdag&nbsp;3&nbsp;december kl.&nbsp;13.00&#8211;14.30<o:p></o:p></p>
<p class=MsoNormal><b>Var:</b> Sal&nbsp;4<o:p></o:p></p>
<p class=MsoNormal><b><span lang=EN-US>Dagordning:</span></b><o:p></o:p></p>
<p class=MsoListParagraph><![if !supportLists]><span>1.<span>&nbsp;&nbsp; </span></span><![endif]>Gamla
kartor<o:p></o:p></p>
<p class=MsoListParagraph><![if !supportLists]><span>2.<span>&nbsp;&nbsp; </span></span><![endif]>Nya
kartor<o:p></o:p></p>
<p class=MsoNormal><b>Platser:</b> 20<o:p></o:p></p><p class=MsoNormal>Med vänlig hälsning<o:p></o:p></p>
<p class=MsoNormal>Karin Holm<o:p></o:p></p><p class=MsoNormal>Plats: Storgatan 4<o:p></o:p></p></div></body></html>"""
TABLE = """<html><body><p>Hej alla</p><table class=MsoTableGrid border=1>
<tr><td><p class=MsoNormal><b>När</b><o:p></o:p></p></td><td><p>3/12 kl 13-14.30<o:p></o:p></p></td></tr>
<tr><td><p><b>Var:</b></p></td><td><p>Sal&nbsp;4</p></td></tr><tr><td><p>Platser</p></td><td><p>20</p></td></tr>
<tr><td><p>Dagordning</p></td><td><p>1. Gamla kartor</p><p>2. Nya kartor</p></td></tr></table>
<p>/Karin</p></body></html>"""
GMAIL = """<div dir="ltr"><div>Hej alla</div><div><br></div><div>När: 3/12 kl 13-14.30</div><div>Var: Sal 4<br>
Dagordning:<ol><li>Gamla kartor</li><li>Nya kartor</li></ol></div><div>Platser: 20<br clear="all"><div><br></div>-- <br>
<div dir="ltr" class="gmail_signature">Karin Holm<br>Plats: Storgatan 4</div></div></div>"""
FLOWED = (
    "Hej alla\r\n\r\nNär: torsdag 3 december \r\nkl 13-14.30\r\nVar: Sal 4\r\nDagordning:\r\n1. Gamla kartor\r\n"
    "2. Nya kartor\r\nPlatser: 20\r\n\r\nSkickat från min iPhone\r\n"
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html", OUTLOOK),
        ("text/html", TABLE),
        ("text/html", GMAIL),
        ("text/plain; format=flowed", FLOWED),
        ("text/plain", FLOWED),
    ],
    ids=["outlook", "table", "gmail", "flowed", "plain"],
)
def test_a_call_from_every_client_is_the_same(kind: str, text: str) -> None:
    mail = parse(f"Content-Type: {kind}; charset=utf-8\r\n\r\n{text}".encode())
    made = plan.read_call(whole_text(mail), "Kartor", SITE, NOW, "sv").plan
    assert made is not None
    assert [one.starts for one in made.times] == [STARTS]
    assert (made.place, made.capacity, made.agenda) == ("Sal 4", 20, "1. Gamla kartor\n2. Nya kartor")


def test_closing_words_below_the_time_are_no_part_of_it() -> None:
    found = plan.read_call("Var: Sal 4\nNär: 3/12 kl 13-14.30\n\nVälkomna! Ta med fika.\n", "x", SITE, NOW, "sv").plan
    assert found is not None
    assert (found.place, found.agenda) == ("Sal 4", "Välkomna! Ta med fika.")
    asked = plan.read_call("När: 3/12 kl 13-14.30\n\n4/12 om det passar bättre\n", "x", SITE, NOW, "sv")
    assert asked.plan is None
    series = plan.read_call("När: torsdagar 13-14 tills vidare\n\nutom jul\n", "x", SITE, NOW, "sv")
    assert series.plan is None


def test_a_greeting_is_no_agenda() -> None:
    found = plan.read_call("Hej alla!\n\nNär: 3/12 kl 13-14.30\n\nMvh\nKarin", "x", SITE, NOW, "sv").plan
    assert found is not None
    assert found.agenda == ""


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("20", 20),
        ("max 20 personer", 20), ("1 000", 1000), ("tjugo", 20), ("obegränsat", 0), ("ingen begrænsning", 0),
        ("no limit", 0), ("alle", 0), ("-", 0), ("Sal 4, 20 platser", None), ("20-25", None), ("hela teamet", None),
        ("en till", None), ("0", None),
    ],
)  # fmt: skip
def test_room(text: str, room: int | None) -> None:
    assert plan.room(text) == room


def test_our_last_line_is_taken_out_wherever_it_stands() -> None:
    line = "Kartor <kartor@networks.example.org> · Example University Library"
    for text in (line, line.replace("> ·", ">\n·"), f"> {line}", line.replace("<", "&lt; ").replace(">", " ")):
        assert "Kartor" not in forms.without(f"Var: Sal 4\n{text}\n", line) or "&lt" in text
    assert forms.without("Var: Example University Library", line) == "Var: Example University Library"

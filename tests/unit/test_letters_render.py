"""Every letter renders in every language: header fields after 3-mail, two parts that say the same, plain HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from mailsvc.letters import markup
from mailsvc.letters.compose import Composer
from tests.golden.reading import Read, read_letter, words_of_html, words_of_text
from tests.golden.samples import SAMPLES, composed, composer, folders, named, site, spec
from tests.golden.values import DOMAIN, LANGUAGES, TOKEN, Sample, at
from tests.tools import SOAK

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
ALWAYS = ["From", "To", "Subject", "Date", "Message-ID"]
PLAIN_TAGS = {"html", "head", "meta", "title", "body", "p", "h2", "ul", "ol", "li", "blockquote", "br", "strong", "a"}
PLAIN_TAGS |= {"table", "tr", "th", "td"}


def some_languages(sample: Sample) -> tuple[str, ...]:
    """All five in the soak, else one of them: another for the neighbours. The catalogues' tests render all of them."""
    return LANGUAGES if SOAK else (LANGUAGES[SAMPLES.index(sample) % len(LANGUAGES)],)


def asks(sample: Sample) -> bool:
    """A receipt can be answered, but does not ask."""
    return sample.asked and sample.vocabulary != "receipt"


def test_every_template_has_a_sample() -> None:
    written = {
        f"{name}/{path.stem}"
        for name, folder in folders().items()
        for path in Path(folder).glob("*.j2")
        if not path.stem.startswith("_")
    }
    assert written == {sample.template for sample in SAMPLES}


# ---- header fields


@each
def test_header_fields(sample: Sample) -> None:
    for language in some_languages(sample):
        letter = composed(sample, language)
        group = "Cataloguing network" if sample.grouped or "group" in sample.values else ""
        wanted = [*ALWAYS, "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
        wanted += ["Reply-To"] if sample.asked or group or says_where(sample) else []
        wanted += ["In-Reply-To", "References"] if sample.replies else []
        wanted += [] if asks(sample) else ["Auto-Submitted"]
        assert sorted(letter.names) == sorted(wanted)
        assert letter.header("From").endswith(f" <cases@{DOMAIN}>")
        body = sample.values.get("body")  # whose digest it is
        shown = str(body["title"]) if isinstance(body, dict) and "group" in sample.values else group
        assert (shown or "Example University Library") in letter.header("From")
        assert letter.header("To") == "Karin Holm <karin.holm@example.org>"
        assert letter.header("Message-ID") == f"<v3xk2m7qpl5w@{DOMAIN}>"
        assert letter.header("Date") == "Thu, 03 Dec 2026 09:15:00 +0100"


def says_where(sample: Sample) -> bool:
    """Whether a letter's template names the address that answers to it go to."""
    folder, _, name = sample.template.partition("/")
    return "{% block reply_to %}" in (Path(folders()[folder]) / f"{name}.j2").read_text("utf-8")


@each
def test_what_keeps_machines_from_answering(sample: Sample) -> None:
    letter = composed(sample, "da")
    if asks(sample):
        assert letter.header("X-Auto-Response-Suppress") == "DR, RN, NRN, AutoReply"
    else:
        assert letter.header("X-Auto-Response-Suppress") == "All"
        assert letter.header("Auto-Submitted") == "auto-generated"


@each
def test_the_case_number_ends_the_subject(sample: Sample) -> None:
    for language in some_languages(sample):
        subject = composed(sample, language).header("Subject")
        assert subject.count("[#") == (1 if sample.case else 0)
        assert subject.endswith(f" [#{sample.case}]") == bool(sample.case)


@pytest.mark.parametrize(
    ("language", "sender", "answer"),
    [
        ("en", "Question", "Answer"),
        ("sv", "Fråga", "Svar"),
        ("da", "Spørgsmål", "Svar"),
        ("nb", "Spørsmål", "Svar"),
        ("nn", "Spørsmål", "Svar"),
    ],
)
def test_who_asks_and_where_the_answer_goes(language: str, sender: str, answer: str) -> None:
    letter = composed(named("moderation/question"), language)
    assert letter.header("From") == f"{sender} · Cataloguing network <cases@{DOMAIN}>"
    assert letter.header("Reply-To") == f"{answer} #142 <reply+{TOKEN}@{DOMAIN}>"


def test_without_a_question_replies_go_to_the_moderators_or_where_the_letter_says() -> None:
    assert composed(named("join/welcome"), "sv").header("Reply-To").endswith(f"<cataloguing-owner@{DOMAIN}>")
    assert composed(named("command/help"), "sv").header("Reply-To").endswith(f"<cataloguing-request@{DOMAIN}>")
    assert composed(named("operator/alarm"), "sv").header("Reply-To") == ""


def test_the_thread_of_a_case() -> None:
    earlier = tuple(f"letter{number}@{DOMAIN}" for number in range(30))
    letter = read_letter(composer().letter(spec(named("moderation/approved"), "en", thread=earlier)))
    assert letter.header("In-Reply-To") == f"<letter29@{DOMAIN}>"
    references = letter.header("References").split()
    assert references[0] == f"<letter0@{DOMAIN}>"
    assert references[-1] == f"<letter29@{DOMAIN}>"
    assert len(references) == 20


@each
def test_the_same_letter_has_the_same_bytes(sample: Sample) -> None:
    once = Composer(site(), folders()).letter(spec(sample, "nn"))
    assert composer().letter(spec(sample, "nn")) == once


# ---- the two parts


@each
def test_both_parts_say_the_same(sample: Sample) -> None:
    for language in some_languages(sample):
        letter = composed(sample, language)
        assert words_of_text(letter) == words_of_html(letter)


@each
def test_html_is_plain_and_well_formed(sample: Sample) -> None:
    for language in some_languages(sample):
        letter = composed(sample, language)
        strict = letter.rich.replace("<!DOCTYPE html>", "").replace("<br>", "<br/>")
        tree = etree.fromstring(re.sub(r"<(meta [^>]*)>", r"<\1/>", strict))
        assert {str(element.tag) for element in tree.iter()} <= PLAIN_TAGS
        assert tree.get("lang") == language
        assert tree.findtext("head/title") == re.sub(r" \[#\d+\]$", "", letter.header("Subject"))
        plain = re.sub(r'<a href="(https?://[^"]+)">\1</a>', "", letter.rich)  # a link shows where it leads
        assert not re.search(r"=\s*[\"']?https?:|src=|url\(|@import|<script|\son[a-z]+=", plain)


@each
def test_headings_and_lists_are_real_ones(sample: Sample) -> None:
    """A heading is never followed by nothing, a list never empty: a screen reader announces both."""
    (body,) = composed(sample, "en").document.xpath("//body")
    for heading in body.iter("h2"):
        assert heading.text_content().strip()
        assert heading.getnext().tag in ("ul", "ol", "blockquote", "p", "table")
    for found in body.iter("ul", "ol"):
        assert len(found) > 0
        assert all(item.tag == "li" and item.text_content().strip() for item in found)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.1)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast() -> None:
    """WCAG 2.1 AA: 4.5 for text, 3 for the edges of buttons and quotes."""
    rich = composed(named("moderation/question"), "en").rich
    colours = set(re.findall(r"[^-]color:(#\w{6})", rich)) - {"#ffffff"}
    assert colours == {"#1b1b1b", "#595959"}
    for colour in colours:
        assert contrast(colour, "#ffffff") >= 4.5
        assert contrast(colour, "#f4f7f9") >= 4.5
    (button,) = set(re.findall(r"<a [^>]*background:(#\w{6});color:#ffffff", rich))
    assert contrast(button, "#ffffff") >= 4.5
    for edge in set(re.findall(r"border[^;]*solid (#\w{6})", rich)):
        assert contrast(edge, "#ffffff") >= 3


@each
def test_lines_are_short_enough_to_read(sample: Sample) -> None:
    for language in LANGUAGES:
        long = [line for line in composed(sample, language).text.split("\n") if len(line) > 78 and " " in line.strip()]
        assert long == []


@each
def test_the_first_sentence_comes_first(sample: Sample) -> None:
    """Right below the marker (or first of all) stands a paragraph, not a list, a heading or a quote."""
    for language in LANGUAGES:
        lines = [line for line in composed(sample, language).paragraphs if line.strip()]
        marked = sample.asked and not sample.values.get("form")
        first = lines[1] if marked else lines[0]
        assert not first.startswith((">", "*", "1."))
        assert len(first.split()) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_that_ask_say_by_when(language: str) -> None:
    days = {
        "en": "Wednesday 23 December 2026 at 09:15",
        "sv": "onsdag 23 december 2026 kl. 09.15",
        "da": "onsdag den 23. december 2026 kl. 09.15",
        "nb": "onsdag 23. desember 2026 kl. 09.15",
        "nn": "onsdag 23. desember 2026 kl. 09.15",
    }
    for name in ("moderation/question", "moderation/list", "moderation/list-of-one", "join/question"):
        first = composed(named(name), language).paragraphs[2]
        assert days[language] in first
        assert first.startswith("Cataloguing network ")


def test_times_are_the_sites_and_summer_is_summer() -> None:
    summer = {**named("moderation/question").values, "until": at(30, 22, 30, month=6)}
    letter = read_letter(composer().letter(spec(replace(named("moderation/question"), values=summer), "nn")))
    assert "onsdag 1. juli 2026 kl. 00.30" in letter.paragraphs[2]


def test_reasons_are_words() -> None:
    """Each reason for holding a post has its sentence; its code never stands where the sentence should."""
    sample = named("moderation/list-of-reasons")
    for language in LANGUAGES:
        letter = composed(sample, language)
        assert letter.text.count("held-") == sample.items  # the samples' subjects alone


def test_quotes_keep_their_lines() -> None:
    letter = composed(named("moderation/rejected"), "en")
    assert "> This concerns the serials team only.\n> Please write to them directly." in letter.text
    assert "team only.<br>\nPlease write" in letter.rich
    assert ">\n> Best wishes\n> Anna\n" in letter.text


def test_a_long_subject_is_cut_before_the_number() -> None:
    values = {**named("moderation/question").values, "subject": "word " * 400}
    letter = read_letter(composer().letter(spec(replace(named("moderation/question"), values=values), "en")))
    assert letter.header("Subject").endswith("word… [#142]")
    assert len(letter.header("Subject")) < 170


def test_broken_markup_is_a_bug_and_not_a_letter() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        markup.parse("<p>unclosed")
    with pytest.raises(ValueError, match="not part of"):
        markup.to_text(markup.parse("<video/>"), ())
    with pytest.raises(ValueError, match="not part of"):
        markup.to_html(markup.parse("<video/>"), (), language="en", title="", marker="", footer="")


def test_the_group_is_known_from_the_row_or_from_the_values() -> None:
    sample = named("leave/done")
    assert spec(sample, "en").group == ("cataloguing", "Cataloguing network")
    assert spec(sample, "en", group_name="other", group_title="Other").group == ("other", "Other")
    assert spec(named("case/receipt"), "en").group == ("", "")


def last_lines(letter: Read) -> list[str]:
    return letter.text.rstrip("\n").split("\n-- \n")[1].split("\n")


@each
def test_the_footer_is_a_signature(sample: Sample) -> None:
    letter = composed(sample, "sv")
    footer = " ".join(line.strip() for line in last_lines(letter))
    assert footer.endswith("Example University Library")
    assert len(last_lines(letter)) <= 2

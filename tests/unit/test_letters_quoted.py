"""Our own letters coming back as quotes, from every client: only what is newly written counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailsvc.cases.reading.answers import read, read_subject
from mailsvc.cases.reading.model import NEEDS_TEXT, VOCABULARIES
from mailsvc.letters.answer_hints import HINTS
from mailsvc.message.marker import MARKERS
from mailsvc.message.parsing import parse
from mailsvc.message.reply_text import new_from_html, new_from_plain, newly_written
from tests.golden.reading import Read, read_letter
from tests.golden.samples import ASKING, SAMPLES, composed, composer, spec
from tests.golden.values import LANGUAGES, Sample
from tests.tools import SOAK

# a form comes back with its quoted lines filled in, so all of it is read, and no marker stands in it
WORDED = tuple(sample for sample in ASKING if not sample.values.get("form"))
each_asking = pytest.mark.parametrize("sample", WORDED, ids=lambda sample: sample.name)

HEADS = {
    "gmail": "Den tors 3 dec. 2026 kl 09:15 skrev Fråga · Cataloguing network <cases@networks.example.org>:",
    "apple": "> 3 dec. 2026 kl. 09:15 skrev Fråga · Cataloguing network <cases@networks.example.org>:",
    "outlook": "Från: Fråga · Cataloguing network <cases@networks.example.org>\nSkickat: den 3 december 2026 09:15\n"
    "Till: Karin Holm <karin.holm@example.org>\nÄmne: {subject}",
    "nothing": "",
}


def some_languages(sample: Sample) -> tuple[str, ...]:
    """All five in the soak, else two of them: other ones for the neighbours."""
    place = WORDED.index(sample)
    return LANGUAGES if SOAK else (LANGUAGES[place % 5], LANGUAGES[(place + 2) % 5])


def quoted_back(letter: Read, client: str, new: str) -> str:
    """A reply as that client writes it, with the whole letter below."""
    head = HEADS[client].replace("{subject}", letter.header("Subject"))
    lines = [line.rstrip() for line in letter.text.rstrip("\n").split("\n")]
    if client in ("gmail", "apple"):
        lines = [f"> {line}" if line else ">" for line in lines]
    return "\n".join([new, "", *([head, ""] if head else []), *lines]).lstrip("\n") + "\n"


@each_asking
def test_only_the_answer_is_read_above_the_quoted_letter(sample: Sample) -> None:
    for language in some_languages(sample):
        for client in HEADS:
            reply = quoted_back(composed(sample, language), client, "Ja")
            assert new_from_plain(reply).text.strip() == "Ja", (language, client)


@each_asking
def test_a_quoted_letter_alone_decides_nothing(sample: Sample) -> None:
    for language in some_languages(sample):
        for client in HEADS:
            found = new_from_plain(quoted_back(composed(sample, language), client, ""))
            assert found.only_quote, (language, client)
            assert read(found.text, VOCABULARIES[sample.vocabulary], language, sample.items).nothing_said


@each_asking
def test_a_letter_quoted_as_html_decides_nothing(sample: Sample) -> None:
    for language in some_languages(sample):
        rich = composed(sample, language).rich
        inner = rich[rich.index("<body") :].replace("<body", "<div").replace("</body>\n</html>", "</div>")
        quote = f'<div class="gmail_quote">{HEADS["gmail"]}<br><blockquote>{inner}</blockquote></div>'
        for reply in (f'<div dir="ltr">NEW</div><br>{quote}', f"<p>NEW</p><hr>{inner}"):
            assert new_from_html(reply.replace("NEW", "Ja")).text.strip() == "Ja"
            assert new_from_html(reply.replace("NEW", "")).text.strip() == ""


@each_asking
def test_a_letter_sent_back_whole_decides_nothing(sample: Sample) -> None:
    found = newly_written(parse(composer().letter(spec(sample, "sv"))))
    assert found.only_quote
    assert found.marker


@each_asking
def test_the_marker_is_the_first_line_of_both_parts(sample: Sample) -> None:
    for language in some_languages(sample):
        letter = composed(sample, language)
        (body,) = letter.document.xpath("//body")
        assert letter.text.split("\n")[0].rstrip() == MARKERS[language]
        assert body[0].text_content() == MARKERS[language]


def test_letters_that_take_no_answer_have_no_marker() -> None:
    for sample in SAMPLES:
        marked = sample.asked and not sample.values.get("form")
        assert (MARKERS["en"] in composed(sample, "en").text) == marked, sample.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_subject_is_an_answer(language: str) -> None:
    subjects = {composed(sample, language).header("Subject").partition(" [#")[0] for sample in SAMPLES}
    starts = subjects | {" ".join(subject.split()[:3]) for subject in subjects}
    for name in (*HINTS, "decision", "rsvp"):
        read_as = {start: read(start, VOCABULARIES[name], language).answers for start in sorted(starts)}
        # "answer" begins ordinary subjects, and says nothing without the text behind it
        said = {start: one for start, one in read_as.items() if one and one[0].meaning not in NEEDS_TEXT}
        assert said == {}


def test_a_name_that_is_an_answer_word_makes_no_subject_an_answer() -> None:
    """A subject counts when it is a word and our number alone: a name that is a word stands with other words."""
    renamed = ("name", "who", "by", "subject", "about", "address")
    for sample in SAMPLES:
        values = {
            key: "Ja" if key in renamed and "@" not in str(value) else value for key, value in sample.values.items()
        }
        if "lines" in values:
            values["lines"] = [{**line, "about": "Ja"} for line in sample.values["lines"]]  # type: ignore[attr-defined]
        letter = composer().letter(spec(replace(sample, values=values), "nb"))
        subject = read_letter(letter).header("Subject")
        assert subject.partition(" [#")[0] != "Ja", sample.name
        if sample.case is not None:
            reading = read_subject(subject, sample.case, VOCABULARIES["decision"], "nb")
            assert reading is None or not reading.answers, sample.name

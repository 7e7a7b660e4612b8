"""Our own form letters sent back as they were, from every client: nothing in them is read as somebody's answer."""

from __future__ import annotations

import pytest

from mailsvc.message.html_text import html_text
from mailsvc.message.parsing import parse
from mailsvc.message.reply_text import whole_text
from tests.golden.samples import ASKING, composed
from tests.golden.values import LANGUAGES, Sample
from tests.unit.test_letters_quoted import HEADS, quoted_back
from workflows.proposal import fields

FORMS = tuple(one for one in ASKING if one.values.get("form") and one.template == "proposal/form")
SITE = "Example University Library"
each_form = pytest.mark.parametrize("sample", FORMS, ids=lambda one: one.name)


def sent(sample: Sample) -> dict[str, str]:
    """What the letter prefills, as the case keeps it."""
    shown = sample.values["fields"]
    assert isinstance(shown, list)
    return {one["id"]: one["value"] for one in shown if one["value"]}


def wrapped(text: str, width: int = 72) -> str:
    """As a client that breaks quoted lines once more, and loses the mark of what it broke off."""
    out = []
    for line in text.split("\n"):
        place = line.rfind(" ", 0, width) if len(line) > width else -1
        out += [line[:place], line[place + 1 :]] if place > 2 else [line]
    return "\n".join(out)


def read(text: str, values: dict[str, str]) -> dict[str, str]:
    """What is read, with runs of white space as one: a client may have broken the lines anew."""
    mail = parse(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode())
    return {one: " ".join(value.split()) for one, value in fields.filled(whole_text(mail), values, SITE).items()}


@each_form
def test_an_untouched_form_says_what_it_said(sample: Sample) -> None:
    kept = {one: " ".join(value.split()) for one, value in sent(sample).items()}
    for language in LANGUAGES:
        letter = composed(sample, language)
        for client in HEADS:
            reply = quoted_back(letter, client, "")
            for text in (reply, wrapped(reply)):
                found = read(text, sent(sample))
                assert {one: value for one, value in found.items() if kept.get(one) != value} == {}, (language, client)


@each_form
def test_a_word_above_an_untouched_form_changes_nothing_in_it(sample: Sample) -> None:
    kept = {one: " ".join(value.split()) for one, value in sent(sample).items()}
    for language in LANGUAGES:
        letter = composed(sample, language)
        for client in HEADS:
            found = read(quoted_back(letter, client, "Tack, jag återkommer.\n\n/Anna"), sent(sample))
            assert {one: value for one, value in found.items() if kept.get(one) != value} == {}, (language, client)


@each_form
def test_an_untouched_form_quoted_as_html(sample: Sample) -> None:
    kept = {one: " ".join(value.split()) for one, value in sent(sample).items()}
    for language in LANGUAGES:
        letter = composed(sample, language)
        found = fields.filled(html_text(f"<p>Tack!</p><blockquote>{letter.rich}</blockquote>"), sent(sample), SITE)
        said = {one: " ".join(value.split()) for one, value in found.items()}
        assert {one: value for one, value in said.items() if kept.get(one) != value} == {}, language

"""Nobody's text becomes markup, a header field, a link or a line of its own in a letter of ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.letters.values import LONGEST_SUBJECT, cleaned, subject_line
from tests.golden.reading import Read, read_letter, words_of_html, words_of_text
from tests.golden.samples import SAMPLES, composed, composer, named, spec
from tests.golden.values import Sample
from tests.tools import SOAK

CANARY = "CANARY"
BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
HOSTILE = {
    "answers": "<answers/>",
    "closes": '</quote></fact></p><p>x</p><a href="https://example.com/">x</a>',
    "template": "{{ 7*7 }}{% include 'x' %}{# x #}",
    "percent": "%(title)s %s %",
    "cdata": "<![CDATA[ x ]]>]]>&amp;&lt;&#0;&nosuch;",
    "doctype": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "fields": "x\r\nBcc: victim@example.com\r\n\r\nbody",
    "breaks": "x" + "".join(f"{one}{CANARY}" for one in BREAKS),
    "controls": "x\x00\x01\x07\x1b[31m\x7f\x9f",
    "direction": "x\u202egnp.exe\u202c\u2066\u2069",
    "surrogate": "x\ud800\udfff\ufffe\uffff",
    "number": "x [#999] [ # 998] #997",
    "marker": "-- Write your answer above this line --",
    "signature": "-- \nx",
    "encoded": "=?utf-8?q?x=0D=0ABcc=3A?=",
    "long": "x" * 3000,
    "quotes": "\"x' `´“”«»",
    "astral": "👍🏽 x \U000e0001",
    "blank": " \t\u00a0\n ",
    "formula": "=1+1 @x -x",
}
TURNS = 4
# What people write; everything else in the samples is chosen by the service.
WRITTEN = {
    *("title", "purpose", "subject", "text", "sender_name", "name", "who"),
    *("by", "reason", "words", "about", "line", "reply", "detail"),
}
LISTS = {"attachments", "nearest", "moderators", "items", "unread", "add", "remove"}


def poisoned(value: object, poison: str, key: str = "") -> object:
    """The same values with everything that somebody wrote replaced."""
    if isinstance(value, str):
        return poison if key in WRITTEN or key in LISTS else value
    if isinstance(value, dict):
        ours = {"name"} if key == "group" else set()  # the group's name is its address
        return {name: one if name in ours else poisoned(one, poison, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(one, poison, key) for one in value]
    return value


def letter(sample: Sample, poison: str, language: str = "sv") -> Read:
    values = poisoned(sample.values, poison)
    assert isinstance(values, dict)
    changes = {"to_name": poison, "group_title": poison if sample.grouped else ""}
    return read_letter(composer().letter(spec(replace(sample, values=values), language, **changes)))


def shape(read: Read) -> list[str]:
    """The elements of the HTML part but line breaks, of which a quote may hold any number."""
    return [str(element.tag) for element in read.document.iter() if element.tag != "br"]


def tried_on(sample: Sample) -> dict[str, str]:
    """What a sample is tried with: everything in the soak, else a quarter of it, another one for its neighbours."""
    if SOAK:
        return HOSTILE
    start = SAMPLES.index(sample) % TURNS
    return {name: poison for place, (name, poison) in enumerate(HOSTILE.items()) if place % TURNS == start}


each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@each
def test_hostile_values_change_neither_fields_nor_elements(sample: Sample) -> None:
    usual = letter(sample, "benign")
    for name, poison in tried_on(sample).items():
        if name == "blank":
            continue
        found = letter(sample, poison)
        assert found.names == usual.names, name
        assert shape(found) == shape(usual), name
        assert [link[1:] for link in found.mailtos] == [link[1:] for link in usual.mailtos], name


@each
def test_what_is_empty_to_the_eye_is_still_a_letter(sample: Sample) -> None:
    found = letter(sample, HOSTILE["blank"])
    assert found.names == letter(sample, "benign").names


@each
def test_both_parts_still_say_the_same(sample: Sample) -> None:
    for name in {"answers", "closes", "template", "cdata", "fields", "breaks", "direction"} & set(tried_on(sample)):
        found = letter(sample, HOSTILE[name])
        assert words_of_text(found) == words_of_html(found), name


@each
def test_no_line_break_leads_out_of_a_quote(sample: Sample) -> None:
    found = letter(sample, HOSTILE["breaks"])
    assert [line for line in found.paragraphs if line.strip().startswith(CANARY)] == []


@each
def test_the_subject_stays_one_line_with_our_number_only(sample: Sample) -> None:
    for name, poison in tried_on(sample).items():
        subject = letter(sample, poison).header("Subject")
        assert not set(subject) & {*BREAKS, "\x00", "\x1b", "\u202e"}, name
        assert subject.count("[#") == (1 if sample.case else 0), name
        assert len(subject) <= LONGEST_SUBJECT + len(" [#999]"), name


def test_direction_signs_and_controls_are_gone() -> None:
    found = letter(named("moderation/question"), HOSTILE["direction"] + HOSTILE["controls"])
    for text in (found.text, found.rich, found.header("Subject"), found.header("To")):
        assert not set(text) & set("\u202e\u202c\u2066\u2069\x00\x01\x07\x1b\x7f\x9f")


def test_a_marker_in_a_post_is_below_ours() -> None:
    found = letter(named("moderation/question"), HOSTILE["marker"], "en")
    assert found.text.startswith("-- Write your answer above this line --\n")


def test_values_are_cleaned_all_the_way_down() -> None:
    assert cleaned({"a": ["x\u2028y", {"b": "\x00z", "c": 1}], "d": ("\r\n",)}) == {
        "a": ["x\ny", {"b": "z", "c": 1}],
        "d": ["\n"],
    }


def test_subject_lines() -> None:
    assert subject_line(" a\n b &amp; &lt;c&gt; ") == "a b & <c>"
    assert subject_line("x [#12] y [ #3]") == "x (#12] y ( #3]"
    assert subject_line("x" * 151) == "x" * 149 + "…"


anything = st.text(st.characters(), max_size=60)


@given(anything, anything)
def test_any_text_gives_a_letter(subject: str, text: str) -> None:
    sample = named("moderation/question")
    values = {**sample.values, "subject": subject, "text": text, "sender_name": subject}
    found = read_letter(composer().letter(spec(replace(sample, values=values), "nb", to_name=text)))
    usual = composed(sample, "nb")
    assert found.names == usual.names
    assert found.mailtos == usual.mailtos
    assert words_of_text(found) == words_of_html(found)

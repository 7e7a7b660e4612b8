"""Any text can be split, scanned and masked; what is quoted by marks never becomes new, what is on top always does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.auth_results import parse_auth_results
from mailsvc.message.identity_numbers import find, mask
from mailsvc.message.marker import MARKERS
from mailsvc.message.reply_text import new_from_html, new_from_plain

LINES = st.sampled_from(
    [
        "", "> quoted", ">> twice", "-- ", "Mvh Anna", "Från: Anna", "Skickat: i går", "Till: Bo", "Ämne: Hej",
        "Den 3 dec. 2026 kl. 13:00 skrev Anna <anna@example.org>:", "-----Original Message-----", "Ja", "Nej",
        "Sent from my iPhone", "_____________________", "wrote:", MARKERS["sv"], "> " + MARKERS["en"], "1. ja", "PS. x",
    ]
)  # fmt: skip
BODIES = st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=25).map("\n".join)
TAGS = st.sampled_from(
    [
        "<div>", "</div>", "<blockquote type=cite>", "</blockquote>", "<p>", "<br>", "<ol start=3>", "<li>", "</ol>",
        '<div class="gmail_quote">', '<div id="divRplyFwdMsg">', "<table><tr><td>", "<", "&amp;", "<!--", "-->", "text",
        '<div style="display:none">', "<pre>", "</pre>", "\n", "<style>", "</style>", "<![if x]>", "<a ",
    ]
)  # fmt: skip


@given(BODIES)
def test_any_text_is_split_and_marks_are_respected(body: str) -> None:
    read = new_from_plain(body)
    assert not any(line.startswith(">") for line in read.text.split("\n"))
    assert read.only_quote == (not read.text and bool(read.quoted))


@given(BODIES)
def test_below_an_unmarked_marker_nothing_is_new(body: str) -> None:
    read = new_from_plain(f"Kanske\n\n{MARKERS['da']}\n{body}")
    assert read.text == "Kanske"
    assert read.marker


@given(BODIES)
def test_a_fully_quoted_text_is_never_new(body: str) -> None:
    quoted = "\n".join("> " + line for line in body.splitlines())
    assert new_from_plain(f"Nej tack\n\n{quoted}").text == "Nej tack"


@given(st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=40).map("".join))
def test_any_html_is_read(html: str) -> None:
    assert isinstance(new_from_html(html).text, str)


@given(st.text(alphabet="0123456789-+ ABCDtel:.cpr\n", max_size=60))
def test_masking_keeps_the_length_and_leaves_nothing_to_find(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    for one in find(text):
        assert "*" in masked[one.start : one.end]
        assert not any(char.isdigit() for char in masked[one.start : one.end])


@given(st.text(alphabet='ab.=;()"\\ /@', max_size=60))
def test_any_authentication_results_are_read(value: str) -> None:
    found = parse_auth_results(value)
    assert found is None or all(result.method for result in found.results)

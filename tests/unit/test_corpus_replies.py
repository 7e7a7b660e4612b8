"""The real replies of ../shared/corpus/replies: the stated texts hold, no word of a quote is taken for an answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailsvc.message.html_text import html_text
from mailsvc.message.parsing import Message, parse
from mailsvc.message.parts import Part
from mailsvc.message.reply_text import NewText, body_parts, new_from_html, new_from_plain, newly_written

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "replies"
STATED = ("reply", "reply_html", "reply_any", "must_contain", "must_not_contain")
WORD = "Godkännes-alltid"

# Three rows state what we do not want: two keep the row of hyphens above an Outlook block, one keeps the whole quote
# because the answer stands below it.
KNOWN = {"mail-parser-reply/email_2_1.txt", "mail-parser-reply/email_nl_1_2.txt", "gitlab/inline_reply.eml"}


def rows() -> list[dict[str, Any]]:
    path = FOLDER / "expected.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def message_of(row: dict[str, Any]) -> Message:
    data = (FOLDER / row["file"]).read_bytes()
    if row["form"] == "message":
        return parse(data)
    kind = "plain" if row["form"] == "body-text" else "html"
    head = f"From: anna@example.org\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return parse(head.encode() + data)


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


def fault(row: dict[str, Any], text: str) -> str:
    got = squash(text)
    if "reply" in row and got != squash(row["reply"]):
        return "another reply"
    if "reply_html" in row and got != squash(html_text(row["reply_html"])):
        return "another reply in HTML"
    if "reply_any" in row and got not in [squash(one) for one in row["reply_any"]]:
        return "none of the replies"
    if any(squash(one) not in got for one in row.get("must_contain", [])):
        return "something is missing"
    if any(squash(one) in got for one in row.get("must_not_contain", [])):
        return "something is too much"
    return ""


def read(part: Part, text: str) -> NewText:
    return new_from_html(text) if part.content_type == "text/html" else new_from_plain(text)


def test_the_corpus_is_there() -> None:
    if not FOLDER.exists():
        pytest.skip("../shared/corpus is not there; its real replies were not read")
    assert len(rows()) == 90


@pytest.mark.parametrize(
    "row", [row for row in rows() if any(key in row for key in STATED)], ids=lambda row: row["file"]
)
def test_the_stated_text_is_what_was_newly_written(row: dict[str, Any]) -> None:
    found = fault(row, newly_written(message_of(row)).text)
    assert bool(found) == (row["file"] in KNOWN), found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_every_row_is_read_and_its_subject_holds(row: dict[str, Any]) -> None:
    message = message_of(row)
    assert isinstance(newly_written(message).text, str)
    if "subject" in row:
        assert message.subject == (row["subject"] or "")
    if "sender" in row:
        assert [str(message.from_address), message.from_.display_name] == [row["sender"], row["sender_name"]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_decision_word_on_top_is_found(row: dict[str, Any]) -> None:
    for part in body_parts(message_of(row))[:1]:
        text = part.text or ""
        if part.content_type == "text/html":
            on_top = re.sub(r"(?i)(<body[^>]*>)", rf"\1<div>{WORD}</div>", text, count=1)
            on_top = on_top if WORD in on_top else f"<div>{WORD}</div>{text}"
        else:
            on_top = f"{WORD}\n\n{text}"
        assert WORD in read(part, on_top).text


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_decision_word_in_the_quote_is_not_found(row: dict[str, Any]) -> None:
    for part in body_parts(message_of(row)):
        text = part.text or ""
        quoted = [one.strip(" >") for one in read(part, text).quoted.split("\n") if one.strip(" >")]
        # The first lines are what the client put above the quote: without those nobody could see that it is one.
        for line in quoted[4:]:
            if len(line) < 20 or text.count(line) != 1:
                continue
            changed = text.replace(line, f"{WORD} {line.partition(' ')[2]}")
            assert WORD not in read(part, changed).text, line

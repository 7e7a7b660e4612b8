"""The light markup of letter templates, and its two readings: plain text and simple HTML.

A rendered template is small XML: `<p>`, `<h>`, `<quote>`, `<facts><fact label="…">…</fact></facts>`, `<list><item>`,
`<numbered><item>`, `<form><field label="…" hint="…">…</field></form>`, `<link to="…"/>` (a page of ours, where a
letter needs one), `<table><row><cell>` (the first cell is the row's head), `<answers yes="what it
does"/>`. Values of people are escaped by Jinja: no text becomes markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line where a template says `<answers/>`: the word as printed, what it does, and the link that answers it."""

    meaning: str
    word: str
    hint: str
    label: str = ""
    link: str = ""


def parse(markup: str) -> list[etree._Element]:
    """The blocks of a rendered template; raises etree.XMLSyntaxError for a broken template (a bug)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return list(etree.fromstring(f"<letter>{markup}</letter>", parser))


# ---- plain text


def to_text(blocks: Sequence[etree._Element], answers: Sequence[Answer]) -> str:
    """The blocks as plain text, one paragraph one line (format=flowed wraps it)."""
    return "\n\n".join(text for block in blocks if (text := _text(block, answers)))


def _text(block: etree._Element, answers: Sequence[Answer]) -> str:
    match block.tag:
        case "p":
            return _inline(block)
        case "h":
            return f"{_inline(block)}:"
        case "quote":
            return "\n".join(f"> {line}" if line else ">" for line in _lines(block))
        case "facts":
            return "\n".join(f"{label}: {value}" for label, value in _facts(block))
        case "form":
            return "\n".join(_field_text(field) for field in block)
        case "list":
            return "\n".join(f"* {_inline(item)}" for item in block)
        case "numbered":
            return "\n\n".join(f"{number}. {_item_text(item)}" for number, item in enumerate(block, 1))
        case "link":
            return str(block.get("to"))
        case "table":
            return "\n".join(_row_text(row) for row in _cells(block))
        case "answers":
            return "\n".join(f"* {one.word} – {_hint(block, one)}" for one in answers)
    raise ValueError(f"{block.tag!r} is not part of the letters' markup")


def _field_text(field: etree._Element) -> str:
    """As `message.forms.form_text` prints a field, empty ones too: people write behind the colon."""
    value = "\n".join(_lines(field)).strip()
    return f"{_field_label(field)}:{_gap(value)}{value}".rstrip()


def _gap(value: str) -> str:
    return "\n" if "\n" in value else " "


def _field_label(field: etree._Element) -> str:
    hint = field.get("hint", "")
    return f"{field.get('label')} ({hint})" if hint else str(field.get("label"))


def _cells(table: etree._Element) -> list[list[str]]:
    return [[_inline(cell) for cell in row] for row in table]


def _row_text(row: list[str]) -> str:
    """`Anna Berg: 1 can · 2 cannot`: columns do not line up in the proportional fonts in which mail is read."""
    return f"{row[0]}: {' · '.join(row[1:])}"


def _item_text(item: etree._Element) -> str:
    if len(item) == 0:
        return _inline(item)
    return "\n".join(text for block in item if (text := _text(block, ())))


# ---- HTML

_BODY = (
    "margin:0 auto;padding:16px;max-width:38em;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;color:#1b1b1b;background:#ffffff"
)
_MARKER = "margin:0 0 16px;color:#595959"
_PARAGRAPH = "margin:0 0 16px"
_HEADING = "margin:24px 0 8px;font-size:18px;line-height:1.3"
_QUOTE = "margin:0 0 16px;padding:8px 12px;border-left:4px solid #5f7f95;background:#f4f7f9;overflow-wrap:anywhere"
_CELL = "border:1px solid #8a8a8a;padding:4px 8px;text-align:left;font-weight:normal"
_ITEM = "margin:0 0 8px;overflow-wrap:anywhere"
_BUTTON = (
    "display:inline-block;margin:0 0 6px;padding:10px 16px;border:1px solid #0b4f75;border-radius:4px;"
    "background:#0b4f75;color:#ffffff;text-decoration:none;font-weight:bold"
)
_FOOTER = "margin:24px 0 0;padding-top:12px;border-top:1px solid #8a8a8a;font-size:14px;color:#595959"


def to_html(
    blocks: Sequence[etree._Element],
    answers: Sequence[Answer],
    *,
    language: str,
    title: str,
    marker: str,
    footer: str,
) -> str:
    """The blocks as a simple HTML document: no script, no remote content, readable without styles."""
    body = "\n".join(_html(block, answers) for block in blocks)
    top = f'<p style="{_MARKER}">{_escape(marker)}</p>\n' if marker else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escape(title)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n{top}{body}\n<p style="{_FOOTER}">{_escape(footer)}</p>\n</body>\n</html>\n'
    )


def _html(block: etree._Element, answers: Sequence[Answer]) -> str:
    match block.tag:
        case "p":
            return f'<p style="{_PARAGRAPH}">{_escape(_inline(block))}</p>'
        case "h":
            return f'<h2 style="{_HEADING}">{_escape(_inline(block))}</h2>'
        case "quote":
            lines = "<br>\n".join(_escape(line) for line in _lines(block))
            return f'<blockquote style="{_QUOTE}">{lines}</blockquote>'
        case "facts":
            rows = "<br>\n".join(
                f"<strong>{_escape(label)}:</strong> {_escape(value)}" for label, value in _facts(block)
            )
            return f'<p style="{_PARAGRAPH};overflow-wrap:anywhere">{rows}</p>'
        case "form":
            return "\n".join(_html_field(field) for field in block)
        case "list":
            return _html_list("ul", block)
        case "numbered":
            return _html_list("ol", block)
        case "link":
            address = _escape(str(block.get("to")))
            return f'<p style="{_PARAGRAPH};overflow-wrap:anywhere"><a href="{address}">{address}</a></p>'
        case "table":
            return _html_table(block)
        case "answers":
            return _html_answers(block, answers)
    raise ValueError(f"{block.tag!r} is not part of the letters' markup")


def _html_field(field: etree._Element) -> str:
    value = "\n".join(_lines(field)).strip()
    said = "<br>\n".join(_escape(line) for line in value.split("\n"))
    gap = "<br>\n" if "\n" in value else " "
    label = _escape(_field_label(field))
    return f'<p style="{_PARAGRAPH};overflow-wrap:anywhere"><strong>{label}:</strong>{gap}{said}</p>'


def _html_list(tag: str, block: etree._Element) -> str:
    items = "\n".join(f'<li style="{_ITEM}">{_html_item(item)}</li>' for item in block)
    return f'<{tag} style="margin:0 0 16px;padding-left:28px">\n{items}\n</{tag}>'


def _html_item(item: etree._Element) -> str:
    return "\n".join(_html(block, ()) for block in item) if len(item) else _escape(_inline(item))


def _html_table(block: etree._Element) -> str:
    """The first cell of each row is its head; the others say by themselves what they are about."""
    rows = "\n".join(
        f'<tr><th scope="row" style="{_CELL}">{_escape(row[0])}</th>\n'
        + "\n".join(f'<td style="{_CELL}">{_escape(one)}</td>' for one in row[1:])
        + "</tr>"
        for row in _cells(block)
    )
    return f'<table style="border-collapse:collapse;margin:0 0 16px">\n{rows}\n</table>'


def _html_answers(block: etree._Element, answers: Sequence[Answer]) -> str:
    if not answers:
        return ""
    rows = "\n".join(f'<li style="margin:0 0 16px">{_html_answer(one, _hint(block, one))}</li>' for one in answers)
    return f'<ul style="list-style:none;margin:0 0 16px;padding:0">\n{rows}\n</ul>'


def _html_answer(answer: Answer, hint: str) -> str:
    if not answer.link:
        return f"<strong>{_escape(answer.word)}</strong> – {_escape(hint)}"
    button = f'<a href="{_escape(answer.link)}" style="{_BUTTON}">{_escape(answer.label)}</a>'
    return f"{button}<br>\n<strong>{_escape(answer.word)}</strong> – {_escape(hint)}"


# ---- both


def _hint(block: etree._Element, answer: Answer) -> str:
    """What the answer does: as this letter says it, else as its kind of question does."""
    return str(block.get(answer.meaning, answer.hint))


def _facts(block: etree._Element) -> list[tuple[str, str]]:
    return [(str(fact.get("label")), value) for fact in block if (value := _inline(fact))]


def _inline(element: etree._Element) -> str:
    return _BLANKS.sub(" ", "".join(element.itertext())).strip()


def _lines(element: etree._Element) -> list[str]:
    return "".join(element.itertext()).strip("\n").split("\n")


def _escape(text: str) -> str:
    return html.escape(text)

"""The light markup of letter templates, and its two readings: plain text and simple HTML.

A rendered template is small XML: `<p>`, `<h>`, `<quote>`, `<facts><fact label="…">…</fact></facts>`, `<list><item>`,
`<numbered><item>`, `<answers/>`. Values of people are escaped by Jinja, so nobody's text can become markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """One line of the answers that a letter offers: the word, what it does, and the link that answers it."""

    word: str
    hint: str
    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that stands where a template says `<answers/>`."""

    intro: str
    words: tuple[AnswerWord, ...]


def parse(markup: str) -> list[etree._Element]:
    """The blocks of a rendered template; raises etree.XMLSyntaxError for a broken template (a bug)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return list(etree.fromstring(f"<letter>{markup}</letter>", parser))


def to_text(blocks: Sequence[etree._Element], answers: Answers | None) -> str:
    """The blocks as plain text, one paragraph one line (format=flowed wraps it)."""
    return "\n\n".join(text for block in blocks if (text := _text(block, answers)))


def _text(block: etree._Element, answers: Answers | None) -> str:
    match block.tag:
        case "p":
            return _inline(block)
        case "h":
            title = _inline(block)
            return f"{title}\n{'-' * min(len(title), 60)}"
        case "quote":
            return "\n".join(f"> {line}" if line else ">" for line in _lines(block))
        case "facts":
            return "\n".join(f"{fact.get('label')}: {_inline(fact)}" for fact in block if _inline(fact))
        case "list":
            return "\n".join(f"* {_inline(item)}" for item in block)
        case "numbered":
            return "\n\n".join(f"{number}. {_item_text(item)}" for number, item in enumerate(block, 1))
        case "answers":
            return _answers_text(answers) if answers else ""
    raise ValueError(f"<{block.tag}> is not part of the letters' markup")


def _item_text(item: etree._Element) -> str:
    if len(item) == 0:
        return _inline(item)
    return "\n   ".join(_text(block, None).replace("\n", "\n   ") for block in item)


def _answers_text(answers: Answers) -> str:
    width = max((len(answer.word) for answer in answers.words), default=0)
    lines = [f"   {answer.word.ljust(width)}   {answer.hint}".rstrip() for answer in answers.words]
    return "\n".join([answers.intro, "", *lines]) if answers.intro else "\n".join(lines)


def to_html(
    blocks: Sequence[etree._Element], answers: Answers | None, *, language: str, title: str, marker: str, footer: str
) -> str:
    """The blocks as a simple HTML document: no script, no remote content, readable without styles."""
    body = "\n".join(_html(block, answers) for block in blocks)
    top = f'<p style="color:#595959;margin:0 0 16px">{html.escape(marker)}</p>\n' if marker else ""
    end = f'<p style="{_SMALL}">{html.escape(footer)}</p>\n' if footer else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n{top}{body}\n{end}</body>\n</html>\n'
    )


_BODY = (
    "margin:0 auto;padding:16px;max-width:38em;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;color:#1b1b1b;background:#ffffff"
)
_SMALL = "margin:24px 0 0;padding-top:12px;border-top:1px solid #d0d0d0;font-size:14px;color:#595959"
_QUOTE = "margin:0 0 16px;padding:8px 12px;border-left:4px solid #8aa4b8;background:#f4f7f9"
_BUTTON = (
    "display:inline-block;padding:8px 14px;border:1px solid #0b4f75;border-radius:4px;background:#0b4f75;"
    "color:#ffffff;text-decoration:none"
)


def _html(block: etree._Element, answers: Answers | None) -> str:
    match block.tag:
        case "p":
            return f'<p style="margin:0 0 16px">{_escaped(block)}</p>'
        case "h":
            return f'<h2 style="font-size:18px;margin:24px 0 8px">{_escaped(block)}</h2>'
        case "quote":
            lines = "<br>\n".join(html.escape(line) for line in _lines(block))
            return f'<blockquote style="{_QUOTE}">{lines}</blockquote>'
        case "facts":
            rows = "<br>\n".join(
                f"<strong>{html.escape(fact.get('label', ''))}:</strong> {_escaped(fact)}"
                for fact in block
                if _inline(fact)
            )
            return f'<p style="margin:0 0 16px">{rows}</p>'
        case "list":
            return _html_list("ul", block)
        case "numbered":
            return _html_list("ol", block)
        case "answers":
            return _answers_html(answers) if answers else ""
    raise ValueError(f"<{block.tag}> is not part of the letters' markup")


def _html_list(tag: str, block: etree._Element) -> str:
    items = "\n".join(
        f'<li style="margin:0 0 8px">{"".join(_html(b, None) for b in item) if len(item) else _escaped(item)}</li>'
        for item in block
    )
    return f'<{tag} style="margin:0 0 16px;padding-left:24px">\n{items}\n</{tag}>'


def _answers_html(answers: Answers) -> str:
    intro = f'<p style="margin:0 0 8px">{html.escape(answers.intro)}</p>\n' if answers.intro else ""
    rows = "\n".join(_button(answer) for answer in answers.words)
    return f'{intro}<ul style="list-style:none;margin:0 0 16px;padding:0">\n{rows}\n</ul>'


def _button(answer: AnswerWord) -> str:
    hint = f"<br>\n{html.escape(answer.hint)}" if answer.hint else ""
    words = f"<strong>{html.escape(answer.word)}</strong>"
    if answer.link:
        words = f'<a href="{html.escape(answer.link)}" style="{_BUTTON}">{html.escape(answer.label)}</a>'
    return f'<li style="margin:0 0 12px">{words}{hint}</li>'


def _inline(element: etree._Element) -> str:
    return _BLANKS.sub(" ", "".join(element.itertext())).strip()


def _escaped(element: etree._Element) -> str:
    return html.escape(_inline(element), quote=False)


def _lines(element: etree._Element) -> list[str]:
    return "".join(element.itertext()).strip("\n").split("\n")

"""The label with which a line begins: with a colon, alone on its line, or before a value where that is unambiguous."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailsvc.message.form_labels import key, needs_colon

_LONGEST: Final = 400  # characters at the start of a line in which a label is looked for
_DECOR: Final = re.compile(r"[\s|*_•·▪◦‣–—-]{0,8}(?:\(?\d{1,2}[.)]\s{0,3})?[\s*_]{0,4}")
_COLON: Final = re.compile(r"([^:：()|]{1,60})(?:\([^()]{0,200}\)[\s*_]{0,4})?[:：]{1,2}[\s*_|]{0,8}")
_HINT: Final = re.compile(r"\([^()]{0,200}\)[\s*_|]{0,4}$")
_APART: Final = re.compile(r"\s{2,}\|?|\s?[–—=|]\s?|\s-\s")
_NAME: Final = r"[A-ZÅÄÖÆØÉÜ][\w.'’-]{0,30}"
_MAILBOX: Final = r"[<(]?[^\s<>()@]{1,64}@[^\s<>()@]{1,190}[>)]?"
_PERSON: Final = re.compile(rf"(?:{_NAME}(?: {_NAME}){{0,3}},?(?: {_MAILBOX})?|{_MAILBOX})\s*$")
_SLUG: Final = re.compile(r"(?:(?=[a-z0-9.-]*[a-z])[a-z0-9]+(?:[.-][a-z0-9]+)*)(?:@[a-z0-9.-]{1,190})?\s*$")
_RECORD: Final = re.compile(r"(?=\S*\d)\S{3,40}\s*$")
_TITLE: Final = re.compile(r"(?=[A-ZÅÄÖÆØ0-9\"'”])[^.!?:;]{3,60}$")
# What a value must look like behind one blank, so that no sentence is taken for a filled-in field.
_BARE: Final[Mapping[str, re.Pattern[str]]] = {
    "name": _TITLE,
    "address": _SLUG,
    "moderator": _PERSON,
    "deputy": _PERSON,
    "preparation_group": _TITLE,
    "presenter": _PERSON,
    "record": _RECORD,
}
_VERBS: Final = frozenset(
    [
        "är",
        "er",
        "blir",
        "bliver",
        "vert",
        "vil",
        "vill",
        "kan",
        "skal",
        "ska",
        "har",
        "bör",
        "bør",
        "is",
        "will",
        "can",
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """A label at the start of a line: field, the key it was found by, what follows on the line, with `:` or not."""

    field: str
    key: str
    rest: str
    colon: bool


def find_label(text: str, labels: Mapping[str, str]) -> Found | None:
    """The label of a line, or None. `labels` is `Form.labels`; words of §7.4 count with a colon only."""
    head = text[:_LONGEST]
    decor = _DECOR.match(head)
    start = decor.end() if decor else 0
    match = _COLON.match(head, start)
    if match:
        name = key(match[1])
        if name in labels:
            rest = text[match.end() :].strip()
            return Found(labels[name], name, _unbold(rest, head[:start] + match.group()), colon=True)
    return _without_colon(head[start:].strip(), labels)


def _unbold(rest: str, before: str) -> str:
    """`*Label: value*` and `| Label: | value |` leave their second half behind."""
    if before.lstrip().startswith("|"):
        rest = rest.rstrip("| ")
    for mark in ("**", "*", "__", "_"):
        if rest.endswith(mark) and before.count(mark) % 2 == 1 and rest.count(mark) == 1:
            return rest.removesuffix(mark).strip()
    return rest


def _without_colon(text: str, labels: Mapping[str, str]) -> Found | None:
    if not text[:1].isupper():
        return None
    whole = key(_HINT.sub("", text)) if len(text) <= 260 else ""
    if whole in labels:
        field = labels[whole]
        return None if needs_colon(field) or text.endswith((".", "!", "?")) else Found(field, whole, "", colon=False)
    parts = _APART.split(text, maxsplit=1)
    if len(parts) == 2 and (name := key(_HINT.sub("", parts[0]))) in labels and parts[1].strip():
        return None if needs_colon(labels[name]) else Found(labels[name], name, parts[1].strip(" |*_"), colon=False)
    return _bare(text, labels)


def _bare(text: str, labels: Mapping[str, str]) -> Found | None:
    """`Moderator Anna Berg`, `Dnr 2026/12`: one blank between, and a value that no sentence goes on with."""
    pieces = text.split(" ")
    for count in range(min(5, len(pieces) - 1), 0, -1):
        name = key(" ".join(pieces[:count]))
        if name not in labels:
            continue
        field, rest = labels[name], " ".join(pieces[count:]).strip()
        pattern = _BARE.get(field)
        if pattern is None or not pattern.match(rest) or len(rest.split()) > 6:
            return None
        said = _VERBS & set(rest.lower().split())
        return None if said else Found(field, name, rest, colon=False)
    return None

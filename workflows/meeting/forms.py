"""What callers write around the labels of a form: answers without a label, closing words, our own last line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mailsvc.config import LANGUAGES
from mailsvc.letters.translation import catalogue
from mailsvc.message.form_found import find_label
from mailsvc.message.forms import Form, FormReading, read_form
from mailsvc.message.said_dates import plain
from workflows.meeting.when import often
from workflows.meeting.when.model import WhenReading

Times = Callable[[str, str], WhenReading]
"""Reads what stands behind `When:` and `Repeat:`."""
OPENINGS: Final[tuple[str | tuple[str, str], ...]] = (
    (
        "%(title)s: before your meeting is called we need to know a little more. Please answer this letter by %(at)s"
        " and fill in what stands below; nobody has been invited yet."
    ),
    "%(title)s: we could not change your meeting yet, and nobody has been told anything. Please answer this letter.",
    (
        "The meeting has been changed, and those who are invited have been told. You can answer this letter to change"
        " it again."
    ),
    (
        (
            "The meeting has been called, and %(count)s person has an invitation to their own calendar. You need not"
            " answer this letter, but you can, to change the meeting."
        ),
        (
            "The meeting has been called, and %(count)s people have an invitation to their own calendars. You need not"
            " answer this letter, but you can, to change the meeting."
        ),
    ),
    "The meeting has been changed. You can answer this letter to change it again.",
    "%(title)s: we could not change your meetings yet, and nobody has been told anything. Please answer this letter.",
    (
        "Your meetings have been changed, and those who are invited have been told. You can answer this letter to"
        " change them again."
    ),
    "%(title)s: your meetings go on, and the next ones stand in everybody's calendar. You need not answer this letter.",
    (
        (
            "Your meetings have been called, and %(count)s person has invitations to their own calendar. You need not"
            " answer this letter, but you can, to change the meetings."
        ),
        (
            "Your meetings have been called, and %(count)s people have invitations to their own calendars. You need not"
            " answer this letter, but you can, to change the meetings."
        ),
    ),
    "Your meetings of %(title)s. You can answer this letter to change them.",
)
"""The first sentences of the letters with a form, as their templates have them."""
_VARIABLE: Final = re.compile(r"%\(\w+\)s")
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 60  # of a last line
_ITEM: Final = re.compile(r"(?:[-*•·–—]|\(?\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a letter with a form prints around it: the group's `title`, with which it begins, and its last line."""

    title: str
    footer: str


def read(text: str, form: Form, sent: Mapping[str, str], printed: Printed | None) -> FormReading:
    """See `mailsvc.message.forms.read_form`: without what our letter says above and below its labels.

    Clients that mark no quotation put our first sentence right below what was typed, and the last line of the letter
    right below the last label.
    """
    if printed is None:
        return read_form(text, form, sent)
    bare = without(text, printed.footer)
    for opening in _openings(printed.title):
        found = opening.search(bare)
        if found is not None:
            below = _from_label(bare, found.end(), form)
            bare = f"{bare[: found.start()].rstrip()}\n\n{below}"
    return read_form(bare, form, sent)


def without(text: str, line: str) -> str:
    """A text without a line of ours, wherever it stands and however a client wrapped or quoted it."""
    words = _WORD.findall(line)[:_MOST_WORDS]
    if len(words) < 3:
        return text
    return re.sub(r"[\W_]{0,12}".join(map(re.escape, words)) + r"[^\w\n]*", "", text, flags=re.IGNORECASE)


def _from_label(text: str, start: int, form: Form) -> str:
    """The rest of a text from the first line that begins with a label."""
    lines = text[start:].split("\n")
    for at, line in enumerate(lines[1:], 1):
        found = find_label(line, form.labels)
        if found is not None and found.colon:
            return "\n".join(lines[at:])
    return ""


@lru_cache(maxsize=64)
def _openings(title: str) -> tuple[re.Pattern[str], ...]:
    """The first words of our letters with a form, in all languages, at the beginning of an unquoted line."""
    out = []
    for language in LANGUAGES:
        words = catalogue(language)
        for message in OPENINGS:
            said = words.ngettext(*message, 1) if isinstance(message, tuple) else words.gettext(message)
            first = _WORD.findall(_VARIABLE.split(said.replace("%(title)s", title), maxsplit=1)[0])
            out.append(re.compile("^" + r"[\W_]{1,8}".join(map(re.escape, first)), re.MULTILINE))
    return tuple(dict.fromkeys(out))


def apart(when: str, free: str, times: Times) -> tuple[str, str]:
    """The time without the closing words below it, and the free text with them: "Welcome! Bring your maps."

    Only for times that are understood without them; in a series `not in July` may stand in a paragraph of its own.
    """
    paragraphs = re.split(r"\n\s*\n", when)
    for count in range(1, len(paragraphs)):
        above, below = "\n\n".join(paragraphs[:count]), "\n\n".join(paragraphs[count:])
        reading = times(above, "")
        if reading.settled and reading.series is None and not _speaks_of_time(below):
            return above, f"{free}\n\n{below}".strip()
    return when, free


def _speaks_of_time(text: str) -> bool:
    low = plain(text)
    patterns = (often.EVERY, often.ADVERB, often.SEVERAL_DAYS, often.FURTHER, often.LOOKS_REPEATED)
    return any(char.isdigit() for char in low) or any(pattern.search(low) for pattern in patterns)


def answered(
    values: Mapping[str, str], written: Mapping[str, str], free: str, sent: Mapping[str, str], times: Times
) -> dict[str, str]:
    """The values with what an answer to the form says beside its labels, where all of it is understood as a time.

    `written` is what was read behind labels, `sent` what was printed there. "until further notice" above the form, or
    alone behind `When:`, is about the time that was asked about; `every week, 4 times` behind `When:` stands for what
    `Repeat:` said before.
    """
    when, repeat = values.get("when", ""), values.get("repeat", "")
    found = dict(values)
    if times(when, repeat).settled:
        return found
    before = sent.get("when", "")
    tries = [(when, ""), (before, when)] if written.get("when", before) != before else []
    tries += [(free, repeat), (when, free), (free, "")] if free else []
    for one, often_said in tries:
        reading = times(one, often_said) if one else None
        # how often was said before: a day alone does not take it back
        if reading is not None and reading.settled and (often_said or not repeat or reading.series is not None):
            return {**found, "when": one, "repeat": often_said}
    return found


def close(text: str) -> str:
    """An agenda whose items a program put empty lines between, without these."""
    lines = text.strip().split("\n")
    items = [bool(_ITEM.match(line)) for line in lines]
    out = [
        line
        for at, line in enumerate(lines)
        if line.strip() or not (0 < at < len(lines) - 1 and items[at - 1] and items[at + 1])
    ]
    return "\n".join(out)

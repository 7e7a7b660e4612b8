"""What a person newly wrote in a mail, apart from what was there before: the only text that can decide anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.message.banners import without_banners
from mailsvc.message.html_text import html_lines
from mailsvc.message.lines import Line, State, plain_lines
from mailsvc.message.marker import find_marker
from mailsvc.message.parsing import Message
from mailsvc.message.parts import Part
from mailsvc.message.quotes import Start, all_below, start_at
from mailsvc.message.signatures import without_signature

_STUB = re.compile(
    r"(?:html|your (?:e-?mail|mail) (?:client|program|reader)|cannot be displayed|kan inte visas|kan ikke vises"
    r"|text version|textversion|plain text)",
    re.IGNORECASE,
)
_LONGEST_STUB = 300


@dataclass(frozen=True, slots=True)
class NewText:
    """`text` is what the person wrote, without signature; `quoted` all the rest of the body, for looking at.

    `marker`: our own marker line was found. `below`: some of the text stands below or between marked quotes.
    """

    text: str
    quoted: str = ""
    marker: bool = False
    below: bool = False

    @property
    def only_quote(self) -> bool:
        """True when nothing was newly written but something was quoted: the person is asked to write above the line."""
        return not self.text and bool(self.quoted)


def newly_written(message: Message, banners: Sequence[str] = ()) -> NewText:
    """The new text of a mail (3-mail "What is read"). Pure; never raises; reads what `parse` kept within its limits.

    `banners` are the site's own external-sender texts, beside those shipped.
    """
    author = message.from_.display_name
    found = [split(lines, banners, author) for lines in _bodies(message)]
    return NewText(
        text="\n".join(one.text for one in found if one.text),
        quoted="\n".join(one.quoted for one in found if one.quoted),
        marker=any(one.marker for one in found),
        below=any(one.below for one in found),
    )


def beginning(message: Message, banners: Sequence[str] = (), *, most: int) -> str | None:
    """What was newly written in the first `most` characters of a plain text; None for a mail that does not begin so.

    Where that is more than somebody wants to know of, the rest need not be read.
    """
    first = next((part for part in body_parts(message) if (part.text or "").strip()), None)
    if first is None or _is_html(first):
        return None
    text = (first.text or "")[:most]
    return split(plain_lines(text[: text.rfind("\n") + 1] or text), banners, message.from_.display_name).text


def whole_text(message: Message) -> str:
    """The whole body as text, quotes and signature included: what is read of forms and shown of posts."""
    texts = []
    for part in body_parts(message):
        lines = (
            html_lines(part.text or "", paragraphs=True, links=True) if _is_html(part) else plain_lines(part.text or "")
        )
        texts.append("\n".join(line.text for line in lines).strip("\n"))
    return "\n".join(text for text in texts if text.strip())


def new_from_plain(text: str, banners: Sequence[str] = ()) -> NewText:
    """The same for a plain text."""
    return split(plain_lines(text), banners)


def new_from_html(html: str, banners: Sequence[str] = ()) -> NewText:
    """The same for an HTML text."""
    return split(html_lines(html), banners)


def body_parts(message: Message) -> list[Part]:
    """The text parts that a person sees, in order; of alternatives the plain one unless it is empty or a stub."""
    chosen: list[tuple[Part, int | None]] = []
    alternatives = _alternatives(message)
    for index, part in enumerate(message.parts):
        if part.text is None:
            continue
        group = alternatives.get(index)
        if group is None or _preferred(message, group) == _branch(message, index, group):
            chosen.append((part, group))
    # HTML beside a plain text, not as its alternative, is a gateway's footer or says the same again.
    plain = any(not _is_html(part) and (part.text or "").strip() for part, _ in chosen)
    return [part for part, group in chosen if not (plain and group is None and _is_html(part))]


def _alternatives(message: Message) -> dict[int, int]:
    """For each text part inside a multipart/alternative: the index of the outermost one around it."""
    outermost: dict[int, int] = {}
    for index, part in enumerate(message.parts):
        if part.parent < 0:
            continue
        above = outermost.get(part.parent)
        if above is None and message.parts[part.parent].content_type == "multipart/alternative":
            above = part.parent
        if above is not None:
            outermost[index] = above
    return outermost


def _branch(message: Message, index: int, group: int) -> int:
    """The child of the alternative under which a part stands."""
    while message.parts[index].parent != group:
        index = message.parts[index].parent
    return index


def _preferred(message: Message, group: int) -> int:
    """The child of an alternative that is read."""
    plain, rich = -1, -1
    plain_text = ""
    for index, part in enumerate(message.parts):
        if part.text is None or not part.text.strip() or not _inside(message, index, group):
            continue
        branch = _branch(message, index, group)
        if _is_html(part):
            rich = branch if rich < 0 else rich
        elif plain < 0 or branch == plain:
            plain, plain_text = branch, plain_text + part.text
    if plain < 0:
        return rich
    stub = len(plain_text) <= _LONGEST_STUB and _STUB.search(plain_text)
    return rich if stub and rich >= 0 else plain


def _inside(message: Message, index: int, group: int) -> bool:
    while index > group:
        index = message.parts[index].parent
    return index == group


def _is_html(part: Part) -> bool:
    return part.content_type == "text/html" or (part.text or "").lstrip()[:15].lower().startswith(
        ("<!doctype html", "<html")
    )


def _bodies(message: Message) -> list[list[Line]]:
    return [
        html_lines(part.text or "") if _is_html(part) else plain_lines(part.text or "") for part in body_parts(message)
    ]


def split(lines: Sequence[Line], banners: Sequence[str] = (), author: str = "") -> NewText:
    """Tell new lines from earlier ones: by our marker, by what clients put above a quote, by marks on each line.

    `author` is the display name of who wrote, which may stand alone above a signature.
    """
    marker = find_marker([line.text for line in lines])
    end = len(lines)
    if marker and lines[marker[0]].state is State.OPEN:
        end = marker[0]
    within = list(lines[:end])
    if end < len(lines):
        within.append(Line(">", State.QUOTED))  # what stands just above the marker stands above a quote
    marked_marker = range(marker[0], marker[1] + 1) if marker else range(0)
    new: list[list[str]] = [[]]
    earlier: list[str] = []
    place = 0
    while place < end:
        line = lines[place]
        if line.state is State.REST or (line.state is State.QUOTED and all_below(line.text)):
            break
        if line.state is not State.OPEN or place in marked_marker or _broken_off(lines, place):
            if line.state is not State.SIGNATURE:
                earlier.append(line.text)
                if new[-1] or not line.blank:
                    new.append([])
            place += 1
            continue
        start = start_at(within, place)
        if start is None:
            new[-1].append(line.text)
            place += 1
            continue
        kind, length = start
        follows = _next_visible(lines, place + length, end)
        if kind is Start.BLOCK or follows is None or lines[follows].state is not State.QUOTED:
            break
        earlier.extend(one.text for one in lines[place:follows])
        new.append([])
        place = follows
    earlier.extend(line.text for line in lines[place:])
    texts = [_tidy(stretch, banners, author) for stretch in new]
    return NewText(
        text="\n".join(text for text in texts if text),
        quoted="\n".join(earlier).strip("\n"),
        marker=marker is not None,
        below=any(texts[1:]),
    )


def _tidy(stretch: list[str], banners: Sequence[str], author: str) -> str:
    """One stretch without banner and signature."""
    text = without_banners("\n".join(stretch), banners)
    return "\n".join(without_signature(text.split("\n"), author)).strip("\n")


def _next_visible(lines: Sequence[Line], place: int, end: int) -> int | None:
    while place < end:
        if not lines[place].blank:
            return place
        place += 1
    return None


def _broken_off(lines: Sequence[Line], place: int) -> bool:
    """A single unmarked line squeezed between marked ones, after a full one: the end of a quoted line, wrapped again.

    Somebody's answer between quoted lines has room around it or follows a short line.
    """
    if not 0 < place < len(lines) - 1 or lines[place].blank:
        return False
    above, below = lines[place - 1], lines[place + 1]
    return (
        above.state is State.QUOTED
        and below.state is State.QUOTED
        and above.text.startswith(">")
        and not below.blank
        and len(above.text) >= 65
        and len(lines[place].text) < 40
    )

"""Content lines of a foreign calendar (RFC 5545 §3.1) as components and properties: one bounded pass that never raises.

The icalendar library writes our calendars but does not read other people's: it stops at the first bad line, expands
what a stranger wrote, and remembers a stranger's time zones for the whole process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_LINES: Final = 20_000
LONGEST_VALUE: Final = 64 * 1024
_MOST_COMPONENTS: Final = 400
_DEEPEST: Final = 4
_MOST_PARAMETERS: Final = 30
_NAME: Final = re.compile(r"\s*([A-Za-z0-9-]{1,60})")
_PARAMETER: Final = re.compile(r'\s*;\s*([A-Za-z0-9-]{1,60})\s*=\s*((?:"[^"]*"|[^";:])*)')
_FOLD: Final = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_ADDRESS: Final = re.compile(r":\s*(?=mailto:)", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\([\\;,:nN\"])")
_CIRCUMFLEX: Final = re.compile(r"\^([n^'])")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Property:
    """One property: name in upper case, parameters by upper-case name (the first of each), the value as written."""

    name: str
    parameters: dict[str, str] = field(repr=False)
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545 §3.3.11), without the escapes and without control characters."""
        plain = _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value)
        return _CONTROLS.sub("", plain).strip()

    def parameter(self, name: str) -> str:
        """A parameter's value with its quotes and RFC 6868 escapes taken away, "" where there is none."""
        value = self.parameters.get(name, "").replace('"', "")
        plain = _CIRCUMFLEX.sub(lambda match: {"n": "\n", "^": "^", "'": '"'}[match[1]], value)
        return _CONTROLS.sub("", plain).strip()


@dataclass(frozen=True, slots=True)
class Component:
    """A component (RFC 5545 §3.6) with its own properties, and those of its parts."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next((one for one in self.properties if one.name == name), None)

    def every(self, name: str) -> list[Property]:
        """All properties of that name, in order."""
        return [one for one in self.properties if one.name == name]

    def text(self, name: str) -> str:
        """The first such property's text, "" where there is none."""
        found = self.first(name)
        return found.text if found else ""


def read_components(text: str) -> Component:
    """Everything in `text` as one component without a name, whose parts are its VCALENDARs; work is linear.

    Bad lines are passed over, missing ENDs are forgiven, what is deeper or more than any real calendar has is left out.
    """
    root = Component("")
    stack = [root]
    left, deeper = _MOST_COMPONENTS, 0
    for line in _lines(text):
        one = _property(line)
        if one is None:
            continue
        if one.name == "BEGIN":
            left -= 1
            if left < 0 or len(stack) > _DEEPEST:
                deeper += 1
                continue
            part = Component(one.value.strip().upper()[:60])
            stack[-1].parts.append(part)
            stack.append(part)
        elif one.name == "END":
            if deeper:
                deeper -= 1
            else:
                _close(stack, one.value.strip().upper())
        elif not deeper:
            stack[-1].properties.append(one)
    return root


def _close(stack: list[Component], name: str) -> None:
    """Back to where the component of that name began; an END of nothing open changes nothing."""
    for place in range(len(stack) - 1, 0, -1):
        if stack[place].name == name:
            del stack[place:]
            return


def _lines(text: str) -> Iterator[str]:
    text = _FOLD.sub("", text.lstrip("\ufeff"))
    for number, line in enumerate(_LINE_END.split(text, maxsplit=MOST_LINES)):
        if number >= MOST_LINES:
            return
        yield line[:LONGEST_VALUE]


def _property(line: str) -> Property | None:
    name = _NAME.match(line)
    if not name:
        return None
    place = name.end()
    parameters: dict[str, str] = {}
    for _ in range(_MOST_PARAMETERS):
        match = _PARAMETER.match(line, place)
        if not match:
            break
        parameters.setdefault(match[1].upper(), match[2])
        place = match.end()
    if line[place : place + 1] != ":":
        # A colon or a quotation mark where none may be: an address is still an address.
        address = _ADDRESS.search(line, place)
        place = address.start() if address else line.find(":", place)
        if place < 0:
            return None
    elif address := _ADDRESS.match(line, _unquoted_colon(line, place)):
        place = address.start()
    return Property(name[1].upper(), parameters, line[place + 1 :])


def _unquoted_colon(line: str, place: int) -> int:
    """`CN=Berg: Anna:mailto:…`, unquoted: the colon before `mailto:` when it is not the first one."""
    if line[place + 1 : place + 9].lower().lstrip().startswith("mailto:"):
        return place
    found = _ADDRESS.search(line, place)
    return found.start() if found and line[:place].upper().startswith(("ATTENDEE", "ORGANIZER")) else place

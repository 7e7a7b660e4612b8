"""Reading commands: the lines of a mail to `N-request@` as commands, unknown lines and where reading stops. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lists.words.command_text import says_nothing, understood
from lists.words.commands import ALONE, WITH_TEXT, WITH_VALUE, Command, phrases, printed
from mailsvc.cases.reading.text import words_of

MOST_UNKNOWN: Final = 5
MOST_LINES: Final = 50
LONGEST_LINE: Final = 300
LONGEST_VALUE: Final = 4000
CLEARLY: Final = 0.05  # how much nearer than its opposite a command must look to be suggested
OPPOSITES: Final = (
    *((Command.JOIN, Command.LEAVE), (Command.ADD, Command.REMOVE)),
    *((Command.OWN_COPY_ON, Command.OWN_COPY_OFF), (Command.HIDE_ON, Command.HIDE_OFF)),
)
_PREFIX: Final = re.compile(r"\s*(?:re|sv|vs|vb|aw|fwd?|videresendt|vidarebefordrat)\s*:\s*", re.IGNORECASE)
_REPLY: Final = re.compile(r"\A(?:\s*(?:re|sv|vs|aw)\s*:)+\s*", re.IGNORECASE)
_GREETING: Final = re.compile(
    r"(hej|hei|hejsa|halloj?|hallå|hi|hello|dear|kära|kjære|kære|god\s?(morgon|morgen|dag)|tjena)\b[^.!?:]{0,40}[,!.]*",
    re.IGNORECASE,
)
_POLITE: Final = re.compile(
    r"(tack|tak|takk|thanks|thank you|mvh|vh|hilsen|hälsningar|med vänlig hälsning).*", re.IGNORECASE
)

# Behind a command on its own line: "börja igen, tack".
_POLITE_WORD: Final = re.compile(
    r"\W*(?:tack|tak|takk|thanks|thank you|please|snälla|venligst|vennligst)(?: (?:på förhand|på forhånd|så mycket))?",
    re.IGNORECASE,
)

# In front of a command on its own line: "Hej Karin! Vilka är med?", "please add bo@example.net".
_POLITE_START: Final = re.compile(
    rf"(?:{_GREETING.pattern[: _GREETING.pattern.rindex('[,!.]*')]}[,!.]+\s*)?"
    r"(?:(?:please|kindly|snälla|vänligen|venligst|vennligst|ver venleg)\b[,!.]*\s*)?",
    re.IGNORECASE,
)

# Around a command: the number or dash of a list, and the quotation marks that our letters print around words.
_WRAPPED: Final = re.compile(r"""(?:\d{1,2}[.)]\s+|[-–•*]\s+)?["”“»«'’‘]*(?P<said>.*?)["”“»«'’‘]*[.,!;]?$""")

_OF_PEOPLE: Final = frozenset({Command.ADD, Command.REMOVE, Command.MODERATE, Command.TRUST, Command.BAN})
_MYSELF: Final = frozenset({"me", "myself", "mig", "mej", "meg", "mig själv", "meg selv", "mig selv", "meg sjølv"})
_MAILBOX: Final = re.compile(r'(?:"[^"<>]{0,80}"|[^,;<>@"]{0,80}?)\s*<?[^\s<>@,;"]{1,64}@[^\s<>@,;"]{1,190}>?')


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a command with what stands behind it, or, with command None, unknown words and the nearest known."""

    text: str
    command: Command | None
    argument: str = ""
    nearest: tuple[str, ...] = ()


def read(subject: str, body: str, language: str) -> tuple[Line, ...]:
    """The commands of a mail: the subject when it is one, then the body's first lines, each once."""
    found: list[Line] = []
    first = _read_line(_PREFIX.sub("", subject), language)
    if first.command in WITH_VALUE:  # its value may be the body
        body = f"{_PREFIX.sub('', subject)}\n{body}"
    elif first.command is not None:
        found.append(first)
        if first.command in WITH_TEXT:
            return tuple(found)
    for line in _body_lines(body, language):
        if not any((line.command, line.argument) == (one.command, one.argument) for one in found if line.command):
            found.append(line)
    if first.command is not None and not first.argument and first.command in {one.command for one in found[1:]}:
        del found[0]  # "Semester" over "semester till 7 januari" is a heading
    return tuple(one for line in found for one in _each_person(line))


def _each_person(line: Line) -> Iterator[Line]:
    """A line that names several addresses as a line for each: "add a@example.org, b@example.org"."""
    several = _MAILBOX.findall(line.argument) if line.command in _OF_PEOPLE and line.argument.count("@") > 1 else []
    if len(several) < 2:
        yield line
        return
    said = line.text[: line.text.find(line.argument)]
    for one in several:
        yield replace(line, text=f"{said}{one.strip()}", argument=one.strip())


def _body_lines(body: str, language: str) -> Iterator[Line]:
    unknown = 0
    commands = 0
    lines = body.splitlines()[:MOST_LINES]
    while lines:
        text = lines.pop(0)
        if text.rstrip() == "--":
            return
        if not text.strip():
            if commands:
                return
            continue
        if _GREETING.fullmatch(text.strip()):
            continue
        line = _read_line(text, language)
        if line.command is None:
            if commands and _POLITE.fullmatch(text.strip()):
                return
            unknown += 1
        else:
            commands += 1
        yield _with_value(line, lines) if line.command in WITH_VALUE else line
        if line.command in WITH_TEXT:
            return
        if unknown == MOST_UNKNOWN:
            return


def _with_value(line: Line, lines: list[str]) -> Line:
    """The line with the lines below it that belong to its value, which are taken off `lines`.

    The value ends at an empty line, or where the next such command begins; between two of them empty lines are no end.
    """
    value = [line.argument] if line.argument else []
    while not value and lines and not lines[0].strip():
        lines.pop(0)
    while lines and lines[0].strip() and lines[0].rstrip() != "--" and not _begins_value(lines[0]):
        if _POLITE.fullmatch(lines[0].strip()):
            break
        value.append(lines.pop(0).rstrip())
    following = next((place for place, text in enumerate(lines) if text.strip()), len(lines))
    if following < len(lines) and _begins_value(lines[following]):
        del lines[:following]
    return replace(line, argument="\n".join(value))


def _begins_value(text: str) -> bool:
    found = _command_at(text.strip()[:LONGEST_LINE])
    return found is not None and found[0] in WITH_VALUE


def _read_line(text: str, language: str) -> Line:
    shown = text.strip()[:LONGEST_LINE]
    wrapped = _WRAPPED.match(shown)
    unwrapped = wrapped["said"] if wrapped is not None else shown
    for said in dict.fromkeys((shown, _POLITE_START.sub("", shown), unwrapped)):
        found = _command_at(said)
        if found is not None and found[0] in WITH_VALUE:
            found = _command_at(text.strip()[:LONGEST_VALUE]) or found
        if found is not None and found[0] is Command.ADD and found[1].lower() in _MYSELF:
            return Line(shown, Command.JOIN)
        if found is not None:
            return Line(shown, *found)
    command = understood(shown)
    if command is not None:
        return Line(shown, command)
    return Line(shown, None, nearest=_nearest(words_of(_POLITE_START.sub("", shown)), language))


def _command_at(text: str) -> tuple[Command, str] | None:
    """The longest command phrase that the text begins with, and what stands behind it."""
    words = words_of(text)
    for length in range(min(len(words), 5), 0, -1):
        command = phrases().get(words[:length])
        if command is None:
            continue
        argument = _behind(text, length, typed=command in WITH_VALUE)
        if (command in ALONE or command is Command.RESUME) and _POLITE_WORD.fullmatch(argument):
            argument = ""
        if not (command in ALONE and argument):
            return command, argument
    return None


def _behind(text: str, words: int, *, typed: bool = False) -> str:
    """What stands behind the first `words` words, as it was typed; a question mark there does no harm.

    With `typed` nothing at its end is cut off either: it will be shown to others.
    """
    match = re.match(rf"(?:\W*[\w'’-]+){{{words}}}", text)
    rest = text[match.end() :] if match else ""
    return rest.lstrip(" \t:=").rstrip() if typed else rest.strip(" \t.:!,;?")


def _nearest(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Known commands that look like these words, in the reader's language; never one as near as its opposite."""
    known = [" ".join(phrase) for phrase in phrases()]
    near: dict[Command, float] = {}
    for length in (1, 2, 3):
        said = " ".join(words[:length])[:40]
        for one in difflib.get_close_matches(said, known, n=2, cutoff=0.75):
            command = phrases()[tuple(one.split(" "))]
            near[command] = max(near.get(command, 0.0), difflib.SequenceMatcher(None, one, said).ratio())
    if words[:1] == ("resumé",):  # an English command, and a Danish or Norwegian word for a digest (words.md §6)
        return (printed(Command.DIGEST, language), printed(Command.RESUME, language))
    for one, other in OPPOSITES:
        if one in near and other in near:
            ahead = near[one] - near[other]
            for loser in (one, other) if abs(ahead) < CLEARLY else (other if ahead > 0 else one,):
                del near[loser]
    near.pop(Command.TRUST, None)  # "stoppa x@example.com" must not lead anybody to it
    return tuple(printed(command, language) for command in near)


def is_bare_command(subject: str, new_text: str) -> bool:
    """Whether a post is nothing but "avanmäl mig", "unsubscribe", "ta bort mig från listan" (words.md §7.2).

    With nothing in the body but a greeting or a signature the subject is asked the same.
    """
    if says_nothing(new_text):
        return understood(_REPLY.sub("", subject)[:LONGEST_LINE]) is not None
    return understood(new_text) is not None

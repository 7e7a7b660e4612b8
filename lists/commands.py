"""Reading commands: the lines of a mail to `N-request@` as commands, unknown lines and where reading stops. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lists.command_words import ALONE, Command, phrases, printed
from mailsvc.cases.answer_text import words_of

MOST_UNKNOWN: Final = 5
MOST_LINES: Final = 50
LONGEST_LINE: Final = 300
_PREFIX: Final = re.compile(r"\s*(?:re|sv|vs|vb|aw|fwd?|videresendt|vidarebefordrat)\s*:\s*", re.IGNORECASE)
_GREETING: Final = re.compile(
    r"(hej|hei|hejsa|halloj?|hallå|hi|hello|dear|kära|kjære|kære|god\s?(morgon|morgen|dag)|tjena)\b[^.!?:]{0,40}[,!.]*",
    re.IGNORECASE,
)
_POLITE: Final = re.compile(
    r"(tack|tak|takk|thanks|thank you|mvh|vh|hilsen|hälsningar|med vänlig hälsning).*", re.IGNORECASE
)


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
    if first.command is not None:
        found.append(first)
    for line in _body_lines(body, language):
        if not any((line.command, line.argument) == (one.command, one.argument) for one in found if line.command):
            found.append(line)
    return tuple(found)


def _body_lines(body: str, language: str) -> Iterator[Line]:
    unknown = 0
    commands = 0
    for text in body.splitlines()[:MOST_LINES]:
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
        yield line
        if unknown == MOST_UNKNOWN:
            return


def _read_line(text: str, language: str) -> Line:
    shown = text.strip()[:LONGEST_LINE]
    words = words_of(shown)
    for length in range(min(len(words), 5), 0, -1):
        command = phrases().get(words[:length])
        if command is None:
            continue
        argument = _behind(shown, length)
        if command in ALONE and argument:
            break
        return Line(shown, command, argument)
    return Line(shown, None, nearest=_nearest(words, language))


def _behind(text: str, words: int) -> str:
    """What stands behind the first `words` words, as it was typed."""
    match = re.match(rf"(?:\W*[\w'’-]+){{{words}}}", text)
    rest = text[match.end() :] if match else ""
    return rest.strip(" \t.:!,;").strip("<>")


def _nearest(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Known commands that look like these words, in the reader's language; never one whose opposite is as near."""
    known = [" ".join(phrase) for phrase in phrases()]
    near: list[str] = []
    for length in (1, 2, 3):
        near += difflib.get_close_matches(" ".join(words[:length])[:40], known, n=2, cutoff=0.75)
    commands = dict.fromkeys(phrases()[tuple(one.split(" "))] for one in near)
    if {Command.JOIN, Command.LEAVE} <= set(commands) or {Command.ADD, Command.REMOVE} <= set(commands):
        return ()
    return tuple(printed(command, language) for command in commands)


_MISPLACED: Final = frozenset({Command.JOIN, Command.LEAVE})
_ABOUT_LIST: Final = re.compile(
    r"\s*((från|fra|frå|från|from|av|til|till|to)\s+)?((den här|denne|this|the)\s+)?"
    r"((e-?post|mail|mejl|sänd)?(listan?|lista|listen|listo|list|gruppen|gruppa|group))?\W*"
    r"(tack|tak|takk|thanks|please|snälla|vänligen)?\W*",
    re.IGNORECASE,
)


def is_bare_command(text: str) -> bool:
    """Whether a post is nothing but "avanmäl mig", "unsubscribe", "ta bort mig från listan" (words.md §7.2)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = [line for line in lines[:6] if not _GREETING.fullmatch(line) and not _POLITE.fullmatch(line)]
    if not said or len(said) > 1 or len(lines) > 8:
        return False
    line = _read_line(said[0], "en")
    if line.command not in _MISPLACED:
        return False
    return not line.argument or bool(_ABOUT_LIST.fullmatch(line.argument))

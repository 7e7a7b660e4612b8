"""Reading one Authentication-Results field (RFC 8601 §2.2): tolerant in spelling, strict where readings differ."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 16 * 1024
_MOST_RESULTS = 100

_PAIR = re.compile(
    r"""([A-Za-z][A-Za-z0-9_.-]{0,60})(?:\s*/\s*\d{1,3})?\s*=\s*((?:"(?:[^"\\]|\\.)*"|[^\s";()])+)""", re.DOTALL
)
_ID = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|[^\s";=()]+)(?:\s+\d{1,3})?\s*""")


@dataclass(frozen=True, slots=True)
class Result:
    """One `method=result`: names and result in lower case, properties (`header.d`) as they came, comments beside."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()
    comments: str = ""

    def get(self, name: str) -> str:
        """The first property of that name (lower case), "" when absent."""
        for key, value in self.properties:
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class AuthResults:
    """`authserv_id` in lower case, "" for Microsoft's fields that begin with the first result."""

    authserv_id: str
    results: tuple[Result, ...]

    def of(self, method: str) -> tuple[Result, ...]:
        """All results of a method."""
        return tuple(result for result in self.results if result.method == method)


def parse_auth_results(value: str) -> AuthResults | None:
    """The field's value, unfolded; None when a quote or comment does not end or it has no recognisable beginning."""
    if len(value) > LONGEST:
        return None
    segments = _segments(value)
    if not segments:
        return None
    head, *rest = segments
    if "=" in head[0]:
        authserv_id, rest = "", segments
    else:
        match = _ID.fullmatch(head[0])
        if not match:
            return None
        authserv_id = _unquote(match[1]).lower()
    results = []
    for text, comments in rest[:_MOST_RESULTS]:
        result = _result(text, comments)
        if result:
            results.append(result)
    return AuthResults(authserv_id, tuple(results))


def _segments(value: str) -> list[tuple[str, str]] | None:
    """The parts between semicolons, comments taken out (and kept aside); None when something does not end."""
    segments: list[tuple[str, str]] = []
    text: list[str] = []
    comments: list[str] = []
    depth = 0
    for match in re.finditer(r"""\\.|"(?:[^"\\]|\\.)*"|[();"\\]|[^();"\\]+""", value, re.DOTALL):
        piece = match[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            if depth == 0:
                return None
            depth -= 1
        elif depth:
            # Quotes mean nothing in a comment, but a parenthesis inside them would be read differently by others.
            if piece.startswith('"') and re.search(r"[()]", piece):
                return None
            comments.append(piece)
            continue
        elif piece == ";":
            segments.append(("".join(text), " ".join(comments)))
            text, comments = [], []
        elif piece in ('"', "\\"):
            return None
        else:
            text.append(piece)
        if piece in "()":
            text.append(" ")
            comments.append(" ")
    if depth:
        return None
    segments.append(("".join(text), " ".join(comments)))
    return segments


def _result(text: str, comments: str) -> Result | None:
    pairs = [(match[1].lower(), _unquote(match[2])) for match in _PAIR.finditer(text)]
    if not pairs or "." in pairs[0][0]:
        return None
    method, result = pairs[0]
    return Result(method, result.lower(), tuple(pairs[1:]), comments)


def _unquote(text: str) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text

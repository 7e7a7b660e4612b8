"""What people wrote, made fit for a letter: no control characters, nothing that hides where their words end."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

LONGEST_SUBJECT: Final = 150

# Everything that some reader takes for a line break: inside a quote each new line must get its mark.
_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Not allowed in XML, or turning around how the text after them reads.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_CASE_MARK: Final = re.compile(r"\[(?=\s*#\s*\d)")


def cleaned(values: Mapping[str, object]) -> dict[str, object]:
    """The values of a template, every string in them cleaned; line breaks are LF."""
    return {key: _clean(value) for key, value in values.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", _BREAKS.sub("\n", value))
    if isinstance(value, Mapping):
        return cleaned(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def subject_line(rendered: str, frame: str = "%(subject)s") -> str:
    """A rendered subject inside `frame` as plain text on one line, not too long; only we write `[#142]` into it."""
    text = frame % {"subject": " ".join(html.unescape(rendered).split())}
    text = _CASE_MARK.sub("(", text)
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1].rstrip() + "…"

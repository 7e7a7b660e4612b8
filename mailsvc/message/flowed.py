"""Text of letters on the wire: format=flowed (RFC 3676) and quoted-printable (RFC 2045 §6.7)."""

from __future__ import annotations

import binascii
import re

WIDTH = 72
"""Longest flowed line, its trailing blank included, where words allow."""

_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTE = re.compile(r"(>+) ?")
_WORD = re.compile(r"[^ ]* ?")


def clean_text(text: str) -> str:
    """`text` with LF line ends only, without control characters other than the tab, ending in one LF."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text)).rstrip("\n") + "\n"


def flowed(text: str) -> str:
    """`text` (one paragraph per line) as format=flowed with LF line ends (RFC 3676 §4).

    Long lines get soft breaks, lines beginning with a blank, `>` or `From ` are space-stuffed. A line that begins
    with `>` is quoted text and stays so on each of its lines. `-- ` alone is a signature mark.
    """
    return "".join(part + "\n" for line in clean_text(text)[:-1].split("\n") for part in _flow_line(line))


def quoted_printable(text: str) -> bytes:
    """`text` (LF line ends) as UTF-8 in quoted-printable with CRLF line ends, no line over 76 octets."""
    return b"\r\n".join(_qp_line(line.encode()) for line in text.split("\n"))


def _qp_line(line: bytes) -> bytes:
    """One line without its end; `From ` at the start of a wire line is broken up, mbox files would put a `>` there."""
    encoded = b"\n" + binascii.b2a_qp(line, quotetabs=False, istext=True, header=False)
    return encoded.replace(b"\nFrom ", b"\n=46=\nrom ")[1:].replace(b"\n", b"\r\n")


def _flow_line(line: str) -> list[str]:
    """The wire lines of one paragraph."""
    quote = _QUOTE.match(line)
    prefix = f"{quote[1]} " if quote else ""
    rest = line[quote.end() :] if quote else line
    if rest == "-- ":
        return [prefix + rest]
    if not rest.strip(" "):
        return [prefix.rstrip(" ")]
    lines: list[str] = []
    current = ""
    for word in _WORD.findall(rest.rstrip(" ")):
        # "-- " alone on a line would read as a signature mark, so nothing is broken right after it.
        if current and current != "-- " and len(prefix) + len(current) + len(word) > WIDTH:
            lines.append(current)
            current = ""
        current += word
    lines.append(current)
    return [prefix + one if prefix else _stuffed(one) for one in lines]


def _stuffed(line: str) -> str:
    """RFC 3676 §4.4: one blank before what a reader or a mailbox file would take for something else."""
    return f" {line}" if line.startswith((" ", ">", "From ")) else line

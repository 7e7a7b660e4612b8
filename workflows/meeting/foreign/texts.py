"""What calendar programs write into DESCRIPTION, as text for everybody: without markup and without private links.

Google sends HTML and adds a section of its own, in which a link with the attendee's own key stands: whoever has it
answers in their name. How to take part by web or telephone is kept (3-mail "Invitations").
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.html_text import html_text

_MARKUP: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|html|html-blob|i|li|ol|p|s|span|strong|u|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_FENCE: Final = re.compile(r"-::(?:~:|~|:){6,400}-")
_PRIVATE: Final = re.compile(
    r"https?://(?:calendar|www)\.google\.com/(?:calendar/)?(?:u/\d+/)?(?:r/)?event(?:edit)?\?", re.IGNORECASE
)
_RULER: Final = re.compile(r"[_=*~-]{20,}")
_WAY_IN: Final = re.compile(r"https?://|\+?\d[\d\s()-]{4,}")


def described(text: str) -> str:
    """A DESCRIPTION as plain text."""
    lines = (_plain(text) if _MARKUP.search(text) else text).split("\n")
    kept: list[str] = []
    fenced = False
    for line in lines:
        if _FENCE.fullmatch(line.strip()):
            fenced = not fenced
        elif _RULER.fullmatch(line.strip()):
            kept.append("")
        elif not _PRIVATE.search(line) and (not fenced or _WAY_IN.search(line)):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _plain(text: str) -> str:
    """HTML as these programs mean it: a line's end in it is one that is seen."""
    return html_text(text.replace("\n", "<br>")).replace("\N{NO-BREAK SPACE}", " ")

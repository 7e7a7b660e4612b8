"""What somebody wrote beside a calendar's answer, in the mail and not in the calendar. Pure.

Some programs leave the mail's text to its author. Most write a sentence of their own there, which says again what the
calendar says: that is nobody's comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 400
_MOST_LINES: Final = 6
_SHORTEST_NAME: Final = 4
_ITS_OWN: Final = (
    "google",
    "apple",
    "mozilla",
    "thunderbird",
    "nextcloud",
    "sogo",
    "zimbra",
    "zoho",
    "icloud",
    "yahoo",
)
# What programs' own sentences have in them, in our languages and some that clients are left in.
_SENTENCE: Final = re.compile(
    r"@|https?://|answer|accept|declin|tentativ|invit|attend|calendar|confirmed|automatic"
    r"|kalender|inbjud|innbyd|innkall|indkald|kallels|mötesförfrågan|møteforesp|svar|godkän|godkend|godtatt|godtek"
    r"|tackat|takket|takka|avböj|avslå|avslått|afvis|afslå|avvis|preliminär|foreløbig|førebels|deltar|deltager|deltek"
    r"|einladung|zugesagt|abgesagt|absage|zusage|kutsu|hyväksy",
    re.IGNORECASE,
)


def written(text: str, product: str, known: Sequence[str]) -> str:
    """`text` (what is new in the mail) when a person wrote it, else "".

    `product` is the calendar's PRODID; `known` are what a program's own sentence would name: the meeting, the people.
    """
    text = text.strip()
    program = product.lower()
    if any(one in program for one in _ITS_OWN) or len(text) > _LONGEST or text.count("\n") >= _MOST_LINES:
        return ""
    low = text.casefold()
    names = [one.casefold() for one in known if len(one) >= _SHORTEST_NAME]
    return "" if _SENTENCE.search(text) or any(one in low for one in names) else text

"""Posts that are shared in confidence: how their authors say so. Pure.

A subject that begins with a word for it (`Confidential: …`, `[förtroligt] …`, also behind Re:), or the mark that mail
programs set themselves (`Sensitivity`, RFC 2156 §5.3.4). Nothing else in a mail makes it so: many employers put the
word below every mail.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.parsing import Message

LONGEST: Final = 300  # characters of a subject that are looked at
_WORDS: Final = """confidential|in confidence|strictly confidential|konfidentiellt|konfidentiell|i förtroende|förtroligt
    |konfidentielt|fortroligt|i fortrolighed|konfidensielt|konfidensiell|fortrolig|i fortrolighet|fortruleg
    |i fortruleg samtale"""
_REPLIED: Final = r"(?:(?:re|sv|vs|aw|antw|ang|fw|fwd|vb)\s*(?:\[\d+\])?\s*:\s*)*"
_MARKED: Final = re.compile(
    rf"\s*{_REPLIED}(?:[\[(]\s*(?:{''.join(one.strip() for one in _WORDS.splitlines())})\s*[\])]"
    rf"|(?:{''.join(one.strip() for one in _WORDS.splitlines())})\s*(?:[:–—]|-\s|$))",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"\s*\[[^\[\]]{0,60}\]\s*")
_SENSITIVE: Final = frozenset({"company-confidential", "private", "personal"})


def is_confidential(message: Message) -> bool:
    """Whether the author asks that later joiners do not see this post, nor anybody outside the group."""
    sensitivity = (message.get("sensitivity") or "").strip().lower()
    return sensitivity in _SENSITIVE or subject_says_so(message.subject)


def subject_says_so(subject: str) -> bool:
    """The same of a subject alone; one group's prefix in brackets may stand before the word."""
    subject = subject[:LONGEST]
    if _MARKED.match(subject) is not None:
        return True
    prefix = _PREFIX.match(subject)
    return prefix is not None and _MARKED.match(subject[prefix.end() :]) is not None

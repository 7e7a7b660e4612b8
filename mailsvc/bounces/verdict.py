"""What a failed delivery says of the address, by its enhanced status code (RFC 3463) and the server's own words.

Only "there is no such mailbox" counts against an address (5-quality "Bounces"). That a mail was taken for spam, was too
large, or that a mailbox is full, says something about the mail or the moment.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

LONGEST_TEXT: Final = 2000


class Verdict(StrEnum):
    """GONE: nobody has this address. REFUSED: for good, for another reason. LATER: it was, or may be, tried again."""

    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"


_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")
_REPLY: Final = re.compile(r"(?<![\d.])([45])\d\d[ -]")
# Subjects 1.7 and 1.8 are about the sender's address (RFC 3463 §3.2); 2.1 is a mailbox that was shut.
_OURS: Final = frozenset({"7", "8"})
# The mail, the moment or the way: never the address, whatever the words are (subjects 6 and 7 whole).
_NOT_THE_ADDRESS: Final = frozenset({"3.4", "2.2", "4.6"})
_SAYS_NOTHING: Final = frozenset({"0.0", "5.0", "3.0", "2.0", "1.0", "4.0"})

# What servers write of a mailbox that they do not have, where their code says no more than "refused".
_NOBODY: Final = re.compile(
    r"""
    (?:user|recipient|mailbox|account|address|alias|person)\b[^.\n]{0,60}?\b
      (?:unknown|not\ found|(?:does|do)(?:\ not|n.?t)\ exist|not\ exist|no\ longer\ exists|not\ listed|not\ known
      |no\ longer\ (?:valid|available|in\ use|with\ us)|is\ invalid|nonexistent|non-existent)
    | (?:unknown|no\ such|invalid|non-?existent|nonexisting)\ (?:local\ )?
      (?:user|recipient|mailbox|account|address|person|local[ -]?part|e-?mail\ address)
    | no\ (?:mailbox|account|user)\ (?:here\ )?(?:(?:by|with|of)\ (?:that|this)\ name|here)
    | (?:doesn.?t|does\ not)\ have\ (?:an?\ )?[^\n]{0,40}\baccount
    | recipient\ address\ rejected:\ access\ denied  # Exchange Online, of a recipient that the tenant does not have
    | not\ our\ customer | unroute?able\ (?:mail\ domain|address) | Recip(?:ient)?NotFound
    | (?:delivery|mail)\ to\ [^\n]{0,80}\ (?:user\ )?unknown | not\ listed\ in\ (?:domino\ directory|public\ name)
    | host\ (?:or\ domain\ name\ )?not\ found | domain\ (?:does\ not\ exist|not\ found) | NXDOMAIN
    """,
    re.VERBOSE | re.IGNORECASE,
)


def status_of(status: str, text: str) -> str:
    """The enhanced code that says most: the field's own, else the one in the server's words; "" where none is.

    `5.0.0` of a gateway hides the `5.1.1` that the last server gave it.
    """
    own = _STATUS.search(status)
    if own is not None and f"{own[2]}.{own[3]}" not in _SAYS_NOTHING:
        return own[0]
    for found in _STATUS.finditer(text[:LONGEST_TEXT]):
        if found[1] != "2" and f"{found[2]}.{found[3]}" not in _SAYS_NOTHING and (own is None or found[1] == own[1]):
            return found[0]
    if own is not None:
        return own[0]
    reply = _REPLY.search(text[:LONGEST_TEXT])
    return f"{reply[1]}.0.0" if reply else ""


def verdict(status: str, text: str) -> Verdict:
    """What a delivery that failed with this Status field (or "") and these words says of its address."""
    found = status_of(status, text)
    if found.startswith(("4.", "2.")):
        return Verdict.LATER
    subject, detail = found.split(".")[1:] if found else ("0", "0")
    if subject == "1" and detail != "0":
        return Verdict.REFUSED if detail in _OURS else Verdict.GONE
    if (subject, detail) == ("2", "1"):
        return Verdict.GONE
    if subject in ("6", "7") or f"{subject}.{detail}" in _NOT_THE_ADDRESS:
        return Verdict.REFUSED
    return Verdict.GONE if _NOBODY.search(text[:LONGEST_TEXT]) else Verdict.REFUSED

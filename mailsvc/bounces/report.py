"""Bounces read: which deliveries failed, with what code and words (RFC 3464, RFC 6533), and what servers write instead.

The machine-readable part is ours to read; the shapes of those who have none are known to flufl.bounce.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from typing import Final

from flufl.bounce import all_failures

from mailsvc.bounces.verdict import LONGEST_TEXT, Verdict, status_of, verdict
from mailsvc.message.address import parse_address
from mailsvc.message.parsing import Message
from mailsvc.message.parts import part_data

LARGEST: Final = 100 * 1024  # octets of a bounce that are looked at; what it returns behind that is not needed
MOST: Final = 100  # recipients
_STATUS_PARTS: Final = ("message/delivery-status", "message/global-delivery-status")
_FIELD: Final = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FAILED: Final = frozenset({"failed", "failure"})
_NO_FAILURE: Final = frozenset({"delivered", "relayed", "expanded"})
_DAEMON: Final = re.compile(r"(?:mailer-?daemon|postmaster|mail-?delivery|mdaemon|mail ?system)\b", re.IGNORECASE)
_UNDELIVERED: Final = re.compile(
    r"undeliver|delivery (?:status|fail|has failed|problem|notification)|returned (?:mail|to sender)|failure notice"
    r"|mail (?:delivery|could not|system error)|could not be delivered|not delivered|nondeliver|non remis"
    r"|oleverer|kan inte leverer|inte kunde leverer|ikke kunne lever|ikke lever(?:et|t)|ikkje levert|unzustellbar",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient to whom a mail did not get. `address` is "" where the bounce does not say; `status` may be "".

    `final` is False of a warning that it is tried again.
    """

    address: str
    status: str
    text: str
    verdict: Verdict
    final: bool


def read_report(message: Message, *, null_sender: bool) -> tuple[Failure, ...]:
    """Who did not get a mail of ours, by what came to a bounce address; () for what is no bounce. Never raises."""
    words = _words(message)
    told = _status_part(message, words)
    if told is not None:
        return tuple(told)
    later, gone = _known_shapes(message)
    found = [_failure(one, "", words, final=True) for one in gone]
    found += [Failure(one, status_of("", words), words, Verdict.LATER, final=False) for one in later]
    if found or not _is_bounce(message, null_sender=null_sender):
        return tuple(found)
    return (_failure("", "", words, final=not status_of("", words).startswith("4.")),)


def returned_ids(message: Message) -> frozenset[str]:
    """The Message-IDs, without angle brackets, in what a bounce gives back of the mail that it is about."""
    return frozenset(_RETURNED_ID.findall(message.content[message.body : message.body + LARGEST].decode("latin-1")))


_RETURNED_ID: Final = re.compile(
    r"^[ >]{0,4}Message-ID:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{3,250})>", re.MULTILINE | re.IGNORECASE
)


def _is_bounce(message: Message, *, null_sender: bool) -> bool:
    """What no parser knows: from a mail system, about a mail that did not arrive."""
    author = (message.get("from") or "")[:300]
    return (null_sender or bool(_DAEMON.search(author))) and bool(_UNDELIVERED.search(message.subject[:300]))


def _failure(address: str, status: str, text: str, *, final: bool) -> Failure:
    return Failure(address, status_of(status, text), text, verdict(status, text), final)


# ---- RFC 3464


def _status_part(message: Message, words: str) -> list[Failure] | None:
    """What the machine-readable part says; None where there is none that can be read, [] where nobody failed."""
    for part in message.parts:
        if part.content_type in _STATUS_PARTS and not part.enclosed:
            data = part_data(message.content, part, LARGEST).decode("utf-8", "replace").replace("\r\n", "\n")
            found = _blocks(data, words)
            if found is not None:
                return found
    return None


def _blocks(data: str, words: str) -> list[Failure] | None:
    """The groups of fields, one for each recipient; the first is about the mail (RFC 3464 §2.1).

    Where no group says why, `words` may, which were written for people.
    """
    found: list[Failure] = []
    told = False
    for block in re.split(r"\n[ \t]*\n", data)[: MOST + 1]:
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
        recipient = fields.get("final-recipient") or fields.get("original-recipient")
        if recipient is None and not ("status" in fields and "action" in fields):
            continue
        told = True
        action = fields.get("action", "failed").split(" ", 1)[0].strip(";").lower()
        if action in _NO_FAILURE:
            continue
        text = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "") or words
        status = fields.get("status", "")
        found.append(_of_block(_address(fields), status, text[:LONGEST_TEXT], failed=action in _FAILED))
    return found if told else None


def _of_block(address: str, status: str, text: str, *, failed: bool) -> Failure:
    if not failed:  # delayed, or a word that nobody knows
        return Failure(address, status_of(status, text), text, Verdict.LATER, final=False)
    return _failure(address, status, text, final=True)


def _address(fields: dict[str, str]) -> str:
    """The address as we wrote it, where the server kept that; "rfc822; <anna@example.org>"."""
    for name in ("original-recipient", "final-recipient"):
        kind, semicolon, value = fields.get(name, "").rpartition(";")
        address = parse_address(value.strip().strip("<>"))
        if address is not None and (not semicolon or kind.strip().lower() in ("rfc822", "utf-8")):
            return str(address)
    return ""


# ---- what others write


def _known_shapes(message: Message) -> tuple[list[str], list[str]]:
    """Temporary and permanent failures in the shapes that flufl.bounce knows, at most MOST each."""
    try:
        later, gone = all_failures(email.message_from_bytes(message.content[:LARGEST], policy=email.policy.compat32))
    except Exception:  # noqa: BLE001 - a parser of a hundred shapes, on a stranger's bytes: what it cannot take is no bounce
        return [], []
    return _addresses(later - gone), _addresses(gone)


def _addresses(found: frozenset[bytes]) -> list[str]:
    read = (parse_address(one.decode("utf-8", "replace")) for one in sorted(found)[:MOST])
    return [str(one) for one in read if one is not None]


def _words(message: Message) -> str:
    """What the mail system wrote for people, without what it gives back of our mail."""
    texts = [part.text for part in message.parts if part.text is not None and not part.enclosed]
    return (texts[0] if texts else "")[:LONGEST_TEXT]

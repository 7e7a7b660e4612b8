"""What kind of thing a mail is beyond its text: unreadable, a calendar object, a reaction, a receipt, a recall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mailsvc.message.parts import Part, part_data

_LONGEST_CALENDAR = 64 * 1024
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_RECALLS = re.compile(
    r"""(?: \s+would\s+like\s+to\s+recall\s+the\s+message
          | \s+vill\s+(?:gärna\s+)?återkalla\s+(?:meddelandet|e-postmeddelandet|meddelande)
          | \s+(?:vil\s+gerne|ønsker\s+at|vil)\s+tilbagekalde\s+(?:meddelelsen|mailen|e-mailen)
          | \s+(?:ønsker\s+å|vil(?:\s+gjerne)?)\s+(?:til)?bakekalle\s+(?:meldingen|e-postmeldingen|e-posten)
          | \s+(?:ønskjer\s+å|vil(?:\s+gjerne)?)\s+(?:kalle\s+tilbake|tilbakekalle)\s+(?:meldinga|e-postmeldinga) )""",
    re.VERBOSE | re.IGNORECASE,
)
_RECALL_SUBJECT = re.compile(r"(?:recall|återkalla|tilbagekald|tilbakekall|tilbakekalling)\s*:", re.IGNORECASE)
_READ_SUBJECT = re.compile(
    r"(?:read|läst|læst|lest|lese|not read|ej läst|oläst|inte läst|ikke læst|ulæst|ikke lest|ulest|ikkje lese|ulese"
    r"|gelesen|ungelesen|nicht gelesen|luettu|read receipt|läskvitto|læsekvittering|lesebekreftelse)\s*:",
    re.IGNORECASE,
)
# What Exchange writes below such a subject when the receipt came to it as plain text.
_READ_TEXT = re.compile(
    r"""(?:your\ message | ditt\ (?:e-?post)?meddelande | meddelandet | din\ (?:meddelelse|mail|e-mail|melding|e-post)
          | meddelelsen | meldingen(?:\ din)? | meldinga(?:\ di)? | e-postmeldingen(?:\ din)? )
        \b.{0,800}?\b
        (?: was\ (?:read|deleted\ without\ being\ read) | lästes | (?:har\ )?(?:lästs|blivit\ läst) | raderades\ utan
          | (?:blev|er\ (?:blevet\ )?)\s*læst | blev\ slettet\ uden | (?:ble|er)\ lest | ble\ slettet\ uten
          | (?:vart|blei|er)\ lesen? | (?:vart|blei)\ sletta\ utan )\b""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class Unreadable(StrEnum):
    """Why a person's text cannot be read here; NONE when it can."""

    NONE = ""
    TNEF = "winmail.dat"
    SMIME = "encrypted-smime"
    PGP = "encrypted-pgp"
    RPMSG = "rights-protected"


@dataclass(frozen=True, slots=True)
class Kinds:
    """`calendar_method` in upper case, "" without a calendar object or when it names none."""

    unreadable: Unreadable
    calendar_method: str
    reaction: bool
    receipt: bool
    recall: bool


def kinds_of(content: bytes, parts: tuple[Part, ...], subject: str) -> Kinds:
    """Look at structure and subject; text only where the subject already looks like an Outlook recall."""
    own = [part for part in parts if not part.enclosed]
    types = {part.content_type for part in own}
    tnef = any(part.content_type in _TNEF or part.name.lower() == "winmail.dat" for part in own)
    return Kinds(
        unreadable=_unreadable(own, types, tnef=tnef),
        calendar_method=_calendar_method(content, own),
        reaction="text/vnd.google.email-reaction+json" in types,
        receipt=_is_receipt(parts, own, subject, tnef=tnef),
        recall=_is_recall(own, subject, tnef=tnef),
    )


def _unreadable(own: list[Part], types: set[str], *, tnef: bool) -> Unreadable:
    if "application/x-microsoft-rpmsg-message" in types or any(part.name.lower() == "message.rpmsg" for part in own):
        return Unreadable.RPMSG  # its text only says that it is protected
    if "multipart/encrypted" in types:
        return Unreadable.PGP
    if any((part.text or "").strip() for part in own):
        return Unreadable.NONE
    if any(part.content_type in _SMIME or part.name.lower() == "smime.p7m" for part in own):
        return Unreadable.SMIME
    return Unreadable.TNEF if tnef else Unreadable.NONE


def _calendar_method(content: bytes, own: list[Part]) -> str:
    for part in own:
        if part.content_type in ("text/calendar", "application/ics") or part.name.lower().endswith(".ics"):
            method = part.parameters.get("method")
            if not method:
                data = part_data(content, part, _LONGEST_CALENDAR)
                found = re.search(rb"(?mi)^METHOD(?:;[^:\r\n]*)?:[ \t]*([A-Za-z-]{1,30})", data)
                method = found[1].decode("ascii") if found else ""
            if method:
                return method.strip()[:30].upper()
    return ""


def _is_receipt(parts: tuple[Part, ...], own: list[Part], subject: str, *, tnef: bool) -> bool:
    report = parts[0].parameters.get("report-type").lower()
    if report == "disposition-notification" or any(p.content_type == "message/disposition-notification" for p in own):
        return True
    if not _READ_SUBJECT.match(subject):
        return False
    return tnef or any(_READ_TEXT.search((part.text or "")[:2000]) for part in own)


def looks_read(subject: str) -> bool:
    """Whether a subject is that of a read receipt, `Läst: …`; people begin a subject like that too."""
    return bool(_READ_SUBJECT.match(subject))


def _is_recall(own: list[Part], subject: str, *, tnef: bool) -> bool:
    if not _RECALL_SUBJECT.match(subject):
        return False
    text = " ".join((part.text or "")[:2000] for part in own).strip()
    return tnef or not text or bool(_RECALLS.search(text))

"""Where the earlier mail begins: the header blocks, separators and "… wrote:" lines that clients put above a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from mailsvc.message.lines import Line, State

_LONGEST = 600  # characters of a line that may be such a header
_MOST_LINES = 4  # over which a "… wrote:" may be wrapped
_BLOCK = 9  # lines in which a header block shows itself


class Start(Enum):
    """What announces the quote."""

    WROTE = "wrote"  # "On … wrote:"; what follows may be marked line by line
    SEPARATOR = "separator"  # "-----Original Message-----"
    BLOCK = "block"  # "From: … Sent: … To: … Subject: …"


# words.md §7.6 first, then the clients of people who write to Nordic public bodies from elsewhere.
_FROM = (
    "from", "från", "fra", "frå", "avsändare", "afsender", "avsender", "avsendar", "lähettäjä", "von", "de", "van",
    "da", "от", "от кого",
)  # fmt: skip
_OTHER = {
    "sent": (
        "sent", "date", "skickat", "skickades", "datum", "sendt", "dato", "lähetetty", "päivämäärä", "päiväys",
        "gesendet", "envoyé", "verzonden", "enviado", "enviado el", "fecha", "data", "inviato", "отправлено", "дата",
    ),
    "to": (
        "to", "till", "til", "mottagare", "modtager", "mottaker", "mottakar", "vastaanottaja", "an", "à", "aan", "para",
        "a", "кому",
    ),
    "cc": ("cc", "kopia", "kopi", "kopia till", "kopi til", "kopio", "kopie", "copie", "копия"),
    "subject": (
        "subject", "ämne", "emne", "rubrik", "tittel", "aihe", "betreff", "objet", "onderwerp", "asunto", "assunto",
        "oggetto", "тема",
    ),
}  # fmt: skip
_GROUP = {label: group for group, labels in _OTHER.items() for label in labels} | dict.fromkeys(_FROM, "from")
_LABEL = re.compile(r"[\s>*_|]{0,12}([^\W\d_][^\W\d_]*(?: [^\W\d_]+)?)[ *_]{0,4}:", re.UNICODE)
_INLINE_LABEL = re.compile(r"(?:^|[\s*_])([^\W\d_]{2,15})[ *_]{0,4}:", re.UNICODE)

_ORIGINAL = (
    r"original message|original appointment|ursprungligt meddelande|ursprungligt e-postmeddelande|originalmeddelande"
    r"|oprindelig meddelelse|oprindelig besked|oprindelig mail|opprinnelig melding|opphavleg melding|original melding"
    r"|opprinnelig e-post|forwarded message|vidarebefordrat meddelande|vidarebefordrat brev|videresendt meddelelse"
    r"|videresendt melding|videresendt besked|vidaresendt melding|videresendt e-post|alkuperäinen viesti"
    r"|välitetty viesti|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré"
    r"|oorspronkelijk bericht|doorgestuurd bericht|mensaje original|mensagem original|messaggio originale"
    r"|исходное сообщение|пересылаемое сообщение|reply above this line"
)
_SEPARATOR = re.compile(
    rf"[\s>*]{{0,8}}[-_=*–—]{{2,60}}\s{{0,3}}(?:{_ORIGINAL})\s{{0,3}}:?\s{{0,3}}[-_=*–—]{{2,60}}", re.I
)
_BEGIN = re.compile(
    r"[\s>*]{0,8}(?:begin forwarded message|start på videresendt (?:besked|meddelelse|mail)"
    r"|begynnelse på videresendt (?:melding|e-post)|videresendt (?:melding|meddelelse|besked)"
    r"|(?:påbörja )?vidarebefordrat (?:brev|meddelande)|anfang der weitergeleiteten nachricht)\s{0,3}:\s{0,3}$",
    re.IGNORECASE,
)

# Notes and Verse: `-----Anna Berg/BIB wrote: -----`, `"Anna" ---23-11-2026 10:00:00---What she wrote`.
_NOTES = re.compile(
    r"[\s>]{0,8}(?:-{3,8}\s?(?:forwarded by|vidarebefordrat av|videresendt a[fv]|vidaresendt av)\s.{1,200}-{3,8}\s*$"
    r"|-{3,8}\s?\S.{0,200}\s(?:wrote|skrev|skreiv|schrieb)\s?:\s?-{3,8}\s*$"
    r"|\S.{0,150}\s-{2,3}\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[ ,]{1,2}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: [ap]m)?-{2,3})",
    re.IGNORECASE,
)
# GroupWise: `>>> Anna Berg <anna@example.org> 23-11-2026 10:00 >>>`, and nothing below it is marked.
_GROUPWISE = re.compile(r">>> .{1,300}\d{1,2}[:.]\d{2}\s?(?:[ap]m)?\s?>>>$", re.IGNORECASE)

_VERB = re.compile(
    r"\b(?:wrote|writes|skrev|skreiv|skriver|schrieb|schreef|écrit|escribió|escreveu|scritto|scris|napisał|napsal"
    r"|kirjoitti|skrifaði|írta|yazdı|kirjutas|rakstīja|rašė|написал|написала|пишет|писал|пише|έγραψε)"
    r"(?:\(a\))?(?!\w)|写道|寫道|のメール|書きました|작성|כתב",
    re.IGNORECASE,
)
_WEEKDAYS = (
    r"mon|tue|wed|thu|fri|sat|sun|mån|tis|ons|tor|fre|lör|sön|man|tir|lør|søn|tys|lau|må|ti|on|to|fr|lö|sö|lø|sø"
)
_OPENING = re.compile(
    r"[\s*]{0,6}(?:(?:on|den|på|am|le|el|il|op|em|dnia|w dniu|dne)\s+\S"
    rf"|(?:{_WEEKDAYS})[a-zåäöøæ]{{0,8}}\.?,?\s+\S{{0,4}}\d|\d)",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,190}")
_ANGLE = re.compile(r"<[^\s<>@]{1,64}@[^\s<>@]{1,190}>\s*[:：]$")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}(?!\d)")
_DATE = re.compile(
    r"\b(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}\d{2,4}|(?:19|20)\d\d)\b|\d年", re.UNICODE
)


def start_at(lines: Sequence[Line], place: int) -> tuple[Start, int] | None:
    """What begins at `lines[place]` and over how many lines, or None. Bounded work for each line."""
    text = lines[place].text
    if not text or len(text) > _LONGEST:
        return None
    if _SEPARATOR.match(text) or _BEGIN.match(text) or ("--" in text and _NOTES.match(text)):
        return Start.SEPARATOR, 1
    if _is_block(lines, place):
        return Start.BLOCK, 1
    length = _wrote(lines, place)
    return (Start.WROTE, length) if length else None


def all_below(text: str) -> bool:
    """Whether a line announces, with marks on itself alone, an earlier mail whose lines have none (GroupWise)."""
    return text.startswith(">>> ") and len(text) <= _LONGEST and _GROUPWISE.match(text) is not None


def _label(text: str) -> str:
    if ":" not in text[:120]:  # nearly always
        return ""
    match = _LABEL.match(text[:120])
    return _GROUP.get(match[1].lower(), "") if match else ""


def _is_block(lines: Sequence[Line], place: int) -> bool:
    """A From line and at least two of the other fields just below it, or all of them run together on one line."""
    text = lines[place].text
    if _label(text) != "from":
        return False
    inline = {_GROUP.get(match[1].lower(), "") for match in _INLINE_LABEL.finditer(text)} - {"", "from"}
    if len(inline) >= 2:
        return True
    below = {_label(line.text) for line in lines[place + 1 : place + 1 + _BLOCK]} - {"", "from"}
    return len(below) >= 2


def _wrote(lines: Sequence[Line], place: int) -> int:
    """Over how many lines a "… wrote:" stands that begins here; 0 for none."""
    if not _may_end(lines, place):
        return 0
    first = lines[place].text.strip()
    opens = bool(_OPENING.match(first))
    if first.startswith("<") or not (opens or _VERB.search(first) or _names_a_sender(first)):
        return 0
    joined = ""
    for count in range(min(_MOST_LINES, len(lines) - place)):
        line = lines[place + count]
        if line.blank or line.state is not lines[place].state:
            return 0
        joined = f"{joined} {line.text.strip()}"[: _LONGEST * 2]
        if joined.rstrip().endswith((":", "：")):
            if not _says_who_and_when(joined, opens=opens, marked=_marked_after(lines, place + count + 1)):
                return 0
            # "On Monday I can.⏎On 3 Dec … wrote:" – the later line is where it really begins.
            later = any(_OPENING.match(lines[place + n].text) and _wrote(lines, place + n) for n in range(1, count + 1))
            return 0 if later else count + 1
    return 0


def _may_end(lines: Sequence[Line], place: int) -> bool:
    """Whether what begins here can end in a colon: seen at once, while the patterns take long on every line."""
    length = 0
    for line in lines[place : place + _MOST_LINES]:
        if line.text.rstrip().endswith((":", "：")):
            return True
        length += len(line.text) + 1
    return length > _LONGEST * 2  # cut off, it may end in one all the same


def _names_a_sender(text: str) -> bool:
    return text.endswith((":", "：")) and bool(_MAILBOX.search(text) or _TIME.search(text))


def _says_who_and_when(joined: str, *, opens: bool, marked: bool) -> bool:
    who = bool(_MAILBOX.search(joined))
    when = bool(_TIME.search(joined))
    day = bool(_DATE.search(joined))
    if not _VERB.search(joined):
        # Languages whose verb we do not know, or none ("2026-12-03 13:00 GMT+01:00 Anna <…>:").
        return (marked and (who or when)) or (opens and when and bool(_ANGLE.search(joined.rstrip())))
    return who or when or (day and opens) or marked


def _marked_after(lines: Sequence[Line], place: int) -> bool:
    for line in lines[place : place + 3]:
        if line.state is State.QUOTED:
            return True
        if not line.blank:
            return False
    return False

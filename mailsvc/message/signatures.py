"""What people and their phones put below what they say: signatures, sign-offs, device lines, list footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DELIMITER = re.compile(r"\s{0,2}(?:--|—|––)\s*$")
_RULE = re.compile(r"\s*[-_=*~–—]{5,}\s*$")
_FOOTER = re.compile(r"\s*_{10,}\s*$")

# words.md §3, then those of neighbours. Whole lines only: "Sent from my desk, is easier" is a sentence.
_SENT = r"(?:sent|skickat|skickades|sendt|gesendet|envoyé|verzonden|lähetetty|wysłan[oe]|enviad[oa]|inviato|отправлено)"
_FROM = r"(?:from|via|with|från|med|fra|frå|mit|von|depuis|de|vanaf|van|z|da|desde|do|с)"
_DEVICES = re.compile(
    rf"\s*\W?(?:{_SENT}\s+{_FROM}\s+[^,.!?:;]{{1,70}}"
    r"|(?:get|hämta|skaffa|hent|få|last ned|laste ned)\s+outlook\s+(?:för|til|for)\s+\S.{0,120}"
    r"|von meinem \S{1,30}(?: \S{1,30})? gesendet|lähetetty \S{1,30}|envoyé de mon \S{1,30})"
    r"\s*(?:<[^<>]{0,300}>|\(?https?://\S{1,300}\)?)?\W?\s*$",
    re.IGNORECASE,
)
_DEVICE_URL = re.compile(r"\s*<?https?://aka\.ms/\S{1,60}>?\s*$", re.IGNORECASE)

_SIGN_OFF = re.compile(
    r"""\s*(?:
      (?:mvh|m\.v\.h\.?|vh|v\.h\.|bh|kh|k\.h\.|br|rgds|m\.v\.)(?![\w@])
    | (?:(?:med|mange|många|bästa|vänliga|vänlig|hjärtliga|varma|soliga|glada|kära|beste|bedste|kærlig|venlig|vennlig
         |vennleg|mvh|de\ bedste|kind|best|warm|many|mvh\.)\s+){0,2}
      (?:hälsningar|hälsning|hälsn|hilsen|hilsner|hilsen|helsing|helsingar|regards|wishes)(?!\w)
    | best(?=\s*[,.!]?\s*(?:$|[^\W\d_]+\s*$))
    | vänligen(?=\s*[,.!]?\s*(?:$|\w+\s*$)) | vänligast | yours\ (?:sincerely|faithfully|truly) | sincerely
    | cheers | all\ the\ best | best\ regards | kindest\ regards
    | mit\ freundlichen\ grüßen | viele\ grüße | liebe\ grüße | freundliche\ grüße
    | ystävällisin\ terveisin | terveisin | cordialement | met\ vriendelijke\ groet(?:en)?
    | pozdrawiam | z\ poważaniem | z\ powazaniem
    )(?P<rest>.{0,80})$""",
    re.VERBOSE | re.IGNORECASE,
)
_SLASH = re.compile(r"\s*/{1,2}\s?[^\W\d_][\w.'-]*(?:[ &+,]{1,3}[^\W\d_][\w.'-]*){0,4}[.!]?\s*$")
_DASHED_NAME = re.compile(r"\s*[-–—]\s?[A-ZÅÄÖÆØÉÜ][\w.'-]+(?: [A-ZÅÄÖÆØÉÜ][\w.'-]*){0,3}\s*$")
_NOT_A_NAME = frozenset(["ja", "jo", "jau", "nej", "nei", "yes", "no", "ok", "okej", "okay", "okei", "gärna", "gjerne"])
_POSTSCRIPT = re.compile(r"\s*p\.?\s?s\.?\s*(?:[:.,–-]|\s|$)", re.IGNORECASE)


def without_signature(lines: Sequence[str], author: str = "") -> list[str]:
    """One stretch of newly written lines without signature, sign-off, device lines and footer; a P.S. is kept.

    `author` is the display name: a line that is nothing but that name begins a signature too.
    """
    names = _spellings(author)
    out: list[str] = []
    cutting = said = False
    for place, line in enumerate(lines):
        if len(line) > 300:
            if not cutting:
                out.append(line)
                said = True
            continue
        if _POSTSCRIPT.match(line):
            cutting = False
        elif _ends_it(line) or (said and ((names and _bare(line) in names) or _names_itself(lines, place))):
            cutting = True
        if not cutting and not _DEVICES.match(line) and not _DEVICE_URL.match(line):
            out.append(line)
            said = said or bool(line.strip())
    while out and (not out[-1].strip() or _RULE.match(out[-1])):
        out.pop()
    first = 0
    while first < len(out) and (not out[first].strip() or _RULE.match(out[first])):
        first += 1
    return out[first:]


def _ends_it(line: str) -> bool:
    if _DELIMITER.match(line) or _FOOTER.match(line):
        return True
    match = _SIGN_OFF.match(line)
    if not match:
        return False
    rest = match["rest"].strip(" ,.!:;–—-/\\")
    # "Hälsningar från styrelsen har kommit in" is a sentence; a name and a title are not.
    return len(rest.split()) <= 6 and "?" not in rest and not re.search(r"[.!:]\s", rest)


def _spellings(author: str) -> frozenset[str]:
    """The author's name as it may stand alone on a line: `anna berg`, `berg anna` (from "Berg, Anna"), `anna`."""
    name = _bare(author.partition("(")[0])
    if not name or "@" in name:
        return frozenset()
    if "," in author:
        family, _, given = (part.strip() for part in name.partition(","))
        name = f"{given} {family}"
    words = name.split()
    alone = {words[0]} if words and len(words[0]) > 2 and words[0] not in _NOT_A_NAME else set()
    return frozenset({name, " ".join(reversed(words))} | alone)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text[:120].strip(" *_/.,!–-—")).casefold()


def _names_itself(lines: Sequence[str], place: int) -> bool:
    """`/Anna`, or `-Anna Berg` after an empty line, below what was said."""
    line = lines[place]
    if line.lstrip()[:1] not in ("/", "-", "–", "—") or any(
        word in _NOT_A_NAME for word in re.findall(r"\w+", line.lower())
    ):
        return False
    if _SLASH.match(line):
        return True
    if not _DASHED_NAME.match(line) or lines[place - 1].strip():
        return False
    below = next((text for text in lines[place + 1 : place + 4] if text.strip()), "")
    return not _DASHED_NAME.match(below)  # a list of names is no signature

"""Cuts the paragraphs that an employer's mail server writes below an answer: confidentiality, environment, privacy.

Only where a line begins like one, and only to the end of its paragraph. A line in it that begins with an answer or a
blocker, and not like the next sentence of a disclaimer, stays and is read: what a person wrote below is never lost.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.cases.answer_lexicon import Common, Lexicon
from mailsvc.cases.answer_text import Stream

_LONGEST_LINE: Final = 1000  # characters of a line that are looked at
_DECORATION: Final = " \t\xa0*_-–—=•\"'#>|[(🌱🌲🌳🌍"

_OPENING: Final = re.compile(
    r"""
      (?:strictly\ )?confidential(?:ity)?(?:\ (?:notice|note|warning|disclaimer|statement|information))?\s*[:.–-]
    | confidentiality\ (?:notice|statement)\s*$ | (?:e-?mail\ |legal\ )?disclaimer\s*(?:[:.–-]|$) | legal\ notice\b
    | privileged\ (?:and|&|/)\ confidential | notice\ of\ confidentiality | sekretess(?:meddelande)?\s*:
    | fortrolighed(?:serklæring)?\s*: | (?:konfidentialitets|taushets)\w*\s*:
    | (?:if|unless)\ you\ (?:are|have|were|believe)\b.{0,60}\b(?:recipient|addressee|in\ error|by\ mistake|error)\b
    | any\ (?:unauthori[sz]ed|review|use|dissemination|disclosure|copying|distribution)\b.{0,120}\bprohibited
    | please\ (?:consider|think\ of|think\ about)\ the\ environment
    | om\ du\ (?:inte|ej|har|av\ misstag|felaktigt)\b.{0,80}\b(?:mottagare\w*|adressat\w*|av\ misstag|felaktigt|misstag)\b
    | tänk\ på\ miljön | spara\ på\ miljön
    | så\ här\ (?:behandlar|hanterar)\ vi\b | så\ (?:behandlar|hanterar)\ vi\b.{0,40}personuppgifter
    | (?:läs|las)\ (?:mer\ |gärna\ )?(?:om\ )?(?:hur|om\ hur)\b.{0,80}personuppgift
    | (?:information\ om\ hur|när\ du)\b.{0,120}personuppgift
    | hvis\ du\ (?:ikke|har|ved\ en\ fejl|fejlagtigt)\b.{0,80}\b(?:modtager\w*|adressat\w*|mottaker\w*|fejl\w*|feil\w*)\b
    | tænk\ på\ miljøet | skån\ miljøet
    | (?:læs|les)\ (?:mere\ |mer\ |meir\ )?om,?\ (?:hvordan|hvorledes|korleis)\b.{0,60}(?:behandl|håndter)
    | vi\ behandl(?:er|ar)\b.{0,60}(?:persondata|personopplysning|personoplysning|personuppgift)
    | (?:dersom|viss)\ du\ (?:ikke|ikkje|har|ved\ en\ feil)\b.{0,80}\b(?:mottaker\w*|mottakar\w*|adressat\w*|feil\w*|mistak)\b
    | tenk\ på\ miljøet | (?:vennligst\ )?(?:ta|vis)\ (?:hensyn|omsyn)\ til\ miljøet
    | (?:sent|skickat|sendt|gesendet)\ (?:with|med|mit)\ .{2,60}$
    | (?:wenn|falls|sollten)\ sie\ .{0,60}(?:adressat|empfänger|irrtümlich) | bitte\ (?:denken|prüfen)\ sie\b.{0,60}umwelt
    | denken\ sie\ an\ die\ umwelt | jos\ (?:et\ ole|olet\ saanut)\b.{0,80}(?:vastaanottaja|erehdyksessä|vahingossa)
    | ajattele\ ympäristöä
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "This e-mail …" begins people's sentences too: only with one of the disclaimers' own words further on.
_ABOUT_MAIL: Final = re.compile(
    r"""
      (?:this|the\ information\ in\ this|the\ contents?\ of\ this|informationen?\ i|innehållet\ i|indholdet\ af
        |innholdet\ i|informasjonen\ i)\ (?:detta\ |denna\ |denne\ |dette\ |den\ här\ )?
      (?:e-?mail|e-?post|mail|mejl|message|communication|transmission|(?:e-post)?meddeland|meddelelse|melding)
    | (?:detta|denna|denne|dette|det\ här|den\ här)\ (?:e-?postmeddelande|e-?post|e-?mail|mejl|mail|meddelande|meddelelse
        |besked|melding|budskap)
    | diese\ (?:e-?mail|nachricht) | tämä\ (?:sähköposti|viesti)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OWN_WORD: Final = re.compile(
    r"confidential|privileged|intended\ (?:only|solely|recipient|exclusively)|(?:only|solely)\ (?:intended\ )?for\ the"
    r"|(?:and|with)\ any\ (?:attachments?|files)|virus"
    r"|konfiden[ts]i|sekretess|enbart\ avse|endast\ avse|avse(?:tt|dd)\ (?:endast|enbart)|bifogad|eventuella\ bilagor"
    r"|fortroli|fortruleg|kun\ (?:beregnet|bestemt|til|ment)|bare\ (?:beregnet|ment|meint)|eventuel(?:le|t)\ vedl?[eæ]"
    r"|vedhæft|vedlegg|taushetsplikt|teieplikt|tavshedspligt|vertraulich|luottamuksel",
    re.IGNORECASE,
)


def without_disclaimers(typed: str, lex: Lexicon) -> str:
    """The text (from `clean`) without such paragraphs; unchanged where there are none."""
    kept: list[str] = []
    lines = typed.split("\n")
    inside = False
    for index, line in enumerate(lines):
        blank = not line.strip()
        if not blank and begins_disclaimer(line, lines[index + 1 : index + 4]):
            inside = True
        elif inside and (blank or _said(line, lines[index - 1], lex)):
            inside = False
        if not inside:
            kept.append(line)
    return typed if len(kept) == len(lines) else "\n".join(kept)


def begins_disclaimer(line: str, following: list[str]) -> bool:
    """Whether a disclaimer begins with this line; `following` are the next lines, for sentences that are wrapped."""
    start = line[:_LONGEST_LINE].lstrip(_DECORATION)
    if _OPENING.match(start):
        return True
    wrapped = start
    for one in following:
        if not one.strip():
            break
        wrapped = f"{wrapped} {one[:_LONGEST_LINE].strip()}"
    if _ABOUT_MAIL.match(start):
        return bool(_OWN_WORD.search(wrapped))
    return len(start) > _WRAPPED and bool(_OPENING.match(wrapped))


_WRAPPED: Final = 40


def _said(line: str, above: str, lex: Lexicon) -> bool:
    """Whether a line inside a disclaimer is rather a person's: it begins a sentence, with a word that counts."""
    text = line.strip()
    begins = text[:1].isupper() or above.rstrip()[-1:] in ".!?" or not text[:1].isalpha()
    stream = Stream(text[:_LONGEST_LINE])
    if not begins or not stream.tokens:
        return False
    tables = (lex.answers, Common.blockers, Common.clause_blockers, Common.sentence_blockers, Common.never)
    return any(table.find(stream, 0) for table in tables)

"""Cuts the paragraphs that an employer's mail server writes below an answer: confidentiality, environment, privacy.

Only where a line begins like one, and only to the end of its paragraph. A sentence in it that begins with an answer or
a blocker, and not like the next sentence of a disclaimer, stays and is read: what a person wrote below is never lost.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.cases.reading.lexicon import Common, Lexicon
from mailsvc.cases.reading.text import Stream

_SENTENCE: Final = re.compile(r"(?<=[.!?])[ \t]+")
_LONGEST_LINE: Final = 1000  # characters of a line that are looked at
_DECORATION: Final = " \t\xa0*_-–—=•\"'#>|[(🌱🌲🌳🌍"

# Those that begin with "if" or "when" must name the wrong reader or the mail itself: people set conditions too.
_OPENING: Final = re.compile(
    r"""
      (?:strictly\ )?confidential(?:ity)?(?:\ (?:notice|note|warning|disclaimer|statement|information))?\s*[:.–-]
    | confidentiality\ (?:notice|statement)\s*$ | (?:e-?mail\ |legal\ )?disclaimer\s*(?:[:.–-]|$) | legal\ notice\b
    | privileged\ (?:and|&|/)\ confidential | notice\ of\ confidentiality | sekretess(?:meddelande)?\s*:
    | fortrolighed(?:serklæring)?\s*: | (?:konfidentialitets|taushets)\w*\s*:
    | (?:if|unless)\ you\ (?:are|were)\ (?:not\ )?(?:an?\ |the\ |one\ of\ the\ )?(?:intended|named|proper)
    | if\ you\ (?:are\ not\ the\ addressee|are\ not\ the\ recipient|(?:have\ )?received\ .{2,60}(?:error|mistake))
    | if\ (?:this\ (?:e-?mail|message)\ )?.{0,20}\b(?:received|reached\ you)\ .{0,30}(?:error|mistake)
    | any\ (?:unauthori[sz]ed|review|use|dissemination|disclosure|copying|distribution)\b.{0,120}\bprohibited
    | please\ (?:consider|think\ of|think\ about)\ the\ environment
    | om\ du\ (?:inte|ej|icke)\ är\ (?:den\ )?(?:rätt|avsed|tilltänk|adressat)
    | om\ du\ (?:har\ |av\ misstag\ |felaktigt\ )*(?:fått|mottagit|mottar|erhållit)\b.{2,60}(?:misstag|felaktig|fel)
    | om\ du\ (?:har\ )?(?:av\ misstag|felaktigt)\ (?:har\ )?(?:fått|mottagit|mottar|erhållit)
    | tänk\ på\ miljön | spara\ på\ miljön
    | så\ här\ (?:behandlar|hanterar)\ vi\b | så\ (?:behandlar|hanterar)\ vi\b.{0,40}personuppgifter
    | läs\ (?:mer\ |gärna\ )?(?:om\ )?hur\b.{0,80}personuppgift | information\ om\ hur\b.{0,120}personuppgift
    | när\ du\ (?:mejlar|mailar|e-postar|skickar|kontaktar)\b.{0,80}behandla.{0,40}personuppgift
    | (?:hvis|dersom|viss)\ du\ ikk?j?e\ er\ (?:den\ )?(?:rett|tilsigt|tiltænk|tiltenk|adressat)
    | (?:hvis|dersom|viss)\ du\ (?:har\ |ved\ en\ fe[ij]l\ |fejlagtigt\ )*(?:modtaget|mottatt|motteke|fått)\b.{2,60}
        (?:fejl|feil|mistak)
    | (?:hvis|dersom|viss)\ du\ (?:har\ )?(?:ved\ en\ fe[ij]l|fejlagtigt|feilaktig)\ (?:har\ )?
        (?:modtaget|mottatt|motteke|fått)
    | tænk\ på\ miljøet | skån\ miljøet
    | (?:læs|les)\ (?:mere\ |mer\ |meir\ )?om,?\ (?:hvordan|hvorledes|korleis)\b.{0,60}(?:behandl|håndter)
    | vi\ behandl(?:er|ar)\b.{0,60}(?:persondata|personopplysning|personoplysning|personuppgift)
    | tenk\ på\ miljøet | (?:vennligst\ )?(?:ta|vis)\ (?:hensyn|omsyn)\ til\ miljøet
    | (?:sent|skickat|sendt|gesendet)\ (?:with|med|mit)\ .{2,60}$
    | (?:wenn|falls)\ sie\ nicht\ der\ (?:richtige|beabsichtigte|adressat|empfänger)
    | (?:wenn|falls)\ sie\ .{0,60}irrtümlich | bitte\ (?:denken|prüfen)\ sie\b.{0,60}umwelt
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
    | (?:detta|denna|denne|dette|det\ här|den\ här)\ (?:e-?postmeddelande|e-?post|e-?mail|mejl|mail|meddelande
        |meddelelse|besked|melding|budskap)
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
    inside = changed = False
    for index, line in enumerate(lines):
        if not line.strip():
            inside = False
        above = lines[index - 1] if index else ""
        said: list[str] = []
        for place, sentence in enumerate(_SENTENCE.split(line)):
            if (inside or not place) and begins_disclaimer(sentence, lines[index + 1 : index + 4]):
                inside = True
            elif inside and _said(sentence, above if not place else ".", lex):
                inside = False
            if inside:
                changed = True
            else:
                said.append(sentence)
        if said or not inside:
            kept.append(" ".join(said))
    return "\n".join(kept) if changed else typed


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

"""Commands as people wrap them: "Hej! Kan ni ta bort mig från listan? Mvh Anna". Pure.

Only join and leave: what people ask for in sentences, also where everybody would read it (words.md §7.2, end).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from lists.words.commands import Command, phrases
from mailsvc.cases.reading.cut import cut
from mailsvc.cases.reading.lexicon import lexicon
from mailsvc.cases.reading.model import HELD_POST
from mailsvc.cases.reading.text import clean, words_of
from mailsvc.cases.reading.words import cells, spellings

LONGEST_TEXT: Final = 20_000
MOST_NAMES: Final = 3
LONGEST: Final = 400  # characters of what is left of a mail when signature and disclaimers are cut
BEGINNING: Final = 2 * LONGEST  # who asks does so here; a post that has said more by then asks nothing

GREETINGS: Final = (
    "hej · hei · hejsa · hejsan · halloj · hallå · hallo · hi · hello · hey · dear · kära · kjære · kære · god morgon"
    " · god morgen · good morning · god dag · goddag · tjena · hej alla · hei alle · hi all · hej igen"
)
# Before the command: what asks, wishes or begs.
_LEADS: Final = (
    "please · kindly · snälla · vänligen · venligst · vennligst · gärna · gerne · gjerne · tack · now · nu · nå"
    " · can you · could you · would you · will you · can you please · could you please · would you please"
    " · can someone · could someone · can anyone · please can you · please could you · can i · how do i · how can i"
    " · i want to · i would like to · i'd like to · i wish to · i want you to · i would like you to · i'd like you to"
    " · vi vill · vi vill gärna · we want to · we would like to · vi vil gerne · vi ønsker å · kan ni · kan du"
    " · kan någon · kan nån · skulle ni kunna · skulle du kunna · kan ni vara snälla och"
    " · kan du vara snäll och · var snäll och · vill ni · vill du · kan jag · hur gör jag för att · jag vill"
    " · jag vill gärna · jag skulle vilja · jag önskar · jag önskar att · jag ber er · jag vill att ni · ni kan"
    " · jag skulle gärna vilja"
    " · kan i · kan de · kan nogen · kunne i · kunne du · vil i · vil du · vil de · jeg vil · jeg vil gerne"
    " · jeg ønsker"
    " · jeg ønsker at · jeg vil gjerne · jeg ønsker å · vær venlig at · vær så venlig at · kan jeg · hvordan kan jeg"
    " · jeg vil bede jer · kan dere · kan noen · kunne dere · vil dere · vær så snill å · vær så snill og"
    " · ver snill og"
    " · ver så snill og · kan de vere så snille å · kan nokon · eg vil · eg vil gjerne · eg ønskjer · eg ønskjer å"
    " · kan eg · korleis kan eg"
)
# Besides the words of the command table: what asks for the same when nothing else is written.
_MORE: Final[dict[Command, str]] = {
    Command.LEAVE: (
        "unsubscribe me · take me off · take me out · remove my address · remove my email · delete me · sign me out"
        " · opt out · be removed · get off · get removed · be unsubscribed · stop · cancel my subscription"
        " · avregistrera mig · ta mig av · ta mig bort · ta bort min adress"
        " · ta bort min e-postadress · stryk mig · stryka mig · avprenumerera mig · avsluta min prenumeration"
        " · avsluta prenumerationen · plocka bort mig · ta bort oss · slippa · anmäl av mig · avanmäla mig"
        " · bli borttagen"
        " · bli avregistrerad · bli avanmäld · jag vill inte vara med längre · jag vill inte vara med"
        " · blive fjernet · blive slettet · jeg vil ikke være med længere · fjerne mig · slet mig · slette mig"
        " · tag mig af · tage mig af · afmelde mig"
        " · melde mig ud · frameld mig · framelde mig · framelde · udmeld mig · udmelde mig"
        " · fjern min adresse · fjern min mailadresse · afmelde · stop abonnement · opsig abonnement"
        " · bli fjernet · bli slettet · jeg vil ikke være med lenger · eg vil ikkje vere med lenger · bli fjerna"
        " · fjerne meg · slett meg · slette meg · ta meg av · ta meg bort · ta bort meg · ta meg ut"
        " · avmeld meg · avmelde meg · melde meg av · melde meg ut · stryk meg · stryke meg"
        " · fjern adressen min · ta vekk meg · ta meg vekk · meld ut meg · avslutt abonnementet"
        " · avanmälan · avregistrering · afmelding · udmelding · avmelding · utmelding · unsubscription"
    ),
    Command.JOIN: (
        "subscribe me · add me · sign up · sign me up · join · let me in · lägg till mig · sätt upp mig"
        " · anmäla mig · gå med · vara med · registrera mig · skriv upp mig · prenumerera"
        " · jag är intresserad av att gå med"
        " · tilmelde mig · melde mig ind · være med · tilføj mig · skriv mig · blive medlem · bli medlem · bli medlem"
        " · melde meg på · melde meg inn · legg meg til · legg til meg · bli med · vere med · sett meg opp"
        " · registrer meg · anmälan · tilmelding · indmelding · påmelding · innmelding · subscription"
    ),
}
_OBJECT_FIRST: Final = (
    "from · off · off of · of · to · on · on to · onto · in · into · out of · from all · från · ifrån · på · i"
    " · till · ur · av"
    " · fra · frå · af · av · til · ut av · ut fra · ud af · for"
)
_DETERMINERS: Final = (
    "this · the · your · that · all · my · these · den här · denna · den · det här · detta · er · eran · ert · era"
    " · de här"
    " · denne · dette · jeres · din · deres · alle · desse · denne her · mitt · mit · min · our"
)
# A list, whatever it is called: compounds of these are lists too (`e-postlistan`, `maillisten`).
_NOUN: Final = (
    r"(?:(?:e-?post|e-?mail|mail|mejl|mailing|distribution|distributions|distribusjons|sänd|send|utskicks|utsending"
    r"|epost|email|nyhets|postings|adresse|adress|medlems)[ -]?)*"
    r"(?:list|lists|listan|lista|listen|listo|listene|listorna|listserv|listserven|group|gruppen|gruppa|grupp|gruppe"
    r"|network|nätverket|nätverk|nettverket|nettverk|netværket|netværk|utskick|utskicket|utskicken|utskickene|utsendelser"
    r"|utsendelserne|utsendelsene|utsendingar|utsendingane|sändlistan|mails|mailene|mailsene|mailen|mejlen|mejlet|emails"
    r"|brevet|breven|newsletter|nyhetsbrevet|nyhedsbrevet|forum|forumet|register|registret|abonnement)"
)
_TAILS: Final = (
    "please · thanks · thank you · many thanks · thanks a lot · thank you very much · in advance · now · at once"
    " · asap"
    " · immediately · as soon as possible · today · again · too · tack · tack på förhand · tack så mycket · snälla"
    " · nu"
    " · genast · omedelbart · vänligen · så snart som möjligt · så fort som möjligt · tak · på forhånd tak"
    " · tak på forhånd"
    " · mange tak · nu · straks · venligst · hurtigst muligt · takk · på forhånd takk · takk på forhånd"
    " · tusen takk · mange takk"
    " · nå · straks · snarest · vennligst · med en gang · vær så snill · ver så snill · er du snill · är du snäll"
    " · är ni snälla · hvis i vil · på förhand tack · gärna · gerne · gjerne · också · også · i förväg · for me"
    " · åt mig"
)
_SIGN_OFFS: Final = (
    "mvh · vh · bh · kh · br · rgds · regards · best regards · kind regards · best · best wishes · cheers · sincerely"
    " · yours sincerely · hälsningar · hälsn · vänliga hälsningar · hälsar · med vänlig hälsning"
    " · med vänliga hälsningar"
    " · vänligen · vänligt · hilsen · hilsner · venlig hilsen · med venlig hilsen · de bedste hilsner"
    " · bedste hilsner"
    " · vennlig hilsen · med vennlig hilsen · beste hilsen · med beste hilsen · helsing · vennleg helsing"
    " · med vennleg helsing · beste helsing · /"
)
_MARKS: Final = r"(?:[.,!?:;–()\"/ 🙂🙏😊-]|\n)*+"


def _any(text: str) -> str:
    """A pattern of all spellings of the cells of a table, longest first."""
    every = {" ".join(words_of(one)) for cell in cells(text) for one in spellings(cell)}
    return "(?:" + "|".join(re.escape(one) for one in sorted(every, key=lambda one: (-len(one), one))) + r")(?![\w'-])"


@cache
def _opening() -> str:
    return rf"{_MARKS}(?:{_any(GREETINGS)}(?: [^\W\d]+){{0,3}}?(?!\w){_MARKS})?"


@cache
def _closing() -> str:
    return rf"(?:{_MARKS}{_any(_TAILS)}){{0,3}}{_MARKS}(?:{_any(_SIGN_OFFS)}.{{0,120}})?"


@cache
def _patterns() -> dict[Command, re.Pattern[str]]:
    """One pattern for each command, over the words of a text with one blank between them."""
    found: dict[Command, re.Pattern[str]] = {}
    for command, more in _MORE.items():
        known = " · ".join(" ".join(phrase) for phrase, one in phrases().items() if one is command)
        # Whoever leaves may name the list; whoever joins "the working group" rather writes to everybody.
        named = r"(?: [\w-]+)? [\w-]*" if command is Command.LEAVE else " "
        about = rf"(?: {_any(_OBJECT_FIRST)})?(?: {_any(_DETERMINERS)})?{named}{_NOUN}(?!\w)"
        found[command] = re.compile(
            rf"{_opening()}(?:{_any(_LEADS)}{_MARKS}){{0,4}}{_any(f'{known} · {more}')}"
            rf"(?:{_MARKS}{_any('me · mig · meg · please · snälla · vänligen · venligst · vennligst')})?"
            rf"(?:{about}| {_any('from this · härifrån · herfra · herifrå · here · all · alla · er')})?{_closing()}",
            re.DOTALL,
        )
    return found


@cache
def _quiet() -> re.Pattern[str]:
    return re.compile(_opening() + _closing(), re.DOTALL)


def understood(text: str) -> Command | None:
    """JOIN or LEAVE when the text asks for that and says nothing else, with or without greeting and signature."""
    said = _said(text)
    if said is None:
        return None
    for command, pattern in _patterns().items():
        if pattern.fullmatch(said):
            return command
    return None


def says_nothing(text: str) -> bool:
    """Whether a text is empty but for a greeting, thanks and a signature."""
    said = _said(text)
    return said is not None and (not said or _quiet().fullmatch(said) is not None)


def says_much(text: str) -> bool:
    """Whether a text is more than anybody writes around a command."""
    return _said(text) is None


@lru_cache(maxsize=16)
def _said(text: str) -> str | None:
    """The words without signature, disclaimers and a last ", Anna"; None when that is too much for a command.

    It is asked of every post, so an ordinary one is found to be too much by its beginning.
    """
    if len(text) > LONGEST_TEXT:
        return None
    if len(text) > BEGINNING and _said(text[: text.rfind("\n", 0, BEGINNING) + 1 or BEGINNING]) is None:
        return None
    stream = cut(clean(text), lexicon(HELD_POST, None))
    end = stream.end
    while end and stream.tokens[end - 1].kind in "lp":
        end -= 1
    names = end
    while names and end - names < MOST_NAMES and stream.named(names - 1):
        names -= 1
    if 1 < names < end and stream.is_mark(names - 1, ",.!"):
        end = names - 1
    said = " ".join(token.text for token in stream.tokens[:end])
    return said if len(said) <= LONGEST else None

"""What people write in out-of-office notices: away, back, until, left, "please contact"; patterns for `absence`.

For text in lower case (`said_dates.plain`). One pattern holds all languages: notices are often written in two of them.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.said_date_words import MONTH


def _any(text: str) -> str:
    """The phrases of a table, set apart by ` · ` or line ends; a blank in them stands for any blanks."""
    phrases = (phrase.strip() for line in text.splitlines() for phrase in line.split(" · "))
    return "|".join(phrase.replace(" ", r"\s+") for phrase in phrases if phrase)


def _words(text: str) -> re.Pattern[str]:
    """Any of these as whole words."""
    return re.compile(rf"(?<![^\W_])(?:{_any(text)})(?![^\W_])")


_FILLER: Final = (
    r"(?:[\s,:(]|(?:den|d\.|the|on|dagen|date|dato|datum|uge|uke|about|around|ca\.?|cirka|omkring|and|including|incl\.?"
    r"|inkl\.?|earliest|at|at\s+the|tidigast|tidligst|tidlegast|early|medio)(?![^\W_])){0,12}$"
)


def _just_before(text: str) -> re.Pattern[str]:
    """Any of these right before the end of the text, little words aside."""
    return re.compile(rf"(?<![^\W_])(?:{_any(text)})(?![^\W_]){_FILLER}")


# ---- right before a date

THROUGH: Final = _just_before(
    r"""
    till? o(?:ch|g) med · till? och med · t\.?\s?o\.?\s?m\.? · t\.?\s?&\s?m\.? · tom · through · thru
    (?:up )?to and including · until and including · through to · to · up to · ut · last day(?: \w+){0,4} is
    sista \w*dag(?:en)? är · sid?ste \w*dag er · bis · bis zum
    """
)
UNTIL: Final = _just_before(
    r"""
    until · till? · 'til · tills · fra[mp] till? · frem til · indtil · inntil · heilt til · helt til · ända till
    """
)
BEFORE: Final = _just_before(
    r"""
    before · förrän · innan · före · før · før enn · prior to · først · förrän tidigast · earlier than
    senere enn · tidligere enn
    """
)
AFTER: Final = _just_before(
    r"""
    after · efter · etter · nach · over
    """
)
FROM: Final = _just_before(
    r"""
    from · starting · beginning · as of · since · från · från o(?:ch|g) med · fr\.?\s?o\.?\s?m\.?
    f\.?\s?o\.?\s?m\.? · fra · fra og med · frå · frå og med · siden · sedan · sidan · ab · med start
    """
)
THROUGH_BEHIND: Final = re.compile(
    r"\s*[,(]?\s*(?:inclusive|incl\.?|inklusive|inklusiv|inkl\.?|u[dt]|asti|saakka)(?![^\W_])"
)

# ---- anywhere before or behind a date

RETURN: Final = _words(
    r"""
    back · return(?:s|ing|ed)? · i return · resume · reopens? · åter\w* · tillbaka · tilbage\w* · tilbake\w*
    attende · retur · palaan · palaa · takaisin · zurück
    """
)
REACHABLE: Final = _words(
    r"""
    again · available · reachable · in (?:the|my) office · at work · igen · igjen · att · på plats · på plass
    på kontoret · i tjänst · jobbar · börjar · på job[b]?e?t? · på arbejde · på arbeid · træffes · treffes
    treffast · træffe · treffe · nås · anträffbar · møder · starter · startar · byrjar · begynner · öppnar
    åpner · åbner · opnar · tavoitettavissa · töissä · wieder · erreichbar · besvar\w* · svara[rs]? · svarer
    svare · svarast · respond · reply · replied · answer\w* · l[äæe]ser · läsa · lese · les · read · deal
    handle · hantera\w* · behandl\w* · follow up · get back
    """
)
_NOT: Final = r"inte|ej|icke|ikke|ikkje|not|cannot|unable|never|no|\w+n't"
DENIED_BEFORE: Final = re.compile(rf"(?<![^\W_])(?:{_NOT})(?:\s+\w+){{0,2}}\s+$")
DENIED_BEHIND: Final = re.compile(rf"\s+(?:{_NOT})(?![^\W_])")
NOT: Final = re.compile(rf"(?<![^\W_])(?:{_NOT})(?![^\W_])")
NEAR: Final = 90  # characters between a word and its date

# ---- what says that somebody is away

AWAY: Final = _words(
    r"""
    out of (?:the |my )?office · ooo · oof · (?:be|am|i'm|is|are|i'll be|currently) (?:away|out|off)
    away (?:from|until|till|on|for|this|next|between|to|through)
    out (?:until|from|sick|today|this|all|of town) · on (?:\w+ ){0,3}(?:leave|holidays?|vacation|sabbatical)
    my (?:\w+ )?(?:leave|holidays?|vacation|absence) · vacation · holidays? · absent · absence · annual leave
    not (?:be )?(?:in (?:the |my )?office|available|reachable|at work|working|in today|checking|reading|able to)
    unavailable · (?:limited|no|without|intermittent|irregular|restricted) (?:email |e-mail |internet )?access
    off (?:work|sick|duty|today) · travel?ling · (?:day|days|time|week|weeks) off · business trip
    at a (?:conference|meeting|course) · attending a
    (?:won't|will not) be (?:in|at|able|available|back|reading|checking)
    frånvar\w*
    \w*semester\w* · ledig\w* · tjänsteres\w* · bortrest · borta
    (?:inte|ej|icke) (?:är )?(?:på (?:plats|kontoret|jobbet|arbetet)|i tjänst|anträffbar|nåbar|tillgänglig)
    utanför kontoret · sjukskriv\w* · \w+ledig\w* · vabbar · vab · sjuk
    (?:inte|ej) (?:nås|läs\w*|jobba\w*|arbeta\w*|svara|besvara\w*|kontrollera\w*)
    på (?:resa|kurs|konferens|utbildning|uppdrag|resande fot) · begränsade? (?:tillgång|möjlighet\w*)
    kan (?:inte|ej) (?:svara|läsa|nås) · jobbar (?:inte|ej) · läser (?:inte|ej) · fravær\w* · \w*ferie\w*
    \w*orlov\w* · barsel\w* · bortrejst · ude (?:af|a) (?:kontoret|huset)
    (?:ikke|ikkje) (?:er )?på (?:kontoret|arbejde|arbeid|jobb|job|plass) · (?:ikke|ikkje) (?:er )?til st[ea]de?s?
    (?:ikke|ikkje) (?:tilgjengelig|tilgjengeleg|tilgængelig|træffes|treffes|å treffe|at træffe|lese?r?|læse?r?)
    fri · afspadser\w* · sygemeldt · syg · på (?:rejse|kursus|konference|tjenesterejse|møder?) · tjenesterejse
    begrænsede? (?:adgang|mulighed\w*) · begrænset (?:adgang|mulighed) · læser ikke · er ude
    fråvær\w* · \w*permisjon\w* · \w*permittert · \w*perm · bortreist
    borte · ute av kontoret · avspaser\w* · sykme?ld\w* · sjukme?ld\w* · syk
    på (?:reise|tur|konferanse|tjenestereise|tenestereise|farten) · tjenestereise · tenestereise · utilgjengelig
    utilgjengeleg · (?:begrenset|avgrensa) (?:tilgang|mulighet|høve) · leser (?:ikke|ikkje) · les ikkje · er ute
    poissa\w*
    \w*lomalla\w* · loma(?:n|ni|lla|lta|t)? · \w+loma · matkoilla · abwesen\w* · urlaub · nicht im büro · verreist
    """
)
# Only beside a date: houses close, people are away.
SHUT: Final = _words(
    r"""
    closed · stängt · stängd · lukket · stengt · stengd · kiinni
    """
)
# A sentence with these is about answering late, not about being away.
SLOW: Final = _words(
    r"""
    svarstid\w* · svartid\w* · dröja · dröjer · fördröjd · fördröjning · delay(?:s|ed)? · take longer · slower
    (?:längre|længere|lengre|longer) (?:svarstid|svartid|tid|handläggningstid|response)\w* · response time
    forsinke\w* · handläggningstid\w* · saksbehandlingstid\w* · sagsbehandlingstid\w*
    """
)

LEFT: Final = _words(
    r"""
    no longer (?:works?|working|employed|with|at|here|an? (?:employee|member)|in use|active|valid|monitored|used|hold)
    (?:has|have|i've) (?:now )?(?:left|retired|quit|resigned)(?! (?:for the day|the office for|you|it|a))
    (?:i|he|she) left (?:my|the|this|his|her) (?:\w+ ){0,2}(?:position|job|post|university|library|company|municipality)
    (?:i|he|she) left (?:my|the|this|his|her) (?:\w+ ){0,2}(?:organi[sz]ation|school|county|service)
    (?:am|i'm|is) (?:now )?retired · changed jobs? · last (?:working )?day(?: \w+){0,3} was
    (?:har|hade) (?:nu |numera )?slutat(?! (?:för (?:i\s?dag|dagen)|att|röka|använda))
    slutade (?:min|på|vid|hos|i|som|den) · (?:arbetar|jobbar|är|finns) (?:inte|ej) (?:längre|kvar)
    (?:inte|ej) längre (?:kvar|anställd|i tjänst|i bruk|på|hos|vid) · gått i pension · pensionera[td]s?
    anställning(?:en)? (?:\w+ ){0,2}(?:har )?upphört · avslutat (?:min|sin) (?:anställning|tjänst)
    bytt (?:jobb|arbete|tjänst|arbetsplats) · används (?:inte|ej) längre
    (?:er|har) (?:nu )?(?:stoppet|fratrådt)(?! for i\s?dag)
    ikke længere (?:ansat|i brug|her|en del|tilknyttet|på) · arbejder ikke længere
    gået på (?:pension|efterløn) · (?:er|har) holdt op · (?:skiftet|fået nyt) (?:job|arbejde)
    forladt (?:min|sin) stilling · sidste arbejdsdag var · ikke længere aktiv
    sluttet (?:i|ved|på|som) · (?:har|er) (?:nå |no )?slutt(?:et|a)(?! (?:for (?:i\s?dag|dagen)|med|å))
    (?:jobber|arbeider|er) ikke lenger
    ikke lenger (?:ansatt|i bruk|aktiv|her|tilknyttet) · (?:jobbar|arbeider|arbeidar|er) ikkje lenger
    ikkje lenger (?:tilsett|i bruk|aktiv) · (?:gått av med|blitt|vorte) pensjon\w* · pensjonert
    gått av med pensjon · fått (?:ny|anna|annen) jobb · (?:skiftet|bytta?|bytt) (?:jobb|arbeidsplass)
    siste arbeidsdag(?: min)? var · en (?:enää )?työskentele(?: enää)? · ei työskentele enää
    nicht mehr (?:bei|im|in)
    """
)

CONTACT: Final = _words(
    r"""
    contact\w* · (?:e-?mail|write|turn|reach|refer|speak|forward\w*|direct\w*|address) (?:\w+ ){0,4}(?:to|out)?
    please · instead · urgent · covering · covers · replaced · replaces · substitute · stand-in · deputy
    successor · colleague\w* · assistance · kontakt\w* · vänd\w* · hör av · maila · mejla · skriv\w* · ring\w*
    brådskande · akut\w* · ersätt\w* · vikari\w* · ställföreträd\w* · efterträd\w* · kolleg\w* · i stället
    istället · hänvis\w* · skicka\w* · når du · ärenden? · henvend\w* · haster\w* · hastesag\w* · stedfortr\w*
    vikar\w* · afløs\w* · i\s?stedet · i\s?staden · send\w* · erstatt\w* · tar over · tager over · overta\w*
    etterfølg\w* · efterfølg\w* · ta gjerne · vend\w* · rett\w* · spør\w* · spørg\w* · sijaise\w* · yhteyttä
    vertret\w* · wenden
    """
)
# An address behind these is the person's own new one.
OWN_ADDRESS: Final = _words(
    r"""
    new (?:e-?mail |mail )?address · (?:my|min|mi|mitt) (?:nya?|nye|new|private?|privata?|private)\b.{0,40}
    ny e-?post\w* · nya? (?:e-?post|mejl|mail)?adress\w* · reach me · når (?:du )?m[ie]g · nås (?:jag|nu)
    jag nås · contact me · kontakta mig · kontakt m[ie]g · skriv til m[ie]g · træffes (?:nu )?på
    treffes (?:nå )?på
    """
)
ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")

# Where a sentence may end; a full stop is none behind an abbreviation or an ordinal.
SENTENCE_END: Final = re.compile(r"[.!?](?=[\s)]|$)|\n\s*\n|;")
NO_END: Final = re.compile(
    r"(?:o\.m|o m|(?<![^\W_])(?:fr|d|v|kl|ca|nr|inkl|incl|wk|evt|dr|jan|feb|apr|jun|jul|aug|sept?|okt|oct|nov|dec|des"
    r"|mån|tis?|ons|tors?|fre|lör|sön|man|tirs|tys|lør|søn|mon|tue|wed|thu|fri))$"
)
ORDINAL: Final = re.compile(rf"\d\.\s*(?:{MONTH}|-|to\b|till?\b|och\b|og\b|t\.|20\d\d\b|uge\b)")

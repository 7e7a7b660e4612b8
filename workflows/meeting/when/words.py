"""The words and shapes in which people write when a meeting is (words.md §7.5): tables and patterns for `tokens`.

All patterns are for text in lower case (`said_dates.plain`). None repeats something that can itself repeat without a
bound, so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mailsvc.message.said_date_words import MONTH, WEEK, WEEKDAYS

BEFORE: Final = r"(?<![^\W_])"
AFTER: Final = r"(?![^\W_])"

# The shortest weekday names are other words as well, so they count only before a date (words.md §7.5).
SHORT_DAYS: Final = {"ma": 0, "ti": 1, "on": 2, "to": 3, "fr": 4, "fre": 4, "lø": 5, "sø": 6}
DAYS: Final = {
    **WEEKDAYS,
    "lörd": 5,
    "sönd": 6,
    "månd": 0,
    "tisd": 1,
    "onsd": 2,
    "torsd": 3,
    "fred": 4,
    "tu": 1,
    "th": 3,
}


def any_of(words: Iterable[str]) -> str:
    """Any of these words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LONG_DAYS: Final = [word for word in DAYS if word not in SHORT_DAYS and len(word) > 2]
WEEKDAY: Final = rf"(?:{any_of(_LONG_DAYS)})"
_DATE_BEHIND: Final = rf"(?=\.?\s+(?:den\s+|d\.\s*|the\s+)?\d{{1,2}}\s?(?:/|\.\s?\d|(?:\.|:e|:a)?\s*{MONTH}))"
ORD: Final = r"(?::e|:a|:de|:te|\.|st|nd|rd|th|te|de)?"

# Numbers as words in the five languages.
_CARDINALS: Final = (
    "en ett et ei ein eit eitt one an a", "två to two tvo", "tre three", "fyra fire four", "fem five", "sex seks six",
    "sju syv seven", "åtta otte åtte eight", "nio ni nine", "tio ti ten", "elva elleve eleven", "tolv twelve",
    "tretton tretten thirteen", "fjorton fjorten fourteen", "femton femten fifteen", "sexton seksten sixteen",
    "sjutton sytten seventeen", "arton atten eighteen", "nitton nitten nineteen", "tjugo tjue tyve twenty",
)  # fmt: skip
_ORDINALS: Final = (
    "första første fyrste first", "andra anden andet andre annen anna second", "tredje third", "fjärde fjerde fourth",
    "femte fifth", "sjätte sjette sixth", "sjunde syvende sjuende seventh", "åttonde ottende åttende eighth",
    "nionde niende ninth", "tionde tiende tenth", "elfte ellevte eleventh", "tolfte tolvte twelfth",
    "trettonde trettende thirteenth", "fjortonde fjortende fourteenth", "femtonde femtende fifteenth",
    "sextonde sekstende sixteenth", "sjuttonde syttende seventeenth", "artonde attende eighteenth",
    "nittonde nittende nineteenth", "tjugonde tjuende tyvende twentieth",
)  # fmt: skip
ORDINALS: Final = {word: number for number, words in enumerate(_ORDINALS, 1) for word in words.split()}
CARDINALS: Final = {word: number for number, words in enumerate(_CARDINALS, 1) for word in words.split()}
NUMBERS: Final = CARDINALS | ORDINALS
_HOURS: Final = (
    "ett|et|ein|eitt|en|två|to|tre|fyra|fire|fem|sex|seks|sju|syv|åtta|åtte|otte|nio|ni|tio|ti|elva|elleve|tolv"
    "|tretton|tretten|fjorton|fjorten|femton|femten|sexton|seksten|sjutton|sytten|arton|atten|nitton|nitten|tjugo|tjue|tyve"
)
_ENGLISH_HOURS: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

WHICH: Final = {
    "first": 1, "första": 1, "første": 1, "fyrste": 1, "1:a": 1, "1.": 1, "1st": 1,
    "second": 2, "andra": 2, "anden": 2, "andre": 2, "2:a": 2, "2.": 2, "2nd": 2,
    "third": 3, "tredje": 3, "3:e": 3, "3.": 3, "3rd": 3,
    "fourth": 4, "fjärde": 4, "fjerde": 4, "4:e": 4, "4.": 4, "4th": 4,
    "last": -1, "sista": -1, "sidste": -1, "siste": -1,
}  # fmt: skip

ZONES: Final = {
    **dict.fromkeys(("cet", "cest"), "Europe/Stockholm"),
    **dict.fromkeys(("swedish time", "svensk tid", "stockholm time", "stockholmstid"), "Europe/Stockholm"),
    **dict.fromkeys(("norwegian time", "norsk tid", "oslo time"), "Europe/Oslo"),
    **dict.fromkeys(("danish time", "dansk tid", "copenhagen time"), "Europe/Copenhagen"),
    **dict.fromkeys(("eet", "eest", "finnish time", "helsinki time", "finsk tid"), "Europe/Helsinki"),
    **dict.fromkeys(("icelandic time", "islandsk tid", "isländsk tid"), "Atlantic/Reykjavik"),
    **dict.fromkeys(("bst", "uk time", "london time", "british time", "brittisk tid", "britisk tid"), "Europe/London"),
    **dict.fromkeys(("utc", "gmt", "z"), "UTC"),
    **dict.fromkeys(("local time", "lokal tid"), ""),
}
"""What people call a zone behind an hour; "" is the zone of the site."""

ABBREVIATIONS: Final = frozenset({"cet", "cest", "eet", "eest", "bst"})

KL: Final = r"(?:klockan|klokka|klokken|kl\.?|at|@)\s*"
_AMPM: Final = r"(?:\s?(?P<ap>am|pm|a\.m\.?|p\.m\.?)(?![^\W_]))?"

_COUNTED: Final = (
    r"\d{1,3}(?:[.,]\d{1,2})?\s?(?:½|1/2)?|½"
    r"|(?:en|ein|ei|one|an?)\s+(?:och|og|and)\s+(?:en|ei|ein|an?)\s+(?:halv|half)"
    r"|(?:en|ei|ein)\s+halv|halvannan|halvannen|halvanden|halvanna|half\s+an?"
    r"|en|ett|ei|ein|one|an|två|to|two|tre|three|fyra|fire|four"
)
_HOUR_UNIT: Final = (
    r"timme\(ar\)|timmar|timmes?|timma|timars|timar|timers?|times?(?=\s+tid)|time|tim\.?|t(?!\.?\s?o)\.?|hours?|hrs?|h"
)
_MINUTE_UNIT: Final = r"minuter|minutter|minutt|minutes?|mins?\.?|(?<=\d)m"
_QUARTERS: Final = (
    r"(?:(?P<quarters>tre|three|en|ett|et|ein|eit|a)\s+(?:kvart|kvarter|quarters?(?:\s+of\s+an\s+hour)?)|trekvart)"
)

_MONTH_AND_YEAR: Final = rf"\s*(?P<n>{MONTH})\.?(?:,?\s*(?P<y>20\d\d){AFTER})?"
_NO_CLOCK: Final = r"(?<!kl\s)(?<!kl\.)(?<!kl\.\s)(?<!at\s)(?<!\d-)"
_YEAR: Final = r"(?:\s?[-/]\s?(?P<y>20\d\d|2\d)(?!\d|[:.]\d|\s?[/-])|\s(?P<y2>20\d\d)(?!\d|[:.]\d))?"
_THE: Final = r"(?:den\s+|d\.\s?|the\s+)?"
_TO: Final = r"\s?(?:-{1,2}|till?|to)\s?"
_THIS: Final = r"nu\s+på|nå\s+på|no\s+på|nå|på|on|this(?:\s+coming)?|denna|denne|kommande|kommende|komande|coming"
_WEEK_WORD: Final = r"veckan|vecka|ugen|uge|uken|uka|uke|veka|veke|week"
_AND_DAY: Final = r"\s?(?:,|&|(?<=[\s.])och|(?<=[\s.])og|(?<=[\s.])and)"

_FILLERS: Final = (
    r"den|d\.|the|d|at|on|på|i|in|om|ved|vid|of|for|kl\.?|klockan|klokka|klokken|tid(?:en)?"
    r"|from|fra|frå|från|fr\.|antingen|enten|anten|either|ca\.?|cirka|circa|omkring|about|around|approx\.?"
    r"|därefter|deretter|derefter|then|sedan|max\.?|maks\.?|högst|højst|høyst"
    r"|med\s+(?:start|början)|start(?:s|ar|er|ing)?|börjar|begynder|begynner|byrjar|begin(?:s|ning)"
    r"|(?:alla|samtliga|alle|all|båda|begge|both)(?:\s+(?:dagarna|dagar|dage|dagene|dager|dagane|days))?"
    r"|(?:första|første|fyrste|first)\s+(?:gången|gång|gang|gangen|gong|gongen|time|mötet|møde|møte|meeting)(?:\s+är|\s+er|\s+is)?"
    r"|totalt|sammanlagt|i\s?allt|i\s?alt|in\s+(?:all|total)|upprepas|gentages|gjentas|repeated"
    r"|(?:inkl\.?|inklusive|including|incl\.?|med|with)\s+(?:fika|lunch|lunchen|lunsj|frokost|kaffe|kaffi|coffee)"
)

_MORNING: Final = r"förmiddag(?:en)?|formiddag(?:en|s)?|morgon(?:en)?|morgen(?:en)?|morning|bitti|tidlig|tidligt|tidleg"
_EVENING: Final = (
    r"eftermiddag(?:en|s)?|ettermiddag(?:en)?|kväll(?:en)?|kveld(?:en)?|aften(?:en)?|afternoon|evening|efta"
)
ANY_DAY: Final = any_of(DAYS)
_RANGE: Final = rf"\d{{1,2}}(?:{ORD}|\s?/\s?\d{{1,2}})\s?-\s?\d"

TOKENS: Final = tuple(
    (name, re.compile(text))
    for name, text in (
        ("date", rf"{BEFORE}(?P<y>20\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:t(?=\d\d:)|(?!\d))"),
        ("date", rf"{BEFORE}(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:t(?=\d\d)|{AFTER})"),
        ("week", rf"{BEFORE}(?P<y>20\d\d)-?w(?P<w>\d{{1,2}})(?:-(?P<wd>[1-7]))?{AFTER}"),
        ("short_year", rf"{BEFORE}(?P<one>\d\d)-(?P<m>[01]\d)-(?P<three>\d\d){AFTER}(?!-\d|[:.]\d)"),
        ("short_year", rf"{BEFORE}(?P<one>\d\d)(?P<m>[01]\d)(?P<three>\d\d){AFTER}(?![-.:]\d)"),
        ("weekdays", rf"{BEFORE}(?P<wa>{ANY_DAY})\.?\s?-\s?(?P<wb>{ANY_DAY})\.?,?\s+(?={_THE}{_RANGE})"),
        (
            "stretch",
            (
                rf"{BEFORE}(?:(?P<wa>{ANY_DAY})(?:en)?\.?,?\s+)?{_THE}(?P<a>\d{{1,2}}){ORD}{_TO}"
                rf"(?P<wb>{ANY_DAY})(?:en)?\.?,?\s+{_THE}(?P<b>\d{{1,2}}){ORD}{_MONTH_AND_YEAR}"
            ),
        ),
        ("days", rf"{BEFORE}(?P<ds>\d{{1,2}}{ORD}\s?-\s?\d{{1,2}}{ORD}){_MONTH_AND_YEAR}"),
        ("numbers", rf"{BEFORE}{_NO_CLOCK}(?P<a>\d{{1,2}})\s?-\s?(?P<b>\d{{1,2}})\s?/\s?(?P<m>\d{{1,2}})(?!\d){_YEAR}"),
        (
            "numbers",
            (
                rf"{BEFORE}{_NO_CLOCK}(?P<a>\d{{1,2}})\.\s?-\s?(?P<b>\d{{1,2}})\.(?P<m>0?[1-9]|1[0-2])(?!\d|[.:]\d)"
                rf"(?:\.\s?(?P<y>20\d\d|2\d)(?!\d|[.:]\d))?\.?"
            ),
        ),
        (
            "days",
            rf"{BEFORE}(?<!\d-)(?<!\d\s-\s)(?P<ds>\d{{1,2}}{ORD}(?:{_AND_DAY}\s?\d{{1,2}}{ORD}){{1,11}}){_MONTH_AND_YEAR}",
        ),
        ("date", rf"{BEFORE}(?P<d>\d{{1,2}}){ORD}\s*(?:of\s+)?(?P<n>{MONTH})\.?(?:,?\s*(?P<y>20\d\d){AFTER})?"),
        (
            "date",
            (
                rf"{BEFORE}(?P<n>{MONTH})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
                rf"(?:,?\s+(?P<y>20\d\d){AFTER})?(?!\d|[:.]\d|\s?[ap]\.?m)"
            ),
        ),
        (
            "nth_day",
            (
                rf"{BEFORE}{_THE}(?P<which>{any_of(WHICH)})\s+(?P<wd>{WEEKDAY})(?:en|n)?\s+(?:i|in|of)\s+"
                rf"(?P<n>{MONTH})(?:,?\s*(?P<y>20\d\d){AFTER})?"
            ),
        ),
        ("date", rf"{BEFORE}(?P<dw>{any_of(ORDINALS)})\s+(?:of\s+)?(?P<n>{MONTH})(?:,?\s*(?P<y>20\d\d){AFTER})?"),
        ("date", rf"{BEFORE}(?P<d>\d{{1,2}})\s?/\s?(?P<m>\d{{1,2}})(?!\d){_YEAR}"),
        ("date", rf"{BEFORE}(?P<d>\d{{1,2}})-(?P<m>\d{{1,2}})-(?P<y>20\d\d)(?!\d)"),
        ("length", rf"{BEFORE}(?:halvtimme|halvtime|en\s+halvtimme|en\s+halvtime|ein\s+halvtime)(?P<half>){AFTER}"),
        ("length", rf"{BEFORE}(?:an?|one)\s+hour\s+and\s+a\s+half(?P<one_and_half>){AFTER}"),
        ("length", rf"{BEFORE}(?P<count>\d)\s?h\s?(?P<more>[0-5]\d)m?{AFTER}(?!\s?min)"),
        ("length", rf"{BEFORE}{_QUARTERS}(?!\s+(?:över|over|past|i|på|til|to)\s){AFTER}"),
        (
            "length",
            (
                rf"{BEFORE}(?P<count>{_COUNTED})\s?(?:(?P<hours>{_HOUR_UNIT})|(?P<minutes>{_MINUTE_UNIT}))"
                rf"(?:\s+tid)?{AFTER}"
            ),
        ),
        ("dotted", rf"{BEFORE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>20\d\d|2\d)(?!\d|[.:]\d)"),
        ("dotted", rf"{BEFORE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?!\d)"),
        ("maybe", rf"{BEFORE}(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})(?!\d|[.:]\d|\s?[ap]\.?m)"),
        ("week", rf"{BEFORE}(?:{WEEK}|w)\s?(?:nr\.?\s?)?(?P<w>\d{{1,2}})(?!\d|[./:]\d)(?:,?\s+(?P<y>20\d\d){AFTER})?"),
        ("day_part", rf"{BEFORE}(?P<am>i\s+förmiddag|i\s+formiddag|this\s+morning|denne\s+morgen){AFTER}"),
        ("day_part", rf"{BEFORE}(?:tonight|i(?:\s+|(?=k))(?:{_EVENING})|this\s+(?:{_EVENING})){AFTER}"),
        ("next_week", rf"{BEFORE}(?:(?:i|in)\s+)?(?:nästa|næste|neste|next)\s+(?:{_WEEK_WORD}){AFTER}"),
        (
            "this_week",
            rf"{BEFORE}(?:(?:i|in)\s+)?(?:denna|denne|den\s+här|den\s+her|this)\s+(?:{_WEEK_WORD}){AFTER}",
        ),
        ("first_coming", rf"{BEFORE}(?:förstkommande|førstkommende|førstkomande)\s+(?P<wd>{WEEKDAY})(?:en|n)?{AFTER}"),
        ("coming", rf"{BEFORE}(?:{_THIS})\s+(?P<wd>{WEEKDAY})(?:en|n)?{AFTER}(?!\s+(?:week|i\s|om\s|in\s))"),
        (
            "vague",
            (
                rf"{BEFORE}(?:nästkommande|næstkommende|nestkommende|nästa|næste|neste|next|kommande|kommende|komande|coming"
                rf"|förstkommande|førstkommende|førstkomande|denna|denne|this)\s+(?:(?P<wd>{WEEKDAY})(?:en|n)?|\w{{1,20}}){AFTER}"
            ),
        ),
        (
            "vague",
            (
                rf"{BEFORE}(?:om|in)\s+(?P<n>\w{{1,10}})\s+(?:(?P<days>dagar|dage|dager|days)"
                rf"|(?P<weeks>veckor|vecka|uger|uge|uker|uke|veker|veke|weeks?)){AFTER}"
            ),
        ),
        (
            "vague",
            (
                rf"{BEFORE}(?:den|the|d\.)\s?(?P<d>\d{{1,2}})(?::e|:a|:te|st|nd|rd|th)?\.?"
                rf"(?=\s*(?:,\s*(?:kl|at\s|@)|kl|at\s|@|$|(?<=\s)\d\d?[:.]\d\d))"
            ),
        ),
        (
            "after_tomorrow",
            rf"{BEFORE}(?:i\s?övermorgon|(?:i\s?)?overmorg[eo]n|(?:the\s+)?day\s+after\s+tomorrow){AFTER}",
        ),
        ("today", rf"{BEFORE}(?:i\s?dag|today){AFTER}"),
        ("tomorrow", rf"{BEFORE}(?:i\s?morgon|i\s?morgen|i\s?morn|i\s?morra|tomorrow){AFTER}"),
        (
            "whole",
            rf"{BEFORE}(?:(?:the\s+)?(?:hela|hele|heile|all|whole|full|heil|hel)\s+(?:dagen|dag|day)|heldags?(?:en)?){AFTER}",
        ),
        ("noon", rf"{BEFORE}(?:(?:at|12)\s+)?(?:noon|midday){AFTER}"),
        ("am", rf"{BEFORE}(?:(?:på|om|in\s+the|during\s+the)\s+)?(?:{_MORNING}|fm){AFTER}"),
        ("pm", rf"{BEFORE}(?:(?:på|om|in\s+the|during\s+the)\s+)?(?:{_EVENING}|em){AFTER}"),
        (
            "part",
            (
                rf"{BEFORE}(?:(?:på|om|vid|ved|over|at)\s+)?(?:middag|lunch|lunsj|frokost|midnatt|midnat|midnight)"
                rf"(?:en|n|s|stid)?{AFTER}"
            ),
        ),
        ("short", rf"{BEFORE}(?P<wd>{any_of(SHORT_DAYS)}){_DATE_BEHIND}\.?"),
        ("weekday", rf"{BEFORE}(?P<wd>{WEEKDAY})(?:en|ar|er|e|n|s)?(?:\.(?!\d)|{AFTER})"),
        ("half", rf"{BEFORE}(?:{KL})?halv\s+(?P<h>{_HOURS}|\d{{1,2}}){AFTER}"),
        ("half_past", rf"{BEFORE}(?:{KL})?half\s+past\s+(?P<h>{_ENGLISH_HOURS}|\d{{1,2}}){_AMPM}{AFTER}"),
        ("english_half", rf"{BEFORE}(?:{KL})?half\s+(?:{_ENGLISH_HOURS}|\d{{1,2}}){AFTER}"),
        # Not `ten to eleven`, which may be an hour long.
        (
            "quarter",
            (
                rf"{BEFORE}(?:{KL})?(?:(?:a\s+)?quarter|kvart|(?P<minutes>fem|five|tio|ti|ten|tjugo|tyve|tjue|twenty))\s+"
                rf"(?P<side>över|over|past|i|på|(?<=r\s)to|(?<=t\s)til)\s+(?:(?P<half>halv)\s+)?(?P<h>{_HOURS}|{_ENGLISH_HOURS}|\d{{1,2}}){_AMPM}{AFTER}"
            ),
        ),
        ("time", rf"{BEFORE}{KL}(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?!\d)"),
        ("time", rf"{BEFORE}(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?=\s?-\s?(?:[01]\d|2[0-4])[0-5]\d(?!\d))"),
        ("time", r"(?<=\d-)(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?!\d)"),
        ("time", rf"(?:{BEFORE}|(?<=t))(?:{KL})?(?P<h>\d{{1,2}})[:.](?P<mi>\d\d)(?::00)?{_AMPM}(?!\d|[:.]\d)"),
        ("time", rf"{BEFORE}(?P<kl>{KL})?(?P<h>\d{{1,2}}){_AMPM}(?!\d|[/:]\d)"),
        ("military", rf"{BEFORE}(?!20[23]\d)(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d){AFTER}"),
        ("spoken", rf"{BEFORE}(?:{KL}|(?:från|fra|frå|from)\s+)(?P<h>{_HOURS}|{_ENGLISH_HOURS}){_AMPM}{AFTER}"),
        ("zone", rf"{BEFORE}(?P<zone>{any_of(ZONES)}){AFTER}"),
        ("zone", r"(?<=\d)(?P<zone>z)(?![^\W_])"),
        ("filler", rf"{BEFORE}(?:o['’]?\s?clock|prick|sharp|presis|præcis|hours|hrs){AFTER}"),
        ("filler", rf"{BEFORE}(?:från\s+och\s+med|fra\s+og\s+med|frå\s+og\s+med|fr\.?\s?o\.?\s?m\.?){AFTER}"),
        ("filler", rf"{BEFORE}(?:til\s+sam[ma]en|till\s?sammans|upp\s+till|up\s+to){AFTER}"),
        ("between", rf"{BEFORE}(?:mellan|mellem|mellom|imellem|between){AFTER}"),
        ("or", rf"{BEFORE}(?:eller|or|alternativt|alternatively|alt\.){AFTER}"),
        # Without `kl` before it an hour in words counts only behind a dash; `to` and `en` are other words.
        ("hour", rf"{BEFORE}(?P<h>{_HOURS}|{_ENGLISH_HOURS}){_AMPM}{AFTER}"),
        ("dash", r"-{0,2}>|[→~⇒]|-{1,3}"),
        ("dash", rf"{BEFORE}(?:to|till?\s+o(?:ch|g)\s+med|till?|until|t\.?o\.?m\.?){AFTER}"),
        ("dash", rf"{BEFORE}(?:slut(?:ar|er|tid)?|slutter|sluttar|slutt|ends?|ending){AFTER}"),
        ("and", rf"[,&+]|{BEFORE}(?:och|og|and|samt){AFTER}"),
        ("filler", r"[()\[\].:!]"),
        ("filler", rf"{BEFORE}(?:{_FILLERS}){AFTER}"),
    )
)
CLEAR_DATE: Final = re.compile(
    rf"20\d\d-\d|{BEFORE}\d{{1,2}}\s?/\s?\d{{1,2}}|{BEFORE}\d{{1,2}}{ORD}\s*{MONTH}|{BEFORE}\d{{1,2}}\.\s?\d{{1,2}}\.|{WEEK}\s?\d"
)

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


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LONG_DAYS: Final = [word for word in DAYS if word not in SHORT_DAYS and len(word) > 2]
WEEKDAY: Final = rf"(?:{_any(_LONG_DAYS)})"
_DATE_BEHIND: Final = rf"(?=\.?\s+(?:den\s+|d\.\s*|the\s+)?\d{{1,2}}\s?(?:/|\.\s?\d|(?:\.|:e|:a)?\s*{MONTH}))"
ORD: Final = r"(?::e|:a|:de|:te|\.|st|nd|rd|th|te|de)?"

# Numbers as words: cardinals and ordinals of the five languages.
_NUMBERS: Final = (
    "en ett et ei ein eit one an a första første fyrste first eitt",
    "två to two andra anden andet andre annen anna second tvo",
    "tre three tredje third",
    "fyra fire four fjärde fjerde fourth",
    "fem five femte fifth",
    "sex seks six sjätte sjette sixth",
    "sju syv seven sjunde syvende sjuende seventh",
    "åtta otte åtte eight åttonde ottende åttende eighth",
    "nio ni nine nionde niende ninth",
    "tio ti ten tionde tiende tenth",
    "elva elleve eleven elfte ellevte eleventh",
    "tolv twelve tolfte tolvte twelfth",
)
NUMBERS: Final = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}
_HOURS: Final = (
    "ett|et|ein|eitt|en|två|to|tre|fyra|fire|fem|sex|seks|sju|syv|åtta|åtte|otte|nio|ni|tio|ti|elva|elleve|tolv"
)
_ENGLISH_HOURS: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

KL: Final = r"(?:klockan|klokka|klokken|kl\.?|at|@)\s*"
_AMPM: Final = r"(?:\s?(?P<ap>am|pm|a\.m\.|p\.m\.)(?![^\W_]))?"

_COUNTED: Final = (
    r"\d{1,3}(?:[.,]\d{1,2})?\s?(?:½|1/2)?|½"
    r"|(?:en|ein|ei|one|an?)\s+(?:och|og|and)\s+(?:en|ei|ein|an?)\s+(?:halv|half)"
    r"|(?:en|ei|ein)\s+halv|halvannan|halvannen|halvanden|halvanna|half\s+an?"
    r"|en|ett|ei|ein|one|an|två|to|two|tre|three|fyra|fire|four"
)
_HOUR_UNIT: Final = r"timme\(ar\)|timmar|timme|timars|timar|timer|time|tim\.?|t(?!\.?\s?o)\.?|hours?|hrs?|h"
_MINUTE_UNIT: Final = r"minuter|minutter|minutt|minutes?|mins?\.?"

_MONTH_AND_YEAR: Final = rf"\s*(?P<n>{MONTH})\.?(?:,?\s*(?P<y>20\d\d){AFTER})?"
_NO_RANGE: Final = r"(?<!\d-)(?<!\d\s-\s)"
_AND_DAY: Final = r"\s?(?:,|&|(?<=[\s.])och|(?<=[\s.])og|(?<=[\s.])and)"

_FILLERS: Final = (
    r"den|d\.|the|d|at|on|på|i|in|om|ved|vid|of|for|kl\.?|klockan|klokka|klokken"
    r"|from|fra|frå|från|antingen|enten|anten|either|ca\.?|cirka|circa|därefter|deretter|derefter|then|sedan|med\s+start|start|starting"
)

TOKENS: Final = tuple(
    (name, re.compile(text))
    for name, text in (
        ("date", rf"{BEFORE}(?P<y>20\d\d)[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:t(?=\d\d:)|(?!\d))"),
        ("date", rf"{BEFORE}(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:t(?=\d\d)|{AFTER})"),
        ("week", rf"{BEFORE}(?P<y>20\d\d)-?w(?P<w>\d{{1,2}})(?:-(?P<wd>[1-7]))?{AFTER}"),
        ("days", rf"{BEFORE}(?P<ds>\d{{1,2}}{ORD}\s?-\s?\d{{1,2}}{ORD}){_MONTH_AND_YEAR}"),
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
            "date",
            (
                rf"{BEFORE}(?P<d>\d{{1,2}})\s?/\s?(?P<m>\d{{1,2}})(?!\d)"
                rf"(?:\s?[-/]\s?(?P<y>20\d\d|2\d)(?!\d|[:.]\d|\s?[/-])|\s(?P<y2>20\d\d)(?!\d|[:.]\d))?"
            ),
        ),
        ("date", rf"{BEFORE}(?P<d>\d{{1,2}})-(?P<m>\d{{1,2}})-(?P<y>20\d\d)(?!\d)"),
        ("length", rf"{BEFORE}(?:halvtimme|halvtime|en\s+halvtimme|en\s+halvtime|ein\s+halvtime)(?P<half>){AFTER}"),
        ("length", rf"{BEFORE}(?P<count>{_COUNTED})\s?(?:(?P<hours>{_HOUR_UNIT})|(?P<minutes>{_MINUTE_UNIT})){AFTER}"),
        ("dotted", rf"{BEFORE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>20\d\d|2\d)(?!\d|[.:]\d)"),
        ("dotted", rf"{BEFORE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?!\d)"),
        ("maybe", rf"{BEFORE}(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})(?!\d|[.:]\d|\s?[ap]\.?m)"),
        ("week", rf"{BEFORE}{WEEK}\s?(?:nr\.?\s?)?(?P<w>\d{{1,2}})(?!\d|[./:]\d)(?:,?\s+(?P<y>20\d\d){AFTER})?"),
        (
            "vague",
            (
                rf"{BEFORE}(?:nästkommande|förstkommande|førstkommende|førstkomande|nästa|næste|neste|next|kommande|kommende|komande|coming|denna|denne|this)\s+"
                rf"(?:(?P<wd>{WEEKDAY})(?:en|n)?|\w{{1,20}}){AFTER}"
            ),
        ),
        (
            "vague",
            rf"{BEFORE}(?:om|in)\s+(?:\w{{1,10}})\s+(?:dagar|dage|dager|days|veckor|uger|uker|veker|weeks|weeks'?){AFTER}",
        ),
        (
            "after_tomorrow",
            rf"{BEFORE}(?:i\s?övermorgon|(?:i\s?)?overmorg[eo]n|(?:the\s+)?day\s+after\s+tomorrow){AFTER}",
        ),
        ("today", rf"{BEFORE}(?:i\s?dag|today){AFTER}"),
        ("tomorrow", rf"{BEFORE}(?:i\s?morgon|i\s?morgen|tomorrow){AFTER}"),
        (
            "whole",
            rf"{BEFORE}(?:(?:the\s+)?(?:hela|hele|heile|all|whole|full|heil|hel)\s+(?:dagen|dag|day)|heldags?(?:en)?){AFTER}",
        ),
        (
            "part",
            (
                rf"{BEFORE}(?:(?:på|om|in\s+the|during\s+the)\s+)?(?:förmiddag|eftermiddag|formiddag|eftermiddag|ettermiddag|kväll"
                rf"|kveld|aften|middag|lunch|lunsj|frokost|noon|midday|morning|afternoon|evening|morgon|morgen)(?:en|n|s|stid)?{AFTER}"
            ),
        ),
        ("short", rf"{BEFORE}(?P<wd>{_any(SHORT_DAYS)}){_DATE_BEHIND}\.?"),
        ("weekday", rf"{BEFORE}(?P<wd>{WEEKDAY})(?:en|ar|er|e|n|s)?(?:\.(?!\d)|{AFTER})"),
        ("half", rf"{BEFORE}(?:{KL})?halv\s+(?P<h>{_HOURS}|\d{{1,2}}){AFTER}"),
        ("half_past", rf"{BEFORE}(?:{KL})?half\s+past\s+(?P<h>{_ENGLISH_HOURS}|\d{{1,2}}){_AMPM}{AFTER}"),
        ("english_half", rf"{BEFORE}(?:{KL})?half\s+(?:{_ENGLISH_HOURS}|\d{{1,2}}){AFTER}"),
        (
            "quarter",
            (
                rf"{BEFORE}(?:{KL})?(?:(?:a\s+)?quarter|kvart)\s+(?P<side>över|over|past|i|på|til|to)\s+"
                rf"(?P<h>{_HOURS}|{_ENGLISH_HOURS}|\d{{1,2}}){_AMPM}{AFTER}"
            ),
        ),
        ("time", rf"{BEFORE}{KL}(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?!\d)"),
        ("time", rf"{BEFORE}(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?=\s?-\s?(?:[01]\d|2[0-4])[0-5]\d(?!\d))"),
        ("time", r"(?<=\d-)(?P<h>[01]\d|2[0-4])(?P<mi>[0-5]\d)(?!\d)"),
        ("time", rf"(?:{BEFORE}|(?<=t))(?:{KL})?(?P<h>\d{{1,2}})[:.](?P<mi>\d\d)(?::00)?{_AMPM}(?!\d|[:.]\d)"),
        ("time", rf"{BEFORE}(?P<kl>{KL})?(?P<h>\d{{1,2}}){_AMPM}(?!\d|[/:]\d)"),
        ("spoken", rf"{BEFORE}{KL}(?P<h>{_HOURS}|{_ENGLISH_HOURS}){_AMPM}{AFTER}"),
        ("filler", rf"{BEFORE}(?:från\s+och\s+med|fra\s+og\s+med|frå\s+og\s+med|fr\.?\s?o\.?\s?m\.?){AFTER}"),
        ("between", rf"{BEFORE}(?:mellan|mellem|mellom|imellem|between){AFTER}"),
        ("or", rf"{BEFORE}(?:eller|or|alternativt|alternatively|alt\.){AFTER}"),
        ("dash", rf"-{{1,2}}|{BEFORE}(?:to|till?\s+o(?:ch|g)\s+med|till?|until|t\.?o\.?m\.?){AFTER}"),
        ("and", rf"[,&+]|{BEFORE}(?:och|og|and|samt){AFTER}"),
        ("filler", r"[()\[\].:!]"),
        ("filler", rf"{BEFORE}(?:{_FILLERS}){AFTER}"),
    )
)
CLEAR_DATE: Final = re.compile(
    rf"20\d\d-\d|{BEFORE}\d{{1,2}}\s?/\s?\d{{1,2}}|{BEFORE}\d{{1,2}}{ORD}\s*{MONTH}|{BEFORE}\d{{1,2}}\.\s?\d{{1,2}}\.|{WEEK}\s?\d"
)
BULLET: Final = re.compile(r"\A\s*(?:[-*•·–]|[a-h]\))\s+")
NUMBERED: Final = re.compile(r"\s*(?P<number>\d{1,2})\s?[.):]\s+")

# ---- how often

_EVERY: Final = r"every|each|varje|var|vart|hver|hvert|kvar|kvart"
_OTHER: Final = r"varannan|vartannat|varannat|annenhver|annethvert|annankvar|annakvar|every\s+other|fortnightly"
_NTH: Final = rf"\d{{1,2}}(?::e|:a|:de|\.|st|nd|rd|th)?|{_any(NUMBERS)}"
_MONTH_UNIT: Final = r"månaderna|månaden|månader|månad|måneden|måneder|måned|månadar|months?"
_WEEK_UNIT: Final = r"veckan|veckor|vecka|uger|uge|uken|uker|uke|uka|veker|veke|veka|weeks?"
_DAY_UNIT: Final = r"dagar|dagen|dage|dager|dag|days?"
WHICH: Final = {
    "first": 1, "första": 1, "første": 1, "fyrste": 1, "1:a": 1, "1.": 1, "1st": 1,
    "second": 2, "andra": 2, "anden": 2, "andre": 2, "2:a": 2, "2.": 2, "2nd": 2,
    "third": 3, "tredje": 3, "3:e": 3, "3.": 3, "3rd": 3,
    "fourth": 4, "fjärde": 4, "fjerde": 4, "4:e": 4, "4.": 4, "4th": 4,
    "last": -1, "sista": -1, "sidste": -1, "siste": -1,
}  # fmt: skip
EVERY_NTH_DAY: Final = re.compile(
    rf"{BEFORE}(?:(?:den|the|on|{_EVERY})\s+){{0,3}}(?P<which>{_any(WHICH)})\s+(?P<wd>{WEEKDAY})(?:en|n)?\s+"
    rf"(?:(?:i|of|in|the|{_EVERY})\s+){{1,3}}(?:{_MONTH_UNIT}){AFTER}"
)
EVERY_DATE: Final = re.compile(
    rf"{BEFORE}(?:on\s+)?(?:den|the)\s+(?P<d>\d{{1,2}})(?::e|:a|\.|st|nd|rd|th)?\s+(?:(?:i|of|in)\s+)?"
    rf"(?:{_EVERY})\s+(?:{_MONTH_UNIT}){AFTER}"
)
EVERY: Final = re.compile(
    rf"{BEFORE}(?:(?P<other>{_OTHER})|(?P<every>{_EVERY})(?:\s+(?P<n>{_NTH}))?)\s+"
    rf"(?:(?P<week>{_WEEK_UNIT})|(?P<month>{_MONTH_UNIT})|(?P<day>{_DAY_UNIT})|(?P<wd>{WEEKDAY})(?:en|n|s)?){AFTER}"
)
ADVERB: Final = re.compile(
    rf"{BEFORE}(?:(?P<week>weekly|veckovis|ugentligt?|ukentlig|vekentleg)|(?P<fortnight>fortnightly|every\s+fortnight)"
    rf"|(?P<month>monthly|månadsvis|månatligen|månedligt?|månedlig|månadleg)){AFTER}"
)
TIMES: Final = re.compile(
    rf"{BEFORE}(?P<n>\d{{1,3}}|{_any(NUMBERS)})\s*(?:times|gånger|gång|gange|gang|ganger|gonger|gong|meetings|möten|tillfällen"
    rf"|møder|møter|møte){AFTER}|{BEFORE}(?P<x>\d{{1,2}})\s?x{AFTER}|[x×]\s?(?P<xx>\d{{1,2}}){AFTER}"
)
FURTHER: Final = re.compile(
    rf"{BEFORE}(?:until\s+further\s+notice|tills\s+vidare|tills?\s?v(?:id)?\.|indtil\s+videre|inntil\s+videre|inntil\s+vidare"
    rf"|til\s+vidare|til\s+videre){AFTER}"
)
UNTIL: Final = re.compile(
    rf"{BEFORE}(?:until|through|up\s+to|till?\s+o(?:ch|g)\s+med|t\.?\s?o\.?\s?m\.?|fram\s+till?|frem\s+til|indtil|inntil|tills?|till?"
    rf"|to)\s+(?:and\s+including\s+|inkl\.?\s+)?(?:den\s+|d\.\s*|the\s+)?"
)
ALTERNATING: Final = re.compile(
    rf"{BEFORE}(?:alternating(?:\s+between)?|växelvis|omväxlande|skiftevis|skiftesvis|vekselvist?|vekselvis|på\s+skift)\s*:?\s+"
    rf"(?P<titles>[^\n;]{{3,300}})"
)
LOOKS_REPEATED: Final = re.compile(
    rf"{BEFORE}(?:every|each|varje|var|vart|hver|hvert|kvar|{_OTHER}|varenda|repeat\w*|upprepa\w*|återkommande|gjenta\w*|gentag\w*|biweekly|daily|dagligen"
    rf"|dagligt?|yearly|årligen|årlig\w*|quarterly){AFTER}"
)
TITLE_SPLIT: Final = re.compile(r"\s*(?:,|/|&|\s(?:and|och|og)\s)\s*")

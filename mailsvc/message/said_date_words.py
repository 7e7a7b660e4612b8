"""The words and shapes in which people write dates in mails: tables and patterns for `said_dates` (words.md §7.5).

All patterns are for text in lower case. They are bounded: no pattern repeats something that can itself repeat.
"""

from __future__ import annotations

import re
from typing import Final

# First the spellings of the five languages, then Finnish and German ones, which neighbours write.
_MONTHS: Final = (
    "januari januar january jan tammikuu jänner",
    "februari februar february febr feb helmikuu",
    "mars marts march mar maaliskuu märz",
    "april apr huhtikuu",
    "maj mai may toukokuu",
    "juni june jun kesäkuu",
    "juli july jul heinäkuu",
    "augusti august aug elokuu",
    "september sept sep syyskuu",
    "oktober october okt oct lokakuu",
    "november nov marraskuu",
    "december desember dezember dec des dez joulukuu",
)
_WEEKDAYS: Final = (
    "måndag mandag monday maanantai montag mån man mon",
    "tisdag tirsdag tysdag tuesday tiistai dienstag tirs tis tys tir tues tue",
    "onsdag wednesday keskiviikko mittwoch ons wed",
    "torsdag thursday torstai donnerstag tors tor thurs thur thu",
    "fredag friday perjantai freitag fre fri",
    "lördag lørdag laurdag saturday lauantai samstag lör lør lau lor sat",
    "söndag søndag sundag sunday sunnuntai sonntag sön søn sun",
)

MONTHS: Final = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
WEEKDAYS: Final = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}


def _longest_first(words: dict[str, int], shortest: int = 1) -> str:
    return "|".join(sorted((word for word in words if len(word) >= shortest), key=len, reverse=True))


_END: Final = r"(?![^\W_])"  # no letter or digit behind
MONTH: Final = rf"(?:{_longest_first(MONTHS)})(?:ta|n|ssa|hun)?{_END}"
# Alone, `jul` is Christmas in Danish and Norwegian and `dec` nothing; `maj`, `mai` and `may` have no longer form.
_FULL_MONTH: Final = rf"(?:{_longest_first({w: n for w, n in MONTHS.items() if len(w) > 3 or w[:2] == 'ma'})})"
WEEKDAY: Final = rf"(?:{_longest_first(WEEKDAYS)})"
_FULL_WEEKDAY: Final = rf"(?:{_longest_first(WEEKDAYS, 6)})"
WEEK: Final = (
    r"(?:veckorna|veckan|veckor|vecka|ugerne|ugen|uge|ukene|uken|uker|uka|uke|vekene|veka|veker|veke|weeks|week|wk\.?"
    r"|viikkoina|viikolla|viikon|viikot|viikko|vko|kw|v\.|v)"
)
_ORDINAL: Final = r"(?:\.|:e|:a|:de|:te|st|nd|rd|th|te|de)?"
TO: Final = (
    r"(?:-{1,2}|to|through|thru|until|till?\s+o(?:ch|g)\s+med|t\.?\s?o\.?\s?m\.?|til\s+og\s+med|fra[mp]?\s+til"
    r"|frem\s+til|fram\s+till?|till?|tom|bis(?:\s+zum)?)"
)
LEAD: Final = rf"(?:(?:(?:den|d\.|the|dem)(?![^\W_])|{WEEKDAY}(?:en|n)?(?![^\W_])\.?)[\s,]*){{0,3}}"

_MONTH_FIRST: Final = (
    rf"(?<![^\W_])(?P<n>{MONTH})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>20\d\d))?(?!\d|[:./]\d)"
    rf"(?:\s?(?:-|to|through)\s?(?:the\s)?(?P<to>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:./]\d)(?!\s*{MONTH}))?"
)
# Each names what it gives: d(ay), m(onth number), n(ame of month), y(ear, four or two digits).
DATES: Final = tuple(
    re.compile(text, re.VERBOSE)
    for text in (
        r"(?<!\d)(?<!\d[.-])(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        r"(?<![\d-])(?P<y>2\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?(?P<n>{MONTH})\.?(?:,?\s*(?P<y>20\d\d)(?!\d))?",
        _MONTH_FIRST,
        r"(?<![\d/])(?P<d>\d{1,2})\s?/\s?(?P<m>\d{1,2})(?!\d)(?!\s?/\s?\d)",
        r"(?<![\d/])(?P<d>\d{1,2})\s?/\s?(?P<m>\d{1,2})(?:\s?[-/.]\s?|\s)(?P<y>20\d\d|\d\d)(?!\d|\s?[/:]|[.]\d)",
        r"(?<![\d.,:/])(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?:\.\s?(?P<y>20\d\d|\d\d))?\.?(?!\d|[.:]\d|[/:])",
        r"(?<!\d)(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>20\d\d)(?!\d)",
    )
)
SIX_DIGITS: Final = re.compile(r"(?<![\d+-])(\d\d)(\d\d)(\d\d)(?![\d-])")
# `den 12:e`, `the 12th`, `d. 12.`: the next such day of a month.
DAY_ONLY: Final = re.compile(
    r"(?<![^\W_])(?:den|the|d\.)\s?(?P<d>\d{1,2})(?::e|:a|st|nd|rd|th)?+(?![.:]\d)"
    rf"(?!\.?\s*(?:{MONTH}|{TO}(?![^\W_])|-))"
    rf"(?=\s*(?:$|[.,!?)\n]|(?:och|og|and|igen|igjen|again){_END}(?!\s+(?:den\s)?\d)))"
)
NOT_A_DATE_BEFORE: Final = re.compile(
    r"(?:\bkl\.?|\bklockan|\bklokka|\btlf\.?:?|\btel\.?:?|\bversion|\bpunkt|[§#])\s*$"
)
_AND_MORE_WEEKS: Final = (
    r"\s?(?:-|,|&|\+|och|og|and|t\.?o\.?m\.?|till?(?:\s+o(?:ch|g)\s+med)?|to|through)\s?"
    rf"(?:{WEEK}\s?)?\d{{1,2}}(?!\d|[./:]\d)"
)
WEEKS: Final = re.compile(
    rf"(?<![^\W_]){WEEK}\s?(?:nr\.?\s?)?(?P<numbers>\d{{1,2}}(?:{_AND_MORE_WEEKS}){{0,9}})(?!\d|[./:]\d)"
)
WEEK_NUMBER: Final = re.compile(r"\d{1,2}")
LISTED: Final = re.compile(r",|&|\+|(?:och|og|and)(?!\s+med)")
WEEKDAY_OF_WEEK: Final = re.compile(
    rf"(?<![^\W_])(?P<day>{WEEKDAY})(?:en)?\.?,?\s+(?:i\s+|in\s+|of\s+)?{WEEK}\s?(?P<week>\d{{1,2}})(?!\d|[.:/]\d)"
)
WEEKDAY_BEFORE: Final = re.compile(rf"(?<![^\W_])(?P<day>{WEEKDAY})(?:en|n)?\.?,?\s*(?:(?:den|d\.?|the)\s*)?$")
WEEKDAY_ALONE: Final = re.compile(rf"(?<![^\W_])(?P<day>{_FULL_WEEKDAY})(?:en|n)?{_END}")
RECURRING: Final = re.compile(r"(?:varje|varannan|hver|hvert|kvar|every|each|alle|alla)\s+$")
_EARLY: Final = (
    r"början\s+av|begynnelsen\s+av|starten\s+a[vf]|begyndelsen\s+af|byrjinga\s+av"
    r"|(?:the\s+)?(?:beginning|start)\s+of|early|primo"
)
_MID: Final = r"mitten\s+av|midten\s+a[vf]|midt\s+i|mitt\s+i|midten|(?:the\s+)?middle\s+of|mid-?|medio"
_LATE: Final = (
    r"slutet\s+av|slutten\s+av|slutningen\s+af|slutten|enden\s+av|utgången\s+av|utgangen\s+a[vf]|udgangen\s+af"
    r"|(?:the\s+)?end\s+of|late|ultimo"
)
_WHOLE: Final = r"ut|hela|hele|heile|(?:the\s+)?(?:whole|entire)\s+(?:of\s+)?|all\s+(?:of\s+)?"
MONTH_ALONE: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<early>{_EARLY})|(?P<mid>{_MID})|(?P<late>{_LATE})|(?P<whole>{_WHOLE})"
    rf"|(?P<bare>i|in|under|during|until|till?|indtil|inntil|efter|etter|after))"
    rf"\s*(?P<n>{_FULL_MONTH}){_END}(?!\s*\d{{1,2}}(?!\d))(?:,?\s*(?P<y>20\d\d)(?!\d))?"
)
_REST: Final = r"(?:resten\s+a[vf]|(?:the\s+)?(?:rest|remainder)\s+of|hela|hele|heile|throughout|ut|ud)\s+(?:the\s+)?"
_THE_WEEK: Final = r"(?:veckan?|uken?|uka|ugen?|veka|week)"
# Named stretches: the group says which.
NAMED: Final = re.compile(
    rf"""(?<![^\W_])(?:
        (?P<today>i\s?dag|today|for\s+the\s+day|(?:{_REST})(?:dagen|day|i\s?dag))
      | (?P<tomorrow>i\s?morgon|i\s?morgen|tomorrow|i\s?morra)
      | (?P<this_week>(?:{_REST})?(?:den\s+här|denna|denne|this)\s+{_THE_WEEK}|{_REST}{_THE_WEEK}|ugen\s+u[dt])
      | (?P<next_week>(?:hela\s+|hele\s+|heile\s+)?(?:nästa|nästkommande|næste|neste|next)\s+{_THE_WEEK})
      | (?P<weekend>helgen|helga|helgi|weekenden|the\s+weekend)
      | (?P<new_year>nyåret|nyår|nyttår|nytår|nytåret|(?:the\s+)?new\s+year)
    )(?![^\W_])""",
    re.VERBOSE,
)
# What may stand between the two ends of a stretch.
BETWEEN: Final = re.compile(rf"[\s,]*{TO}[\s,]*(?:and\s+including\s+|inkl\.?\s+)?{LEAD}")
AND: Final = re.compile(rf"\s*(?:och|og|and)\s+{LEAD}")
BETWEEN_BEFORE: Final = re.compile(rf"(?:mellan|mellem|mellom|imellem|between)\s+{LEAD}$")
PARTIAL_BEFORE: Final = re.compile(rf"(?<![\d/.:])(?P<d>\d{{1,2}}){_ORDINAL}\s*{TO}\s*{LEAD}$")
PARTIAL_BETWEEN: Final = re.compile(
    rf"(?:mellan|mellem|mellom|imellem|between)\s+{LEAD}(?P<d>\d{{1,2}}){_ORDINAL}\s*(?:och|og|and)\s+{LEAD}$"
)

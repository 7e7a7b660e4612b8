"""The words in which people write how often a meeting is (words.md §7.5): patterns for `repeat`.

All patterns are for text in lower case (`said_dates.plain`) and match in linear time.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.said_date_words import MONTH
from workflows.meeting.when.model import Unit
from workflows.meeting.when.words import AFTER, BEFORE, CARDINALS, DAYS, NUMBERS, WEEKDAY, WHICH, any_of

_EVERY: Final = r"every|each|varje|var|vart|hver|hvert|kvar|kvart"
_OTHER: Final = (
    r"varannan|vartannat|varannat|hveranden|hverandet|annen\s?hver|annet\s?hvert|annan\s?kvar|anna\s?kvar|every\s+other"
)
_NTH: Final = rf"\d{{1,2}}(?::e|:a|:de|\.|st|nd|rd|th)?|{any_of(NUMBERS)}"
_MONTH_UNIT: Final = r"månaderna|månaden|månader|månad|måneden|måneder|måned|månadar|months?"
_WEEK_UNIT: Final = r"veckan|veckor|vecka|uger|uge|uken|uker|uke|uka|veker|veke|veka|weeks?"
_DAY_UNIT: Final = r"dagar|dagen|dage|dager|dag|days?"
_ONCE: Final = r"(?:once|en\s+gång|en\s+gang|ein\s+gong)\s+(?:i\s+|om\s+|per\s+|a\s+|every\s+|hver\s+|kvar\s+|varje\s+)"
EVERY_NTH_DAY: Final = re.compile(
    rf"{BEFORE}(?:(?:den|the|on|{_EVERY})\s+){{0,3}}(?P<which>{any_of(WHICH)})\s+(?P<wd>{WEEKDAY})(?:en|n)?\s+"
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
    rf"{BEFORE}(?:(?P<week>weekly|veckovis|ugentligt?|ukentlig|vekentleg|{_ONCE}(?:{_WEEK_UNIT}))"
    rf"|(?P<fortnight>fortnightly|every\s+fortnight)|(?P<quarter>quarterly|kvartalsvis|(?:{_EVERY})\s+(?:kvartal|quarter))"
    rf"|(?P<month>monthly|månadsvis|månatligen|månedligt?|månedlig|månadleg|{_ONCE}(?:{_MONTH_UNIT}))){AFTER}"
)
TIMES: Final = re.compile(
    rf"{BEFORE}(?P<n>\d{{1,3}}|{any_of(CARDINALS)})\s*(?:times|gånger|gång|ggr|gange|gang|ganger|gonger|gong|meetings|sessions"
    rf"|möten|tillfällen|träffar|møder|møter|møte|samlinger|samlingar){AFTER}|{BEFORE}(?P<x>\d{{1,2}})\s?x{AFTER}|[x×]\s?(?P<xx>\d{{1,2}}){AFTER}"
)
_SO_LONG: Final = rf"{BEFORE}(?:i|in|for|under|over)\s+(?P<n>\d{{1,2}}|{any_of(CARDINALS)})\s+"
SO_LONG: Final = {
    Unit.WEEK: re.compile(rf"{_SO_LONG}(?:veckor|uger|uker|veker|weeks){AFTER}"),
    Unit.MONTH: re.compile(rf"{_SO_LONG}(?:månader|måneder|månadar|months){AFTER}"),
}
"""`varje vecka i 4 veckor`: as many times, where it is every one of them."""
FURTHER: Final = re.compile(
    rf"{BEFORE}(?:until\s+further\s+notice|tills\s?vidare|tills?\s?v(?:id)?\.|t\.\s?v\.?|indtil\s+videre|inntil\s+videre|inntil\s+vidare"
    rf"|til\s+vidare|til\s+videre){AFTER}"
)
UNTIL: Final = re.compile(
    rf"{BEFORE}(?:until|through|up\s+to|till?\s+o(?:ch|g)\s+med|t\.?\s?o\.?\s?m\.?|fram\s+till?|frem\s+til|indtil|inntil|tills?|till?"
    rf"|to|(?:sista|sidste|siste|last)\s+(?:gången|gång|gang|gangen|gong|gongen|time|mötet|møde|møtet|meeting)(?:\s*:|\s+är|\s+er|\s+is)?"
    rf")\s+(?:and\s+including\s+|inkl\.?\s+)?(?:den\s+|d\.\s*|the\s+)?"
)
# To the end of a month; "until June" may be before it begins, and is asked about.
THROUGH_MONTH: Final = re.compile(
    rf"{BEFORE}(?:through|till?\s+o(?:ch|g)\s+med|t\.?\s?o\.?\s?m\.?|ut|ud|until\s+the\s+end\s+of"
    rf"|till?\s+(?:slutet\s+av|utgången\s+av|udgangen\s+af|utgangen\s+av))\s+(?P<n>{MONTH})\.?(?:\s+(?P<y>20\d\d){AFTER})?(?!\s*\d)"
)
_LONG_DAY: Final = any_of(word for word in DAYS if word.endswith(("dag", "day")))
SEVERAL_DAYS: Final = re.compile(
    rf"{BEFORE}(?:(?:på|om|on)\s+)?(?P<wd>{_LONG_DAY})(?:arna|arne|ane|ene|ar|er|e|s){AFTER}"
)
"""`måndagar`, `mandager`, `Mondays`: every one of them."""
WEEKS: Final = re.compile(
    rf"{BEFORE}(?:(?:i|på|in|on|of|alla|alle)\s+)?(?:(?P<even>jämna?\s+veck(?:or|a)|lige\s+uger|like\s+uker|like\s+veker|partalls?uker|partals?veker"
    rf"|even(?:[\s-]numbered)?\s+weeks?)|(?P<odd>(?:udda|ojämna?)\s+veck(?:or|a)|ulige\s+uger|ulike\s+uker|ulike\s+veker|oddetalls?uker"
    rf"|oddetals?veker|odd(?:[\s-]numbered)?\s+weeks?)){AFTER}"
)
NO_REPEAT: Final = re.compile(
    r"[\s.!-]*(?:(?:nej|nei|no|none|never|nope|inte|ikke|ikkje|ingen|inga|inget|intet|aldrig|aldri|upprepas\s+(?:inte|ej)|gentages\s+ikke"
    r"|gjentas\s+ikke|does\s+not|not?)?[\s,.]*(?:(?:bara|kun|bare|berre|only|just)\s+)?(?:en\s+gång|én\s+gang|en\s+gang|ein\s+gong|éin\s+gong"
    r"|engångsmöte|once|one\s+time|denne\s+ene\s+gangen|denna\s+gång)?)[\s.!-]*"
)
"""What people write behind `Repeat:` for a meeting that is not repeated."""
ALTERNATING: Final = re.compile(
    rf"{BEFORE}(?:alternating(?:\s+between)?|växelvis|omväxlande|skiftevis|skiftesvis|vekselvist?|vekselvis|på\s+skift)\s*:?\s+"
    rf"(?P<titles>[^\n;]{{3,300}})"
)
LOOKS_REPEATED: Final = re.compile(
    rf"{BEFORE}(?:every|each|varje|var|vart|hver|hvert|kvar|{_OTHER}|varenda|återkommande|bi-?weekly|daily|dagligen"
    rf"|dagligt?|yearly|årligen|årlig\w*|quarterly){AFTER}"
)
TITLE_SPLIT: Final = re.compile(r"\s*(?:,|/|&|\s(?:and|och|og)\s)\s*")

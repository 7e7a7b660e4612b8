"""When digests go out: `mon 08:00`, `daily 07:30`, `1st mon 09:00`, `off`, in five languages; pure.

Times are local times of a zone. A day of the schedule has exactly one slot, also when clocks change: a time that the
change leaves out is taken with the offset before it (02:30 becomes 03:30), a time that comes twice is the first one.
Days on which nobody works are the caller's to know: their slots move to the next day that is none, at the same time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.cases.reading import words
from mailsvc.clock import Instant, to_datetime, to_instant

EVERY: Final = 0
LAST: Final = -1

_ALL: Final = (0, 1, 2, 3, 4, 5, 6)
_WEEKDAYS: Final = (0, 1, 2, 3, 4)
_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NTH_NAMES: Final = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", LAST: "last"}
_FAR: Final = 800  # days: a schedule without a slot in two years of working days has none


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days` are weekdays, Monday 0, none for `off`; `nth` of the month (1 to 4, LAST), or EVERY week; local time."""

    days: tuple[int, ...] = ()
    hour: int = 0
    minute: int = 0
    nth: int = EVERY

    @property
    def off(self) -> bool:
        """Whether it never comes."""
        return not self.days

    def on(self, day: date) -> bool:
        """Whether the schedule names this day, working day or not."""
        if day.weekday() not in self.days:
            return False
        if self.nth == EVERY:
            return True
        if self.nth == LAST:
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 == self.nth

    def __str__(self) -> str:
        """As `parse` reads it back, in English."""
        if self.off:
            return "off"
        at = f"{self.hour:02}:{self.minute:02}"
        if self.nth != EVERY:
            return f"{_NTH_NAMES[self.nth]} {_NAMES[self.days[0]]} {at}"
        named = {_ALL: "daily", _WEEKDAYS: "weekdays"}.get(self.days)
        return f"{named or ','.join(_NAMES[day] for day in self.days)} {at}"


OFF: Final = Schedule()

# --- words, folded as `_fold` does --------------------------------------------------------------------------------
_DAY_WORDS: Final = (
    "mon monday mondays mån måndag måndagar måndagen man mandag mandage mandager mandagen måndagane",
    "tue tues tuesday tuesdays tis tisdag tisdagar tisdagen tir tirs tirsdag tirsdage tirsdager tys tysdag tysdagar",
    "wed weds wednesday wednesdays ons onsdag onsdagar onsdagen onsdage onsdager",
    "thu thur thurs thursday thursdays tor tors torsdag torsdagar torsdagen torsdage torsdager",
    "fri friday fridays fre fredag fredagar fredagen fredage fredager",
    "sat saturday saturdays lör lördag lördagar lördagen lør lørdag lørdage lørdager lørdagen lau laurdag laurdagar",
    "sun sunday sundays sön söndag söndagar söndagen søn søndag søndage søndager søndagen sundag sundagar",
)
_DAILY: Final = (
    "daily",
    "every day",
    "dagligen",
    "varje dag",
    "alla dagar",
    "dagligt",
    "hver dag",
    "daglig",
    "dagleg",
    "kvar dag",
)
_WORKDAYS: Final = (
    "weekdays",
    "weekday",
    "workdays",
    "working days",
    "vardagar",
    "vardag",
    "arbetsdagar",
    "hverdage",
    "hverdager",
    "arbejdsdage",
    "arbeidsdager",
    "kvardagar",
    "kvardager",
    "arbeidsdagar",
)
_OFF_WORDS: Final = ("off", "av", "fra", "never", "none", "aldrig", "aldri", "ingen", "inga", "inget")
_NTH_WORDS: Final = {
    1: "1st first 1 1:a 1:e 1a 1e första förste første fyrste",
    2: "2nd second 2 2:a 2:e 2a 2e andra andre anden andet anna",
    3: "3rd third 3 3:e 3:a 3e tredje",
    4: "4th fourth 4 4:e 4:a 4e fjärde fjerde",
    LAST: "last sista siste sidste",
}
_EVERY_WORDS: Final = frozenset(
    {"every", "each", "varje", "hver", "hvert", "kvar", "kvart", "på", "on", "om", "the", "den"}
)
_OF_THE_MONTH: Final = (
    "of the month", "of each month", "of every month", "i månaden", "i varje månad", "i måneden", "i hver måned",
    "kvar månad",
)  # fmt: skip
_AT: Final = re.compile(
    r"(?P<days>.*?),?(?: (?:at|kl\.?|klockan|klokka|klokken))? ?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?$"
)
_JOINED: Final = re.compile(r"\s*(?:,|;|&|\+|\band\b|\boch\b|\bog\b)\s*")

_EXAMPLES: Final = "Examples: mon 08:00 · mon,thu 08:00 · daily 07:30 · weekdays 08:00 · 1st mon 09:00 · off."


def _fold(text: str) -> str:
    """Small letters without rings and dots, single blanks: `Mån` and `man` are the same Monday."""
    plain = " ".join(text.casefold().replace("\u2013", "-").split())
    return plain.translate(str.maketrans("åäöøæ", "aaooa"))


def _spelled(some: Iterable[str]) -> frozenset[str]:
    """Every spelling of some words (words.md §1.2), folded."""
    return frozenset(_fold(one) for word in some for one in words.spellings(word))


_DAYS: Final = {one: day for day, line in enumerate(_DAY_WORDS) for one in _spelled(line.split())}
_NTH: Final = {one: nth for nth, line in _NTH_WORDS.items() for one in _spelled(line.split())}
_EVERY_DAY: Final = _spelled(_DAILY)
_WORK: Final = _spelled(_WORKDAYS)
_NONE: Final = _spelled(_OFF_WORDS)
_SKIPPED: Final = _spelled(_EVERY_WORDS)
_MONTH_TAILS: Final = tuple(" " + one for one in sorted(_spelled(_OF_THE_MONTH)))


def parse(text: str) -> Schedule | str:
    """The schedule a text names, or a sentence in English that says what is wrong with it and what would do."""
    folded = _fold(text).rstrip(".")
    if folded in _NONE:
        return OFF
    match = _AT.fullmatch(folded)
    if match is None:
        return f'"{text.strip()}" has no time of day, such as 08:00. {_EXAMPLES}'
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour > 23 or minute > 59:
        return f"{hour:02}:{minute:02} is no time of day. {_EXAMPLES}"
    days = _days(match["days"].strip())
    if isinstance(days, str):
        return days
    return Schedule(days[1], hour, minute, days[0])


def _days(said: str) -> tuple[int, tuple[int, ...]] | str:
    """Which of the month, and which weekdays; or what is wrong."""
    if said in _EVERY_DAY:
        return EVERY, _ALL
    if said in _WORK:
        return EVERY, _WEEKDAYS
    for tail in _MONTH_TAILS:
        said = said.removesuffix(tail)
    named = [word for word in said.split() if word not in _SKIPPED]
    if not named:
        return f"The day is missing. {_EXAMPLES}"
    nth = _NTH.get(named[0].rstrip(".")) if len(named) > 1 else None
    if nth is not None:
        day = _DAYS.get(named[1].rstrip("."))
        if len(named) != 2 or day is None:
            return f'"{said}": behind "{named[0]}" stands one day of the week. {_EXAMPLES}'
        return nth, (day,)
    found: set[int] = set()
    for piece in _JOINED.split(" ".join(named)):
        ends = [_DAYS.get(name.strip().rstrip(".")) for name in piece.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return f'"{piece}" is no day of the week. {_EXAMPLES}'
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return EVERY, tuple(sorted(found))


def _at(day: date, schedule: Schedule, zone: ZoneInfo) -> Instant:
    """The one moment of that day's slot; see the module on days with a change of clocks."""
    local = datetime.combine(day, time(schedule.hour, schedule.minute), zone)
    return to_instant(local.astimezone(UTC))


def _never(_: date) -> bool:
    return False


def next_slot(
    schedule: Schedule, after: Instant, zone: ZoneInfo, free: Callable[[date], bool] = _never
) -> Instant | None:
    """The first slot strictly later than `after`; None for `off`, or when no working day comes within two years.

    `free` tells the days on which nobody works. Two slots that move to the same day are one.
    """
    if schedule.off:
        return None
    # A slot late in the evening may, moved by a change of clocks, stand on the next local day.
    day = to_datetime(after, zone).date() - timedelta(days=1)
    carried = _carried(schedule, day, free)
    for _ in range(_FAR):
        carried = carried or schedule.on(day)
        if carried and not free(day):
            slot = _at(day, schedule, zone)
            if slot > after:
                return slot
            carried = False
        day += timedelta(days=1)
    return None


def _carried(schedule: Schedule, day: date, free: Callable[[date], bool]) -> bool:
    """Whether the days off right before this one have left a slot over."""
    for back in range(1, _FAR):
        before = day - timedelta(days=back)
        if not free(before):
            return False
        if schedule.on(before):
            return True
    return False

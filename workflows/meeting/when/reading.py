"""Reading `When:` of a meeting: times, polls and series in five languages; what is unclear comes back by its name.

Several lines are times to choose from; several days in one line are several meetings. Nothing is guessed: a word that
is not understood, a day that may be another one, a holiday or a time that has passed is a `Doubt` to ask about.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant
from mailsvc.message.said_date_words import MONTH
from mailsvc.message.said_dates import plain, shown
from workflows.meeting.when import words
from workflows.meeting.when.items import Item, Line, read_items
from workflows.meeting.when.model import Doubt, Free, Hours, Problem, Repeat, Series, Setting, Slot, WhenReading
from workflows.meeting.when.repeat import Found, expand, find_repeat, first_day, fits
from workflows.meeting.when.resolve import Unclear, checked, coming_weekday, day, hours, on, proposals, slot
from workflows.meeting.when.tokens import minutes, scan

LONGEST: Final = 4000
MOST_LINES: Final = 30
_SHOWN: Final = 200
_BARE_DAY: Final = re.compile(
    rf"(?:(?:antingen|enten|anten|either)\s+)?(?:{words.WEEKDAY}\w{{0,2}},?\s+)?(?:den\s+|d\.\s?|the\s+)?\d{{1,2}}{words.ORD}",
    re.IGNORECASE,
)
_OWN_MONTH: Final = re.compile(
    rf"(?<![\d/.-])\d{{1,2}}{words.ORD}(?P<behind>\s*{MONTH}\.?(?:,?\s*20\d\d(?!\d))?)", re.IGNORECASE
)
_OR: Final = re.compile(r"\s(?:eller|or|el\.|alt\.|alternativt|alternatively)\s|;", re.IGNORECASE)


def read_when(
    text: str,
    now: Instant,
    zone: ZoneInfo,
    language: str,
    default_length: int,
    free: Free = lambda _: True,
    repeat: str = "",
) -> WhenReading:
    """Read what was written behind `When:`, in one or several lines; never raises.

    `language` is the writer's (en, sv, da, nb, nn, "" for unknown); words of all are understood. `default_length` is
    in minutes, for a time without an end. `free` tells on which days a meeting may be held. `repeat` is what was
    written behind `Repeat:`, if anything.
    """
    setting = Setting(now, zone, language, default_length, free)
    every = _lines(text)
    if not every:
        return WhenReading(doubts=(Doubt(Problem.EMPTY, "", ""),))
    if len(text) > LONGEST or len(every) > MOST_LINES:
        return WhenReading(doubts=(Doubt(Problem.TOO_MANY, every[0][0][:_SHOWN], ""),))
    written = [_Written(line, setting, group) for line, group in every]
    rules = [one for one in written if one.found.repeat or one.found.faults]
    if repeat.strip():
        rules.append(_Written(" ".join(repeat.split()), setting, -1, only_repeat=True))
    if rules:
        return _series(written, rules, setting)
    _share_hours(written)
    _choices(written)
    if len(written) == 1:
        return _one_line(written[0], setting)
    return _poll(written, setting)


def read_length(text: str) -> int | None:
    """How many minutes `Length:` says (`1,5 timme`, `90 min`, `1 h 30 min`); None when it is not understood."""
    tokens = [token for token in scan(plain(text[:100])) if token.name not in ("filler", "and")]
    total = sum(minutes(token) for token in tokens if token.name == "length")
    return total if total and all(token.name == "length" for token in tokens) and total <= 16 * 60 else None


class _Written:
    """A line as written, its repetition taken out, and the items of the rest; `group` is the same around an `or`."""

    def __init__(self, line: str, setting: Setting, group: int, *, only_repeat: bool = False) -> None:
        self.text = line[:_SHOWN]
        self.group = group
        self.either = False
        low = plain(line)
        self.found: Found = find_repeat(low, shown(line), lambda rest: _day_at(rest, setting))
        if only_repeat and self.found.repeat is None and not self.found.faults:
            self.found = Found(low, None, ((Problem.HOW_OFTEN, shown(line)),))
        self.line: Line = read_items(self.found.rest, shown(line), setting.language)

    def doubt(self, problem: Problem, part: str = "", proposed: tuple[Slot, ...] = ()) -> Doubt:
        return Doubt(problem, self.text, part.strip()[:_SHOWN], proposed)

    def faults(self, setting: Setting) -> list[Doubt]:
        """What was not understood; a vague weekday comes with the days that it may be."""
        found = [self.doubt(problem, part) for problem, part in self.found.faults]
        strange = [part for problem, part in self.line.faults if problem is Problem.NOT_UNDERSTOOD]
        if len(strange) > 1:  # one question about a sentence, not one about each of its words
            found.append(self.doubt(Problem.NOT_UNDERSTOOD, _stretch(self.text, strange)))
        for problem, part in self.line.faults:
            if problem is Problem.NOT_UNDERSTOOD and len(strange) > 1:
                continue
            proposed: tuple[Slot, ...] = ()
            if problem is Problem.WHICH_DAY and self.line.vague_days:
                coming = coming_weekday(self.line.vague_days[0], setting)
                named = _hours_of(self.line.items, setting)
                proposed = (
                    proposals(named, (coming, date.fromordinal(coming.toordinal() + 7)), setting) if named else ()
                )
            found.append(self.doubt(problem, part, proposed))
        return found


def _hours_of(items: list[Item], setting: Setting) -> Hours | None:
    try:
        return hours(items[0], setting) if items else None
    except Unclear:
        return None


def _day_at(text: str, setting: Setting) -> tuple[date, int] | None:
    """The date that a text begins with, and where it ends; for `until DATE`."""
    tokens = scan(text[:40])
    place = 0
    while place < len(tokens) and tokens[place].name in ("filler", "weekday", "short"):
        place += 1
    if place == len(tokens) or tokens[place].name not in ("date", "dotted", "week"):
        return None
    end = tokens[place].end
    items = read_items(text[:end], text[:end], setting.language).items
    if items and items[0].day is None and items[0].weekday is None:
        items[0].weekday = 6  # through a week is to its end
    try:
        return (day(items[0], setting, Hours(None, None)), end) if items else None
    except Unclear:
        return None


def _lines(text: str) -> list[tuple[str, int]]:
    """The lines to read, without bullets; `or` and `;` begin a new one, which is said by the number of the first.

    Numbers before all of them are bullets too.
    """
    pieces = [(piece, group) for group, line in enumerate(shown(text).split("\n")) for piece in _OR.split(line)]
    # A full stop at the end would make a day of `14.10.`
    bare = [(words.BULLET.sub("", piece, count=1).strip().rstrip(" .!"), group) for piece, group in pieces]
    found = [(piece, group) for piece, group in bare if piece.strip(" .,-*")]
    for place in range(len(found) - 2, -1, -1):
        # `8. or 9. December`: the day before the `or` is of the month behind it
        month = _OWN_MONTH.search(found[place + 1][0]) if found[place][1] == found[place + 1][1] else None
        if month and _BARE_DAY.fullmatch(found[place][0]):
            found[place] = (f"{found[place][0]}{month['behind']}", found[place][1])
    numbers = [words.NUMBERED.match(piece) for piece, _ in found]
    if len(found) > 1 and all(match and int(match["number"]) == place for place, match in enumerate(numbers, 1)):
        found = [(piece[match.end() :], group) for (piece, group), match in zip(found, numbers, strict=True) if match]
    return found


def _choices(written: list[_Written]) -> None:
    """`2/12, 3/12 or 8/12 kl 13`: around an `or` every day is one to choose, and hours said once are for all."""
    for group in {one.group for one in written}:
        same = [one for one in written if one.group == group]
        items = [item for one in same for item in one.line.items]
        timed = [item for item in items if item.timed]
        if len(same) < 2:
            continue
        for one in same:
            one.either = True
        if len(timed) == 1:
            for item in items:
                _give(timed[0], item)


def _give(given: Item, item: Item) -> None:
    """The hours of one item for another that has none."""
    if not item.timed:
        item.start, item.end, item.whole = given.start, given.end, given.whole
        item.length = item.length or given.length


def _share_hours(written: list[_Written]) -> None:
    """A line with hours alone gives them to the lines with days alone: `3 december`, `4 december`, `kl 13-14.30`."""
    alone = [one for one in written if len(one.line.items) == 1 and not one.line.items[0].dated and not one.line.faults]
    without = [item for one in written if one not in alone for item in one.line.items if not item.timed]
    if len(alone) == 1 and without and len(written) > 1:
        given = alone[0].line.items[0]
        for item in without:
            _give(given, item)
        written.remove(alone[0])


def _stretch(text: str, parts: list[str]) -> str:
    """What stands from the first of some parts of a line to the last, "" (the whole line) where they are not found."""
    low = text.lower()
    start, last = low.find(parts[0].lower()), low.rfind(parts[-1].lower())
    return text[start : last + len(parts[-1])] if 0 <= start <= last else ""


# ---- one line, several lines


def _one_line(one: _Written, setting: Setting) -> WhenReading:
    slots, doubts = _slots(one, setting)
    if len(slots) > 1:
        return WhenReading(slots, Series(None, slots), tuple(doubts))
    return WhenReading(slots, None, tuple(doubts))


def _poll(written: list[_Written], setting: Setting) -> WhenReading:
    slots: list[Slot] = []
    doubts: list[Doubt] = []
    for one in written:
        found, unclear = _slots(one, setting)
        doubts += unclear
        if len(found) > 1 and not one.either:
            # One of several times to choose from is one meeting, not three.
            doubts.append(one.doubt(Problem.NOT_UNDERSTOOD))
        slots += [slot for slot in found if slot not in slots]
    return WhenReading(tuple(slots), None, tuple(doubts))


def _slots(one: _Written, setting: Setting) -> tuple[tuple[Slot, ...], list[Doubt]]:
    doubts = one.faults(setting)
    found: list[Slot] = []
    if doubts:
        return (), doubts  # with a piece missing the rest may mean something else
    if not one.line.items:
        return (), [one.doubt(Problem.NOT_UNDERSTOOD)]
    for item in one.line.items:
        try:
            found.append(slot(item, setting))
        except Unclear as unclear:
            doubts.append(one.doubt(unclear.problem, proposed=unclear.proposals))
    return tuple(dict.fromkeys(sorted(found, key=lambda made: made.start))), doubts


# ---- series


def _series(written: list[_Written], rules: list[_Written], setting: Setting) -> WhenReading:
    doubts = [doubt for one in rules for doubt in one.faults(setting)]
    _join(written)
    dated = [one for one in written if one.line.items]
    rule = rules[0]
    if len(rules) > 1 or len(dated) > 1 or (dated and len(dated[0].line.items) > 1):
        doubts.append(rule.doubt(Problem.HOW_OFTEN, rule.text))
    doubts += [doubt for one in dated if one not in rules for doubt in one.faults(setting)]
    if doubts or rule.found.repeat is None:
        return WhenReading(doubts=tuple(doubts) or (rule.doubt(Problem.HOW_OFTEN),))
    base = dated[0] if dated else rule
    try:
        series = _worked_out(base.line.items[0] if dated else Item(), rule.found.repeat, setting)
    except Unclear as unclear:
        return WhenReading(doubts=(base.doubt(unclear.problem, proposed=unclear.proposals),))
    return WhenReading(series.slots, series)


def _join(written: list[_Written]) -> None:
    """The day in one line and the hours in another, beside a line with the rule, are one time."""
    items = [item for one in written for item in one.line.items]
    if len(items) == 2 and items[0].dated and not items[0].timed and not items[1].dated:
        first, second = items
        first.start, first.end, first.whole = second.start, second.end, second.whole
        first.length = first.length or second.length
        for one in written:
            one.line.items = [item for item in one.line.items if item is not second]


def _worked_out(item: Item, repeat: Repeat, setting: Setting) -> Series:
    named = hours(item, setting)
    first = _first(item, repeat, named, setting)
    days = expand(repeat, first, setting.free)
    slots: list[Slot] = []
    skipped = list(days.skipped)
    for one in days.kept:
        made = named.on(one, setting.zone)
        if isinstance(made, Slot):
            slots.append(made)
        elif made is Problem.NO_SUCH_TIME:
            skipped.append(one)
        else:
            raise Unclear(made)
    if not slots:
        raise Unclear(Problem.CLOSED)
    return Series(repeat, tuple(slots), tuple(sorted(skipped)), days.more)


def _first(item: Item, repeat: Repeat, named: Hours, setting: Setting) -> date:
    """The first day: the one that was written, or the next that the rule names."""
    if item.day is not None or item.week is not None:
        first = day(item, setting, named)
        if not fits(repeat, first):
            raise Unclear(Problem.WEEKDAY_DIFFERS, proposals(named, (first,), setting))
        checked(on(named, first, setting), setting)
        return first
    if item.weekday is not None and repeat.weekday is None:
        return coming_weekday(item.weekday, setting)
    found = first_day(repeat, setting.today)
    if found is None or (item.weekday is not None and item.weekday != repeat.weekday):
        raise Unclear(Problem.NO_DAY)
    return found

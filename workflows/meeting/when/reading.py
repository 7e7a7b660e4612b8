"""Reading `When:` of a meeting: times, polls and series in five languages; what is unclear comes back by its name.

Several lines are times to choose from; several days in one line are several meetings. Nothing is guessed: a word that
is not understood, a day that may be another one, a holiday or a time that has passed is a `Doubt` to ask about.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant
from mailsvc.message.said_dates import plain, shown
from workflows.meeting.when import often
from workflows.meeting.when.items import Fault, Item, Line, read_items
from workflows.meeting.when.lines import cut
from workflows.meeting.when.model import Doubt, Free, Hours, Problem, Repeat, Series, Setting, Slot, Unit, WhenReading
from workflows.meeting.when.repeat import Found, expand, find_repeat, first_day, fits, in_weeks
from workflows.meeting.when.resolve import (
    Unclear,
    checked,
    day,
    hours,
    on,
    proposals,
    same_clocks,
    slot,
    until,
    vague_days,
)
from workflows.meeting.when.tokens import minutes, scan

LONGEST: Final = 4000
MOST_LINES: Final = 30
_SHOWN: Final = 200
_BARE_LENGTH: Final = re.compile(
    r"(?:(?P<hours>\d):(?=\d\d))?(?P<minutes>(?<=:)[0-5]\d|(?<!:)(?:1[5-9]|[2-9]\d|[12]\d\d))"
)


def read_when(
    text: str,
    now: Instant,
    zone: ZoneInfo,
    language: str,
    default_length: int,
    free: Free = lambda _: True,
    repeat: str = "",
    *,
    near: bool = True,
) -> WhenReading:
    """Read what was written behind `When:`, in one or several lines; never raises.

    `language` is the writer's (en, sv, da, nb, nn, "" for unknown); words of all are understood. `default_length` is
    in minutes, for a time without an end. `free` tells on which days a meeting may be held. `repeat` is what was
    written behind `Repeat:`, if anything. `near`: "on Friday" is the next one.
    """
    setting = Setting(now, zone, language, default_length, free, near)
    every = cut(text)
    if not every:
        return WhenReading(doubts=(Doubt(Problem.EMPTY, "", ""),))
    if len(text) > LONGEST or len(every) > MOST_LINES:
        return WhenReading(doubts=(Doubt(Problem.TOO_MANY, every[0].text[:_SHOWN], ""),))
    written = [_Written(one.text, setting, one.group) for one in every]
    if not often.NO_REPEAT.fullmatch(plain(repeat)):
        written.append(_Written(" ".join(repeat.split()), setting, -1))
        if not any(one.repeated for one in written):
            often_said = written[-1].doubt(Problem.HOW_OFTEN, written[-1].text)
            alone = read_when(text, now, zone, language, default_length, free)
            return WhenReading(doubts=(often_said, *alone.doubts))
    if any(one.repeated for one in written):
        return _series(written, setting)
    _share_hours(written)
    _share_days(written)
    _choices(written)
    if len(written) == 1:
        return _one_line(written[0], setting)
    return _poll(written, setting)


def read_length(text: str) -> int | None:
    """How many minutes `Length:` says (`1,5 timme`, `90 min`, `1:30`, `90`); None when it is not understood."""
    low = plain(text[:100]).strip()
    if bare := _BARE_LENGTH.fullmatch(low):
        return int(bare["hours"] or 0) * 60 + int(bare["minutes"])
    tokens = [token for token in scan(low) if token.name not in ("filler", "and")]
    total = sum(minutes(token) for token in tokens if token.name == "length")
    return total if total and all(token.name == "length" for token in tokens) and total <= 16 * 60 else None


class _Written:
    """A line as written, its repetition taken out, and the items of the rest; `group` is the same around an `or`."""

    def __init__(self, line: str, setting: Setting, group: int) -> None:
        self.whole = line
        self.text = line[:_SHOWN]
        self.group = group
        self.either = False
        low = plain(line)
        self.found: Found = find_repeat(low, shown(line), lambda rest: _day_at(rest, setting))
        self.line: Line = read_items(self.found.rest, shown(line), setting.language)

    @property
    def repeated(self) -> bool:
        """Something is said of how often."""
        return self.found.repeat is not None or bool(self.found.faults)

    def doubt(self, problem: Problem, part: str = "", proposed: tuple[Slot, ...] = ()) -> Doubt:
        return Doubt(problem, self.text, part.strip()[:_SHOWN], proposed)

    def faults(self, setting: Setting) -> list[Doubt]:
        """What was not understood; a day that may be several comes with them."""
        if self.found.faults:  # without knowing how often, the other words say little
            return [self.doubt(problem, part) for problem, part in self.found.faults]
        strange = [fault for fault in self.line.faults if fault.problem is Problem.NOT_UNDERSTOOD]
        found: list[Doubt] = []
        if len(strange) > 1:  # one question about a sentence, not one about each of its words
            found.append(self.doubt(Problem.NOT_UNDERSTOOD, _stretch(shown(self.whole), strange)))
        for fault in self.line.faults:
            if fault.problem is Problem.NOT_UNDERSTOOD and len(strange) > 1:
                continue
            proposed: tuple[Slot, ...] = ()
            if fault.problem is Problem.WHICH_DAY and self.line.vague:
                item = self.line.items[0] if self.line.items else None
                named = _hours_of(self.line.items, setting)
                proposed = proposals(named, vague_days(self.line.vague[0], item, setting), setting) if named else ()
            found.append(self.doubt(fault.problem, fault.part, proposed))
        return found


def _stretch(line: str, faults: list[Fault]) -> str:
    """What stands from the first of some faults to the last."""
    return line[min(fault.start for fault in faults) : max(fault.end for fault in faults)]


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


def _share_days(written: list[_Written]) -> None:
    """A line with hours alone is on the day of the line above: `3 december`, `13-14`, `15-16`; `3/12 kl 13 or 15`."""
    above: Item | None = None
    for one in list(written):
        items = one.line.items
        if len(items) == 1 and items[0].timed and not items[0].dated and not one.line.faults and above is not None:
            one.line.items = [replace(items[0], day=above.day, weekday=above.weekday, week=above.week,
                                      week_year=above.week_year, coming=above.coming, weeks_ahead=above.weeks_ahead,
                                      length=items[0].length or above.length)]  # fmt: skip
            continue
        above = items[0] if len(items) == 1 and items[0].dated and items[0].last is None else None
    heads = [one for one, after in pairwise(written) if _heads(one, after)]
    for head in heads:
        written.remove(head)


def _heads(one: _Written, after: _Written) -> bool:
    """Whether a line is a day alone, and the next one has taken it over with its hours."""
    if one.line.faults or len(one.line.items) != 1 or len(after.line.items) != 1:
        return False
    first, second = one.line.items[0], after.line.items[0]
    same = (first.day, first.weekday, first.week) == (second.day, second.weekday, second.week)
    return not first.timed and second.timed and same


# ---- one line, several lines


def _one_line(one: _Written, setting: Setting) -> WhenReading:
    slots, doubts = _slots(one, setting)
    if not doubts and any(item.same for item in one.line.items):
        doubts.append(one.doubt(Problem.NOT_UNDERSTOOD))  # a choice, or two meetings?
    if len(slots) > 1:
        return WhenReading(slots, Series(None, slots), tuple(doubts))
    return WhenReading(slots, None, tuple(doubts))


def _poll(written: list[_Written], setting: Setting) -> WhenReading:
    slots: list[Slot] = []
    doubts: list[Doubt] = []
    for one in written:
        found, unclear = _slots(one, setting)
        doubts += unclear
        if len(found) > 1 and not one.either and not all(item.same for item in one.line.items[1:]):
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


def _series(written: list[_Written], setting: Setting) -> WhenReading:
    rules = [one for one in written if one.repeated]
    if len(rules) > 1:
        return WhenReading(doubts=(rules[0].doubt(Problem.HOW_OFTEN, rules[-1].text),))
    # The day in one line, the hours in another, `4 gånger` in a third: one sentence. Titles go on to its end.
    rest = sorted(written, key=lambda one: often.ALTERNATING.search(plain(one.whole)) is not None)
    rule = _Written(", ".join(one.whole for one in rest), setting, 0) if len(written) > 1 else written[0]
    doubts = rule.faults(setting)
    repeat = rule.found.repeat
    if repeat is None or len(rule.line.items) > 1:
        return WhenReading(doubts=tuple(doubts) or (rule.doubt(Problem.HOW_OFTEN),))
    item = rule.line.items[0] if rule.line.items else Item()
    try:
        repeat = _ended(repeat, item, setting)
        if repeat.count is None and repeat.until is None and not repeat.further:
            # What stands for its end was perhaps not understood: one question about the line is enough.
            doubts = [*(doubt for doubt in doubts if doubt.part != rule.text), rule.doubt(Problem.HOW_MANY)]
        if doubts:
            return WhenReading(doubts=tuple(doubts))
        series = _worked_out(item, repeat, setting)
    except Unclear as unclear:
        return WhenReading(doubts=(*doubts, rule.doubt(unclear.problem, proposed=unclear.proposals)))
    return WhenReading(series.slots, series)


def _ended(repeat: Repeat, item: Item, setting: Setting) -> Repeat:
    """`måndagar 11/1-24/5`: days between which a series is are no meeting of that length. Raises Unclear."""
    if repeat.count is not None or repeat.until is not None or repeat.further:
        return repeat
    end = until(item, setting)
    item.last = None
    return repeat if end is None else replace(repeat, until=end)


def _worked_out(item: Item, repeat: Repeat, setting: Setting) -> Series:
    named = hours(item, setting)
    first = _first(item, repeat, named, setting)
    if item.zone and not same_clocks(on(named, first, setting), item.zone, setting):
        raise Unclear(Problem.NOT_UNDERSTOOD)
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
    if item.day is not None or item.week is not None or item.weeks_ahead is not None:
        first = _first_written(item, repeat, named, setting)
        checked(on(named, first, setting), setting)
        return first
    if item.weekday is not None and repeat.weekday is None and repeat.unit is Unit.WEEK:
        repeat = replace(repeat, weekday=item.weekday)
    if item.weekday is not None and item.weekday != repeat.weekday:
        raise Unclear(Problem.HOW_OFTEN)  # tisdagar och torsdagar
    found = first_day(repeat, setting.today)
    if found is None:
        raise Unclear(Problem.NO_DAY)
    return found


def _first_written(item: Item, repeat: Repeat, named: Hours, setting: Setting) -> date:
    """The first day that was written. `måndagar fr.o.m. 11 januari` begins on the first Monday from there on."""
    if item.week is not None and item.weekday is None and item.day is None and repeat.weekday is not None:
        item.weekday = repeat.weekday  # måndagar från vecka 3
    first = day(item, setting, named)
    if fits(repeat, first) and in_weeks(repeat, first):
        return first
    if fits(repeat, first):
        raise Unclear(Problem.WEEK_DIFFERS, proposals(named, (first, first + timedelta(weeks=1)), setting))
    raise Unclear(Problem.WEEKDAY_DIFFERS, proposals(named, (first,), setting))

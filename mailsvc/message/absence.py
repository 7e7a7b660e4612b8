"""Reading out-of-office notices: until when somebody is away, whether they have left, whom they name instead.

A notice is information, never a decision: what is read only moves questions on to the next in line for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_datetime
from mailsvc.message import absence_words as words
from mailsvc.message.address import Address, parse_address
from mailsvc.message.parsing import Message
from mailsvc.message.said_dates import Kind, Said, find_dates, plain, shown

LONGEST_AHEAD = timedelta(days=396)  # thirteen months: nobody can know that yet, or it is a slip of the pen
LONGEST_WORDS = 160

_DAY = timedelta(days=1)
_SATURDAY = 5
_CLOSE = 4 * _DAY  # what two dates for the same absence may lie apart
_FEW = 4  # words


@dataclass(frozen=True, slots=True)
class Absence:
    """What a notice says.

    `until` is the first day back, None where no believable day is named: then the caller's default holds. A last day
    away that is followed by a weekend gives the Monday. `left`: the person does not work there any more. `contact` is
    the substitute's address that the notice names, information only. `words` are the words that decided.
    """

    until: date | None
    left: bool
    contact: Address | None
    words: str


class _Rank(IntEnum):
    """How surely a date is the end of the absence; higher is surer."""

    LOOSE = 0  # a date beside nothing that says "away"
    DAY = 1  # away on that day
    UNTIL = 2
    RANGE = 3
    THROUGH = 4
    BACK = 5


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: _Rank
    until: date
    start: int
    end: int


def read_absence(
    message: Message, text: str, received_at: Instant, timezone: str, language: str | None = None
) -> Absence | None:
    """The absence that a notice tells, or None where it tells none or one that is over. Never raises; bounded.

    Only for mails that a program wrote (`automatic.classify`): a person's own mail may speak of anybody's holidays.
    `text` is what is newly written in it; at most 8,000 characters are read. Dates without a year are the next such
    day after `received_at` in `timezone`; what lies more than thirteen months ahead is not believed.
    """
    if message.content_type == "multipart/report" or message.receipt:
        return None
    today = to_datetime(received_at, ZoneInfo(timezone)).date()
    body, title = _unquoted(plain(text)), plain(message.subject)
    contact = _contact(message, shown(text), body)
    left = words.LEFT.search(body)
    if left:
        return Absence(None, left=True, contact=contact, words=_around(shown(text), left.start(), left.end()))
    for read, original in ((body, shown(text)), (title, shown(message.subject))):
        found = _candidates(read, today, language, away=_is_away(title) or _is_away(body))
        coming = [one for one in found if today < one.until <= today + LONGEST_AHEAD]
        if coming:
            best = _best(coming)
            return Absence(best.until, left=False, contact=contact, words=_around(original, best.start, best.end))
        if any(one.until <= today for one in found if one.rank > _Rank.DAY):
            return None  # over: the person forgot to turn it off
    return _without_a_date(title, body, message, shown(text), contact)


def _without_a_date(title: str, body: str, message: Message, original: str, contact: Address | None) -> Absence | None:
    for sentence_start, sentence_end in _sentences(body):
        away = words.AWAY.search(body, sentence_start, sentence_end)
        if away and not words.SLOW.search(body, sentence_start, sentence_end):
            return Absence(None, left=False, contact=contact, words=_around(original, away.start(), away.end()))
    away = words.AWAY.search(title[: title.find(":")] if ":" in title else title)
    if away:
        return Absence(
            None, left=False, contact=contact, words=_around(shown(message.subject), away.start(), away.end())
        )
    return None


def _is_away(text: str) -> bool:
    return bool(words.AWAY.search(text))


def _unquoted(text: str) -> str:
    """Quoted lines blanked out, every character in its place."""
    lines = text.split("\n")
    return "\n".join(" " * len(line) if line.lstrip().startswith(">") else line for line in lines)


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences begin and end."""
    result = []
    start = 0
    for match in words.SENTENCE_END.finditer(text):
        place = match.start()
        if match[0] == "." and (
            words.NO_END.search(text, max(start, place - 8), place) or words.ORDINAL.match(text, max(start, place - 1))
        ):
            continue
        result.append((start, match.end()))
        start = match.end()
    result.append((start, len(text)))
    return result


# ---- dates


def _candidates(text: str, today: date, language: str | None, *, away: bool) -> list[_Candidate]:
    """Every date of the text that may end an absence."""
    dates = find_dates(text, today, language)
    result = []
    for start, end in _sentences(text):
        inside = [said for said in dates if start <= said.start < end]
        near = bool(words.AWAY.search(text, start, end) or words.SHUT.search(text, start, end))
        for place, said in enumerate(inside):
            before = text[max(start, inside[place - 1].end if place else start, said.start - words.NEAR) : said.start]
            following = inside[place + 1].start if place + 1 < len(inside) else None
            behind = text[said.end : end if following is None else following][: words.NEAR]
            one = _candidate(said, before, behind, today, last=following is None, near=near, away=away)
            if one:
                result.append(one)
    return result


def _candidate(
    said: Said, before: str, behind: str, today: date, *, last: bool, near: bool, away: bool
) -> _Candidate | None:
    rank, until = _read(said, before, behind, last=last)
    if rank is None or until is None:
        return None
    if rank is _Rank.DAY and not (near and said.first <= today + 7 * _DAY):
        return None
    if rank < _Rank.BACK and not near:
        # Such as the dates of a course: believed when it is going on now or the rest says that somebody is away.
        going_on = said.first - 7 * _DAY <= today <= said.last
        if not going_on and not (away and rank in (_Rank.THROUGH, _Rank.UNTIL)):
            return None
        rank = _Rank.LOOSE
    return _Candidate(rank, until, said.start - len(before), said.end)


def _read(said: Said, before: str, behind: str, *, last: bool) -> tuple[_Rank | None, date | None]:
    """What a date is by the words around it: how sure, and the first day back."""
    back = _says_back(before)
    if words.THROUGH.search(before) and not (back and before.rstrip().endswith(" to")):
        return _Rank.THROUGH, _after(said.last)
    if said.kind is Kind.RANGE and not words.RETURN.search(before):
        return _Rank.RANGE, _after(said.last)
    if words.THROUGH_BEHIND.match(behind):
        return _Rank.THROUGH, _after(said.last)
    if words.UNTIL.search(before):
        exact = said.name in ("late", "whole", "this_week", "today")
        return (_Rank.UNTIL if back is None else _Rank.BACK), _after(said.last) if exact else said.first
    if words.BEFORE.search(before):
        return (_Rank.BACK, said.first) if words.NOT.search(before) or back is not None else (None, None)
    begins = bool(words.FROM.search(before))
    behind_back = last and _back_follows(said, before, _clause(behind.lstrip(", ") if begins else behind))
    if words.AFTER.search(before) and (back or behind_back or said.name in ("weekend", "new_year")):
        return _Rank.BACK, _after(said.last)
    if back or behind_back:
        return _Rank.BACK, _first(said)
    if begins:
        return None, None
    if said.kind in (Kind.WEEK, Kind.MONTH):
        return _Rank.RANGE, _after(said.last)
    return _Rank.DAY, _after(said.last)


def _back_follows(said: Said, before: str, behind: str) -> bool:
    """`Den 10 augusti är jag tillbaka`; words that only hint at it count where the date begins its sentence."""
    return bool(_says_back(behind)) and bool(
        words.RETURN.search(behind) or (not said.name and len(before.split()) <= _FEW)
    )


def _says_back(text: str) -> bool | None:
    """Whether a clause says that somebody is back; False where it is denied (`not in the office on Monday`)."""
    result = None
    for pattern in (words.RETURN, words.REACHABLE):
        for match in pattern.finditer(text):
            denied = words.DENIED_BEFORE.search(text, 0, match.start()) or words.DENIED_BEHIND.match(text, match.end())
            if not denied:
                return True
            result = False
    return result


def _clause(text: str) -> str:
    for place, char in enumerate(text):
        if char in ",;\n":
            return text[:place]
    return text


def _first(said: Said) -> date:
    return said.last - 7 * _DAY if said.name == "late" else _next_working(said.first) if said.name else said.first


def _after(last: date) -> date:
    """The first working day after the last day away."""
    return _next_working(last + _DAY)


def _next_working(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += _DAY
    return day


def _best(coming: list[_Candidate]) -> _Candidate:
    """A day that is called the day back; else of the earliest ones the surest."""
    backs = [one for one in coming if one.rank is _Rank.BACK]
    if backs:
        return min(backs, key=lambda one: one.until)
    sure = [one for one in coming if one.rank > _Rank.LOOSE] or coming
    earliest = min(one.until for one in sure)
    return max((one for one in sure if one.until <= earliest + _CLOSE), key=lambda one: (one.rank, -one.start))


# ---- who else


def _contact(message: Message, original: str, text: str) -> Address | None:
    """The first address that the notice offers instead of its author's."""
    own = {message.from_address.folded} if message.from_address else set()
    own |= {address.folded for address in (*message.to, *message.cc)}
    previous = 0
    for match in words.ADDRESS.finditer(text):
        address = parse_address(original[match.start() : match.end()].rstrip(".'-"))
        before = text[max(previous, match.start() - 200) : match.start()]
        if address is None or address.folded in own or words.OWN_ADDRESS.search(before):
            previous = match.end()
            continue
        if words.CONTACT.search(before):
            return address
    return None


def _around(original: str, start: int, end: int) -> str:
    """The words at [start:end] with what stands around them on their line."""
    start += len(original[start:end]) - len(original[start:end].lstrip())
    begin = max(original.rfind("\n", 0, start) + 1, end - LONGEST_WORDS, 0)
    stop = original.find("\n", end)
    stop = min(len(original) if stop < 0 else stop, begin + LONGEST_WORDS)
    return " ".join(original[begin:stop].split())

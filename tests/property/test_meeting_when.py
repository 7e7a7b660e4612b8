"""What we say of a time we read back in every language; whatever is written behind `When:`, nothing stumbles."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.clock import DAY, MINUTE, Instant, to_datetime
from tests.property import fuzz_kit
from tests.tools import SOAK
from tests.unit.meeting_kit import at
from workflows.meeting.when.model import Repeat, Slot, Unit
from workflows.meeting.when.reading import read_when
from workflows.meeting.when.repeat import MOST, expand
from workflows.meeting.when.saying import say_slot

NOW = at("2026-11-02T09:00")
ZONES = ["Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Atlantic/Reykjavik"]
LANGUAGES = ["en", "sv", "da", "nb", "nn"]


@st.composite
def slots(draw: st.DrawFn, zone: ZoneInfo) -> Slot:
    day = to_datetime(NOW, zone).date() + timedelta(days=draw(st.integers(1, 900)))
    if draw(st.integers(0, 4)) == 0:
        first = at(f"{day}T00:00", zone.key)
        return Slot(first, at(f"{day + timedelta(days=draw(st.integers(1, 5)))}T00:00", zone.key), whole_day=True)
    start = at(
        f"{day}T{draw(st.integers(7, 20)):02}:{draw(st.sampled_from(['00', '05', '15', '30', '45', '59']))}", zone.key
    )
    return Slot(start, Instant(start + draw(st.integers(5, 200)) * MINUTE))


@settings(max_examples=1000 if SOAK else 200, deadline=None)
@given(st.data(), st.sampled_from(ZONES), st.sampled_from(LANGUAGES))
def test_what_we_say_we_read(data: st.DataObject, key: str, language: str) -> None:
    zone = ZoneInfo(key)
    slot = data.draw(slots(zone))
    said = say_slot(slot, zone, language)
    reading = read_when(said, NOW, zone, language, 60)
    assert (reading.slots, reading.doubts) == ((slot,), ()), said
    assert read_when(said, NOW, zone, "", 60).slots == (slot,)


WORDS = """3/12 13-14.30 3.12. 3. den d. kl kl. 13 13:00 14.30 halv två tre v. 49 vecka uge 2026-12-03 torsdag
tors on to december dec 2027 i 1,5 timme(ar) 1½ time var sjätte varannan vecka every 6 weeks 4 times
gånger until till t.o.m. tills vidare further notice eller or och , ; - – ( ) half past two am pm
heldag nästa mellan växelvis första i månaden 24 31/2 1. 2) x4 : . 20261203 2026-W49-4 29/2 idag
imorgon kvart över på 00:00 24.00 0/0 99999999999 ½ å Ⅷ ٣/١٢
""".split()  # noqa: SIM905 - one long table


@settings(max_examples=5000 if SOAK else 400, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "\n"]) | st.text(max_size=6), max_size=14), st.sampled_from(["", *LANGUAGES]))
def test_nothing_stumbles(pieces: list[str], language: str) -> None:
    reading = read_when(" ".join(pieces), NOW, ZoneInfo("Europe/Stockholm"), language, 90, repeat="".join(pieces[:2]))
    assert reading.slots or reading.doubts
    assert len(reading.slots) <= MOST
    for slot in reading.slots:
        assert NOW < slot.start < slot.end
        assert slot.end - slot.start <= 16 * DAY


@pytest.mark.parametrize(
    "piece",
    ["3/12 ", "1, ", "every ", "till ", "halv ", "- ", "a", "9", "och ", "en och en halv ", ".", "½"],
)
def test_work_is_in_proportion(piece: str) -> None:
    def read(size: int) -> None:
        read_when((piece * size)[:size], NOW, ZoneInfo("Europe/Stockholm"), "sv", 90)

    assert fuzz_kit.calls(lambda: read(3900)) <= 8 * fuzz_kit.calls(lambda: read(975)) + 5000


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(Unit),
    st.integers(1, 12),
    st.integers(1, 30),
    st.integers(0, 800),
    st.sets(st.integers(0, 6), max_size=6),
)
def test_a_counted_series_has_its_number_in_order(
    unit: Unit, every: int, count: int, ahead: int, closed: set[int]
) -> None:
    first = to_datetime(NOW).date() + timedelta(days=ahead)
    days = expand(Repeat(unit, every, count=count), first, lambda day: day.weekday() not in closed)
    assert list(days.kept) == sorted(set(days.kept))
    assert all(day.weekday() == first.weekday() for day in days.kept)
    assert len(days.kept) == (0 if first.weekday() in closed else count)
    assert not set(days.kept) & set(days.skipped)

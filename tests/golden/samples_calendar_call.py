"""Samples of the network's answer to the calendar of whoever invited it."""

from __future__ import annotations

from typing import Final

from tests.golden.samples_meeting import COUNTS, LATER, MEETING
from tests.golden.values import GROUP, Sample

TALLY: Final[dict[str, object]] = {
    "group": GROUP,
    "about": "How we catalogue maps",
    "partstat": "ACCEPTED",
    "meetings": 1,
    "people": 42,
    "again": False,
    "counts": COUNTS,
    "goes_on": False,
    "left_out": [],
}
CLASH: Final[dict[str, object]] = {**MEETING, "people": 3}
OWN: Final[dict[str, object]] = {**MEETING, "was": LATER, "method": "COUNTER", "what": ["when"], "people": 0}
ALL: Final = ["when", "where", "link", "title", "agenda"]
SAMPLES: Final[tuple[Sample, ...]] = (
    Sample("meeting/own-entry", "meeting/own-entry", OWN, 142),
    Sample("meeting/own-entry-more", "meeting/own-entry", {**OWN, "what": ALL, "people": 3}, 142),
    Sample("meeting/own-entry-words", "meeting/own-entry", {**OWN, "what": ["where"], "method": "", "people": 1}, 142),
    Sample("meeting/own-entry-off", "meeting/own-entry", {**OWN, "what": [], "method": "REPLY", "people": 3}, 142),
    Sample("meeting/clash", "meeting/clash", CLASH),
    Sample("meeting/clash-one", "meeting/clash", {**CLASH, "people": 1}),
    *(
        Sample(f"meeting/tally{variant}", "meeting/tally", {**TALLY, **more}, 142)
        for variant, more in (
            ("", {}),
            ("-one", {"people": 1}),
            ("-series", {"meetings": 4}),
            ("-goes-on", {"meetings": 4, "goes_on": True}),
            ("-left-out", {"left_out": ["Ritning.pdf", "film.mp4"]}),
            ("-again", {"again": True}),
            ("-declined", {"partstat": "DECLINED"}),
        )
    ),
)

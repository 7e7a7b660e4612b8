"""Samples of the letters around meetings: series, introductions, agendas, notes, the end of a circle."""

from __future__ import annotations

from typing import Final

from tests.golden.samples_meeting import AT, LATER, field, question
from tests.golden.values import GROUP, Sample, at

SERIES: Final[dict[str, object]] = {
    "group": GROUP,
    "form": True,
    "about": "Staff",
    "what": "called",
    "meetings": [{"at": AT, "title": "staff meeting"}, {"at": LATER, "title": "reflection meeting"}],
    "skipped": [at(25, 11, 0)],
    "more": True,
    "people": 42,
    "ahead": 4,
    "place": "Room 4, main library",
    "link": "",
    "questions": [],
    "fields": [field("where", "Room 4, main library"), field("title", "Staff"), field("agenda"), field("room_for")],
}
UNREAD: Final = [
    question("when", "no_such_meeting", "cancel 12 January"),
    question("when", "which_meeting", "cancel the next one"),
]

SAMPLES: Final = (
    Sample("meeting/series", "meeting/series", SERIES, 152, "text"),
    Sample(
        "meeting/series-changed",
        "meeting/series",
        {**SERIES, "what": "changed", "skipped": [], "more": False, "people": 1},
        152,
        "text",
        replies=True,
    ),
    Sample(
        "meeting/series-question",
        "meeting/series",
        {**SERIES, "what": "question", "skipped": [], "questions": UNREAD},
        152,
        "text",
        replies=True,
    ),
    Sample("meeting/series-went-on", "meeting/series", {**SERIES, "what": "went-on"}, 152, "text"),
    Sample("meeting/series-state", "meeting/series", {**SERIES, "what": "state", "meetings": []}, 152, "text"),
    Sample("meeting/series-stopped", "meeting/series", {**SERIES, "what": "stopped", "form": False, "skipped": []}, 152),
)

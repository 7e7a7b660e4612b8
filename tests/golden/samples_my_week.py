"""Samples of the Monday letter, and of what the transcript of commands says of it."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, UNTIL, WELCOME, Sample, at, transcript_values

AT: Final = {"starts": at(10, 12, 0), "ends": at(10, 13, 30), "whole": False}
MEETING: Final = {
    "what": "meeting", "about": "How we catalogue maps", "at": AT, "place": "Room 4", "where": "Cataloguing network",
    "silent": True,
}  # fmt: skip
ACTION: Final = {
    "what": "action", "about": "Book a room", "due": UNTIL, "overdue": False, "case": 150,
    "where": "Cataloguing network",
}  # fmt: skip


def _item(title: str, case: int, vocabulary: str, behalf: str = "") -> dict[str, object]:
    return {"title": title, "case": case, "vocabulary": vocabulary, "where": "Cataloguing network", "behalf": behalf}


POLL: Final = {
    "title": "Old maps", "case": 145, "where": "Cataloguing network", "behalf": "", "until": UNTIL,
    "letter": "meeting/poll", "values": {"about": "Old maps", "group": GROUP},
}  # fmt: skip
EMPTY: Final[dict[str, object]] = {
    "items": [], "longer": [], "meetings": [], "actions": [], "turns": [], "calendar": WELCOME["calendar"],
}  # fmt: skip
FULL: Final[dict[str, object]] = {
    **EMPTY,
    "items": [
        {**_item("How we catalogue maps", 142, "rsvp"), "until": UNTIL},
        _item("Old maps", 143, "confirm", "Per Dahl"),
    ],
    "longer": [POLL, {**POLL, "until": None, "letter": "meeting/outcome", "case": 144}],
    "meetings": [MEETING, {**MEETING, "about": "", "silent": False}],
    "actions": [{**ACTION, "overdue": True}, ACTION],
    "turns": [{"what": "turn", "about": "How we catalogue maps", "at": AT, "where": "Cataloguing network"}],
}
ONE: Final[dict[str, object]] = {**EMPTY, "items": [_item("How we catalogue maps", 142, "rsvp")]}


def _told(wanted: bool | None) -> dict[str, object]:
    return {"line": "my week on", "did": "my-week", "template": "case/_my_week", "wanted": wanted}


RENEWED: Final[dict[str, object]] = {
    "line": "new calendar address", "did": "calendar-renewed", "template": "meeting/_address",
    "calendar": WELCOME["calendar"],
}  # fmt: skip

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample("case/my-week", "case/my-week", FULL, None, "rsvp", 2, grouped=False),
    Sample("case/my-week-one", "case/my-week", ONE, 142, "rsvp", grouped=False),
    Sample("case/my-week-longer", "case/my-week", {**EMPTY, "longer": [POLL]}, grouped=False),
    Sample("case/my-week-quiet", "case/my-week", {**EMPTY, "meetings": [MEETING]}, grouped=False),
    Sample(
        "command/transcript-my-week",
        "command/transcript",
        transcript_values(_told(wanted=True), _told(wanted=False), _told(wanted=None)),
    ),
    Sample("command/transcript-calendar", "command/transcript", transcript_values(RENEWED)),
)

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
    "fields": [
        field("when"),
        field("where", "Room 4, main library"),
        field("title", "Staff"),
        field("agenda"),
        field("room_for"),
    ],
}
UNREAD: Final = [
    question("when", "no_such_meeting", "cancel 12 January"),
    question("when", "which_meeting", "cancel the next one"),
    question("when", "only_hour", "Thursdays 13:30"),
]
TOLD: Final[dict[str, object]] = {
    "group": GROUP,
    "about": "How we catalogue maps",
    "at": AT,
    "place": "Room 4, main library",
    "link": "https://meet.example.com/maps",
    "agenda": "",
    "how": "both",
}
HOW: Final[dict[str, object]] = {
    **TOLD,
    "form": True,
    "signed": False,
    "reason": "",
    "by": "",
    "fields": [
        field("notes"),
        field("present", "Anna Berg, Karin Holm"),
        field("absent", "Ola"),
        field("confidential"),
    ],
}
TEXT: Final = "We keep the old numbers."
NOTED: Final[dict[str, object]] = {
    **HOW,
    "text": TEXT,
    "secret": "",
    "actions": [
        {"who": "Ola Nordmann", "text": "write to the supplier", "due": at(30, 11, 0)},
        {"who": "Anna Berg", "text": "ask Per", "due": 0},
    ],
    "who_present": ["Anna Berg", "Karin Holm"],
    "who_absent": ["Ola Nordmann"],
    "shows_attendance": True,
    "confidential": False,
    "next": LATER,
    "again": False,
    "signed_by": [],
    "by": "Karin Holm",
    "unread": [],
    "new": True,
    "shared": True,
}
THERE: Final = [field("present", "Anna Berg, Karin Holm"), field("absent", "Ola Nordmann")]
ATTENDED: Final[dict[str, object]] = {**HOW, "fields": THERE, "by": "", "unread": []}
SECRET: Final = "Anna's own case stays in the room."
TURN: Final[dict[str, object]] = {**TOLD, "other": "", "why": "", "until": at(7, 12, 0)}
ITEMS: Final = [
    {"who": "Anna Berg", "text": "The roof of the map room"},
    {"who": "Ola", "text": "Keys\nThe fair"},
]
ASKED: Final[dict[str, object]] = {
    **TOLD,
    "agenda": "Maps in the new system",
    "cases": False,
    "standing": ["News", "Work environment"],
    "until": at(9, 7, 0),
    "items": ITEMS,
    "introducer": "Per Dahl",
}
ITEM: Final[dict[str, object]] = {
    **ASKED,
    "text": "The roof of the map room",
    "late": False,
    "who": "",
    "caller": "Karin Holm",
    "taken_off": True,
}
OVER: Final[dict[str, object]] = {
    "group": GROUP,
    "until": at(18, 12, 0),
    "outcome": "A handbook of school yards. It lies on the intranet.",
    "again": 3,
    "enough": 1,
}

SILENT: Final = [
    {"about": "Staff", "at": AT, "place": "Room 4", "link": "", "how": "both"},
    {"about": "", "at": LATER, "place": "", "link": "https://meet.example.com/staff", "how": ""},
]
UNANSWERED: Final[dict[str, object]] = {"group": GROUP, "until": at(9, 22, 59), "meetings": SILENT}
OLDER: Final[dict[str, object]] = {
    "group": GROUP,
    **SILENT[0],
    "until": at(9, 22, 59),
    "was": LATER,
    "partstat": "ACCEPTED",
    "stands": "",
}
SAMPLES: Final = (
    Sample("meeting/older", "meeting/older", OLDER, 154, "rsvp"),
    Sample("meeting/older-stands", "meeting/older", {**OLDER, "stands": "DECLINED"}, 154, "rsvp"),
    Sample("meeting/silent", "meeting/silent", {**UNANSWERED, "meetings": SILENT[:1]}, 154, "rsvp"),
    Sample("meeting/silent-several", "meeting/silent", UNANSWERED, None, "rsvp", 2),
    Sample("meeting/outcome", "meeting/outcome", {**OVER, "outcome": ""}, 156, "text"),
    Sample("meeting/again", "meeting/again", {**OVER, "outcome": ""}, 156, "confirm"),
    Sample("meeting/circle-end", "meeting/circle-end", OVER, 156, "confirm"),
    Sample("meeting/circle-over", "meeting/circle-over", {**OVER, "goes_on": False}, 156),
    Sample("meeting/circle-over-again", "meeting/circle-over", {**OVER, "goes_on": True}, 156),
    Sample("meeting/agenda-call", "meeting/agenda-call", ASKED, 155, "text"),
    Sample("meeting/agenda-call-cases", "meeting/agenda-call", {**ASKED, "cases": True, "standing": []}, 155, "text"),
    Sample("meeting/item", "meeting/item", ITEM, 155),
    Sample("meeting/item-late", "meeting/item", {**ITEM, "late": True}, 155),
    Sample("meeting/item-nothing", "meeting/item", {**ITEM, "text": "", "taken_off": False}, 155),
    Sample("meeting/item-off", "meeting/item", {**ITEM, "text": ""}, 155),
    Sample("meeting/item-caller", "meeting/item", {**ITEM, "late": True, "who": "Anna Berg", "caller": ""}, 155),
    Sample("meeting/agenda", "meeting/agenda", ASKED, 155),
    Sample("meeting/agenda-cases", "meeting/agenda", {**ASKED, "cases": True, "agenda": "", "introducer": ""}, 155),
    Sample(
        "meeting/agenda-empty",
        "meeting/agenda",
        {**ASKED, "cases": True, "agenda": "", "introducer": "", "standing": [], "items": []},
        155,
    ),
    Sample("meeting/turn", "meeting/turn", TURN, 154, "rota"),
    Sample("meeting/turn-reminder", "meeting/turn", {**TURN, "reminder": True}, 154, "rota"),
    Sample("meeting/turn-who", "meeting/turn", {**TURN, "why": "who"}, 154, "rota", replies=True),
    Sample("meeting/turn-refused", "meeting/turn", {**TURN, "why": "refused", "other": "Per Dahl"}, 154, "rota"),
    Sample("meeting/turn-again", "meeting/turn", {**TURN, "why": "moved"}, 154, "rota"),
    Sample("meeting/turn-soon", "meeting/turn", {**TURN, "until": None}, 154, "rota"),
    Sample("meeting/turn-moved", "meeting/turn-moved", TURN, 154, "rota"),
    Sample("meeting/turn-away", "meeting/turn-away", TURN, 154, "rota"),
    Sample("meeting/swap", "meeting/swap", {**TURN, "other": "Anna Berg"}, 154, "confirm"),
    Sample("meeting/introduces", "meeting/introduces", {**TURN, "who": "Anna Berg"}, 154),
    Sample("meeting/introduces-nobody", "meeting/introduces", {**TURN, "who": ""}, 154),
    Sample("meeting/introduces-after-all", "meeting/introduces", {**TURN, "who": "", "left": "Anna Berg"}, 154),
    Sample(
        "meeting/reminder-introducer",
        "meeting/reminder",
        {**TOLD, "answered": True, "introducer": "Per Dahl", "introduces": True},
        154,
        "rota",
    ),
    Sample(
        "meeting/reminder-introduced", "meeting/reminder", {**TOLD, "answered": True, "introducer": "Per Dahl"}, 154
    ),
    Sample("meeting/how", "meeting/how", HOW, 153, "text"),
    Sample("meeting/how-reminder", "meeting/how", {**HOW, "reminder": True}, 153, "text", replies=True),
    Sample("meeting/filed", "meeting/filed", {**NOTED, "unread": ["TODO Eva: sing"]}, 153, "text", replies=True),
    Sample("meeting/filed-files", "meeting/filed", {**NOTED, "files": ["Notes.docx"]}, 153, "text", replies=True),
    Sample(
        "meeting/filed-confidential",
        "meeting/filed",
        {**NOTED, "confidential": True, "secret": SECRET},
        153,
        "text",
        replies=True,
    ),
    Sample("meeting/filed-unsigned", "meeting/filed", {**NOTED, "shared": False}, 153, "text", replies=True),
    Sample(
        "meeting/filed-attendance", "meeting/filed", {**NOTED, "shared": False, "new": False}, 153, "text", replies=True
    ),
    Sample("meeting/notes", "meeting/notes", {**NOTED, "form": False, "signed_by": ["Per Dahl", "Karin Holm"]}, 153),
    Sample(
        "meeting/notes-confidential",
        "meeting/notes",
        {**NOTED, "form": False, "confidential": True, "again": True, "secret": SECRET, "next": None},
        153,
    ),
    Sample(
        "meeting/notes-asked",
        "meeting/notes",
        {**NOTED, "form": False, "asked": True, "next": None, "may_correct": True},
    ),
    Sample("meeting/notes-correct", "meeting/notes", {**NOTED, "fields": THERE, "corrects": True}, 153, "text"),
    Sample("meeting/attended", "meeting/attended", {**ATTENDED, "unread": ["Eva"]}, 153, "text", replies=True),
    Sample("meeting/attended-asked", "meeting/attended", {**ATTENDED, "why": "asked"}, 153, "text"),
    Sample("meeting/attended-back", "meeting/attended", {**ATTENDED, "why": "back"}, 153, "text"),
    Sample("meeting/attended-by", "meeting/attended", {**ATTENDED, "by": "Per Dahl"}, 153, "text"),
    Sample("meeting/sign", "meeting/sign", {**NOTED, "form": False}, 153, "signature"),
    Sample("meeting/sign-again", "meeting/sign", {**NOTED, "form": False, "again": True}, 153, "signature"),
    Sample(
        "meeting/unsigned",
        "meeting/unsigned",
        {**HOW, "by": "Per Dahl", "reason": "We did not agree about the numbers."},
        153,
        "text",
        replies=True,
    ),
    Sample("meeting/next", "meeting/next", {**TOLD, "at": LATER}, 153, "confirm"),
    Sample("meeting/no-notes", "meeting/no-notes", TOLD, 153),
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
    Sample(
        "meeting/series-stopped", "meeting/series", {**SERIES, "what": "stopped", "form": False, "skipped": []}, 152
    ),
)

"""Samples of the letters about meetings: called, asked about, polled, invited to, changed, cancelled, answered."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, UNTIL, WRITTEN, Sample, at, transcript_values

AT: Final = {"starts": at(10, 12, 0), "ends": at(10, 13, 30), "whole": False}
LATER: Final = {"starts": at(11, 8, 0), "ends": at(11, 9, 30), "whole": False}
WHOLE: Final = {"starts": at(13, 23, 0), "ends": at(14, 23, 0), "whole": True}
AGENDA: Final = "Maps in the new system\nThe exhibition in March"
MEETING: Final[dict[str, object]] = {
    "group": GROUP,
    "about": "How we catalogue maps",
    "at": AT,
    "place": "Room 4, main library",
    "link": "https://meet.example.com/maps",
    "agenda": AGENDA,
    "how": "both",
    "capacity": 0,
}
PLAN: Final[dict[str, object]] = {
    "group": GROUP,
    "who": "Anna Berg",
    "about": "How we catalogue maps",
    "shape": "one",
    "times": [AT],
    "place": "Room 4, main library",
    "link": "",
    "agenda": AGENDA,
    "people": 42,
    "until": UNTIL,
}
POLL: Final[dict[str, object]] = {**PLAN, "shape": "poll", "times": [AT, LATER, WHOLE]}
PROBLEMS: Final = (
    *("empty", "not_understood", "no_day", "week_without_day", "which_day", "no_such_day", "weekday_differs"),
    *("week_differs", "far_ahead", "past", "closed", "no_time", "which_hour", "no_such_time", "ends_before"),
    *("too_long", "too_many", "how_often", "how_many", "nothing"),
)


def question(field: str, problem: str, text: str = "", times: tuple[object, ...] = ()) -> dict[str, object]:
    return {"field": field, "problem": problem, "text": text, "times": list(times)}


def field(ident: str, value: str = "") -> dict[str, object]:
    return {"id": ident, "value": value}


FORM: Final[dict[str, object]] = {"group": GROUP, "form": True, "about": "How we catalogue maps", "until": UNTIL}
WHICH: Final = question("when", "which_day", "Thursday at 13", (AT, LATER))
OFTEN: Final = question("when", "how_many", "Thursdays 13-14")
OTHERS: Final = [
    question("length", "not_understood", "long"),
    question("room_for", "not_understood", "many"),
    *(question("rsvp", problem, "soon") for problem in ("past", "after", "not_understood")),
    *(question("when", problem, "3/12") for problem in PROBLEMS),
]
FIELDS: Final = [
    field("when", "Thursday 10 December 2026 (week 50) at 13:00–14:30"),
    field("where", "Room 4, main library"),
    field("agenda", AGENDA),
    field("room_for"),
]
CALLED: Final[dict[str, object]] = {
    **MEETING,
    "form": True,
    "people": 42,
    "changed": [],
    "questions": [],
    "fields": FIELDS,
}


def one(who: str, partstat: str, mode: str = "", text: str = "", *, guests: int = 0, waiting: bool = False) -> object:
    return {"who": who, "partstat": partstat, "mode": mode, "text": text, "guests": guests, "waiting": waiting}


ANSWERED: Final = [
    one("Anna Berg", "ACCEPTED", "online", "I am ten minutes late"),
    one("Per Dahl", "ACCEPTED", "on-site"),
    one("Liv Moen", "ACCEPTED", guests=2, waiting=True),
    one("Ola Nordmann", "DECLINED"),
    one("Mette Juhl", "TENTATIVE"),
    one("Erik Lund", "DELEGATED"),
]
COUNTS: Final = {"yes": 12, "no": 4, "maybe": 2, "silent": 24, "delegated": 1, "waiting": 1, "online": 3, "all": 42}
INVITATION: Final[dict[str, object]] = {**MEETING, "who": "Karin Holm", "until": UNTIL, "changed": [], "again": False}
TOLD: Final[dict[str, object]] = {**MEETING, "who": "Erik Lund", "partstat": "ACCEPTED", "text": "See you!", "then": 0}
RESULT: Final[dict[str, object]] = {
    **POLL,
    "sums": [
        {"at": AT, "can": 12, "maybe": 2, "cannot": 4, "silent": 24},
        {"at": LATER, "can": 12, "maybe": 2, "cannot": 3, "silent": 25},
        {"at": WHOLE, "can": 3, "maybe": 0, "cannot": 11, "silent": 28},
    ],
    "rows": [
        {
            "who": "Anna Berg",
            "answers": ["can", "maybe", "cannot"],
            "texts": [{"number": 2, "text": "if the train runs"}],
        },
        {"who": "Ola Nordmann", "answers": ["cannot", "can", ""], "texts": []},
    ],
}
READ: Final[dict[str, object]] = {
    **POLL,
    "said": [
        {"number": 1, "answer": "can", "text": ""},
        {"number": 2, "answer": "maybe", "text": "if the train runs"},
        {"number": 3, "answer": "cannot", "text": ""},
    ],
    "counted": True,
    "unread": [],
}
STATE: Final[dict[str, object]] = {**PLAN, "by": "", "reason": ""}
NO_ROOM: Final = {**STATE, "state": "declined", "by": "Karin Holm", "reason": "We meet on Friday anyway."}
LISTED: Final[dict[str, object]] = {"did": "who-is-coming", "line": "who is coming", "template": "meeting/_coming"}
KEPT: Final[dict[str, object]] = {"line": "notes", "template": "meeting/_noted"}
SAID: Final[dict[str, object]] = {"line": "present", "template": "meeting/_attended"}
NOTED: Final = [{**MEETING, "number": 142, "readable": True}, {**MEETING, "number": 120, "readable": False}]


def sample(name: str, values: dict[str, object], vocabulary: str = "", variant: str = "", **more: object) -> Sample:
    shown = f"meeting/{name}-{variant}" if variant else f"meeting/{name}"
    return Sample(shown, f"meeting/{name}", {**values, **more}, 142, vocabulary)


SAMPLES: Final[tuple[Sample, ...]] = (
    sample("form", FORM, "text", questions=[WHICH], fields=[field("when", "Thursday at 13")]),
    sample(
        "form", FORM, "text", "often", questions=[OFTEN], fields=[field("when", "Thursdays 13-14"), field("repeat")]
    ),
    sample("form", FORM, "text", "all", questions=OTHERS, fields=[field("when"), field("rsvp")], reminder=True),
    sample("confirm", PLAN, "confirm"),
    sample("confirm", POLL, "confirm", "poll", people=1),
    sample("allow", PLAN, "confirm"),
    sample("allow", {**POLL, "shape": "series", "more": True}, "confirm", "series", reminder=True),
    sample("state", STATE, state="waiting"),
    sample("state", NO_ROOM, variant="declined"),
    sample("state", STATE, variant="lapsed", state="lapsed"),
    sample("state", {**STATE, **POLL}, variant="lapsed-poll", state="lapsed"),
    sample("state", STATE, variant="not-member", state="not-member"),
    sample("state", STATE, variant="unproven", state="unproven"),
    sample("called", CALLED, "text"),
    sample("called", CALLED, "text", "one", people=1),
    sample("called", CALLED, "text", "changed", changed=["when"]),
    sample("called", CALLED, "text", "room", changed=["room_for"]),
    sample("called", CALLED, "text", "unclear", questions=[WHICH]),
    sample("invitation", INVITATION, "rsvp"),
    sample("invitation", INVITATION, "rsvp", "room", room=12, how="both"),
    sample("invitation", INVITATION, "rsvp", "place", room=1, how="on-site"),
    sample("invitation", INVITATION, "rsvp", "moved", again=True, changed=["when"]),
    sample("invitation", INVITATION, "rsvp", "changed", changed=["agenda"], how="online", until=None),
    sample("invitation", INVITATION, "rsvp", "files", changed=["files"], until=None),
    sample("invitation", INVITATION, "rsvp", "own-moved", own=True, changed=["when"], how="online", until=None),
    sample("invitation", INVITATION, "rsvp", "own-changed", own=True, changed=["where", "agenda"], until=UNTIL),
    sample("cancelled", {**MEETING, "who": "Karin Holm", "why": "off", "reason": "The room is flooded."}),
    sample("cancelled", {**MEETING, "who": "Karin Holm", "why": "left", "reason": ""}, variant="left"),
    sample("coming", {"group": GROUP, "meetings": [MEETING, {**MEETING, "at": LATER, "place": "", "about": ""}]}),
    sample("summary", MEETING, new=ANSWERED, counts=COUNTS, capacity=20),
    sample("reminder", MEETING, answered=True),
    sample("reminder", MEETING, variant="silent", answered=False),
    sample("place", MEETING, place_number=2),
    sample("place", MEETING, variant="free", place_number=0),
    sample("told", TOLD, what="not-invited"),
    sample("told", TOLD, variant="older", what="older"),
    sample("told", TOLD, variant="delegated", what="delegated", other="Per Dahl"),
    sample("told", TOLD, variant="stand-in", what="stand-in", who="eva@example.net"),
    sample("told", TOLD, variant="delegated-unnamed", what="delegated"),
    sample("told", TOLD, variant="cancelled", what="cancelled", text=""),
    sample("other-address", MEETING, address="anna@example.net", partstat="ACCEPTED", counted=True),
    sample("other-address", MEETING, variant="own", address="anna@example.net", partstat="DECLINED", counted=False),
    sample("counter", MEETING, "confirm", proposed=LATER, who="Anna Berg", text="Could we begin later?", until=WRITTEN),
    sample("declined-counter", MEETING, who="Karin Holm", reason="The room is taken."),
    sample("delegate", MEETING, "confirm", who="Erik Lund", other="eva@example.net", text="I am ill.", until=WRITTEN),
    sample("delegated", MEETING, "rsvp", what="asked", who="Erik Lund", other="", text="I am ill."),
    sample("delegated", MEETING, "rsvp", "refused", what="refused", who="Karin Holm", other="eva@example.net", text=""),
    sample("delegated", MEETING, "rsvp", "declined", what="declined", who="Per Dahl", other="", text="I am away."),
    sample("stand-in", MEETING, who="Erik Lund", by="Karin Holm", what="taken", reason=""),
    sample("stand-in", MEETING, variant="changed", who="Erik Lund", by="Karin Holm", what="changed", reason=""),
    sample("stand-in", MEETING, variant="moved", who="Erik Lund", by="Karin Holm", what="moved", reason=""),
    sample(
        "stand-in", MEETING, variant="off", who="Erik Lund", by="Karin Holm", what="off", reason="The hall is closed."
    ),
    sample("stand-in", MEETING, variant="back", who="Erik Lund", by="Karin Holm", what="back", reason=""),
    sample("poll", POLL, "text", own=False),
    sample("poll", POLL, "text", "own", own=True, reminder=True, place="", agenda=""),
    sample("poll-read", READ),
    sample("poll-read", READ, variant="unread", counted=False, unread=["We will see about that"]),
    sample("poll-result", RESULT, "text", booked=0, best=[1, 2], why="tie"),
    sample("poll-read", READ, variant="late", late=True),
    sample("poll-result", RESULT, "text", "late", booked=0, best=[1], why="late"),
    sample("poll-result", RESULT, "text", "past", booked=0, best=[], why="past", rows=[], sums=[]),
    sample("poll-result", RESULT, variant="booked", booked=1, best=[], why="booked"),
    sample("poll-result", RESULT, "text", "none", booked=0, best=[], why="none", rows=[]),
    sample("poll-result", RESULT, "text", "unclear", booked=0, best=[], why="unclear", rows=[], sums=[]),
    Sample(
        "command/transcript-who-is-coming",
        "command/transcript",
        transcript_values(
            {**LISTED, "meetings": [{**MEETING, "answers": ANSWERED, "counts": COUNTS}]}, {**LISTED, "meetings": []}
        ),
    ),
    Sample(
        "command/transcript-notes",
        "command/transcript",
        transcript_values(
            {**KEPT, "did": "notes-listed", "meetings": NOTED},
            {**KEPT, "did": "notes-listed", "meetings": []},
            {**KEPT, "line": "notes 142", "did": "notes-sent", "meetings": NOTED},
            {**KEPT, "line": "notes 9", "did": "notes-unknown", "meetings": NOTED[:1]},
        ),
    ),
    Sample(
        "command/transcript-present",
        "command/transcript",
        transcript_values(
            *({**SAID, "did": f"present-{did}", "meetings": NOTED[:1]} for did in ("asked", "said", "back", "which")),
            {**SAID, "did": "present-which", "meetings": []},
            {**SAID, "did": "present-shown", "meetings": [{**NOTED[0], "there": {"present": "Anna Berg"}}]},
        ),
    ),
)

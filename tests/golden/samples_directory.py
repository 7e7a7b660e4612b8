"""Samples of the letters about the directory, documents, logging in, finding and help."""

from __future__ import annotations

from typing import Final

from tests.golden.values import DOMAIN, GROUP, UNTIL, Sample, at, transcript_values

FILES: Final = [
    {"name": "Rules for maps.pdf", "size": "420 kB", "replaces": True},
    {"name": "examples.xlsx", "size": "2 MB", "replaces": False},
]
SENT: Final[dict[str, object]] = {
    "group": GROUP,
    "who": "Anna Berg",
    "files": FILES,
    "text": "Here are the rules that we agreed on.",
    "look_again": at(1, 12, 0, month=12),
    "unread_day": "",
}
CHANGES: Final = [
    {"key": "purpose", "value": "For all who catalogue.\nMaps too.", "before": "For all who catalogue books."},
    {"key": "work_questions", "value": "- Maps\n- Old prints", "before": ""},
    {"key": "channels", "value": "", "before": "Chat"},
    {"key": "title", "value": "Cataloguing and maps", "before": "Cataloguing network"},
    {"key": "digest", "value": "mon 09:00", "before": ""},
    {"key": "document", "value": "Rules for maps.pdf", "before": ""},
]
ENTRY: Final[dict[str, object]] = {"group": GROUP, "changes": CHANGES, "until": UNTIL}
FOUND: Final[dict[str, object]] = {
    "query": "maps",
    "lacks": "",
    "desk": f"find@{DOMAIN}",
    "stranger": False,
    "groups": [
        {
            "title": "Cataloguing network",
            "address": f"cataloguing@{DOMAIN}",
            "join": f"cataloguing-join@{DOMAIN}",
            "owner": f"cataloguing-owner@{DOMAIN}",
            "purpose": "For all who catalogue.",
            "questions": ["Maps", "Old prints"],
            "moderators": ["Karin Lind", "Per Moe"],
        },
        {
            "title": "Visitors",
            "address": f"visitors@{DOMAIN}",
            "join": "",
            "owner": f"visitors-owner@{DOMAIN}",
            "purpose": "",
            "questions": [],
            "moderators": [],
        },
    ],
    "people": [{"name": "Maja Pasma", "address": "maja@example.org", "groups": ["Cataloguing network", "Visitors"]}],
}
OVERVIEW: Final[dict[str, object]] = {
    "known": True,
    "groups": [
        {"title": "Cataloguing network", "name": "cataloguing", "role": "moderator"},
        {"title": "Serials", "name": "serials", "role": "deputy"},
        {"title": "Visitors", "name": "visitors", "role": "member"},
    ],
    "public": [],
    "desks": ["proposals", "ideas", "rounds", "actions", "find", "test"],
    "served": ["meeting", "raise", "round", "docs"],
    "domain": DOMAIN,
    "help": f"help@{DOMAIN}",
}
WAS: Final[dict[str, object]] = {
    "mine": True,
    "post": False,
    "subject": "A post waits for your answer: New maps",
    "asks": True,
    "case": 142,
    "about": "New maps",
    "open": False,
    "waiting": False,
    "cases": f"cases@{DOMAIN}",
    "help": f"help@{DOMAIN}",
}


def _told(outcome: str, **more: object) -> Sample:
    extra = {"name": "bad.docm", "most": 20, "largest": 5, "by": "Karin Lind", "reason": "It is old.", "until": UNTIL}
    return Sample(f"docs/told-{outcome}", "docs/told", {**SENT, **extra, "outcome": outcome, **more})


SAMPLES: Final = (
    Sample("docs/confirm", "docs/confirm", {**SENT, "until": UNTIL}, 142, "confirm"),
    Sample(
        "docs/confirm-unread-day",
        "docs/confirm",
        {**SENT, "look_again": None, "unread_day": "soon", "until": UNTIL},
        142,
        "confirm",
    ),
    Sample("docs/question", "docs/question", {**SENT, "until": UNTIL}, 142, "join"),
    Sample("docs/question-reminder", "docs/question", {**SENT, "until": UNTIL, "reminder": True}, 142, "join"),
    Sample("docs/again", "docs/again", {"group": GROUP, "name": "Rules for maps.pdf", "until": UNTIL}, 142, "confirm"),
    Sample(
        "docs/again-reminder",
        "docs/again",
        {"group": GROUP, "name": "Rules for maps.pdf", "until": UNTIL, "reminder": True},
        142,
        "confirm",
    ),
    *(
        _told(outcome)
        for outcome in (
            *(
                "published",
                "approved",
                "waiting",
                "declined",
                "expired",
                "not-member",
                "nothing",
                "too-many",
                "too-big",
            ),
            *("infected", "unscanned", "token", "unreadable", "on-behalf", "unproven"),
        )
    ),
    Sample("entry/confirm", "entry/confirm", ENTRY, 142, "confirm"),
    Sample(
        "entry/confirm-strict",
        "entry/confirm",
        {**ENTRY, "two": True, "alone": False, "login": "https://networks.example.org/login", "again": False},
        142,
        "confirm",
    ),
    Sample("entry/second", "entry/second", {**ENTRY, "by": "Karin Lind"}, 142, "confirm"),
    *(
        Sample(f"entry/told-{one}", "entry/told", {"group": GROUP, "outcome": one, "who": "Per Moe"}, 142)
        for one in ("asked", "done", "declined", "expired")
    ),
    Sample(
        "command/transcript-entry",
        "command/transcript",
        transcript_values(
            {"line": "set purpose", "did": "entry-empty", "key": "purpose"},
            {"line": "set digest sometimes", "did": "entry-unread", "key": "digest"},
            {"line": "set title ...", "did": "entry-unread", "key": "title"},
            {"line": "remove document x", "did": "no-document", "name": "x", "names": []},
            {"line": "remove document y", "did": "no-document", "name": "y", "names": ["a.pdf", "b.pdf"]},
            {"line": "find maps", "did": "finding"},
        ),
    ),
    Sample("help/found", "help/found", FOUND, grouped=False),
    Sample("help/found-nothing", "help/found", {**FOUND, "groups": [], "people": []}, grouped=False),
    Sample("help/found-no-words", "help/found", {**FOUND, "query": "", "groups": [], "people": []}, grouped=False),
    Sample(
        "help/found-unproven", "help/found", {**FOUND, "lacks": "unproven", "groups": [], "people": []}, grouped=False
    ),
    Sample(
        "help/found-on-behalf", "help/found", {**FOUND, "lacks": "on-behalf", "groups": [], "people": []}, grouped=False
    ),
    Sample(
        "help/done",
        "help/done",
        {
            "address": f"help@{DOMAIN}",
            "results": [
                {"line": "language en", "did": "language"},
                {"line": "export my data", "did": "asked"},
                {"line": "find maps", "did": "finding"},
                {"line": "withdraw 142", "did": "withdrawn", "number": 142, "about": "Maps"},
                {"line": "withdraw 143", "did": "too-late", "number": 143, "about": "Films"},
                {"line": "status 151", "did": "no-such-case"},
                {
                    "line": "status 152",
                    "did": "status",
                    "number": 152,
                    "about": "Lunch",
                    "state": "rejected",
                    "opened_at": UNTIL,
                    "closed_at": UNTIL,
                    "open": False,
                    "by": "Karin Holm",
                    "reason": "Not here.",
                },
                {"line": "my week on", "did": "my-week", "template": "case/_my_week", "wanted": True},
                {
                    "line": "pending",
                    "did": "pending",
                    "groups": [{"title": "Cataloguing network", "count": 1}, {"title": "Digital learning", "count": 3}],
                },
                {"line": "langage en", "did": "unknown", "nearest": ["language"]},
            ],
        },
        grouped=False,
    ),
    *(
        Sample(
            f"help/done-{why}",
            "help/done",
            {"address": f"help@{DOMAIN}", "results": [{"line": "status 152", "did": why}]},
            grouped=False,
        )
        for why in ("unproven", "on-behalf", "moderates-nothing")
    ),
    Sample(
        "help/done-no-pending",
        "help/done",
        {"address": f"help@{DOMAIN}", "results": [{"line": "pending", "did": "pending", "groups": []}]},
        grouped=False,
    ),
    Sample("help/overview", "help/overview", OVERVIEW, grouped=False),
    Sample(
        "help/overview-stranger",
        "help/overview",
        {
            **OVERVIEW,
            "known": False,
            "groups": [],
            "public": [{"title": "Visitors", "address": f"visitors@{DOMAIN}", "join": f"visitors-join@{DOMAIN}"}],
        },
        grouped=False,
    ),
    Sample(
        "help/asked",
        "help/asked",
        {"subject": "A post waits for your answer: New maps", "items": [{"case": 142, "about": "New maps"}]},
        142,
        "held-post",
        grouped=False,
    ),
    Sample(
        "help/asked-several",
        "help/asked",
        {"subject": "", "items": [{"case": 142, "about": "New maps"}, {"case": 143, "about": "Hello"}]},
        None,
        "held-post",
        items=2,
        grouped=False,
    ),
    Sample("help/was-closed", "help/was", WAS, grouped=False),
    Sample("help/was-answered", "help/was", {**WAS, "open": True}, grouped=False),
    Sample("help/was-waiting", "help/was", {**WAS, "open": True, "waiting": True}, grouped=False),
    Sample("help/was-told", "help/was", {**WAS, "asks": False}, grouped=False),
    Sample("help/was-post", "help/was", {**WAS, "post": True, "case": None}, grouped=False),
    Sample("help/was-others", "help/was", {**WAS, "mine": False, "case": None, "subject": ""}, grouped=False),
    Sample(
        "web/login",
        "web/login",
        {
            "nonce": "00",
            "minutes": 15,
            "until": UNTIL,
            "code": "abcde-fghij",
            "url": "https://pages.example.org/login/abcdefghij",
        },
        grouped=False,
    ),
)

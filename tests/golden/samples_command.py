"""Samples of what is answered to commands."""

from __future__ import annotations

from typing import Final

from tests.golden.values import (
    DOMAIN,
    EXPLAINED,
    GROUP,
    MEMBERS,
    UNTIL,
    WRITTEN,
    Sample,
    at,
    transcript_values,
)


def _in_state(state: str, *, is_open: bool) -> dict[str, object]:
    """A transcript's line about a matter in this state."""
    return {
        "line": "status 139",
        "did": "status",
        "number": 139,
        "kind": "held-post",
        "state": state,
        "about": "Lunch on Friday?",
        "opened_at": WRITTEN,
        "closed_at": None if is_open else at(10, 8, 15),
        "open": is_open,
        "by": "",
        "reason": "",
    }


STATES: Final = (
    *((one, True) for one in ("confirming", "seconding", "decided", "")),
    *((one, False) for one in ("posted", "rejected", "discarded", "returned", "withdrawn", "cancelled", "left")),
    *((one, False) for one in ("done", "stayed", "")),
)

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample(
        "command/old-question",
        "command/old-question",
        {"group": GROUP, "subject": "Lunch on Friday?", "until": at(10, 8, 15)},
        152,
        "old-question",
    ),
    Sample(
        "command/roster",
        "command/roster",
        {
            "group": GROUP,
            "add": ["erik.lund@example.net", "anna.berg@example.org"],
            "remove": ["old.address@example.com"],
            "posting": [],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    *(
        Sample(
            f"command/roster-{name}",
            "command/roster",
            {
                "group": GROUP,
                "add": ["erik.lund@example.net"],
                "remove": [],
                "posting": [],
                "until": at(10, 8, 15),
                "two": True,
                "alone": alone,
                "login": "https://networks.example.org/login",
                "again": alone,
            },
            152,
            "confirm",
        )
        for name, alone in (("strict", False), ("again", True))
    ),
    Sample(
        "command/second",
        "command/second",
        {
            "group": GROUP,
            "by": "Karin Holm",
            "add": ["erik.lund@example.net"],
            "remove": ["old.address@example.com"],
            "posting": [],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    *(
        Sample(
            f"command/seconded-{outcome}",
            "command/seconded",
            {"group": GROUP, "outcome": outcome, "who": who},
            152,
        )
        for outcome, who in (("asked", ""), ("done", "Ola Nordmann"), ("declined", "Ola Nordmann"), ("expired", ""))
    ),
    Sample(
        "command/roster-posting",
        "command/roster",
        {
            "group": GROUP,
            "add": [],
            "remove": [],
            "posting": [
                {"address": "anna.berg@example.org", "word": "trusted"},
                {"address": "erik.lund@example.net", "word": "moderated"},
                {"address": "offers@example.com", "word": "banned"},
            ],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    *(
        Sample(
            f"command/explained-{outcome}",
            "command/explained",
            {
                "address": f"cataloguing@{DOMAIN}",
                "outcome": outcome,
                "why": "held-not-member" if outcome == "held" else "",
                "desk": f"test+NAME@{DOMAIN}",
                "steps": EXPLAINED,
            },
            grouped=False,
        )
        for outcome in ("posted", "held", "forwarded", "refused", "aside", "answered", "nothing")
    ),
    Sample(
        "command/explained",
        "command/explained",
        {"address": "", "outcome": "", "why": "", "desk": f"test+NAME@{DOMAIN}", "steps": EXPLAINED[1:3]},
        grouped=False,
    ),
    Sample("command/misplaced", "command/misplaced", {"group": GROUP, "text": "unsubscribe"}),
    Sample(
        "command/transcript",
        "command/transcript",
        transcript_values(
            {"line": "language sv", "did": "language"},
            {"line": "pending", "did": "pending", "count": 3},
            {"line": "add erik.lund@example.net", "did": "change-asked", "address": "erik.lund@example.net"},
            {"line": "remove nobody@example.com", "did": "no-member", "address": "nobody@example.com"},
            {"line": "whoo", "did": "unknown", "nearest": ["who", "help"]},
            {
                "line": "status 142",
                "did": "status",
                "number": 142,
                "kind": "held-post",
                "state": "waiting",
                "about": "New rules for translated works",
                "opened_at": WRITTEN,
                "open": True,
            },
        ),
    ),
    Sample(
        "command/transcript-unknown",
        "command/transcript",
        transcript_values(
            {"line": "whoo", "did": "unknown", "nearest": ["who"]},
            {"line": "What is this?", "did": "unknown", "nearest": []},
        ),
    ),
    Sample(
        "command/transcript-of-all",
        "command/transcript",
        transcript_values(
            {"line": "who", "did": "who", "members": MEMBERS},
            {
                "line": "info",
                "did": "info",
                "join": "moderated",
                "post": "members",
                "moderators": ["Karin Holm", "Ola Nordmann"],
                "delivery": "each",
            },
            {"line": "info", "did": "info", "join": "closed", "post": "members", "moderators": [], "delivery": ""},
            {"line": "status 9", "did": "no-such-case"},
            {
                "line": "status 140",
                "did": "status",
                "number": 140,
                "kind": "join-request",
                "state": "joined",
                "about": "Erik Lund",
                "opened_at": WRITTEN,
                "closed_at": at(10, 8, 15),
                "open": False,
                "by": "Karin Holm",
                "reason": "Welcome!",
            },
            *(_in_state(state, is_open=is_open) for state, is_open in STATES),
            {"line": "withdraw 143", "did": "withdrawn", "number": 143, "about": "Lunch on Friday?"},
            {"line": "withdraw 140", "did": "too-late", "number": 140, "about": "Erik Lund"},
            {"line": "pending", "did": "pending", "count": 1},
            {"line": "pending", "did": "pending", "count": 0},
            {"line": "add erik", "did": "no-address"},
            {"line": f"add help@{DOMAIN}", "did": "own-address"},
            {"line": "add anna.berg@example.org", "did": "is-member", "address": "anna.berg@example.org"},
            {"line": "hokus pokus", "did": "unknown", "nearest": []},
            {"line": "join", "did": "join-asked"},
            {"line": "join", "did": "joined"},
            {"line": "join", "did": "join-waiting"},
            {"line": "join", "did": "already-member"},
            {"line": "join", "did": "closed"},
            {"line": "join", "did": "not-allowed"},
            {"line": "join", "did": "limit"},
            {"line": "leave", "did": "leave-asked"},
            {"line": "leave", "did": "not-member"},
            {"line": "language fi", "did": "no-such-language"},
            {"line": "who", "did": "stranger"},
            {"line": "who", "did": "members-only"},
            {"line": "pending", "did": "moderators-only"},
            {"line": "export my data", "did": "asked"},
            {"line": "set dnr 142 LIB-2026-12", "did": "number-set", "number": 142, "record_number": "LIB-2026-12"},
            {"line": "set dnr 142", "did": "number-set", "number": 142, "record_number": ""},
            {"line": "set dnr 142 …", "did": "number-too-long", "most": 60},
        ),
    ),
    Sample(
        "command/transcript-stand-ins",
        "command/transcript",
        transcript_values(
            {"line": "stand-in Karin", "did": "stand-in", "who": "Karin Holm", "first": WRITTEN, "last": None},
            {
                "line": "stand-in Karin 1/7-12/8",
                "did": "stand-in",
                "who": "Karin Holm",
                "first": WRITTEN,
                "last": UNTIL,
            },
            {"line": "stand-in off", "did": "stand-in-ended"},
            {"line": "stand-in Ulla", "did": "stand-in-nobody", "who": "Ulla"},
            {"line": "stand-in Anna", "did": "stand-in-several", "who": "Anna"},
            {"line": "stand-in", "did": "stand-in-unclear", "who": ""},
        ),
    ),
    Sample(
        "command/transcript-strict",
        "command/transcript",
        transcript_values(
            {"line": "who", "did": "unproven"},
            {"line": "language sv", "did": "on-behalf"},
            {"line": "add erik.lund@example.net", "did": "two-asked", "address": "erik.lund@example.net"},
            {"line": "ban offers@example.com", "did": "no-second", "address": "offers@example.com"},
            {"line": "trust anna.berg@example.org", "did": "login-asked", "address": "anna.berg@example.org"},
        ),
    ),
    Sample("command/help", "command/transcript", transcript_values({"line": "help", "did": "help", "words": {}})),
    Sample("command/nothing", "command/transcript", transcript_values({"line": "", "did": "nothing", "words": {}})),
)

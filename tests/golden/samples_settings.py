"""Sample values: what members choose for themselves, as transcripts of both desks say it."""

from __future__ import annotations

from typing import Final

from tests.golden.values import DOMAIN, GROUP, UNTIL, WRITTEN, Sample, transcript_values

WHERE: Final[dict[str, object]] = {"did": "settings", "template": "command/_settings", "in": ["Cataloguing"]}
PAUSE: Final[dict[str, object]] = {"word": "pause until", "example": "2027-01-12"}
MINE: Final[dict[str, object]] = {
    "title": "Cataloguing",
    "request": f"cataloguing-request@{DOMAIN}",
    "address": "anna.berg@example.org",
    "delivery": "each",
    "paused": None,
    "own_copy": True,
    "hidden": False,
    "moderates": False,
}
MY_GROUPS: Final[dict[str, object]] = {
    **WHERE,
    "line": "my groups",
    "what": "my-groups",
    "groups": [
        MINE,
        {**MINE, "title": "Loans", "delivery": "daily"},
        {**MINE, "title": "Maps", "delivery": "weekly"},
        {**MINE, "title": "Music", "delivery": "none", "paused": UNTIL, "own_copy": False, "hidden": True},
    ],
    "help": f"help@{DOMAIN}",
    "printed": ["pause until", "resume", "digest off"],
}
CHOSEN: Final[tuple[dict[str, object], ...]] = (
    {**WHERE, "line": "own-copy on", "what": "own_copy-1", "undo": "own-copy off"},
    {**WHERE, "line": "own-copy off", "what": "own_copy-0", "undo": "own-copy on"},
    {**WHERE, "line": "hide on", "what": "hidden-1", "undo": "hide off"},
    {**WHERE, "line": "hide off", "what": "hidden-0", "undo": "hide on"},
    {**WHERE, "line": "digest off", "what": "each", "undo": "digest none", "paused": UNTIL, "resume": "resume"},
    {**WHERE, "line": "digest daily", "what": "daily", "undo": "digest off", "next": UNTIL},
    {**WHERE, "line": "digest weekly", "what": "weekly", "undo": "digest daily", "next": UNTIL},
    {**WHERE, "line": "digest none", "what": "none", "undo": "digest off", "paused": None},
    {**WHERE, "line": "pause until 11/12", "what": "pause", "until": UNTIL, "last": WRITTEN, "undo": "resume"},
    {**WHERE, "line": "resume", "what": "resume"},
    {**WHERE, "line": "pause", "what": "pause-unread", **PAUSE},
    {**WHERE, "line": "pause until 1 May 2020", "what": "pause-passed", **PAUSE},
    {**WHERE, "line": "pause 20/12-6/1", "what": "pause-later", **PAUSE},
    {**WHERE, "line": "resume 12/1", "what": "resume-unread", "word": "resume", "pause": "pause until"}
    | {"example": "2027-01-12"},
    {**WHERE, "line": "own-copy", "what": "choose", "printed": ["own-copy on", "own-copy off"]},
    MY_GROUPS,
)

ITEM: Final[dict[str, object]] = {"number": 1, "subject": "Maps", "author": "Karin Holm", "at": WRITTEN, "why": ""}
DIGEST: Final[dict[str, object]] = {
    "group": GROUP,
    "to_group": f"cataloguing@{DOMAIN}",
    "part": 1,
    "parts": 1,
    "items": [
        ITEM,
        {**ITEM, "number": 2, "subject": "", "author": "ola@example.org"},
        {**ITEM, "number": 3, "subject": "Salaries", "why": "confidential"},
        {**ITEM, "number": 4, "subject": "All our maps", "why": "size"},
    ],
    "printed": ["digest off", "digest daily", "digest weekly", "digest none"],
}

SAMPLES: Final = (
    Sample("posts/digest", "posts/digest", DIGEST),
    Sample("posts/digest-of-one", "posts/digest", {**DIGEST, "items": [ITEM], "part": 2, "parts": 2}),
    Sample(
        "posts/digest-named-only",
        "posts/digest",
        {**DIGEST, "items": [{**ITEM, "why": "confidential"}]},
    ),
    Sample("command/settings", "command/transcript", transcript_values(*CHOSEN)),
    Sample(
        "help/settings",
        "help/done",
        {
            "address": f"help@{DOMAIN}",
            "results": [
                {**WHERE, "in": ["Cataloguing", "Music"], "line": "hide on", "what": "hidden-1", "undo": "hide off"},
                MY_GROUPS,
                {**WHERE, "line": "pause until 1/12", "what": "no-member"},
            ],
        },
        grouped=False,
    ),
)

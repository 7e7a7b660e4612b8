"""Samples of the letters of the sounding board."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, UNTIL, Sample

VALUES: Final[dict[str, object]] = {
    "group": GROUP,
    "asker": "Sven Ek",
    "subject": "The new catalogue",
    "text": "What hinders you most in the new catalogue?\nOne thing is enough.",
    "answer_by": UNTIL,
    "anonymous": False,
    "share": True,
    "people": 42,
}
REPLIES: Final = [
    {"name": "Karin Holm", "text": "Searching for series: the numbers are not sorted."},
    {"name": "Ola Nordmann", "text": "Nothing, thank you.\nIt is faster than the old one."},
]
NAMELESS: Final = [{**one, "name": ""} for one in REPLIES]
COMPILED: Final[dict[str, object]] = {**VALUES, "replies": REPLIES, "asked": 42, "mine": True}

SAMPLES: Final = (
    Sample("sounding/question", "sounding/question", VALUES, 145, "text"),
    Sample(
        "sounding/question-anonymous",
        "sounding/question",
        {**VALUES, "anonymous": True, "share": False, "reminder": True},
        145,
        "text",
        replies=True,
    ),
    Sample("sounding/confirm", "sounding/confirm", VALUES, 145, "confirm"),
    Sample("sounding/allow", "sounding/allow", VALUES, 145, "confirm"),
    Sample("sounding/allow-reminder", "sounding/allow", {**VALUES, "reminder": True}, 145, "confirm", replies=True),
    Sample("sounding/told", "sounding/told", VALUES, 145, "receipt"),
    Sample("sounding/started", "sounding/started", VALUES, 145),
    Sample("sounding/compiled", "sounding/compiled", COMPILED, 145),
    Sample("sounding/compiled-shared", "sounding/compiled", {**COMPILED, "mine": False}, 145),
    Sample("sounding/compiled-anonymous", "sounding/compiled", {**COMPILED, "replies": NAMELESS}, 145),
    Sample("sounding/compiled-nobody", "sounding/compiled", {**COMPILED, "replies": []}, 145),
    Sample("sounding/declined", "sounding/declined", {**VALUES, "reason": "Please ask us after the summer."}, 145),
    Sample("sounding/stopped", "sounding/stopped", {**VALUES, "by": "Karin Holm"}, 145),
    Sample(
        "sounding/refused-empty",
        "sounding/refused",
        {"group": GROUP, "why": "empty", "most": 500, "address": "cataloguing-round@networks.example.org"},
    ),
    Sample(
        "sounding/refused-too-many",
        "sounding/refused",
        {"group": GROUP, "why": "too-many", "most": 500, "address": "cataloguing-round@networks.example.org"},
    ),
)

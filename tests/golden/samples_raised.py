"""Samples of the letters about questions that a network lifts."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, UNTIL, Sample

RAISED: Final[dict[str, object]] = {
    "group": GROUP,
    "name": "Karin Holm",
    "title": "Who pays for the maps?",
    "text": "We need a budget for maps.\nLast year nobody paid.",
    "to": ["The preparation group", "Leadership"],
    "known": ["The preparation group", "Leadership"],
    "people": 9,
    "until": UNTIL,
    "again": False,
    "by": "Per Dahl",
    "reason": "ask the shop first",
}
LIFTED: Final[dict[str, object]] = {
    "group": GROUP,
    "name": "Karin Holm",
    "question": "Who pays for the maps?",
    "text": "We need a budget for maps.\nLast year nobody paid.",
    "body": "Leadership",
    "network": "Cataloguing network",
    "by": "Ida Strand",
}


def _raised(name: str, template: str, vocabulary: str = "", **values: object) -> Sample:
    return Sample(f"raised/{name}", f"raised/{template}", {**RAISED, **values}, 142, vocabulary)


def _lifted(name: str, template: str, **values: object) -> Sample:
    return Sample(f"raised/{name}", f"raised/{template}", {**LIFTED, **values}, 142)


def _receipt(name: str, template: str, **values: object) -> Sample:
    return Sample(f"raised/{name}", f"raised/{template}", {"group": GROUP, **values})


ITEM: Final[dict[str, object]] = {
    **LIFTED,
    "template": "raised/_item",
    "vocabulary": "lifted",
    "case": 142,
    "title": "Who pays for the maps?",
    "since": UNTIL,
    "overdue": False,
    "behalf": "",
}
DIGEST: Final = Sample(
    "raised/digest",
    "case/digest",
    {
        "body": {"name": "leadership", "title": "Leadership"},
        "items": [ITEM],
        "decided": [],
        "vocabulary": "lifted",
        "next": UNTIL,
        "behalf": "",
    },
    142,
    "lifted",
    grouped=False,
)

SAMPLES: Final = (
    _raised("confirm", "confirm", "confirm"),
    _raised("confirm-one", "confirm", "confirm", to=["Leadership"], people=1),
    _raised("where", "where", "text"),
    _raised("where-again", "where", "text", again=True),
    _raised("question", "question", "join"),
    _raised("question-reminder", "question", "join", reminder=True),
    _raised("waiting", "waiting"),
    _raised("received", "received"),
    _raised("rejected", "rejected"),
    _raised("expired", "expired"),
    _receipt("not-member", "not-member"),
    _receipt("not-lifted", "not-lifted", why=""),
    _receipt("not-lifted-nobody", "not-lifted", why="nobody"),
    _lifted("answered", "answered", taken_up=True, answers=["The library pays, from May on."]),
    _lifted("not-taken-up", "answered", taken_up=False, answers=["There is no money this year."]),
    _lifted("unanswered", "unanswered"),
    DIGEST,
)

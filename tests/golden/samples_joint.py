"""Samples of the letters of joint bodies."""

from __future__ import annotations

from typing import Final

from tests.golden.samples_digest import digest
from tests.golden.values import DOMAIN, GROUP, SOON, UNTIL, Sample, at, transcript_values

BODY: Final[dict[str, object]] = {
    **GROUP,
    "name": "cooperation",
    "title": "Cooperation committee",
    "purpose": "",
    **{word: f"cooperation-{word}@{DOMAIN}" for word in ("join", "leave", "request", "owner")},
    "address": f"cooperation@{DOMAIN}",
}
TEXT: Final = (
    "Shall we begin at seven from June to August?\n\nThe proposal concerns all departments; the law on working hours"
    " allows it."
)
AGREED: Final = [
    {"party": "Employer", "meaning": "agreed", "note": ""},
    {"party": "Unions", "meaning": "agreed", "note": ""},
]
SPLIT: Final = [
    {"party": "Employer", "meaning": "agreed", "note": "Nothing stands in the way of it."},
    {
        "party": "Unions",
        "meaning": "not-agreed",
        "note": "The breaks are too short in July.\n\nWe come back when the rota is there.",
    },
]
LIFTED: Final = [
    {"party": "Employer", "meaning": "lift", "note": ""},
    {"party": "Unions", "meaning": "divided", "note": "Some of us want to try it."},
    {"party": "Safety officers", "meaning": "postpone", "note": ""},
]
MILD: Final = [
    {"party": "Employer", "meaning": "discussed", "note": ""},
    {"party": "Unions", "meaning": "informed", "note": ""},
    {"party": "Safety officers", "meaning": "agreed", "note": ""},
]
EARLIER: Final = [{"body": "Department committee", "number": 131, "at": at(23, 9, 0, 11), "positions": LIFTED}]
ABOUT: Final[dict[str, object]] = {
    "group": BODY,
    "title": "Working hours in summer",
    "text": TEXT,
    "by": "Eva Lund",
    "sort": "formal",
    "earlier": [],
}
VALUES: Final[dict[str, object]] = {
    **ABOUT,
    "outcome": "agreed",
    "at": SOON,
    "positions": AGREED,
    "next": "",
    "responsible": "Nils Ek",
    "due": UNTIL,
    "minutes": "The rota is made by each unit.",
    "everybody": False,
    "refusal": None,
    "signatures": [
        {"party": "Employer", "name": "Eva Lund", "at": SOON},
        {"party": "Unions", "name": "Bo Dahl", "at": SOON},
    ],
}
NOT_AGREED: Final = {**VALUES, "outcome": "not-agreed", "positions": SPLIT, "responsible": "", "due": 0}
UNFINISHED: Final = {**NOT_AGREED, "minutes": "", "signatures": []}
REFUSAL: Final = {"title": "Unions", "name": "Liv Moe", "reason": "The date of the meeting is missing."}
LETTER: Final = {**{key: value for key, value in VALUES.items() if key != "group"}, "joint": BODY, "group": GROUP}


def _outcome(name: str, outcome: str, positions: object, **more: object) -> Sample:
    values = {**VALUES, "outcome": outcome, "positions": positions, "responsible": "", "due": 0, **more}
    return Sample(f"joint/outcome-{name}", "joint/outcome", values, 145)


ITEM: Final[dict[str, object]] = {
    "template": "joint/_item",
    "vocabulary": "joint-body",
    "case": 145,
    "since": SOON,
    "overdue": False,
    "behalf": "",
    **ABOUT,
}
RAISED: Final[dict[str, object]] = {"line": "matter: Summer", "did": "matter-raised", "number": 145, "about": "Summer"}
REFUSED: Final[list[dict[str, object]]] = [
    {"line": "matter", "did": did} for did in ("joint-only", "raisers-only", "no-parties", "no-title")
]
COMMANDS: Final = transcript_values(
    {**RAISED, "next": at(7, 7, 0)},
    {**RAISED, "next": None},
    *REFUSED,
)
HELP: Final = transcript_values({"line": "help", "did": "help", "words": {"matter": "matter"}, "joint": True})

SAMPLES: Final = (
    digest("joint/digest", ITEM, {**ITEM, "case": 146, "title": "Parking", "sort": "development", "earlier": EARLIER}),
    digest("joint/digest-of-one", ITEM),
    Sample("joint/transcript", "command/transcript", COMMANDS),
    Sample("joint/help", "command/transcript", HELP),
    Sample("joint/note", "joint/note", ABOUT, 145, "text"),
    Sample("joint/note-reminder", "joint/note", {**ABOUT, "reminder": True}, 145, "text", replies=True),
    _outcome("agreed", "agreed", AGREED, responsible="Nils Ek", due=UNTIL),
    _outcome("not-agreed", "not-agreed", SPLIT),
    _outcome("lifted", "lift", LIFTED, next="Central committee"),
    _outcome("lifted-nowhere", "lift", LIFTED, earlier=EARLIER),
    _outcome("informed", "informed", MILD, sort="development"),
    _outcome("discussed", "discussed", AGREED),
    Sample("joint/assign", "joint/assign", {**VALUES, "responsible": "", "due": 0}, 145, "text"),
    Sample(
        "joint/assign-again",
        "joint/assign",
        {**VALUES, "responsible": "", "due": 0, "problem": "nobody", "said": "Somebody else"},
        145,
        "text",
        replies=True,
    ),
    Sample("joint/minutes", "joint/minutes", UNFINISHED, 145, "minutes"),
    Sample("joint/minutes-refused", "joint/minutes", {**UNFINISHED, "refusal": REFUSAL}, 145, "minutes", replies=True),
    Sample("joint/sign", "joint/sign", {**NOT_AGREED, "signatures": []}, 145, "signature"),
    Sample(
        "joint/sign-for-all",
        "joint/sign",
        {**VALUES, "signatures": [], "everybody": True, "reminder": True, "sort": "development"},
        145,
        "signature",
        replies=True,
    ),
    Sample("joint/signed", "joint/signed", NOT_AGREED, 145),
    Sample(
        "joint/signed-by-one",
        "joint/signed",
        {**VALUES, "outcome": "lift", "positions": LIFTED, "next": "Central committee", "unsigned": ["Unions"]},
        145,
    ),
    Sample("joint/letter", "joint/letter", LETTER, 145),
    Sample("joint/letter-of-three", "joint/letter", {**LETTER, "outcome": "informed", "positions": MILD}, 145),
    Sample("joint/lapsed", "joint/lapsed", {**ABOUT, "earlier": EARLIER}, 145),
)

"""Samples of the letters about proposals of networks, and about initiatives."""

from __future__ import annotations

from typing import Final

from mailsvc.message.form_labels import LANGUAGES, label
from tests.golden.values import DOMAIN, UNTIL, Sample

MATTER: Final[dict[str, object]] = {
    "about": "Maps",
    "proposer": "Anna Berg",
    "name": "Maps",
    "address": f"maps@{DOMAIN}",
    "motivation": "Maps are catalogued in three ways. We want to agree on one.",
    "work_questions": "- Rules\n- Scanning",
    "moderator": "Anna Berg",
    "deputy": "Bo Ek",
    "preparation": "Collections group",
}
VALUES: Final = {
    "name": "Maps",
    "address": "maps",
    "motivation": "Maps are catalogued in three ways.\nWe want to agree on one.",
    "work_questions": "- Rules\n- Scanning",
    "moderator": "Anna Berg <anna.berg@example.org>",
    "deputy": "",
    "preparation_group": "",
}
ROUTE: Final = [
    {"group": group, "action": action}
    for group, action in (
        ("leadership", "assign"),
        ("preparation", "prepare"),
        ("leadership", "hear"),
        ("leadership", "decide"),
        ("preparation", "establish"),
    )
]
SAID: Final[dict[str, object]] = {
    "step": "decide",
    "presenter": "Karin Holm",
    "advice": [
        {"who": "Karin Holm", "meaning": "recommend", "text": "Much needed.", "step": "prepare"},
        {"who": "Per Alm", "meaning": "advise-against", "text": "Too narrow.", "step": "prepare"},
        {"who": "Ola Nordmann", "meaning": "abstain", "text": "", "step": "prepare"},
        {"who": "Lena Ek", "meaning": "conflict", "text": "", "step": "prepare"},
        {"who": "Ulla Bo", "meaning": "heard", "text": "", "step": "hear"},
    ],
    "prepared": True,
    "queries": [
        {"who": "Per Alm", "text": "What does it cost?", "answer": "Nothing."},
        {"who": "Lena Ek", "text": "Who pays?", "answer": ""},
    ],
    "group_title": "Leadership group",
}


def form_of(wrong: dict[str, str] | None = None, *ids: str) -> list[dict[str, object]]:
    """The fields of a form as the service puts them into the values of a letter, here with English labels."""
    wrong = wrong or {}
    return [
        {"id": one, "label": label(one, LANGUAGES[0]), "value": VALUES[one], "wrong": wrong.get(one, "")}
        for one in (ids or VALUES)
    ]


FORM: Final[dict[str, object]] = {
    **MATTER,
    "form": True,
    "kind": "network",
    "fields": form_of({"deputy": "missing"}),
    "whole": True,
    "proven": True,
    "why": "first",
    "who": "",
    "reason": "",
    "free": [],
    "similar": [],
    "preparations": ["Collections group", "Services group"],
    "domain": DOMAIN,
    "until": UNTIL,
}
_SIMILAR: Final = [{"name": "old-maps", "title": "Old maps", "address": f"old-maps@{DOMAIN}"}]
_ALL_WRONG: Final = tuple(
    ({field: problem}, field)
    for field, problem in (
        ("name", "taken"),
        ("address", "word"),
        ("address", "shape"),
        ("moderator", "whom"),
        ("moderator", "several"),
        ("moderator", "ours"),
        ("moderator", "often"),
        ("deputy", "same"),
        ("deputy", "declined"),
    )
)


def _form(name: str, **more: object) -> Sample:
    return Sample(f"proposal/{name}", "proposal/form", {**FORM, **more}, 142, "text", grouped=False)


def _asked(name: str, values: dict[str, object], vocabulary: str = "text") -> Sample:
    template = f"proposal/{name.partition('-of-')[0]}"
    return Sample(f"proposal/{name}", template, values, 142, vocabulary, grouped=False)


def _told(name: str, values: dict[str, object]) -> Sample:
    template = f"proposal/{name.partition('-of-')[0]}"
    return Sample(f"proposal/{name}", template, values, 142, grouped=False)


ASSIGN: Final[dict[str, object]] = {
    **MATTER,
    "choices": [{"title": "Collections group", "name": "collections"}, {"title": "Services group", "name": "services"}],
    "wished": "Collections group",
    "body": "Leadership group",
    "until": UNTIL,
}
CIRCLE: Final[dict[str, object]] = {
    "about": "School yards",
    "name": "School yards",
    "who": "Anna Berg",
    "address": f"school-yards@{DOMAIN}",
    "join": f"school-yards-join@{DOMAIN}",
    "motivation": "Many schools build new yards. Let us learn from each other.",
    "work_questions": "- Shade\n- Bicycles",
    "counted": 3,
    "threshold": 5,
    "until": UNTIL,
    "cases": f"cases@{DOMAIN}",
}
_STATES: Final = (
    *("form", "nominating", "assigning", "preparing", "deciding", "decided", "open", "blocked", "established"),
    *("rejected", "lapsed"),
)


def _status(name: str, did: str, state: str) -> Sample:
    values: dict[str, object] = {
        "did": did,
        "about": "Maps",
        "state": state,
        "body": "Leadership group",
        "waiting": ["Bo Ek"],
    }
    return Sample(f"proposal/status-{name}", "proposal/status", values, 142, grouped=False)


def _digest(name: str, **more: object) -> Sample:
    item: dict[str, object] = {
        **MATTER,
        **SAID,
        **more,
        "template": "proposal/_item",
        "vocabulary": "hearing" if more.get("step") == "hear" else "decision",
        "case": 142,
        "title": "Maps",
        "since": UNTIL,
        "overdue": False,
        "behalf": "",
    }
    values: dict[str, object] = {
        "body": {"name": "board", "title": "Leadership group"},
        "items": [item],
        "decided": [],
        "next": UNTIL,
        "behalf": "",
    }
    vocabulary = str(item["vocabulary"])
    return Sample(f"proposal/digest-{name}", "case/digest", values, vocabulary=vocabulary, grouped=False)


SAMPLES: Final = (
    _form("form-of-first-mail", proven=False, similar=_SIMILAR),
    _form("form-of-reminder", reminder=True),
    _form("form-of-initiative", kind="circle", fields=form_of(None, "name", "address", "motivation")),
    _form("form-missing-name", whole=False, why="missing", about="", fields=form_of({"name": "missing"}, "name")),
    _form("form-missing", whole=False, why="missing", fields=form_of({"deputy": "missing"}, "deputy")),
    _form(
        "form-address-taken",
        whole=False,
        why="missing",
        fields=form_of({"address": "taken"}, "address"),
        free=["maps-network", "maps-2"],
        similar=_SIMILAR,
    ),
    _form(
        "form-unknown-group",
        whole=False,
        why="missing",
        fields=form_of({"preparation_group": "unknown"}, "preparation_group"),
    ),
    *(
        _form(f"form-{field}-{wrong[field]}", whole=False, why="missing", fields=form_of(wrong, field))
        for wrong, field in _ALL_WRONG
    ),
    _form(
        "form-declined",
        whole=False,
        why="declined",
        who="Bo Ek",
        reason="I have no time this year.",
        fields=form_of({"deputy": "declined"}, "deputy"),
    ),
    _form("form-again", whole=False, why="declined", fields=form_of({"deputy": "declined"}, "deputy")),
    _form("form-silent", whole=False, why="silent", who="Bo Ek", fields=form_of({"deputy": "silent"}, "deputy")),
    _form("form-gone", whole=False, why="gone", fields=form_of({"deputy": "declined"}, "deputy")),
    _form(
        "form-renaming", whole=False, why="renaming", fields=form_of({"address": "taken"}, "address"), free=["maps-2"]
    ),
    _asked("which", {"about": "Maps", "until": UNTIL}),
    _asked("which-of-again", {"about": "Maps", "until": UNTIL, "again": True}),
    _told("received", {**MATTER, "waiting": ["Bo Ek", "Lena Ek"], "steps": ROUTE}),
    _told("received-of-both", {**MATTER, "waiting": [], "steps": [*ROUTE[:1], {"group": "board", "action": "advise"}]}),
    _asked("accept", {**MATTER, "role": "moderator", "until": UNTIL}, "confirm"),
    _asked("accept-of-deputy", {**MATTER, "role": "deputy", "until": UNTIL, "reminder": True}, "confirm"),
    _told("replaced", {**MATTER, "role": "deputy"}),
    _asked("assign", ASSIGN),
    _asked("assign-of-again", {**ASSIGN, "wished": "", "again": True, "reminder": True}),
    _asked("prepare", {**MATTER, **SAID, "advice": [], "queries": [], "presenter": "", "until": UNTIL}, "preparation"),
    _asked("prepare-of-reminder", {**MATTER, **SAID, "until": UNTIL, "reminder": True}, "preparation"),
    _asked("query", {**MATTER, "queries": [{"who": "Per Alm", "text": "What does it cost?"}]}),
    _asked("query-of-reminder", {**MATTER, "queries": [{"who": "Per Alm", "text": "Why?"}], "reminder": True}),
    _told("answer", {**MATTER, "text": "Nothing."}),
    _told("late", {**MATTER, "body": "Leadership group"}),
    _told("lapsed", MATTER),
    _told("withdrawn", MATTER),
    _told("rejected", {**MATTER, "body": "Leadership group", "reasons": ["Too narrow."], "by": "Lena Ek"}),
    _told("rejected-of-no-reason", {**MATTER, "body": "Leadership group", "reasons": [], "by": "Lena Ek"}),
    _told("established", {**MATTER, "steps": ROUTE, "established_by": "Collections group"}),
    _told("established-of-own", {**MATTER, "steps": ROUTE, "established_by": "", "own": True}),
    _told("not-member", MATTER),
    _status("none", "none", ""),
    _status("withdrawn", "withdrawn", "withdrawn"),
    _status("too-late", "too-late", "established"),
    *(_status(state, "status", state) for state in _STATES),
    _told("unproven", {"why": "unproven", "address": "anna.berg@example.org"}),
    _digest("decide"),
    _digest("hear", step="hear", decides_later=True),
    _digest("establish", step="establish", advice=[], queries=[], presenter=""),
    _told("call", CIRCLE),
    _told("called", CIRCLE),
    _told("started", CIRCLE),
    _told("too-few", CIRCLE),
    _told("too-few-of-initiator", {**CIRCLE, "own": True}),
)

"""Samples of the letters about actions: what somebody has to do by a day."""

from __future__ import annotations

from typing import Final

from tests.golden.values import DOMAIN, GROUP, UNTIL, Sample, at

DUE: Final = at(18, 7, 0)
ACTION: Final[dict[str, object]] = {
    "text": "book a room for the meetings of the spring",
    "name": "Anna Berg",
    "due": DUE,
    "giver": "Karin Holm",
    "group": GROUP,
    "about": "Minutes of 3 December",
    "why": "due",
    "reason": "",
    "by": "",
}
LISTED: Final[list[dict[str, object]]] = [
    {"text": "book a room for the meetings of the spring", "name": "Anna Berg", "due": DUE},
    {"text": "write to the supplier", "name": "Ola Nordmann", "due": UNTIL},
]
UNREAD: Final = [
    {"line": "TODO Svante: ring", "why": "nobody"},
    {"line": "TODO Karin: ring", "why": "several"},
    {"line": "TODO Per: ring", "why": "not-yours"},
    {"line": "TODO Ida: ring", "why": "which-group"},
    {"line": "TODO Anna", "why": "no-text"},
]


def _action(name: str, template: str, vocabulary: str = "", **values: object) -> Sample:
    return Sample(f"action/{name}", f"action/{template}", {**ACTION, **values}, 142, vocabulary)


def _list(name: str, template: str, vocabulary: str = "", **values: object) -> Sample:
    known = {"group": GROUP, "items": LISTED, "unread": [], "about": "Minutes", "people": 2, "until": UNTIL}
    return Sample(f"action/{name}", f"action/{template}", {**known, **values}, 142, vocabulary)


OWN: Final[list[dict[str, object]]] = [{**one, "group": GROUP, "case": 142 + n} for n, one in enumerate(LISTED)]
OWN_ONE: Final[list[dict[str, object]]] = [{**LISTED[0], "group": {}, "case": 142}]

SAMPLES: Final = (
    _action("given", "given", "action", why="new"),
    _action("given-to-oneself", "given", "action", why="new", giver="", about=""),
    _action("handed-over", "given", "action", why="handed", by="Per Dahl"),
    _action("reminded", "due", "action", why="remind"),
    _action("due", "due", "action"),
    _action("due-again", "due", "action", why="again"),
    _action("moved", "moved", "action", reason="the house is closed"),
    _action("moved-by-others", "moved", "action", by="Per Dahl"),
    _action("chase", "chase", "overdue-action", why="overdue"),
    _action("chase-unable", "chase", "overdue-action", why="unable", reason="the house is closed"),
    _action("chase-not-me", "chase", "overdue-action", why="not-me"),
    _action("nobody", "nobody", "overdue-action", typed="Svante", match="nobody"),
    _action("several", "nobody", "overdue-action", typed="Karin", match="several"),
    _action("result-done", "result", outcome="done", by="Anna Berg", reason="room 12"),
    _action("result-dropped", "result", outcome="dropped", by="Per Dahl"),
    _action("ended-done", "ended", outcome="done", by="Per Dahl"),
    _action("ended-given", "ended", outcome="given", by="Ola Nordmann"),
    _action("ended-dropped", "ended", outcome="dropped", by="Per Dahl"),
    _action("ended-withdrawn", "ended", outcome="withdrawn"),
    _list("confirm", "confirm", "confirm", unread=UNREAD[:1]),
    _list("confirm-one", "confirm", "confirm", items=LISTED[:1], people=1),
    _list("listed", "listed", unread=UNREAD),
    _list("listed-one", "listed", items=LISTED[:1]),
    _list("listed-none", "listed", items=[], unread=UNREAD[:1]),
    Sample("action/list", "action/list", {"items": OWN}, None, "action", 2, grouped=False),
    Sample("action/list-of-one", "action/list", {"items": OWN_ONE}, 142, "action", 1, grouped=False),
    Sample("action/none", "action/none", {"desk": f"actions@{DOMAIN}"}, grouped=False),
)

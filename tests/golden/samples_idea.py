"""Samples of the letters about ideas."""

from __future__ import annotations

from typing import Final

from tests.golden.values import DOMAIN, UNTIL, WRITTEN, Sample

IDEA: Final[dict[str, object]] = {
    "idea": "Lamps at the reading desks",
    "text": "Lamps at the reading desks, please.\nIt is dark from three o'clock.",
    "anonymous": False,
    "name": "Anna Berg",
    "by": "Karin Holm",
    "reason": "",
}
NAMELESS: Final[dict[str, object]] = {"anonymous": True, "name": ""}
ITEM: Final[dict[str, object]] = {
    **IDEA,
    "template": "idea/_item",
    "vocabulary": "idea",
    "case": 142,
    "title": "Lamps at the reading desks",
    "since": UNTIL,
    "overdue": False,
    "behalf": "",
}
DESK: Final = f"ideas@{DOMAIN}"


def _idea(file: str, template: str, vocabulary: str = "", **values: object) -> Sample:
    return Sample(f"idea/{file}", f"idea/{template}", {**IDEA, **values}, 142, vocabulary, grouped=False)


def _status(state: str, said: str = "", name: str = "") -> Sample:
    values = {"number": 142, "state": state, "since": WRITTEN, "idea": IDEA["idea"] if state else "", "said": said}
    return Sample(f"idea/status-{name or state or 'unknown'}", "idea/status", {**values, "desk": DESK}, grouped=False)


DIGEST: Final = Sample(
    "idea/digest",
    "case/digest",
    {
        "body": {"name": "leadership", "title": "Leadership"},
        "items": [ITEM, {**ITEM, **NAMELESS, "case": 143}],
        "decided": [],
        "vocabulary": "idea",
        "next": UNTIL,
        "behalf": "",
    },
    None,
    "idea",
    2,
    grouped=False,
)

SAMPLES: Final = (
    Sample(
        "idea/week",
        "idea/week",
        {
            "since": WRITTEN,
            "desk": DESK,
            "answered": [
                {"number": 131, "idea": "Lamps", "state": "taken-up", "said": "Ten stand there now.", "new": False},
                {"number": 140, "idea": "A pool", "state": "not-now", "said": "There is no room.", "new": True},
            ],
            "working": [{"number": 138, "idea": "Quiet rooms", "state": "working", "said": "", "new": False}],
            "waiting": [{"number": 142, "idea": "Plants at the entrance", "state": "waiting", "said": "", "new": True}],
        },
    ),
    _idea("received", "received"),
    Sample("idea/anonymous", "idea/anonymous", {"number": 142, "idea": "Lamps", "desk": DESK}, grouped=False),
    _idea("which", "which", "confirm"),
    _idea("question", "question", "idea"),
    _idea("question-anonymous", "question", "idea", **NAMELESS),
    _idea("question-reminder", "question", "idea", reminder=True),
    _idea("nowhere", "nowhere", "idea", typed="the museum"),
    _idea("taken-up", "taken-up", reason="we ask the house"),
    _idea("not-now", "not-now", reason="there is no money this year"),
    _idea("sent-on", "sent-on", where="Cataloguing network"),
    _idea("worked", "worked", "text"),
    _idea("worked-anonymous", "worked", "text", **NAMELESS),
    _idea("result", "result", reason="Ten lamps stand there now."),
    _idea("closed", "closed"),
    _status(""),
    _status("waiting"),
    _status("working", "we ask the house"),
    _status("taken-up", "Ten lamps stand there now."),
    _status("not-now", "there is no money this year"),
    _status("proposal"),
    _status("withdrawn"),
    DIGEST,
)

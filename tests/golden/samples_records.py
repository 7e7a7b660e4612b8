"""Samples of the letters about records and about what is kept of a person."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, UNTIL, WRITTEN, Sample, at

LINE: Final = {
    "at": WRITTEN,
    "what": "opened",
    "name": "",
    "who": "Anna Berg",
    "meaning": "",
    "text": "",
    "state": "waiting",
    "evidence": "pass dmarc=pass",
    "mail": "mail-1.eml",
}
MAIL: Final = {"name": "mail-1.eml", "at": WRITTEN, "sender": "anna.berg@example.org", "subject": "A map", "note": ""}
MATTER: Final[dict[str, object]] = {
    "number": 142,
    "record_number": "LIB-2026-12",
    "kind": "proposal",
    "state": "approved",
    "about": "A network for maps",
    "group": GROUP,
    "in_group": "Cataloguing network",
    "opened_at": WRITTEN,
    "closed_at": UNTIL,
    "checksum": "6f1ed002ab5595859014ebf0951522d9b0d0b8e1f0f4d9f0a2f1f6f0c3c1d2e4",
    "details": [{"name": "motivation", "text": "Maps are catalogued in three ways.\nOne would do."}],
    "lines": [
        LINE,
        *(
            {**LINE, "what": what, "name": name, "who": "", "evidence": "", "mail": ""}
            for what, name in (
                *(("timer", "end"), ("reminded", ""), ("handed-over", ""), ("delegated", ""), ("withdraw", "")),
                ("noted", "else"),
            )
        ),
        {**LINE, "what": "comment", "text": "A good idea.", "who": "Ola Nordmann"},
        {
            **LINE,
            "what": "answered",
            "meaning": "yes",
            "who": "Karin Holm",
            "text": "Start in May.",
            "state": "approved",
        },
    ],
    "mails": [
        MAIL,
        *(
            {**MAIL, "name": f"mail-{number}.eml", "note": note}
            for number, note in enumerate(("too-large", "erased", "masked", "withheld"), 2)
        ),
    ],
    "broken": None,
}
KEPT: Final = [
    {"what": "record", "case": 142, "number": " (LIB-2026-12)", "until": at(1, 9, 0), "decision": "LIB-2026-3 §4"},
    {"what": "record", "case": 143, "number": "", "until": None, "decision": ""},
    {"what": "hold", "case": 144, "number": ""},
    {"what": "open", "case": 145, "number": ""},
    {"what": "ban", "group": "Serials network"},
    {"what": "documents", "group": "Serials network"},
    {"what": "log"},
    {"what": "others"},
    {"what": "backups"},
]
DATA: Final[dict[str, object]] = {
    "person": {"name": "Anna Berg", "language": "sv", "created_at": WRITTEN},
    "addresses": [{"address": "anna.berg@example.org"}, {"address": "anna@example.net"}],
    "memberships": [
        {"title": "Cataloguing network", "role": "member", "joined_at": WRITTEN, "ended_at": None},
        {"title": "Serials network", "role": "moderator", "joined_at": WRITTEN, "ended_at": UNTIL},
    ],
    "matters": [{"number": 142, "title": "A network for maps", "state": "approved"}],
    "written": [{"at": WRITTEN, "case": 142, "text": "A good idea."}],
    "mails": [{"at": WRITTEN, "recipient": "cataloguing@networks.example.org", "subject": "A map"}],
    "letters": [{"at": WRITTEN, "template": "join/welcome"}],
}

SAMPLES: Final = (
    Sample("records/decision", "records/decision", MATTER, 142, grouped=False),
    Sample("records/case", "records/case", MATTER, 142, grouped=False),
    Sample(
        "records/case-changed",
        "records/case",
        {**MATTER, "broken": 3, "closed_at": None, "mails": [], "details": []},
        142,
        grouped=False,
    ),
    Sample("person/confirm-export", "person/confirm-export", {"until": at(10, 8, 15)}, 160, "confirm", grouped=False),
    Sample(
        "person/confirm-erase",
        "person/confirm-erase",
        {"groups": ["Cataloguing network", "Serials network"], "items": KEPT, "until": at(10, 8, 15)},
        161,
        "confirm",
        grouped=False,
    ),
    Sample(
        "person/confirm-export-strict",
        "person/confirm-export",
        {"until": at(10, 8, 15), "two": True, "alone": False, "login": "https://networks.example.org/login"},
        160,
        "confirm",
        grouped=False,
    ),
    Sample(
        "person/confirm-erase-again",
        "person/confirm-erase",
        {
            "groups": ["Cataloguing network"],
            "items": KEPT,
            "until": at(10, 8, 15),
            "again": True,
            "two": True,
            "alone": True,
            "login": "https://networks.example.org/login",
        },
        161,
        "confirm",
        grouped=False,
    ),
    *(
        Sample(
            f"person/second-{what}",
            "person/second",
            {"what": what, "by": "Anna Berg", "until": at(10, 8, 15)},
            160,
            "confirm",
            grouped=False,
        )
        for what in ("export", "erase")
    ),
    *(
        Sample(
            f"person/seconded-{outcome}",
            "person/seconded",
            {"what": what, "outcome": outcome, "who": who},
            160,
            grouped=False,
        )
        for what, outcome, who in (
            ("erase", "asked", ""),
            ("export", "declined", "Ola Nordmann"),
            ("erase", "expired", ""),
        )
    ),
    Sample("person/export", "person/export", {"person": 7, "left_out": 0}, 160, grouped=False),
    Sample("person/export-large", "person/export", {"person": 7, "left_out": 2}, 160, grouped=False),
    Sample("person/data", "person/data", DATA, grouped=False),
    Sample("person/erased", "person/erased", {"items": KEPT}, grouped=False),
)

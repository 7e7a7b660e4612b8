"""Samples of the letters about joining and leaving."""

from __future__ import annotations

from typing import Final

from tests.golden.values import (
    DECIDED,
    GROUP,
    JOINER,
    UNTIL,
    WELCOME,
    Sample,
    at,
)

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample("join/confirm", "join/confirm", {**JOINER, "until": at(10, 8, 15)}, 150, "confirm"),
    Sample("join/question", "join/question", {**JOINER, "until": UNTIL}, 150, "join"),
    Sample(
        "join/question-reminder",
        "join/question",
        {**JOINER, "until": UNTIL, "reminder": True},
        150,
        "join",
        replies=True,
    ),
    Sample("join/waiting", "join/waiting", JOINER, 150, replies=True),
    Sample(
        "join/declined",
        "join/declined",
        {**JOINER, **DECIDED, "reason": "The network is for cataloguers. Try the serials network."},
        150,
        replies=True,
    ),
    Sample("join/expired", "join/expired", JOINER, 150, replies=True),
    Sample("join/expired-closed", "join/expired", {**JOINER, "closed": True}, 150, replies=True),
    Sample("join/welcome", "join/welcome", {**WELCOME, "group": GROUP}, 150, replies=True),
    Sample(
        "join/welcome-announce",
        "join/welcome",
        {**WELCOME, "group": {**GROUP, "announce": True}},
    ),
    Sample(
        "join/welcome-moderated",
        "join/welcome",
        {**WELCOME, "group": {**GROUP, "moderated": True}, "name": ""},
    ),
    *(
        Sample(
            f"join/forwarded-{asked}",
            "join/forwarded",
            {"group": GROUP, "address": "anna.berg@example.org", "asked": asked},
            grouped=False,
        )
        for asked in ("asked", "already", "waiting", "limit")
    ),
    Sample("join/already", "join/already", {"group": GROUP}),
    Sample("join/closed", "join/closed", {"group": GROUP}),
    Sample("join/not-allowed", "join/not-allowed", {"group": GROUP}),
    Sample(
        "join/not-allowed-organisations",
        "join/not-allowed",
        {"group": GROUP, "any_member": False, "organisations": ["Example Town", "Example University"]},
    ),
    Sample(
        "join/not-allowed-members",
        "join/not-allowed",
        {"group": GROUP, "any_member": True, "organisations": []},
        150,
        replies=True,
    ),
    Sample(
        "join/unproven",
        "join/unproven",
        {"group": GROUP, "why": "unproven", "address": "anna.berg@example.org"},
    ),
    Sample(
        "join/unproven-on-behalf",
        "join/unproven",
        {"group": GROUP, "why": "on-behalf", "address": "anna.berg@example.org"},
    ),
    Sample("join/waiting-list", "join/waiting-list", {"group": GROUP, "place": 3}, 150, replies=True),
    Sample("leave/confirm", "leave/confirm", {"group": GROUP, "until": at(10, 8, 15)}, 151, "confirm"),
    Sample("leave/done", "leave/done", {"group": GROUP, "undo_until": at(10, 8, 15)}, 151, "receipt", grouped=False),
    Sample("leave/not-member", "leave/not-member", {"group": GROUP}),
)

"""Samples of the letters about posts that wait for a moderator."""

from __future__ import annotations

from typing import Final

from tests.golden.values import (
    DECIDED,
    GROUP,
    HELD_ITEM,
    JOIN_ITEM,
    POST,
    REASONS,
    SPAM_ITEM,
    UNTIL,
    Sample,
)

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample("moderation/question", "moderation/question", {**POST, "until": UNTIL}, 142, "held-post"),
    Sample(
        "moderation/question-reminder",
        "moderation/question",
        {**POST, "until": UNTIL, "reminder": True},
        142,
        "held-post",
        replies=True,
    ),
    Sample(
        "moderation/list",
        "moderation/list",
        {"group": GROUP, "items": [HELD_ITEM, SPAM_ITEM, JOIN_ITEM], "until": UNTIL, "case": None},
        vocabulary="held-post",
        items=3,
        grouped=False,
    ),
    Sample(
        "moderation/list-of-one",
        "moderation/list",
        {"group": GROUP, "items": [HELD_ITEM], "until": UNTIL, "case": 142},
        142,
        "held-post",
        grouped=False,
    ),
    Sample(
        "moderation/list-of-joiners",
        "moderation/list",
        {"group": GROUP, "items": [JOIN_ITEM, {**JOIN_ITEM, "text": "I would like to join."}], "until": UNTIL},
        vocabulary="join",
        items=2,
        grouped=False,
    ),
    Sample(
        "moderation/list-of-reasons",
        "moderation/list",
        {"group": GROUP, "items": [{**SPAM_ITEM, "subject": one, "why": one} for one in REASONS], "until": UNTIL},
        vocabulary="held-post",
        items=len(REASONS),
        grouped=False,
    ),
    Sample(
        "moderation/question-unreadable-sender",
        "moderation/question",
        {**POST, "why": "held-from", "sender": "", "sender_name": "", "subject": "", "attachments": [], "until": UNTIL},
        142,
        "held-post",
    ),
    Sample("moderation/held", "moderation/held", {**POST, "until": UNTIL}, 142),
    Sample("moderation/approved", "moderation/approved", {**POST, **DECIDED, "reason": ""}, 142, replies=True),
    Sample(
        "moderation/approved-with-comment",
        "moderation/approved",
        {**POST, **DECIDED, "reason": "Thank you, very welcome!"},
        142,
        replies=True,
    ),
    Sample(
        "moderation/rejected",
        "moderation/rejected",
        {**POST, **DECIDED, "reason": "This concerns the serials team only.\nPlease write to them directly."},
        142,
        replies=True,
    ),
    Sample("moderation/returned", "moderation/returned", POST, 142, replies=True),
    Sample("moderation/returned-closed", "moderation/returned", {**POST, "closed": True}, 142, replies=True),
)

"""Samples of the letters to operators, and of those about deliveries."""

from __future__ import annotations

from typing import Final

from tests.golden.values import (
    DOMAIN,
    GROUP,
    Sample,
)

DEPARTED: Final[dict[str, object]] = {
    "group": GROUP,
    "who": "Erik Lund",
    "address": "erik.lund@example.org",
    "said": "I do not work here any more. Please write to mette.juhl@example.org.",
    "contact": "",
    "leads": False,
}
SAMPLES: Final[tuple[Sample, ...]] = (
    Sample(
        "delivery/undelivered",
        "delivery/undelivered",
        {
            "group": GROUP,
            "subject": "",
            "kind": "post",
            "total": 40,
            "lost": [
                {"address": "old.address@example.com", "reply": "550 5.1.1 <old.address@example.com>: no such user"},
                {"address": "erik.lund@example.net", "reply": ""},
            ],
            "more": 3,
        },
    ),
    Sample(
        "delivery/undelivered-letter",
        "delivery/undelivered",
        {
            "group": GROUP,
            "subject": "moderation/question",
            "kind": "letter",
            "total": 1,
            "lost": [{"address": "ola.nordmann@example.org", "reply": "552 5.2.2 mailbox full"}],
            "more": 0,
        },
    ),
    Sample(
        "delivery/unreached",
        "delivery/unreached",
        {
            "group": GROUP,
            "gone": [
                {"name": "Erik Lund", "address": "erik.lund@example.net", "since": 0, "said": "5.1.1 no such user"},
                {"name": "", "address": "old.address@example.com", "since": 0, "said": ""},
            ],
            "more": 2,
        },
    ),
    Sample(
        "delivery/unreached-one",
        "delivery/unreached",
        {
            "group": GROUP,
            "gone": [
                {"name": "Erik Lund", "address": "erik.lund@example.net", "since": 0, "said": "5.1.1 no such user"}
            ],
            "more": 0,
        },
    ),
    Sample("delivery/departed", "delivery/departed", {**DEPARTED, "contact": "mette.juhl@example.org"}),
    Sample(
        "delivery/departed-leads", "delivery/departed", {**DEPARTED, "contact": "m.juhl@example.org", "leads": True}
    ),
    Sample("delivery/departed-alone", "delivery/departed", DEPARTED),
    Sample(
        "bounce/probe", "bounce/probe", {"address": "erik.lund@example.net", "said": "5.1.1 no such user", "number": 1}
    ),
    Sample("bounce/disabled", "bounce/disabled", {"address": "erik.lund@example.net", "said": ""}),
    Sample("bounce/not-reached", "bounce/not-reached", {"about": "Maps", "who": "Erik Lund"}, 142),
    Sample(
        "operator/enclosed",
        "operator/enclosed",
        {
            "address": f"postmaster@{DOMAIN}",
            "why": "bad-from",
            "sender": "robin@example.net",
            "peer": "192.0.2.1",
            "raw_id": 1,
        },
        grouped=False,
    ),
    Sample(
        "operator/alarm", "operator/alarm", {"reason": "poison", "detail": "inbox 4711, two attempts"}, grouped=False
    ),
)

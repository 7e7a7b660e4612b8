"""Samples of the letters about cases: receipts, reminders, what could not be read."""

from __future__ import annotations

from typing import Final

from tests.golden.values import (
    ANSWERS,
    DISCARD,
    DOMAIN,
    NO,
    POST,
    SEVERAL,
    SOON,
    TRUST,
    WAIT,
    WRITTEN,
    YES,
    Sample,
    answer_values,
    receipt_values,
    unclear_values,
)

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample("case/receipt", "case/receipt", receipt_values(YES), 142, "receipt", grouped=False),
    Sample(
        "case/receipt-several",
        "case/receipt",
        receipt_values(YES, NO, WAIT, unread=["3 well, I am not so sure"]),
        vocabulary="receipt",
        items=2,
        grouped=False,
    ),
    Sample("case/receipt-final", "case/receipt", receipt_values(NO, undo_until=None), 143, grouped=False),
    Sample(
        "case/receipt-undone",
        "case/receipt",
        receipt_values({**YES, "meaning": "undo", "words": "ångra"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-already",
        "case/receipt",
        receipt_values(
            {**YES, "result": "already", "by": "Ola Nordmann", "by_answer": "no", "at": WRITTEN}, undo_until=None
        ),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-delegated",
        "case/receipt",
        receipt_values({**YES, "result": "delegated", "by": "Ola Nordmann"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-nobody",
        "case/receipt",
        receipt_values({**YES, "result": "nobody", "by": "Karin"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-several-people",
        "case/receipt",
        receipt_values({**YES, "result": "several", "by": "Anna"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-too-late",
        "case/receipt",
        receipt_values({**YES, "result": "too-late", "meaning": "undo"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample("case/not-yours", "case/not-yours", {}, grouped=False),
    Sample(
        "case/receipt-closed",
        "case/receipt",
        receipt_values({**YES, "result": "closed"}, undo_until=None),
        142,
        grouped=False,
    ),
    Sample(
        "case/receipt-confirmed",
        "case/receipt",
        receipt_values(answer_values(160, "", "yes", "ja"), undo_until=None),
        160,
        grouped=False,
    ),
    Sample("case/unclear", "case/unclear", unclear_values(), 142, "held-post", grouped=False),
    Sample(
        "case/unclear-nothing-said",
        "case/unclear",
        unclear_values(nothing_said=True, text=""),
        142,
        "held-post",
        grouped=False,
    ),
    Sample(
        "case/unclear-yes",
        "case/unclear",
        unclear_values(text="Toppen!", ask_back="is-that-a-yes"),
        150,
        "join",
        grouped=False,
    ),
    Sample(
        "case/unclear-which",
        "case/unclear",
        unclear_values(text="ja", ask_back="which-item", items=SEVERAL),
        vocabulary="held-post",
        items=3,
        grouped=False,
    ),
    Sample(
        "case/unclear-undo",
        "case/unclear",
        unclear_values(text="ångra", ask_back="which-item", items=SEVERAL[:2]),
        vocabulary="receipt",
        items=2,
        grouped=False,
    ),
    Sample("case/challenge", "case/challenge", ANSWERS, 160, "confirm", grouped=False),
    Sample(
        "case/challenge-several",
        "case/challenge",
        {**ANSWERS, "answers": [TRUST, DISCARD, WAIT]},
        160,
        "confirm",
        grouped=False,
    ),
    Sample(
        "case/claim",
        "case/claim",
        {**ANSWERS, "address": "anna.b@example.com", "answers": [NO]},
        160,
        "confirm",
        grouped=False,
    ),
    Sample("case/all", "case/all", {**ANSWERS, "answers": [YES, NO]}, 160, "confirm", grouped=False),
    Sample("case/all-of-one", "case/all", ANSWERS, 160, "confirm", grouped=False),
    Sample(
        "case/decided",
        "case/decided",
        {
            "items": [
                {
                    "case": 142,
                    "about": "New rules for translated works",
                    "by": "Ola Nordmann",
                    "answer": "yes",
                    "at": SOON,
                },
                {"case": 143, "about": "Cheap toner", "by": "Karin Holm", "answer": "discard", "at": SOON},
            ]
        },
        grouped=False,
    ),
    Sample("case/handed-over", "case/handed-over", {"about": POST["subject"], "who": "Per Dahl, Liv Moen"}, 142),
    Sample("case/withdrawn", "case/withdrawn", {"about": POST["subject"], "contact": f"postmaster@{DOMAIN}"}, 142),
    Sample("case/comment", "case/comment", {"about": POST["subject"], "who": "Karin Holm", "text": "Call me."}, 142),
    Sample("case/address-added", "case/address-added", {"address": "anna.b@example.com"}, grouped=False),
    Sample("case/refused-forged", "case/refused", {"why": "forged", "address": "anna.berg@example.org"}, grouped=False),
    Sample(
        "case/refused-others",
        "case/refused",
        {"why": "others-address", "address": "ola.nordmann@example.org"},
        grouped=False,
    ),
    *(
        Sample(f"case/refused-{why}", "case/refused", {"why": why, "address": "anna.berg@example.org"}, grouped=False)
        for why in ("not-signed", "unproven", "on-behalf")
    ),
    Sample("case/refused-unreadable", "case/refused", {"why": "bad-from", "address": ""}, grouped=False),
    Sample("case/unknown-question", "case/unknown-question", {}, grouped=False),
)

"""Samples of the letters about the life of a network: who follows whom, the yearly letter, mergers, the end."""

from __future__ import annotations

from typing import Final

from tests.golden.samples_digest import digest, item
from tests.golden.values import GROUP, UNTIL, WRITTEN, Sample, at, transcript_values

SERIALS: Final[dict[str, object]] = {
    "name": "serials",
    "title": "Serials network",
    **{
        word: f"serials{suffix}@networks.example.org"
        for word, suffix in (("address", ""), ("leave", "-leave"), ("request", "-request"), ("owner", "-owner"))
    },
}
NOMINATION: Final[dict[str, object]] = {
    "group": GROUP,
    "role": "moderator",
    "by": "Karin Holm",
    "name": "Anna Berg",
    "address": "anna.berg@example.org",
    "instead": "Karin Holm",
    "myself": True,
    "until": UNTIL,
}
DEPUTY: Final[dict[str, object]] = {**NOMINATION, "role": "deputy", "instead": "", "myself": False}
VACANCY: Final[dict[str, object]] = {"group": GROUP, "role": "deputy", "others": True, "until": UNTIL}
YEAR: Final[dict[str, object]] = {
    "group": GROUP,
    "members": 42,
    "posts": 118,
    "meetings": 4,
    "unanswered": 1,
    "since": WRITTEN,
    "entry": {
        "purpose": "For all who catalogue books and journals.",
        "work_questions": "Common rules, hard cases, news of the systems.",
        "channels": "",
    },
    "resting": False,
    "body": "Preparation group",
    "until": UNTIL,
    "reminder": False,
}
MERGER: Final[dict[str, object]] = {
    "group": GROUP,
    "into": SERIALS,
    "members": 42,
    "into_members": 17,
    "by": "Karin Holm",
    "objections": [
        {"who": "Ola Nordmann", "text": "We have other questions than they have."},
        {"who": "Anna Berg", "text": "Keep the name, please."},
    ],
    "until": UNTIL,
    "merge_at": UNTIL,
}
END: Final[dict[str, object]] = {
    "group": GROUP,
    "by": "Karin Holm",
    "members": 42,
    "page": "https://networks.example.org/g/cataloguing",
    "reason": "Everybody is in the new network for metadata now.",
    "body": "Leadership",
    "hears": True,
    "said": [{"who": "Astrid Ask", "text": "Thank them from us."}],
    "until": UNTIL,
    "close_at": at(23, 8, 15),
}


def _outcomes(name: str, template: str, values: dict[str, object], key: str, each: tuple[str, ...]) -> list[Sample]:
    return [Sample(f"{name}-{one}", template, {**values, key: one}, 142) for one in each]


SAMPLES: Final = (
    Sample("succession/confirm", "succession/confirm", NOMINATION, 142, "confirm"),
    Sample("succession/confirm-deputy", "succession/confirm", DEPUTY, 142, "confirm"),
    Sample("succession/question", "succession/question", NOMINATION, 142, "confirm"),
    Sample("succession/question-deputy", "succession/question", {**DEPUTY, "reminder": True}, 142, "confirm"),
    *_outcomes(
        "succession/outcome",
        "succession/outcome",
        {**NOMINATION, "reason": "I retire in May."},
        "outcome",
        ("asked", "accepted", "declined", "expired"),
    ),
    *_outcomes(
        "succession/outcome-deputy",
        "succession/outcome",
        {**DEPUTY, "reason": ""},
        "outcome",
        ("accepted", "declined", "expired"),
    ),
    Sample("succession/members", "succession/members", NOMINATION, 142),
    Sample("succession/members-deputy", "succession/members", DEPUTY, 142),
    Sample("succession/establishers", "succession/establishers", {**NOMINATION, "network": SERIALS}, 142),
    Sample("succession/establishers-deputy", "succession/establishers", {**DEPUTY, "network": SERIALS}, 142),
    Sample("vacancy/question", "vacancy/question", {**VACANCY, "role": "moderator"}, 142, "vacancy"),
    Sample("vacancy/question-deputy", "vacancy/question", {**VACANCY, "reminder": True}, 142, "vacancy"),
    Sample("vacancy/told", "vacancy/told", {**VACANCY, "role": "moderator"}, 142),
    Sample("vacancy/told-deputy", "vacancy/told", VACANCY, 142),
    *_outcomes(
        "vacancy/unclear",
        "vacancy/unclear",
        {**VACANCY, "text": "nominate Anna"},
        "problem",
        ("no-address", "own-address", "has-task", "nominated-already"),
    ),
    Sample("health/question", "health/question", YEAR, 142, "health"),
    Sample("health/question-reminder", "health/question", {**YEAR, "reminder": True}, 142, "health", replies=True),
    Sample("health/question-resting", "health/question", {**YEAR, "resting": True, "body": ""}, 142, "health"),
    Sample("health/done", "health/done", {**YEAR, "outcome": "continue", "changed": {"purpose": "Maps."}}, 142),
    Sample("health/done-rest", "health/done", {**YEAR, "outcome": "rest", "changed": {}}, 142),
    Sample("health/unclear", "health/unclear", {**YEAR, "named": "", "text": "I shall ask Per."}, 142),
    Sample("health/unclear-name", "health/unclear", {**YEAR, "named": "Atlases", "text": ""}, 142),
    Sample("merging/agree", "merging/agree", MERGER, 142, "confirm"),
    Sample("merging/agree-site", "merging/agree", {**MERGER, "by": "", "reminder": True}, 142, "confirm"),
    Sample("merging/confirm", "merging/confirm", MERGER, 142, "confirm"),
    *_outcomes(
        "merging/outcome",
        "merging/outcome",
        {**MERGER, "who": "Ola Nordmann", "reason": "Not this year."},
        "outcome",
        ("asked", "told", "declined", "silent", "nobody"),
    ),
    Sample("merging/members", "merging/members", {**MERGER, "mine": True}, 142),
    Sample("merging/members-into", "merging/members", {**MERGER, "mine": False}, 142),
    Sample("merging/done", "merging/done", MERGER, 142),
    Sample("merging/off", "merging/off", MERGER, 142),
    Sample("winding_down/confirm", "winding_down/confirm", END, 142, "confirm"),
    Sample("winding_down/confirm-decided", "winding_down/confirm", {**END, "hears": False}, 142, "confirm"),
    *_outcomes(
        "winding_down/progress",
        "winding_down/progress",
        {**END, "who": "Astrid Ask", "reasons": ["They have new members."]},
        "stage",
        ("hearing", "deciding", "postponed", "told", "declined", "undecided"),
    ),
    Sample(
        "winding_down/explain",
        "winding_down/explain",
        {**END, "who": "Astrid Ask", "text": "Who takes care of the old maps?"},
        142,
        "text",
    ),
    Sample("winding_down/members", "winding_down/members", END, 142),
    Sample("winding_down/closed", "winding_down/closed", END, 142, "receipt"),
    Sample("winding_down/goes-on", "winding_down/goes-on", END, 142),
    Sample(
        "command/transcript-of-networks",
        "command/transcript",
        transcript_values(
            *(
                dict[str, object](line="nominate anna.berg@example.org", did=did)
                for did in ("networks-only", "moderator-names", "has-task", "nominated-already", "begun-already")
            )
        ),
    ),
    digest(
        "case/digest-network-ends",
        item(
            142,
            "Cataloguing network",
            "vacancy",
            **{**VACANCY, "role": "moderator", "template": "vacancy/_item", "overdue": True},
        ),
        item(143, "Cataloguing network", "decision", **{**END, "hears": False, "template": "winding_down/_item"}),
    ),
    digest(
        "case/digest-network-life",
        item(142, "Cataloguing network", "vacancy", **{**VACANCY, "template": "vacancy/_item", "overdue": True}),
        item(143, "Cataloguing network", "hearing", **{**END, "template": "winding_down/_item"}),
        item(144, "Cataloguing network", "health", **{**YEAR, "template": "health/_item"}),
    ),
)

"""The values that the samples of letters are made of: one network, a few people, one week in December."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from mailsvc.clock import to_instant
from mailsvc.errors import Reason

LANGUAGES: Final = ("en", "sv", "da", "nb", "nn")
DOMAIN: Final = "networks.example.org"
TOKEN: Final = "k4qx7m2vphw3zt6yrb5ncdl2ae"


def at(day: int, hour: int, minute: int, month: int = 12) -> int:
    """A moment of 2026 in UTC, as the service stores it."""
    return to_instant(datetime(2026, month, day, hour, minute, tzinfo=UTC))


WRITTEN: Final = at(3, 8, 15)
UNTIL: Final = at(23, 8, 15)
SOON: Final = at(3, 8, 20)


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter with its values; `name` is the golden file, `template` what the service asks for."""

    name: str
    template: str
    values: dict[str, object]
    case: int | None = None
    vocabulary: str = ""
    items: int = 1
    replies: bool = False  # it follows an earlier letter of its case
    grouped: bool = True  # the service knows the group when it writes it

    @property
    def asked(self) -> bool:
        """Whether it can be answered."""
        return bool(self.vocabulary)


GROUP: Final[dict[str, object]] = {
    "name": "cataloguing",
    "title": "Cataloguing network",
    "purpose": "For all who catalogue books and journals: common rules, hard cases, news of the systems.",
    "address": f"cataloguing@{DOMAIN}",
    "join": f"cataloguing-join@{DOMAIN}",
    "leave": f"cataloguing-leave@{DOMAIN}",
    "request": f"cataloguing-request@{DOMAIN}",
    "owner": f"cataloguing-owner@{DOMAIN}",
    "docs": f"cataloguing-docs@{DOMAIN}",
    "moderated": False,
    "announce": False,
}

WELCOME: Final[dict[str, object]] = {
    "name": "Anna Berg",
    "calendar": f"https://{DOMAIN}/me/2a-mfrggzdfmztwq2lknnwg23tpoa/calendar.ics",
}

TEXT: Final = """Hello all,

the new rules for describing translated works come into force on
1 February. I have put the five changes that concern us on one page,
and would be glad to hear what you think before we print it.

Best wishes
Anna"""

EXPLAINED: Final = [
    {"name": "recipient", "text": f"cataloguing@{DOMAIN}: post of cataloguing"},
    {"name": "evidence", "text": "D is pass: dmarc=pass"},
    {"name": "automatic", "text": "by a person, as far as can be told"},
    {"name": "post", "text": "anna.berg@example.org is not in cataloguing; the group's post is members"},
    {"name": "case", "text": "held-post: opened, then waiting"},
    {"name": "outgoing", "text": "letter moderation/question to somebody else"},
    {"name": "result", "text": "held"},
]

POST: Final[dict[str, object]] = {
    "group": GROUP,
    "why": "held-not-member",
    "sender": "anna.berg@example.org",
    "sender_name": "Anna Berg",
    "subject": "New rules for translated works",
    "text": TEXT,
    "attachments": ["Translated works.pdf (212 KiB)"],
    "held_at": WRITTEN,
}
JOINER: Final[dict[str, object]] = {
    "group": GROUP,
    "name": "Anna Berg",
    "address": "anna.berg@example.org",
    "text": "I have started in the serials team and would like to follow along.",
}
DECIDED: Final[dict[str, object]] = {"by": "Karin Holm"}


def answer_values(
    case: int, about: str, meaning: str, words: str, reason: str = "", **more: object
) -> dict[str, object]:
    known = {"number": 0, "case": case, "about": about, "meaning": meaning, "words": words, "reason": reason}
    return {**known, "result": "done", "by": "", "by_answer": "", "at": None, "stands": "", "undo": True, **more}


YES: Final = answer_values(142, "New rules for translated works", "yes", "Helt ok för mig")
NO: Final = answer_values(143, "Lunch on Friday?", "no", "nej", "Please use the notice board for this.")
TRUST: Final = answer_values(142, "New rules for translated works", "always", "godkänn alltid")
DISCARD: Final = answer_values(143, "Cheap toner", "discard", "kasta")
WAIT: Final = answer_values(144, "Erik Lund", "wait", "vänta")
HELD_ITEM: Final = {
    "kind": "held-post",
    "number": "142",
    "who": "Anna Berg",
    "subject": "New rules for translated works",
    "why": "held-not-member",
    "text": "Hello all, the new rules for describing translated works come into force on 1 February.",
}
SPAM_ITEM: Final = {
    **HELD_ITEM,
    "number": "143",
    "who": "offers@example.com",
    "subject": "",
    "why": "held-dmarc",
    "text": "Dear sir or madam",
}
JOIN_ITEM: Final = {
    "kind": "join-request",
    "number": "144",
    "who": "erik.lund@example.net",
    "subject": "",
    "why": "",
    "text": "",
}
HELP_WORDS: Final = ["join", "leave", "language", "who", "info", "status", "help", "pending", "add", "remove"]


REASONS: Final = tuple(str(reason) for reason in Reason if reason.startswith("held-"))


def receipt_values(*lines: dict[str, object], **more: object) -> dict[str, object]:
    case = lines[0]["case"] if len(lines) == 1 else None
    values = {"lines": list(lines), "unread": [], "undo_until": SOON, "case": case, "vocabulary": "receipt"}
    return {**values, **more}


def unclear_values(**more: object) -> dict[str, object]:
    values: dict[str, object] = {
        "text": "Hi Karin, that should be fine, but can we talk about page two first?",
        "nothing_said": False,
        "why": "blocker",
        "ask_back": "",
        "about": "New rules for translated works",
        "items": ["New rules for translated works"],
    }
    return {**values, **more}


def transcript_values(*results: dict[str, object]) -> dict[str, object]:
    return {"group": GROUP, "results": list(results)}


SEVERAL: Final = ["New rules for translated works", "Lunch on Friday?", "Erik Lund"]
ANSWERS: Final[dict[str, object]] = {"address": "", "until": at(10, 8, 15), "answers": [YES]}
MEMBERS: Final = [
    {"name": "Karin Holm", "address": "karin.holm@example.org", "role": "moderator"},
    {"name": "Ola Nordmann", "address": "ola.nordmann@example.org", "role": "deputy"},
    {"name": "", "address": "serials@example.org", "role": "member"},
]

"""One realistic sample of every letter and of each way it can turn out, as the service would ask for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from lists.command_words import Command, printed
from mailsvc.config import Config, SiteConfig
from mailsvc.keys import SiteKey
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.resources import templates_dir
from mailsvc.site import Site
from tests.golden.more import more
from tests.golden.reading import Read, read_letter
from tests.golden.values import (
    ANSWERS,
    DECIDED,
    DISCARD,
    DOMAIN,
    EXPLAINED,
    GROUP,
    HELD_ITEM,
    JOIN_ITEM,
    JOINER,
    MEMBERS,
    NO,
    POST,
    REASONS,
    SEVERAL,
    SOON,
    SPAM_ITEM,
    TOKEN,
    TRUST,
    UNTIL,
    WAIT,
    WELCOME,
    WRITTEN,
    YES,
    Sample,
    answer_values,
    at,
    receipt_values,
    transcript_values,
    unclear_values,
)
from tests.tools import ROOT


def _in_state(state: str, *, is_open: bool) -> dict[str, object]:
    """A transcript's line about a matter in this state."""
    return {
        "line": "status 139",
        "did": "status",
        "number": 139,
        "kind": "held-post",
        "state": state,
        "about": "Lunch on Friday?",
        "opened_at": WRITTEN,
        "closed_at": None if is_open else at(10, 8, 15),
        "open": is_open,
        "by": "",
        "reason": "",
    }


STATES: Final = (
    *((one, True) for one in ("confirming", "seconding", "decided", "")),
    *((one, False) for one in ("posted", "rejected", "discarded", "returned", "withdrawn", "cancelled", "left")),
    *((one, False) for one in ("done", "stayed", "")),
)

_OWN: Final = (
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
    Sample(
        "command/old-question",
        "command/old-question",
        {"group": GROUP, "subject": "Lunch on Friday?", "until": at(10, 8, 15)},
        152,
        "old-question",
    ),
    Sample(
        "command/roster",
        "command/roster",
        {
            "group": GROUP,
            "add": ["erik.lund@example.net", "anna.berg@example.org"],
            "remove": ["old.address@example.com"],
            "posting": [],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    Sample(
        "command/second",
        "command/second",
        {
            "group": GROUP,
            "by": "Karin Holm",
            "add": ["erik.lund@example.net"],
            "remove": ["old.address@example.com"],
            "posting": [],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    *(
        Sample(
            f"command/seconded-{outcome}",
            "command/seconded",
            {"group": GROUP, "outcome": outcome, "who": who},
            152,
        )
        for outcome, who in (("asked", ""), ("done", "Ola Nordmann"), ("declined", "Ola Nordmann"), ("expired", ""))
    ),
    Sample(
        "command/roster-posting",
        "command/roster",
        {
            "group": GROUP,
            "add": [],
            "remove": [],
            "posting": [
                {"address": "anna.berg@example.org", "word": "trusted"},
                {"address": "erik.lund@example.net", "word": "moderated"},
                {"address": "offers@example.com", "word": "banned"},
            ],
            "until": at(10, 8, 15),
        },
        152,
        "confirm",
    ),
    *(
        Sample(
            f"command/explained-{outcome}",
            "command/explained",
            {
                "address": f"cataloguing@{DOMAIN}",
                "outcome": outcome,
                "why": "held-not-member" if outcome == "held" else "",
                "desk": f"test+NAME@{DOMAIN}",
                "steps": EXPLAINED,
            },
            grouped=False,
        )
        for outcome in ("posted", "held", "forwarded", "refused", "aside", "answered", "nothing")
    ),
    Sample(
        "command/explained",
        "command/explained",
        {"address": "", "outcome": "", "why": "", "desk": f"test+NAME@{DOMAIN}", "steps": EXPLAINED[1:3]},
        grouped=False,
    ),
    Sample("command/misplaced", "command/misplaced", {"group": GROUP, "text": "unsubscribe"}),
    Sample(
        "command/transcript",
        "command/transcript",
        transcript_values(
            {"line": "language sv", "did": "language"},
            {"line": "pending", "did": "pending", "count": 3},
            {"line": "add erik.lund@example.net", "did": "change-asked", "address": "erik.lund@example.net"},
            {"line": "remove nobody@example.com", "did": "no-member", "address": "nobody@example.com"},
            {"line": "whoo", "did": "unknown", "nearest": ["who", "help"]},
            {
                "line": "status 142",
                "did": "status",
                "number": 142,
                "kind": "held-post",
                "state": "waiting",
                "about": "New rules for translated works",
                "opened_at": WRITTEN,
                "open": True,
            },
        ),
    ),
    Sample(
        "command/transcript-of-all",
        "command/transcript",
        transcript_values(
            {"line": "who", "did": "who", "members": MEMBERS},
            {
                "line": "info",
                "did": "info",
                "join": "moderated",
                "post": "members",
                "moderators": ["Karin Holm", "Ola Nordmann"],
                "delivery": "each",
            },
            {"line": "info", "did": "info", "join": "closed", "post": "members", "moderators": [], "delivery": ""},
            {"line": "status 9", "did": "no-such-case"},
            {
                "line": "status 140",
                "did": "status",
                "number": 140,
                "kind": "join-request",
                "state": "joined",
                "about": "Erik Lund",
                "opened_at": WRITTEN,
                "closed_at": at(10, 8, 15),
                "open": False,
                "by": "Karin Holm",
                "reason": "Welcome!",
            },
            *(_in_state(state, is_open=is_open) for state, is_open in STATES),
            {"line": "withdraw 143", "did": "withdrawn", "number": 143, "about": "Lunch on Friday?"},
            {"line": "withdraw 140", "did": "too-late", "number": 140, "about": "Erik Lund"},
            {"line": "pending", "did": "pending", "count": 1},
            {"line": "pending", "did": "pending", "count": 0},
            {"line": "add erik", "did": "no-address"},
            {"line": f"add help@{DOMAIN}", "did": "own-address"},
            {"line": "add anna.berg@example.org", "did": "is-member", "address": "anna.berg@example.org"},
            {"line": "hokus pokus", "did": "unknown", "nearest": []},
            {"line": "join", "did": "join-asked"},
            {"line": "join", "did": "joined"},
            {"line": "join", "did": "join-waiting"},
            {"line": "join", "did": "already-member"},
            {"line": "join", "did": "closed"},
            {"line": "join", "did": "not-allowed"},
            {"line": "join", "did": "limit"},
            {"line": "leave", "did": "leave-asked"},
            {"line": "leave", "did": "not-member"},
            {"line": "language fi", "did": "no-such-language"},
            {"line": "who", "did": "stranger"},
            {"line": "who", "did": "members-only"},
            {"line": "pending", "did": "moderators-only"},
            {"line": "export my data", "did": "asked"},
            {"line": "set dnr 142 LIB-2026-12", "did": "number-set", "number": 142, "record_number": "LIB-2026-12"},
            {"line": "set dnr 142", "did": "number-set", "number": 142, "record_number": ""},
            {"line": "set dnr 142 …", "did": "number-too-long", "most": 60},
        ),
    ),
    Sample(
        "command/transcript-stand-ins",
        "command/transcript",
        transcript_values(
            {"line": "stand-in Karin", "did": "stand-in", "who": "Karin Holm", "first": WRITTEN, "last": None},
            {
                "line": "stand-in Karin 1/7-12/8",
                "did": "stand-in",
                "who": "Karin Holm",
                "first": WRITTEN,
                "last": UNTIL,
            },
            {"line": "stand-in off", "did": "stand-in-ended"},
            {"line": "stand-in Ulla", "did": "stand-in-nobody", "who": "Ulla"},
            {"line": "stand-in Anna", "did": "stand-in-several", "who": "Anna"},
            {"line": "stand-in", "did": "stand-in-unclear", "who": ""},
        ),
    ),
    Sample(
        "command/transcript-strict",
        "command/transcript",
        transcript_values(
            {"line": "who", "did": "unproven"},
            {"line": "language sv", "did": "on-behalf"},
            {"line": "add erik.lund@example.net", "did": "two-asked", "address": "erik.lund@example.net"},
            {"line": "ban offers@example.com", "did": "no-second", "address": "offers@example.com"},
        ),
    ),
    Sample("command/help", "command/transcript", transcript_values({"line": "help", "did": "help", "words": {}})),
    Sample("command/nothing", "command/transcript", transcript_values({"line": "", "did": "nothing", "words": {}})),
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


def site() -> Site:
    """The organisation of all samples."""
    config = Config(site=SiteConfig(name="Example University Library", domain=DOMAIN, timezone="Europe/Stockholm"))
    return Site(config, SiteKey("k1", "s1", b"\x07" * 32))


def folders() -> dict[str, str]:
    """Where the letters of all packages are, by the first part of their names."""
    shared = {name: str(templates_dir() / "letters" / name) for name in ("case", "operator", "records", "web")}
    own = {path.name: str(path) for path in sorted((ROOT / "lists" / "letters").iterdir())}
    workflows = {path.parent.name: str(path) for path in sorted((ROOT / "workflows").glob("*/letters"))}
    return shared | own | workflows


@cache
def composer() -> Composer:
    """What the service composes its letters with."""
    return Composer(site(), folders())


SAMPLES: Final[tuple[Sample, ...]] = (*_OWN, *more("SAMPLES"))
ASKING: Final = tuple(sample for sample in SAMPLES if sample.asked)


def named(name: str) -> Sample:
    """The sample of that name."""
    return next(sample for sample in SAMPLES if sample.name == name)


def composed(sample: Sample, language: str) -> Read:
    """The sample as its reader gets it."""
    return _composed(sample.name, language)


@cache
def _composed(name: str, language: str) -> Read:
    return read_letter(composer().letter(spec(named(name), language)))


def spec(sample: Sample, language: str, **changes: object) -> LetterSpec:
    """The sample as the service would ask for it in that language; `changes` are fields of the result."""
    values = {**sample.values, "case": sample.case, "vocabulary": sample.vocabulary}
    if "results" in values:
        values["results"] = [_spoken(result, language) for result in sample.values["results"]]  # type: ignore[attr-defined]
    made = LetterSpec(
        template=sample.template,
        language=language,
        to_address="karin.holm@example.org",
        to_name="Karin Holm",
        message_id=f"v3xk2m7qpl5w@{DOMAIN}",
        created_at=WRITTEN,
        values=values,
        case=sample.case,
        token=TOKEN if sample.asked else "",
        vocabulary=sample.vocabulary,
        items=sample.items if sample.asked else 0,
        thread=(f"b7qw4z2hnd6y@{DOMAIN}",) if sample.replies else (),
        group_name="cataloguing" if sample.grouped else "",
        group_title="Cataloguing network" if sample.grouped else "",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _spoken(result: dict[str, object], language: str) -> dict[str, object]:
    """The words of `help` are the reader's."""
    if "words" not in result:
        return result
    return {**result, "words": {one.value: printed(one, language) for one in Command}}

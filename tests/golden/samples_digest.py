"""Samples of the digest of decisions, its receipts, and of the letter about a new network."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.reading.model import Meaning
from tests.golden.values import GROUP, SOON, WRITTEN, Sample, answer_values, at, receipt_values, unclear_values

BODY: Final[dict[str, object]] = {"name": "leadership", "title": "Leadership"}


def item(case: int, title: str, vocabulary: str = "decision", **more: object) -> dict[str, object]:
    known = {"template": "case/_matter", "vocabulary": vocabulary, "case": case, "title": title, "who": "", "text": ""}
    return {**known, "since": WRITTEN, "overdue": False, "behalf": "", **more}


MAPS: Final = item(142, "A network for maps", who="Anna Berg", text="Maps are catalogued in three ways.\nOne would do.")
SERIALS: Final = item(143, "The Serials network is wound down", who="Karin Holm")
OPENING: Final = item(138, "Longer opening hours in May", overdue=True, who="Ola Nordmann", text="Until 20:00?")
HEARD: Final = item(144, "Loans to schools", "hearing", who="Per Dahl")
ADVICE: Final = item(145, "A network for exhibitions", "preparation", who="Liv Moen")
FOR_PER: Final = {**MAPS, "behalf": "Per Dahl"}
DECIDED: Final = [
    {"case": 131, "about": "A network for theses", "by": "Ola Nordmann", "answer": "yes", "at": SOON},
    {"case": 133, "about": "Lending of laptops", "by": "Leadership", "answer": "no", "at": SOON},
    {"case": 134, "about": "How do we name series?", "by": "Leadership", "answer": "", "at": SOON},
    {"case": 135, "about": "A second coffee machine", "by": "", "answer": "", "at": SOON},
]


def digest(name: str, *items: dict[str, object], **more: object) -> Sample:
    values = {
        "body": BODY,
        "group": BODY,
        "items": list(items),
        "decided": [],
        "next": at(14, 7, 0),
        "behalf": "",
        **more,
    }
    case = items[0]["case"] if len(items) == 1 else None
    assert case is None or isinstance(case, int)
    return Sample(name, "case/digest", values, case, str(items[0]["vocabulary"]), len(items), grouped=False)


def numbered(
    number: int, case: int, about: str, meaning: str, words: str, reason: str = "", **more: object
) -> dict[str, object]:
    return answer_values(case, about, meaning, words, reason, number=number, **more)


RECEIPT: Final = receipt_values(
    numbered(1, 142, "A network for maps", "yes", "ja", stands="yes"),
    numbered(2, 143, "The Serials network is wound down", "no", "nej", reason="Too early.", stands="no"),
    numbered(3, 138, "Longer opening hours in May", "yes", "ja", stands="awaited", undo=False),
    numbered(4, 144, "Loans to schools", "wait", "vänta", stands="awaited", undo=False),
    unread=["5 perhaps, but Karin knows more"],
)
# every other reading that a receipt can show, as questions of all kinds bring them
READINGS: Final = receipt_values(
    *(
        numbered(number, 150 + number, f"Matter {number}", meaning, "…", undo=False)
        for number, meaning in enumerate([str(one) for one in Meaning if one not in (Meaning.ALL, Meaning.DELEGATE)], 1)
    ),
    undo_until=None,
)
HANDED_ON: Final = receipt_values(numbered(0, 142, "A network for maps", "delegate", "…", undo=False), undo_until=None)
OTHER_QUESTIONS: Final = ("preparation", "hearing", "action", "signature", "idea", "initiative", "health", "joint-body")
ROLES: Final = ("moderator", "deputy", "member")

SAMPLES: Final = (
    digest("case/digest", OPENING, MAPS, SERIALS),
    digest("case/digest-of-one", MAPS),
    digest("case/digest-off", MAPS, SERIALS, next=None),
    digest("case/digest-off-one", MAPS, next=None),
    digest("case/digest-mixed", OPENING, MAPS, HEARD, ADVICE, SERIALS, decided=DECIDED),
    digest("case/digest-advice-first", ADVICE, MAPS),
    digest("case/digest-on-behalf", FOR_PER, behalf="Per Dahl"),
    digest("case/digest-also-on-behalf", MAPS, FOR_PER),
    Sample("case/receipt-readings", "case/receipt", READINGS, grouped=False),
    Sample("case/receipt-handed-on", "case/receipt", HANDED_ON, 142, grouped=False),
    *(
        Sample(f"case/unclear-{kind}", "case/unclear", unclear_values(text="Hm, well."), 142, kind, grouped=False)
        for kind in OTHER_QUESTIONS
    ),
    Sample("case/receipt-digest", "case/receipt", RECEIPT, None, "receipt", 2, grouped=False),
    Sample(
        "case/unclear-digest",
        "case/unclear",
        unclear_values(
            text="ja", ask_back="which-item", items=[MAPS["title"], ADVICE["title"]], kinds=["decision", "preparation"]
        ),
        vocabulary="decision",
        items=2,
        grouped=False,
    ),
    Sample(
        "case/decided-body",
        "case/decided",
        {"items": DECIDED},
        grouped=False,
    ),
    *(
        Sample(f"join/new-group-{role}", "join/new-group", {"group": GROUP, "role": role}, grouped=False)
        for role in ROLES
    ),
)

"""Reads the answer tables of the reference page `words.md`, when it is there, into rows the tests can check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "sv", "da", "nb", "nn")
PAGE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "words.md"


class Word(NamedTuple):
    """One word of one cell: which question it answers with what, in which column, and how it may be used."""

    question: str
    meaning: str
    language: str
    kind: str  # A: a reason may follow · B: only when it is all · ASK: asked back · ARG: an argument follows
    only: str  # languages that alone understand it, comma-separated; empty: all
    word: str


# First words of a row's label -> the question it is tried on and its meaning ("" where the words differ, see `_split`).
ROWS = {
    "approve and trust": ("held-post", "always"),
    "approve every item": ("held-post", "all"),
    "discard": ("held-post", "discard"),
    "wait": ("decision", "wait"),
    "postpone": ("decision", "postpone"),
    "ask the proposer": ("decision", "ask"),
    "recommend": ("preparation", "recommend"),
    "advise against": ("preparation", "advise-against"),
    "no opinion": ("preparation", ""),
    "comes (RSVP": ("rsvp", "yes"),
    "maybe": ("rsvp", "maybe"),
    "can come": ("poll", "can"),
    "cannot come": ("poll", "cannot"),
    "comes online": ("rsvp", ""),
    "count me in": ("initiative", "count-me-in"),
    "sign ": ("signature", "sign"),
    "done": ("action", "done"),
    "later": ("action", "later"),
    "can't do it": ("action", "unable"),
    "not me": ("rota", ""),
    "book a date": ("poll", "book"),
    "take up": ("idea", ""),
    "not now": ("idea", "not-now"),
    "network:": ("health", ""),
    "grant": ("grant", ""),
    "joint body": ("joint-body", ""),
    "delegate": ("decision", "delegate"),
    "that was me": ("confirm", ""),
}
_ON_SITE = {"on site", "på plats", "fysiskt", "fysisk", "fremmøde", "på stedet", "oppmøte", "på staden"}
_AGREED = {"agreed", "eniga", "enige", "samde", "einige"}
_NOT_AGREED = {"not agreed", "oeniga", "uenige", "usamde", "ueinige"}
_INFORMED = {"informerat", "orienteret", "informert", "tatt til orientering", "teke til vitande"}
_CONTINUE = {"continue", "fortsätt", "fortsæt", "fortsett", "hald fram"}
_REST = {"rest", "vila", "sæt på pause", "la hvile", "la kvile"}


# In the row of abstaining; here a meaning of its own (docs/decisions/0022).
_CONFLICT = {"jäv", "jävig", "inhabil", "ugild"}


def _split(question: str, word: str) -> str:
    """The meaning of a word in a row that holds several."""
    if question == "preparation":
        return "conflict" if word in _CONFLICT else "abstain"
    if question == "rsvp":
        return "on-site" if word in _ON_SITE else "online"
    if question == "rota":
        return "swap" if "…" in word else "not-me"
    if question == "idea":
        return "send-to" if "…" in word else "take-up"
    if question == "health":
        if "…" in word:
            return "merge"
        return "continue" if word in _CONTINUE else "rest" if word in _REST else "wind-down"
    if question == "grant":
        return "not-granted" if re.search(r"\b(not|inte|ikke|ikkje)\b", word) else "grant"
    if question == "joint-body":
        if word in _INFORMED:
            return "informed"
        return "agreed" if word in _AGREED else "not-agreed" if word in _NOT_AGREED else "discussed"
    return "yes" if word in {"yes", "ja"} else "no"


def _words(cell: str, question: str, meaning: str, language: str, kind: str) -> list[Word]:
    found = []
    for raw in cell.split("·"):
        word = raw.strip()
        if not word:
            continue
        asked = "→ *ask*" in word
        only = re.search(r"\((\w\w(?:/\w\w)*) only\)", word)
        word = re.sub(r"\([^)]*\)|→ \*ask\*", "", word).strip() if "(y)" not in word else word
        restricted = only[1].replace("/", ",") if only else ""
        what = "ASK" if asked else kind
        if meaning == "book":
            word = re.sub(r"\d+$", "…", word)
        if meaning == "later" and re.search(r" (to|till|til)$", word):
            word += " …"
        if "…" in word or "NA" in word:
            what = "ARG"
        # The page says elsewhere (§6) which words belong to some languages only.
        if word.startswith(("vedta", "vedteke")):
            restricted = "da,nb,nn"
        elif word.startswith("indstil") or word == "tiltrædes":
            restricted = "da"
        elif word == "hold":
            restricted, what = "en", "B"
        elif word.startswith("utsett til"):
            restricted = "nb,nn"
        if word == "innstiller på":
            word = "innstiller på godkjenning"
        if question == "joint-body" and meaning != "discussed" and word in _AGREED and language != "en":
            what = "B"  # §6: enig, samd … as the whole text only; who does not agree may add a note
        found.append(Word(question, meaning or _split(question, word), language, what, restricted, word))
    return found


def answer_words(page: str) -> list[Word]:
    """Every cell of §2.1 and §2.2."""
    found: list[Word] = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        match = re.match(r"\*\*(yes|no)\*\* (\w+)", cells[0])
        if match and len(cells) == 3:
            language = "en" if match[2] == "signs" else match[2]
            for kind, cell in (("A", cells[1]), ("B", cells[2])):
                found += _words(cell, "join", match[1], language, kind)
            continue
        row = next((value for label, value in ROWS.items() if cells[0].startswith(label)), None)
        if row is None or len(cells) != 6:
            continue
        kind = "B" if "(RSVP, B)" in cells[0] or "(B only" in cells[0] else "A"
        for language, cell in zip(LANGUAGES, cells[1:], strict=True):
            found += _words(cell, *row, language, kind)
        if cells[0].startswith("that was me"):
            break
    return found

"""The words behind addresses, in five languages: one table that routing, group creation and the docs are made from."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Function(StrEnum):
    """What a suffix after a group's name does."""

    JOIN = "join"
    LEAVE = "leave"
    REQUEST = "request"
    OWNER = "owner"
    MEETING = "meeting"
    RAISE = "raise"
    ROUND = "round"
    DOCS = "docs"


# Functions that this version carries out; the others' addresses are reserved and answer 550 until their step.
SERVED: Final = frozenset(
    {
        *(Function.JOIN, Function.LEAVE, Function.REQUEST, Function.OWNER),
        *(Function.MEETING, Function.RAISE, Function.ROUND, Function.DOCS),
    }
)

SUFFIXES: Final[dict[Function, str]] = {
    Function.JOIN: "join subscribe anmal anmälan anmäl anmalan ga-med gå-med bli-med tilmeld tilmelding bliv-med"
    " meld-pa meld-på pamelding påmelding",
    Function.LEAVE: "leave unsubscribe avanmal avanmäl avsluta ga-ur gå-ur lamna lämna afmeld frameld meld-av avmeld"
    " avmelding",
    Function.REQUEST: "request commands kommando arende ärende anmodning",
    Function.OWNER: "owner moderator moderators moderatorer moderatorar ansvarig ansvarlig ansvarleg",
    Function.MEETING: "meeting mote möte kalla traff träff moede møde mode indkald møte moete innkall",
    Function.RAISE: "raise lyft lyft-fraga lyft-fråga loeft loft løft rejs ta-opp reis",
    Function.ROUND: "round survey enkat enkät rundfraga rundfråga runda rundspoerge rundspørge rundsporge runde"
    " rundspor rundspør rundsporring rundspørring rundsporjing rundspørjing",
    Function.DOCS: "docs documents dokument handlingar dokumenter bilag vedlegg",
}

DESKS: Final[dict[str, str]] = {
    "proposals": "proposals natverksforslag nätverksförslag netvaerksforslag netværksforslag nettverksforslag"
    " nettverksframlegg framlegg forslag förslag",
    "ideas": "ideas ideabox ideer idéer ide idé forslagslada förslagslåda utvecklingslada utvecklingslåda forslagskasse"
    " idekasse idékasse idear",
    "rounds": "rounds surveys enkater enkäter rundfragor rundfrågor rundspoerger runder rundsporringer rundspørringer"
    " rundsporjingar rundspørjingar rundar",
    "find": "find hitta sok sök vem soeg søg hvem finn søk kven",
    "help": "help hjalp hjälp hjaelp hjælp hjelp",
    "test": "test explain prova pröva forklara förklara proev prøv forklar prov prøv",
    "actions": "actions atgarder åtgärder uppgifter opgaver handlinger oppgaver tiltak",
}

# The desks that this version answers.
SERVED_DESKS: Final = frozenset({"actions", "find", "help", "ideas", "proposals", "test"})

SERVICE: Final = frozenset(
    [
        "reply",
        "meeting",
        "bounces",
        "cases",
        "mailer-daemon",
        "hostmaster",
        "webmaster",
        "noreply",
        "no-reply",
        "info",
        "registrator",
        "postmaster",
        "abuse",
        "admin",
        "root",
        "kontakt",
    ]
)

# Suffix words that belong to one language alone: who writes to `N-anmal@` reads Swedish.
SPEAKS: Final[dict[str, str]] = {
    **dict.fromkeys(
        [
            "anmal",
            "anmalan",
            "anmäl",
            "anmälan",
            "ga-med",
            "gå-med",
            "avanmal",
            "avanmäl",
            "avsluta",
            "ga-ur",
            "gå-ur",
            "lamna",
            "lämna",
        ],
        "sv",
    ),
    **dict.fromkeys(["tilmeld", "tilmelding", "bliv-med", "afmeld", "frameld"], "da"),
    **dict.fromkeys(["meld-pa", "meld-på", "pamelding", "påmelding", "meld-av", "avmeld", "avmelding"], "nb"),
}

WORD_TO_FUNCTION: Final = {word: function for function, words in SUFFIXES.items() for word in words.split()}
WORD_TO_DESK: Final = {word: desk for desk, words in DESKS.items() for word in words.split()}
RESERVED: Final = frozenset(WORD_TO_FUNCTION) | frozenset(WORD_TO_DESK) | SERVICE

LONGEST_NAME: Final = 40
NAME: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def split_suffix(local: str) -> list[tuple[str, str]]:
    """Every way to read a local part as (group name, suffix word); `+` may stand for the `-` before the word."""
    found = []
    for index, character in enumerate(local):
        if character in "-+" and local[index + 1 :] in WORD_TO_FUNCTION:
            found.append((local[:index], local[index + 1 :]))
    return found


def language_of(local: str, near: str = "") -> str | None:
    """The language of the suffix word in a local part, when only one of ours has it; both kinds of Norwegian share
    theirs, and `near`, the group's language, says which is meant."""
    found = next((SPEAKS[word] for _, word in split_suffix(local.lower()) if word in SPEAKS), None)
    return near if found == "nb" and near == "nn" else found


def name_problem(
    name: str, taken: set[str], *, pattern: re.Pattern[str] = NAME, longest: int = LONGEST_NAME
) -> str | None:
    """Why a group may not be called `name` in one sentence, or None; `taken` are the names and aliases in use."""
    if not pattern.fullmatch(name) or len(name) > longest:
        return f'"{name}" is not a group name: use a-z, 0-9, "-" and "." between them, at most {longest} characters'
    if name in RESERVED or name.startswith("owner-"):
        return f'"{name}" is a word of the service and cannot be a group name'
    if name in taken:
        return f'there is already a group or alias "{name}"'
    for base, word in split_suffix(name):
        if base in taken:
            return f'"{name}" is already an address of the group "{base}" ({word})'
    for other in taken:
        for base, word in split_suffix(other):
            if base == name:
                return f'the group "{other}" stands where "{name}" would have its address for "{word}"'
    return None

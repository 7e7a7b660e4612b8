"""The form of a proposal: what a mail says is read, what is missing or wrong is found, and what a letter asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import CONFIRM, Meaning, Why
from mailsvc.message.address import Address, parse_address
from mailsvc.message.form_guess import names_a_person, people_named
from mailsvc.message.forms import Field, Form, form_lines, read_form
from mailsvc.store.outgoing import Values
from workflows.proposal.model import FORM, MODERATING, Checked, Proposal

LONGEST: Final = {"name": 80, "address": 80, "moderator": 200, "deputy": 200, "preparation_group": 120}
LONGEST_TEXT: Final = 4000
LEAST_WORDS: Final = 4  # that say why, or what a network works with, where nothing else is asked
# The form that is read: what is not printed in a letter may stand in an answer all the same.
READ: Final = Form((*FORM.fields, Field("presenter"), Field("for_whom", lines=True), Field("purpose", lines=True)))

_MAIL: Final = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_MYSELF: Final = re.compile(
    r"(?:me|myself|i|jag|jag själv|mig|mej|jeg|jeg selv|mig selv|meg|meg selv|eg|eg sjølv|meg sjølv"
    r"|undertecknad|undertegnede)[ .!]*",
    re.IGNORECASE,
)
_INITIATIVE: Final = re.compile(
    r"\b(?:initiativ\w*|initiative\w*|nätverksgrupp\w*|natverksgrupp\w*|netværksgruppe\w*|nettverksgruppe\w*|circle"
    r"|cirkel|sirkel|krets)\b",
    re.IGNORECASE,
)
_IDEA: Final = re.compile(r"\b(?:idé\w*|ide|ideer|ideen|idea|ideas|idear)\b", re.IGNORECASE)
_NETWORK: Final = re.compile(r"n[aä]tverk|netv[aæ]e?rk|nettverk|network", re.IGNORECASE)


def filled(text: str, sent: Mapping[str, str], around: str = "") -> dict[str, str]:
    """The fields that a mail fills in, each short enough for what it is used for.

    `sent` is what the form letter prefilled, `around` what it printed below the form, which is nobody's answer.
    """
    return _short(read_form(text, READ, sent, around).values)


def _short(read: Mapping[str, str]) -> dict[str, str]:
    found = dict(read)
    if "purpose" in found:  # says why where there is no motivation
        purpose = found.pop("purpose")
        found.setdefault("motivation", purpose)
    return {one: value.strip()[: LONGEST.get(one, LONGEST_TEXT)] for one, value in found.items() if value.strip()}


def merged(data: Proposal, text: str) -> dict[str, str]:
    """The values of a proposal after one more form."""
    reading = read_form(text, READ, data.sent, data.site)
    found = _short(reading.values)
    values = {**data.values, **_short(_unlabelled(reading.free, data, found)), **found}
    values["address"] = local_part(values.get("address", ""), data.domain)
    return {one: value for one, value in values.items() if value}


def _unlabelled(free: str, data: Proposal, found: Mapping[str, str]) -> dict[str, str]:
    """What stands outside of the form and answers what was asked: who takes which part, or the one thing asked for."""
    asked = [one for one in data.wrong if one not in found]
    said = {one: value for one, value in people_named(free, data.language).items() if one in asked}
    if said or len(asked) != 1 or found or not free.strip() or "?" in free:
        return said
    (only,) = asked
    if only in MODERATING:
        return {only: free} if names_a_person(free) or is_myself(free) else {}
    if only not in ("motivation", "work_questions"):
        return {}
    aside = read(free, CONFIRM, data.language)  # "I'll get back to you" is no motivation
    unread = aside.why in (Why.UNKNOWN_WORDS, Why.NOT_ALL) and not aside.nothing_said
    return {only: free} if unread and len(free.split()) >= LEAST_WORDS else {}


def local_part(address: str, domain: str) -> str:
    """What somebody wrote for the new address, as its local part: `Maps@networks.example.org` is `maps`."""
    text = address.strip().strip("<>").lower()
    local, _, behind = text.partition("@")
    return local if not behind or behind.rstrip(".>") == domain.lower() else text


def address_in(text: str) -> Address | None:
    """The mail address in what somebody wrote for a person."""
    match = _MAIL.search(text)
    return parse_address(match[0].rstrip(".")) if match else None


def name_in(text: str) -> str:
    """The name beside it."""
    rest = _MAIL.sub("", text)
    return " ".join(re.sub(r"[<>()\[\]\",;]", " ", rest).split())[:120]


def is_myself(text: str) -> bool:
    """Whether somebody named themselves: "jag", "me"."""
    return bool(_MYSELF.fullmatch(text.strip()))


def is_initiative(text: str) -> bool:
    """Whether a text calls it an initiative or a network group."""
    return bool(_INITIATIVE.search(text))


def may_be_idea(subject: str) -> bool:
    """Whether a subject speaks of an idea and of no network."""
    return bool(_IDEA.search(subject)) and not _NETWORK.search(subject)


def idea_or_proposal(text: str) -> str:
    """What an answer to "proposal or idea?" says: idea, proposal, or "" where it is not clear."""
    idea = bool(_IDEA.search(text))
    proposal = bool(_NETWORK.search(text) or re.search(r"\b(?:f[oö]rslag|forslag|framlegg|proposal)\b", text, re.I))
    if idea == proposal:
        return ""
    return "idea" if idea else "proposal"


def problems(data: Proposal, values: Mapping[str, str], checked: Checked) -> dict[str, str]:
    """Field id -> the word for what is missing or wrong with it; none is left out and none is asked for in vain."""
    wanted = FORM.missing(values) if data.kind == "network" else _MISSING_OF_CIRCLE.missing(values)
    found = dict.fromkeys(wanted, "missing")
    if "address" not in found and checked.address:
        found["address"] = checked.address
    if "name" not in found and checked.same_title:
        found["name"] = "taken"
    if data.kind == "network":
        for role, problem in (("moderator", checked.moderator_problem), ("deputy", checked.deputy_problem)):
            if role not in found and problem:
                found[role] = problem
        if "deputy" not in found and "moderator" not in found and _same(values, checked):
            found["deputy"] = "same"
        if checked.preparation_problem:
            found["preparation_group"] = "unknown"
    return found


_MISSING_OF_CIRCLE: Final = Form(
    (Field("name", required=True), Field("address", required=True), Field("motivation", required=True, lines=True))
)


def _same(values: Mapping[str, str], checked: Checked) -> bool:
    first, second = address_in(values.get("moderator", "")), address_in(values.get("deputy", ""))
    if checked.moderator and checked.moderator == checked.deputy:
        return True
    return first is not None and second is not None and first.folded == second.folded


def asked_fields(data: Proposal, wrong: Mapping[str, str], *, whole: bool) -> tuple[str, ...]:
    """The fields that a form letter prints: all at first, later only those that are wanted."""
    ids = FORM.ids if data.kind == "network" else _MISSING_OF_CIRCLE.ids
    return tuple(one for one in ids if whole or one in wrong)


def form_values(
    data: Proposal, values: Mapping[str, str], wrong: Mapping[str, str], fields: tuple[str, ...]
) -> list[Values]:
    """The form as a letter's values: labels come from the reader's language, so each language has its own lines."""
    shown = {
        one: values.get(one, "") for one in fields if wrong.get(one) in (None, "silent", "declined") or one in _KEPT
    }
    shown = {one: ("" if wrong.get(one) in ("silent", "declined") else value) for one, value in shown.items()}
    form = Form(tuple(field for field in _ALL.fields if field.id in fields))
    lines = form_lines(form, data.language, shown)
    return [
        {"id": one, "label": line.label, "value": line.value, "wrong": wrong.get(one, "")}
        for one, line in zip(form.ids, lines, strict=True)
    ]


# What was wrong is shown again, to be mended; a missing value is room to write in.
_KEPT: Final = frozenset(
    {"name", "address", "moderator", "deputy", "preparation_group", "motivation", "work_questions"}
)
_ALL: Final = FORM


def chosen(text: str, data: Proposal) -> int:
    """Which of the printed preparation groups an answer means, by number, name or title; a yes takes the wished one."""
    said = " ".join(text.casefold().split())
    number = re.match(r"(?:nr\.?|no\.?|#)?\s*(\d{1,3})\b", said)
    if number and 1 <= int(number[1]) <= len(data.choices):
        return data.choices[int(number[1]) - 1].id
    named = [one.id for one in data.choices if one.name in _tokens(said) or one.title.casefold() in said]
    if len(set(named)) == 1:
        return named[0]
    answer = read(text, CONFIRM, data.language).decided
    if answer is not None and answer.meaning is Meaning.YES and any(one.id == data.wished for one in data.choices):
        return data.wished
    return 0


def _tokens(text: str) -> set[str]:
    return {word.strip(".,;:!?\"'()<>") for word in text.split()}


def presenter_in(text: str) -> tuple[str, str]:
    """The presenter that a comment names (`Föredragande: Karin Holm`), and the comment without that line."""
    found = read_form(text, Form((Field("presenter"),))).values.get("presenter", "")
    name = found.strip()[:120]
    kept = [line for line in text.splitlines() if not (name and name in line and ":" in line)]
    return name, "\n".join(kept).strip()

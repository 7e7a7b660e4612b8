"""The kinds of case "documents" (files sent to `N-docs@`) and "document-check" (is it still right?). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from lists.posts.deciding import noted
from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant, to_instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "documents"
CHECK: Final = "document-check"
CONFIRM_DAYS: Final = 7
TOLD: Final = "docs/told"
NOW, CONFIRM, MODERATE = "now", "confirm", "moderate"


class SentFile(msgspec.Struct, frozen=True):
    """One file: its row, its name, its size in octets, whether it replaces a document of that name."""

    id: int
    name: str
    size: int
    replaces: bool


class Documents(msgspec.Struct, frozen=True):
    """`how`: at once (`now`), after a yes of who sent it (`confirm`), or of the moderators (`moderate`).

    `look_again` is an ISO day or ""; `unread_day` what stood there and is no day.
    """

    group_id: int
    group: Values
    person: PersonId
    sender: str
    address: str
    language: str
    how: str
    files: tuple[SentFile, ...]
    text: str = ""
    look_again: str = ""
    unread_day: str = ""
    end_days: int = 14


@dataclass(frozen=True, slots=True)
class PublishFiles:
    """The files are documents of the group from now on."""


@dataclass(frozen=True, slots=True)
class DropFiles:
    """The files are not wanted: nothing of them is kept here."""


def _values(data: Documents) -> Values:
    return {
        "group": data.group,
        "who": data.sender,
        "files": [{"name": one.name, "size": size_words(one.size), "replaces": one.replaces} for one in data.files],
        "text": data.text,
        "look_again": _noon(data.look_again),
        "unread_day": data.unread_day,
    }


def _noon(day: str) -> Instant | None:
    """An ISO day as a moment that is on that day in all our time zones."""
    return to_instant(datetime.fromisoformat(f"{day}T12:00+00:00")) if day else None


def size_words(octets: int) -> str:
    """A size that reads alike in all five languages."""
    return f"{max(1, round(octets / 1000))} kB" if octets < 1_000_000 else f"{round(octets / 1_000_000)} MB"


def _told(data: Documents, outcome: str, **more: object) -> Tell:
    return Tell(
        Recipient(data.address, data.language, data.person), TOLD, {**_values(data), "outcome": outcome, **more}
    )


def opened(data: Documents, _event: Event, ctx: Context) -> Step:
    """Publish, or ask."""
    if data.how == NOW:
        return Step("published", data, (PublishFiles(), _told(data, "published"), Close()))
    if data.how == CONFIRM:
        end = Instant(ctx.now + CONFIRM_DAYS * DAY)
        asked = Ask("confirm", data.person, "docs/confirm", {**_values(data), "until": end})
        return Step("confirming", data, (asked, SetTimer("end", end)))
    end = ctx.in_working_days(data.end_days)
    asked = Ask("moderate", Audience(data.group_id), "docs/question", {**_values(data), "until": end})
    return Step("waiting", data, (asked, SetTimer("end", end), _told(data, "waiting", until=end)))


def confirmed(data: Documents, _event: Event, _ctx: Context) -> Step:
    """Yes, it was me."""
    return Step("published", data, (PublishFiles(), _told(data, "published"), Close()))


def approved(data: Documents, _event: Event, ctx: Context) -> Step:
    """A moderator's yes."""
    return Step("published", data, (PublishFiles(), _told(data, "approved", by=ctx.actor_name), Close()))


def declined(data: Documents, event: Answered, ctx: Context) -> Step:
    """A moderator's no, with the reason."""
    told = _told(data, "declined", by=ctx.actor_name, reason=event.text)
    return Step("declined", data, (DropFiles(), told, Close()))


def ended(data: Documents, _event: Event, _ctx: Context) -> Step:
    """Nobody answered."""
    return Step("expired", data, (DropFiles(), _told(data, "expired"), Close()))


def dropped(data: Documents, _event: Event, _ctx: Context) -> Step:
    """A no, no answer to the confirmation, or taken back."""
    return Step("dropped", data, (DropFiles(), Close()))


DOCUMENTS: Final = CaseKind(
    name=KIND,
    data=Documents,
    states=("new", "confirming", "waiting", "published", "declined", "expired", "dropped"),
    start="new",
    final=frozenset({"published", "declined", "expired", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): confirmed,
        ("confirming", "confirm:no"): dropped,
        ("confirming", "timer:end"): dropped,
        ("confirming", "withdraw"): dropped,
        ("waiting", "moderate:yes"): approved,
        ("waiting", "moderate:no"): declined,
        ("waiting", "moderate:wait"): noted("waiting"),
        ("waiting", "timer:end"): ended,
        ("waiting", "withdraw"): dropped,
    },
    questions={
        "confirm": QuestionKind("confirm"),
        "moderate": QuestionKind("join", keeps_open=frozenset({"wait"}), letter="docs/question", values=_values),
    },
    effects=(PublishFiles, DropFiles),
    letters=("docs/confirm", "docs/question", TOLD),
    waits=lambda data: Recipient(data.address, data.language, data.person) if data.how == MODERATE else None,
    title=lambda data: ", ".join(one.name for one in data.files)[:80],
    examples=Examples({"how": (NOW, CONFIRM, MODERATE), "look_again": ("", "2027-06-01")}),
)


# ---- is it still right?


class DocumentCheck(msgspec.Struct, frozen=True):
    """A document whose day has come."""

    group_id: int
    group: Values
    document: int
    name: str
    end_days: int = 14


@dataclass(frozen=True, slots=True)
class StillRight:
    """The document is right: it is asked about again after `[docs] look_again_days`; else it is marked as outdated."""

    right: bool


@dataclass(frozen=True, slots=True)
class AskLater:
    """Nobody answered: the same question comes again in a month."""


def _check_values(data: DocumentCheck) -> Values:
    return {"group": data.group, "name": data.name}


def check_opened(data: DocumentCheck, _event: Event, ctx: Context) -> Step:
    """Ask the moderators."""
    end = ctx.in_working_days(data.end_days)
    asked = Ask("check", Audience(data.group_id), "docs/again", {**_check_values(data), "until": end})
    return Step("asking", data, (asked, SetTimer("end", end)))


def right(data: DocumentCheck, _event: Event, _ctx: Context) -> Step:
    """Yes."""
    return Step("right", data, (StillRight(right=True), Close()))


def outdated(data: DocumentCheck, _event: Event, _ctx: Context) -> Step:
    """No: the page says so until a new version comes."""
    return Step("outdated", data, (StillRight(right=False), Close()))


def unanswered(data: DocumentCheck, _event: Event, _ctx: Context) -> Step:
    """No answer."""
    return Step("unanswered", data, (AskLater(), Close()))


def check_dropped(data: DocumentCheck, _event: Event, _ctx: Context) -> Step:
    """A new version came, the document was removed, or an operator took the question back."""
    return Step("dropped", data, (Close(),))


DOCUMENT_CHECK: Final = CaseKind(
    name=CHECK,
    data=DocumentCheck,
    states=("new", "asking", "right", "outdated", "unanswered", "dropped"),
    start="new",
    final=frozenset({"right", "outdated", "unanswered", "dropped"}),
    transitions={
        ("new", "opened"): check_opened,
        ("asking", "check:yes"): right,
        ("asking", "check:no"): outdated,
        ("asking", "timer:end"): unanswered,
        ("asking", "withdraw"): check_dropped,
    },
    questions={"check": QuestionKind("confirm", letter="docs/again", values=_check_values)},
    effects=(StillRight, AskLater),
    letters=("docs/again",),
    title=lambda data: data.name,
)

"""The kind of case "held-post": a post waits for a moderator; it never dies in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from lists.posts.deciding import decided, noted, undone
from mailsvc.cases.model import (
    Ask,
    Audience,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    QuestionKind,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import Instant
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "held-post"
GROUP_CLOSED: Final = "group-closed"  # fired in all that waits in a group when it is closed
LETTERS: Final = (
    "moderation/question",
    "moderation/list",
    "moderation/held",
    "moderation/rejected",
    "moderation/returned",
    "moderation/approved",
)


class HeldPost(msgspec.Struct, frozen=True):
    """A post that waits. `author_*` are empty where the author must not be written to; `text` is masked.

    `acknowledge`: the author is told at once that it waits (strangers not again and again); decisions are always told.
    """

    group_id: int
    group: Values
    inbox_id: int
    raw_id: int
    message_id: str
    reason: str
    sender: str
    sender_folded: str
    sender_name: str
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    author_address: str = ""
    author_language: str = ""
    author_person: int | None = None
    acknowledge: bool = True
    gather_at: int | None = None
    end_days: int = 14
    held_at: int = 0
    decision: str = ""
    decision_reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class ReleasePost:
    """Fan the held post out; `trust` the sender from now on."""

    trust: bool = False


@dataclass(frozen=True, slots=True)
class PutAside:
    """Keep the discarded post in quarantine for its retention time."""


@dataclass(frozen=True, slots=True)
class AskGathered:
    """Put all gathered posts of the group to its moderators in one numbered letter."""


def _author(data: HeldPost) -> Recipient | None:
    if not data.author_address:
        return None
    return Recipient(data.author_address, data.author_language, data.author_person)  # type: ignore[arg-type]


def _values(data: HeldPost) -> Values:
    return {
        "group": data.group,
        "why": data.reason,
        "sender": data.sender,
        "sender_name": data.sender_name,
        "subject": data.subject,
        "text": data.text,
        "attachments": list(data.attachments),
        "held_at": data.held_at,
    }


def _tell_author(data: HeldPost, letter: str, **more: object) -> tuple[Tell, ...]:
    author = _author(data)
    return (Tell(author, letter, {**_values(data), **more}),) if author else ()


def _end(data: HeldPost, ctx: Context) -> SetTimer:
    return SetTimer("end", ctx.in_working_days(data.end_days))


def opened(data: HeldPost, _event: Event, ctx: Context) -> Step:
    """Ask the moderators at once, or, a stranger's whose sender nobody vouches for, gathered once a day."""
    if data.gather_at is not None:
        return Step("gathering", data, (SetTimer("gather", Instant(data.gather_at)), _end(data, ctx)))
    end = ctx.in_working_days(data.end_days)
    question = Ask("moderate", Audience(data.group_id), "moderation/question", {**_values(data), "until": end})
    told = _tell_author(data, "moderation/held", until=end) if data.acknowledge else ()
    return Step("waiting", data, (question, SetTimer("end", end), *told))


def gather(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """The daily moment: this post and all that wait like it go out in one letter."""
    return Step("waiting", data, (AskGathered(),))


def gathered(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """Taken along in the letter that another post's moment started."""
    return Step("waiting", data, (CancelTimer("gather"),))


def act(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """What the decision means."""
    said = {"by": data.decided_by, "reason": data.decision_reason}
    if data.decision in ("yes", "always"):
        trust = data.decision == "always"
        return Step("posted", data, (ReleasePost(trust), *_tell_author(data, "moderation/approved", **said), Close()))
    if data.decision == "no":
        return Step("rejected", data, (*_tell_author(data, "moderation/rejected", **said), Close()))
    return Step("discarded", data, (PutAside(), Close()))


def ended(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """Nobody answered: the author gets the post back with its text; from a stranger unwritable, it is put aside."""
    if _author(data):
        return Step("returned", data, (*_tell_author(data, "moderation/returned"), Close()))
    return Step("returned", data, (PutAside(), Close()))


def group_closed(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """The group is closed, so nobody can decide any more: the author gets the post back with its text."""
    told = _tell_author(data, "moderation/returned", closed=True)
    return Step("returned", data, (CancelTimer("act"), *(told or (PutAside(),)), Close()))


def withdrawn(data: HeldPost, _event: Event, _ctx: Context) -> Step:
    """Its author, or an operator, took it back before it was sent."""
    return Step("withdrawn", data, (CancelTimer("act"), Close()))


HELD_POST: Final = CaseKind(
    name=KIND,
    data=HeldPost,
    states=("new", "gathering", "waiting", "decided", "posted", "rejected", "discarded", "returned", "withdrawn"),
    start="new",
    final=frozenset({"posted", "rejected", "discarded", "returned", "withdrawn"}),
    transitions={
        ("new", "opened"): opened,
        ("gathering", "timer:gather"): gather,
        ("gathering", "timer:gathered"): gathered,
        ("gathering", "timer:end"): ended,
        ("waiting", "moderate:yes"): decided(act),
        ("waiting", "moderate:always"): decided(act),
        ("waiting", "moderate:no"): decided(act),
        ("waiting", "moderate:discard"): decided(act),
        ("waiting", "moderate:wait"): noted("waiting"),
        ("waiting", "timer:end"): ended,
        ("decided", "timer:act"): act,
        ("decided", "undo:undo"): undone("waiting"),
        ("gathering", "withdraw"): withdrawn,
        ("waiting", "withdraw"): withdrawn,
        ("decided", "withdraw"): withdrawn,
        ("decided", "timer:end"): act,
        ("gathering", f"timer:{GROUP_CLOSED}"): group_closed,
        ("waiting", f"timer:{GROUP_CLOSED}"): group_closed,
        ("decided", f"timer:{GROUP_CLOSED}"): group_closed,
    },
    questions={
        "moderate": QuestionKind(
            "held-post", keeps_open=frozenset({"wait"}), letter="moderation/question", values=_values
        )
    },
    effects=(ReleasePost, PutAside, AskGathered),
    letters=LETTERS,
    waits=_author,
    title=lambda data: data.subject,
)

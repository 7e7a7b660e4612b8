"""What `mailsvc explain` says of mail to a group's addresses: the facts as the handlers themselves find them."""

from __future__ import annotations

import dataclasses
from typing import assert_never

from lists import store
from lists.model import Group
from lists.posts.forwarded import inner_author
from lists.posts.posting import Posting
from lists.posts.posting_policy import Drop, Help, Hold, PostDecision, PostFacts, Send, decide
from lists.words.reading import read
from mailsvc.message.reply_text import newly_written
from mailsvc.people import store as people
from mailsvc.registry import Explainer, Incoming, Registry, Target
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Tx


class Explaining:
    """The explainers of the handlers of groups' addresses."""

    def __init__(self, registry: Registry, posting: Posting) -> None:
        self._config = registry.site.config
        self._posting = posting

    def by_handler(self) -> dict[str, Explainer]:
        """Name of a handler -> its explainer."""
        return {
            "post": self.post,
            "join": self.join,
            "leave": self.leave,
            "request": self.request,
            "owner": self.owner,
        }

    def post(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """The facts that differ from an ordinary post's, and the decision with its reason."""
        group = _group(tx, target)
        early = self._posting.not_a_post(mail, group)
        if early is not None:
            return [f"it is not a post: {early.reason}"]
        message_id = mail.message.message_id or mail.digest.hex()
        days = self._config.limits.duplicate_days
        before = inbox.seen(tx, f"post:{group.id}", message_id, mail.digest, mail.inbox_id, days)
        if before is not None and before.same:
            return [f"the same mail came before (inbox {before.inbox_id}): it is not sent again"]
        facts, _, _ = self._posting.facts(tx, mail, group, same_id=before is not None)
        return [_who(tx, mail, group), *_findings(facts), f"decision: {_decided(decide(facts))}"]

    def join(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """Who asks, and how the group takes members."""
        group = _group(tx, target)
        lines = [
            _who(tx, mail, group),
            f"the group's join is {group.join}" + ("" if group.open else f"; {group.state}"),
        ]
        inner = inner_author(mail.message)
        return [*lines, f"it forwards a mail of {inner.address}"] if inner else lines

    def leave(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """Who wants to leave, and whether by their personal key."""
        how = "by the personal key in the address" if target.argument else "by writing"
        who = [_who(tx, mail, _group(tx, target))] if target.group is not None else []
        return [*who, f"leaving {how}"]

    def request(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """The lines as commands."""
        group = _group(tx, target)
        author = mail.message.from_address
        person = people.by_address(tx, author.folded) if author else None
        body = newly_written(mail.message, self._config.reading.banners).text
        lines = [_who(tx, mail, group)]
        for one in read(mail.message.subject, body, person.language if person else group.language):
            if one.command is None:
                lines.append(f"{one.text!r}: unknown; nearest {', '.join(one.nearest) or 'nothing'}")
            else:
                lines.append(f"{one.text!r}: {one.command}{f' {one.argument!r}' if one.argument else ''}")
        return lines

    def owner(self, tx: Tx, mail: Incoming, target: Target) -> list[str]:
        """Whom it is for."""
        return [_who(tx, mail, _group(tx, target)), "mail to the group's moderators"]


def _group(tx: ReadTx, target: Target) -> Group:
    assert target.group is not None
    return store.group(tx, target.group)


def _who(tx: ReadTx, mail: Incoming, group: Group) -> str:
    author = mail.message.from_address
    if author is None:
        return f"{group.name} (post {group.post}, join {group.join}); no single author"
    person = people.by_address(tx, author.folded)
    member = store.membership(tx, group.id, person.id) if person else None
    what = f"in {group.name} as {member.role}" if member else f"not in {group.name}"
    known = "" if person else ", and not known at all"
    return f"{author} is {what}{known}; the group's post is {group.post}"


def _findings(facts: PostFacts) -> list[str]:
    ordinary = PostFacts(facts.group_post, facts.role, "normal", "", facts.d)
    return [
        f"found: {name.replace('_', ' ')}" + ("" if value is True else f" {value}")
        for name, value in dataclasses.asdict(facts).items()
        if value != getattr(ordinary, name)
    ]


def _decided(decision: PostDecision) -> str:
    match decision:
        case Send():
            return "send it to the members"
        case Hold(reason=reason):
            return f"hold it for the moderators ({reason})"
        case Drop(reason=reason):
            return f"put it in quarantine, nobody is written to ({reason})"
        case Help():
            return "show its author the right address; the members see nothing (held-command)"
    assert_never(decision)

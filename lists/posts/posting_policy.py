"""Whether a post is sent, held or dropped: one pure function from what is known to a decision with a named reason."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.errors import Reason


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What the decision rests on.

    `role` is "" for somebody who is not a member. `posting` is what moderators decided about a member (normal,
    trusted, moderated), `sender` about somebody else (trusted, moderated, banned, or ""). `d` is the evidence:
    pass, fail, weak, unknown. The rest are findings about the mail itself. In `strict` mode everything needs D pass and
    nobody between author and sender (`on_behalf`), and an announcement a signature that we verified (`signed`).
    """

    group_post: str
    role: str
    posting: str
    sender: str
    d: str
    from_ambiguous: bool = False
    automatic: bool = False
    too_big: bool = False
    too_deep: bool = False
    identity_number: bool = False
    identity_number_in_file: bool = False
    token: bool = False
    invitation: bool = False
    unreadable: bool = False
    bare_command: bool = False
    same_id: bool = False
    strict: bool = False
    on_behalf: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Fan it out."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it for the moderators; `reason` is told to them and, where allowed, to the author."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Drop:
    """Put it in quarantine; nobody is written to."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Help:
    """A bare command sent to everybody by mistake: ask its author privately."""


PostDecision = Send | Hold | Drop | Help


def decide(facts: PostFacts) -> PostDecision:
    """Design 3-mail "Posts", in the order in which reasons are named to people: the gravest first."""
    if facts.sender == "banned":
        return Drop(Reason.BANNED)
    trouble = _trouble(facts)
    if trouble is not None:
        return Hold(trouble)
    if facts.bare_command and facts.role:
        return Help()
    if facts.bare_command:
        return Hold(Reason.HELD_COMMAND)
    return _by_right(facts)


def _trouble(facts: PostFacts) -> Reason | None:
    findings = (
        (facts.from_ambiguous, Reason.HELD_FROM),
        (facts.token, Reason.HELD_TOKEN),
        (facts.d == "fail", Reason.HELD_DMARC),
        (facts.strict and facts.on_behalf, Reason.HELD_ON_BEHALF),
        (facts.strict and facts.d != "pass", Reason.HELD_UNPROVEN),
        (facts.automatic, Reason.HELD_AUTOMATIC),
        (facts.same_id, Reason.HELD_SAME_ID),
        (facts.unreadable, Reason.HELD_UNREADABLE),
        (facts.too_deep, Reason.HELD_MIME_DEPTH),
        (facts.too_big, Reason.HELD_TOO_BIG),
        (facts.invitation, Reason.HELD_INVITATION),
        (facts.identity_number, Reason.HELD_IDENTITY_NUMBER),
        (facts.identity_number_in_file, Reason.HELD_IDENTITY_NUMBER_IN_FILE),
    )
    return next((reason for found, reason in findings if found), None)


def _by_right(facts: PostFacts) -> PostDecision:
    moderator = facts.role in ("moderator", "deputy")
    if moderator:
        return _announcement(facts) if facts.group_post == "moderators" else Send()
    if facts.role:
        return _of_member(facts)
    # trust in a stranger holds only while the sender can be told from a forger (8-data)
    trusted = facts.sender == "trusted" and facts.d in ("pass", "unknown")
    if trusted and facts.group_post in ("members", "anyone", "moderated"):
        return Send()
    if facts.sender == "moderated":
        return Hold(Reason.HELD_SENDER_MODERATED)
    if facts.group_post == "anyone":
        return Send() if facts.d in ("pass", "unknown") else Hold(Reason.HELD_NOT_MEMBER)
    if facts.group_post == "moderators":
        return Hold(Reason.HELD_ANNOUNCE)
    return Hold(Reason.HELD_NOT_MEMBER)


def _of_member(facts: PostFacts) -> PostDecision:
    if facts.posting == "moderated":
        return Hold(Reason.HELD_SENDER_MODERATED)
    if facts.group_post == "moderators":
        return Hold(Reason.HELD_ANNOUNCE)
    if facts.group_post == "moderated" and facts.posting != "trusted":
        return Hold(Reason.HELD_MODERATED)
    return Send()


def _announcement(facts: PostFacts) -> PostDecision:
    """To an announce group: role + F + D pass or unknown; in strict mode signed as well."""
    if facts.strict and not facts.signed:
        return Hold(Reason.HELD_UNPROVEN)
    return Send() if facts.d in ("pass", "unknown") else Hold(Reason.HELD_ANNOUNCE)


def may_write_to_author(*, known: bool, d: str, automatic: bool, from_ambiguous: bool) -> bool:
    """No backscatter: a known author unless D is fail, a stranger only when D is pass or unknown (3-mail "Posts")."""
    if automatic or from_ambiguous:
        return False
    return d != "fail" if known else d in ("pass", "unknown")

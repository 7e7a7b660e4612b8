"""Where packages say what they bring: Protocols and lists only. Each package has `register(registry)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from mailsvc.clock import Instant
from mailsvc.errors import Reason, Refusal
from mailsvc.ids import AddressId, InboxId, OutgoingId, PersonId, RawId
from mailsvc.message.envelope import Envelope
from mailsvc.site import Site
from mailsvc.store.database import ReadTx, Tx

if TYPE_CHECKING:
    from mailsvc.cases.body import Body
    from mailsvc.cases.judge import Demand
    from mailsvc.cases.model import Audience, Case, CaseKind, Cause
    from mailsvc.cases.starting import Starter
    from mailsvc.letters.compose import Composer, LetterSpec
    from mailsvc.message.absence import Absence
    from mailsvc.message.evidence import Evidence
    from mailsvc.message.parsing import Message
    from mailsvc.people.store import Person


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """What an address means: the name of a handler, the group it belongs to, and the rest of the address."""

    handler: str
    group: int | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail for one recipient, read and ready to be handled; everything in it is fixed, so handling can repeat."""

    inbox_id: InboxId
    raw_id: RawId
    recipient: str
    envelope: Envelope
    message: Message
    evidence: Evidence
    digest: bytes
    received_at: Instant
    released: bool = False  # an operator has taken it out of quarantine by hand
    _found: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, find: Callable[[Incoming], T]) -> T:
        """What `find`, a pure function, finds in this mail; it is looked for once, however often it is asked for."""
        if find not in self._found:
            self._found[find] = find(self)
        return cast("T", self._found[find])


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a mail: a named reason, and whether it is kept in quarantine for the operator to see."""

    reason: Reason
    quarantined: bool = False


class Handler(Protocol):
    """Handles one mail in one transaction; may be run more than once."""

    def __call__(self, tx: Tx, mail: Incoming, target: Target, /) -> Handled:
        """Change state, ask for outgoing mail, say what was done."""
        ...


Reading = Callable[[Incoming], object]


@dataclass(frozen=True, slots=True)
class InThread:
    """A reading that waits for something outside of this process: it never runs where all others would wait for it."""

    read: Reading

    def __call__(self, mail: Incoming) -> object:
        """Read."""
        return self.read(mail)


class ToRead(Protocol):
    """Says what a handler will ask of any mail to a target, so that it is found out before the transaction."""

    def __call__(self, tx: ReadTx, target: Target, /) -> Reading | None:
        """What looks into a mail by `Incoming.once`; None when this handler needs nothing that takes long."""
        ...


class Brief(Protocol):
    """Says whether a handler takes a small mail to a target in milliseconds (Database.write)."""

    def __call__(self, tx: ReadTx, target: Target, /) -> bool:
        """Also asked of the database."""
        ...


class Route(Protocol):
    """Says what a local part (lower case, at one of our domains) means, or None."""

    def __call__(self, tx: ReadTx, local: str, /) -> Target | Refusal | None:
        """The target, the refusal of an address that takes no mail any more, or None when it is not this route's."""
        ...


class Explainer(Protocol):
    """Says for `mailsvc explain` what a handler sees in a mail; its transaction is always taken back."""

    def __call__(self, tx: Tx, mail: Incoming, target: Target, /) -> list[str]:
        """One line for each thing seen, the decision last."""
        ...


class Encloser(Protocol):
    """Makes a letter of its template whole: with what is read only when it is written, and with files."""

    def __call__(self, tx: ReadTx, spec: LetterSpec, composer: Composer, /) -> bytes:
        """The whole message."""
        ...


class Resolver(Protocol):
    """Who is at a step of a ladder now."""

    def __call__(self, tx: ReadTx, audience: Audience, /) -> Sequence[PersonId]:
        """The people, perhaps none."""
        ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: from inside or logged in, and in which language.

    `internal`: what is for staff may be shown, because of the network address. `person` is who has logged in, `known`
    whether they belong to the site's people (see web.visiting). `language` is what they read, "" for the site's.
    """

    internal: bool
    person: PersonId | None = None
    known: bool = False
    language: str = ""

    @property
    def staff(self) -> bool:
        """Whether pages with the audience `staff` are for them."""
        return self.internal or self.known


@dataclass(frozen=True, slots=True)
class Page:
    """What a page function gives back: a template and its values. `title_word`: its title is this sentence of ours."""

    template: str
    title: str
    values: Mapping[str, object]
    title_word: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """What a page function gives back that is no page: a document to be kept, or data for programs.

    `name` makes it a download. `embed`: pages of `[web] embed_origins` may show it.
    """

    content: bytes
    content_type: str
    name: str = ""
    embed: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A template without the frame of a page, for programs and for other sites' pages."""

    template: str
    content_type: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Feed:
    """What programs fetch again and again: `version` names its content, `changed` is when that came to be.

    `make` (pure, may take long) writes it, for those who do not have it already.
    """

    content_type: str
    version: str
    changed: Instant
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One line of commands to `N-request@`, for whoever has brought that command.

    `role` is the author's in the group, "" for somebody who is no member; `argument` stands behind the command, `below`
    is all the text of the mail after the line.
    """

    mail: Incoming
    group: int
    person: PersonId
    role: str
    argument: str
    below: str
    cause: Cause


CommandFunction = Callable[[Tx, CommandLine], Mapping[str, object]]  # what the transcript says: `did` and its values
Daily = Callable[[Tx], None]
Counter = Callable[[ReadTx, int, Instant], int]  # a group's number of something since then
MembersChanged = Callable[[Tx, int, "Cause"], None]  # a group's members are others than before
WeekFunction = Callable[[ReadTx, PersonId, Instant, Instant], Sequence[Mapping[str, object]]]
"""Somebody's between two moments: `what` (meeting, action or turn) and what `case/my-week` shows of it.

A `key` is remembered of what was told, for `choice_store.week_told`; it has no blanks.
"""
PageFunction = Callable[[ReadTx, Visitor, Mapping[str, str]], Page | None]
GroupPart = Callable[[ReadTx, Visitor, int], Mapping[str, object]]  # values of `group.html.j2`
ContentFunction = Callable[[ReadTx, Visitor, Mapping[str, str]], Page | File | Fragment | Feed | None]
KeyAction = Callable[[Tx, str], bool]


@dataclass(slots=True)
class Registry:
    """Everything that packages brought; filled once at start by the composition root."""

    site: Site
    routes: list[Route] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)
    readings: dict[str, ToRead] = field(default_factory=dict)
    brief: dict[str, Brief] = field(default_factory=dict)
    explainers: dict[str, Explainer] = field(default_factory=dict)
    kinds: dict[str, CaseKind] = field(default_factory=dict)
    demands: dict[tuple[str, str], Demand] = field(default_factory=dict)  # what strict mode asks of (case, question)
    effects: dict[type, Callable[..., None]] = field(default_factory=dict)
    resolvers: list[Resolver] = field(default_factory=list)
    commands: dict[str, CommandFunction] = field(default_factory=dict)  # by the value of lists' Command
    pages: dict[str, PageFunction] = field(default_factory=dict)
    group_parts: list[GroupPart] = field(default_factory=list)  # what other packages show on a group's page
    contents: dict[str, ContentFunction] = field(default_factory=dict)  # by path too, what may be no page
    staff: list[Callable[[ReadTx, PersonId], bool]] = field(default_factory=list)  # whether somebody is one of us
    colleagues: list[Callable[[ReadTx, int], Sequence[Person]]] = field(default_factory=list)
    key_actions: dict[str, tuple[PageFunction, KeyAction]] = field(default_factory=dict)
    letter_folders: dict[str, str] = field(default_factory=dict)
    composers: dict[str, Callable[..., bytes]] = field(default_factory=dict)
    enclosers: dict[str, Encloser] = field(default_factory=dict)  # by the letter's template
    erasers: list[Callable[[Tx, PersonId, Sequence[str]], None]] = field(default_factory=list)  # id and addresses
    own_data: list[Callable[[ReadTx, PersonId], Mapping[str, object]]] = field(default_factory=list)  # JSON by name
    retention: dict[str, Callable[[Tx, Instant, int], int]] = field(default_factory=dict)  # see records.retention
    kept_data: list[Callable[[ReadTx, PersonId, Sequence[str]], Sequence[Mapping[str, object]]]] = field(
        default_factory=list
    )  # what stays of somebody who is erased, as letters print it (records.keeping)
    alarms: list[Callable[[Tx, Reason, str], None]] = field(default_factory=list)
    old_answers: list[Callable[[Tx, Incoming, Case, PersonId], bool]] = field(default_factory=list)  # see Answering
    departed: list[Callable[[Tx, PersonId, Absence], None]] = field(default_factory=list)  # see cases.absences
    unreached: list[Callable[[Tx, Sequence[AddressId]], None]] = field(default_factory=list)  # addresses given up
    finishers: list[Callable[[Tx, OutgoingId], None]] = field(default_factory=list)
    closers: list[Callable[[Tx, Case, Cause], None]] = field(default_factory=list)  # a case has come to its end
    starters: dict[str, Starter] = field(default_factory=dict)  # what one kind of case asks another to begin
    daily: list[Daily] = field(default_factory=list)  # looked at every morning (mailsvc.daily)
    counters: dict[str, Counter] = field(default_factory=dict)  # what the yearly letter counts: `meetings`
    bodies: list[Callable[[ReadTx, int], Body | None]] = field(default_factory=list)
    week: list[WeekFunction] = field(default_factory=list)  # what stands in somebody's Monday letter (cases.my_week)
    members_changed: list[MembersChanged] = field(default_factory=list)  # somebody has joined or left (lists.arrivals)

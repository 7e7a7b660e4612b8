"""A network is proposed, prepared, decided and established; the proposer always knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.body_decision import Decidable
from mailsvc.ids import PersonId
from mailsvc.message.form_guess import PROPOSAL
from mailsvc.proposal_routes import step_of
from mailsvc.store.outgoing import Recipient

KIND: Final = "proposal"
FORM: Final = PROPOSAL
MODERATING: Final = ("moderator", "deputy")


class Nominee(msgspec.Struct, frozen=True):
    """Somebody named as moderator or deputy; `said` is yes, no, "silent", or "" while we wait."""

    role: str
    person: PersonId
    name: str = ""
    said: str = ""


class Named(msgspec.Struct, frozen=True):
    """A group as letters print it."""

    id: int
    name: str
    title: str


class Advice(msgspec.Struct, frozen=True):
    """What one person said while the matter was prepared or heard."""

    person: PersonId
    name: str
    meaning: str
    text: str = ""
    step: str = "prepare"


class Query(msgspec.Struct, frozen=True):
    """A question to the proposer, and the answer."""

    person: PersonId
    name: str
    text: str
    answer: str = ""


class Proposal(Decidable, frozen=True, kw_only=True):
    """A proposed network. `values` are the form's fields as understood, `sent` what the last form letter printed,
    and `site` the name below it.

    `proven`: the proposer's address needs no proof any more. `steps` is the route, `at` the step it is at (-1: not on
    its way yet). `approved`: a body has said yes, and that stands whatever happens to names and people.
    """

    proposer: PersonId
    proposer_name: str
    address: str
    language: str
    domain: str
    inbox_id: int
    steps: tuple[str, ...]
    values: dict[str, str] = msgspec.field(default_factory=dict)
    proven: bool = False
    which: bool = False
    kind: str = "network"
    sent: dict[str, str] = msgspec.field(default_factory=dict)
    site: str = ""
    wrong: dict[str, str] = msgspec.field(default_factory=dict)
    whole: bool = True
    why: str = ""
    why_who: str = ""
    why_text: str = ""
    until: int = 0
    free: tuple[str, ...] = ()
    similar: tuple[Named, ...] = ()
    member: bool = True
    nominees: tuple[Nominee, ...] = ()
    at: int = -1
    group: int = 0
    group_title: str = ""
    preparation: int = 0
    preparation_title: str = ""
    wished: int = 0
    choices: tuple[Named, ...] = ()
    presenter: str = ""
    advice: tuple[Advice, ...] = ()
    queries: tuple[Query, ...] = ()
    late: int = 0
    approved: bool = False
    remind_days: int = 3
    next_days: int = 3
    form_days: int = 30
    prepare_days: int = 10

    @property
    def title(self) -> str:
        """What letters call the matter."""
        return self.values.get("name", "")

    @property
    def step(self) -> tuple[str, str]:
        """The step it is at as (group, action); ("", "") before the route and after it."""
        return step_of(self.steps[self.at]) if 0 <= self.at < len(self.steps) else ("", "")

    @property
    def recipient(self) -> Recipient:
        """The proposer as letters need one."""
        return Recipient(self.address, self.language, self.proposer)

    def nominee(self, role: str) -> Nominee | None:
        """Who is named for a role."""
        return next((one for one in self.nominees if one.role == role), None)


# ---- what is looked up (see CaseKind.facts)


class Checked(msgspec.Struct, frozen=True):
    """What the values of a form meet in the database: words of ours, ids, names of groups."""

    address: str = ""  # "", word, shape, taken
    free: tuple[str, ...] = ()  # what can be appended to the address so that it is free
    similar: tuple[Named, ...] = ()
    same_title: bool = False
    moderator: int = 0
    moderator_problem: str = ""  # "", whom, ours, several
    deputy: int = 0
    deputy_problem: str = ""
    preparation: int = 0
    preparation_problem: bool = False
    preparations: tuple[Named, ...] = ()
    member: bool = True  # of an initiative: whether the organisation takes part


class Met(msgspec.Struct, frozen=True):
    """Who moderator and deputy are, when both are people we know."""

    moderator: PersonId = PersonId(0)
    deputy: PersonId = PersonId(0)


class Entering(msgspec.Struct, frozen=True):
    """What a step of the route meets: its group, who is asked, and what there is to choose."""

    group: int = 0
    title: str = ""
    people: tuple[PersonId, ...] = ()
    choices: tuple[Named, ...] = ()
    address: str = ""
    free: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    audience: tuple[PersonId, ...] = ()  # who learns of the end beside proposer and moderators


class Asked(msgspec.Struct, frozen=True):
    """Whom a reminder goes to."""

    people: tuple[PersonId, ...] = ()


# ---- effects


@dataclass(frozen=True, slots=True)
class MeetNominees:
    """Whoever was named by address becomes a person; then the case goes on with `timer:known`."""


@dataclass(frozen=True, slots=True)
class Proceed:
    """The next step of the route begins: `timer:next` at once."""


@dataclass(frozen=True, slots=True)
class Prove:
    """A person has answered a letter to their address: it is theirs."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class ForgetProposer:
    """The address was never proven: nothing is kept of it."""


@dataclass(frozen=True, slots=True)
class StartInitiative:
    """It is an initiative: a case of that kind begins with what the form says."""


@dataclass(frozen=True, slots=True)
class ToIdeas:
    """It is an idea: the mail goes to that desk."""


@dataclass(frozen=True, slots=True)
class Alert:
    """The operators have to do something: `what` is a word of ours."""

    what: str

"""An initiative is announced to everyone; with enough people counted in it starts as a network group."""

from __future__ import annotations

from typing import Final

import msgspec

from lists import api
from lists.api import Announce, CreateGroup
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import (
    Answered,
    CancelTimer,
    Case,
    CaseKind,
    Cause,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    Rule,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import CaseId, GroupId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.proposal.model import Alert, Proposal

KIND: Final = "initiative"


class Initiative(msgspec.Struct, frozen=True, kw_only=True):
    """A group around a question. `counted` are those who are in, the initiator first; `everyone` is who is asked."""

    initiator: PersonId
    initiator_name: str
    address: str
    language: str
    domain: str
    everyone: int
    values: dict[str, str] = msgspec.field(default_factory=dict)
    counted: tuple[PersonId, ...] = ()
    threshold: int = 5
    days: int = 30
    until: int = 0
    suffix: str = ""

    @property
    def recipient(self) -> Recipient:
        """The initiator as letters need one."""
        return Recipient(self.address, self.language, self.initiator)


class Free(msgspec.Struct, frozen=True):
    """Whether the group's address is still free, and what makes it so."""

    suffix: str = ""
    gone: tuple[PersonId, ...] = ()


def everyone(tx: ReadTx) -> int:
    """The group that initiatives are announced to; 0 where the site has none."""
    return next((int(one.id) for one in api.open_groups(tx, "everyone")), 0)


def open_initiative(tx: Tx, engine: Engine, data: Proposal, cause: Cause) -> CaseId:
    """Begin with what a form says."""
    settings = engine.site.config.proposals
    initiative = Initiative(
        initiator=data.proposer,
        initiator_name=data.proposer_name,
        address=data.address,
        language=data.language,
        domain=data.domain,
        everyone=everyone(tx),
        values=data.values,
        counted=(data.proposer,),
        threshold=settings.threshold,
        days=settings.initiative_days,
    )
    again = Cause(f"{cause.key}/initiative", cause.inbox_id, cause.actor, cause.evidence)
    return engine.open(tx, KIND, initiative, again, subject=_folded(data.address), started_by=data.proposer)


def _folded(address: str) -> str:
    parsed = parse_address(address)
    return parsed.folded if parsed is not None else ""


def about(data: Initiative) -> Values:
    """What letters say of it."""
    return {
        "about": data.values.get("name", ""),
        "name": data.values.get("name", ""),
        "who": data.initiator_name or data.address,
        "address": f"{_local(data)}@{data.domain}",
        "join": f"{_local(data)}-join@{data.domain}",
        "motivation": data.values.get("motivation", ""),
        "work_questions": data.values.get("work_questions", ""),
        "counted": len(data.counted),
        "threshold": data.threshold,
        "until": data.until,
        "cases": f"cases@{data.domain}",
    }


def _local(data: Initiative) -> str:
    return f"{data.values.get('address', '')}{data.suffix}"


def opened(data: Initiative, _event: Event, ctx: Context) -> Step:
    """Announced to everyone; without such a group the operators are told, and the day decides."""
    end = Instant(ctx.now + data.days * DAY)
    data = msgspec.structs.replace(data, until=end)
    own = (data.initiator,)  # has the receipt
    call = (
        Announce(data.everyone, "proposal/call", about(data), but=own) if data.everyone else Alert("no-group everyone")
    )
    return Step("open", data, (call, Tell(data.recipient, "proposal/called", about(data)), SetTimer("end", end)))


def counted_in(data: Initiative, event: Answered, _ctx: Context) -> Step:
    """One more; with enough it starts at once."""
    counted = tuple(dict.fromkeys((*data.counted, event.voter)))
    data = msgspec.structs.replace(data, counted=counted)
    if len(counted) < data.threshold:
        return Step("open", data)
    free = msgspec.json.decode(event.facts or "{}", type=Free)
    data = msgspec.structs.replace(
        data, suffix=free.suffix, counted=tuple(one for one in counted if one not in free.gone)
    )
    create = CreateGroup(
        name=_local(data),
        kind="circle",
        title=data.values.get("name", ""),
        language=data.language,
        moderator=data.initiator,
        members=tuple(one for one in data.counted if one != data.initiator),
        entry={"purpose": data.values.get("motivation", ""), "work_questions": data.values.get("work_questions", "")},
    )
    call = Announce(data.everyone, "proposal/started", about(data), but=data.counted)  # they are members already
    told = (call,) if data.everyone else ()
    return Step("started", data, (create, *told, CancelTimer("end"), Close()))


def too_few(data: Initiative, _event: Event, _ctx: Context) -> Step:
    """The day has come and too few are in: the initiator and those who were in are told."""
    others = (Tell(one, "proposal/too-few", about(data)) for one in data.counted if one != data.initiator)
    own = Tell(data.recipient, "proposal/too-few", {**about(data), "own": True})
    return Step("closed", data, (own, *others, Close()))


def withdrawn(data: Initiative, _event: Event, _ctx: Context) -> Step:
    """The initiator, or an operator, takes it back: those who were in are told."""
    others = (Tell(one, "proposal/withdrawn", about(data)) for one in data.counted if one != data.initiator)
    return Step("withdrawn", data, (*others, Close()))


def open_to(tx: ReadTx, case: Case, person: PersonId) -> str:
    """Whoever is in the group that was asked may be counted in."""
    assert isinstance(case.data, Initiative)
    member = api.membership(tx, GroupId(case.data.everyone), person) if case.data.everyone else None
    return "count" if member is not None and member.active else ""


def free_name(tx: ReadTx, data: Initiative, event: Event) -> Free:
    """An ending that makes the address free, and who has been erased meanwhile."""
    taken = api.names(tx)
    wanted = data.values.get("address", "")
    endings = ("", *(f"-{number}" for number in range(2, 100)))
    suffix = next((one for one in endings if api.name_problem(f"{wanted}{one}", taken) is None), "")
    asked = (*data.counted, event.voter) if isinstance(event, Answered) else data.counted
    return Free(suffix, tuple(one for one in asked if not people.addresses(tx, one)))


INITIATIVE: Final = CaseKind(
    name=KIND,
    data=Initiative,
    states=("new", "open", "started", "closed", "withdrawn"),
    start="new",
    final=frozenset({"started", "closed", "withdrawn"}),
    transitions={
        ("new", "opened"): opened,
        ("open", "count:count-me-in"): counted_in,
        ("open", "timer:end"): too_few,
        ("open", "withdraw"): withdrawn,
    },
    questions={"count": QuestionKind("initiative", Rule.COLLECT, letter="proposal/call", values=about)},
    effects=(Announce, CreateGroup, Alert),
    letters=("proposal/call", "proposal/called", "proposal/started", "proposal/too-few", "proposal/withdrawn"),
    waits=lambda data: data.recipient,
    title=lambda data: data.values.get("name", ""),
    facts={"count:count-me-in": free_name},
    open_to=open_to,
    examples=Examples(
        data={
            "threshold": [1, 2],
            "everyone": [0, 1],
            "values": [{"name": "School yards", "address": "school-yards", "motivation": "Many ask."}],
            "counted": [(PersonId(2),)],
            "language": ["en"],
        }
    ),
    recorded=True,
)

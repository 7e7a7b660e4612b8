"""The handler of `N-request@`: each command line is done or explained, and one transcript goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lists import store
from lists.desks import standing_in
from lists.desks.case_status import described
from lists.groups.parties import JOINT
from lists.members import fresh_login
from lists.members.joining import Asked, Joining
from lists.members.roster_change import KIND as ROSTER
from lists.members.roster_change import RosterChange
from lists.model import Group, Membership
from lists.posts.forwarded import mailbox
from lists.posts.moderation import Moderation
from lists.values import group_values
from lists.words.commands import WITH_TEXT, WITH_VALUE, Command, language_named, printed
from lists.words.reading import Line, read
from mailsvc import arriving
from mailsvc.cases import question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.model import LADDER, Applied, Audience, Case, Cause, Withdrawn
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, PersonId
from mailsvc.message.address import Address
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.people import store as people
from mailsvc.people.naming import cleaned_name
from mailsvc.people.store import Person
from mailsvc.registry import CommandLine, Handled, Incoming, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

STRANGERS_MAY: Final = frozenset({Command.JOIN, Command.HELP, Command.INFO, Command.STATUS, Command.WITHDRAW})
ALWAYS: Final = frozenset({Command.LEAVE, Command.HELP})  # also when strict mode misses proof
LONGEST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Request:
    """One mail of commands, and who wrote it."""

    mail: Incoming
    group: Group
    author: Address
    person: Person | None
    member: Membership | None
    cause: Cause
    body: str

    @property
    def moderates(self) -> bool:
        """Whether the author may use the moderators' commands."""
        return self.member is not None and self.member.moderates


@dataclass(slots=True)
class Roster:
    """Addresses gathered over the lines of one mail, asked about in one letter."""

    add: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of those added, where they were typed
    remove: list[str] = field(default_factory=list)
    posting: list[tuple[str, str]] = field(default_factory=list)
    entry: list[tuple[str, str, str]] = field(default_factory=list)  # key, value, value before: see entry_commands


Result = Values
AskEntry = Callable[[Tx, "Request", Sequence[tuple[str, str, str]], Sequence[PersonId], str], None]


class Requests:
    """Commands by mail."""

    def __init__(self, registry: Registry, engine: Engine, joining: Joining, moderation: Moderation) -> None:
        self._registry = registry
        self._engine = engine
        self._joining = joining
        self._moderation = moderation
        self._config = registry.site.config
        self._ask_entry: AskEntry | None = None
        self._does: dict[Command, Callable[[Tx, Request, str, Roster], Result]] = {
            Command.JOIN: self._join,
            Command.LEAVE: self._leave,
            Command.LANGUAGE: self._language,
            Command.WHO: self._who,
            Command.INFO: self._info,
            Command.STATUS: self._status,
            Command.HELP: self._help,
            Command.PENDING: self._pending,
            Command.ADD: self._add,
            Command.REMOVE: self._remove,
            Command.WITHDRAW: self._withdraw,
            Command.TRUST: partial(self._posting, "trusted"),
            Command.MODERATE: partial(self._posting, "moderated"),
            Command.BAN: partial(self._posting, "banned"),
        }

    def also(self, more: Mapping[Command, Callable[[Tx, Request, str, Roster], Result]]) -> None:
        """Commands that other modules of this package bring."""
        self._does |= more

    def about_entries(self, ask: AskEntry) -> None:
        """Who asks about changes of an entry that were gathered over the lines of one mail."""
        self._ask_entry = ask

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = store.group(tx, target.group)
        refused = arriving.unwritten(self._registry, mail)
        if refused is not None:
            return refused
        author = arriving.author_of(mail)
        person = people.by_address(tx, author.folded)
        if not arriving.vouched_for(tx, mail):
            return self._join_at_most(tx, mail, group, author)
        if not arriving.may_write(tx, self._registry, mail):
            return Handled(Reason.LIMIT, quarantined=True)
        member = store.membership(tx, group.id, person.id) if person else None
        if member is not None and not member.active:  # a place on the waiting list gives no rights yet
            member = None
        body = newly_written(mail.message, self._config.reading.banners).text
        cause = arriving.cause_of(mail, person.id if person else None)
        request = Request(mail, group, author, person, member, cause, body)
        done = self._do_all(tx, request)
        return Handled(Reason.COMMANDS_DONE if done else Reason.NO_COMMAND)

    def _join_at_most(self, tx: Tx, mail: Incoming, group: Group, author: Address) -> Handled:
        """A stranger whom nobody vouches for: `join` brings the one letter that `N-join@` would, all else nothing."""
        body = newly_written(mail.message, self._config.reading.banners).text
        wanted = any(line.command is Command.JOIN for line in read(mail.message.subject, body, group.language))
        strict = lacking(mail.evidence, strict=self._config.security.strict) is not None
        if not wanted or strict or self._joining.ask_to_join(tx, mail, group, author, "") is not Asked.ASKED:
            return Handled(Reason.LIMIT, quarantined=True)
        return Handled(Reason.JOIN_ASKED)

    def _do_all(self, tx: Tx, request: Request) -> bool:
        language = self._language_of(request)
        lines = read(request.mail.message.subject, request.body, language)
        roster = Roster()
        results: list[Result] = []
        for line in lines:
            results.append({"line": line.text, **self._do(tx, request, line, roster)})
        if roster.add or roster.remove or roster.posting:
            self._ask_roster(tx, request, roster, results)
        if roster.entry and (seconds := self._seconds(tx, request, results)) is not None and self._ask_entry:
            self._ask_entry(tx, request, roster.entry, seconds, self._login)
        if not results:
            results.append({"line": "", **self._help(tx, request, "", roster), "did": "nothing"})
        only_join = all(one["did"] in ("join-asked", "joined", "join-waiting") for one in results)
        if not only_join or request.person is not None:
            self._transcript(tx, request, results, language)
        return any(line.command for line in lines)

    def _ask_roster(self, tx: Tx, request: Request, roster: Roster, results: list[Result]) -> None:
        """One letter about all changes; in strict mode somebody else agrees after it, or they log in just before."""
        assert request.person is not None
        seconds = self._seconds(tx, request, results)
        if seconds is None:
            return
        data = RosterChange(
            group_id=request.group.id,
            group=group_values(request.group, self._config),
            by=request.person.id,
            add=tuple(dict.fromkeys(roster.add)),
            remove=tuple(dict.fromkeys(roster.remove)),
            posting=tuple(dict(roster.posting).items()),
            two=self._config.security.strict,
            seconds=seconds,
            login=self._login,
            names=tuple(roster.names.items()),
        )
        self._engine.open(tx, ROSTER, data, request.cause, group=request.group.id, started_by=request.person.id)

    @property
    def _login(self) -> str:
        """The page where a login stands for a second person; "" in default mode, which wants none."""
        return fresh_login.page(self._config) if self._config.security.strict else ""

    def _seconds(self, tx: ReadTx, request: Request, results: list[Result]) -> tuple[PersonId, ...] | None:
        """Who may agree besides the author, as the transcript says too; None where nothing can stand for a second."""
        if not self._config.security.strict:
            return ()
        assert request.person is not None
        seconds = self._others(tx, request.group, request.person.id)
        said = "two-asked" if seconds else "login-asked" if self._login else "no-second"
        results[:] = [{**one, "did": said} if one["did"] == "change-asked" else one for one in results]
        return seconds if said != "no-second" else None

    def _others(self, tx: ReadTx, group: Group, but: PersonId) -> tuple[PersonId, ...]:
        """Who may agree to somebody's change: the first step of the group's ladder where there is anybody else."""
        for step in LADDER:
            found = tuple(one for one in self._engine.resolve(tx, Audience(group.id, step)) if one != but)
            if found:
                return found
        return ()

    def _language_of(self, request: Request) -> str:
        return request.person.language if request.person else request.group.language

    def _do(self, tx: Tx, request: Request, line: Line, roster: Roster) -> Result:
        lacks = lacking(request.mail.evidence, strict=self._config.security.strict)
        if lacks is not None and line.command not in ALWAYS:
            return {"did": str(lacks)}
        if line.command is None and request.member is not None:
            done = standing_in.command(tx, self._engine, request.member, line.text, self._language_of(request))
            if done is not None:
                return done
        if line.command is None:
            return {"did": "unknown", "nearest": list(line.nearest)}
        if request.person is None and line.command not in STRANGERS_MAY:
            return {"did": "stranger"}
        brought = self._registry.commands.get(str(line.command))
        if brought is not None and request.person is not None:
            return brought(tx, _for_others(request, request.person, line))
        return self._does[line.command](tx, request, line.argument, roster)

    def _transcript(self, tx: Tx, request: Request, results: list[Result], language: str) -> None:
        person = request.person
        to = (
            Recipient(person.address, person.language, person.id)
            if person
            else Recipient(str(request.author), language)
        )
        if person is not None:  # `language` may just have changed
            to = Recipient(to.address, people.by_id(tx, person.id).language, person.id)
        values: Values = {"group": group_values(request.group, self._config), "results": results}
        outgoing.letter(
            tx,
            self._registry.site,
            to,
            "command/transcript",
            values,
            cause=request.mail.inbox_id,
            group_id=request.group.id,
        )

    # ---- the commands

    def _join(self, tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        asked = self._joining.ask_to_join(tx, request.mail, request.group, request.author, "")
        return {
            "did": {
                Asked.ALREADY: "already-member",
                Asked.CLOSED: "closed",
                Asked.NOT_ALLOWED: "not-allowed",
                Asked.WAITING: "join-waiting",
                Asked.LIMIT: "limit",
                Asked.JOINED: "joined",
            }.get(asked, "join-asked")
        }

    def _leave(self, tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        assert request.person is not None
        asked = self._joining.ask_to_leave(tx, request.group, request.person, request.cause)
        return {"did": "not-member" if asked is Asked.NOT_MEMBER else "leave-asked"}

    def _language(self, tx: Tx, request: Request, argument: str, _roster: Roster) -> Result:
        assert request.person is not None
        language = language_named(argument)
        if language is None:
            return {"did": "no-such-language"}
        people.set_language(tx, request.person.id, language)
        return {"did": "language"}

    def _who(self, tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        if request.member is None:
            return {"did": "members-only"}
        shown = [
            {"name": one.name, "address": one.address, "role": one.role}
            for one in store.members(tx, request.group.id)
            if one.active and (not one.hidden or request.moderates)
        ]
        return {"did": "who", "members": shown}

    def _info(self, tx: ReadTx, request: Request, _argument: str, _roster: Roster) -> Result:
        group = request.group
        if group.settings.party_of and request.member is None:  # a party is nobody's to know but its members'
            return {"did": "members-only"}
        moderators = [
            one.name or one.address for one in store.members(tx, group.id) if one.moderates and not one.hidden
        ]
        return {
            "did": "info",
            "join": group.join,
            "post": group.post,
            "moderators": moderators if request.person else [],
            "delivery": request.member.delivery if request.member else "",
        }

    def _status(self, tx: ReadTx, request: Request, argument: str, _roster: Roster) -> Result:
        case = self._case(tx, argument)
        if case is None or not self._may_see(tx, request, case):
            return {"did": "no-such-case"}
        return described(tx, self._engine, case, decides=self._decides(tx, request, case))

    def _withdraw(self, tx: Tx, request: Request, argument: str, _roster: Roster) -> Result:
        """Whoever started a matter takes it back, while that still changes anything."""
        case = self._case(tx, argument)
        person = request.person
        mine = case is not None and (
            case.subject == request.author.folded or (person is not None and case.started_by == person.id)
        )
        if case is None or not mine:
            return {"did": "no-such-case"}
        result = self._engine.apply(tx, case.id, Withdrawn(person.id if person else None), request.cause)
        done = "withdrawn" if isinstance(result, Applied) else "too-late"
        return {"did": done, "number": int(case.id), "about": self._engine.title(case)}

    def _case(self, tx: ReadTx, argument: str) -> Case | None:
        digits = argument.strip().lstrip("#")
        if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
            return None
        return cases.load(tx, self._registry.kinds, CaseId(int(digits)))

    def _posting(self, word: str, tx: ReadTx, request: Request, argument: str, roster: Roster) -> Result:
        """`trust`, `moderate`, `ban`: how posts of an address are treated, member or not."""
        if not request.moderates:
            return {"did": "moderators-only"}
        address = _address_in(argument)
        if address is None:
            return {"did": "no-address"}
        person = people.by_address(tx, address.folded)
        if word == "banned" and person is not None and store.membership(tx, request.group.id, person.id):
            return {"did": "is-member", "address": str(address)}
        roster.posting.append((str(address), word))
        return {"did": "change-asked", "address": str(address)}

    def _may_see(self, tx: ReadTx, request: Request, case: Case) -> bool:
        person = request.person
        if person is None:
            return case.subject == request.author.folded
        started = case.started_by == person.id or case.subject == request.author.folded
        return started or self._decides(tx, request, case)

    def _decides(self, tx: ReadTx, request: Request, case: Case) -> bool:
        """Whether the author was asked in a matter, or moderates its group."""
        person = request.person
        if person is None:
            return False
        asked = any(
            question.person_id == person.id and question.kind != UNDO
            for question in question_store.questions_of(tx, case.id)
        )
        return asked or (case.group == request.group.id and request.moderates)

    def _help(self, _tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        language = request.person.language if request.person else request.group.language
        moderators = {
            Command.PENDING,
            Command.ADD,
            Command.REMOVE,
            Command.TRUST,
            Command.MODERATE,
            Command.BAN,
            Command.DNR,
            Command.NOMINATE,
            *WITH_VALUE,
            Command.WIND_DOWN,
        }
        served = [one for one in Command if one in self._does or str(one) in self._registry.commands]
        words = {one.value: printed(one, language) for one in served if request.moderates or one not in moderators}
        return {"did": "help", "words": words, "joint": request.group.kind == JOINT}

    def _pending(self, tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        if not request.moderates:
            return {"did": "moderators-only"}
        assert request.person is not None
        count = self._moderation.send_list(tx, request.group, request.person.id, request.cause)
        return {"did": "pending", "count": count}

    def _add(self, tx: Tx, request: Request, argument: str, roster: Roster) -> Result:
        if not request.moderates:
            return {"did": "moderators-only"}
        found = mailbox(argument)
        if found is None:
            return {"did": "no-address"}
        address = found.address
        if address.ascii_domain in self._config.domains:
            return {"did": "own-address"}
        person = people.by_address(tx, address.folded)
        if person is not None and store.membership(tx, request.group.id, person.id):
            return {"did": "is-member", "address": str(address)}
        roster.add.append(str(address))
        if found.name:
            roster.names[str(address)] = cleaned_name(found.name)
        return {"did": "change-asked", "address": str(address)}

    def _remove(self, tx: Tx, request: Request, argument: str, roster: Roster) -> Result:
        if not request.moderates:
            return {"did": "moderators-only"}
        address = _address_in(argument)
        person = people.by_address(tx, address.folded) if address else None
        if address is None:
            return {"did": "no-address"}
        if person is None or store.membership(tx, request.group.id, person.id) is None:
            return {"did": "no-member", "address": str(address)}
        roster.remove.append(str(address))
        return {"did": "change-asked", "address": str(address)}


def _for_others(request: Request, person: Person, line: Line) -> CommandLine:
    """A line as functions of other packages get it."""
    _, found, below = request.body.partition(line.text)
    if not found and line.command in WITH_TEXT:  # the command is the subject
        below = request.body
    role = request.member.role if request.member else ""
    return CommandLine(request.mail, request.group.id, person.id, role, line.argument, below.strip(), request.cause)


def _address_in(argument: str) -> Address | None:
    """The address that a moderator typed, with or without a name around it."""
    found = mailbox(argument)
    return found.address if found else None

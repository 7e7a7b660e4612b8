"""The commands `mailsvc case …`: matters that wait for people's answers, and their logs; never a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click
import msgspec

from mailsvc.cases import question_store, store
from mailsvc.cases.model import CaseKind
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.ids import CaseId, PersonId
from mailsvc.message.address import fold
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import (
    facts,
    iso,
    json_option,
    load_config,
    local,
    printable,
    show_json,
    table,
    without_tokens,
)
from mailsvc.people import store as people
from mailsvc.records import chain_store, record_number
from mailsvc.store import overview
from mailsvc.store.database import ReadTx, Row

Kinds = Mapping[str, CaseKind]


class Number(click.ParamType[CaseId]):
    """The number of a case, with or without `#`."""

    name = "N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> CaseId:
        """`142` or `#142`."""
        digits = str(value).removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16):  # fits an integer of SQLite
            self.fail(f'"{value}" is not the number of a case', param, ctx)
        return CaseId(int(digits))


@click.group(cls=cli_tools.Group)
def case() -> None:
    """Held posts, requests to join, all that waits for an answer."""


@case.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that wait.")
@json_option
def case_list(only_open: bool, as_json: bool) -> None:
    """List the cases."""
    config = load_config()
    rows = cli_tools.read(config, lambda tx: store.listed(tx, only_open=only_open))
    _show_list(rows, config, as_json=as_json)


@case.command("find")
@click.argument("address")
@json_option
def case_find(address: str, as_json: bool) -> None:
    """Find the cases that a person started, was asked in, or is the subject of."""
    config = load_config()
    folded = fold(address.strip())
    if folded is None:
        raise CommandError(f'"{address}" is not a mail address')

    def unit(tx: ReadTx) -> list[Row]:
        person = people.by_address(tx, folded)
        # A stranger has no number, but may be what a case is about.
        return store.of_person(tx, person.id if person else PersonId(-1), folded)

    _show_list(cli_tools.read(config, unit), config, as_json=as_json)


def _show_list(rows: Sequence[Row], config: Config, *, as_json: bool) -> None:
    kinds = cli_tools.registry(config).kinds
    if as_json:
        show_json([_values(row, kinds) for row in rows])
        return
    table(
        ("case", "kind", "state", "group", "about", "opened", "closed"),
        [
            (
                f"#{row['id']}",
                row["kind"],
                row["state"],
                row["group_name"],
                _title(row, kinds)[:60],
                local(row["opened_at"], config),
                local(row["closed_at"], config),
            )
            for row in rows
        ],
    )


def _values(row: Row, kinds: Kinds) -> dict[str, object]:
    return {
        "number": row["id"],
        "kind": row["kind"],
        "state": row["state"],
        "open": row["closed_at"] is None,
        "group": row["group_name"],
        "title": _title(row, kinds),
        "opened_at": iso(row["opened_at"]),
        "closed_at": iso(row["closed_at"]),
    }


def _title(row: Row, kinds: Kinds) -> str:
    kind = kinds.get(row["kind"])
    if kind is None:  # of a package that this program does not bring
        return ""
    return without_tokens(kind.title(msgspec.json.decode(row["data"], type=kind.data)))


# ---- one case: the fields are the keys of its JSON


class AskedPerson(msgspec.Struct, frozen=True):
    """A question to one person and what came of it."""

    person: str | None
    question: str
    state: str
    answer: str
    answered_at: str | None


class Timer(msgspec.Struct, frozen=True):
    """A moment that the case waits for."""

    name: str
    at: str | None


class LogLine(msgspec.Struct, frozen=True):
    """One line of the log: `event` led to `state`; `mail` is the number in the inbox."""

    line: int
    at: str | None
    event: str
    state: str
    who: str | None
    mail: int | None
    evidence: dict[str, object]
    text: str | None


class Whole(msgspec.Struct, frozen=True):
    """A case and all that belongs to it; `log_broken_at` is the first line that does not fit its chain."""

    number: int
    kind: str
    state: str
    open: bool
    record_number: str
    group: str | None
    title: str
    started_by: str | None
    opened_at: str | None
    closed_at: str | None
    questions: list[AskedPerson]
    timers: list[Timer]
    log: list[LogLine]
    log_broken_at: int | None


@case.command("show")
@click.argument("number", metavar="N", type=Number())
@json_option
def case_show(number: CaseId, as_json: bool) -> None:
    """Show a case with its log: when, who, what, on what evidence, and what was written."""
    config = load_config()
    kinds = cli_tools.registry(config).kinds
    shown = cli_tools.read(config, lambda tx: _whole(tx, number, kinds))
    if as_json:
        show_json(msgspec.to_builtins(shown))
    else:
        _print(shown)


@case.command("withdraw")
@click.argument("number", metavar="N", type=Number())
def case_withdraw(number: CaseId) -> None:
    """Take a case back for its starter: nothing more comes of it, and its questions are closed.

    Who waits for it is told. What was decided already, or sent, is not undone.
    """
    from mailsvc.cases.engine import Engine  # all that moves cases; other commands start faster without it
    from mailsvc.cases.withdrawing import withdraw

    config = load_config()
    engine = Engine(cli_tools.registry(config))
    state, told = cli_tools.write(config, lambda tx: withdraw(tx, engine, number))
    who = f"{len(told)} people are" if len(told) > 1 else f"{told[0] if told else 'nobody'} is"
    click.echo(f"Case #{number} is {state}; {who} told.")


@case.command("set", context_settings=cli_tools.FREE_VALUE)
@click.argument("number", metavar="N", type=Number())
@click.argument("key", metavar="KEY", type=click.Choice(("dnr",)))
@click.argument("value")
def case_set(number: CaseId, key: str, value: str) -> None:
    """Give a case its number in the organisation's register: KEY is dnr; an empty VALUE takes it away."""
    config = load_config()
    said = cli_tools.write(config, lambda tx: record_number.by_operator(tx, number, value))
    click.echo(f"Case #{number} has the {key} {said} now." if said else f"Case #{number} has no {key} now.")


def _whole(tx: ReadTx, number: CaseId, kinds: Kinds) -> Whole:
    row = overview.case(tx, number)
    if row is None:
        raise CommandError(f"there is no case #{number}")
    return Whole(
        number=row["id"],
        kind=row["kind"],
        state=row["state"],
        open=row["closed_at"] is None,
        record_number=row["record_number"],
        group=row["group_name"],
        title=_title(row, kinds),
        started_by=_who(tx, row["started_by"]),
        opened_at=iso(row["opened_at"]),
        closed_at=iso(row["closed_at"]),
        questions=[
            AskedPerson(_who(tx, one.person_id), one.kind, one.state, one.answer, iso(one.answered_at))
            for one in question_store.questions_of(tx, number)
        ],
        timers=[Timer(one["name"], iso(one["due_at"])) for one in overview.timers(tx, number)],
        log=[_line(tx, event) for event in store.events(tx, number)],
        log_broken_at=chain_store.broken_at(tx, number),
    )


def _line(tx: ReadTx, event: Row) -> LogLine:
    return LogLine(
        event["seq"],
        iso(event["at"]),
        event["kind"],
        event["state"],
        _who(tx, event["actor_id"]),
        event["inbox_id"],
        msgspec.json.decode(event["evidence"], type=dict[str, object]),
        without_tokens(event["text"]) if event["text"] else None,
    )


def _who(tx: ReadTx, person: int | None) -> str | None:
    if person is None:
        return None
    try:
        return people.by_id(tx, PersonId(person)).address
    except LookupError:
        return f"person {person} (erased)"


def _print(shown: Whole) -> None:
    facts(
        [
            ("case", f"#{shown.number} {shown.title}"),
            ("record number", shown.record_number),
            ("kind", shown.kind),
            ("state", shown.state),
            ("group", shown.group),
            ("started by", shown.started_by),
            ("opened", shown.opened_at),
            ("closed", shown.closed_at),
            *((f"timer {one.name}", one.at) for one in shown.timers),
        ]
    )
    if shown.questions:
        click.echo("\nquestions")
        table(
            ("asked", "question", "state", "answer", "at"),
            [(one.person, one.question, one.state, one.answer, one.answered_at) for one in shown.questions],
        )
    click.echo("\nlog")
    table(
        ("at", "who", "what", "state", "evidence", "mail"),
        [
            (one.at, one.who or "the service", one.event, one.state, _evidence(one.evidence), one.mail)
            for one in shown.log
        ],
    )
    for one in shown.log:
        if one.text:
            click.echo(f"\nwritten at {one.at} by {one.who or 'the service'}:")
            click.echo("\n".join(f"    {line}" for line in printable(one.text).splitlines()))
    if shown.log_broken_at is not None:
        click.echo(f"\nThe log was changed: line {shown.log_broken_at} does not fit its chain.")
    else:
        many = "its only line fits" if len(shown.log) == 1 else f"its {len(shown.log)} lines fit"
        click.echo(f"\nThe log is whole: {many} the chain.")


def _evidence(evidence: dict[str, object]) -> str:
    return f"{evidence['d']} ({evidence.get('detail', '')})" if "d" in evidence else ""

"""The commands `mailsvc records …`: what came in, was decided and exported, and what must not be removed."""

from __future__ import annotations

import shutil
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from mailsvc.clock import to_instant
from mailsvc.errors import CommandError
from mailsvc.ids import CaseId
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_case import Number
from mailsvc.operating.cli_tools import iso, json_option, load_config, show_json, table
from mailsvc.records import store
from mailsvc.store import overview
from mailsvc.store.database import ReadTx, Row, Tx

if TYPE_CHECKING:
    from mailsvc.message.attach import Attached


@click.group(cls=cli_tools.Group)
def records() -> None:
    """Public records: one day's list, files of matters, holds."""


class Day(click.ParamType[date]):
    """A day as `2026-11-23`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; one whose midnights can be told in every time zone."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f'"{value}" is not a day such as 2026-11-23', param, ctx)
        if not MINYEAR < day.year < MAXYEAR:
            self.fail(f"{day} is no day on which there was mail", param, ctx)
        return day


@records.command("list")
@click.option("--day", type=Day(), required=True, help="Of which day, in the site's time zone.")
@json_option
def records_list(day: date, as_json: bool) -> None:
    """List what came in, was decided, went to the records and was removed on one day, and what is held now.

    \b
    Example:
      mailsvc records list --day 2026-11-23
    """
    config = load_config()
    zone = ZoneInfo(config.site.timezone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    since, until = to_instant(midnight), to_instant(midnight + timedelta(days=1))

    def unit(tx: ReadTx) -> dict[str, list[dict[str, object]]]:
        return {
            "came_in": [_mail(row) for row in store.came_in(tx, since, until)],
            "decided": [_case(row) for row in store.decided(tx, since, until)],
            "exported": [_export(row) for row in store.exports(tx, since, until)],
            "removed": [_removed(row) for row in store.disposed(tx, since, until)],
            "held": [_held(row) for row in store.holds(tx)],
        }

    found = cli_tools.read(config, unit)
    if as_json:
        show_json(found)
        return
    for title, rows in found.items():
        click.echo(f"{title.replace('_', ' ')}: {len(rows)}")
        if rows:
            table(tuple(rows[0]), [tuple(row.values()) for row in rows])
        click.echo()


def _mail(row: Row) -> dict[str, object]:
    return {
        "at": iso(row["at"]),
        "mail": row["id"],
        "from": row["reverse_path"],
        "to": cli_tools.without_tokens(row["recipient"]),
        "state": row["state"],
        "reason": row["reason"],
        "case": row["case_id"],
    }


def _case(row: Row) -> dict[str, object]:
    return {
        "at": iso(row["closed_at"]),
        "case": row["id"],
        "record_number": row["record_number"],
        "kind": row["kind"],
        "state": row["state"],
        "group": row["group_name"],
    }


def _export(row: Row) -> dict[str, object]:
    return {
        "at": iso(row["at"]),
        "case": row["case_id"],
        "record_number": row["record_number"],
        "to": row["address"],
        "state": row["state"],
    }


def _removed(row: Row) -> dict[str, object]:
    return {"at": iso(row["at"]), "case": row["case_id"], "class": row["class"], "decision": row["decision"]}


def _held(row: Row) -> dict[str, object]:
    return {
        "since": iso(row["at"]),
        "case": row["case_id"],
        "record_number": row["record_number"],
        "reason": row["reason"],
    }


@records.command("export")
@click.argument("number", metavar="N", type=Number())
@click.argument("folder", metavar="DIR", type=cli_tools.file_type)
def records_export(number: CaseId, folder: Path) -> None:
    """Write the file of a case into the folder case-N in DIR: what happened, the mails, their checksums."""
    from mailsvc.letters.compose import Composer  # all that writes letters; other commands start faster without it
    from mailsvc.records import casefile

    config = load_config()
    registry = cli_tools.registry(config)
    composer = Composer(registry.site, registry.letter_folders)
    enclosed = cli_tools.read(config, lambda tx: casefile.files(tx, registry, composer, number, None)[1])
    made = folder / f"case-{number}"
    write_files(made, enclosed)
    click.echo(f"{len(enclosed)} files written to {made}.")


def write_files(folder: Path, enclosed: list[Attached]) -> None:
    """Write files into a new folder, all or none; CommandError when it is there or cannot be written."""
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise CommandError(f"{folder} exists already; nothing was written") from None
    except OSError as error:
        raise CommandError(f"cannot write {error.filename or folder}: {error.strerror or error}") from error
    try:
        for one in enclosed:
            (folder / one.name).write_bytes(one.content)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        why = error.strerror or error
        raise CommandError(f"cannot write {error.filename or folder}: {why}; nothing was written") from error


@records.command("hold")
@click.argument("number", metavar="N", type=Number())
@click.option("--reason", default="", help="Why, for those who come after.")
def records_hold(number: CaseId, reason: str) -> None:
    """Let nothing of a case be removed, whatever its class or whoever asks."""

    def unit(tx: Tx) -> bool:
        _there(tx, number)
        return store.hold(tx, number, reason)

    done = cli_tools.write(load_config(), unit)
    click.echo(f"Nothing of #{number} is removed{' from now on' if done else '; that was so already'}.")


@records.command("release")
@click.argument("number", metavar="N", type=Number())
def records_release(number: CaseId) -> None:
    """End the hold of a case: its class says again how long it is kept."""

    def unit(tx: Tx) -> None:
        _there(tx, number)
        if not store.release(tx, number):
            raise CommandError(f"#{number} is not held")

    cli_tools.write(load_config(), unit)
    click.echo(f"#{number} is held no more.")


def _there(tx: ReadTx, number: CaseId) -> None:
    if overview.case(tx, number) is None:
        raise CommandError(f"there is no case #{number}")

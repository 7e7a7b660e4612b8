"""The commands `mailsvc person export` and `mailsvc person erase`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lists.cli.person import person
from mailsvc.cases.model import Cause
from mailsvc.clock import to_datetime
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.ids import PersonId
from mailsvc.message.address import fold
from mailsvc.message.attach import Attached
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_records import write_files
from mailsvc.operating.cli_tools import load_config, show_json
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.records import keeping, own_data
from mailsvc.records.authors import folded_of
from mailsvc.store.database import ReadTx
from mailsvc.store.sqlite import SqliteDatabase


@person.command("export")
@click.argument("address")
@click.option("--to", "folder", metavar="DIR", type=cli_tools.file_type, help="Write files into this new folder.")
def person_export(address: str, folder: Path | None) -> None:
    """Show everything that is kept about a person, as JSON, or write it with a readable page and their mails."""
    from mailsvc.letters.compose import Composer, LetterSpec  # all that writes letters

    config = load_config()
    registry = cli_tools.registry(config)
    if folder is None:
        show_json(cli_tools.read(config, lambda tx: own_data.readable(own_data.gather(tx, registry, _id(tx, address)))))
        return
    composer = Composer(registry.site, registry.letter_folders)

    def unit(tx: ReadTx) -> list[Attached]:
        found = _person(tx, address)
        spec = LetterSpec(own_data.PAGE, found.language, "", "", "", 0, {})
        return own_data.files(tx, registry, composer, spec, found.id, None)[0]

    enclosed = cli_tools.read(config, unit)
    write_files(folder, enclosed)
    click.echo(f"{len(enclosed)} files written to {folder}.")


@person.command("erase")
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Only show what would stay.")
def person_erase(address: str, dry_run: bool) -> None:
    """Erase a person: all that is kept about them, but for what must stay, which is listed.

    They leave their groups, their open matters are taken back, and one last letter tells them what stays and why.
    """
    from mailsvc.cases.engine import Engine  # all that moves cases; other commands start faster without it
    from mailsvc.records.erasing import Erasing, go_on

    config = load_config()
    registry = cli_tools.registry(config)

    def stays(tx: ReadTx) -> list[keeping.Kept]:
        person_id = _id(tx, address)
        return keeping.kept(tx, registry, person_id, folded_of(tx, person_id))

    items = cli_tools.read(config, stays)
    if not dry_run:
        _refuse_operator(config, cli_tools.read(config, lambda tx: folded_of(tx, _id(tx, address))))
        erasing = Erasing(registry, Engine(registry))

        async def whole(database: SqliteDatabase) -> None:
            await database.write(
                lambda tx: erasing.begin(tx, (found := _id(tx, address)), Cause(f"cli:erase:{found}:{tx.now}")),
                durable=True,
            )
            while (at := await go_on(database, erasing)) is not None:
                if at > await database.read(lambda tx: tx.now):  # what is on its way is the service's to go on with
                    return

        cli_tools.with_database(config, whole)
        click.echo(f"{address} is erased; one last letter goes there.")
    click.echo("kept:")
    for one in items:
        click.echo(f"  {_words(one)}")


def _refuse_operator(config: Config, folded: Sequence[str]) -> None:
    """Whoever the configuration names would be made anew at the next start."""
    for text in config.site.operators:
        if fold(text) in folded:
            raise CommandError(f"{text} is one of [site] operators; take it out there first")


def _words(one: keeping.Kept) -> str:
    matter = f"#{one['case']}{one['number']}" if "case" in one else ""
    match one["what"]:
        case "record":
            until = f"until {to_datetime(one['until']):%Y-%m-%d}, {one['decision']}" if one["until"] else "no class"
            return f"{matter}: a record ({until})"
        case "hold":
            return f"{matter}: held"
        case "open":
            return f"{matter}: open"
        case "ban":
            return f"the ban of {one['group']}"
        case "log":
            return "the logs of matters, without names and texts"
        case "others":
            return "what others have in their own mailboxes or wrote themselves"
    return "backups made before"


def _person(tx: ReadTx, address: str) -> Person:
    found = people.by_address(tx, fold(address.strip()) or "")
    if found is None:
        raise CommandError(f"nobody is known by the address {address}")
    return found


def _id(tx: ReadTx, address: str) -> PersonId:
    return _person(tx, address).id

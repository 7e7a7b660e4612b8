"""The commands `mailsvc group alias …`, `mailsvc group close` and `mailsvc member sync`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from lists import alias_store, store
from lists.cli.group import group, member
from lists.groups import aliases, closing, closing_store
from lists.groups.founding import group_named
from lists.members import roster_file, roster_store, roster_sync_store
from lists.members.admission import Admission
from lists.members.roster_sync_store import Difference
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.errors import CommandError
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import iso, json_option, load_config, local, show_json, table
from mailsvc.store.database import ReadTx, Tx

MOST_REMOVED: Final = 20  # per cent of a group, without --yes


# ---- other names


class Aliases(cli_tools.Group):
    """`group alias NAME OLD` is `group alias add NAME OLD`: the first word need not be one of ours."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first, else `add` with all the words."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["add", *args])


@group.group("alias", cls=Aliases)
def alias() -> None:
    """Other names of a group, whose addresses go on working.

    `group alias NAME OLD` adds one.
    """


@alias.command("add")
@click.argument("name")
@click.argument("old")
def alias_add(name: str, old: str) -> None:
    """Let OLD mean the group NAME: posts, and OLD with every suffix word."""
    config = load_config()

    def unit(tx: Tx) -> tuple[str, str]:
        one = group_named(tx, name)
        return one.name, aliases.add(tx, one, old)

    group_name, added = cli_tools.write(config, unit)
    click.echo(f"{added}@{config.site.domain} goes to {group_name} now.")


@alias.command("list")
@click.argument("name", required=False)
@json_option
def alias_list(name: str | None, as_json: bool) -> None:
    """List the other names of the group NAME, or of all groups."""
    config = load_config()
    rows = cli_tools.read(config, lambda tx: alias_store.aliases(tx, group_named(tx, name).id if name else None))
    if as_json:
        show_json(
            [{"alias": row["name"], "group": row["group_name"], "created_at": iso(row["created_at"])} for row in rows]
        )
        return
    table(
        ("alias", "group", "since"),
        [(row["name"], row["group_name"], local(row["created_at"], config)) for row in rows],
    )


@alias.command("remove")
@click.argument("name")
@click.argument("old")
def alias_remove(name: str, old: str) -> None:
    """Let OLD mean nothing any more; mail to it is refused."""
    config = load_config()
    removed = cli_tools.write(config, lambda tx: aliases.remove(tx, group_named(tx, name), old))
    click.echo(f"{removed}@{config.site.domain} is no address any more.")


# ---- the end of a group


@group.command("close")
@click.argument("name")
@click.option("--reopen", is_flag=True, help="Open it again, as it was.")
def group_close(name: str, reopen: bool) -> None:
    """Close a group: mail to it is refused with a sentence that says so.

    Held posts go back to their authors, and requests to join end, each with a letter; other matters go on.

    Nothing is deleted. Memberships stay on record, members can still leave, and mail to -owner reaches the moderators.
    """
    config = load_config()
    registry = None if reopen else cli_tools.registry(config)

    def unit(tx: Tx) -> tuple[str, str, int, int, int]:
        one = group_named(tx, name)
        wanted = "open" if reopen else "closed"
        if one.state == wanted:
            raise CommandError(f"{one.name} is {wanted} already")
        if reopen and one.state != "closed":
            raise CommandError(f"{one.name} is not closed")
        if registry is None:
            closing_store.set_state(tx, one.id, wanted)
            ended = 0
        else:
            ended = closing.close(tx, Engine(registry), one, Cause(f"cli:close:{one.id}:{tx.now}"))
        return one.name, wanted, store.count_members(tx, one.id), closing_store.open_cases(tx, one.id), ended

    shown, state, members, cases, ended = cli_tools.write(config, unit)
    click.echo(f"{shown} is {state} now; it has {members} member{'s'[: members != 1]} on record.")
    if ended:
        click.echo(f"Held posts and requests to join that end with it: {ended}; who wrote them is told.")
    if cases and not reopen:
        click.echo(f"{cases} of its cases still wait: mailsvc case list --open, and mailsvc case withdraw N")


# ---- members as in a file


@member.command("sync")
@click.argument("group_name", metavar="GROUP")
@click.argument("file", metavar="FILE.csv", type=cli_tools.file_type)
@click.option("--yes", is_flag=True, help=f"Also when more than {MOST_REMOVED} % of the members go.")
@click.option("--dry-run", is_flag=True, help="Only show the difference.")
def member_sync(group_name: str, file: Path, yes: bool, dry_run: bool) -> None:
    """Make the members of a group those of a file, and show the difference.

    The file is that of `member import`. Who is in both keeps their role and options; who has a role and is not in the
    file stays. No letters are sent to those who come or go.
    """
    config = load_config()
    content = cli_tools.file_content(file)
    language = cli_tools.read(config, lambda tx: group_named(tx, group_name).language)
    roster = roster_file.parse(content, config, language)

    def compare(tx: ReadTx) -> Difference:
        return roster_sync_store.difference(tx, group_named(tx, group_name).id, roster.entries)

    def unit(tx: Tx) -> Difference:
        found = compare(tx)
        _refuse_many(found, yes=yes)
        one = group_named(tx, group_name)
        roster_sync_store.end(tx, found.removed)
        roster_sync_store.let_in(tx, found.let_in)
        roster_store.add_all(tx, one.id, found.added)
        if found.removed:
            Admission(registry).promote(tx, one, Cause(f"cli:sync:{tx.now}"))
        return found

    registry = cli_tools.registry(config)
    _show(group_name, cli_tools.read(config, compare))
    if dry_run:
        click.echo("Nothing was changed.")
        return
    done = cli_tools.write(config, unit)
    click.echo(f"{len(done.added) + len(done.let_in)} added, {len(done.removed)} removed.")


def _refuse_many(found: Difference, *, yes: bool) -> None:
    if not yes and len(found.removed) * 100 > found.members * MOST_REMOVED:
        raise CommandError(
            f"{len(found.removed)} of {found.members} members would go, more than {MOST_REMOVED} %: is it the whole"
            " file? Then say --yes; nothing was changed"
        )


def _show(group: str, found: Difference) -> None:
    for entry in found.added:
        click.echo(f"+ {entry.address}")
    for one in found.let_in:
        click.echo(f"+ {one.address}  (from the waiting list)")
    for one in found.removed:
        click.echo(f"- {one.address}")
    for one in found.kept:
        click.echo(f"  {one.address}  stays as {one.role}: mailsvc member remove {group} {one.address}")
    if found.empty:
        click.echo("The group and the file are alike.")

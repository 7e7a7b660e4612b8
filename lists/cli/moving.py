"""The commands `mailsvc import …` (lists of other list managers) and `mailsvc export`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from lists.model import KINDS
from lists.moving import leaving, mailman2, mailman3, mlmmj, sympa, taking
from lists.moving.found import FoundList
from mailsvc.errors import CommandError
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import json_option, load_config, show_json, table

READERS: Final[dict[str, Callable[[Path], list[FoundList]]]] = {
    "mailman3": mailman3.read,
    "mailman2": mailman2.read,
    "sympa": sympa.read,
    "mlmmj": mlmmj.read,
}


@click.command("import", cls=cli_tools.Command)
@click.argument("what", metavar="|".join(READERS), type=click.Choice(tuple(READERS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), default="network", show_default=True, help="What the groups are for.")
@click.option("--only", metavar="NAME", multiple=True, help="Take this list alone; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, and do nothing.")
@click.option("--leave-out-bad", is_flag=True, help="Take the others when some addresses are none.")
@json_option
def take_over(
    what: str, path: Path, kind: str, only: tuple[str, ...], dry_run: bool, leave_out_bad: bool, as_json: bool
) -> None:
    """Make groups of the lists of another list manager, with their members.

    PATH is its folder, that of one list, or a file: for mailman3 its mailman.db, for mailman2 a config.pck. Nothing
    there is changed, and nobody gets a mail. Either all lists are taken over or none. The first owner becomes
    moderator, the other owners and the moderators deputies.

    \b
    Example:
      mailsvc import mlmmj /var/spool/mlmmj --only cataloguing --dry-run
    """
    config = load_config()
    try:
        lists = taking.only(READERS[what](path), only)
    except OSError as error:
        raise CommandError(f"cannot read {error.filename or path}: {error.strerror or error}") from error
    if dry_run:
        taken = cli_tools.read(config, lambda tx: taking.plan(tx, config, lists, kind))
    else:
        taken = cli_tools.write(config, lambda tx: taking.take(tx, config, lists, kind, leave_out_bad=leave_out_bad))
    if as_json:
        show_json([_values(one) for one in taken])
        return
    table(
        ("group", "title", "language", "post", "join", "members", "moderator", "deputies", "left out"),
        [
            (one.name, one.title, one.language, one.post, one.join, one.members, ", ".join(one.moderators) or "-",
             ", ".join(one.deputies) or "-", ", ".join(one.left_out) or "-")
            for one in taken
        ],
    )  # fmt: skip
    for one in taken:
        for why in one.bad:
            click.echo(f"{one.name}: {why}", err=True)
    click.echo("Nothing was done." if dry_run else f"{len(taken)} groups, {sum(one.members for one in taken)} members.")


def _values(one: taking.Taken) -> dict[str, object]:
    names = ("name", "kind", "title", "language", "post", "join", "members", "moderators", "deputies", "hidden")
    return {**{name: getattr(one, name) for name in names}, "left_out": list(one.left_out), "bad": list(one.bad)}


@click.command("export", cls=cli_tools.Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
def export(folder: Path, as_json: bool) -> None:
    """Write every group's settings, members and posts into a new folder.

    A folder for each group, with group.toml, members.csv (as `member import` reads it), members-more.csv and
    posts.mbox.
    """
    config = load_config()
    try:
        done = leaving.export(lambda unit: cli_tools.read(config, unit), folder)
    except OSError as error:
        raise CommandError(f"cannot write {error.filename or folder}: {error.strerror or error}") from error
    if as_json:
        show_json([{"name": name, "members": members, "posts": posts} for name, members, posts in done])
        return
    table(("group", "members", "posts"), done)

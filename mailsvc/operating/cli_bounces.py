"""The commands `mailsvc bounces …`: addresses that mail comes back from, and what servers said."""

from __future__ import annotations

import click

from mailsvc.bounces import store
from mailsvc.clock import DAY, Instant
from mailsvc.errors import CommandError
from mailsvc.message.address import parse_address
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import iso, json_option, load_config, local, show_json, table
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx

DAYS = 30


@click.group(cls=cli_tools.Group)
def bounces() -> None:
    """Addresses that mail comes back from."""


@bounces.command("list")
@json_option
def bounces_list(as_json: bool) -> None:
    """List the addresses that bounces count against, and those that get no posts any more."""
    config = load_config()
    rows = cli_tools.read(config, store.not_reached)
    if as_json:
        show_json(
            [
                {"address": row["address"], "bounces": row["score"], "since": iso(row["since"]), "state": row["state"],
                 "said": row["said"] or ""}
                for row in rows
            ]
        )  # fmt: skip
        return
    table(
        ("address", "bounces", "since", "state", "said"),
        [(row["address"], row["score"], local(row["since"], config), row["state"], row["said"]) for row in rows],
    )


@bounces.command("count")
@click.option("--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="How far back to look.")
@json_option
def bounces_count(days: int, as_json: bool) -> None:
    """Count what did not arrive, by domain and by what its servers said.

    gone: nobody has the address. refused: for another reason, such as spam rules or a full mailbox; it counts against
    nobody. later: it was tried for as long as it is tried, and given up.
    """
    config = load_config()

    def unit(tx: ReadTx) -> list[dict[str, object]]:
        found = store.counts(tx, Instant(tx.now - days * DAY))
        return [{name: row[name] for name in ("domain", "verdict", "status", "n")} for row in found]

    rows = cli_tools.read(config, unit)
    if as_json:
        show_json(rows)
        return
    table(
        ("domain", "verdict", "status", "copies"),
        [(row["domain"] or "-", row["verdict"], row["status"] or "-", row["n"]) for row in rows],
    )


@bounces.command("clear")
@click.argument("address")
def bounces_clear(address: str) -> None:
    """Let nothing count against an address, and write to it again."""
    known = parse_address(address)
    if known is None:
        raise CommandError(f'"{address}" is not an address')

    def unit(tx: Tx) -> bool:
        found = people.address(tx, known.folded)
        if found is None:
            raise CommandError(f"nobody has the address {known}")
        return store.clear(tx, found.id)

    changed = cli_tools.write(load_config(), unit)
    click.echo(f"{known} is written to{' again' if changed else '; nothing counted against it'}")

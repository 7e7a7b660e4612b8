"""The commands `mailsvc organisation …`, and where a person belongs by an operator's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click
import msgspec

from lists import store as lists_store
from lists.cli.person import person
from lists.groups.organising import checked
from lists.groups.settings import domains, line
from lists.model import ANY_MEMBER
from mailsvc.errors import CommandError
from mailsvc.message.address import fold
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import json_option, load_config, show_json, table
from mailsvc.people import organisation_store as store
from mailsvc.people import store as people
from mailsvc.people.organisation_store import Organisation
from mailsvc.people.organisations import site_day
from mailsvc.store.database import ReadTx, Tx

NONE = "none"


@click.group(cls=cli_tools.Group)
def organisation() -> None:
    """Organisations that take part: add, list, show, change."""


@organisation.command("add")
@click.argument("name")
@click.option("--domain", "mail_domains", metavar="D", multiple=True, required=True, help="Of its people's addresses.")
@click.option("--since", metavar="DATE", default="", help="The first day of its membership.  [default: always]")
@click.option("--until", metavar="DATE", default="", help="The last day of its membership.  [default: no end]")
def organisation_add(name: str, mail_domains: tuple[str, ...], since: str, until: str) -> None:
    """Add an organisation. A domain stands for its parts too."""
    config = load_config()
    shown = _name(name)
    wanted = _domains(mail_domains, config.domains)
    first, last = _day("since", since), _day("until", until)
    _in_order(first, last)
    cli_tools.write(config, lambda tx: store.insert(tx, shown, wanted, first, last))
    click.echo(f"{shown} takes part: people with an address at {', '.join(wanted)}.")


@organisation.command("list")
@json_option
def organisation_list(as_json: bool) -> None:
    """List the organisations, and which of them are members today."""
    config = load_config()
    found, today = cli_tools.read(config, lambda tx: (store.every(tx), site_day(tx.now, config)))
    if as_json:
        show_json([_values(one, today) for one in found])
        return
    rows = [(one.name, " ".join(one.domains), one.since, one.until, _yes(one.member_on(today))) for one in found]
    table(("name", "domains", "since", "until", "member"), rows)


@organisation.command("show")
@click.argument("name")
@json_option
def organisation_show(name: str, as_json: bool) -> None:
    """Show an organisation, and the groups that take its people."""
    config = load_config()

    def unit(tx: ReadTx) -> dict[str, object]:
        one = _named(tx, name)
        groups = [each.name for each in lists_store.groups(tx) if _names_it(each.settings.allow_organisations, one)]
        return {**_values(one, site_day(tx.now, config)), "groups": groups}

    values = cli_tools.read(config, unit)
    if as_json:
        show_json(values)
        return
    shown = {key: " ".join(value) if isinstance(value, list) else value for key, value in values.items()}
    cli_tools.facts([(key, _yes(value) if isinstance(value, bool) else value) for key, value in shown.items()])


@organisation.command("set", context_settings=cli_tools.FREE_VALUE)
@click.argument("name")
@click.argument("key", type=click.Choice(("name", "domains", "since", "until")))
@click.argument("value")
def organisation_set(name: str, key: str, value: str) -> None:
    """Change one KEY of an organisation to VALUE.

    Domains stand between blanks and replace those there were; "" takes a date away.
    """
    config = load_config()

    def unit(tx: Tx) -> str:
        one = _named(tx, name)
        if key == "name":
            store.rename(tx, one.id, _name(value))
            _rename_in_groups(tx, one, _name(value))
        elif key == "domains":
            store.set_domains(tx, one.id, _domains([value], config.domains))
        else:
            since, until = one.since, one.until
            day = _day(key, value)
            since, until = (day, until) if key == "since" else (since, day)
            _in_order(since, until)
            store.set_term(tx, one.id, since, until)
        return one.name

    click.echo(f"{cli_tools.write(config, unit)}: {key} is now {' '.join(value.split()) or '-'}")


@organisation.command("remove")
@click.argument("name")
def organisation_remove(name: str) -> None:
    """Remove an organisation; one whose membership ends rather gets an --until.

    Its people stay in their groups. Where a group names it, that has to be changed first.
    """
    config = load_config()

    def unit(tx: Tx) -> str:
        one = _named(tx, name)
        for each in lists_store.groups(tx):
            if _names_it(each.settings.allow_organisations, one):
                raise CommandError(f"{each.name} takes its people: mailsvc group set {each.name} allow-organisations …")
        store.remove(tx, one.id)
        return one.name

    click.echo(f"{cli_tools.write(config, unit)} takes part no more.")


@person.command("set")
@click.argument("address")
@click.option("--organisation", "name", metavar="NAME", required=True, help='"none": their addresses tell.')
def person_set(address: str, name: str) -> None:
    """Say to which organisation a person belongs, whatever the domains of their addresses say."""
    config = load_config()

    def unit(tx: Tx) -> str:
        found = people.by_address(tx, fold(address.strip()) or "")
        if found is None:
            raise CommandError(f"nobody is known by the address {address}")
        one = None if name.strip().lower() == NONE else _named(tx, name)
        store.set_person(tx, found.id, one.id if one else None)
        return f"{found.shown} belongs to {one.name} now." if one else f"the addresses of {found.shown} tell now."

    click.echo(cli_tools.write(config, unit))


# ---- words of the command line


def _name(text: str) -> str:
    name = line("name", " ".join(text.split()))
    if "," in name:
        raise CommandError("the name of an organisation cannot hold a comma: groups list the names between commas")
    if name.lower() in (ANY_MEMBER, NONE):
        raise CommandError(f'"{name}" is a word of the command line, not a name')
    return name


def _named(tx: ReadTx, name: str) -> Organisation:
    return checked(tx, name)


def _domains(texts: Sequence[str], ours: Sequence[str]) -> tuple[str, ...]:
    found = domains("domain", " ".join(texts))
    if not found:
        raise CommandError("an organisation needs at least one domain")
    for one in found:
        if one in ours:
            raise CommandError(f"{one} is a domain of this service, and nobody has an address there")
    return found


def _day(key: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise CommandError(f'{key} is a day such as 2026-12-31, not "{text}"') from None


def _in_order(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until < since:
        raise CommandError(f"until {until} is before since {since}")


def _names_it(names: Sequence[str], one: Organisation) -> bool:
    return store.fold_name(one.name) in {store.fold_name(name) for name in names}


def _rename_in_groups(tx: Tx, one: Organisation, name: str) -> None:
    """Groups name their organisations, so a new name reaches their settings too."""
    for each in lists_store.groups(tx):
        names = each.settings.allow_organisations
        if _names_it(names, one):
            renamed = tuple(name if store.fold_name(old) == store.fold_name(one.name) else old for old in names)
            lists_store.set_settings(tx, each.id, msgspec.structs.replace(each.settings, allow_organisations=renamed))


def _values(one: Organisation, today: date) -> dict[str, object]:
    return {
        "name": one.name,
        "domains": list(one.domains),
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "member": one.member_on(today),
    }


def _yes(value: object) -> str:
    return "yes" if value else "no"

"""The commands `mailsvc person …`: what is known of a person, with the groups they are in."""

from __future__ import annotations

import click

from lists import store
from mailsvc.cases import question_store
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.message.address import fold
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import facts, json_option, load_config, show_json, table
from mailsvc.people import store as people
from mailsvc.people.organisations import organisation_of, site_day
from mailsvc.store.database import ReadTx


@click.group(cls=cli_tools.Group)
def person() -> None:
    """People."""


@person.command("show")
@click.argument("address")
@json_option
def person_show(address: str, as_json: bool) -> None:
    """Show a person: addresses, language, memberships, what waits for their answer."""
    config = load_config()
    values = cli_tools.read(config, lambda tx: _values(tx, address, config))
    if as_json:
        show_json(values)
        return
    addresses, memberships, waiting = values["addresses"], values["memberships"], values["waiting"]
    assert isinstance(addresses, list)
    assert isinstance(memberships, list)
    assert isinstance(waiting, list)
    facts([(key, values[key]) for key in ("name", "language", "organisation")])
    click.echo()
    table(
        ("address", "primary", "proven"),
        [(one["address"], _word(one["primary"]), _word(one["verified"])) for one in addresses],
    )
    click.echo()
    table(("group", "role", "delivery"), [(one["group"], one["role"], one["delivery"]) for one in memberships])
    if waiting:
        click.echo(f"\nAsked in {', '.join(f'#{number}' for number in waiting)}; `mailsvc case show N` says what.")


def _word(value: object) -> str:
    return "yes" if value else "no"


def _values(tx: ReadTx, text: str, config: Config) -> dict[str, object]:
    found = people.by_address(tx, fold(text.strip()) or "")
    if found is None:
        raise CommandError(f"nobody is known by the address {text}")
    organisation = organisation_of(tx, found.id, site_day(tx.now, config))
    return {
        "name": found.name,
        "language": found.language,
        "organisation": organisation.name if organisation else None,
        "addresses": [
            {"address": one.address, "primary": one.primary, "verified": one.verified}
            for one in people.addresses(tx, found.id)
        ],
        "memberships": [
            {"group": row["name"], "title": row["title"], "role": row["role"], "delivery": row["delivery"]}
            for row in store.memberships_of(tx, found.id)
        ],
        "waiting": sorted({int(question.case_id) for question in question_store.open_questions(tx, found.id, None)}),
    }

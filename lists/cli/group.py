"""The commands `mailsvc group …` and `mailsvc member …`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
import msgspec

from lists import alias_store, store
from lists.arrivals import members_changed
from lists.groups import holding, parties
from lists.groups.example import seed as seed_example
from lists.groups.founding import NewGroup, enrol, found, group_named, outside
from lists.groups.organising import checked_all
from lists.groups.settings import COLUMNS, KEYS, ORGANISATIONS, domains, known_key, organisations, value_of
from lists.members import roster_file, roster_store
from lists.members.admission import Admission
from lists.model import DELIVERY, JOINING, KINDS, MODERATING, POSTING, ROLES, Group, Settings
from mailsvc.cases.model import Cause
from mailsvc.cases.starting import BEGUN, MERGING, Start, begin
from mailsvc.config import LANGUAGES, Config
from mailsvc.errors import CommandError
from mailsvc.ids import GroupId
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import facts, iso, json_option, load_config, local, show_json, table
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Row, Tx

__all__ = ["group", "member", "seed_example"]


@click.group(cls=cli_tools.Group)
def group() -> None:
    """Groups: make, list, show, change."""


@click.group(cls=cli_tools.Group)
def member() -> None:
    """Members of a group: add, list, remove, import."""


# ---- groups


@group.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What it is for.")
@click.option("--title", default="", help="Its name as people read it.  [default: made from NAME]")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of its letters.  [default: the site's]")
@click.option("--moderator", "moderators", metavar="ADDRESS", multiple=True, help="May be given several times.")
@click.option("--deputy", "deputies", metavar="ADDRESS", multiple=True, help="Deputy moderator; may be repeated.")
@click.option("--established-by", metavar="GROUP", default="", help="The group that it answers to.")
@click.option("--post", type=click.Choice(POSTING), default="members", show_default=True, help="Who posts unasked.")
@click.option(
    "--join",
    type=click.Choice(JOINING),
    help="How one becomes a member.  [default: network moderated, circle confirm, others closed]",
)
@click.option("--capacity", type=click.IntRange(0), default=0, help="Most members; then there is a waiting list.")
@click.option(
    "--allow-domain", "allow_domains", metavar="DOMAIN", multiple=True, help="Whose people may join; may be repeated."
)
@click.option(
    "--allow-organisation",
    "allow_organisations",
    metavar="NAME",
    multiple=True,
    help='Whose people may join, "members" for all that are; may be repeated.',
)
@click.option(
    "--party-of", metavar="GROUP", default="", help="The joint group that it is a party of; unseen by others."
)
def group_add(
    name: str,
    kind: str,
    title: str,
    language: str | None,
    moderators: tuple[str, ...],
    deputies: tuple[str, ...],
    established_by: str,
    post: str,
    join: str | None,
    capacity: int,
    allow_domains: tuple[str, ...],
    allow_organisations: tuple[str, ...],
    party_of: str,
) -> None:
    """Make a group. Its address is NAME at the site's domain.

    \b
    Example:
      mailsvc group add cataloguing --kind network --title "Cataloguing network" \\
        --moderator karin@example.org --deputy per@example.org
    """
    config = load_config()
    settings = Settings(
        capacity=capacity,
        allow_domains=domains("allow_domains", " ".join(allow_domains)),
        allow_organisations=organisations("allow_organisations", ",".join(allow_organisations)),
        party_of=party_of,
    )
    new = NewGroup(name, kind, title, language or "", post, join or "", moderators, deputies, established_by, settings)
    made = cli_tools.write(config, lambda tx: store.group(tx, found(tx, config, new)))
    click.echo(f"{made.name}@{config.site.domain} is there ({made.kind}, post {made.post}, join {made.join}).")
    if kind == "network" and not (moderators and deputies):
        click.echo(f"A network needs a moderator and a deputy: mailsvc member add {made.name} ADDRESS --role …")


@group.command("list")
@json_option
def group_list(as_json: bool) -> None:
    """List the groups."""
    config = load_config()
    found_groups, numbers = cli_tools.read(config, lambda tx: (store.groups(tx), roster_store.numbers(tx)))
    names = {one.id: one.name for one in found_groups}
    if as_json:
        show_json([_group_values(one, names, numbers, config) for one in found_groups])
        return
    table(
        ("name", "kind", "title", "language", "post", "join", "members", "state"),
        [
            (one.name, one.kind, one.title, one.language, one.post, one.join, numbers.get(one.id, 0), _state(one))
            for one in found_groups
        ],
    )


def _state(one: Group) -> str:
    return one.state if one.held_at is None else "held"


def _group_values(
    one: Group, names: Mapping[GroupId, str], numbers: Mapping[GroupId, int], config: Config
) -> dict[str, object]:
    return {
        "name": one.name,
        "address": f"{one.name}@{config.site.domain}",
        "kind": one.kind,
        "title": one.title,
        "language": one.language,
        "established_by": names.get(one.established_by) if one.established_by is not None else None,
        "post": one.post,
        "join": one.join,
        "state": _state(one),
        "members": numbers.get(one.id, 0),
    }


@group.command("show")
@click.argument("name")
@json_option
def group_show(name: str, as_json: bool) -> None:
    """Show a group with its moderators and settings."""
    config = load_config()

    def unit(tx: ReadTx) -> dict[str, object]:
        one = group_named(tx, name)
        by = store.group(tx, one.established_by) if one.established_by is not None else None
        names = {by.id: by.name} if by else {}
        values = _group_values(one, names, {one.id: store.count_members(tx, one.id)}, config)
        for key, role in (("moderators", "moderator"), ("deputies", "deputy")):
            ids = store.with_roles(tx, one.id, [role])
            values[key] = [people.by_id(tx, person).address for person in ids]
        values["aliases"] = [row["name"] for row in alias_store.aliases(tx, one.id)]
        values["created_at"] = roster_store.created_at(tx, one.id)
        values["settings"] = msgspec.json.decode(msgspec.json.encode(one.settings))
        return values

    values = cli_tools.read(config, unit)
    created, settings = values["created_at"], values["settings"]
    assert isinstance(created, int)
    assert isinstance(settings, dict)
    if as_json:
        show_json(values | {"created_at": iso(created)})
        return
    shown = {key: ", ".join(value) if isinstance(value, list) else value for key, value in values.items()}
    shown["created_at"] = local(created, config)
    del shown["settings"]
    facts([(key.replace("_", " "), value) for key, value in shown.items()])
    click.echo("\nsettings")
    facts([(f"  {key}", _shown_setting(value)) for key, value in settings.items()])


def _shown_setting(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list | tuple) else value


@group.command(
    "set",
    context_settings=cli_tools.FREE_VALUE,
    help=f"""Change one KEY of a group to VALUE.

    KEY is one of {" ".join(KEYS)}.

    \b
    Examples:
      mailsvc group set cataloguing capacity 40
      mailsvc group set cataloguing digest "mon,thu 08:00"
    """,
)
@click.argument("name")
@click.argument("key")
@click.argument("value")
def group_set(name: str, key: str, value: str) -> None:
    """Change one key of a group."""
    config = load_config()
    known = known_key(key)
    wanted = value_of(known, value)
    registry = cli_tools.registry(config) if known == "capacity" else None  # its letters go to who waited

    def unit(tx: Tx) -> str:
        one = group_named(tx, name)
        if known in COLUMNS:
            store.set_column(tx, one.id, known, str(wanted))
        else:
            value = checked_all(tx, wanted) if known == ORGANISATIONS and isinstance(wanted, tuple) else wanted
            changed = msgspec.structs.replace(one.settings, **{known: value})
            store.set_settings(tx, one.id, parties.checked(tx, changed, name=one.name))
        if registry is not None:
            Admission(registry).promote(tx, store.group(tx, one.id), Cause(f"cli:capacity:{one.id}:{tx.now}"))
        return one.name

    click.echo(f"{cli_tools.write(config, unit)}: {known} is now {_shown_setting(wanted)!s:.200}")


@group.command("hold")
@click.argument("name")
@click.option("--release", is_flag=True, help="Let go what waits, and all that comes from now on.")
def group_hold(name: str, release: bool) -> None:
    """Stop the posts of a group in an emergency: those on their way, and those that come in.

    They wait, and nobody is told; what is being sent at this moment may still arrive. Letters and commands go on.
    `quarantine list` shows what came in meanwhile.
    """
    config = load_config()
    registry = cli_tools.registry(config)

    def unit(tx: Tx) -> str:
        one = group_named(tx, name)
        if not release:
            held = holding.hold(tx, one)
            return f"{one.name} is held: {held} on their way wait. Let go: mailsvc group hold {one.name} --release"
        let_go = holding.let_go(tx, one, registry)
        if let_go is None:
            raise CommandError(f"{one.name} is not held")
        return f"{one.name} is open again: {let_go.going} go out, {let_go.handled} that came in are handled now."

    click.echo(cli_tools.write(config, unit))


@group.command("merge")
@click.argument("name")
@click.argument("into")
def group_merge(name: str, into: str) -> None:
    """Ask whether NAME shall become part of INTO.

    The moderators of both are asked, then the members are told and may object. Nothing is done without them.
    """
    config = load_config()
    registry = cli_tools.registry(config)

    def unit(tx: Tx) -> str:
        one, other = group_named(tx, name), group_named(tx, into)
        if {one.kind, other.kind} != {"network"}:
            raise CommandError("only networks can be merged")
        start = Start(MERGING, one.id, None, other=other.id)
        said = begin(registry.starters, tx, start, Cause(f"cli:merge:{one.id}:{other.id}:{tx.now}"))
        if said != BEGUN:
            raise CommandError(_NOT_MERGED.get(said, said))
        if not all(store.with_roles(tx, each.id, MODERATING) for each in (one, other)):
            raise CommandError("both need a moderator or a deputy, who are asked")
        return (
            f"The moderators of {one.name} and {other.name} are asked whether {one.name} becomes part of {other.name}."
        )

    click.echo(cli_tools.write(config, unit))


_NOT_MERGED: Final = {
    "no-such-network": "these are not two open networks",
    "begun-already": "one of the two is being merged already",
}


# ---- members


@member.command("add")
@click.argument("group_name", metavar="GROUP")
@click.argument("address")
@click.option("--name", default="", help="The person's name.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--delivery", type=click.Choice(DELIVERY), default="each", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Of letters to somebody new.  [default: the group's]")
def member_add(group_name: str, address: str, name: str, role: str, delivery: str, language: str | None) -> None:
    """Add a member without confirmation: the operator vouches for the address.

    \b
    Example:
      mailsvc member add cataloguing jonas@example.org --name "Jonas Ek"
    """
    config = load_config()
    person = outside(config, address)
    registry = cli_tools.registry(config)

    def unit(tx: Tx) -> str:
        one = group_named(tx, group_name)
        enrol(tx, one.id, person, name=name, role=role, delivery=delivery, language=language or one.language)
        members_changed(registry, tx, one.id, Cause(f"cli:add:{one.id}:{person.folded}:{tx.now}"))
        return one.name

    click.echo(f"{person} is in {cli_tools.write(config, unit)} now, as {role}.")


@member.command("list")
@click.argument("group_name", metavar="GROUP")
@json_option
def member_list(group_name: str, as_json: bool) -> None:
    """List the members of a group."""
    config = load_config()
    rows = cli_tools.read(config, lambda tx: roster_store.roster(tx, group_named(tx, group_name).id))
    columns = ("address", "name", "role", "delivery", "language", "state")
    if as_json:
        show_json(
            [{**{key: row[key] for key in columns}, **_chosen(row), "joined_at": iso(row["joined_at"])} for row in rows]
        )
        return
    shown = [(*(row[key] for key in columns), _said(row, config), local(row["joined_at"], config)) for row in rows]
    table((*columns, "chosen", "joined"), shown)


def _chosen(row: Row) -> dict[str, object]:
    """What a member has chosen for themselves besides how posts come."""
    until = row["paused_until"]
    paused = iso(until) if until is not None else None
    return {"hidden": bool(row["hidden"]), "own_copy": bool(row["own_copy"]), "paused_until": paused}


def _said(row: Row, config: Config) -> str:
    """The same in words: nobody but operators and moderators is to see who is hidden."""
    words = [*(["hidden"] if row["hidden"] else []), *(["no own copy"] if not row["own_copy"] else [])]
    until = row["paused_until"]
    return ", ".join([*words, *([f"paused until {local(until, config)}"] if until is not None else [])])


@member.command("remove")
@click.argument("group_name", metavar="GROUP")
@click.argument("address")
def member_remove(group_name: str, address: str) -> None:
    """Remove a member; no letter is sent to them.

    Who has waited longest for a place in a full group gets it.
    """
    config = load_config()
    registry = cli_tools.registry(config)

    def unit(tx: Tx) -> tuple[Group, str, bool]:
        one = group_named(tx, group_name)
        person = people.by_address(tx, outside(config, address).folded)
        present = store.membership(tx, one.id, person.id) if person else None
        if present is None:
            raise CommandError(f"{address} is not in {one.name}")
        Admission(registry).leave(tx, present, Cause(f"cli:remove:{present.id}"))
        lonely = present.moderates and not store.with_roles(tx, one.id, [present.role])
        return one, present.role, lonely

    one, role, lonely = cli_tools.write(config, unit)
    click.echo(f"{address} is no longer in {one.name}.")
    if lonely:
        click.echo(f"{one.name} has no {role} now: mailsvc member add {one.name} ADDRESS --role {role}")


@member.command("import")
@click.argument("group_name", metavar="GROUP")
@click.argument("file", metavar="FILE.csv", type=cli_tools.file_type)
def member_import(group_name: str, file: Path) -> None:
    """Add the members of a file, all of them or none.

    Columns are address,name,role,delivery,language, named in the first row; only address is needed. UTF-8, separated by
    commas, semicolons or tabs. Bad rows are named with their lines, and then nothing is imported.

    \b
    Example of a file:
      address,name,role,delivery,language
      anna@example.org,Anna Berg,member,each,sv
    """
    config = load_config()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror or error}") from error
    language = cli_tools.read(config, lambda tx: group_named(tx, group_name).language)
    roster = roster_file.parse(content, config, language)
    registry = cli_tools.registry(config)

    def unit(tx: Tx) -> tuple[str, roster_store.Imported]:
        one = group_named(tx, group_name)
        added = roster_store.add_all(tx, one.id, roster.entries)
        members_changed(registry, tx, one.id, Cause(f"cli:import:{one.id}:{tx.now}"))
        return one.name, added

    name, done = cli_tools.write(config, unit)
    click.echo(f"{name}: {done.added} added, {done.already} already members, {roster.repeated} repeated in the file.")

"""The command line `mailsvc`: puts the commands together, and runs the service."""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import lists.cli.group
import lists.cli.moving
import lists.cli.organisation
import lists.cli.own_data  # brings its commands into the group of lists.cli.person
import lists.cli.person
import lists.cli.upkeep  # brings its commands into the groups of lists.cli.group
import mailsvc
from mailsvc import config as configuration
from mailsvc import keys
from mailsvc.config import LANGUAGES, Config, SiteConfig
from mailsvc.config import file as config_file
from mailsvc.errors import CommandError
from mailsvc.ids import SystemRandomness
from mailsvc.message.address import fold_domain, parse_address
from mailsvc.operating import (
    cli_backup,
    cli_bounces,
    cli_case,
    cli_check,
    cli_dkim,
    cli_explain,
    cli_queue,
    cli_records,
    site_files,
)
from mailsvc.operating.cli_tools import Root, config_chosen, config_path, load_config

if TYPE_CHECKING:
    from mailsvc.app import Service
    from mailsvc.registry import Registry


_DEFAULTS = SiteConfig()


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(mailsvc.__version__, prog_name="mailsvc")
@click.pass_context
def main(context: click.Context) -> None:
    """Staff networks run entirely by email.

    Exit status 0: done. 1: refused or failed, with one sentence on standard error. 2: wrong usage.
    """
    context.obj = _registry


def _registry(config: Config) -> Registry:
    """What packages bring, for commands that show cases or explain."""
    from mailsvc import app  # the whole service; other commands start faster without it
    from mailsvc.site import Site

    return app.build_registry(Site(config, keys.load(config.path(config.site.key_file))))[0]


for command in (
    lists.cli.group.group,
    lists.cli.group.member,
    lists.cli.person.person,
    lists.cli.organisation.organisation,
    lists.cli.moving.take_over,
    lists.cli.moving.export,
    cli_case.case,
    cli_queue.queue,
    cli_queue.quarantine,
    cli_bounces.bounces,
    cli_dkim.dkim,
    cli_records.records,
    cli_check.check,
    cli_explain.explain,
    cli_backup.backup,
    cli_backup.restore,
    cli_backup.upgrade,
):
    main.add_command(command)


# ---- the life of a site


@main.command()
@click.option("--domain", default=_DEFAULTS.domain, show_default=True, help="The mail domain of the service.")
@click.option("--name", default=_DEFAULTS.name, show_default=True, help="The organisation's name.")
@click.option("--language", type=click.Choice(LANGUAGES), default=_DEFAULTS.language, show_default=True)
@click.option("--operator", "operators", multiple=True, metavar="ADDRESS", help="Who runs it; several may be named.")
@click.pass_context
def init(context: click.Context, domain: str, name: str, language: str, operators: tuple[str, ...]) -> None:
    """Write config.toml; make the key and the database.

    What is there is never overwritten: a configuration without key and database gets them.
    """
    path = config_path()
    if path.exists():
        _complete(path, given=_given(context))
        return
    if not name.isprintable():
        raise click.BadParameter("it holds control characters", param_hint="--name")
    wanted = SiteConfig(name=name, domain=domain, language=language, operators=_operators(domain, operators))
    text = config_file.render(Config(site=wanted))
    config = configuration.parse(text, base=str(path.parent.resolve()))
    made = site_files.ensure(config, SystemRandomness())
    try:
        # Last: who finds a configuration finds the rest too. "x": nobody's file is written over.
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from error
    _say_what_was_made(path, config, made, wrote=True)


def _operators(domain: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """Who gets what is for the operators; `networks.example.org` belongs to `example.org`."""
    if not given and domain.count(".") < 2:
        raise CommandError(f"name an operator whose address is not at {domain}: --operator ADDRESS")
    for text in given:
        address = parse_address(text)
        if address is None:
            raise click.BadParameter(f'"{text}" is not a mail address', param_hint="--operator")
        if address.ascii_domain == fold_domain(domain):
            raise CommandError(f"{text} is an address of the service itself, and an operator is outside of it")
    return given or (f"postmaster@{domain.partition('.')[2]}",)


def _given(context: click.Context) -> bool:
    source = click.core.ParameterSource.COMMANDLINE
    return any(context.get_parameter_source(name) is source for name in ("domain", "name", "language", "operators"))


def _complete(path: Path, *, given: bool) -> None:
    """A configuration is there: make the key and the database that it names, unless they are there too."""
    if given:
        raise CommandError(f"{path} exists already; change it there, nothing was written")
    config = configuration.load(path)
    made = site_files.ensure(config, SystemRandomness())
    if not made.key and not made.database:
        raise CommandError(f"{path}, its key and its database exist already; nothing was written")
    _say_what_was_made(path, config, made, wrote=False)


def _say_what_was_made(path: Path, config: Config, made: site_files.Made, *, wrote: bool) -> None:
    parts = (
        (path, wrote),
        (config.path(config.site.key_file), made.key),
        (config.database_path, made.database),
    )
    for file, new in parts:
        click.echo(f"{'made' if new else 'kept'}  {file}")
    where = "" if path == Path("config.toml") else f" --config {path}"
    click.echo(
        f"\nNext: look through {path}, then\n"
        f"  mailsvc{where} group add NAME --kind network --moderator ADDRESS --deputy ADDRESS\n"
        f"  mailsvc{where} check\n"
        f"  mailsvc{where} serve\n"
        'Nothing leaves this machine until [delivery] transport is "smtp".'
    )


@main.command()
@click.option(
    "--log", "style", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to log."
)
def serve(style: str) -> None:
    """Run the service until SIGTERM or SIGINT.

    Ends cleanly within 30 seconds: nothing lost, nothing sent twice. Logs to standard error.
    """
    config = load_config()
    from mailsvc import app, logs

    faulthandler.enable()
    logs.set_up(style)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(app.serve(config, _say_where))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loop where it is there; asyncio's own serves as well, only slower."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _say_where(service: Service) -> None:
    smtp = ", ".join(str(address) for address in (*service.smtp.addresses, *service.smtp.lmtp_addresses))
    host, port = service.web.address
    click.echo(f"mail in on {smtp}; pages on http://{f'[{host}]' if ':' in host else host}:{port}/")


@main.command()
def demo() -> None:
    """Run an example organisation with the mailroom.

    The first start makes key, database, groups and people; later ones keep what is there. A service that crashes is
    started again. Ctrl-C ends it.
    """
    from mailsvc.operating import demo as rehearsal

    path = config_path()
    beside = Path(__file__).resolve().parent.parent / "config.toml"
    if not path.exists() and not config_chosen() and beside.exists():
        path = beside
    config = configuration.load(path)
    rehearsal.prepare(config, lists.cli.group.seed_example)
    rehearsal.run(path, config)

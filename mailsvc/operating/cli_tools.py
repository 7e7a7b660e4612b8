"""What every command shares: `--config`, `--json`, one unit of work on the database, tables, exit codes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

import click

from mailsvc import config as configuration
from mailsvc import config_times, keys
from mailsvc.clock import SystemClock, to_datetime
from mailsvc.config import Config
from mailsvc.errors import CommandError, ConfigError, StoreCorrupt, StoreUnavailable
from mailsvc.ids import SystemRandomness
from mailsvc.keys import without_tokens as without_tokens
from mailsvc.store import meta, migrate, rehearsal
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from mailsvc.registry import Registry

T = TypeVar("T")

CONFIG_VARIABLE: Final = "MAILSVC_CONFIG"
DEFAULT_CONFIG: Final = "config.toml"
_CHOSEN: Final = "mailsvc.config"


class Refused(click.ClickException):
    """Exit status 1 with one sentence on standard error."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - click's signature
        """Print the sentence, on one line whatever it was made from."""
        click.echo(f"mailsvc: {' '.join(self.format_message().split())}", file=file, err=True)


def _choose(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.meta[_CHOSEN] = value


def _config_option() -> click.Option:
    return click.Option(
        ["--config"],
        metavar="PATH",
        callback=_choose,
        expose_value=False,
        help=f"The configuration.  [default: ${CONFIG_VARIABLE} or {DEFAULT_CONFIG}]",
    )


class Command(click.Command):
    """A command that takes `--config` itself too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's signature
        super().__init__(*args, **kwargs)
        self.params.append(_config_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but `-3` in place of a number is no option that somebody forgot to make."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if not error.option_name[1:2].isdigit():
                raise
            raise click.UsageError("no number here is below 0", ctx) from error


# `context_settings` of a command whose last argument is any text: "-3" and "-- " are read as that, and judged there.
FREE_VALUE: Final = {"ignore_unknown_options": True}


class Group(click.Group):
    """A group of commands; every one of them, and it itself, takes `--config`."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's signature
        super().__init__(*args, **kwargs)
        self.params.append(_config_option())


class Root(Group):
    """`mailsvc` itself: what the service refuses becomes exit status 1 and one sentence."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (CommandError, ConfigError, StoreCorrupt, StoreUnavailable) as error:
            raise Refused(str(error)) from error
        except OSError as error:
            if error.filename is None:  # no file that an operator could see to: a fault of ours
                raise
            raise Refused(f"{error.filename}: {error.strerror or error}") from error


# A file that may not be read is refused like one that is not there, with status 1 and its own sentence.
file_type = click.Path(path_type=Path, readable=False)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def config_path() -> Path:
    """The configuration that the command line, or else the environment, names."""
    chosen = click.get_current_context().meta.get(_CHOSEN)
    return Path(chosen or os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)


def config_chosen() -> bool:
    """Whether anybody named a configuration."""
    return bool(click.get_current_context().meta.get(_CHOSEN) or os.environ.get(CONFIG_VARIABLE))


def load_config() -> Config:
    """The configuration; raises ConfigError."""
    path = config_path()
    config = configuration.load(path)
    config_times.check(config, path.read_text(encoding="utf-8"))
    return config


def registry(config: Config) -> Registry:
    """Everything that packages bring, built by the composition root (which no command but the root may import)."""
    build = click.get_current_context().find_root().obj
    return cast("Registry", build(config))


# ---- the database, beside a running service


def read(config: Config, unit: Callable[[ReadTx], T]) -> T:
    """Run one unit of work that only reads. Raises ConfigError, StoreCorrupt, StoreUnavailable."""
    return with_database(config, lambda database: database.read(unit))


def write(config: Config, unit: Callable[[Tx], T]) -> T:
    """Run one unit of work, durably; a running service sees what was changed within a second. Raises as `read`."""
    return with_database(config, lambda database: database.write(unit, durable=True))


def with_database(config: Config, work: Callable[[SqliteDatabase], Awaitable[T]]) -> T:
    """Open the site's database, await `work`, close it."""
    return asyncio.run(_with_database(config, work))


def rehearse(config: Config, unit: Callable[[Tx], T]) -> T:
    """Run one unit of work and take back all that it changed. Raises as `read`."""
    clock = SystemClock()
    offset = read(config, _offset)  # checks the database as well
    clock.offset = offset if config.delivery.transport == "mailroom" else 0
    return rehearsal.rehearse(config.database_path, clock, SystemRandomness(), unit)


def _offset(tx: ReadTx) -> int:
    """How far the rehearsal's clock is ahead of the machine's."""
    return int(meta.get(tx, meta.CLOCK_OFFSET) or 0)


async def _with_database(config: Config, work: Callable[[SqliteDatabase], Awaitable[T]]) -> T:
    key = keys.load(config.path(config.site.key_file))
    migrate.check(config.database_path, key.site_id, thorough=False)
    clock = SystemClock()
    database = SqliteDatabase(config.database_path, clock, SystemRandomness())
    try:
        await database.open()
        if config.delivery.transport == "mailroom":
            clock.offset = await database.read(_offset)
        return await work(database)
    except StoreUnavailable as error:  # the engine's words, which do not say of which file
        raise StoreUnavailable(f"{config.database_path}: {error}; nothing was changed") from error
    finally:
        await database.close()


def file_content(file: Path) -> bytes:
    """The octets of a file that the command line names; CommandError when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror or error}") from error


# ---- output


def show_json(value: object) -> None:
    """Print `value` as JSON; keys keep their order."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def iso(instant: int | None) -> str | None:
    """An Instant for programs: ISO 8601, UTC, to the second."""
    return to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%SZ") if instant is not None else None


def local(instant: int | None, config: Config) -> str:
    """An Instant for people: the site's own time, to the minute."""
    if instant is None:
        return "-"
    return to_datetime(instant, ZoneInfo(config.site.timezone)).strftime("%Y-%m-%d %H:%M")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns under their headings; "-" where there is nothing."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[column]) for row in [list(headings), *cells]) for column in range(len(headings))]
    for row in [[heading.upper() for heading in headings], *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def facts(pairs: Sequence[tuple[str, object]]) -> None:
    """Print names and values in two aligned columns."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name.ljust(width)}  {_cell(value)}".rstrip())


def _cell(value: object) -> str:
    return printable(" ".join(str(value).split()) if value is not None else "") or "-"


def printable(text: str) -> str:
    """Somebody's text without what would steer the terminal; line ends stay."""
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text)

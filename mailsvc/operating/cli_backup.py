"""The commands `mailsvc backup`, `mailsvc restore` and `mailsvc upgrade`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from mailsvc.clock import SystemClock, to_datetime
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.operating import backup as archives
from mailsvc.operating import cli_tools
from mailsvc.operating import restore as restoring
from mailsvc.operating.cli_tools import config_path, load_config
from mailsvc.store import migrate

BIG: Final = 64 * archives.MIB
RELEASE: Final = "mailsvc queue retry --restored"


class _Bar:
    """Says on a terminal how far a long piece of work is; short ones and programs are told nothing."""

    def __init__(self) -> None:
        self._shown = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, what: str, done: int, all_: int) -> None:
        if not self._terminal or all_ < BIG:
            return
        line = f"{what}: {done * 100 // all_} % of {all_ // archives.MIB} MiB"
        if line != self._shown:
            click.echo(f"\r{line}" + ("\n" if done >= all_ else ""), nl=False, err=True)
            self._shown = line


@click.command(cls=cli_tools.Command)
@click.argument("file", metavar="FILE", type=cli_tools.file_type)
def backup(file: Path) -> None:
    """Write database, key and configuration into one archive FILE (tar).

    The service may run meanwhile. The copy is checked, FILE appears only when it is whole, and nothing is ever written
    over. It holds the site's secrets and everybody's mail: only you may read it, and so it should stay.

    \b
    Example:
      mailsvc backup /var/backups/mailsvc/site-2026-11-23.tar
    """
    config = load_config()
    manifest = archives.take(config, config_path(), file, _Bar())
    click.echo(f"{file}: {_size(file)}, schema {manifest.schema}, checked. It holds the site's key: keep it safe.")


@click.command(cls=cli_tools.Command)
@click.argument("file", metavar="FILE", type=cli_tools.file_type)
def restore(file: Path) -> None:
    """Bring a site back from a backup, into the paths of the configuration; the backup's when there is none.

    Refused while a service runs, and when a database is there already. Afterwards nothing leaves until
    `mailsvc queue retry --restored`, because nobody knows what has left since the backup.
    """
    done = restoring.bring_back(file, config_path(), _Bar())
    config, manifest = done.config, done.manifest
    click.echo(f"restored  {config.database_path} (backup of {manifest.taken}, schema {done.schema})")
    click.echo(f"restored  {config.path(config.site.key_file)}")
    kept = "" if done.same_config else "; the backup's differs, `tar -xOf` shows it"
    click.echo(f"{'restored' if done.wrote_config else 'kept    '}  {config_path()}{kept}")
    if done.schema < migrate.newest():
        click.echo(f"\nThe database has schema {done.schema}, this program {migrate.newest()}: mailsvc upgrade")
    click.echo(
        f"\nNothing leaves until you say so. Mails unsent in the backup, which may have left since: {done.paused}."
        f"\nStart the service, look through `mailsvc queue list`, then: {RELEASE}"
    )


@click.command(cls=cli_tools.Command)
def upgrade() -> None:
    """Bring the database up to this version. Stop the service first.

    A backup is made before, beside the database; where a step fails, the database stays as it was.
    """
    config = load_config()
    with migrate.only_server(config.database_path):
        schema = migrate.check(config.database_path, site_id=None, allow_older=True)
        if schema == migrate.newest():
            click.echo(f"The database has schema {schema} already; nothing was changed.")
            return
        file = _before_upgrade(config, schema)
        click.echo(f"backup   {file}")
        try:
            applied = migrate.upgrade(config.database_path)
        except Exception as error:
            raise CommandError(f"the upgrade failed, the database is as it was: {error}") from error
    for name in applied:
        click.echo(f"applied  {name}")


def _before_upgrade(config: Config, schema: int) -> Path:
    folder = config.database_path.parent / "backups"
    now = to_datetime(SystemClock().now()).strftime("%Y%m%dT%H%M%SZ")
    file = folder / f"before-upgrade-{now}-schema-{schema}.tar"
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700)
            migrate.hand_over(folder)
    except OSError as error:
        raise CommandError(f"cannot make {folder}: {error.strerror or error}") from error
    archives.take(config, config_path(), file, _Bar())
    return file


def _size(file: Path) -> str:
    return f"{file.stat().st_size / archives.MIB:.1f} MiB"

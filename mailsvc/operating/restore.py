"""Bringing a site back from a backup: into the paths of its configuration, never over anything, and sending nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailsvc import config as configuration
from mailsvc import keys
from mailsvc.clock import SystemClock
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.operating import backup
from mailsvc.operating.backup import BESIDE, DATABASE, KEY, Manifest, Progress, silent
from mailsvc.store import migrate, snapshot

UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back. `wrote_config` False: the configuration that is there was kept."""

    manifest: Manifest
    config: Config
    wrote_config: bool
    same_config: bool
    paused: int
    schema: int


def bring_back(source: Path, config_file: Path, progress: Progress = silent) -> Restored:
    """Restore `source`. Where there is no configuration the backup's is written too.

    Refuses while a service runs, and when database or another key is there. Raises CommandError, ConfigError,
    StoreCorrupt, StoreUnavailable; what was there before is as it was.
    """
    text = backup.config_of(source)
    there = config_file.exists()
    config = (
        configuration.load(config_file)
        if there
        else configuration.parse(text.decode("utf-8", "replace"), str(config_file.parent.resolve()))
    )
    with _orderly(config, config_file), migrate.only_server(config.database_path):
        manifest, schema, paused = _bring_back(source, config, progress)
        same = config_file.read_bytes() == text if there else True
        if not there:
            config_file.write_bytes(text)
    return Restored(manifest, config, not there, same, paused, schema)


@contextmanager
def _orderly(config: Config, config_file: Path) -> Iterator[None]:
    """Folders and files made inside belong to whom the folder around them does; what was refused leaves none behind."""
    lock = migrate.lock_file(config.database_path)
    files = (config.database_path, config.path(config.site.key_file), lock, config_file)
    new = {folder for file in files for folder in file.parents if not folder.exists()}
    made = [*sorted(new), *(file for file in files if not file.exists())]
    try:
        yield
        for one in made:
            migrate.hand_over(one)
    except BaseException:
        if lock.parent in new:
            lock.unlink(missing_ok=True)
        for folder in sorted(new, key=lambda one: len(one.parts), reverse=True):
            with suppress(OSError):  # not made yet, or not empty: then it is somebody's
                folder.rmdir()
        raise


def _bring_back(source: Path, config: Config, progress: Progress) -> tuple[Manifest, int, int]:
    database, key_file = config.database_path, config.path(config.site.key_file)
    _refuse_database(database)
    with _temporary(database, key_file) as (new_database, new_key):
        manifest = backup.unpack(source, {DATABASE: new_database, KEY: new_key}, progress)
        key = keys.load(new_key)
        schema = migrate.check(new_database, key.site_id, allow_older=True, thorough=False)
        if key_file.exists() and key_file.read_bytes() != new_key.read_bytes():
            raise CommandError(f"{key_file} is another key than the backup's; move it away and try again")
        age = max(0, SystemClock().now() - manifest.taken_at)
        paused = snapshot.prepare(new_database, age, rehearsal=config.delivery.transport == "mailroom")
        # The key first: a database without its key would be refused, a key alone is completed by the next try.
        if not key_file.exists():
            _move(new_key, key_file)
        _move(new_database, database)
    return manifest, schema, paused


def _refuse_database(database: Path) -> None:
    """An old log beside a new database would be played into it, so that is moved away too."""
    there = [path for path in (database, *(Path(f"{database}{end}") for end in BESIDE)) if os.path.lexists(path)]
    if there:
        raise CommandError(
            f"{' and '.join(str(path) for path in there)} {'is' if len(there) == 1 else 'are'} there already;"
            " move it away (all of it, together with its key if that is another) and try again"
        )


@contextmanager
def _temporary(database: Path, key_file: Path) -> Iterator[tuple[Path, Path]]:
    paths = [path.with_name(f".{path.name}{UNFINISHED}") for path in (database, key_file)]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield paths[0], paths[1]
    finally:
        for path in (*paths, *(Path(f"{paths[0]}{end}") for end in BESIDE)):
            path.unlink(missing_ok=True)


def _move(unfinished: Path, path: Path) -> None:
    unfinished.rename(path)
    backup.sync_folder(path.parent)

"""The files that a site begins with: the key and the database, made together, or completed when that broke off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mailsvc import keys
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.ids import Randomness
from mailsvc.store import migrate


@dataclass(frozen=True, slots=True)
class Made:
    """Which of the two were made now; the others were there and belong together."""

    key: bool
    database: bool


def ensure(config: Config, randomness: Randomness) -> Made:
    """Make what is missing of key and database, and check what is there.

    Raises CommandError for a database without its key, StoreCorrupt for a database that cannot be served, ConfigError
    for a key file that is none.
    """
    key_path, database = config.path(config.site.key_file), config.database_path
    if database.exists() and not key_path.exists():
        raise CommandError(
            f"there is a database {database} but not its key file {key_path}; bring the key back, or move both away"
        )
    try:
        made_key = _ensure_key(key_path, randomness, alone=not database.exists())
        site_id = keys.load(key_path).site_id
        if database.exists():
            migrate.check(database, site_id)
            return Made(made_key, database=False)
        _make_database(database, site_id)
    except OSError as error:
        raise CommandError(f"cannot write {error.filename or database}: {error.strerror or error}") from error
    return Made(made_key, database=True)


def _ensure_key(path: Path, randomness: Randomness, *, alone: bool) -> bool:
    if path.exists() and not (alone and path.stat().st_size == 0):
        return False
    path.unlink(missing_ok=True)  # empty and without a database: making it broke off before a secret was in it
    keys.create(path, randomness)
    return True


def _make_database(path: Path, site_id: str) -> None:
    """Make it under another name and move it when it is whole, so that half a database is never found under its own."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    for leftover in (unfinished, *(Path(f"{unfinished}{end}") for end in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    migrate.create(unfinished, site_id)
    unfinished.rename(path)

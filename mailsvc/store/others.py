"""Databases of other programs, in SQLite: opened to read only, and closed again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from mailsvc.errors import CommandError


class OtherDatabase:
    """A file that another program keeps; every look opens it anew, and nothing of ours is ever written there."""

    def __init__(self, file: Path, what: str) -> None:
        self._file = file
        self._what = what

    def all(self, sql: str, **params: object) -> list[dict[str, Any]]:
        """The rows of a query, by column; CommandError where the file is not what it should be."""
        try:
            with closing(sqlite3.connect(f"{self._file.resolve().as_uri()}?mode=ro", uri=True)) as database:
                database.row_factory = sqlite3.Row
                return [dict(row) for row in database.execute(sql, params)]
        except sqlite3.Error as error:
            raise CommandError(f"{self._file} is not {self._what}: {error}") from error

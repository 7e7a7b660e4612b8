"""What `mailsvc check` finds: one line for each thing looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mailsvc.errors import CommandError, ConfigError, StoreCorrupt, StoreUnavailable


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what was seen or what to do."""

    name: str
    text: str
    ok: bool = True


def look(name: str, at: Callable[[], str]) -> Finding:
    """What `at` saw, or why it is not well."""
    try:
        return Finding(name, at())
    except (ConfigError, CommandError, StoreCorrupt, StoreUnavailable) as error:
        return Finding(name, str(error), ok=False)
    except OSError as error:
        return Finding(name, f"{error.filename or ''} {error.strerror or error}", ok=False)

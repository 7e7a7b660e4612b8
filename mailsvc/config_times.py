"""What `config` cannot check itself: times of the week, which are read by `cases.schedule`, a layer above it."""

from __future__ import annotations

from typing import Final

from mailsvc.cases import schedule
from mailsvc.config import Config, line_of
from mailsvc.errors import ConfigError

KEYS: Final = ("letters.my_week", "digests.leadership", "digests.preparation", "digests.others", "digests.posts")
EVERY_DAY: Final = ("digests.posts",)  # these have a time alone


def check(config: Config, text: str = "") -> None:
    """ConfigError with key and line (of the file `text`) for the first time that is none."""
    for key in KEYS:
        section, _, name = key.partition(".")
        value = getattr(getattr(config, section), name)
        read = schedule.parse(f"daily {value}" if key in EVERY_DAY else value)
        if isinstance(read, str):
            raise ConfigError(read, key, line_of(text, key))

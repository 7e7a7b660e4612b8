"""Reading config.toml: TOML, known keys, types, then the rules; whatever is wrong is told with its key and line."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from mailsvc.config import rules
from mailsvc.config.sections import Config
from mailsvc.errors import ConfigError


def load(path: Path) -> Config:
    """Read and check `path`; raises ConfigError with key and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; `mailsvc init` writes one") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not written in UTF-8 (octet {error.start + 1})") from None
    return parse(text, base=str(path.resolve().parent))


def parse(text: str, base: str = ".") -> Config:
    """Check the TOML text of a config file; raises ConfigError with key and line."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"not TOML: {error}") from None
    _check_keys(raw, text)
    try:
        config = msgspec.convert({**raw, "base": base}, Config)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        key = where.rstrip("`")
        raise ConfigError(_in_words(message), key, line_of(text, key)) from None
    rules.check(config, lambda key: line_of(text, key))
    return config


_TYPES = {
    "str": 'a text in quotes, "…"',
    "int": "a whole number without quotes",
    "bool": "true or false",
    "array": 'a list, ["…", "…"]',
    "object": "a section with keys",
    "float": "a number with a decimal point",
}


def _in_words(message: str) -> str:
    """msgspec's "Expected `str`, got `int`" in the words of somebody who writes TOML; anything else as it is."""
    match = re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", message)
    if match is None or match[1] not in _TYPES:
        return message
    return f"must be {_TYPES[match[1]]}, and is {_TYPES.get(match[2], match[2])}"


def _check_keys(raw: dict[str, Any], text: str) -> None:
    sections = {f.name: f.type for f in msgspec.structs.fields(Config) if f.name != "base"}
    for name, value in raw.items():
        if name not in sections:
            raise ConfigError(_unknown("section", name, sections), name, line_of(text, name))
        if not isinstance(value, dict):
            raise ConfigError("is a section and needs keys", name, line_of(text, name))
        known = {f.name for f in msgspec.structs.fields(sections[name])}
        for key in value:
            if key not in known:
                raise ConfigError(_unknown("key", key, known), f"{name}.{key}", line_of(text, f"{name}.{key}"))


def _unknown(what: str, name: str, known: object) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)  # type: ignore[call-overload]
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f'unknown {what} "{name}"{hint}'


def _sets(line: str, name: str) -> bool:
    """Whether a line gives `name` a value."""
    return re.match(rf"""\s*["']?{re.escape(name)}["']?\s*[.=]""", line) is not None


def line_of(text: str, key: str) -> int | None:
    """In which line of a config file `section.key` (or a section alone) gets its value; None where it does not."""
    section, _, name = key.partition(".")
    name = name.partition("[")[0]
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[\[?([^\[\]]+)\]", line)
        if heading:
            current = heading[1].strip()
            if not name and current == section:
                return number
        elif (current, name) in ((section, name or None), ("", "")) and _sets(line, name or section):
            return number
    return None

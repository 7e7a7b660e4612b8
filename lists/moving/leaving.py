"""Everything of a site in files that other programs read: settings as TOML, members as CSV, posts as mbox."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from lists import store
from lists.model import Group
from lists.moving import store as moving
from mailsvc.clock import Instant, to_datetime
from mailsvc.config.file import toml_value
from mailsvc.errors import CommandError
from mailsvc.ids import RawId
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Row

T = TypeVar("T")


class Reader(Protocol):
    """Runs a unit that only looks."""

    def __call__(self, unit: Callable[[ReadTx], T], /) -> T:
        """What the unit gives."""


COLUMNS = ("address", "name", "role", "delivery", "language")
MORE = ("hidden", "own_copy", "posting", "state", "joined_at")
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


def export(read: Reader, folder: Path) -> list[tuple[str, int, int]]:
    """Write a folder for each group; name, members and posts of each. CommandError where `folder` is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} is there already and not empty; nothing was written")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [_group(read, one, folder / one.name) for one in read(store.groups)]


def _group(read: Reader, group: Group, folder: Path) -> tuple[str, int, int]:
    folder.mkdir(mode=0o700)
    (folder / "group.toml").write_bytes(_toml(_settings(group)).encode())
    rows = read(lambda tx: moving.members(tx, group.id))
    (folder / "members.csv").write_text(_csv(rows, COLUMNS), "utf-8")
    (folder / "members-more.csv").write_text(_csv(rows, ("address", *MORE)), "utf-8")
    posts = read(lambda tx: moving.posts(tx, group.id))
    with (folder / "posts.mbox").open("wb") as file:
        for row in posts:  # one at a time: a group's posts may be larger than the memory
            content = read(partial(inbox.raw, raw_id=RawId(row["raw_id"])))
            file.write(_mbox(content, row["reverse_path"] or "", Instant(row["at"])))
    return group.name, len(rows), len(posts)


def _settings(group: Group) -> dict[str, object]:
    known = {
        "name": group.name, "kind": group.kind, "title": group.title, "language": group.language, "post": group.post,
        "join": group.join, "state": group.state,
    }  # fmt: skip
    settings = msgspec.to_builtins(group.settings)
    return {**known, "settings": {key: value for key, value in settings.items() if value is not None}}


def _toml(settings: Mapping[str, object]) -> str:
    """Keys and values a line each; a mapping is a section."""
    plain = [f"{key} = {toml_value(value)}" for key, value in settings.items() if not isinstance(value, dict)]
    sections = [f"\n[{key}]\n{_toml(value)}" for key, value in settings.items() if isinstance(value, dict)]
    return "\n".join([*plain, *sections]) + "\n"


def _csv(rows: list[Row], columns: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        shown = {**{name: row[name] for name in columns if name != "joined_at"}}
        if "joined_at" in columns:
            shown["joined_at"] = to_datetime(row["joined_at"], UTC).isoformat()
        writer.writerow([shown[name] for name in columns])
    return text.getvalue()


def _mbox(content: bytes, sender: str, at: Instant) -> bytes:
    """One mail as mboxrd has it: a line `From `, line ends LF, and `>` before every line that would look like one."""
    moment = to_datetime(at, UTC).strftime("%a %b %e %H:%M:%S %Y")
    body = _FROM.sub(rb">\1", content.replace(b"\r\n", b"\n"))
    who = sender.encode("utf-8", "replace").replace(b" ", b"_") or b"MAILER-DAEMON"
    return b"From " + who + b" " + moment.encode() + b"\n" + body + (b"" if body.endswith(b"\n") else b"\n") + b"\n"

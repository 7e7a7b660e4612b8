"""Imports go one way. The layers are import-linter's (pyproject.toml); here is who may use which library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.arch.sources import Module, modules, parse

# A library, and the modules (with all beneath them) that alone may import it.
ONLY_IN = {
    "aiosmtpd": ("mailsvc.receive",),
    "aiosqlite": ("mailsvc.store",),
    "sqlite3": ("mailsvc.store",),
    "psycopg": ("mailsvc.store",),
    "jinja2": ("mailsvc.letters", "mailsvc.web"),
    "apscheduler": ("mailsvc.schedule",),
    "starlette": ("mailsvc.web",),
    "uvicorn": ("mailsvc.web", "mailsvc.app"),
    "mailsvc.app": ("mailsvc.cli", "mailsvc.__main__"),
    "mailsvc.cli": ("mailsvc.__main__",),
}

# What the values (pure, at the bottom) may never know: sockets, databases, pages, time tables.
VALUES = ("mailsvc.message", "mailsvc.errors", "mailsvc.limits", "mailsvc.clock", "mailsvc.ids", "mailsvc.config")
NOT_FOR_VALUES = (
    "asyncio",
    "socket",
    "mailsvc.app",
    "mailsvc.cases",
    "mailsvc.cli",
    "mailsvc.deliver",
    "mailsvc.letters",
    "mailsvc.people",
    "mailsvc.receive",
    "mailsvc.registry",
    "mailsvc.schedule",
    "mailsvc.store",
    "mailsvc.web",
    "mailsvc.work",
)


def within(name: str, package: str) -> bool:
    """True when dotted `name` is `package` or lies beneath it."""
    return name == package or name.startswith(package + ".")


def faults(module: Module) -> list[str]:
    """What `module` imports against the rules, one sentence each."""
    found = []
    for imported in sorted(module.imports()):
        for library, users in ONLY_IN.items():
            itself = within(module.name, library)
            if within(imported, library) and not itself and not any(within(module.name, user) for user in users):
                found.append(f"{module.name} imports {imported}; only {' and '.join(users)} may")
        if any(within(module.name, value) for value in VALUES):
            found += [
                f"{module.name} is a value and imports {imported}" for edge in NOT_FOR_VALUES if within(imported, edge)
            ]
    return found


def test_imports_keep_the_rules() -> None:
    assert [fault for module in modules() for fault in faults(module)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lists/posts/posting.py", "import sqlite3"),
        ("lists/posts/posting.py", "def f():\n    from jinja2 import Template"),
        ("mailsvc/routing.py", "from mailsvc import app"),
        ("mailsvc/web/pages.py", "from ..cli import main"),
        ("mailsvc/message/parsing.py", "from mailsvc.store.database import Tx"),
        ("mailsvc/message/__init__.py", "from .. import registry"),
        ("mailsvc/deliver/smtp_client.py", "import aiosmtpd.smtp"),
    ],
)
def test_a_wrong_import_is_seen(path: str, text: str) -> None:
    assert faults(parse(Path(path), text))


def test_the_right_places_may() -> None:
    assert faults(parse(Path("mailsvc/receive/smtp.py"), "from aiosmtpd.smtp import SMTP")) == []
    assert faults(parse(Path("mailsvc/cli.py"), "from mailsvc.app import build")) == []
    assert faults(parse(Path("mailsvc/message/reply_text.py"), "from mailsvc.message.parsing import Message")) == []

"""The shape of the code: small files and functions, a docstring each, SQL only where it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.arch.sources import Module, modules, parse
from tests.tools import ROOT

LONGEST_FILE = 600
LONGEST_FUNCTION = 60

SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+(?:OR\s+\w+\s+)?INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\b(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|TRIGGER|VIEW)\b|^\s*PRAGMA\b",
    re.DOTALL,
)


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of the module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def may_hold_sql(path: Path) -> bool:
    """True for store.py, NAME_store.py and everything beneath a folder store/."""
    return path.stem == "store" or path.stem.endswith("_store") or "store" in path.parts[:-1]


def sql_lines(module: Module) -> list[int]:
    """Lines of the strings that hold SQL; docstrings may speak of it."""
    docstrings = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            if SQL.search(node.value):
                found.append(node.lineno)
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
            if SQL.search(text):
                found.append(node.lineno)
    return sorted(set(found))


def test_files_are_short() -> None:
    lengths = {str(module.path): len(module.text.splitlines()) for module in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if (function.end_lineno or function.lineno) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(module.path) for module in modules() if not (ast.get_docstring(module.tree) or "").strip()]
    assert silent == []


def test_every_package_is_one() -> None:
    folders = {module.path.parent for module in modules()}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []


def test_sql_only_in_stores() -> None:
    assert [f"{m.path}:{line}" for m in modules() if not may_hold_sql(m.path) for line in sql_lines(m)] == []


@pytest.mark.parametrize(
    "text",
    ['x = "SELECT id FROM person"', 'x = f"""\nUPDATE {t} SET a = 1"""', 'x = "INSERT OR IGNORE INTO a VALUES (1)"'],
)
def test_sql_is_seen(text: str) -> None:
    assert sql_lines(parse(Path("lists/posts/posting.py"), text)) == [1]


def test_what_is_no_sql_is_left_alone() -> None:
    quiet = (
        '"""SELECT a FROM b is what the store says."""\nx = "Select the moderator from the list; update your rules"\n'
    )
    assert sql_lines(parse(Path("lists/posts/posting.py"), quiet)) == []


def test_where_sql_may_be() -> None:
    assert may_hold_sql(Path("lists/store.py"))
    assert may_hold_sql(Path("mailsvc/cases/case_store.py"))
    assert may_hold_sql(Path("mailsvc/store/migrate.py"))
    assert not may_hold_sql(Path("mailsvc/deliver/outgoing.py"))

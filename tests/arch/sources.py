"""The product's modules, parsed: what the architecture tests look at."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.tools import ROOT

PACKAGES = ("mailsvc", "lists", "workflows")


@dataclass(frozen=True, slots=True)
class Module:
    """One product file: dotted name, path relative to the repository, text and syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    def imports(self) -> set[str]:
        """Dotted names of all that is imported, anywhere in the file; `from a import b` gives `a` and `a.b`."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                found.add(base)
                found.update(f"{base}.{alias.name}" for alias in node.names)
        return found

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        parts = package[: len(package) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product."""
    return tuple(
        parse(path.relative_to(ROOT), path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    )


def parse(path: Path, text: str) -> Module:
    """A module from its path (relative to the repository) and its text."""
    parts = path.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, text, ast.parse(text, filename=str(path)))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the repository; without git, every file but .venv's."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        names = [Path(name) for name in listed.split("\0") if name]
    else:
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [path for path in found if not path.parts[0].startswith(".venv") and "__pycache__" not in path.parts]
    return tuple(sorted(path for path in names if (ROOT / path).is_file()))

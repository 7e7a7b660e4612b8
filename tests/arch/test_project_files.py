"""What the repository may hold: nothing of the machine it was written on, and requirements that pin everything."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.arch.sources import project_files
from tests.tools import ROOT

# Put together here so that this file does not hold what it looks for.
_HOSTS = [
    r"\.".join(words) for words in (("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
REGISTRY_HOST = re.compile("|".join(_HOSTS), re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:root|home|Users|work|opt)/\w")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def text_of(path: Path) -> str | None:
    """The file's text, None when it is binary."""
    try:
        return (ROOT / path).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """`path:line` of every line of a text file of the repository in which `pattern` is found."""
    return [
        f"{path}:{number}"
        for path in project_files()
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]


def pins(path: Path) -> dict[str, set[str]]:
    """Name -> pinned versions (more than one where markers choose)."""
    found: dict[str, set[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line and line[0] not in " #":
            requirement = Requirement(line.removesuffix("\\"))
            (pin,) = requirement.specifier
            assert pin.operator == "==", line
            found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


def test_no_registry_host_is_named() -> None:
    assert lines_with(REGISTRY_HOST) == []


def test_no_path_of_a_machine_is_named() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_a_machine_path_is_seen() -> None:
    assert MACHINE_PATH.search("see /" + "home/anna/x")
    assert not MACHINE_PATH.search("https://networks.example.org/" + "work/1")


def test_no_file_is_huge() -> None:
    assert [str(path) for path in project_files() if (ROOT / path).stat().st_size > 1_000_000] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    assert re.findall(r"^\s*--(?!hash=sha256:[0-9a-f]{64}\b).*", text, re.MULTILINE) == []
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert pins(path)


def declared(group: str | None) -> list[Requirement]:
    """The requirements that pyproject.toml declares: of the project, or of a dependency group with what it includes."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if group is None:
        return [Requirement(text) for text in data["project"]["dependencies"]]
    found: list[Requirement] = []
    for item in data["dependency-groups"][group]:
        found += [Requirement(item)] if isinstance(item, str) else declared(item["include-group"])
    return found


@pytest.mark.parametrize(("name", "group"), [("run", None), ("build", "build"), ("dev", "dev"), ("dev", None)])
def test_pins_satisfy_what_is_declared(name: str, group: str | None) -> None:
    pinned = pins(ROOT / "requirements" / f"{name}.txt")
    for requirement in declared(group):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is declared but not pinned; run `make pins`"
        assert all(version in requirement.specifier for version in versions), f"{requirement} but {versions}"


def test_tests_run_on_what_runs() -> None:
    run, dev = pins(ROOT / "requirements" / "run.txt"), pins(ROOT / "requirements" / "dev.txt")
    assert {name: versions for name, versions in run.items() if dev.get(name) != versions} == {}

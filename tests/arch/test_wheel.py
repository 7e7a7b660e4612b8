"""The wheel holds all that is needed: the three packages, the shared templates, the migrations, the licence."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mailsvc import resources
from tests.arch.sources import PACKAGES, project_files
from tests.tools import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built by the installed backend; needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_everything_of_the_product_is_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in project_files():
        if path.parts[0] in PACKAGES:
            assert path.as_posix() in names
        elif path.parts[0] == "templates":
            assert f"mailsvc/{path.as_posix()}" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)


def test_templates_are_found_in_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = "from mailsvc import resources; print(resources.templates_dir()); print(resources.locale_dir())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    inside = tmp_path.resolve() / "mailsvc" / "templates"
    assert result.stdout.splitlines() == [str(inside), str(inside / "locale")]


def test_templates_are_found_in_the_checkout() -> None:
    assert resources.templates_dir() == ROOT / "templates"
    assert resources.locale_dir() == ROOT / "templates" / "locale"


def test_an_incomplete_installation_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "mailsvc")
    with pytest.raises(FileNotFoundError, match="incomplete"):
        resources.templates_dir()

"""A fresh machine: the Python that works is chosen, and a missing piece is named in one sentence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT

BASE = Path(getattr(sys, "_base_executable", sys.executable))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that is the whole PATH, with nothing in it but the shell's own tools."""
    for tool in ("sh", "printf"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool}"))
    return tmp_path


def command(folder: Path, name: str, text: str) -> Path:
    """An executable shell script `name` in `folder`."""
    script = folder / name
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    return script


def choose(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/python with nothing else in the environment."""
    return subprocess.run(
        ["sh", str(ROOT / ".ci" / "python")],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_that_does_not_run_is_passed_over(path: Path) -> None:
    command(path, "python3.13", "echo 'command not found' >&2; exit 127")
    works = command(path, "python3.12", f'exec "{BASE}" "$@"')
    command(path, "python3", "exit 1")
    result = choose(path)
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{works}\n", "")


def test_no_python_at_all(path: Path) -> None:
    result = choose(path)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "python3 is not there or does not run" in result.stderr
    assert "apt install python3 python3-venv" in result.stderr


def test_python_without_venv(path: Path) -> None:
    hidden = path / "hidden"
    hidden.mkdir()
    (hidden / "ensurepip.py").write_text("raise ImportError")
    command(path, "python3.11", f'PYTHONPATH="{hidden}" exec "{BASE}" "$@"')
    result = choose(path)
    assert result.returncode == 1
    assert result.stderr.startswith("python3.11 has no module ensurepip; ")
    assert result.stderr.count("\n") == 1


def test_python_too_old(path: Path) -> None:
    old = path / "old"
    old.mkdir()
    (old / "sitecustomize.py").write_text("import sys\nsys.version_info = (3, 9, 2)\n")
    command(path, "python3", f'PYTHONPATH="{old}" exec "{BASE}" "$@"')
    result = choose(path)
    assert result.returncode == 1
    assert result.stderr.startswith("python3 is 3.9, but mailsvc needs Python 3.11 or newer; ")


def test_a_chosen_python_is_taken_or_named(path: Path) -> None:
    command(path, "python3", f'exec "{BASE}" "$@"')
    mine = command(path, "mine", f'exec "{BASE}" "$@"')
    assert choose(path, PYTHON="mine").stdout == f"{mine}\n"
    assert choose(path, PYTHON="other").stderr.startswith("other is not there or does not run; ")

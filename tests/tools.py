"""What tests ask of the machine: foreign programs, the corpus, and whether the long tests run whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# `make soak`: heavy tests run whole instead of a seeded sample.
SOAK = os.environ.get("MAILSVC_SOAK") == "1"

# CI has installed every tool, so there a skip would hide a test that never runs.
REQUIRE_ALL = os.environ.get("MAILSVC_REQUIRE_ALL") == "1"

# `make golden`: golden files are written, not compared.
UPDATE_GOLDEN = os.environ.get("MAILSVC_UPDATE_GOLDEN") == "1"


def require_tool(name: str) -> str:
    """The path of program `name`; without it the test is skipped, or fails where every tool must be there."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def require_corpus(part: str = "") -> Path:
    """The folder `part` of the corpus of real mails; it is no part of this repository, so absence always only skips."""
    folder = CORPUS / part
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real mails is not beside this checkout")
    assert folder.is_dir(), f"the corpus has no {part}"
    return folder


def without_skips(report: Report) -> Report:
    """`report`, a skip made a failure under MAILSVC_REQUIRE_ALL=1; tests about the absent corpus may skip."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if CORPUS.is_dir() or "corpus" not in f"{report.nodeid} {reason}":
            report.outcome = "failed"
            report.longrepr = f"{reason.removeprefix('Skipped: ')}; MAILSVC_REQUIRE_ALL=1 allows no skip"
    return report

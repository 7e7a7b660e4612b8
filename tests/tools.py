"""What tests ask of the machine: foreign programs, the corpus, and whether the long tests run whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

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
        missing(f"{name} is not installed")
    return path


def missing(what: str) -> NoReturn:
    """Skip the running test for want of `what`, or fail it under MAILSVC_REQUIRE_ALL=1."""
    if REQUIRE_ALL:
        pytest.fail(f"{what}, and MAILSVC_REQUIRE_ALL=1 allows no skip", pytrace=False)
    pytest.skip(what)


def require_corpus(part: str = "") -> Path:
    """The folder `part` of the corpus of real mails; it is no part of this repository, so absence always only skips."""
    folder = CORPUS / part
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real mails is not beside this checkout")
    assert folder.is_dir(), f"the corpus has no {part}"
    return folder

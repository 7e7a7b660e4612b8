"""The real automatic mails of ../shared/corpus/autoreplies. Skipped where the folder is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.parsing import parse

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "autoreplies"


def rows() -> list[dict[str, Any]]:
    path = FOLDER / "expected.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_the_corpus_is_there() -> None:
    if not FOLDER.exists():
        pytest.skip("../shared/corpus is not there; its automatic mails were not read")
    assert len(rows()) == 25


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_mail_is_classified(row: dict[str, Any]) -> None:
    message = parse((FOLDER / row["file"]).read_bytes())
    verdict = classify(message, "anna@example.org", ("networks.example.org",)).verdict
    assert (verdict is not Verdict.NONE) == row["automatic"]

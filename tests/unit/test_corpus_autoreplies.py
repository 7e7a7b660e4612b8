"""The real automatic mails of ../shared/corpus/autoreplies. Skipped where the folder is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.parsing import parse

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "autoreplies"
# Notices that carry no sign at all: a post of theirs may become a held case.
WITHOUT_SIGN = {"sa_cron_report.eml", "sa_gwava_block.eml", "sa_bitdefender.eml"}


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
    if row["file"].rpartition("/")[2] in WITHOUT_SIGN:
        assert verdict is Verdict.NONE
    else:
        assert (verdict is not Verdict.NONE) == row["automatic"]

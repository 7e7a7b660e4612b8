"""The real mails of ../shared/corpus/mime: none raises, stated values hold. Skipped where the folder is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailsvc.limits import Limits
from mailsvc.message.parsing import parse
from mailsvc.message.prescan import prescan

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "mime"
ROWS = FOLDER / "expected.jsonl"


def rows() -> list[dict[str, Any]]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines() if line]


def test_the_corpus_is_there() -> None:
    if not ROWS.exists():
        pytest.skip("../shared/corpus is not there; its real mails were not read")
    assert len(rows()) == 84


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_mail_is_read(row: dict[str, Any]) -> None:
    message = parse((FOLDER / row["file"]).read_bytes())
    refusal = prescan(message.content, Limits())
    assert refusal is None or not refusal.temporary
    expected = row["expected"]
    if "subject" in expected:
        assert message.subject == (expected["subject"] or "")
    if "from" in expected:
        assert [message.from_.display_name, str(message.from_address)] == expected["from"]
    if "from_name" in expected:
        assert message.from_.display_name == expected["from_name"]
    if "attachments" in expected:
        names = [one.name for one in message.attachments if not one.inline]
        assert len(names) == len(expected["attachments"])
        assert all(name.endswith(wanted) for name, wanted in zip(names, expected["attachments"], strict=True))
    if "size" in expected:
        assert expected["size"] in [one.size for one in message.attachments]
    if "body_contains" in expected:
        assert any(expected["body_contains"] in (part.text or "") for part in message.parts)

"""The SQL of tokens that were ever ours."""

from __future__ import annotations

from collections.abc import Iterable

from mailsvc.keys import hash_token
from mailsvc.store.database import ReadTx


def ever_ours(tx: ReadTx, tokens: Iterable[str]) -> list[str]:
    """Those of `tokens` that stood in a letter of ours, whether they still count or not."""
    sql = "SELECT 1 FROM ask WHERE token_hash = :hash"
    return [token for token in sorted(tokens) if tx.one(sql, hash=hash_token(token)) is not None]

"""Limits that survive restarts: how often something happened in a window, by hashed key."""

from __future__ import annotations

from mailsvc.keys import SiteKey
from mailsvc.store import rates as store
from mailsvc.store.database import ReadTx, Tx


def allow(tx: Tx, key: SiteKey, what: str, whom: str, window: int, limit: int) -> bool:
    """Count one more `what` for `whom` in a fixed window (microseconds); False when that is over `limit`.

    `whom` is kept only as a keyed hash: the table tells nobody's address.
    """
    return store.count(tx, _hashed(key, what, whom), tx.now - tx.now % window) <= limit


def used_up(tx: ReadTx, key: SiteKey, what: str, whom: str, window: int, limit: int) -> bool:
    """Whether one more would be over `limit`; counts nothing."""
    return store.counted(tx, _hashed(key, what, whom), tx.now - tx.now % window) >= limit


def _hashed(key: SiteKey, what: str, whom: str) -> str:
    return key.tag("rate", what, whom).hex()

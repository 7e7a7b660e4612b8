"""Work that is run and taken back (what would happen, changing nothing), and work on a file that nobody serves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mailsvc.clock import Clock
from mailsvc.ids import Randomness, SystemRandomness
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import _Transaction, configure, translate

T = TypeVar("T")


def rehearse(path: Path, clock: Clock, randomness: Randomness, unit: Callable[[Tx], T]) -> T:
    """Run `unit` in a transaction of its own and roll it back, whatever it did. Raises StoreUnavailable, StoreCorrupt.

    Until then nobody else can write; a unit is one mail, so that is short.
    """
    try:
        raw = sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None)
        try:
            configure(raw, readonly=False)
            raw.execute("BEGIN IMMEDIATE")
            try:
                return unit(_Transaction(raw, clock.now(), randomness))
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
        finally:
            raw.close()
    except sqlite3.Error as error:
        raise translate(error) from error


def taken_back(tx: Tx, work: Callable[[Tx], T]) -> T:
    """Run `work` inside a unit and take back all that it changed; the rest of the unit stays."""
    tx.execute("SAVEPOINT rehearsed")
    try:
        return work(tx)
    finally:
        tx.execute("ROLLBACK TO rehearsed")
        tx.execute("RELEASE rehearsed")


def commit(raw: sqlite3.Connection, clock: Clock, unit: Callable[[Tx], T]) -> T:
    """Run `unit` in a transaction of its own on a connection that is open, and commit it."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        result = unit(_Transaction(raw, clock.now(), SystemRandomness()))
        raw.execute("COMMIT")
    finally:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
    return result

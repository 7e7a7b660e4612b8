"""Telling other packages that somebody has joined or left a group, so that meetings go into calendars and out again."""

from __future__ import annotations

from mailsvc.cases.model import Cause
from mailsvc.registry import Registry
from mailsvc.store.database import Tx


def members_changed(registry: Registry, tx: Tx, group: int, cause: Cause) -> None:
    """To be called in the transaction that changes the members of a group, once for each group; more is harmless."""
    for told in registry.members_changed:
        told(tx, int(group), cause)

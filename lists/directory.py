"""The first directory: name, title and address of every group that the visitor may see; no members' names."""

from __future__ import annotations

from collections.abc import Mapping

from lists import store
from lists.model import KINDS
from mailsvc.registry import Page, PageFunction, Registry, Visitor
from mailsvc.store.database import ReadTx


def page(registry: Registry) -> PageFunction:
    """The function behind `/`."""
    config = registry.site.config

    def directory(tx: ReadTx, visitor: Visitor, _parameters: Mapping[str, str]) -> Page:
        rows = [
            {
                "name": group.name,
                "title": group.title,
                "address": f"{group.name}@{config.site.domain}",
                "join_address": f"{group.name}-join@{config.site.domain}" if group.join != "closed" else "",
                "kind": group.kind,
                "purpose": group.settings.purpose,
            }
            for group in store.groups(tx)
            if group.open and (visitor.internal or group.settings.audience == "public")
        ]
        rows.sort(key=lambda row: (KINDS.index(row["kind"]), row["name"]))
        return Page("directory", config.site.name, {"groups": rows, "site": config.site.name})

    return directory

"""What letters say of a group."""

from __future__ import annotations

from lists.model import Group
from mailsvc.config import Config
from mailsvc.store.outgoing import Values


def group_values(group: Group, config: Config) -> Values:
    """Name, title and addresses of a group as letters print them."""
    domain = config.site.domain
    return {
        "name": group.name,
        "title": group.title,
        "purpose": group.settings.purpose,
        "address": f"{group.name}@{domain}",
        "join": f"{group.name}-join@{domain}",
        "leave": f"{group.name}-leave@{domain}",
        "request": f"{group.name}-request@{domain}",
        "owner": f"{group.name}-owner@{domain}",
        "docs": f"{group.name}-docs@{domain}",
        "moderated": group.post == "moderated",
        "announce": group.post == "moderators",
    }

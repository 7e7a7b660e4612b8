"""The SQL of Mailman 3's own database, as its schema 3.3 has it."""

from __future__ import annotations

from typing import Any, Final

from mailsvc.store.others import OtherDatabase

_MEMBERS: Final = """
SELECT m.role, a.email, coalesce(nullif(a.display_name, ''), u.display_name, '') AS name,
       coalesce(own.delivery_mode, ap.delivery_mode, up.delivery_mode, 1) AS mode,
       coalesce(own.delivery_status, ap.delivery_status, up.delivery_status, 1) AS status,
       coalesce(own.hide_address, ap.hide_address, up.hide_address, 0) AS hidden,
       coalesce(own.preferred_language, ap.preferred_language, up.preferred_language, '') AS language
FROM member m
LEFT JOIN user mu ON mu.id = m.user_id
JOIN address a ON a.id = coalesce(m.address_id, mu._preferred_address_id)
LEFT JOIN user u ON u.id = a.user_id
LEFT JOIN preferences own ON own.id = m.preferences_id
LEFT JOIN preferences ap ON ap.id = a.preferences_id
LEFT JOIN preferences up ON up.id = u.preferences_id
WHERE m.list_id = :list ORDER BY m.role = 1, m.role, m.id
"""


def lists(database: OtherDatabase) -> list[dict[str, Any]]:
    """Every list with its settings."""
    return database.all("SELECT * FROM mailinglist ORDER BY list_name, mail_host")


def members(database: OtherDatabase, list_id: str) -> list[dict[str, Any]]:
    """Everybody of a list, owners first; what they have not chosen is as their address or user has it."""
    return database.all(_MEMBERS, list=list_id)

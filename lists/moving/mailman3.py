"""Lists of Mailman 3, from its database in SQLite (`var/data/mailman.db`); facts of its schema 3.3."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from lists.moving.found import FoundList, FoundMember, group_name, language, merged
from mailsvc.errors import CommandError

_PLACES: Final = ("", "mailman.db", "data/mailman.db", "var/data/mailman.db")
_ROLES: Final = {1: "member", 2: "owner", 3: "moderator"}  # 4: not a member, but known
_HOLD, _REJECT, _DISCARD, _ACCEPT = 0, 1, 2, 3
_JOINING: Final = {0: "open", 1: "confirm", 2: "moderated", 3: "moderated"}
_ENABLED: Final = 1
_REGULAR: Final = 1
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


def read(path: Path) -> list[FoundList]:
    """Every list of the database at `path`, or in a folder of Mailman's; only read. CommandError for none."""
    file = next((one for one in (path / place if place else path for place in _PLACES) if one.is_file()), None)
    if file is None:
        raise CommandError(
            f"{path} holds no mailman.db; from PostgreSQL or MySQL use its CSV export and `member import`"
        )
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            rows = database.execute("SELECT * FROM mailinglist ORDER BY list_name, mail_host").fetchall()
            return [_list(dict(row), database) for row in rows]
    except sqlite3.Error as error:
        raise CommandError(f"{file} is not a database of Mailman 3: {error}") from error


def _list(row: Mapping[str, Any], database: sqlite3.Connection) -> FoundList:
    members = [
        FoundMember(
            one["email"],
            one["name"],
            _ROLES[one["role"]],
            "none" if one["status"] != _ENABLED else "each" if one["mode"] == _REGULAR else "daily",
            language(one["language"]),
            bool(one["hidden"]),
        )
        for one in database.execute(_MEMBERS, {"list": row["list_id"]})
        if one["role"] in _ROLES
    ]
    prefix = str(row.get("subject_prefix") or "")
    return FoundList(
        group_name(row["list_name"]),
        title=str(row.get("display_name") or ""),
        purpose=str(row.get("description") or ""),
        language=language(str(row.get("preferred_language") or "")),
        post=_post(row),
        join=_JOINING.get(int(row.get("subscription_policy") or 0), "confirm"),
        subject_prefix=prefix,
        members=merged(members),
        left_out=("header filters", "autoresponses") if row.get("autorespond_postings") else (),
    )


def _post(row: Mapping[str, Any]) -> str:
    if row.get("default_member_action") in (_REJECT, _DISCARD):
        return "moderators"
    if row.get("default_member_action") == _HOLD or row.get("emergency"):
        return "moderated"
    return "anyone" if row.get("default_nonmember_action") == _ACCEPT else "members"

"""Lists of Mailman 3, from its database in SQLite (`var/data/mailman.db`); facts of its schema 3.3."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lists.moving import mailman3_store
from lists.moving.found import FoundList, FoundMember, group_name, language, merged
from mailsvc.errors import CommandError
from mailsvc.store.others import OtherDatabase

_PLACES: Final = ("", "mailman.db", "data/mailman.db", "var/data/mailman.db")
_ROLES: Final = {1: "member", 2: "owner", 3: "moderator"}  # 4: not a member, but known
_HOLD, _REJECT, _DISCARD, _ACCEPT = 0, 1, 2, 3
_JOINING: Final = {0: "open", 1: "confirm", 2: "moderated", 3: "moderated"}
_ENABLED: Final = 1
_REGULAR: Final = 1


def read(path: Path) -> list[FoundList]:
    """Every list of the database at `path`, or in a folder of Mailman's; only read. CommandError for none."""
    file = next((one for one in (path / place if place else path for place in _PLACES) if one.is_file()), None)
    if file is None:
        raise CommandError(
            f"{path} holds no mailman.db; from PostgreSQL or MySQL use its CSV export and `member import`"
        )
    database = OtherDatabase(file, "a database of Mailman 3")
    return [_list(row, database) for row in mailman3_store.lists(database)]


def _list(row: Mapping[str, Any], database: OtherDatabase) -> FoundList:
    members = [
        FoundMember(
            one["email"],
            one["name"],
            _ROLES[one["role"]],
            "none" if one["status"] != _ENABLED else "each" if one["mode"] == _REGULAR else "daily",
            language(one["language"]),
            bool(one["hidden"]),
        )
        for one in mailman3_store.members(database, row["list_id"])
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

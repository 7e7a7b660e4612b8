"""Lists of Mailman 2.1: a pickle each (`lists/NAME/config.pck`), read without running anything that stands in it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lists.moving.found import FoundList, FoundMember, group_name, language, merged
from mailsvc.errors import CommandError

LARGEST: Final = 256 * 1024 * 1024  # octets
_ACCEPT, _HOLD = 0, 0  # of strangers; of members under moderation
_NO_MAIL, _HIDDEN = 1, 16  # bits of user_options
_ENABLED: Final = 0


class _Inert:
    """Stands for whatever class a pickle names: it can be made and filled, and does nothing."""

    def __init__(self, *_args: object, **_named: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


def _reconstructor(*_args: object) -> _Inert:
    return _Inert()


class _Unpickler(pickle.Unpickler):
    """No name in a pickle finds anything of ours or of Python's."""

    def find_class(self, _module: str, name: str, /) -> Any:  # noqa: ANN401 - the base class says so
        """See pickle.Unpickler."""
        return _reconstructor if name == "_reconstructor" else _Inert


def read(path: Path) -> list[FoundList]:
    """The list of a `config.pck`, of its folder, or all lists of Mailman's folder. CommandError for none."""
    if path.is_file():
        files = [path]
    else:
        files = sorted([*path.glob("config.pck"), *path.glob("*/config.pck"), *path.glob("lists/*/config.pck")])
    if not files:
        raise CommandError(f"{path} holds no config.pck of Mailman 2.1")
    return [_list(_load(file), file) for file in files if file.parent.name != "mailman"]


def _load(file: Path) -> Mapping[str, Any]:
    if file.stat().st_size > LARGEST:
        raise CommandError(f"{file} is larger than {LARGEST} octets")
    try:
        found = _Unpickler(io.BytesIO(file.read_bytes()), encoding="latin-1").load()
    except Exception as error:  # a broken pickle can raise anything
        raise CommandError(f"{file} cannot be read: {error}") from error
    data = {_text(key): value for key, value in found.items()} if isinstance(found, dict) else {}
    if not isinstance(data.get("members"), dict):
        raise CommandError(f"{file} is not the config.pck of a list")
    return data


def _list(data: Mapping[str, Any], file: Path) -> FoundList:
    name = _text(data.get("_internal_name")) or _text(data.get("real_name")) or file.parent.name
    people = [
        *(FoundMember(_text(one), role="owner") for one in data.get("owner") or ()),
        *(FoundMember(_text(one), role="moderator") for one in data.get("moderator") or ()),
        *_members(data, "members", "each"),
        *_members(data, "digest_members", "daily"),
    ]
    return FoundList(
        group_name(name),
        title=_text(data.get("real_name")),
        purpose=_text(data.get("description")),
        language=language(_text(data.get("preferred_language"))),
        post=_post(data),
        join="moderated" if data.get("subscribe_policy") in (2, 3) else "confirm",
        subject_prefix=_text(data.get("subject_prefix")),
        members=merged(people),
        left_out=("topics",) if data.get("topics") else (),
    )


def _members(data: Mapping[str, Any], which: str, delivery: str) -> list[FoundMember]:
    found = []
    for key, kept in sorted((data.get(which) or {}).items(), key=lambda one: _text(one[0])):
        address = _text(kept) if isinstance(kept, (str, bytes)) and kept else _text(key)
        options = _of(data, "user_options", key) or 0
        status = _of(data, "delivery_status", key)
        off = isinstance(status, tuple) and bool(status) and status[0] != _ENABLED
        number = options if isinstance(options, int) else 0
        found.append(
            FoundMember(
                address,
                _text(_of(data, "usernames", key)),
                "member",
                "none" if off or number & _NO_MAIL else delivery,
                language(_text(_of(data, "language", key))),
                bool(number & _HIDDEN),
            )
        )
    return found


def _of(data: Mapping[str, Any], table: str, key: object) -> Any:  # noqa: ANN401 - whatever the pickle holds
    kept = data.get(table)
    return kept.get(key) if isinstance(kept, dict) else None


def _post(data: Mapping[str, Any]) -> str:
    if data.get("default_member_moderation"):
        return "moderated" if data.get("member_moderation_action", _HOLD) == _HOLD else "moderators"
    if data.get("emergency"):
        return "moderated"
    return "anyone" if data.get("generic_nonmember_action", 1) == _ACCEPT else "members"


def _text(value: object) -> str:
    """A text of Python 2, whose letters may be UTF-8 or Latin-1."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value

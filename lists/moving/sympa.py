"""Lists of Sympa: a folder each with `config`, and `members.dump`, `owners.dump`, `editors.dump` (`sympa dump`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lists.moving.found import FoundList, FoundMember, group_name, language, merged
from mailsvc.errors import CommandError

_DUMPS: Final = ("members.dump", "subscribers.db.dump", "subscribers")
_DIGESTS: Final = ("digest", "digestplain", "summary")
_OPEN: Final = ("open", "auth", "smime")


def read(path: Path) -> list[FoundList]:
    """The list in `path`, or every list beneath it (`list_data`, with or without robots). CommandError for none."""
    folders = [path] if _is_list(path) else sorted(one.parent for one in path.glob("*/config") if _is_list(one.parent))
    folders = folders or sorted(one.parent for one in path.glob("*/*/config") if _is_list(one.parent))
    if not folders:
        raise CommandError(f"{path} holds no list of Sympa: that is a folder with a file config that has a subject")
    return [_list(folder) for folder in folders]


def _is_list(folder: Path) -> bool:
    config = folder / "config"
    return config.is_file() and bool(re.search(r"^subject\b", _text(config), re.MULTILINE))


def _list(folder: Path) -> FoundList:
    blocks = list(_blocks(_text(folder / "config")))
    flat = {key: value for block in blocks for key, value in block.items() if key not in ("owner", "editor", "email")}
    people = [
        *_people(blocks, "owner", "owner"),
        *(FoundMember(one["email"], one.get("gecos", ""), "owner") for one in _dump(folder / "owners.dump")),
        *_people(blocks, "editor", "moderator"),
        *(FoundMember(one["email"], one.get("gecos", ""), "moderator") for one in _dump(folder / "editors.dump")),
    ]
    dump = next((folder / name for name in _DUMPS if (folder / name).is_file()), None)
    if dump is None:
        raise CommandError(f"{folder} has no members.dump; make it with `sympa dump --list=…` before")
    people += [_member(one) for one in _dump(dump)]
    return FoundList(
        group_name(folder.name),
        title=flat.get("subject", ""),
        language=language(flat.get("lang", "")),
        post=_post(flat.get("send", "private").split("_")[0]),
        join=_join(flat.get("subscribe", "auth").split("_")[0]),
        subject_prefix=flat.get("custom_subject", ""),
        members=merged(people),
        left_out=tuple(name for name in ("include_sql_query", "include_ldap_query", "family_name") if name in flat),
    )


def _member(one: Mapping[str, str]) -> FoundMember:
    reception = one.get("reception", "mail")
    delivery = "none" if reception == "nomail" else "daily" if reception in _DIGESTS else "each"
    hidden = one.get("visibility", "") == "conceal"
    return FoundMember(one["email"], one.get("gecos", ""), "member", delivery, language(one.get("lang", "")), hidden)


def _people(blocks: list[dict[str, str]], kind: str, role: str) -> list[FoundMember]:
    return [FoundMember(one["email"], one.get("gecos", ""), role) for one in blocks if kind in one and "email" in one]


def _dump(file: Path) -> Iterator[dict[str, str]]:
    """The paragraphs of a dump that name an address."""
    if file.is_file():
        yield from (block for block in _blocks(_text(file)) if "@" in block.get("email", ""))


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Paragraphs of `key value` lines; a key alone, as `owner`, has the value ""."""
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip() and not line.lstrip().startswith("#")]
        found = {key: value.strip() for key, _, value in (line.partition(" ") for line in lines)}
        if found:
            yield found


def _post(scenario: str) -> str:
    if scenario.startswith("public"):
        return "anyone"
    if scenario.startswith(("editor", "newsletter")):
        return "moderated"
    return "moderators" if scenario in ("owner", "closed", "ownerkey") else "members"


def _join(scenario: str) -> str:
    if scenario.startswith(_OPEN):
        return "confirm"
    return "closed" if scenario == "closed" else "moderated"


def _text(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")

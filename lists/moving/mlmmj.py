"""Lists of mlmmj: a folder each, with a file for every setting and addresses one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lists.moving.found import FoundList, FoundMember, group_name, merged
from mailsvc.errors import CommandError

_SUBSCRIBERS: Final = (("subscribers.d", "each"), ("digesters.d", "daily"), ("nomailsubs.d", "none"))
_NO_PLACE: Final = ("access", "customheaders", "delheaders", "footer", "footer-html", "tocc", "relayhost")


def read(path: Path) -> list[FoundList]:
    """The list in `path`, or every list in the folders beneath it. CommandError where there is none."""
    folders = [path] if _is_list(path) else sorted(one for one in path.iterdir() if one.is_dir() and _is_list(one))
    if not folders:
        raise CommandError(f"{path} holds no list of mlmmj: that is a folder with control/ and subscribers.d/")
    return [_list(folder) for folder in folders]


def _is_list(folder: Path) -> bool:
    return (folder / "control").is_dir() and (folder / "subscribers.d").is_dir()


def _list(folder: Path) -> FoundList:
    control = folder / "control"
    address = next(_lines(control / "listaddress"), folder.name)
    people = [
        *(FoundMember(one, role="owner") for one in _lines(control / "owner")),
        *(FoundMember(one, role="moderator") for one in _lines(control / "moderators")),
    ]
    for name, delivery in _SUBSCRIBERS:
        for file in sorted((folder / name).glob("*")) if (folder / name).is_dir() else ():
            people += [FoundMember(one, delivery=delivery) for one in _lines(file)]
    return FoundList(
        group_name(address.partition("@")[0]),
        post=_post(control),
        join=_join(control),
        subject_prefix=next(_lines(control / "prefix"), ""),
        members=merged(people),
        left_out=tuple(f"control/{name}" for name in _NO_PLACE if (control / name).exists()),
    )


def _post(control: Path) -> str:
    if (control / "modonlypost").exists():
        return "moderators"
    if (control / "moderated").exists():
        return "moderated"
    only = any((control / name).exists() for name in ("subonlypost", "modnonsubposts"))
    return "members" if only else "anyone"


def _join(control: Path) -> str:
    if (control / "closedlist").exists() or (control / "closedlistsub").exists():
        return "closed"
    return "moderated" if (control / "submod").exists() else "confirm"


def _lines(file: Path) -> Iterator[str]:
    if file.is_file():
        yield from filter(None, (line.strip() for line in file.read_text("utf-8", "replace").splitlines()))

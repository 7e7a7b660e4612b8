"""Values without what somebody wrote or is called: pure, over what JSON can say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from mailsvc.errors import StoreCorrupt

GONE = "…"
"""What stands where a name or an address was."""


def blank(data: Any, kind: type[msgspec.Struct], words: Collection[str] = ()) -> str:  # noqa: ANN401 - decoded JSON
    """The JSON of a closed case with every text emptied, in the shape that its kind still reads.

    Where a text must not be empty, only `words` are taken out.
    """
    for made in (_emptied(data), without(data, words)):
        try:
            msgspec.convert(made, kind)
        except msgspec.ValidationError:
            continue
        return msgspec.json.encode(made).decode()
    raise StoreCorrupt(f"the data of a {kind.__name__} cannot be read")


def _emptied(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    if isinstance(value, str):
        return ""
    if isinstance(value, Mapping):
        return {key: one if key == "type" else _emptied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    return value


def without(value: Any, words: Collection[str]) -> Any:  # noqa: ANN401 - decoded JSON
    """The same value where no text holds any of `words`, in whatever case."""
    if isinstance(value, str):
        return _cut(value, words)
    if isinstance(value, Mapping):
        return {key: without(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [without(one, words) for one in value]
    return value


def unsaid(value: Any, texts: Collection[str]) -> Any:  # noqa: ANN401 - decoded JSON
    """The same value where every text that is one of `texts` is empty."""
    if isinstance(value, str):
        return "" if value in texts else value
    if isinstance(value, Mapping):
        return {key: unsaid(one, texts) for key, one in value.items()}
    if isinstance(value, list):
        return [unsaid(one, texts) for one in value]
    return value


def _cut(text: str, words: Collection[str]) -> str:
    for word in sorted((one.lower() for one in words if one), key=len, reverse=True):
        if word not in text.lower():
            continue
        if len(text.lower()) != len(text):  # places cannot be told: better too much than too little
            return GONE
        pieces, rest = [], text
        while (start := rest.lower().find(word)) >= 0:
            pieces.append(rest[:start])
            rest = rest[start + len(word) :]
        text = GONE.join([*pieces, rest])
    return text

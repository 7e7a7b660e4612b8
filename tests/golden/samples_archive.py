"""Samples of the letters of the archive: what a search finds, one post, and what the transcript says of it."""

from __future__ import annotations

from typing import Final

from tests.golden.values import GROUP, WRITTEN, Sample, transcript_values

_POST: Final[dict[str, object]] = {
    "number": 1207,
    "subject": "New maps",
    "author": "Anna Berg",
    "at": WRITTEN,
    "beginning": "The new maps hang in the hall from Tuesday on; who has the old ones, please …",
    "files": 1,
    "confidential": False,
}
_OTHER: Final[dict[str, object]] = {
    **_POST,
    "number": 1194,
    "subject": "",
    "author": "",
    "beginning": "",
    "confidential": True,
}
_FOUND: Final[dict[str, object]] = {
    "group": GROUP,
    "person": 3,
    "query": "maps hall",
    "posts": [_POST, _OTHER],
    "more": True,
}
_SENT: Final[dict[str, object]] = {"group": GROUP, "person": 3, "number": 1207, "post": _POST}
_ASKED: Final[dict[str, object]] = {"line": "archive", "template": "archive/_asked"}

SAMPLES: Final = (
    Sample("archive/found", "archive/found", _FOUND),
    Sample("archive/found-newest", "archive/found", {**_FOUND, "query": ""}),
    Sample("archive/found-nothing", "archive/found", {**_FOUND, "posts": [], "more": False}),
    Sample("archive/found-empty", "archive/found", {**_FOUND, "query": "", "posts": [], "more": False}),
    Sample("archive/post", "archive/post", _SENT),
    Sample("archive/post-confidential", "archive/post", {**_SENT, "post": _OTHER}),
    Sample("archive/post-gone", "archive/post", {**_SENT, "post": None}),
    Sample(
        "archive/transcript",
        "command/transcript",
        transcript_values(
            {**_ASKED, "did": "archive-asked"},
            {**_ASKED, "did": "archive-sent", "numbers": [1207]},
            {**_ASKED, "did": "archive-sent", "numbers": [1207, 1194]},
        ),
    ),
)

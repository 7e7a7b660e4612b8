"""Leaves of the MIME tree as values: decoded text within the reading limits, attachments with name, type and size."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from mailsvc.limits import Limits
from mailsvc.message.charsets import decode
from mailsvc.message.fields import Parameterised, read_parameters
from mailsvc.message.mime_tree import RawPart, Tree
from mailsvc.message.unflow import unflow

_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME part. `text` is set for body text (`text/plain`, `text/html`) that the limits let us read.

    `parent` is the index of the enclosing part in `Message.parts` (-1 for the mail itself), `start` and `end` are where
    its encoded body stands in the content. `enclosed`: inside a mail that is attached, so nobody here wrote it.
    """

    content_type: str
    parameters: Parameterised = field(repr=False)
    disposition: str
    name: str
    encoding: str
    parent: int
    depth: int
    start: int
    end: int
    enclosed: bool
    leaf: bool
    text: str | None = field(default=None, repr=False)
    text_cut: bool = False

    @property
    def is_attachment(self) -> bool:
        """True for a leaf that is not body text."""
        return self.leaf and self.text is None and not self.enclosed


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a person sees as an attached file: `part` is its index in `Message.parts`, `size` in decoded octets."""

    name: str
    content_type: str
    size: int
    part: int
    inline: bool


def read_parts(content: bytes, tree: Tree, limits: Limits) -> tuple[tuple[Part, ...], tuple[Attachment, ...]]:
    """All parts of the tree, the first `read_parts` of them with text as far as `read_text` and `read_html` reach."""
    parents = {part.parent for part in tree.parts}
    enclosed: list[bool] = []
    parts: list[Part] = []
    attachments: list[Attachment] = []
    left = {"text/plain": limits.read_text, "text/html": limits.read_html}
    for index, raw in enumerate(tree.parts):
        inside = raw.parent >= 0 and (
            enclosed[raw.parent] or tree.parts[raw.parent].content_type.value.startswith("message/")
        )
        enclosed.append(inside)
        leaf = index not in parents
        part = _part(raw, enclosed=inside, leaf=leaf)
        if leaf and index < limits.read_parts and _is_body_text(part, parts):
            kind = "text/html" if part.content_type == "text/html" else "text/plain"
            part = _with_text(content, part, left[kind])
            left[kind] -= len(part.text or "")
        parts.append(part)
        if part.is_attachment or (not inside and part.content_type in ("message/rfc822", "message/global")):
            size = decoded_size(content, part)
            inline = part.disposition != "attachment" and not part.name
            attachments.append(Attachment(part.name, part.content_type, size, index, inline))
    return tuple(parts), tuple(attachments)


def part_data(content: bytes, part: Part, limit: int = 1 << 30) -> bytes:
    """The decoded bytes of a part (RFC 2045 §6), at most about `limit` of them; never raises."""
    if part.encoding == "base64":
        raw = content[part.start : min(part.end, part.start + limit * 2 + 1024)]
        return _base64(raw)[:limit]
    if part.encoding == "quoted-printable":
        raw = content[part.start : min(part.end, part.start + limit * 4 + 1024)]
        return binascii.a2b_qp(raw)[:limit]
    if part.encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uudecode(content[part.start : min(part.end, part.start + limit * 2 + 1024)])[:limit]
    return content[part.start : min(part.end, part.start + limit)]


def decoded_size(content: bytes, part: Part) -> int:
    """How many octets the part has when decoded; base64 is counted, not decoded."""
    if part.encoding == "base64":
        raw = content[part.start : part.end]
        padding = raw[-8:].count(b"=")
        letters = len(raw) - sum(raw.count(blank) for blank in (b"\r", b"\n", b" ", b"\t")) - padding
        return letters * 3 // 4
    if part.encoding in ("", "7bit", "8bit", "binary"):
        return part.end - part.start
    return len(part_data(content, part))


def _part(raw: RawPart, *, enclosed: bool, leaf: bool) -> Part:
    disposition = read_parameters(raw.field("content-disposition"))
    name = disposition.get("filename") or raw.content_type.get("name")
    encoding = raw.field("content-transfer-encoding").decode("ascii", "replace").partition(";")[0]
    return Part(
        content_type=raw.content_type.value,
        parameters=raw.content_type,
        disposition=disposition.value,
        name=re.sub(r"[\x00-\x1f\x7f/\\]", "_", name).strip()[:_LONGEST_NAME],
        encoding=re.sub(r"[\s\"']", "", encoding).lower(),
        parent=raw.parent,
        depth=raw.depth,
        start=raw.start,
        end=raw.end,
        enclosed=enclosed,
        leaf=leaf,
    )


def _is_body_text(part: Part, before: list[Part]) -> bool:
    if part.enclosed or part.disposition == "attachment":
        return False
    if part.content_type.startswith("multipart/"):
        return True  # without parts: what there is can only be read as text
    if part.content_type not in ("text/plain", "text/html", "text/enriched", "text/richtext", "text"):
        return False
    if part.parent >= 0 and before[part.parent].content_type == "multipart/report":
        return part.parent == len(before) - 1  # the human-readable part of a report is its first
    # A named text is a file (Apple Mail shows it inline), unless it is all there is.
    return not part.name or part.parent < 0


def _with_text(content: bytes, part: Part, limit: int) -> Part:
    data = part_data(content, part, limit + 1)
    cut = len(data) > limit
    if cut:
        # At a line end, so that no character is cut in two.
        line_end = data.rfind(b"\n", 0, limit)
        data = data[: line_end if line_end > 0 else limit]
    text = decode(data, part.parameters.get("charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
    if part.content_type == "text/plain" and part.parameters.get("format").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp").lower() == "yes")
    return Part(
        part.content_type, part.parameters, part.disposition, part.name, part.encoding, part.parent, part.depth,
        part.start, part.end, part.enclosed, part.leaf, text, cut,
    )  # fmt: skip


def _base64(raw: bytes) -> bytes:
    """Tolerant base64: foreign characters are skipped (RFC 2045 §6.8), a broken end is dropped, later text too."""
    letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    letters = letters.partition(b"=")[0]
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _uudecode(raw: bytes) -> bytes:
    out: list[bytes] = []
    for line in raw.splitlines():
        if line.startswith(b"begin ") or not line:
            continue
        if line == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except (binascii.Error, ValueError):
            continue
    return b"".join(out)

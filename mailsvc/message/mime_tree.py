"""The MIME structure of a mail as a flat list of parts, found in one pass over the bytes with bounded work.

Python's own parser recurses and copies each level; a stranger's nesting makes it fail or crawl. Here every line that
starts with two hyphens is looked at once, and nothing is copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mailsvc.message.fields import Block, Field, Parameterised, read_block, read_parameters

_TEXT = Parameterised("text/plain")
_HYPHENS = re.compile(rb"^--([^\r\n]{0,2048})\r?$", re.MULTILINE)
_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)[^\r\n]*\r?\n")
_EMPTY_TOP = re.compile(rb"(?:[ \t]{0,998}\r?\n){1,20}")
_LONGEST_PART_HEADER = 100 * 1024
_MOST_HYPHEN_LINES = 1_000_000
_SMALL = 64 * 1024  # octets of a mail whose tree is worth keeping for a moment


@dataclass(frozen=True, slots=True)
class RawPart:
    """One entity (RFC 2045 §2.4): header fields, and its body as content[start:end]."""

    fields: tuple[Field, ...]
    content_type: Parameterised
    start: int
    end: int
    depth: int  # 0 for the mail itself
    parent: int  # index of the enclosing part, -1 for the mail itself

    def field(self, name: str) -> bytes:
        """The raw value of the first field of that name (lower case); b"" when there is none."""
        for key, value in self.fields:
            if key.lower() == name:
                return value
        return b""


@dataclass(frozen=True, slots=True)
class Tree:
    """Parts in the order of the mail; the first is the mail itself. `too_deep`, `too_many`: reading stopped there."""

    parts: tuple[RawPart, ...]
    depth: int
    too_deep: bool = False
    too_many: bool = False
    unterminated: bool = False
    unseparated: bool = False


@dataclass(slots=True)
class _Open:
    """A multipart whose closing line has not come yet."""

    part: int
    boundary: bytes


@dataclass(slots=True)
class _Builder:
    content: bytes
    most_parts: int
    deepest: int
    blocks: list[RawPart] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    levels: dict[bytes, list[int]] = field(default_factory=dict)
    unended: list[int] = field(default_factory=list)
    too_deep: bool = False
    too_many: bool = False

    def add(self, block: Block, end: int, parent: int, depth: int) -> None:
        """A part, and those that it holds at once: the mail inside message/rfc822, the level of a multipart."""
        while True:
            if len(self.blocks) > self.most_parts:
                self.too_many = True
                return
            if depth > self.deepest:
                self.too_deep = True
                return
            kind = _type_of(block.fields, self.blocks[parent] if parent >= 0 else None)
            self.blocks.append(RawPart(block.fields, kind, block.body_start, end, depth, parent))
            self.ends.append(-1)
            self.unended.append(len(self.blocks) - 1)
            if kind.value.startswith("multipart/"):
                boundary = kind.get("boundary").encode("utf-8", "surrogateescape").rstrip()
                if boundary:
                    self.levels.setdefault(boundary, []).append(len(self.stack))
                    self.stack.append(_Open(len(self.blocks) - 1, boundary))
                return
            if kind.value not in ("message/rfc822", "message/global"):
                return
            # The enclosed mail ends where its part ends, which is not known yet: both are closed together.
            parent, depth = len(self.blocks) - 1, depth + 1
            block = read_block(self.content, block.body_start, min(end, block.body_start + _LONGEST_PART_HEADER))

    def close_above(self, level: int, end: int) -> None:
        """Everything opened inside stack[level] ends at `end`."""
        while len(self.stack) > level + 1:
            inner = self.stack.pop()
            self.levels[inner.boundary].pop()
        self.end_after(self.stack[level].part, end)

    def end_after(self, part: int, end: int) -> None:
        """All parts that began after `part` and have not ended yet end at `end`."""
        while self.unended and self.unended[-1] > part:
            self.ends[self.unended.pop()] = end

    def level_of(self, line: bytes) -> tuple[int, bool] | None:
        """Which open level a line after `--` belongs to, and whether it closes it."""
        found = self.levels.get(line)
        if found:
            return found[-1], False
        if line.endswith(b"--"):
            found = self.levels.get(line[:-2].rstrip())
            if found:
                return found[-1], True
        return None


def _type_of(fields: tuple[Field, ...], parent: RawPart | None) -> Parameterised:
    for name, value in fields:
        if name.lower() == "content-type":
            kind = read_parameters(value)
            if re.fullmatch(r"[^\s/]+/[^\s/]+", kind.value):
                return kind
            # RFC 2045 §5.2: unreadable means text/plain; what was said about its charset is still worth having.
            return Parameterised("text/plain", kind.parameters)
    if parent is not None and parent.content_type.value == "multipart/digest":
        return Parameterised("message/rfc822")
    return _TEXT


def read_tree(content: bytes, most_parts: int, deepest: int) -> Tree:
    """The parts of `content`; stops at more than `most_parts` parts or nesting deeper than `deepest`."""
    read = _read_small if len(content) <= _SMALL else _read
    return read(content, most_parts, deepest)


def _read(content: bytes, most_parts: int, deepest: int) -> Tree:
    start = header_start(content)
    top = read_block(content, start, len(content))
    builder = _Builder(content, most_parts, deepest)
    builder.add(top, len(content), -1, 0)
    # A preamble is part of no part, and a boundary may stand in the first line of the body.
    for count, match in enumerate(_HYPHENS.finditer(content, builder.blocks[0].start)):
        if count > _MOST_HYPHEN_LINES:
            builder.too_many = True
        if builder.too_many or builder.too_deep or not builder.stack:
            break
        found = builder.level_of(match[1].rstrip())
        if found is None:
            continue
        level, closes = found
        before = _before_line_end(content, match.start())
        builder.close_above(level, before)
        if closes:
            gone = builder.stack.pop()
            builder.levels[gone.boundary].pop()
            builder.end_after(gone.part - 1, match.end())
            continue
        parent = builder.stack[level].part
        body = min(match.end() + 1, len(content))
        block = read_block(content, body, min(len(content), body + _LONGEST_PART_HEADER))
        block = _cut_at_boundary(builder, content, body, block)
        builder.add(block, len(content), parent, builder.blocks[parent].depth + 1)
    return _finish(builder, top)


_read_small = lru_cache(maxsize=4)(_read)  # what is checked at the final dot is read at once after it


def _cut_at_boundary(builder: _Builder, content: bytes, start: int, block: Block) -> Block:
    """Boundary lines are no header fields (they have no name before a colon), except `--a:b`; stop before such."""
    for match in _HYPHENS.finditer(content, start, block.body_start):
        if builder.level_of(match[1].rstrip()) is not None:
            return read_block(content, start, match.start())
    return block


def _before_line_end(content: bytes, position: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1)."""
    if content[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1 if content[position - 1 : position] == b"\n" else position


def header_start(content: bytes) -> int:
    """Where the header begins: after empty lines and a `From ` line, which mbox files and old relays put on top."""
    empty = _EMPTY_TOP.match(content)
    start = empty.end() if empty else 0
    if _MBOX_LINE.match(content, start):
        start = content.find(b"\n", start) + 1
    # Nothing but empty lines: an empty header after all.
    return start if start < len(content) else 0


def _finish(builder: _Builder, top: Block) -> Tree:
    parts = []
    for part, end in zip(builder.blocks, builder.ends, strict=True):
        stop = part.end if end < 0 else end
        parts.append(RawPart(part.fields, part.content_type, min(part.start, stop), stop, part.depth, part.parent))
    depth = max((part.depth for part in parts), default=0)
    return Tree(tuple(parts), depth, builder.too_deep, builder.too_many, bool(builder.stack), not top.separated)

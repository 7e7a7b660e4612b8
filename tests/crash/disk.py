"""A disk for a service under test (see disk_shim.c): it fails when told to, and can lose what was never synced.

`Disk(database).environment` is what the service's process needs; after its SIGKILL `cut` does to the files what a loss
of power would have done.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from mailsvc.ids import SeededRandomness
from tests import tools

SOURCE: Final = Path(__file__).with_name("disk_shim.c")
_RECORD: Final = struct.Struct("<IIQQQQQQ")
_OPEN, _CREATE, _WRITE, _TRUNCATE, _SYNC, _DIRSYNC, _UNLINK = range(1, 8)
_FOR_EVER: Final = 0xFFFFFFFF
SECTOR: Final = 512

WRITE, SYNC, TRUNCATE, LOCK, OPEN, UNLINK = 1, 2, 4, 8, 16, 32
KINDS: Final = {"write": WRITE, "sync": SYNC, "truncate": TRUNCATE, "lock": LOCK, "open": OPEN, "unlink": UNLINK}


@cache
def library() -> Path:
    """The shim, built once for each process of the tests; without a compiler the test is skipped (see tests.tools)."""
    compiler = tools.require_tool("gcc")
    target = Path(tempfile.mkdtemp(prefix="mailsvc-disk-")) / "disk_shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", str(target), str(SOURCE)]
    subprocess.run([*command, "-ldl", "-lpthread"], check=True, timeout=60)
    return target


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was done to a file. Bytes: `new` what was written, `old` what was there before."""

    op: int
    inode: int
    offset: int
    new: bytes
    old: bytes
    old_size: int
    stamp: int


class _Fault(ctypes.LittleEndianStructure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("kinds", "number", "at", "times", "hits", "seen")]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a loss of power took: writes that no sync had made safe, how many of them stayed, and when the WAL was last
    synced (CLOCK_MONOTONIC, nanoseconds; 0: never)."""

    unsafe: int
    stayed: int
    synced_at: int


@dataclass
class Disk:
    """The disk below one database."""

    database: Path
    _fault: _Fault = field(init=False)
    _map: mmap.mmap = field(init=False)

    def __post_init__(self) -> None:
        self.database = self.database.resolve()
        self.log = self.database.with_name("disk.log")
        told = self.database.with_name("disk.fault")
        told.write_bytes(bytes(ctypes.sizeof(_Fault)))
        with told.open("r+b") as handle:
            self._map = mmap.mmap(handle.fileno(), ctypes.sizeof(_Fault))
        self._fault = _Fault.from_buffer(self._map)

    @property
    def environment(self) -> dict[str, str]:
        """What the process needs in its environment."""
        return {
            "LD_PRELOAD": str(library()),
            "MAILSVC_DISK_FILE": str(self.database),
            "MAILSVC_DISK_LOG": str(self.log),
            "MAILSVC_DISK_FAULT": str(self.database.with_name("disk.fault")),
        }

    # ---- faults

    def fail(self, kinds: int, error: int, *, at: int = 1, times: int = _FOR_EVER) -> None:
        """From the `at`-th call of these kinds on, `times` of them fail with errno `error`; until `heal`."""
        fault = self._fault
        fault.kinds = 0
        fault.number, fault.at, fault.times, fault.hits, fault.seen = error, at, times, 0, 0
        fault.kinds = kinds

    def kill(self, kinds: int, *, at: int) -> None:
        """The process is killed just before its `at`-th call of these kinds from now on."""
        self.fail(kinds, 0, at=at)

    def heal(self) -> None:
        """Nothing fails any more."""
        self._fault.kinds = 0

    @property
    def hits(self) -> int:
        """How many calls have failed since `fail`."""
        return int(self._fault.hits)

    @property
    def seen(self) -> int:
        """How many calls of the kinds meant there were between `fail` and `heal`."""
        return int(self._fault.seen)

    @contextmanager
    def failing(self, kinds: int, error: int, *, at: int = 1, times: int = _FOR_EVER) -> Iterator[None]:
        """See `fail`; healed at the end."""
        self.fail(kinds, error, at=at, times=times)
        try:
            yield
        finally:
            self.heal()

    # ---- loss of power

    def forget(self) -> None:
        """All that was done so far is safe: the machine was shut down properly."""
        for kept in self.log.parent.glob(f"{self.log.name}.kept-*"):
            kept.unlink()
        self.log.unlink(missing_ok=True)

    def cut(self, seed: int | None = None) -> Cut:
        """Take back what was not synced when the process was killed. With `seed` some of it stays, as it happens that a
        disk has written a part already: any writes in any order, the last sectors of one of them perhaps not."""
        records = list(_records(self.log.read_bytes())) if self.log.exists() else []
        history = _History(records)
        unsafe = history.take_back()
        stayed = history.bring_back(unsafe, SeededRandomness(seed)) if seed is not None else 0
        self.forget()
        return Cut(len(unsafe), stayed, history.log_synced_at())


class _History:
    """The records of one life of the process, and where the files they speak of lie now."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.where: dict[int, Path] = {}
        self.synced: dict[int, int] = {}
        self.listed = -1  # the last sync of the folder
        for number, one in enumerate(records):
            if one.op == _OPEN:
                self.where[one.inode] = Path(os.fsdecode(one.new))
            elif one.op == _SYNC:
                self.synced[one.inode] = number
            elif one.op == _DIRSYNC:
                self.listed = number
            elif one.op == _UNLINK:
                gone = Path(os.fsdecode(one.new))
                kept = Path(os.fsdecode(one.old))
                self.where = {inode: kept if path == gone else path for inode, path in self.where.items()}

    def log_synced_at(self) -> int:
        """When the WAL was last synced."""
        logs = {one.inode for one in self.records if one.op == _OPEN and one.new.endswith(b"-wal")}
        return max((self.records[number].stamp for inode, number in self.synced.items() if inode in logs), default=0)

    def take_back(self) -> list[Record]:
        """Undo from the end; the writes that were undone, oldest first."""
        undone = []
        for number in range(len(self.records) - 1, -1, -1):
            one = self.records[number]
            if one.op in (_WRITE, _TRUNCATE) and number > self.synced.get(one.inode, -1):
                with self.where[one.inode].open("r+b") as handle:
                    handle.truncate(one.old_size)
                    handle.seek(one.offset)
                    handle.write(one.old)
                undone.append(one)
        for number in range(len(self.records) - 1, self.listed, -1):
            one = self.records[number]
            if one.op == _CREATE:
                Path(os.fsdecode(one.new)).unlink(missing_ok=True)
            elif one.op == _UNLINK:
                Path(os.fsdecode(one.old)).replace(os.fsdecode(one.new))
                moved, back = Path(os.fsdecode(one.old)), Path(os.fsdecode(one.new))
                self.where = {inode: back if path == moved else path for inode, path in self.where.items()}
        return undone[::-1]

    def bring_back(self, undone: list[Record], chance: SeededRandomness) -> int:
        """Let some of what was undone have happened after all; how many writes."""
        share = chance.random_bytes(1)[0]  # from nearly nothing to nearly everything
        stayed = 0
        for one in undone:
            path = self.where[one.inode]
            drawn, torn = chance.random_bytes(2)
            if drawn >= share or not path.exists():
                continue
            stayed += 1
            with path.open("r+b") as handle:
                if one.op == _TRUNCATE:
                    handle.truncate(one.offset)
                else:
                    handle.seek(one.offset)
                    short = SECTOR * (1 + torn % 3) if torn < 64 and len(one.new) > 3 * SECTOR else 0
                    handle.write(one.new[: len(one.new) - short])
        return stayed


def _records(data: bytes) -> Iterator[Record]:
    position = 0
    while position + _RECORD.size <= len(data):
        op, _, inode, offset, new_length, old_length, old_size, stamp = _RECORD.unpack_from(data, position)
        position += _RECORD.size
        end = position + new_length + old_length
        if end > len(data):
            return  # killed while writing it: what it tells of was not done
        new, old = data[position : position + new_length], data[end - old_length : end]
        yield Record(op, inode, offset, new, old, old_size, stamp)
        position = end


def name(error: int) -> str:
    """`EIO` and so on."""
    return errno.errorcode[error]

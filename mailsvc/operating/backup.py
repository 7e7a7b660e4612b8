"""A backup: one tar archive with database, key and configuration, each with its SHA-256; taken whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import msgspec

import mailsvc
from mailsvc import keys
from mailsvc.clock import SystemClock, to_datetime
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.store import migrate, snapshot

MANIFEST: Final = "backup.json"
CONFIG: Final = "config.toml"
KEY: Final = "site.key"
DATABASE: Final = "mailsvc.db"
CHUNK: Final = 1 << 20
SMALL: Final = 1 << 20  # no manifest, key or configuration is larger
MIB: Final = 1 << 20
BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite may have laid beside a database

Progress = Callable[[str, int, int], None]
"""Told what is done, and how much of how much, in octets."""


class Member(msgspec.Struct, frozen=True):
    """A file of the archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The archive's first file: what is in it. `taken_at` in microseconds UTC, `taken` the same for people."""

    mailsvc: str
    schema: int
    site_id: str
    domain: str
    taken: str
    taken_at: int
    files: dict[str, Member]
    format: int = 1


def silent(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


def take(config: Config, config_file: Path, target: Path, progress: Progress = silent) -> Manifest:
    """Write the archive `target`, mode 0600; the service may run meanwhile. Refuses to write over anything.

    Raises CommandError, ConfigError, StoreCorrupt, StoreUnavailable; then there is no `target`.
    """
    key_file = config.path(config.site.key_file)
    key = keys.load(key_file)
    schema = migrate.check(config.database_path, key.site_id, allow_older=True, thorough=False)
    refuse_existing(target)
    with _as_command_error(target):
        _check_room(config, target)
        database = _beside(target, ".database")
        unfinished = _beside(target, ".unfinished")
        try:
            _reserve(database)
            snapshot.copy(config.database_path, database, lambda done, all_: progress("copied", done, all_))
            sources = {CONFIG: config_file, KEY: key_file, DATABASE: database}
            now = SystemClock().now()
            manifest = Manifest(
                mailsvc=mailsvc.__version__,
                schema=schema,
                site_id=key.site_id,
                domain=config.site.domain,
                taken=to_datetime(now).strftime("%Y-%m-%dT%H:%M:%SZ"),
                taken_at=now,
                files={name: _described(path) for name, path in sources.items()},
            )
            _reserve(unfinished)
            _write(unfinished, manifest, sources, progress)
            _put(unfinished, target)
        finally:
            for path in (database, unfinished, *(Path(f"{database}{end}") for end in BESIDE)):
                path.unlink(missing_ok=True)
    return manifest


def _beside(target: Path, end: str) -> Path:
    return target.with_name(f".{target.name}{end}")


def _reserve(path: Path) -> None:
    """An empty file that only we may read, before anything is written into it; one that was left over goes."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _check_room(config: Config, target: Path) -> None:
    """Copy and archive stand side by side for a moment, and a service on the same disk must not run into its floor."""
    needed = 2 * config.database_path.stat().st_size + 4 * SMALL
    if target.parent.stat().st_dev == config.database_path.stat().st_dev:
        needed += max(config.limits.disk_floor, 2 * config.limits.message_size)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise CommandError(f"{free // MIB} MiB are free in {target.parent}, a backup needs {needed // MIB + 1} MiB")


def _described(path: Path) -> Member:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Member(file.tell(), digest)


def _write(path: Path, manifest: Manifest, sources: dict[str, Path], progress: Progress) -> None:
    with path.open("wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
            archive.addfile(_entry(MANIFEST, len(text), manifest), io.BytesIO(text))
            for name, source in sources.items():
                with source.open("rb") as file:
                    size = manifest.files[name].size
                    archive.addfile(_entry(name, size, manifest), _Counted(file, name, size, progress))
        out.flush()
        os.fsync(out.fileno())


def _entry(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, manifest.taken_at // 1_000_000
    return entry


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], name: str, size: int, progress: Progress) -> None:
        self._file, self._name, self._size, self._progress = file, name, size, progress

    def read(self, size: int = -1) -> bytes:
        """As the file's own."""
        data = self._file.read(size)
        self._progress(f"packed {self._name}", self._file.tell(), self._size)
        return data


def _put(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, unless another has taken that meanwhile."""
    try:
        os.link(unfinished, target)  # unlike a rename it never replaces anything
        unfinished.unlink()
    except FileExistsError:
        raise CommandError(f"{target} exists already; nothing was written") from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        refuse_existing(target)  # a file system without hard links
        unfinished.rename(target)
    sync_folder(target.parent)


def refuse_existing(target: Path) -> None:
    """CommandError when there is something at `target` already, whatever it is."""
    if os.path.lexists(target):
        raise CommandError(f"{target} exists already; nothing was written")


def sync_folder(folder: Path) -> None:
    """Make names that were given or taken in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ---- reading an archive


def config_of(source: Path) -> bytes:
    """The configuration in an archive, without looking at the rest. Raises CommandError."""
    with _opened(source) as archive:
        manifest = _manifest(source, archive)
        entry = archive.next()
        if entry is None or entry.name != CONFIG or not entry.isreg() or entry.size > SMALL:
            raise CommandError(f"{source} is damaged: {CONFIG} is not its second file")
        text = _stream(archive, entry).read()
        if hashlib.sha256(text).hexdigest() != manifest.files[CONFIG].sha256:
            raise CommandError(f"{source} is damaged: {CONFIG} is not what was written")
        return text


def unpack(source: Path, into: dict[str, Path], progress: Progress = silent) -> Manifest:
    """Write the files of an archive to the new paths `into` (by their names in it), checked and synced.

    What `into` does not name is only checked. Raises CommandError, and then what was written is not to be used.
    """
    with _opened(source) as archive:
        manifest = _manifest(source, archive)
        left = dict(manifest.files)
        while (entry := archive.next()) is not None:
            member = left.pop(entry.name, None)
            if member is None or not entry.isreg() or entry.size != member.size:
                raise CommandError(f"{source} is damaged: {entry.name} is not what {MANIFEST} says")
            digest = hashlib.sha256()
            with _new_file(into.get(entry.name)) as out:
                _copy(_stream(archive, entry), [digest.update, out], entry, progress)
            if digest.hexdigest() != member.sha256:
                raise CommandError(f"{source} is damaged: {entry.name} is not what was written")
        if left:
            raise CommandError(f"{source} is damaged: {', '.join(left)} is missing")
        return manifest


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    with _as_command_error(source), source.open("rb") as file:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                yield archive
        except (tarfile.TarError, EOFError, ValueError) as error:  # msgspec's errors are ValueErrors
            raise CommandError(f"{source} is not a whole backup of mailsvc ({error})") from None


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > SMALL or not first.isreg():
        raise CommandError(f"{source} is not a backup of mailsvc: {MANIFEST} is not its first file")
    manifest = msgspec.json.decode(_stream(archive, first).read(), type=Manifest)
    if manifest.format != 1 or set(manifest.files) != {CONFIG, KEY, DATABASE}:
        raise CommandError(f"{source} is a backup of another kind (format {manifest.format}); upgrade the program")
    return manifest


def _stream(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(entry)
    assert stream is not None  # it is a regular file
    return stream


def _copy(
    stream: IO[bytes], sinks: list[Callable[[bytes], object]], entry: tarfile.TarInfo, progress: Progress
) -> None:
    done = 0
    while chunk := stream.read(CHUNK):
        for sink in sinks:
            sink(chunk)
        done += len(chunk)
        progress(f"unpacked {entry.name}", done, entry.size)


@contextmanager
def _new_file(path: Path | None) -> Iterator[Callable[[bytes], object]]:
    """What takes the octets of a new file that only we may read; without a path they go nowhere."""
    if path is None:
        yield lambda _: None
        return
    _reserve(path)
    with path.open("wb") as file:
        yield file.write
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _as_command_error(about: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        with suppress(AttributeError):
            about = Path(error.filename) if error.filename else about
        raise CommandError(f"{about}: {error.strerror or error}") from error

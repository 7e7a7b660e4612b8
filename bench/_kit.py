"""What the benchmarks share: the next hop, the service as its own process, peers, and how a result is told.

Each benchmark is a script that prints one row per system measured, as JSON with `--json`. BENCH_RUNS is how often it is
repeated (3); what is told is the median with the least and the most.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import signal
import smtplib
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mailsvc import config as config_module
from mailsvc import keys
from mailsvc.config import Config
from mailsvc.ids import SystemRandomness
from mailsvc.store import migrate

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
SCALE = float(os.environ.get("BENCH_SCALE", "1"))  # below 1: a quick look, not a result
ROOT = Path(__file__).parents[1]
DOMAIN = "networks.example.org"
POSTER = "poster@example.org"
PATIENCE = 300.0

CONFIG = """
[site]
domain = "networks.example.org"
operators = ["operator@example.org"]
key_file = "site.key"
[database]
url = "sqlite:///mail.db"
[smtp]
listen = ["127.0.0.1:{smtp}"]
[delivery]
transport = "smtp"
relay = "smtp://127.0.0.1:{relay}"
[web]
listen = "127.0.0.1:{web}"
base_url = "https://networks.example.org"
[moderation]
undo = "0 min"
[limits]
{limits}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One result. `values` are the runs in `unit`; `aim` and `least` are what step 2 asks for, 0 for none."""

    work: str
    system: str
    unit: str
    values: tuple[float, ...]
    aim: float = 0
    least: float = 0
    fewer: bool = False  # whether less is better
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self) -> str:
        spread = f"[{figure(min(self.values))}..{figure(max(self.values))}]" if len(self.values) > 1 else ""
        return f"{self.work} | {self.system}: {figure(self.median)} {spread} {self.unit}  {self.note}".rstrip()


def figure(value: float) -> str:
    """A number with as many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def tell(rows: Sequence[Row]) -> None:
    """Print results, for people or (with --json) for run_all."""
    for row in rows:
        print(json.dumps(asdict(row)) if "--json" in sys.argv else row.text(), flush=True)


def members(count: int) -> list[str]:
    """So many addresses."""
    return [f"member{number}@example.org" for number in range(count)]


def scaled(count: int) -> int:
    """A number of things to do, fewer for a quick look."""
    return max(10, int(count * SCALE))


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE, pause: float = 0.002) -> None:
    """Wait for something; a benchmark that never ends has no result."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"gave up waiting for {what}")
        time.sleep(pause)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one benchmark, on the disk where temporary files are."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@contextmanager
def process(*words: str | Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, ended afterwards."""
    started = subprocess.Popen([str(word) for word in words], **options)  # type: ignore[call-overload]
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(40)
            except subprocess.TimeoutExpired:
                started.kill()
        started.wait()


def compiled(where: Path, name: str) -> Path:
    """A program of this folder in C, so that what is beside the service costs the machine as little as can be."""
    program = where / name
    if not program.exists():
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise SystemExit("the benchmarks need a C compiler (package gcc)")
        words = [compiler, "-O2", "-pthread", "-o", program, ROOT / "bench" / f"{name}.c"]
        subprocess.run([str(word) for word in words], check=True)
    return program


# ---- the next hop


@dataclass(slots=True)
class Sink:
    """The next hop; everything it says is read from memory that it shares."""

    port: int
    numbers: mmap.mmap

    def read(self) -> tuple[int, int, float]:
        """Recipients, mails, and when the last one came (time.monotonic)."""
        recipients, mails, last = struct.unpack("QQd", self.numbers[:24])
        return recipients, mails, last

    @property
    def recipients(self) -> int:
        return self.read()[0]

    def last_after(self, recipients: int, patience: float = PATIENCE) -> float:
        """When it had so many recipients in all."""
        until(lambda: self.recipients >= recipients, f"{recipients} recipients, {self.recipients} came", patience)
        return self.read()[2]


@contextmanager
def sink(where: Path, *, quickack: bool = False) -> Iterator[Sink]:
    """The next hop as a process of its own."""
    program, numbers = compiled(where, "_sink"), where / f"numbers{free_port()}"
    words = (program, numbers, *(("quickack",) if quickack else ()))
    with process(*words, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        port = int(running.stdout.readline())
        with numbers.open("r+b") as file, mmap.mmap(file.fileno(), 24) as shared:
            yield Sink(port, shared)


# ---- our service


@dataclass(slots=True)
class Site:
    """A site in a folder, served by its own process."""

    folder: Path
    config: Config
    port: int
    running: subprocess.Popen[bytes] | None = field(default=None)

    def run(self, *words: str) -> str:
        """A command of `mailsvc`."""
        command = [sys.executable, "-m", "mailsvc", "--config", str(self.folder / "config.toml"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise SystemExit(f"{words}: {done.stderr}")
        return done.stdout

    def group(self, name: str, addresses: Sequence[str], **settings: str) -> None:
        """A group of these members, to which anyone may post."""
        self.run("group", "add", name, "--kind", "everyone", "--post", "anyone", "--join", "closed")
        file = self.folder / f"{name}.csv"
        file.write_text("address\n" + "".join(f"{address}\n" for address in addresses), "utf-8")
        self.run("member", "import", name, str(file))
        for key, value in settings.items():
            self.run("group", "set", name, key, value)

    @contextmanager
    def served(self) -> Iterator[None]:
        """The service at work."""
        words = (sys.executable, "-m", "mailsvc", "--config", self.folder / "config.toml", "serve")
        with (self.folder / "log").open("ab") as out, process(*words, stdout=out, stderr=out, cwd=ROOT) as self.running:
            until(lambda: answers(self.port), "the service to listen", 60, 0.05)
            yield

    @property
    def rss(self) -> int:
        """Octets of memory that the service has now."""
        assert self.running is not None
        pages = Path(f"/proc/{self.running.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu(self) -> float:
        """Seconds of processor time that the service has used."""
        assert self.running is not None
        fields = Path(f"/proc/{self.running.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def site(where: Path, relay: int, limits: str = "") -> Site:
    """A new site that sends to `relay`."""
    where.mkdir(parents=True, exist_ok=True)
    port = free_port()
    text = CONFIG.format(smtp=port, relay=relay, web=free_port(), limits=limits)
    (where / "config.toml").write_text(text, "utf-8")
    config = config_module.load(where / "config.toml")
    key = keys.create(config.path(config.site.key_file), SystemRandomness())
    migrate.create(config.database_path, key.site_id)
    return Site(where, config, port)


# ---- mails and who sends them


def mail(to: str, size: int = 4096, number: int = 0) -> bytes:
    """A plain text mail of about `size` octets, unlike any other."""
    one = f"{time.monotonic_ns()}.{number}"
    head = (
        f"From: Poster <{POSTER}>\r\nTo: {to}\r\nSubject: Benchmark {one}\r\n"
        f"Message-ID: <{one}@example.org>\r\nDate: Sat, 21 Nov 2026 17:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
    )
    line = "Every word of this line is here to fill a mail of ordinary length.\r\n"
    return (head + line * max(1, (size - len(head)) // len(line))).encode()


def submit(port: int, to: str, content: bytes) -> float:
    """Send a mail; the moment of its 250."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("bench.example.org")
        client.mail(POSTER)
        client.rcpt(to)
        client.putcmd("DATA")
        client.getreply()
        client.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        code, text = client.getreply()
        moment = time.monotonic()
        if code != 250:
            raise SystemExit(f"{to}: {code} {text!r}")
        return moment


def flood(port: int, to: str, mails: int, *, sessions: int = 10) -> float:
    """Mails of 4 KB, no two alike, one per connection; seconds until the last 250."""
    with folder() as where:
        program = compiled(where, "_flood")
        words = [program, port, POSTER, to, mails, sessions, 4096]
        start = time.monotonic()
        subprocess.run([str(word) for word in words], check=True, timeout=PATIENCE)
        return time.monotonic() - start

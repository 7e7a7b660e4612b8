"""The programs that are measured beside ours, where they are installed: mlmmj and Postfix, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench._kit import POSTER, Sink, mail, until
from tests.e2e.postfix_kit import Postfix

LIST = "talk"


def mlmmj() -> Path | None:
    """Where mlmmj-receive is: in the path, or in MLMMJ_BIN (a package unpacked somewhere serves as well)."""
    found = shutil.which("mlmmj-receive", path=os.environ.get("MLMMJ_BIN") or None)
    return Path(found) if found else None


def mlmmj_list(folder: Path, addresses: Sequence[str], relay: int, **control: str) -> Path:
    """A list of mlmmj, its members written as it keeps them; its folder."""
    home = folder / f"mlmmj{time.monotonic_ns()}"
    parts = "incoming queue/discarded archive text subconf unsubconf bounce control moderation requeue"
    for part in (*parts.split(), "subscribers.d", "digesters.d", "nomailsubs.d"):
        (home / part).mkdir(parents=True)
    (home / "index").write_text("0\n")
    own = {"listaddress": f"{LIST}@lists.example.org", "owner": POSTER}
    there = {"relayhost": "127.0.0.1", "smtpport": str(relay)}
    for key, value in (own | there | control).items():
        (home / "control" / key).write_text(f"{value}\n" if value else "")
    by_letter: dict[str, list[str]] = {}
    for address in addresses:
        by_letter.setdefault(address[0], []).append(address)
    for letter, some in by_letter.items():
        (home / "subscribers.d" / letter).write_text("".join(f"{one}\n" for one in some))
    return home


def mlmmj_post(program: Path, home: Path, number: int = 0) -> float:
    """One post, taken in and sent before this returns; when it was taken in, as far as its sender can tell."""
    content = mail(f"{LIST}@lists.example.org", number=number).replace(b"\r\n", b"\n")
    words = [program, "-F", "-L", home, "-s", POSTER]
    with subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE) as running:
        assert running.stdin is not None
        start = time.monotonic()
        running.stdin.write(content)
        running.stdin.close()
        running.wait()
    return start


def mlmmj_posts(program: Path, home: Path, posts: int, together: int = 10) -> None:
    """Many posts, so many at a time."""
    with ThreadPoolExecutor(together) as pool:
        list(pool.map(lambda number: mlmmj_post(program, home, number), range(posts)))


def mlmmj_fanout(folder: Path, next_hop: Sink, addresses: Sequence[str], runs: int, **control: str) -> list[float]:
    """Recipients a second of one post; none where mlmmj is not there."""
    program = mlmmj()
    if program is None:
        return []
    home = mlmmj_list(folder, addresses, next_hop.port, **control)
    found = []
    for run in range(runs):
        before = next_hop.recipients
        start = mlmmj_post(program, home, run)
        found.append(len(addresses) / (next_hop.last_after(before + len(addresses)) - start))
    return found


@contextmanager
def postfix(folder: Path, relay: int, main_cf: str, addresses: Sequence[str] = ()) -> Iterator[Postfix | None]:
    """A Postfix of its own with an alias `talk` to `addresses`; None where Postfix is not there or we are not root."""
    if shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None or os.geteuid() != 0:
        yield None
        return
    made = Postfix(folder / f"postfix{time.monotonic_ns()}")
    aliases = made.conf / "aliases"
    roster = made.folder / "roster"
    own = f"myhostname = peer.example.org\nmydestination = lists.example.org\nalias_maps = hash:{aliases}\n"
    made.write(own + main_cf, {}, f"[127.0.0.1]:{relay}")
    roster.write_text("".join(f"{address}\n" for address in addresses))
    aliases.write_text(f"{LIST}: :include:{roster}\n")
    made.run("postalias", f"hash:{aliases}")
    made.start()
    try:
        until(made.listens, "Postfix to listen", 30, 0.05)
        yield made
    finally:
        made.stop()


def in_turn(measure: Callable[[], float], runs: int) -> list[float]:
    """The same thing several times."""
    return [measure() for _ in range(runs)]

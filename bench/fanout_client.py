"""How fast personal copies leave: one post to many, through the courier, the database and a sink on this machine.

    python bench/fanout_client.py [--copies 20000] [--connections 8] [--size 4096] [--relay smtp://127.0.0.1:2526]

Without --relay a small counting sink is started in a process of its own; a faster one shows more of the courier.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import uvloop

from mailsvc.clock import SystemClock
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.mailroom import MailroomTransport
from mailsvc.deliver.model import Transport
from mailsvc.deliver.next_hop import NextHop, RelayAddress, parse_relay
from mailsvc.deliver.relay import RelayTransport
from mailsvc.deliver.smtp_client import Timeouts
from mailsvc.ids import SeededRandomness
from mailsvc.store import migrate
from mailsvc.store.sqlite import SqliteDatabase
from tests.outgoing_kit import DOMAIN, KEY, eventually, insert, letter, site


class CountingSink(asyncio.Protocol):
    """Answers whole pipelined groups at once and keeps nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = b""
        self.data = False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answer = []
        while True:
            end = b"\r\n.\r\n" if self.data else b"\r\n"
            line, found, rest = self.buffer.partition(end)
            if not found:
                break
            self.buffer = rest
            if self.data:
                self.data = False
                answer.append(b"250 2.0.0 ok\r\n")
            elif line.startswith(b"DATA"):
                self.data = True
                answer.append(b"354 go\r\n")
            elif line.startswith(b"EHLO"):
                answer.append(b"250-sink\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n")
            else:
                answer.append(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")
        if answer:
            self.transport.write(b"".join(answer))


def sink(to: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(CountingSink, "127.0.0.1", 0)
        to.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(serve())


async def measure(folder: Path, transport: Transport, copies: int, size: int) -> tuple[float, float]:
    """Seconds from start to the last committed result, and CPU seconds of this process."""
    where = site(folder)
    migrate.create(where.config.database_path, KEY.site_id)
    db = SqliteDatabase(where.config.database_path, SystemClock(), SeededRandomness(1))
    await db.open()
    try:
        line = b"x" * 70 + b"\r\n"
        content = letter(1, keyed=True, body=line * max(1, size // len(line)))
        addresses = [f"user{number}@example.org" for number in range(copies)]
        await db.write(lambda tx: insert(tx, content, addresses, membership=True))
        courier = Courier(db, where, SystemClock(), transport)
        cpu = cpu_seconds()
        start = time.perf_counter()
        task = asyncio.create_task(courier.run())
        await eventually(lambda: courier.counts.delivered >= copies)
        took = time.perf_counter() - start
        used = cpu_seconds() - cpu
        await courier.stop(5)
        await task
        return took, used
    finally:
        await db.close()


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--copies", type=int, default=20_000)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--size", type=int, default=4096)
    options.add_argument("--relay", default="")
    options.add_argument("--mailroom", action="store_true")
    given = options.parse_args()
    process = None
    if given.mailroom:
        transport: Transport = MailroomTransport()
    else:
        address = parse_relay(given.relay) if given.relay else None
        if address is None:
            mine, theirs = multiprocessing.get_context("spawn").Pipe()
            process = multiprocessing.get_context("spawn").Process(target=sink, args=(theirs,), daemon=True)
            process.start()
            address = RelayAddress("127.0.0.1", mine.recv())
        transport = RelayTransport([NextHop(address)], DOMAIN, given.connections, Timeouts())
    with tempfile.TemporaryDirectory() as folder:
        took, used = uvloop.run(measure(Path(folder), transport, given.copies, given.size))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{given.copies} copies of {given.size} octets, {transport.connections} connections: "
        f"{given.copies / took:.0f} copies/s, {used / given.copies * 1e6:.0f} us CPU each, {memory} MiB at most"
    )
    if process is not None:
        process.terminate()


if __name__ == "__main__":
    main()

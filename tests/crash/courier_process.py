"""A process that sends what a database holds, for tests that kill it: PORT FOLDER CONNECTIONS."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from mailsvc.clock import SystemClock
from mailsvc.deliver.courier import Courier
from mailsvc.ids import SystemRandomness
from mailsvc.store.sqlite import SqliteDatabase
from tests.outgoing_kit import FREE, relay, site


async def main(port: int, folder: Path, connections: int) -> None:
    """Send until killed, or until nothing is left."""
    where = site(folder)
    db = SqliteDatabase(where.config.database_path, SystemClock(), SystemRandomness())
    await db.open()
    courier = Courier(db, where, SystemClock(), relay(port, connections=connections), free_disk=lambda: FREE)
    task = asyncio.create_task(courier.run())
    left = 1
    while left:
        await asyncio.sleep(0.05)
        left = len(await db.read(lambda tx: tx.all("SELECT 1 FROM outgoing WHERE state = 'ready'")))
    await courier.stop(5)
    await task
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))

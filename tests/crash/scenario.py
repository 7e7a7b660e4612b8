"""A short life of a network, played against a service in this process that may die at any commit: join, post, hold,
reminder, approve, fan-out.

The people who write remember what was taken (`250`) in a file, and send anything else again when they come back, as
mail servers do. So the end must always be the same, wherever and how often the process died.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from mailsvc import config as config_module
from mailsvc import keys
from mailsvc.app import Service
from mailsvc.clock import VirtualClock
from mailsvc.ids import GroupId, SystemRandomness
from mailsvc.store import migrate
from mailsvc.store import sqlite as module
from tests.systems.world import CONFIG, DOMAIN, START, Letter, World

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
EVA = "Eva Dahl <eva@example.com>"
STRANGER = "Sven Ek <sven@example.net>"
KILLED = 9
WAITED = "waited-"


class Crash:
    """Ends the process at the N-th commit of the writer: just before it, or just after."""

    def __init__(self, number: int, *, after: bool) -> None:
        self.left = number
        self.after = after
        self.original: Callable[..., sqlite3.Cursor] = module._Connection.execute

    def install(self) -> None:
        crash = self

        def execute(connection: sqlite3.Connection, sql: str, *parameters: object) -> sqlite3.Cursor:
            kept = vars(connection)
            if sql == "BEGIN IMMEDIATE":
                kept["writing"] = True
            last = sql == "COMMIT" and kept.pop("writing", False) and crash.count() == 0
            if last and not crash.after:
                os._exit(KILLED)
            cursor = crash.original(connection, sql, *parameters)
            if last:
                os._exit(KILLED)
            return cursor

        module._Connection.execute = execute  # type: ignore[method-assign]

    def count(self) -> int:
        self.left -= 1
        return self.left


async def question(world: World, who: str) -> Letter:
    """The newest letter in somebody's inbox that can be answered."""
    return [letter for letter in await world.inbox(who) if letter.reply_to.startswith("reply+")][-1]


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


class Story:
    """The steps, each a mail that is sent until it was taken."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.file = folder / "taken"

    def taken(self) -> set[str]:
        return set(self.file.read_text().split()) if self.file.exists() else set()

    def take(self, step: str) -> None:
        with self.file.open("a") as handle:
            handle.write(f"{step}\n")

    def headers(self, step: str) -> dict[str, str]:
        return {"Message-ID": f"<{step}@example.org>", "Date": "Mon, 23 Nov 2026 09:00:00 +0000"}

    async def send(self, step: str, who: str, to: str, text: str) -> None:
        await self.world.settle()
        if step not in self.taken():
            await self.world.send(who, f"{to}@{DOMAIN}", step, text, headers=self.headers(step))
            self.take(step)

    async def reply(self, step: str, who: str, text: str) -> None:
        await self.world.settle()
        if step not in self.taken():
            await self.world.reply(await question(self.world, who), text, headers=self.headers(step))
            self.take(step)

    async def wait(self, days: int) -> None:
        """Let days go by. Written down first: time that has gone by does not come back with a new process."""
        await self.world.settle()
        if f"{WAITED}{days}" not in self.taken():
            self.take(f"{WAITED}{days}")
            await self.world.pass_time(days=days)

    def waited(self) -> timedelta:
        """How much time has gone by in earlier lives of the process."""
        return timedelta(days=sum(int(one.removeprefix(WAITED)) for one in self.taken() if one.startswith(WAITED)))

    async def play(self) -> None:
        if "furnished" not in self.taken():
            known = await self.world.rows("SELECT id FROM groups")
            group = GroupId(int(str(known[0]["id"]))) if known else await self.world.group("cataloguing")
            for who, role in ((KARIN, "moderator"), (PER, "deputy"), (ANNA, "member")):
                await self.world.member(group, who, role=role)
            self.take("furnished")
        await self.send("join", EVA, "cataloguing-join", "I should like to join.")
        await self.reply("confirm", EVA, "Ja")
        await self.reply("welcome", KARIN, "Ja tack")
        await self.send("post", STRANGER, "cataloguing", "May I ask something?")
        await self.wait(3)  # nobody answers: they are reminded
        await self.reply("approve", PER, "Godkänn")
        await self.send("own", EVA, "cataloguing", "Hello all of you.")
        await self.world.settle()
        with suppress(TimeoutError):  # a message whose last copy was settled just before the end is closed soon after
            async with asyncio.timeout(20):
                while await self.world.rows("SELECT 1 FROM outgoing WHERE state <> 'done'"):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)

    async def end(self) -> dict[str, object]:
        """Everything that must be the same at the end of every run."""
        rows = self.world.rows

        async def counted(sql: str) -> list[list[str]]:
            return sorted([*map(str, row.values())] for row in await rows(sql))

        letters: Counter[str] = Counter()
        for row in await rows("SELECT folded, bytes FROM mailroom"):
            subject = next(line for line in _bytes(row["bytes"]).split(b"\r\n") if line.startswith(b"Subject:"))
            letters[f"{row['folded']} {subject.decode()}"] += 1
        return {
            "letters": dict(sorted(letters.items())),
            "cases": await counted("SELECT id, kind, state, version FROM cases"),
            "log": await counted("SELECT case_id, seq, kind, state FROM event"),
            "members": await counted(
                "SELECT a.folded, m.role FROM membership m JOIN address a ON a.id = m.address_id WHERE ended_at IS NULL"
            ),
            "copies": await counted("SELECT address, state, count(*) FROM delivery GROUP BY 1, 2"),
            "outgoing": await counted("SELECT template, state, count(*) FROM outgoing GROUP BY 1, 2"),
            "mail": await counted(
                "SELECT reason, state, count(*) FROM inbox WHERE reason <> 'duplicate' GROUP BY 1, 2"
            ),
            "questions": await counted("SELECT kind, person_id, state, answer FROM question"),
            "timers": await counted("SELECT case_id, name FROM timer"),
        }


async def run(folder: Path) -> dict[str, object]:
    """Play on from wherever the story was left."""
    config = config_module.parse(CONFIG, base=str(folder))
    key = config.path(config.site.key_file)
    if not key.exists():
        migrate.create(config.database_path, keys.create(key, SystemRandomness()).site_id)
    clock = VirtualClock(START)
    service = Service(config, clock=clock, randomness=SystemRandomness())
    await service.start()
    try:
        story = Story(World(service, clock, folder), folder)
        clock.advance(story.waited())
        service.db.wake_all()
        await story.play()
        return await story.end()
    finally:
        await service.stop()


def _play(folder: Path, number: int, when: str) -> None:
    """In the forked process: play, and write down the end. 0 = without a crash."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # the log
    code = 1
    try:
        if number:
            Crash(number, after=when == "after").install()
        (folder / "end.json").write_text(json.dumps(asyncio.run(run(folder))))
        code = 0
    except BaseException:  # noqa: BLE001 - this process must not go on as its parent's double
        traceback.print_exc()
    os._exit(code)


def main() -> None:
    """Reads lines `NUMBER WHEN FOLDER`, plays each in a process of its own and prints its exit code."""
    for line in sys.stdin:
        number, when, folder = line.rstrip("\n").split(" ", 2)
        child = os.fork()
        if child == 0:
            _play(Path(folder), int(number), when)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()

"""Who may say what: every act, by every kind of sender, under every state of evidence, in the default mode.

The table is design page 5 ("Who may say what") written out. Senders: `own` is the person the act is for, `other`
another known person, `unknown` nobody we know.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
BO = "Bo Dahl <bo@example.org>"
NOBODY = "Somebody <somebody@example.org>"
SENDERS = {"own": KARIN, "other": ANNA, "unknown": NOBODY}

BORDER = CONFIG.replace("[web]", 'authserv_id = "mx.example.org"\ntrusted_hops = 0\n[web]')
HEADERS = {
    "pass": {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"},
    "fail": {"Authentication-Results": "mx.example.org; dmarc=fail (p=quarantine) header.from=example.org"},
    "weak": {"Authentication-Results": "mx.example.org; dmarc=fail (p=none) header.from=example.org"},
    "unknown": {},
}

#            act        sender     pass         unknown      weak         fail
MATRIX = """
             approve    own        done         done         challenged   refused
             approve    other      refused      refused      refused      refused
             approve    unknown    claimed      claimed      claimed      refused
             key        own        left         left         left         left
             key        other      left         left         left         left
             key        unknown    left         left         left         left
             leave      own        asked        asked        asked        nothing
             leave      unknown    nothing      nothing      nothing      nothing
             join       unknown    asked        asked        asked        nothing
             language   own        done         done         done         nothing
             language   unknown    nothing      nothing      nothing      nothing
             add        own        asked        asked        asked        nothing
             add        other      nothing      nothing      nothing      nothing
             add        unknown    nothing      nothing      nothing      nothing
             post       own        sent         sent         sent         held
             post       unknown    held+told    held+told    held         held
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]
COLUMNS = ("pass", "unknown", "weak", "fail")
CELLS = [(row[0], row[1], d, row[2 + place]) for row in ROWS for place, d in enumerate(COLUMNS)]


class Scene:
    """Karin moderates, Anna and Bo are members; what one act led to."""

    def __init__(self, world: World, sender: str, headers: dict[str, str]) -> None:
        self.world = world
        self.sender = sender
        self.headers = headers

    async def approve(self) -> str:
        await self.world.send("Sven <sven@example.net>", f"talk@{DOMAIN}", "Held", "Text", headers=HEADERS_FOR_STRANGER)
        question = await self.world.letter(KARIN, "Held")
        await self.world.reply(question, "Ja", sender=self.sender, headers=self.headers)
        if await self._got(BO, "Held"):
            return "done"
        newest = (await self.world.inbox(KARIN))[-1].subject
        names = {"Was this you": "challenged", "your address too": "claimed", "not counted": "refused"}
        return next((name for words, name in names.items() if words in newest), "nothing")

    async def key(self) -> str:
        await self.world.send(BO, f"talk@{DOMAIN}", "Hello", "Text", headers=HEADERS["pass"] if self._border else {})
        unsubscribe = str((await self.world.letter(KARIN, "Hello")).message["List-Unsubscribe"])
        address = unsubscribe.split("mailto:")[1].split(">")[0].replace("%2B", "+")
        await self.world.send(self.sender, address, headers=self.headers)
        return "left" if len(await self._members()) == 2 else "nothing"

    async def leave(self) -> str:
        await self.world.send(self.sender, f"talk-leave@{DOMAIN}", headers=self.headers)
        return "asked" if await self._has(self.sender, "Do you want to leave") else "nothing"

    async def join(self) -> str:
        await self.world.send(self.sender, f"talk-join@{DOMAIN}", headers=self.headers)
        return "asked" if await self._has(self.sender, "Do you want to join") else "nothing"

    async def language(self) -> str:
        await self.world.send(self.sender, f"talk-request@{DOMAIN}", "language nn", headers=self.headers)
        return "done" if await self.world.rows("SELECT * FROM person WHERE language = 'nn'") else "nothing"

    async def add(self) -> str:
        await self.world.send(self.sender, f"talk-request@{DOMAIN}", "add eva@example.net", headers=self.headers)
        assert len(await self._members()) == 3
        return "asked" if await self._has(self.sender, "Change the members") else "nothing"

    async def post(self) -> str:
        await self.world.send(self.sender, f"talk@{DOMAIN}", "A post", "Text", headers=self.headers)
        if await self._got(BO, "A post"):
            return "sent"
        return "held+told" if await self._has(self.sender, "waits for a moderator") else "held"

    @property
    def _border(self) -> bool:
        return bool(self.headers)

    async def _members(self) -> list[dict[str, object]]:
        return await self.world.rows("SELECT id FROM membership WHERE ended_at IS NULL")

    async def _got(self, who: str, subject: str) -> bool:
        return any(one.message["List-Id"] and one.subject == subject for one in await self.world.inbox(who))

    async def _has(self, who: str, words: str) -> bool:
        letters: list[Letter] = await self.world.inbox(who)
        return any(words in letter.subject for letter in letters)


HEADERS_FOR_STRANGER = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.net"}


def test_the_table_is_whole() -> None:
    assert len({(act, sender, d) for act, sender, d, _ in CELLS}) == len(CELLS) == 16 * 4


@pytest.mark.parametrize(("act", "sender", "d", "outcome"), CELLS)
async def test_a_cell(tmp_path: Path, act: str, sender: str, d: str, outcome: str) -> None:
    async with running(tmp_path, CONFIG if d == "unknown" else BORDER) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        for member in (ANNA, BO):
            await world.member(group, member)
        scene = Scene(world, SENDERS[sender], HEADERS[d])
        assert await getattr(scene, act)() == outcome

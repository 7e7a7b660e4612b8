"""The whole path of a digest with random matters of mixed kinds: sent, answered in random layouts, carried out.

Whatever is written, each matter is decided as it was meant, with its own reason, or not at all; another's decision or
reason never is.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import tools
from tests.systems.test_digests import ASTRID, BO, CECILIE, board

WORDS = {
    "motion": {
        ASTRID: [("ja", "yes"), ("nej", "no"), ("vänta", "")],
        BO: [("yes", "yes"), ("no", "no"), ("hold", "")],
        CECILIE: [("ja", "yes"), ("nej", "no"), ("vent", "")],
    },
    "advice": {
        ASTRID: [("tillstyrk", "recommend"), ("avstyrk", "advise-against")],
        BO: [("recommend", "recommend"), ("advise against", "advise-against")],
        CECILIE: [("anbefal", "recommend"), ("fraråd", "advise-against")],
    },
}
REASONS = ["", "for dyrt", "se nr 2", "the other one is better", "3 000 kr", "som sagt, 4 personer", "ja till alla"]
REFUSING = ("no", "advise-against")
PREFIXES = ["{}", "{}.", "{})", "#{}", "nr {}"]


@dataclass(frozen=True)
class Said:
    """One matter of the digest and what its answer says; `word` is "" where it is left out."""

    kind: str
    word: str
    wanted: str
    reason: str
    prefix: str


@st.composite
def replies(draw: st.DrawFn) -> tuple[str, list[Said], bool, list[int]]:
    """Who answers, what each matter gets, whether each stands on a line of its own, and in which order."""
    who = draw(st.sampled_from([ASTRID, BO, CECILIE]))
    count = draw(st.integers(2, 6))
    said = []
    for _ in range(count):
        kind = draw(st.sampled_from(["motion", "advice"]))
        word, wanted = draw(st.sampled_from([*WORDS[kind][who], ("", "")]))
        reason = draw(st.sampled_from(REASONS)) if wanted in REFUSING else ""
        said.append(Said(kind, word, wanted, reason, draw(st.sampled_from(PREFIXES))))
    return who, said, draw(st.booleans()), draw(st.permutations(range(count)))


def written(said: list[Said], order: list[int], *, lines: bool) -> str:
    parts = [
        f"{one.prefix.format(number + 1)} {one.word}{': ' + one.reason if one.reason else ''}"
        for number in order
        if (one := said[number]).word
    ]
    return ("\n" if lines else ", ").join(parts)


async def play(folder: Path, who: str, said: list[Said], text: str) -> None:
    async with board(folder) as here:
        for number, one in enumerate(said, 1):
            await here.put(f"Matter {number}", kind=one.kind)
        await here.next_monday()
        await here.world.reply(await here.digest(who), text or "Hej!")
        for number, one in enumerate(said, 1):
            data = await here.data(f"Matter {number}")
            decided = data.decision if one.kind == "motion" else data.given
            assert decided in ("", one.wanted), (text, number, decided)
            if one.kind == "motion" and decided == "no":
                others = {other.reason for other in said} - {one.reason, ""}
                assert not [why for why in data.reasons if why in others], (text, number)
        letter = await here.last(who)
        if any(one.word for one in said):
            assert letter.message["Auto-Submitted"] or letter.reply_to.startswith("reply+")


@settings(
    max_examples=120 if tools.SOAK else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(replies())
def test_each_matter_is_decided_as_it_was_meant_or_not_at_all(reply: tuple[str, list[Said], bool, list[int]]) -> None:
    who, said, lines, order = reply
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), who, said, written(said, order, lines=lines)))


def test_plain_replies_are_read_whole(tmp_path: Path) -> None:
    """That the test above does not pass because nothing is read."""
    said = [
        Said("motion", "ja", "yes", "", "{}"),
        Said("advice", "fraråd", "advise-against", "for dyrt", "{}."),
        Said("motion", "nej", "no", "se nr 2", "nr {}"),
    ]

    async def run() -> None:
        async with board(tmp_path) as here:
            for number, one in enumerate(said, 1):
                await here.put(f"Matter {number}", kind=one.kind)
            await here.next_monday()
            await here.world.reply(await here.digest(CECILIE), written(said, [0, 1, 2], lines=True))
            assert (await here.data("Matter 1")).decision == "yes"
            assert (await here.data("Matter 2")).given == "advise-against"
            assert (await here.data("Matter 3")).decision == "no"
            assert (await here.data("Matter 3")).reasons == ("se nr 2",)

    asyncio.run(run())

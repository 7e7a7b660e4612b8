"""The process dies at one commit after another of join, post, hold, reminder, approve, fan-out: always the same end.

In `make soak` at every one, and then a second time, at one of the commits that are left: twenty of them for each.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailsvc.ids import SeededRandomness
from tests import tools
from tests.crash.scenario import KILLED

# How many commits the story has depends on what falls into one batch; behind the last there is nothing to try.
MOST = 140
SEEDS = 20
MODERATORS = ("karin@example.org", "per@example.org")
SAMPLE = [3, 9, 16, 23, 30, 37, 44, 51]
MOMENTS = [(n, when) for n in range(1, MOST) for when in ("before", "after")]
CHOSEN = MOMENTS if tools.SOAK else [(n, ("before", "after")[i % 2]) for i, n in enumerate(SAMPLE)]

End = dict[str, Any]


class Stage:
    """The process that everything is imported in once, and that forks a player for each play."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.scenario"],
            cwd=tools.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        code, self.undisturbed = self.play(folder)
        assert code == 0

    def play(self, folder: Path, number: int = 0, when: str = "after") -> tuple[int, End]:
        """The story from wherever it was left; its exit code, and how it ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{number} {when} {folder}\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        if code == 0:
            return 0, json.loads((folder / "end.json").read_text())
        assert code == KILLED
        return KILLED, {}

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("undisturbed"))
    yield made
    made.close()


@pytest.mark.parametrize(("number", "when"), CHOSEN)
def test_wherever_it_dies_the_end_is_the_same(stage: Stage, tmp_path: Path, number: int, when: str) -> None:
    code, end = stage.play(tmp_path, number, when)
    if code == KILLED:
        code, end = stage.play(tmp_path)
    else:
        assert number > SAMPLE[-1]  # the story has fewer commits
    assert code == 0
    assert end == stage.undisturbed


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEEDS if tools.SOAK else 1))
def test_wherever_it_dies_twice_the_end_is_the_same(stage: Stage, tmp_path: Path, seed: int) -> None:
    """At every commit point, and after a new start at another one; a sample of them in `make check`."""
    chance = SeededRandomness(seed)
    for number, when in MOMENTS[seed % 2 :: 2] if tools.SOAK else CHOSEN[:3]:
        folder = tmp_path / f"{number}{when}"
        folder.mkdir()
        code, end = stage.play(folder, number, when)
        if code == 0:  # the story has fewer commits
            break
        second, side = chance.random_bytes(2)
        code, end = stage.play(folder, 1 + second % 40, ("before", "after")[side % 2])
        if code == KILLED:
            code, end = stage.play(folder)
        assert (code, end) == (0, stage.undisturbed), (number, when, second)


def test_dying_again_and_again_is_no_different(stage: Stage, tmp_path: Path) -> None:
    """At the fourteenth commit of what is left, until the story is over."""
    for _ in range(20):
        code, end = stage.play(tmp_path, 14)
        if code == 0:
            break
    assert code == 0
    assert end == stage.undisturbed


def test_the_story_is_the_whole_one(stage: Stage) -> None:
    end = stage.undisturbed
    assert [row[1:3] for row in end["cases"]] == [["join-request", "joined"], ["held-post", "posted"]]
    assert len(end["members"]) == 4
    assert {row[1] for row in end["copies"]} == {"delivered"}
    assert {row[1] for row in end["outgoing"]} == {"done"}
    reminder = "Subject: Reminder: A post waits for your answer: post [#2]"
    assert [end["letters"][f"{who} {reminder}"] for who in MODERATORS] == [1, 1]
    for who in ("anna@example.com", "eva@example.com", "karin@example.org", "per@example.org"):
        assert [end["letters"][f"{who} Subject: {post}"] for post in ("post", "own")] == [1, 1]

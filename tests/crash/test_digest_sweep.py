"""The process dies at one commit after another of two weeks of digests: each slot's letters go out once, and all do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tools
from tests.crash.scenario import KILLED
from tests.crash.test_commit_sweep import Stage

# The two weeks have some 40 commits; how many exactly depends on what falls into one batch.
MOST = 60
SAMPLE = [5, 8, 9, 11, 14, 18, 22, 27]
MOMENTS = [(n, when) for n in range(1, MOST) for when in ("before", "after")]
CHOSEN = MOMENTS if tools.SOAK else [(n, ("before", "after")[i % 2]) for i, n in enumerate(SAMPLE)]


class Weeks(Stage):
    """The stage of the commit sweep, with another play."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.digest_scenario"],
            cwd=tools.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        code, self.undisturbed = self.play(folder)
        assert code == 0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    made = Weeks(tmp_path_factory.mktemp("undisturbed"))
    yield made
    made.close()


def test_the_weeks_are_whole(stage: Weeks) -> None:
    letters = stage.undisturbed["letters"]
    assert letters["astrid@example.org Subject: =?utf-8?q?F=C3=B6r_beslut_i_Board=3A_2_=C3=A4renden?="] == 1
    assert letters["bo@example.org Subject: For decision in Board: 2 matters"] == 1
    assert letters["bo@example.org Subject: For decision in Board: 1 matter [#3]"] == 1
    assert letters["bo@example.org Subject: Your answers to 2 matters"] == 1
    assert letters["cecilie@example.org Subject: Afgjort af andre: 2 sager"] == 1
    assert {row[2] for row in stage.undisturbed["cases"]} == {"done", "deciding"}


@pytest.mark.parametrize(("number", "when"), CHOSEN)
def test_wherever_it_dies_every_digest_goes_out_once(stage: Weeks, tmp_path: Path, number: int, when: str) -> None:
    code, end = stage.play(tmp_path, number, when)
    if code == KILLED:
        code, end = stage.play(tmp_path)
    else:
        assert number > SAMPLE[-1]  # the weeks have fewer commits
    assert code == 0
    assert end == stage.undisturbed


def test_dying_again_and_again_is_no_different(stage: Weeks, tmp_path: Path) -> None:
    """At the fourteenth commit of what is left, until the weeks are over."""
    for _ in range(30):
        code, end = stage.play(tmp_path, 14)
        if code == 0:
            break
    assert code == 0
    assert end == stage.undisturbed

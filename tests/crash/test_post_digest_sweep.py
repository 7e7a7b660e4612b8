"""The process dies at one commit after another of ten days of gathered posts: nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tools
from tests.crash.scenario import KILLED
from tests.crash.test_commit_sweep import Stage

# The days have some 30 commits; how many exactly depends on what falls into one batch.
MOST = 60
SAMPLE = [6, 11, 15, 17, 19, 22]
MOMENTS = [(n, when) for n in range(1, MOST) for when in ("before", "after")]
CHOSEN = MOMENTS if tools.SOAK else [(n, ("before", "after")[i % 2]) for i, n in enumerate(SAMPLE)]


class Days(Stage):
    """The stage of the commit sweep, with another play."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.post_digest_scenario"],
            cwd=tools.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        code, self.undisturbed = self.play(folder)
        assert code == 0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    made = Days(tmp_path_factory.mktemp("undisturbed"))
    yield made
    made.close()


def test_the_days_are_whole(stage: Days) -> None:
    letters = stage.undisturbed["letters"]
    assert letters["anna@example.com Subject: Cataloguing: 2 posts"] == 1
    assert letters["anna@example.com Subject: Cataloguing: 1 post"] == 1
    assert letters["eva@example.com Subject: Cataloguing: 3 posts"] == 1


@pytest.mark.parametrize(("number", "when"), CHOSEN)
def test_wherever_it_dies_every_post_is_gathered_once(stage: Days, tmp_path: Path, number: int, when: str) -> None:
    code, end = stage.play(tmp_path, number, when)
    if code == KILLED:
        code, end = stage.play(tmp_path)
    else:
        assert number > SAMPLE[-1]  # the days have fewer commits
    assert code == 0
    assert end == stage.undisturbed

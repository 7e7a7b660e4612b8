"""In CI a skip is a failure, because a test that never runs proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tools


def skipped(reason: str) -> pytest.TestReport:
    """The report of a skipped test."""
    return pytest.TestReport("a::b", ("a", 1, "b"), {}, "skipped", ("a.py", 1, f"Skipped: {reason}"), "call")


def test_a_missing_program_skips() -> None:
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        tools.require_tool("no-such-program")


def test_a_present_program_is_found() -> None:
    assert Path(tools.require_tool("sh")).is_file()


def test_a_skip_stays_one_where_tools_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "REQUIRE_ALL", False)
    assert tools.without_skips(skipped("swaks is not installed")).skipped


def test_a_skip_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "REQUIRE_ALL", True)
    report = tools.without_skips(skipped("swaks is not installed"))
    assert report.failed
    assert report.longrepr == "swaks is not installed; MAILSVC_REQUIRE_ALL=1 allows no skip"


def test_the_absent_corpus_may_skip_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools, "REQUIRE_ALL", True)
    monkeypatch.setattr(tools, "CORPUS", tmp_path / "absent")
    with pytest.raises(pytest.skip.Exception) as skip:
        tools.require_corpus("replies")
    assert tools.without_skips(skipped(str(skip.value))).skipped


def test_the_present_corpus_must_be_used_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools, "REQUIRE_ALL", True)
    monkeypatch.setattr(tools, "CORPUS", tmp_path)
    assert tools.without_skips(skipped("no corpus today")).failed

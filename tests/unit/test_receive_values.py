"""mailsvc.receive: counters, content rules and replies, without sockets."""

from __future__ import annotations

import pytest

from mailsvc.errors import Refusal
from mailsvc.limits import Limits
from mailsvc.receive import replies
from mailsvc.receive.content_rules import admit, has_longer_line
from mailsvc.receive.session_limits import Connections, DataInFlight, SessionBudget
from mailsvc.receive.wire import DataBlock

REFUSALS = [value for value in vars(replies).values() if isinstance(value, Refusal)]
LINES = [value for name, value in vars(replies).items() if isinstance(value, str) and name.isupper()]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.line())
def test_refusals_agree_with_themselves(refusal: Refusal) -> None:
    assert str(refusal.code)[0] == refusal.enhanced[0]
    assert refusal.code in {421, 451, 452, 500, 501, 502, 503, 550, 552, 553, 554, 555}
    assert replies.wire_line(refusal.line()) == refusal.line().encode() + b"\r\n"


def test_there_are_replies() -> None:
    assert len(REFUSALS) > 20
    assert len(LINES) > 5


def test_wire_line_is_one_line() -> None:
    assert replies.wire_line("250 a\r\nb\0c\x7fd\u2028e") == b"250 a??b?c?d?e\r\n"
    assert len(replies.wire_line("250 " + "a" * 600)) == 512


def test_budget_at_the_limit_and_one_over() -> None:
    budget = SessionBudget(Limits(commands=3, junk_commands=2, errors_soft=1, errors_hard=2))
    assert [budget.command() for _ in range(4)] == [None, None, None, replies.TOO_MANY_COMMANDS]
    assert [budget.junk() for _ in range(3)] == [None, None, replies.TOO_MANY_COMMANDS]
    assert not budget.soft_reached
    outcomes = [(budget.error(), budget.soft_reached) for _ in range(3)]
    assert outcomes == [(None, True), (None, False), (replies.TOO_MANY_ERRORS, False)]


def test_a_mail_gives_commands_back_but_no_errors() -> None:
    budget = SessionBudget(Limits(commands=1, junk_commands=1, errors_hard=1))
    budget.command()
    budget.junk()
    budget.error()
    budget.mail()
    assert budget.mails == 1
    assert budget.command() is None
    assert budget.junk() is None
    assert budget.error() == replies.TOO_MANY_ERRORS


def test_connections() -> None:
    connections = Connections(total=3, per_client=2)
    assert [connections.enter("a") for _ in range(3)] == [True, True, False]
    assert [connections.enter(name) for name in "bc"] == [True, False]
    connections.leave("a")
    assert connections.enter("c")
    assert not connections.enter("a")


def test_data_in_flight() -> None:
    data = DataInFlight(10)
    assert data.take(10)
    assert not data.room_for(1)
    assert not data.take(1)
    assert data.held == 10
    data.give_back(4)
    assert data.room_for(4)
    assert not data.room_for(5)


def test_a_discarded_block_keeps_no_memory() -> None:
    data = DataInFlight(1000)
    block = DataBlock(100, data)
    block.feed(b"a" * 99 + b"\r\n")
    assert data.held == 101
    block.feed(b"b\r\n")
    assert block.too_big
    assert data.held == 0
    assert block.feed(b"c" * 5000 + b"\r\n.\r\nNOOP\r\n") == 5005
    assert block.complete
    assert data.held == 0
    block.release()
    assert data.held == 0


def test_stuffed_dots_do_not_count_however_they_arrive() -> None:
    stuffed = b"..\r\n..a\r\n.\r\n"
    block = DataBlock(len(b".\r\n.a\r\n"), DataInFlight(1000))
    for octet in stuffed:
        block.feed(bytes([octet]))
    assert block.complete
    assert not block.too_big
    assert block.content() == b".\r\n.a\r\n"


def test_a_block_without_room_is_discarded() -> None:
    data = DataInFlight(10)
    data.take(5)
    block = DataBlock(100, data)
    block.feed(b"12345")
    assert not block.no_memory
    block.feed(b"6")
    assert block.no_memory
    assert data.held == 5


@pytest.mark.parametrize(
    ("content", "normalised"),
    [
        (b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\rb\r\n", b"a\r\nb\r\n"),
        (b"a\r\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\r\r\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\n\rb\r\n", b"a\r\n\r\nb\r\n"),
        (b"\n\r\n", b"\r\n\r\n"),
    ],
)
def test_bare_line_ends(content: bytes, normalised: bytes) -> None:
    assert admit(content, Limits(), normalise=False) == replies.BARE_INSIDE
    assert admit(content, Limits(), normalise=True) == normalised


def test_clean_content_is_the_same_object() -> None:
    content = b"Subject: x\r\n\r\n" + b"y" * 2048 + b"\r\n"
    assert admit(content, Limits(), normalise=False) is content
    assert admit(content, Limits(), normalise=True) is content


def test_nul_is_refused_from_everybody() -> None:
    assert admit(b"a\0\r\n", Limits(), normalise=True) == replies.NUL_INSIDE
    assert admit(b"a\0\r\n", Limits(), normalise=False) == replies.NUL_INSIDE


def test_normalising_may_make_it_too_big() -> None:
    limits = Limits(message_size=10)
    assert admit(b"\n\n\n\n\n", limits, normalise=True) == b"\r\n" * 5
    assert admit(b"\n\n\n\n\n\n", limits, normalise=True) == replies.TOO_BIG


@pytest.mark.parametrize("before", [b"", b"x\r\n"])
@pytest.mark.parametrize("after", [b"\r\n", b"\r\nx\r\n"])
@pytest.mark.parametrize(("octets", "longer"), [(0, False), (9, False), (10, False), (11, True), (50, True)])
def test_longer_lines(before: bytes, octets: int, longer: bool, after: bytes) -> None:
    assert has_longer_line(before + b"a" * octets + after, 10) is longer


def test_longer_line_without_an_end() -> None:
    assert has_longer_line(b"a" * 11, 10)
    assert not has_longer_line(b"a" * 10, 10)
    assert has_longer_line(b"x\r\n" + b"a" * 11, 10)

"""The pure parts of delivery: delays, envelope senders, prepared messages, the window in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.clock import MINUTE, SECOND
from mailsvc.deliver import verp
from mailsvc.deliver.model import LONGEST_REPLY, Copy, Message, kept_reply, prepare, stuff
from mailsvc.deliver.pool import Pool
from mailsvc.deliver.retry import next_delay, relay_pause
from mailsvc.deliver.slots import MEMBER_KEY, RECIPIENT
from mailsvc.ids import DeliveryId, MembershipId, OutgoingId
from mailsvc.limits import Limits
from tests.outgoing_kit import KEY, letter


def test_copies_are_retried_after_5_minutes_doubling_to_70() -> None:
    minutes = [next_delay(attempts, Limits()) // MINUTE for attempts in range(1, 8)]
    assert minutes == [5, 10, 20, 40, 70, 70, 70]
    assert next_delay(10_000, Limits()) == 70 * MINUTE


def test_a_relay_rests_5_seconds_doubling_to_5_minutes() -> None:
    seconds = [relay_pause(strikes) // SECOND for strikes in range(1, 9)]
    assert seconds == [5, 10, 20, 40, 80, 160, 300, 300]


def test_an_envelope_sender_names_its_delivery() -> None:
    address = verp.reverse_path(KEY, DeliveryId(4711), "networks.example.org")
    local, _, domain = address.partition("@")
    assert domain == "networks.example.org"
    assert len(local) <= 64
    assert verp.delivery_of(KEY, local) == 4711
    assert verp.delivery_of(KEY, local.upper()) == 4711


@pytest.mark.parametrize("local", ["bounces", "bounces+", "bounces+1-aaaa", "reply+1-a", "", "bounces+-", "bounces+zz"])
def test_a_made_up_envelope_sender_names_nothing(local: str) -> None:
    assert verp.delivery_of(KEY, local) is None


def test_a_members_key_is_no_bounce_key() -> None:
    assert verp.delivery_of(KEY, f"bounces+{verp.member_key(KEY, MembershipId(7))}") is None


@pytest.mark.parametrize(
    ("data", "stuffed"),
    [
        (b"a\r\n", b"a\r\n"),
        (b".\r\n", b"..\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"\r\n..x\r\n.", b"\r\n...x\r\n.."),
    ],
)
def test_dots_at_the_start_of_lines_are_doubled(data: bytes, stuffed: bytes) -> None:
    assert stuff(data) == stuffed


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"", b". x", b"x."]), max_size=8))
def test_what_is_stuffed_is_unstuffed_to_the_same(lines: list[bytes]) -> None:
    data = b"".join(line + b"\r\n" for line in lines)
    wire = stuff(data).split(b"\r\n")[:-1]
    assert b"." not in wire
    assert [line[1:] if line.startswith(b".") else line for line in wire] == lines


def _copy(message: Message, number: int = 1, key: str = "k-1") -> Copy:
    return Copy(DeliveryId(number), message, "anna@example.org", "bounces+x@example.org", key, 0)


def test_a_prepared_message_gives_each_copy_its_own_values() -> None:
    content = letter(1, keyed=True, body=b".one\r\ntwo\r\n").replace(b"Subject: Test", b"Subject: to " + RECIPIENT)
    message = prepare(OutgoingId(1), content)
    assert message.keyed
    assert not message.problem
    copy = _copy(message).content()
    assert copy == content.replace(MEMBER_KEY, b"k-1").replace(RECIPIENT, b"anna@example.org")
    wire = message.wire_head("k-1", "anna@example.org") + message.wire_body
    assert wire == stuff(copy)


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (b"A: b\r\n\r\nno end", b"A: b\r\n\r\nno end\r\n"),
        (b"A: b\r\n\r\n", b"A: b\r\n\r\n"),
        (b"A: b\r\n", b"A: b\r\n"),
        (b"A: b", b"A: b\r\n"),
        (b"A: b\r\n\r\n.\r\n", b"A: b\r\n\r\n.\r\n"),
    ],
)
def test_a_message_is_sent_as_it_is_with_a_line_end_at_its_end(content: bytes, sent: bytes) -> None:
    message = prepare(OutgoingId(1), content)
    assert _copy(message).content() == sent
    assert message.wire_head("", "") + message.wire_body == stuff(sent)


@pytest.mark.parametrize("body", [b"a\nb\r\n", b"a\rb\r\n", b"x\r\n\n.\r\n", b"\r\r\n", b"\0\r\n"])
def test_bytes_that_could_end_a_message_early_are_not_sent(body: bytes) -> None:
    assert prepare(OutgoingId(1), letter(1, body=body)).problem.startswith("554 5.6.0 ")


def test_a_slot_that_nobody_fills_is_not_sent() -> None:
    content = letter(1).replace(b"Subject: Test", b"Subject: \0other\0")
    assert "NUL" in prepare(OutgoingId(1), content).problem


def test_eight_bit_is_seen() -> None:
    assert prepare(OutgoingId(1), letter(1, body="å\r\n".encode())).eight_bit
    assert not prepare(OutgoingId(1), letter(1)).eight_bit


def test_a_kept_reply_is_one_bounded_line_without_keys() -> None:
    key = KEY.token(b"n")
    kept = kept_reply(f"550 5.7.1 blocked\r\n\x1b[31m link https://n.example.org/u/{key} \u202edrow " + "x " * 900)
    assert key not in kept
    assert "…" in kept
    assert len(kept) == LONGEST_REPLY
    assert kept.isprintable()
    assert kept.startswith("550 5.7.1 blocked [31m link ")


def _copies(outgoing: int, count: int) -> list[Copy]:
    message = prepare(OutgoingId(outgoing), letter(outgoing))
    return [_copy(message, outgoing * 1000 + number) for number in range(count)]


def test_the_window_serves_the_urgent_first_and_equals_in_turn() -> None:
    pool = Pool()
    pool.offer(OutgoingId(1), 2, _copies(1, 3))
    pool.offer(OutgoingId(2), 2, _copies(2, 1))
    pool.offer(OutgoingId(3), 0, _copies(3, 1))
    taken = [copies[0].message.id for copies in iter(pool.take, ())]
    assert taken == [3, 1, 2, 1, 1]
    assert len(pool) == 0
    assert len(pool.held) == 5


def test_the_window_holds_a_copy_until_it_is_released() -> None:
    pool = Pool()
    pool.offer(OutgoingId(1), 2, _copies(1, 2))
    (first,) = pool.take()
    assert sorted(pool.held) == [1000, 1001]
    pool.keep_only([])
    assert pool.held == [first.id]
    assert pool.take() == ()
    pool.release([first])
    assert pool.held == []
    pool.offer(OutgoingId(1), 1, _copies(1, 1))
    assert pool.waiting == {1: 1}
    assert pool.take() is not None

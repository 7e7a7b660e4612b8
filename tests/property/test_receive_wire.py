"""DATA blocks and command lines are found alike however the octets are cut; addresses can inject nothing."""

from __future__ import annotations

import asyncio
import re

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.errors import Refusal
from mailsvc.limits import Limits
from mailsvc.receive.commands import MailCommand, parse_mail, parse_rcpt
from mailsvc.receive.content_rules import admit, has_bare_line_end, has_longer_line
from mailsvc.receive.session_limits import DataInFlight
from mailsvc.receive.wire import DataBlock, Wire

# Few different octets, so that what matters comes often.
OCTETS = st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"a", b"\r\n.", b"\r\n.\r\n", b"\0"]), max_size=30).map(
    b"".join
)
CUTS = st.lists(st.integers(1, 9), max_size=40)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [piece for piece in [*pieces, data] if piece]


def slow_reading(data: bytes) -> tuple[bytes, bytes] | None:
    """The message and what follows it, line by line as RFC 5321 §4.5.2 tells it; None where there is no end."""
    message = b""
    rest = data
    while True:
        line, end, rest = rest.partition(b"\r\n")
        if not end:
            return None
        if line == b".":
            return message, rest
        message += line.removeprefix(b".") + end


@given(OCTETS, CUTS, st.integers(0, 40))
def test_a_block_is_what_the_standard_says(data: bytes, sizes: list[int], limit: int) -> None:
    in_flight = DataInFlight(10**6)
    block = DataBlock(limit, in_flight)
    taken = 0
    for piece in cut(data, sizes):
        if block.complete:
            break
        used = block.feed(piece)
        assert used == len(piece) or block.complete
        taken += used
    expected = slow_reading(data)
    assert block.complete is (expected is not None)
    if expected is not None:
        message, rest = expected
        assert data[taken:] == rest
        assert block.too_big is (len(message) > limit)
        if not block.too_big:
            assert block.content() == message
    block.release()
    assert in_flight.held == 0


@given(OCTETS, CUTS)
def test_lines_are_found_however_they_come(data: bytes, sizes: list[int]) -> None:
    async def read() -> list[bytes]:
        wire = Wire(lambda: None, lambda: None)
        deadline = asyncio.get_running_loop().time() + 60

        async def feed() -> None:
            for piece in cut(data, sizes):
                wire.feed(piece)
                await asyncio.sleep(0)
            wire.end()

        feeding = asyncio.create_task(feed())
        lines = []
        while (line := await wire.line(5, deadline)) is not None:
            lines.append(line)
        await feeding
        return lines

    found = asyncio.run(read())
    whole = re.findall(rb"[^\n]*\n", data)
    assert [line.removesuffix(b"\n")[:5] for line in found] == [line.removesuffix(b"\n")[:5] for line in whole]
    # Of a line that is too long one octet more is kept than allowed, so that it shows.
    assert [len(line) for line in found] == [min(len(line), 6) for line in whole]


@given(OCTETS, st.booleans())
def test_admitted_content_has_clean_lines_only(data: bytes, normalise: bool) -> None:
    content = admit(data, Limits(text_line=5, message_size=60), normalise=normalise)
    if isinstance(content, Refusal):
        return
    assert b"\0" not in content
    assert not has_bare_line_end(content)
    assert all(len(line) <= 5 for line in content.split(b"\r\n"))
    assert len(content) <= 60
    assert normalise or content == data


@given(OCTETS, st.integers(0, 6))
def test_longer_lines_as_counted_slowly(data: bytes, octets: int) -> None:
    content = admit(data.replace(b"\0", b"x"), Limits(), normalise=True)
    assert isinstance(content, bytes)
    assert has_longer_line(content, octets) is any(len(line) > octets for line in content.split(b"\r\n"))


ADDRESS_TEXT = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(list('<>@.:,;"\\ aå\u200b\r\n\0\t[]()')), max_size=20).map("".join),
    st.from_regex(r"[a-z.\"<> ]{1,8}@[a-z.\[\]:]{1,8}", fullmatch=True),
)


@given(ADDRESS_TEXT, ADDRESS_TEXT, st.booleans())
def test_no_accepted_address_can_inject(inside: str, after: str, smtputf8: bool) -> None:
    command = parse_mail(f"FROM:<{inside}>{after}", extended=True)
    if isinstance(command, MailCommand):
        assert not re.search(r"[\s<>\x00-\x1f\x7f\\]", command.reverse_path)
        assert command.reverse_path == "" or "@" in command.reverse_path
        assert command.smtputf8 or command.reverse_path.isascii()
    address = parse_rcpt(f"TO:<{inside}>{after}", smtputf8=smtputf8)
    if isinstance(address, str):
        assert not re.search(r"[\s<>\x00-\x1f\x7f\\]", address)
        assert address == "postmaster" or "@" in address
        assert smtputf8 or address.isascii()

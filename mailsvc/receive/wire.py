"""The bytes of one SMTP connection: command lines and DATA blocks, found exactly (RFC 5321 §2.3.8, §4.1.1.4, §4.5.2).

`DataBlock` knows no sockets and is fed; `Wire` is fed by the protocol and read by the session, with deadlines. A
message ends at CR LF . CR LF and at nothing that only resembles it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mailsvc.receive.session_limits import DataInFlight

END_OF_DATA = b"\r\n.\r\n"
PAUSE_AT = 256 * 1024  # octets unread at which the client is asked to wait (by not reading its socket)


class DataBlock:
    """The octets between 354 and the final dot.

    `size_limit` counts the message as RFC 1870 §3 does: CR LF count, the final dot and stuffed dots do not. `in_flight`
    counts what is kept in memory. When it has no room, or over the limit, the rest is read to its end but not kept.
    The owner calls `release` when the octets are no longer needed, whatever happened.
    """

    def __init__(self, size_limit: int, in_flight: DataInFlight) -> None:
        self._size_limit = size_limit
        self._in_flight = in_flight
        self._taken = 0
        # The line before the first one: what makes a lone dot at the very beginning an end, too.
        self._data = bytearray(b"\r\n")
        self._dots = 0
        self.complete = False
        self.too_big = False
        self.no_memory = False

    def feed(self, chunk: bytes | bytearray) -> int:
        """Take what belongs to the block; returns how many octets that were, and sets `complete` at its end."""
        before = len(self._data)
        self._data += chunk
        found = self._data.find(END_OF_DATA, max(0, before - len(END_OF_DATA) + 1))
        if found >= 0:
            self.complete = True
            del self._data[found + len(END_OF_DATA) :]
        used = len(self._data) - before
        if not self.discarding:
            self._count(before, used)
        if self.discarding:
            # The tail suffices to recognise the end.
            del self._data[: -(len(END_OF_DATA) - 1)]
            self.release()
        return used

    def _count(self, before: int, used: int) -> None:
        # Each dot after a line end is seen once: when its own octet arrives.
        self._dots += self._data.count(b"\r\n.", max(0, before - 2))
        if self._in_flight.take(used):
            self._taken += used
        else:
            self.no_memory = True
        # Less the line before the first one, the stuffed dots, and the final dot with its line end; before the end has
        # come this may be two octets too few, never too many.
        self.too_big = len(self._data) - 2 - self._dots - 2 > self._size_limit

    @property
    def discarding(self) -> bool:
        """True when the message will be refused whatever follows."""
        return self.too_big or self.no_memory

    def release(self) -> None:
        """The octets are no longer in memory."""
        self._in_flight.give_back(self._taken)
        self._taken = 0

    def content(self) -> bytes:
        """The message, dots unstuffed (§4.5.2). Once, and only of a complete block that is not discarded."""
        raw = bytes(memoryview(self._data)[: -len(b".\r\n")])
        self._data = bytearray()
        return raw.replace(b"\r\n.", b"\r\n")[2:]


class Wire:
    """What came in and was not read yet. `pause` and `resume` tell the transport to stop and go on reading."""

    def __init__(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        self._pause = pause
        self._resume = resume
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False
        self._ended = False

    def feed(self, data: bytes) -> None:
        """Octets arrived."""
        self._buffer += data
        if len(self._buffer) > PAUSE_AT and not self._paused:
            self._paused = True
            self._pause()
        self._wake()

    def end(self) -> None:
        """Nothing more will arrive."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wake()

    def drop(self) -> None:
        """Forget what was not read yet."""
        self._buffer.clear()
        self._paused = False

    @property
    def unread(self) -> int:
        """How many octets wait to be read."""
        return len(self._buffer)

    @property
    def has_line(self) -> bool:
        """True when a whole line waits to be read."""
        return b"\n" in self._buffer

    async def line(self, longest: int, deadline: float) -> bytes | None:
        """The next line with its LF; None when the client has gone. TimeoutError past `deadline` (the loop's time).

        Of a line over `longest` octets only the first `longest + 1` are returned, so a client cannot fill the memory.
        """
        kept = b""
        searched = 0
        while True:
            found = self._buffer.find(b"\n", searched)
            if found >= 0:
                line = kept + bytes(self._buffer[: found + 1])
                del self._buffer[: found + 1]
                return line[: longest + 1]
            searched = len(self._buffer)
            if searched > longest:
                kept = (kept + bytes(self._buffer))[: longest + 1]
                self._buffer.clear()
                searched = 0
            if not await self._more(deadline):
                return None

    async def block(self, block: DataBlock, deadline: float) -> bool:
        """Fill `block` to its end; False when the client has gone before. TimeoutError past `deadline`."""
        while True:
            used = block.feed(self._buffer)
            del self._buffer[:used]
            if block.complete:
                return True
            if not await self._more(deadline):
                return False

    async def discard(self, octets: int, deadline: float) -> None:
        """Read and forget until the client is done, `octets` have passed or `deadline` has come.

        A socket closed with unread input resets the connection, and the client may never see the last reply.
        """
        try:
            while octets > 0:
                octets -= len(self._buffer)
                self._buffer.clear()
                if not await self._more(deadline):
                    return
        except TimeoutError:
            return

    async def _more(self, deadline: float) -> bool:
        if self._ended:
            return False
        if self._paused:
            self._paused = False
            self._resume()
        loop = asyncio.get_running_loop()
        if loop.time() >= deadline:  # whoever sends an octet at a time must not outrun the alarm
            raise TimeoutError
        self._waiter = loop.create_future()
        self._watch(loop, deadline)
        try:
            await self._waiter
        finally:
            self._waiter = None
        return True

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _watch(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """End this wait at `deadline`. A conversation waits many times, so one timer serves them all."""
        self._deadline = deadline
        if self._timer is not None and self._timer.when() > deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = loop.call_at(deadline, self._alarm, loop)

    def _alarm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if loop.time() < self._deadline:
            self._watch(loop, self._deadline)
        else:
            self._waiter.set_exception(TimeoutError())

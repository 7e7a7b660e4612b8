"""The copies that are in memory: a bounded window on the queue, urgent messages first, equals in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from typing import Final

from mailsvc.deliver.model import Copy
from mailsvc.ids import DeliveryId, OutgoingId

SHARED: Final = 8  # so many copies of shared messages take the room of one personal copy: they leave together


class Pool:
    """Which copies wait in memory and which are being sent; plain data without any waiting.

    A copy is *held* from when it is taken into memory until it is given back, dropped or settled. What is held is
    never read from the database again, so no copy can be sent by two connections.
    """

    def __init__(self) -> None:
        self._waiting: dict[OutgoingId, deque[Copy]] = {}
        self._turns: dict[int, deque[OutgoingId]] = {}
        self._held: set[DeliveryId] = set()
        self._count = 0
        self._shared = 0

    def __len__(self) -> int:
        """How many copies wait."""
        return self._count

    @property
    def filled(self) -> int:
        """How much of a window the waiting copies take."""
        return self._count - self._shared + self._shared // SHARED

    @property
    def held(self) -> list[DeliveryId]:
        """Every copy in memory, waiting or being sent."""
        return list(self._held)

    @property
    def waiting(self) -> dict[OutgoingId, int]:
        """How many copies of each message wait."""
        return {outgoing: len(queue) for outgoing, queue in self._waiting.items()}

    def offer(self, outgoing: OutgoingId, priority: int, copies: Iterable[Copy]) -> None:
        """Add copies of a message behind its others."""
        added = list(copies)
        if not added:
            return
        if outgoing not in self._waiting:
            self._waiting[outgoing] = deque()
            self._turns.setdefault(priority, deque()).append(outgoing)
        self._waiting[outgoing].extend(added)
        self._held.update(copy.id for copy in added)
        self._counted(added[0], len(added))

    def _counted(self, like: Copy, copies: int) -> None:
        self._count += copies
        if like.message.shared:
            self._shared += copies

    def peek(self) -> Copy | None:
        """What `take` would begin with."""
        for priority in sorted(self._turns):
            if self._turns[priority]:
                return self._waiting[self._turns[priority][0]][0]
        return None

    def take(self, most: int = 1) -> tuple[Copy, ...]:
        """The next copy to send, of the most urgent messages the one whose turn it is; up to `most` of a shared one."""
        for priority in sorted(self._turns):
            turns = self._turns[priority]
            if not turns:
                del self._turns[priority]
                continue
            outgoing = turns.popleft()
            queue = self._waiting[outgoing]
            room = min(most, len(queue)) if queue[0].message.shared else 1
            copies = tuple([queue.popleft() for _ in range(room)])
            self._counted(copies[0], -room)
            if queue:
                turns.append(outgoing)
            else:
                del self._waiting[outgoing]
            return copies
        return ()

    def release(self, copies: Iterable[Copy]) -> None:
        """These are no longer being sent: settled or given back."""
        self._held.difference_update(copy.id for copy in copies)

    def keep_only(self, wanted: Collection[OutgoingId]) -> None:
        """Drop the waiting copies of all other messages; the database still has them."""
        for outgoing in [one for one in self._waiting if one not in wanted]:
            self.drop(outgoing)

    def drop(self, outgoing: OutgoingId) -> None:
        """Drop the waiting copies of one message."""
        queue = self._waiting.pop(outgoing, deque())
        if queue:
            self._counted(queue[0], -len(queue))
        self.release(queue)
        for turns in self._turns.values():
            if outgoing in turns:
                turns.remove(outgoing)

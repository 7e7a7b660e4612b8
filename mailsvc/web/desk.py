"""What the mailroom needs from the running service: the clock of the rehearsal, and where mail is taken in."""

from __future__ import annotations

from typing import Protocol

from mailsvc.clock import Instant


class MailroomDesk(Protocol):
    """The rehearsal, as the composition root offers it."""

    def smtp_address(self) -> tuple[str, int]:
        """Host and port on which our own SMTP listener is bound now."""
        ...

    async def advance(self, microseconds: int) -> None:
        """Move the clock of the rehearsal forward by so much, for good, and wake everybody who waits for time."""
        ...

    async def next_event(self) -> Instant | None:
        """When something is due next, or None while nothing waits for time."""
        ...

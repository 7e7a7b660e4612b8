"""What one client may ask for: counters of commands, errors and connections, and of the bytes of all DATA together."""

from __future__ import annotations

from collections import Counter

from mailsvc.errors import Refusal
from mailsvc.limits import Limits
from mailsvc.receive import replies


class SessionBudget:
    """The counters of one session. Each method counts one more and returns a 421 when that was one too many.

    A kept mail gives commands and junk back, so a relay may send mail after mail over one connection; errors stay
    counted. At `errors_soft` nothing changes for the client but `soft_reached` turns true, once, to be logged: delays
    would only keep connections occupied.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.commands = 0
        self.junk_commands = 0
        self.errors = 0
        self.mails = 0

    def command(self) -> Refusal | None:
        """Count a command of any kind."""
        self.commands += 1
        return replies.TOO_MANY_COMMANDS if self.commands > self._limits.commands else None

    def junk(self) -> Refusal | None:
        """Count a command that leads to no mail: NOOP, RSET, VRFY, EXPN, HELP."""
        self.junk_commands += 1
        return replies.TOO_MANY_COMMANDS if self.junk_commands > self._limits.junk_commands else None

    def error(self) -> Refusal | None:
        """Count a refusal that was the client's own fault."""
        self.errors += 1
        return replies.TOO_MANY_ERRORS if self.errors > self._limits.errors_hard else None

    def mail(self) -> None:
        """A mail was kept."""
        self.mails += 1
        self.commands = 0
        self.junk_commands = 0

    @property
    def soft_reached(self) -> bool:
        """True when the last error was the one that reached `errors_soft`."""
        return self.errors == self._limits.errors_soft


class Connections:
    """How many connections are open, in all and per client."""

    def __init__(self, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = per_client
        self._open: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Count a connection of `client`; False when there are enough already, and then nothing is counted."""
        if self._open.total() >= self._total or self._open[client] >= self._per_client:
            return False
        self._open[client] += 1
        return True

    def leave(self, client: str) -> None:
        """A connection that `enter` counted is closed."""
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]


class DataInFlight:
    """Octets of message data in memory, of all sessions together, from their arrival to the end of their commit.

    Only octets that arrived are counted. A declared SIZE is only compared with what is free: counted, eleven clients
    that declare much and send nothing would shut everybody out.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.held = 0

    def room_for(self, octets: int) -> bool:
        """True when so many more would fit now."""
        return self.held + octets <= self._limit

    def take(self, octets: int) -> bool:
        """Count so many more; False when they do not fit, and then nothing is counted."""
        if not self.room_for(octets):
            return False
        self.held += octets
        return True

    def give_back(self, octets: int) -> None:
        """So many are no longer in memory."""
        self.held -= octets

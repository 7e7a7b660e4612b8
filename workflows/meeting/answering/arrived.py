"""By which way an answer came, and where it stands among others: words of ours that are kept in the log with it."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.clock import Instant

WORDS = "words"
CALENDAR = "calendar"
OTHER = "other-address"


@dataclass(frozen=True, slots=True)
class Arrived:
    """`way`: words, calendar, or other-address (a calendar's, from an address that nobody has).

    `sequence` and `stamp` (DTSTAMP, or the mail's Date) are a calendar's; None where it said none. `guests` come along.
    """

    way: str = WORDS
    sequence: int | None = None
    stamp: Instant | None = None
    guests: int = 0

    def write(self) -> str:
        """As `Answered.argument` keeps it."""
        known = (self.sequence, self.stamp, self.guests)
        return " ".join([self.way, *("-" if one is None else str(one) for one in known)])

    @staticmethod
    def read(text: str) -> Arrived:
        """What `write` wrote; anything else is an answer in words."""
        parts = text.split(" ")
        if len(parts) != 4 or parts[0] not in (CALENDAR, OTHER) or not parts[3].isdecimal():
            return Arrived()
        number, stamp = (None if one == "-" else int(one) for one in parts[1:3])
        return Arrived(parts[0], number, None if stamp is None else Instant(stamp), int(parts[3]))

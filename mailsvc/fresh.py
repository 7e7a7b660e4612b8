"""Mail that has just come in, as it was read then: what follows a moment later need not fetch and read it again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from mailsvc.ids import RawId
from mailsvc.message.parsing import Message

LARGEST: Final = 64 * 1024  # octets of a mail that is worth keeping: reading a larger one is not what takes the time
ROOM: Final = 8 * 1024 * 1024  # octets of all of them


class Fresh:
    """The newest mails by the number of their bytes; the oldest go when there are too many. For one event loop.

    What is here is what was committed under that number, and what a number means never changes.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._mails: OrderedDict[RawId, Message] = OrderedDict()
        self._room = room
        self._octets = 0

    def keep(self, raw_id: RawId, message: Message) -> None:
        """A mail was stored."""
        if len(message.content) > min(LARGEST, self._room) or raw_id in self._mails:
            return
        self._mails[raw_id] = message
        self._octets += len(message.content)
        while self._octets > self._room:
            _, oldest = self._mails.popitem(last=False)
            self._octets -= len(oldest.content)

    def get(self, raw_id: RawId) -> Message | None:
        """The mail, while it is here."""
        return self._mails.get(raw_id)

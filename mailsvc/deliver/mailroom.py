"""The transport of a rehearsal: copies go into the table that the mailroom's page shows, and nowhere else."""

from __future__ import annotations

from typing import Final

from mailsvc.deliver.model import Copy, Desk, Kept, Result
from mailsvc.errors import Delivered, Failed, Outcome
from mailsvc.message.address import parse_address

COPIES: Final = 50  # in one commit
OCTETS: Final = 4 * 1024 * 1024
IDLE_SECONDS: Final = 60.0


class MailroomTransport:
    """Keeps every copy in the same commit as its result, so that nothing is ever there twice."""

    names = ("the mailroom",)
    connections = 1
    rate = None  # nobody is to be spared here

    async def carry(self, desk: Desk) -> None:
        """See Transport."""
        while not desk.stopping:
            results: list[Result] = []
            octets = 0
            while len(results) < COPIES and octets < OCTETS and (copies := desk.take(COPIES)):
                results.extend(_result(copy) for copy in copies)
                octets += copies[0].message.size
            if results:
                await desk.report(results).wait()
            else:
                await desk.wait(IDLE_SECONDS)


def _result(copy: Copy) -> Result:
    """A copy as it would have been sent, or refused for what the relay's transport would refuse it for."""
    if parse_address(copy.address) is None:
        refusal: Outcome = Failed("553 5.1.3 this is not an address that mail can be sent to")
        return Result(copy, refusal)
    return Result(copy, Delivered("250 2.0.0 kept in the mailroom"), Kept(copy.reverse_path, copy.content()))

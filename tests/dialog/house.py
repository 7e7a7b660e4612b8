"""The acceptor that dialogs talk to: a few addresses with a fixed behaviour, and what was kept."""

from __future__ import annotations

import asyncio
import re

from mailsvc.errors import Reason, Refusal, StoreUnavailable
from mailsvc.message.envelope import Envelope
from mailsvc.receive.model import Verdict

DOMAIN = "networks.example.org"
FULL = Refusal(452, "4.3.1", Reason.DISK_FULL, "No room now; try again later", "disk floor reached")
UNKNOWN = Refusal(550, "5.1.1", Reason.UNKNOWN_ADDRESS, "No such address here")
FOREIGN = Refusal(550, "5.7.1", Reason.NOT_OUR_DOMAIN, "Not our domain")
INJECTION = Refusal(550, "5.1.1", Reason.UNKNOWN_ADDRESS, "No\r\n250 2.0.0 yes\u2028å" + "!" * 600)
NOT_THIS = Refusal(550, "5.7.1", Reason.NOT_ENTITLED, "Not this one")
NO_FROM = Refusal(550, "5.7.1", Reason.BAD_FROM, "No author")


class SmallHouse:
    """Knows `cataloguing`, `m1`, `m2`, …, `blåbär` and `postmaster`; the addresses named below misbehave on purpose."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.asked: list[str] = []
        self.full = False
        self.committing = asyncio.Event()
        self.may_commit = asyncio.Event()

    async def recipient(self, address: str, smtputf8: bool) -> Refusal | None:
        self.asked.append(address)
        local, _, domain = address.lower().rpartition("@")
        if address == "postmaster":
            return None
        if domain != DOMAIN:
            return FOREIGN
        if local == "broken":
            raise RuntimeError("secret: /var/lib/mailsvc/database")
        if local == "injection":
            return INJECTION
        known = ("cataloguing", '"cataloguing"', "blåbär", "slow", "refused", "no-store", "bug", "picky")
        return None if local in known or re.fullmatch(r"m[0-9]+", local) else UNKNOWN

    async def room(self) -> Refusal | None:
        return FULL if self.full else None

    async def accept(self, envelope: Envelope) -> Verdict:
        locals_ = {address.partition("@")[0] for address in envelope.recipients}
        if "slow" in locals_:
            self.committing.set()
            await self.may_commit.wait()
        if "refused" in locals_:
            return NO_FROM
        if "no-store" in locals_:
            raise StoreUnavailable("disk I/O error on /var/lib/mailsvc")
        if "bug" in locals_:
            raise ValueError("secret: a bug")
        self.kept.append(envelope)
        picky = {address: NOT_THIS for address in envelope.recipients if address.startswith("picky@")}
        return picky or None

"""What we verify ourselves before a mail is accepted: DKIM in strict mode, beside the event loop and within a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from mailsvc.clock import Clock
from mailsvc.config import Config
from mailsvc.message.dkim_check import DkimResult, Dns
from mailsvc.message.dkim_tags import DkimVerdict
from mailsvc.message.evidence import Evidence, with_signatures
from mailsvc.receive.dkim_dns import TxtLookup, verify_in_time

log = structlog.get_logger()

THREADS: Final = 32  # they mostly wait for name servers; their own, so that slow ones hold up nothing else


class OwnEvidence:
    """Adds to a mail's evidence what its signatures are worth; in default mode nothing, for nothing would need it."""

    def __init__(self, config: Config, clock: Clock, dns: Dns | None = None) -> None:
        """`dns` gives TXT records (dkim_check.Dns); the machine's resolvers when it is not given."""
        self._limits = config.limits
        self._clock = clock
        self._dns = dns or TxtLookup(config.limits.dns_seconds)
        self._pool = ThreadPoolExecutor(THREADS, "dkim") if config.security.strict else None

    async def add(self, found: Evidence, content: bytes) -> Evidence:
        """`found` with the signatures of `content` verified. A DNS that fails or is late means: none that counts."""
        if self._pool is None or not found.from_domain:
            return found
        try:
            verified = await verify_in_time(
                content,
                self._dns,
                self._limits.dns_seconds,
                limits=self._limits,
                now=self._clock.now(),
                author_domain=found.from_domain,
                aligned_only=True,
                executor=self._pool,
            )
        except Exception:  # a fault of the verifier or of the DNS library costs a signature, never a mail
            log.exception("dkim-failed")
            verified = (DkimResult(DkimVerdict.TEMPERROR, "", "the verifier failed"),)
        return with_signatures(found, verified)

    def close(self) -> None:
        """Wait for nobody: what is still looked up has been given up already."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

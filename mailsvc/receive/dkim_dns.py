"""DKIM keys from DNS, and verifying within a time: the blocking part in a thread, the waiting here."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Executor
from typing import Final

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from mailsvc.clock import Instant
from mailsvc.limits import Limits
from mailsvc.message.dkim_check import DkimResult, Dns, DnsTrouble, results
from mailsvc.message.dkim_tags import LONGEST_KEY_RECORD, DkimVerdict

MOST_REMEMBERED: Final = 10_000  # keys that are kept as long as the DNS allows

# What cannot be a name has no record.
_NO_NAME = (
    dns.name.LabelTooLong,
    dns.name.NameTooLong,
    dns.name.EmptyLabel,
    dns.name.BadEscape,
    dns.name.IDNAException,
)


class TxtLookup:
    """TXT records by the machine's resolvers, or by those given; safe to be used from several threads."""

    def __init__(self, seconds: float, resolver: dns.resolver.Resolver | None = None) -> None:
        """`seconds` limits one look-up with all its attempts."""
        self._seconds = seconds
        self._resolver = resolver

    def __call__(self, name: str) -> bytes | None:
        """The record of `name` as one string, None where there is none; raises DnsTrouble. Blocking.

        Of several records the one that says it is a DKIM key is taken, else the first in order of their bytes: what
        several mean is undefined (RFC 6376 §3.6.2.2).
        """
        try:
            found = self._asked().resolve(
                dns.name.from_text(name), dns.rdatatype.TXT, lifetime=self._seconds, search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, *_NO_NAME):
            return None
        except (dns.exception.DNSException, OSError) as error:
            raise DnsTrouble(type(error).__name__) from None
        records = sorted(b"".join(record.strings)[: LONGEST_KEY_RECORD + 1] for record in found)
        keys = [record for record in records if record.lstrip().lower().startswith(b"v=dkim1")]
        return next(iter(keys or records), None)

    def _asked(self) -> dns.resolver.Resolver:
        """The machine's resolvers, read at the first look-up: without any, signatures cannot be verified, no more."""
        if self._resolver is None:
            resolver = dns.resolver.Resolver()
            resolver.cache = dns.resolver.LRUCache(MOST_REMEMBERED)
            self._resolver = resolver
        return self._resolver


async def verify_in_time(
    content: bytes,
    resolver: Dns,
    seconds: float,
    *,
    limits: Limits,
    now: Instant,
    author_domain: str = "",
    aligned_only: bool = False,
    executor: Executor | None = None,
) -> tuple[DkimResult, ...]:
    """`dkim_check.results` in a thread of `executor`; after `seconds` what there is, and one that says TEMPERROR.

    Never raises.

    A thread whose time is over ends with the look-up it is in; the resolver's own time limit bounds that.
    """
    given_up = threading.Event()
    found: list[DkimResult] = []

    def ask(name: str) -> bytes | None:
        if given_up.is_set():
            raise DnsTrouble("no time left")
        return resolver(name)

    def work() -> None:
        for result in results(content, ask, limits, now, author_domain, aligned_only=aligned_only):
            found.append(result)  # noqa: PERF402 - each as it comes: the waiting may end before the last one

    try:
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().run_in_executor(executor, work)
    except TimeoutError:
        return (*found, DkimResult(DkimVerdict.TEMPERROR, "", f"not verified within {seconds:g} seconds"))
    finally:
        given_up.set()
    return tuple(found)

"""DKIM keys from DNS, and verifying within a time: the blocking part in a thread, the waiting here."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Executor
from functools import partial

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from mailsvc.clock import Instant
from mailsvc.limits import Limits
from mailsvc.message.dkim_check import DkimResult, Dns, DnsTrouble, verify
from mailsvc.message.dkim_tags import LONGEST_KEY_RECORD, DkimVerdict

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
        self._resolver = resolver or dns.resolver.Resolver()

    def __call__(self, name: str) -> bytes | None:
        """The record of `name` as one string, None where there is none; raises DnsTrouble. Blocking.

        Of several records the one that says it is a DKIM key is taken, else the first in order of their bytes: what
        several mean is undefined (RFC 6376 §3.6.2.2).
        """
        try:
            found = self._resolver.resolve(
                dns.name.from_text(name), dns.rdatatype.TXT, lifetime=self._seconds, search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, *_NO_NAME):
            return None
        except (dns.exception.DNSException, OSError) as error:
            raise DnsTrouble(type(error).__name__) from None
        records = sorted(b"".join(record.strings)[: LONGEST_KEY_RECORD + 1] for record in found)
        keys = [record for record in records if record.lstrip().lower().startswith(b"v=dkim1")]
        return next(iter(keys or records), None)


async def verify_in_time(
    content: bytes,
    resolver: Dns,
    seconds: float,
    *,
    limits: Limits,
    now: Instant,
    author_domain: str = "",
    executor: Executor | None = None,
) -> tuple[DkimResult, ...]:
    """`dkim_check.verify` in a thread of `executor`; after `seconds` one result that says TEMPERROR. Never raises.

    A thread whose time is over ends with the look-up it is in; the resolver's own time limit bounds that.
    """
    given_up = threading.Event()

    def ask(name: str) -> bytes | None:
        if given_up.is_set():
            raise DnsTrouble("no time left")
        return resolver(name)

    work = partial(verify, content, ask, limits, now, author_domain)
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(executor, work)
    except TimeoutError:
        return (DkimResult(DkimVerdict.TEMPERROR, "", f"not verified within {seconds:g} seconds"),)
    finally:
        given_up.set()

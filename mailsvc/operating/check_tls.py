"""The part of `mailsvc check` about the certificate of mail that comes in: how long it is good for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography import x509

from mailsvc.clock import DAY, Instant, SystemClock, to_datetime, to_instant
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.operating.checking import Finding, look

WARNED_DAYS: Final = 14


def findings(config: Config) -> Iterator[Finding]:
    """One finding where there is a certificate; without one nothing is looked at."""
    if config.smtp.tls_certificate:
        path = config.path(config.smtp.tls_certificate)
        yield look("certificate", lambda: lasting(path, SystemClock().now()))


def lasting(path: Path, now: Instant) -> str:
    """Until when all certificates of a PEM file are good; CommandError when that is soon, over, or not yet."""
    try:
        chain = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise CommandError(f"{path} holds no certificate that can be read: {error}") from None
    first = max(to_instant(one.not_valid_before_utc) for one in chain)
    last = min(to_instant(one.not_valid_after_utc) for one in chain)
    if now < first:
        raise CommandError(f"{path} is not good before {_day(first)}: is the clock right?")
    if now > last:
        raise CommandError(f"{path} has expired on {_day(last)}: renew it, then send the service a SIGHUP")
    if last - now < WARNED_DAYS * DAY:
        days = (last - now) // DAY
        raise CommandError(
            f"{path} expires on {_day(last)}, in {days} day{'' if days == 1 else 's'}: renew it, then send the service"
            " a SIGHUP"
        )
    return f"{path}, good until {_day(last)}"


def _day(moment: Instant) -> str:
    return to_datetime(moment).strftime("%Y-%m-%d %H:%M UTC")

"""The part of `mailsvc check` about mail: the relay, the clock, and what can be told about who wrote a mail."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec

from mailsvc.clock import DAY, MINUTE, SystemClock, to_datetime
from mailsvc.config import Config, SmtpConfig
from mailsvc.deliver.next_hop import NextHop, call, next_hops
from mailsvc.deliver.smtp_client import ConnectionLost, Features, Refused, Timeouts
from mailsvc.errors import CommandError
from mailsvc.limits import Limits
from mailsvc.message import evidence
from mailsvc.message.dkim_check import Dns, DnsTrouble
from mailsvc.message.envelope import Envelope
from mailsvc.message.evidence import EXCHANGE_ONLINE, D
from mailsvc.message.parsing import parse
from mailsvc.net import parse_networks
from mailsvc.operating import cli_tools
from mailsvc.operating.checking import Finding, look
from mailsvc.receive.dkim_dns import TxtLookup
from mailsvc.store import meta, overview
from mailsvc.store.database import ReadTx

PATIENCE: Final = Timeouts(connect=5, greeting=10, command=10)
EARLIEST: Final = 1_767_225_600_000_000  # 1 January 2026: no clock that is right is before this program
TOLERANCE: Final = 5 * MINUTE
NEWEST_MAILS: Final = 200
FEW: Final = 5  # mails from which a habit cannot be told
STRANGER: Final = "192.0.2.1"  # RFC 5737: an address that is nobody's


# ---- the relay


def relays(config: Config) -> Iterator[Finding]:
    """Each relay is called as the courier calls it, with TLS and login, and nothing is sent."""
    if config.delivery.transport != "smtp":
        yield Finding("relay", 'none is used: [delivery] transport is "mailroom", and nothing leaves this machine')
        return
    for hop in next_hops(config):
        yield look("relay", partial(_relay, hop, config))


def _relay(hop: NextHop, config: Config) -> str:
    try:
        features, secure = asyncio.run(_greeted(hop, config.site.domain))
    except (ConnectionLost, Refused) as error:
        raise CommandError(f"{hop.address} does not take mail: {error}; copies wait until it does") from None
    if features.size and features.size < config.limits.message_size:
        raise CommandError(
            f"{hop.address} takes mails up to {features.size} octets, we up to {config.limits.message_size}: lower"
            " [limits] message_size, or raise the relay's"
        )
    words = [
        "with TLS" if secure else "without TLS",
        *([f"logged in as {hop.address.user}"] if hop.address.user else []),
        *([] if features.pipelining else ["slow: it has no PIPELINING"]),
        *([] if features.smtputf8 else ["without SMTPUTF8: addresses such as bjørn@ cannot be reached"]),
    ]
    return f"{hop.address} answers, {', '.join(words)}"


async def _greeted(hop: NextHop, name: str) -> tuple[Features, bool]:
    client = await call(hop, name, PATIENCE)
    try:
        return client.features, client.secure
    finally:
        await client.quit()


# ---- the clock


def clock(config: Config) -> Finding:
    """Whether time goes forward: deadlines, tokens and the order of things hang on it."""
    return look("clock", lambda: _clock(config))


def _clock(config: Config) -> str:
    now = SystemClock().now()
    shown = to_datetime(now).strftime("%Y-%m-%d %H:%M UTC")
    if now < EARLIEST:
        raise CommandError(f"it says {shown}, which cannot be; set it, and let NTP keep it")

    def unit(tx: ReadTx) -> tuple[int, int]:
        return overview.newest_moment(tx), int(meta.get(tx, meta.CLOCK_OFFSET) or 0)

    newest, offset = cli_tools.read(config, unit)
    ahead = offset if config.delivery.transport == "mailroom" else 0
    if newest > now + ahead + TOLERANCE:
        last = to_datetime(newest).strftime("%Y-%m-%d %H:%M UTC")
        raise CommandError(f"it says {shown}, but something is in the database that happened at {last}; set it right")
    moved = f"; the rehearsal is {ahead / DAY:.1f} days ahead of it" if ahead else ""
    return f"{shown}{moved}"


# ---- who wrote a mail


def forged(config: Config) -> Finding:
    """Whether a stranger's own Authentication-Results is believed: judged here, by the settings, not over the wire."""
    return look("forged evidence", lambda: _forged(config))


def _forged(config: Config) -> str:
    smtp = config.smtp
    claim = _claim(smtp)
    hops = [f"Received: from mx{number}.example.org by border.example.org; x" for number in range(smtp.trusted_hops)]
    beyond = "Received: from sender.example.net by mx0.example.org; x"
    verdict = _claim(smtp, "dmarc=fail (p=reject) header.from=example.org")
    relay = smtp.trusted_relays[0].partition("/")[0] if smtp.trusted_relays else ""
    tries = {"sent to us directly": _judged(smtp, STRANGER, [claim])}
    if relay:
        tries["below the border's fields"] = _judged(smtp, relay, [*hops, beyond, claim])
        if smtp.authserv_id:
            tries["below the border's own verdict"] = _judged(smtp, relay, [*hops, verdict, claim])
    believed = [where for where, d in tries.items() if d is D.PASS]
    if believed:
        raise CommandError(
            f"a forged Authentication-Results {' and '.join(believed)} is believed: see trusted_relays, trusted_hops"
            " and internal_networks in [smtp]"
        )
    return f"not believed ({', '.join(tries)}); judged by the settings in this process, no mail was sent"


def _claim(smtp: SmtpConfig, result: str = "dmarc=pass header.from=example.org") -> str:
    name = smtp.authserv_id or "border.example.org"
    return f"Authentication-Results: {'' if name == EXCHANGE_ONLINE else f'{name}; '}{result}"


def _judged(smtp: SmtpConfig, peer: str, head: list[str]) -> D:
    """D of a mail by somebody at example.org that comes from `peer` with these fields on top."""
    content = "\r\n".join([*head, "From: anna@example.org", "Subject: x", "", "x", ""]).encode()
    trusted = peer in parse_networks(smtp.trusted_relays)
    internal = peer in parse_networks(smtp.internal_networks)
    envelope = Envelope(
        "anna@example.org", ("x@example.org",), peer, "x.example.net", "ESMTP", content, trusted, internal
    )
    return evidence.compute(envelope, parse(content, Limits()), smtp).d


def strict(config: Config, lookup: Dns | None = None) -> Iterator[Finding]:
    """Whether answers can count where only signed ones do: the DNS answers, and signatures arrive whole."""
    if config.security.strict:
        yield look("strict mode", lambda: _strict(config, lookup or TxtLookup(config.limits.dns_seconds)))


def _strict(config: Config, lookup: Dns) -> str:
    asked = f"_domainkey.{config.site.domain}"
    try:
        lookup(asked)  # whether there is a record does not matter, only whether an answer can be had
    except DnsTrouble as error:
        raise CommandError(
            f"the DNS does not answer ({asked}: {error}): without it no signature can be verified, and every answer is"
            " refused"
        ) from None
    seen = cli_tools.read(config, lambda tx: overview.newest_evidence(tx, NEWEST_MAILS))
    looked_at = [one for text in seen if (one := msgspec.json.decode(text, type=evidence.Evidence)).own_dkim]
    signed = sum(one.signed for one in looked_at)
    if len(looked_at) >= FEW and not signed:
        common = Counter(one.own_dkim for one in looked_at).most_common(1)[0][0]
        raise CommandError(
            f"none of the newest {len(looked_at)} mails had a DKIM signature of its author's organisation over From,"
            f" Subject, Date, Message-ID and the whole body (mostly: {common}): answers are refused. Let your mail"
            " system sign what staff send to us too, and let nothing in front of us change subjects or bodies"
        )
    lately = f"; of the newest {len(looked_at)} mails {signed} were signed whole" if looked_at else ""
    return f"the DNS answers; answers need an aligned DKIM signature{lately}"


def obtainable(config: Config) -> Finding:
    """Which evidence can be had by these settings, and which was had lately."""
    return look("evidence", lambda: _obtainable(config))


def _obtainable(config: Config) -> str:
    smtp = config.smtp
    seen = cli_tools.read(config, lambda tx: overview.newest_evidence(tx, NEWEST_MAILS))
    found = [msgspec.json.decode(text, type=evidence.Evidence) for text in seen]
    counted = ", ".join(f"{n} {d}" for d in D if (n := sum(one.d is d for one in found)))
    lately = f"; of the newest {len(found)} mails: {counted}" if found else ""
    if not smtp.authserv_id and config.security.strict:
        return (
            "pass for mail with a DKIM signature of its author's organisation (strict mode verifies it), "
            f"{'and for internal_networks, ' if smtp.internal_networks else ''}unknown for all other, which does not"
            f" count{lately}"
        )
    if not smtp.authserv_id:
        inside = "pass for internal_networks, " if smtp.internal_networks else ""
        return (
            f"{inside}unknown for all others, since nothing is set that could tell: answers count by their secret"
            " address, who joins is asked to confirm. Set [smtp] authserv_id to the name that your border writes into"
            f" Authentication-Results, and more can be told{lately}"
        )
    if not smtp.trusted_relays:
        raise CommandError("[smtp] authserv_id is set but no trusted_relays: nothing the border says is believed")
    silent = [one for one in found if one.detail == "no Authentication-Results of ours"]
    if len(found) >= FEW and len(silent) == len(found):
        raise CommandError(
            f"none of the newest {len(found)} mails came with an Authentication-Results of {smtp.authserv_id} from a"
            " trusted relay, so all are weak and every answer is asked back: look at one as it comes in, and set"
            " authserv_id, trusted_relays and trusted_hops by it"
        )
    return f"pass, fail or weak, as {smtp.authserv_id} says through {', '.join(smtp.trusted_relays)}{lately}"

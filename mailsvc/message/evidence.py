"""Who a mail can be shown to come from (D of 5-quality): computed once at receipt, stored, read by everything later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from mailsvc.config import SmtpConfig
from mailsvc.errors import Reason
from mailsvc.message.address import fold, same_organisation
from mailsvc.message.auth_results import AuthResults, Result, parse_auth_results
from mailsvc.message.envelope import Envelope
from mailsvc.message.fields import Field, text_of
from mailsvc.message.parsing import Message

if TYPE_CHECKING:
    from mailsvc.message.dkim_check import DkimResult

EXCHANGE_ONLINE = "exchange-online"


class D(StrEnum):
    """What is known: PASS; FAIL (the domain's owner wants that refused); WEAK; UNKNOWN (nothing is set up to tell)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    WEAK = "weak"
    UNKNOWN = "unknown"


class Evidence(msgspec.Struct, frozen=True):
    """What was known when the mail came, for log, receipt and `explain`; kept as JSON.

    `from_domain` is the author's domain in ASCII, "" without one author. `spf dkim dmarc` are the border's own words.
    `sender_differs`: a Sender field names another mailbox ("on behalf of"). `detail` says in words what decided.
    `signed`: we ourselves verified a signature of the author's organisation over From, Subject, Date, Message-ID and
    the whole body; `own_dkim` says in words what we found, "" when we did not look (default mode).
    """

    d: D
    from_domain: str = ""
    detail: str = ""
    authserv_id: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    sender_differs: bool = False
    signed: bool = False
    own_dkim: str = ""


def compute(envelope: Envelope, message: Message, config: SmtpConfig) -> Evidence:
    """Evidence for a mail as it arrived, before our own Received field is added. Pure, bounded, never raises.

    RFC 8601 §5: a border strips forged fields; here only those count that stand in the block the border wrote, and of
    several the topmost. Work: the fields of that block once, one Authentication-Results field.
    """
    author = message.from_.address
    domain = author.ascii_domain if author else ""
    differs = bool(message.sender and author and message.sender.folded != author.folded)

    def evidence(d: D, detail: str, found: AuthResults | None = None) -> Evidence:
        spf, dkim, dmarc = (_words(found, method) for method in ("spf", "dkim", "dmarc"))
        return Evidence(d, domain, detail, found.authserv_id if found else "", spf, dkim, dmarc, differs)

    found = _trusted_results(envelope, message.headers, config)
    if found is None:
        if envelope.internal:
            return evidence(D.PASS, "client in internal_networks")
        if not config.authserv_id:
            return evidence(D.UNKNOWN, "nothing is configured that could tell")
        return evidence(D.WEAK, "no Authentication-Results of ours")
    if author is None:
        return evidence(D.WEAK, "no single author to hold the results against", found)
    if any(_authenticated(result, author.folded) for result in found.of("auth")):
        return evidence(D.PASS, "authenticated as the author", found)
    d, detail = _judge(found, domain)
    return evidence(d, detail, found)


def with_signatures(found: Evidence, results: Sequence[DkimResult]) -> Evidence:
    """The evidence with what we verified ourselves: whether the mail is signed, and D where the border says nothing.

    An aligned signature that holds is DMARC's pass (RFC 7489 §3.1.1) whoever verifies it. The border's own "fail"
    stays: it knows more, for example that the domain wants exact alignment.
    """
    own = [one for one in results if one.aligned(found.from_domain)] if found.from_domain else []
    signed = any(one.complete for one in own)
    # No result names a domain when the time was over; that is worth being told too.
    told = own or [one for one in results if not one.domain]
    words = list(dict.fromkeys(_own_words(one) for one in told)) or ["no signature of the author's organisation"]
    found = msgspec.structs.replace(found, signed=signed, own_dkim="; ".join(words[:5]))
    silent = found.d is D.UNKNOWN or (found.d is D.WEAK and "fail" not in found.dmarc)
    if silent and any(one.passed for one in own):
        return msgspec.structs.replace(found, d=D.PASS, detail="aligned DKIM signature, verified by us")
    return found


def lacking(found: Evidence, *, strict: bool) -> Reason | None:
    """Why a mail is not enough where strict mode wants D pass and nobody in between; None when it is, or by default."""
    if not strict:
        return None
    if found.sender_differs:
        return Reason.ON_BEHALF
    return None if found.d is D.PASS else Reason.UNPROVEN


def _own_words(result: DkimResult) -> str:
    about = f"{result.verdict} {result.domain[:100]}".strip()
    if result.complete:
        return about
    missing = ", ".join(result.unsigned)
    return f"{about} ({f'not over {missing}' if result.passed else result.reason[:100]})"


def _trusted_results(envelope: Envelope, headers: Sequence[Field], config: SmtpConfig) -> AuthResults | None:
    """The topmost field of our border in the block that it wrote; only a trusted relay can be our border."""
    if not config.authserv_id or not envelope.trusted:
        return None
    wanted = config.authserv_id.lower()
    for name, value in trusted_block(headers, config.trusted_hops):
        if name.lower() != "authentication-results":
            continue
        found = parse_auth_results(text_of(value))
        if found is None:
            if _may_be_ours(text_of(value), wanted):
                return AuthResults(wanted, ())  # ours by its beginning, but not readable: nothing below may take over
            continue
        if found.authserv_id == ("" if wanted == EXCHANGE_ONLINE else wanted):
            return AuthResults(wanted, found.results)
    return None


def trusted_block(headers: Sequence[Field], trusted_hops: int) -> list[Field]:
    """The fields above the (`trusted_hops` + 1)-th Received, counted from the top, ours not there yet."""
    block: list[Field] = []
    hops = 0
    for name, value in headers:
        if name.lower() == "received":
            hops += 1
            if hops > trusted_hops:
                break
        block.append((name, value))
    return block


def _may_be_ours(value: str, wanted: str) -> bool:
    return wanted == EXCHANGE_ONLINE or value.lower().lstrip(' "').startswith(wanted)


def _authenticated(result: Result, author: str) -> bool:
    """`auth=pass` (SMTP AUTH at the border) for exactly the author's address (RFC 8601 §2.7.4)."""
    # The login is what was proven; the MAIL address beside it only where the border names no login.
    who = result.get("smtp.auth") or result.get("smtp.mailfrom")
    return result.result == "pass" and fold(who) == author


def _judge(found: AuthResults, domain: str) -> tuple[D, str]:
    verdicts = found.of("dmarc")
    if not verdicts:
        return D.WEAK, "no DMARC result"
    # Said twice in one field: the worse one counts, since somebody may have slipped the better one in.
    worst = min(verdicts, key=lambda verdict: _RANK.get(verdict.result, 1))
    read = worst.get("header.from")
    if read and not same_organisation(read.rpartition("@")[2], domain):
        return D.WEAK, "the border judged another From domain"
    match worst.result:
        case "pass":
            return D.PASS, "DMARC pass"
        case "fail":
            policy = _policy(worst)
            if policy == "none":
                return D.WEAK, "DMARC fail under p=none"
            return D.FAIL, f"DMARC fail under p={policy}" if policy else "DMARC fail, policy not told"
        case "none" | "bestguesspass":
            aligned = _aligned(found, domain)
            return (D.PASS, f"no DMARC record, aligned {aligned} pass") if aligned else (D.WEAK, "no DMARC record")
        case other:
            return D.WEAK, f"DMARC {other[:40]}"


_RANK = {"fail": 0, "none": 2, "bestguesspass": 2, "pass": 3}


def _policy(verdict: Result) -> str:
    """The published policy or what the border did by it; "" when neither is told (then the strict side is taken)."""
    for name in ("policy.published-domain-policy", "policy.dmarc", "policy.p", "p"):
        if verdict.get(name):
            return verdict.get(name).lower()
    told = re.search(r"(?<![\w.])p\s*=\s*(none|quarantine|reject)\b", verdict.comments, re.IGNORECASE)
    if told:
        return told[1].lower()
    # Microsoft's words: none, quarantine, reject, oreject (reject overridden), pct.quarantine, pct.reject, permerror.
    action = verdict.get("action").lower()
    return "none" if action == "permerror" else action


def _aligned(found: AuthResults, domain: str) -> str:
    """Which of DKIM and SPF passed for the author's organisation (relaxed alignment, approximated by suffix)."""
    for result in found.of("dkim"):
        signer = result.get("header.d") or result.get("header.i").rpartition("@")[2]
        if result.result == "pass" and same_organisation(signer, domain):
            return "DKIM"
    for result in found.of("spf"):
        envelope_domain = result.get("smtp.mailfrom").rpartition("@")[2]
        if result.result == "pass" and same_organisation(envelope_domain, domain):
            return "SPF"
    return ""


def _words(found: AuthResults | None, method: str) -> str:
    """What was said about a method, each once, short: `pass header.d=example.org`."""
    if found is None:
        return ""
    said: list[str] = []
    for result in found.of(method)[:5]:
        names = {"spf": "smtp.mailfrom", "dkim": "header.d", "dmarc": "header.from"}
        about = result.get(names[method]).rpartition("@")[2]
        text = f"{result.result[:20]} {about[:100]}".strip()
        if text not in said:
            said.append(text)
    return ", ".join(said)

"""The part of `mailsvc check` that asks the DNS: MX, SPF, DKIM and DMARC of the site's domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mailsvc.config import Config
from mailsvc.deliver import signing
from mailsvc.message.dkim_sign import SigningKey
from mailsvc.operating.checking import Finding

SECONDS: Final = 3.0  # for one question, over all servers
EXAMPLES: Final = ("example", "example.com", "example.net", "example.org", "test", "invalid", "localhost")  # RFC 2606


class NotAsked(Exception):
    """No answer could be had; the message says why. It says nothing about the domain."""


Ask = Callable[[str, str], list[str]]
"""Name and type -> the records as text, none when there are none. Raises NotAsked."""


def findings(config: Config, ask: Ask | None = None) -> Iterator[Finding]:
    """What the DNS says of each domain. Being offline is no fault; a missing MX is one where mail is really sent."""
    try:
        asked = ask or _resolver()
        for domain in config.domains:
            yield from _domain(config, domain, asked)
    except NotAsked as error:
        yield Finding("DNS", f"could not be asked ({error}); by hand: {_by_hand(config.site.domain)}")


def _by_hand(domain: str) -> str:
    return f"dig MX {domain}; dig TXT {domain}; dig TXT _dmarc.{domain}"


def _domain(config: Config, domain: str, ask: Ask) -> Iterator[Finding]:
    real = config.delivery.transport == "smtp"
    if domain in EXAMPLES or domain.endswith(tuple(f".{one}" for one in EXAMPLES)):
        yield Finding("DNS", f"{domain} is an example's name; there is nothing to ask")
        return
    mx = ask(domain, "MX")
    if mx:
        yield Finding("MX", f"{domain}: {', '.join(mx)}; they must pass mail for {domain} on to us")
    else:
        yield Finding("MX", f"{domain} has none: nobody can write to it. Point it to your border", ok=not real)
    yield _spf(domain, ask, real=real)
    keys = signing.signer(config) if domain == config.site.domain else None
    if keys is not None:
        for key in keys.keys:
            yield _dkim(key, domain, ask)
        yield _dmarc(domain, ask)
        return
    yield Finding(
        "DKIM",
        f"whoever sends for us must sign with d={domain} or d={domain.partition('.')[2]}: write to an address outside"
        " and look for dkim=pass in its Authentication-Results; the selector is the relay's, so it cannot be asked for",
    )
    yield _dmarc(domain, ask)


def _dkim(key: SigningKey, domain: str, ask: Ask) -> Finding:
    """Whether the DNS has the public half of a key that we sign with."""
    name = f"{key.selector}._domainkey.{domain}"
    wanted = _tags(signing.record(key))
    if any(_tags(text).get("p") == wanted["p"] for text in ask(name, "TXT")):
        return Finding("DKIM", f"{name} has our key; all outgoing mail is signed with it")
    return Finding(
        "DKIM", f"{name} does not have our key, so our signatures fail: publish {signing.record(key)}", ok=False
    )


def _tags(record: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _spf(domain: str, ask: Ask, *, real: bool) -> Finding:
    records = [text for text in ask(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if len(records) > 1:
        return Finding("SPF", f"{domain} has {len(records)} records, which counts as none (RFC 7208 §4.5)", ok=not real)
    if not records:
        return Finding(
            "SPF", f'{domain} has none; publish TXT "v=spf1 include:… -all" with what your relay\'s operator names'
        )
    return Finding("SPF", f"{domain}: {records[0]}; the relay must be in it")


def _dmarc(domain: str, ask: Ask) -> Finding:
    name = domain
    while name.count(".") >= 1:  # the policy of a parent holds for what is below it (RFC 7489 §6.6.3)
        records = [text for text in ask(f"_dmarc.{name}", "TXT") if text.lower().startswith("v=dmarc1")]
        if records:
            return Finding("DMARC", f"{name}: {records[0]}")
        name = name.partition(".")[2]
    return Finding("DMARC", f'{domain} has none; start with TXT "v=DMARC1; p=none; rua=mailto:…" at _dmarc.{domain}')


def _resolver() -> Ask:
    """Questions to the system's servers. NotAsked when they or the library are not there."""
    try:
        import dns.exception
        import dns.resolver
    except ImportError:
        raise NotAsked("dnspython is not installed") from None
    try:
        resolver = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise NotAsked(str(error) or type(error).__name__) from None
    resolver.lifetime = SECONDS

    def ask(name: str, kind: str) -> list[str]:
        try:
            answer = resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NotAsked(f"{name}: {type(error).__name__}") from None
        if kind == "TXT":
            return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
        return [str(record.exchange).rstrip(".") or "." for record in answer]

    return ask

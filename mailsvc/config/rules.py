"""What a value of config.toml may be, beyond its type: one function per section."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from mailsvc.config.sections import (
    ActionsConfig,
    Config,
    DeliveryConfig,
    IdeasConfig,
    JointConfig,
    MeetingsConfig,
    ProposalsConfig,
    SiteConfig,
    SmtpConfig,
)
from mailsvc.config.spelled import parse_duration, parse_period, parse_rate, parse_retention, parse_time
from mailsvc.errors import ConfigError
from mailsvc.limits import Limits
from mailsvc.message.address import parse_address
from mailsvc.net import parse_listen, parse_networks, parse_unix
from mailsvc.proposal_routes import SHIPPED, route_problem

LANGUAGES = ("en", "sv", "da", "nb", "nn")
COUNTRIES = ("SE", "DK", "NO", "FI")
LIST_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "off")
MOST_CONNECTIONS = 100
MOST_HOPS = 50
SELECTOR = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)

Fail = Callable[[str, str], None]  # raises: key, what is wrong with its value


def check(config: Config, line_of: Callable[[str], int | None]) -> None:
    """ConfigError for the first value that breaks a rule; `line_of(key)` is the line in which the file sets it."""

    def fail(key: str, message: str) -> None:
        raise ConfigError(message, key, line_of(key))

    _check_site(config.site, fail)
    if config.security.mode not in ("default", "strict"):
        fail("security.mode", f'"{config.security.mode}" is neither "default" nor "strict"')
    if config.delivery.transport not in ("mailroom", "smtp"):
        fail("delivery.transport", f'"{config.delivery.transport}" is neither "mailroom" nor "smtp"')
    if not config.database.url.startswith("sqlite:///"):
        fail("database.url", "only sqlite:///PATH is known")
    if config.smtp.tls_key and not config.smtp.tls_certificate:
        fail("smtp.tls_key", "there is a key but no tls_certificate")
    _check_addresses(config, fail)
    _check_smtp(config.smtp, fail)
    _check_limits(config.limits, fail)
    _check_times(config, fail)
    for key, said in (("moderation.undo", config.moderation.undo), ("digests.undo", config.digests.undo)):
        try:
            parse_duration(said, key)
        except ConfigError as error:
            fail(key, str(error).partition(": ")[2])
    _check_delivery(config.delivery, fail)
    _check_web(config, fail)
    _check_proposals(config.proposals, fail)
    _check_networks(config, fail)
    _check_ideas(config.ideas, fail)
    _check_actions(config.actions, fail)
    _check_joint(config.joint, fail)
    _check_meetings(config.meetings, fail)


def _check_site(site: SiteConfig, fail: Fail) -> None:
    if site.language not in LANGUAGES:
        fail("site.language", f'"{site.language}" is none of {" ".join(LANGUAGES)}')
    if site.country not in COUNTRIES:
        fail("site.country", f'"{site.country}" is none of {" ".join(COUNTRIES)}')
    try:
        ZoneInfo(site.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder such as "Europe"
        fail("site.timezone", f'there is no time zone "{site.timezone}"')
    for key, domains in (("site.domain", [site.domain]), ("site.alias_domains", site.alias_domains)):
        for domain in domains:
            if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", domain, re.IGNORECASE):
                fail(key, f'"{domain}" is not a mail domain')


def _check_addresses(config: Config, fail: Fail) -> None:
    """Whom the service tells when something is wrong: what cannot be written to is refused now, not found out later."""
    registrar = (config.records.address,) if config.records.address else ()
    for key, texts in (("site.operators", config.site.operators), ("records.address", registrar)):
        for text in texts:
            address = parse_address(text)
            if address is None:
                fail(key, f'"{text}" is not a mail address')
            elif address.ascii_domain in config.domains:
                fail(key, f"{text} is an address of this service, which does not write to itself")


def _check_smtp(smtp: SmtpConfig, fail: Fail) -> None:
    readers: dict[str, Callable[[str], object]] = {
        "listen": parse_listen,
        "lmtp": lambda text: parse_unix(text, Path()) if text.startswith("unix:") else parse_listen(text),
        "trusted_relays": lambda text: parse_networks([text]),
        "internal_networks": lambda text: parse_networks([text]),
    }
    for name, read in readers.items():
        for text in getattr(smtp, name):
            try:
                read(text)
            except ConfigError as error:
                fail(f"smtp.{name}", str(error))
    if any(one.isspace() for one in smtp.authserv_id):
        fail("smtp.authserv_id", f'"{smtp.authserv_id}" holds a blank; it is the first word of the field alone')
    if not 0 <= smtp.trusted_hops <= MOST_HOPS:
        fail("smtp.trusted_hops", f"must be from 0 to {MOST_HOPS}")


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")
_BASE = re.compile(r"https?://[^\s/?#@\"<>]+(?:/[^\s?#\"<>]*)?", re.IGNORECASE)


def _check_web(config: Config, fail: Fail) -> None:
    if config.web.base_url and not _BASE.fullmatch(config.web.base_url):
        fail("web.base_url", f'"{config.web.base_url}" is not where pages are, such as "https://networks.example.org"')
    try:
        parse_listen(config.web.listen)
    except ConfigError as error:
        fail("web.listen", str(error))
    for origin in config.web.embed_origins:
        if not _ORIGIN.fullmatch(origin):
            fail("web.embed_origins", f'"{origin}" is not an origin such as "https://intranet.example.org"')
    try:
        if parse_duration(config.web.session) <= 0:
            fail("web.session", "cannot be nothing")
    except ConfigError as error:
        fail("web.session", str(error))
    for key in ("scan_seconds", "look_again_days"):
        if getattr(config.docs, key) < 1:
            fail(f"docs.{key}", "cannot be less than 1")


def _check_proposals(proposals: ProposalsConfig, fail: Fail) -> None:
    for name, steps in proposals.routes.items():
        problem = route_problem(steps)
        if problem:
            fail("proposals.routes", f'"{name}": {problem}')
    if proposals.route not in {**SHIPPED, **proposals.routes}:
        fail(
            "proposals.route",
            f'there is no route "{proposals.route}"; known: {", ".join({**SHIPPED, **proposals.routes})}',
        )
    for key in ("prepare_working_days", "form_days", "threshold", "initiative_days"):
        if getattr(proposals, key) < 1:
            fail(f"proposals.{key}", "cannot be less than 1")


def _check_ideas(ideas: IdeasConfig, fail: Fail) -> None:
    if not 0 <= ideas.follow_up_days <= 1000:
        fail("ideas.follow_up_days", "must be from 0 to 1000")
    if ideas.list_day not in LIST_DAYS:
        fail("ideas.list_day", f'"{ideas.list_day}" is none of {" ".join(LIST_DAYS)}')


def _check_actions(actions: ActionsConfig, fail: Fail) -> None:
    for key in msgspec.structs.fields(ActionsConfig):
        least = 0 if key.name == "remind_working_days" else 1
        if not least <= getattr(actions, key.name) <= 250:
            fail(f"actions.{key.name}", f"must be from {least} to 250")


def _check_joint(joint: JointConfig, fail: Fail) -> None:
    for key in msgspec.structs.fields(JointConfig):
        if not 1 <= getattr(joint, key.name) <= 500:
            fail(f"joint.{key.name}", "must be from 1 to 500")


def _check_meetings(meetings: MeetingsConfig, fail: Fail) -> None:
    if not 5 <= meetings.length_minutes <= 960:
        fail("meetings.length_minutes", "must be from 5 to 960")
    if not 1 <= meetings.poll_working_days <= 60:
        fail("meetings.poll_working_days", "must be from 1 to 60")
    if not 1 <= meetings.ahead <= 30:
        fail("meetings.ahead", "must be from 1 to 30")


def _check_networks(config: Config, fail: Fail) -> None:
    for name, section in (("networks", config.networks), ("health", config.health)):
        for one in msgspec.structs.fields(type(section)):
            value = getattr(section, one.name)
            if isinstance(value, int) and value < 1 and one.name != "months":
                fail(f"{name}.{one.name}", "cannot be less than 1")
    if config.health.months < 0:
        fail("health.months", "cannot be less than 0")


def _check_limits(limits: Limits, fail: Fail) -> None:
    for limit in msgspec.structs.fields(Limits):
        if getattr(limits, limit.name) < 0:
            fail(f"limits.{limit.name}", "cannot be less than 0")


def _check_delivery(delivery: DeliveryConfig, fail: Fail) -> None:
    if not 1 <= delivery.connections <= MOST_CONNECTIONS:
        fail("delivery.connections", f"must be between 1 and {MOST_CONNECTIONS}")
    for text in delivery.dkim_keys:
        selector, separator, file = text.partition("=")
        if not separator or not file.strip() or not SELECTOR.fullmatch(selector.strip()):
            fail("delivery.dkim_keys", f'"{text}" is not SELECTOR=FILE, such as "s2026=var/dkim-s2026.pem"')
    if delivery.rate and parse_rate(delivery.rate) is None:
        fail("delivery.rate", f'"{delivery.rate}" is not a rate such as "30/min", "5/s" or "1000/h"')


def _check_times(config: Config, fail: Fail) -> None:
    for period in config.site.closed:
        if parse_period(period) is None:
            fail("site.closed", f'"{period}" is not a period of the year such as "07-01/08-07"')
    for one in config.records.retention:
        if parse_retention(one) is None:
            fail("records.retention", f'"{one}" does not say kind of matter, days and decision: "proposal 3650 REF"')
    if config.letters.bundle and parse_time(config.letters.bundle) is None:
        fail("letters.bundle", f'"{config.letters.bundle}" is not a time of day such as "16:00"')

"""The typed config.toml: frozen structs, read once; an unknown key is an error that names the nearest known one."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from mailsvc.errors import ConfigError
from mailsvc.limits import Limits
from mailsvc.message.address import parse_address
from mailsvc.proposal_routes import SHIPPED, route_problem

LANGUAGES = ("en", "sv", "da", "nb", "nn")
COUNTRIES = ("SE", "DK", "NO", "FI")
LIST_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "off")
MOST_CONNECTIONS = 100


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every section: read once, never changed."""


class SiteConfig(Section, frozen=True):
    """[site]"""

    name: str = "Example University Library"
    domain: str = "networks.example.org"
    language: str = "en"
    timezone: str = "Europe/Stockholm"
    country: str = "SE"
    operators: tuple[str, ...] = ("postmaster@example.org",)
    alias_domains: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    key_file: str = "var/site.key"


class SecurityConfig(Section, frozen=True):
    """[security]"""

    mode: str = "default"

    @property
    def strict(self) -> bool:
        """Whether answers need a DKIM signature that we verified ourselves, and the rest D pass (5-quality)."""
        return self.mode == "strict"


class DatabaseConfig(Section, frozen=True):
    """[database]"""

    url: str = "sqlite:///var/mailsvc.db"


class SmtpConfig(Section, frozen=True):
    """[smtp]: mail in"""

    listen: tuple[str, ...] = ("127.0.0.1:2525",)
    lmtp: tuple[str, ...] = ()
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_relays: tuple[str, ...] = ("127.0.0.1",)
    authserv_id: str = ""
    trusted_hops: int = 1
    internal_networks: tuple[str, ...] = ()
    spam_header: str = ""


class DeliveryConfig(Section, frozen=True):
    """[delivery]: mail out"""

    transport: str = "mailroom"
    relay: str | tuple[str, ...] = "smtp://127.0.0.1:25"
    relay_password_file: str | tuple[str, ...] = ""
    relay_ca_file: str = ""
    connections: int = 8
    rate: str = ""

    @property
    def relays(self) -> tuple[str, ...]:
        """The URLs of the relays, the preferred first."""
        return (self.relay,) if isinstance(self.relay, str) else self.relay


class WebConfig(Section, frozen=True):
    """[web]"""

    listen: str = "127.0.0.1:8025"
    base_url: str = "http://127.0.0.1:8025"
    embed_origins: tuple[str, ...] = ()
    session: str = "12 h"
    accessibility_contact: str = ""


class DocsConfig(Section, frozen=True):
    """[docs]: files that groups keep"""

    scan_command: tuple[str, ...] = ()
    scan_seconds: int = 30
    look_again_days: int = 365


class ModerationConfig(Section, frozen=True):
    """[moderation]"""

    undo: str = "5 min"


class ReadingConfig(Section, frozen=True):
    """[reading]"""

    banners: tuple[str, ...] = ()


class LettersConfig(Section, frozen=True):
    """[letters]"""

    bundle: str = "16:00"
    my_week: str = "mon 07:00"


class RecordsConfig(Section, frozen=True):
    """[records]"""

    address: str = ""
    retention: tuple[str, ...] = ()


class RetentionClass(Section, frozen=True):
    """How many days after its end a kind of matter is kept, and the decision that says so."""

    kind: str
    days: int
    decision: str


class DigestsConfig(Section, frozen=True):
    """[digests]: when groups that decide get what waits for them"""

    leadership: str = "mon 08:00"
    preparation: str = "mon 08:00"
    others: str = "mon 08:00"
    undo: str = "30 min"
    overdue_working_days: int = 10


class ProposalsConfig(Section, frozen=True):
    """[proposals]: how a network comes to be"""

    route: str = "library"
    routes: dict[str, tuple[str, ...]] = {}
    prepare_working_days: int = 10
    form_days: int = 30
    threshold: int = 5
    initiative_days: int = 30

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the chosen route, each "GROUP ACTION"."""
        return tuple({**SHIPPED, **self.routes}[self.route])


class IdeasConfig(Section, frozen=True):
    """[ideas]: the idea box"""

    group: str = ""
    follow_up_days: int = 120
    list_day: str = "mon"


class RoundsConfig(Section, frozen=True):
    """[rounds]: a question to everybody in a group"""

    working_days: int = 10
    max_people: int = 500


class ActionsConfig(Section, frozen=True):
    """[actions]: what somebody has to do by a day"""

    remind_working_days: int = 3
    overdue_working_days: int = 2
    again_working_days: int = 10
    without_date_working_days: int = 10


class JointConfig(Section, frozen=True):
    """[joint]: matters that parties answer together, in working days"""

    answer_working_days: int = 120
    reminder_working_days: int = 5
    note_working_days: int = 10
    responsible_working_days: int = 10
    minutes_working_days: int = 10
    signature_working_days: int = 20


class MeetingsConfig(Section, frozen=True):
    """[meetings]: what a call leaves open"""

    length_minutes: int = 90
    poll_working_days: int = 5
    ahead: int = 4


class NetworksConfig(Section, frozen=True):
    """[networks]: how networks change hands, merge and end"""

    leadership: str = ""
    hearing_working_days: int = 15
    objection_working_days: int = 10
    reopen_days: int = 14
    nomination_working_days: int = 10


class HealthConfig(Section, frozen=True):
    """[health]: the yearly letter to moderators"""

    months: int = 12
    answer_working_days: int = 10


class Config(Section, frozen=True):
    """The whole file. `base` is the folder that relative paths are relative to; it is not a key."""

    site: SiteConfig = SiteConfig()
    security: SecurityConfig = SecurityConfig()
    database: DatabaseConfig = DatabaseConfig()
    smtp: SmtpConfig = SmtpConfig()
    delivery: DeliveryConfig = DeliveryConfig()
    web: WebConfig = WebConfig()
    docs: DocsConfig = DocsConfig()
    moderation: ModerationConfig = ModerationConfig()
    reading: ReadingConfig = ReadingConfig()
    letters: LettersConfig = LettersConfig()
    networks: NetworksConfig = NetworksConfig()
    health: HealthConfig = HealthConfig()
    records: RecordsConfig = RecordsConfig()
    digests: DigestsConfig = DigestsConfig()
    proposals: ProposalsConfig = ProposalsConfig()
    ideas: IdeasConfig = IdeasConfig()
    actions: ActionsConfig = ActionsConfig()
    joint: JointConfig = JointConfig()
    rounds: RoundsConfig = RoundsConfig()
    meetings: MeetingsConfig = MeetingsConfig()
    limits: Limits = Limits()
    base: str = "."

    def path(self, relative: str) -> Path:
        """A path of the file, relative to the file's folder."""
        return Path(self.base) / relative

    @property
    def database_path(self) -> Path:
        """Where the SQLite file is."""
        return self.path(self.database.url.removeprefix("sqlite:///"))

    @property
    def domains(self) -> tuple[str, ...]:
        """The site's domain and its aliases, lower case."""
        return tuple(d.lower() for d in (self.site.domain, *self.site.alias_domains))

    @property
    def closed_periods(self) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
        """`[site] closed` as (month, day) pairs, checked when the file was read."""
        return tuple(period for text in self.site.closed if (period := parse_period(text)) is not None)

    @property
    def undo_microseconds(self) -> int:
        """`[moderation] undo` in microseconds."""
        return parse_duration(self.moderation.undo, "moderation.undo")

    @property
    def session_microseconds(self) -> int:
        """`[web] session` in microseconds."""
        return parse_duration(self.web.session, "web.session")

    @property
    def body_undo_microseconds(self) -> int:
        """`[digests] undo` in microseconds."""
        return parse_duration(self.digests.undo, "digests.undo")


_DURATION = re.compile(r"([0-9]{1,7})\s*(s|sec|min|h|d)", re.IGNORECASE | re.ASCII)
_UNIT = {"s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400}


def parse_duration(text: str, key: str = "") -> int:
    """`"5 min"`, `"2 h"`, `"0 min"` as microseconds; ConfigError names the key."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ConfigError(f'"{text}" is not a length of time such as "5 min"', key)
    return int(match[1]) * _UNIT[match[2].lower()] * 1_000_000


_RATE = re.compile(r"([1-9]\d{0,8})\s*/\s*(s|sec|min|h|d)", re.IGNORECASE)


def parse_rate(text: str) -> tuple[int, int] | None:
    """`"30/min"` as (30, microseconds of a minute); None when it is no rate."""
    match = _RATE.fullmatch(text.strip())
    if not match:
        return None
    return int(match[1]), _UNIT[match[2].lower()] * 1_000_000


def load(path: Path) -> Config:
    """Read and check `path`; raises ConfigError with key and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; `mailsvc init` writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return parse(text, base=str(path.resolve().parent))


def parse(text: str, base: str = ".") -> Config:
    """Check the TOML text of a config file; raises ConfigError with key and line."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"not TOML: {error}") from None
    _check_keys(raw, text)
    try:
        config = msgspec.convert({**raw, "base": base}, Config)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        key = where.rstrip("`")
        raise ConfigError(_in_words(message), key, line_of(text, key)) from None
    _check_values(config, text)
    return config


_TYPES = {
    "str": 'a text in quotes, "…"',
    "int": "a whole number without quotes",
    "bool": "true or false",
    "array": 'a list, ["…", "…"]',
    "object": "a section with keys",
    "float": "a number with a decimal point",
}


def _in_words(message: str) -> str:
    """msgspec's "Expected `str`, got `int`" in the words of somebody who writes TOML; anything else as it is."""
    match = re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", message)
    if match is None or match[1] not in _TYPES:
        return message
    return f"must be {_TYPES[match[1]]}, and is {_TYPES.get(match[2], match[2])}"


def _check_keys(raw: dict[str, Any], text: str) -> None:
    sections = {f.name: f.type for f in msgspec.structs.fields(Config) if f.name != "base"}
    for name, value in raw.items():
        if name not in sections:
            raise ConfigError(_unknown("section", name, sections), name, line_of(text, name))
        if not isinstance(value, dict):
            raise ConfigError("is a section and needs keys", name, line_of(text, name))
        known = {f.name for f in msgspec.structs.fields(sections[name])}
        for key in value:
            if key not in known:
                raise ConfigError(_unknown("key", key, known), f"{name}.{key}", line_of(text, f"{name}.{key}"))


def _unknown(what: str, name: str, known: object) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)  # type: ignore[call-overload]
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f'unknown {what} "{name}"{hint}'


def _check_values(config: Config, text: str) -> None:
    def fail(key: str, message: str) -> None:
        raise ConfigError(message, key, line_of(text, key))

    if config.site.language not in LANGUAGES:
        fail("site.language", f'"{config.site.language}" is none of {" ".join(LANGUAGES)}')
    if config.site.country not in COUNTRIES:
        fail("site.country", f'"{config.site.country}" is none of {" ".join(COUNTRIES)}')
    try:
        ZoneInfo(config.site.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder such as "Europe"
        fail("site.timezone", f'there is no time zone "{config.site.timezone}"')
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", config.site.domain, re.IGNORECASE):
        fail("site.domain", f'"{config.site.domain}" is not a mail domain')
    if config.security.mode not in ("default", "strict"):
        fail("security.mode", f'"{config.security.mode}" is neither "default" nor "strict"')
    if config.delivery.transport not in ("mailroom", "smtp"):
        fail("delivery.transport", f'"{config.delivery.transport}" is neither "mailroom" nor "smtp"')
    if not config.database.url.startswith("sqlite:///"):
        fail("database.url", "only sqlite:///PATH is known")
    if config.smtp.tls_key and not config.smtp.tls_certificate:
        fail("smtp.tls_key", "there is a key but no tls_certificate")
    _check_addresses(config, fail)
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


def _check_addresses(config: Config, fail: Callable[[str, str], None]) -> None:
    """Whom the service tells when something is wrong: what cannot be written to is refused now, not found out later."""
    registrar = (config.records.address,) if config.records.address else ()
    for key, texts in (("site.operators", config.site.operators), ("records.address", registrar)):
        for text in texts:
            address = parse_address(text)
            if address is None:
                fail(key, f'"{text}" is not a mail address')
            elif address.ascii_domain in config.domains:
                fail(key, f"{text} is an address of this service, which does not write to itself")


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")


def _check_web(config: Config, fail: Callable[[str, str], None]) -> None:
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


def _check_proposals(proposals: ProposalsConfig, fail: Callable[[str, str], None]) -> None:
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


def _check_ideas(ideas: IdeasConfig, fail: Callable[[str, str], None]) -> None:
    if not 0 <= ideas.follow_up_days <= 1000:
        fail("ideas.follow_up_days", "must be from 0 to 1000")
    if ideas.list_day not in LIST_DAYS:
        fail("ideas.list_day", f'"{ideas.list_day}" is none of {" ".join(LIST_DAYS)}')


def _check_actions(actions: ActionsConfig, fail: Callable[[str, str], None]) -> None:
    for key in msgspec.structs.fields(ActionsConfig):
        least = 0 if key.name == "remind_working_days" else 1
        if not least <= getattr(actions, key.name) <= 250:
            fail(f"actions.{key.name}", f"must be from {least} to 250")


def _check_joint(joint: JointConfig, fail: Callable[[str, str], None]) -> None:
    for key in msgspec.structs.fields(JointConfig):
        if not 1 <= getattr(joint, key.name) <= 500:
            fail(f"joint.{key.name}", "must be from 1 to 500")


def _check_meetings(meetings: MeetingsConfig, fail: Callable[[str, str], None]) -> None:
    if not 5 <= meetings.length_minutes <= 960:
        fail("meetings.length_minutes", "must be from 5 to 960")
    if not 1 <= meetings.poll_working_days <= 60:
        fail("meetings.poll_working_days", "must be from 1 to 60")
    if not 1 <= meetings.ahead <= 30:
        fail("meetings.ahead", "must be from 1 to 30")


def _check_networks(config: Config, fail: Callable[[str, str], None]) -> None:
    for name, section in (("networks", config.networks), ("health", config.health)):
        for one in msgspec.structs.fields(type(section)):
            value = getattr(section, one.name)
            if isinstance(value, int) and value < 1 and one.name != "months":
                fail(f"{name}.{one.name}", "cannot be less than 1")
    if config.health.months < 0:
        fail("health.months", "cannot be less than 0")


def _check_limits(limits: Limits, fail: Callable[[str, str], None]) -> None:
    for limit in msgspec.structs.fields(Limits):
        if getattr(limits, limit.name) < 0:
            fail(f"limits.{limit.name}", "cannot be less than 0")


def _check_delivery(delivery: DeliveryConfig, fail: Callable[[str, str], None]) -> None:
    if not 1 <= delivery.connections <= MOST_CONNECTIONS:
        fail("delivery.connections", f"must be between 1 and {MOST_CONNECTIONS}")
    if delivery.rate and parse_rate(delivery.rate) is None:
        fail("delivery.rate", f'"{delivery.rate}" is not a rate such as "30/min", "5/s" or "1000/h"')


def _check_times(config: Config, fail: Callable[[str, str], None]) -> None:
    for period in config.site.closed:
        if parse_period(period) is None:
            fail("site.closed", f'"{period}" is not a period of the year such as "07-01/08-07"')
    for one in config.records.retention:
        if parse_retention(one) is None:
            fail("records.retention", f'"{one}" does not say kind of matter, days and decision: "proposal 3650 REF"')
    if config.letters.bundle and parse_time(config.letters.bundle) is None:
        fail("letters.bundle", f'"{config.letters.bundle}" is not a time of day such as "16:00"')


_RETENTION = re.compile(r"([a-z][a-z0-9-]*)\s+([1-9]\d{0,5})\s+(\S.*)")


def parse_retention(text: str) -> RetentionClass | None:
    """`"proposal 3650 LIB-2026-12 §4"`: kind of matter, days, decision. None when it is none."""
    match = _RETENTION.fullmatch(text.strip())
    return RetentionClass(match[1], int(match[2]), match[3]) if match else None


_PERIOD = re.compile(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)")


def parse_time(text: str) -> tuple[int, int] | None:
    """`"16:00"` as (hour, minute); None for anything else."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    return (int(match[1]), int(match[2])) if match else None


def parse_period(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """`"07-01/08-07"` as first and last (month, day), both included; it may go over New Year. None when it is none."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    try:
        for month, day in (first, last):
            date(2024, month, day)  # a leap year, so that 29 February is a day
    except ValueError:
        return None
    return first, last


def _sets(line: str, name: str) -> bool:
    """Whether a line gives `name` a value."""
    return re.match(rf"""\s*["']?{re.escape(name)}["']?\s*[.=]""", line) is not None


def line_of(text: str, key: str) -> int | None:
    """In which line of a config file `section.key` (or a section alone) gets its value; None where it does not."""
    section, _, name = key.partition(".")
    name = name.partition("[")[0]
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[\[?([^\[\]]+)\]", line)
        if heading:
            current = heading[1].strip()
            if not name and current == section:
                return number
        elif (current, name) in ((section, name or None), ("", "")) and _sets(line, name or section):
            return number
    return None

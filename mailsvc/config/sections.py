"""The sections of config.toml and their keys with the values of a file that leaves them out. Values only."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mailsvc.config.spelled import parse_duration, parse_period
from mailsvc.limits import Limits
from mailsvc.proposal_routes import SHIPPED


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
    dkim_keys: tuple[str, ...] = ()

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


class DigestsConfig(Section, frozen=True):
    """[digests]: when groups that decide get what waits for them"""

    leadership: str = "mon 08:00"
    preparation: str = "mon 08:00"
    others: str = "mon 08:00"
    undo: str = "30 min"
    overdue_working_days: int = 10
    posts: str = "08:00"


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

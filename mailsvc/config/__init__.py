"""The typed config.toml: frozen structs, read once; an unknown key is an error that names the nearest known one.

`sections` are its values, `spelled` how they are written, `rules` what they may be; `reading` makes them of a file,
`file` writes one.
"""

from mailsvc.config.reading import line_of, load, parse
from mailsvc.config.rules import COUNTRIES, LANGUAGES, LIST_DAYS
from mailsvc.config.sections import (
    Config,
    DeliveryConfig,
    DigestsConfig,
    DocsConfig,
    ModerationConfig,
    SiteConfig,
    SmtpConfig,
)
from mailsvc.config.spelled import RetentionClass, parse_duration, parse_period, parse_rate, parse_retention, parse_time

__all__ = [
    "COUNTRIES",
    "LANGUAGES",
    "LIST_DAYS",
    "Config",
    "DeliveryConfig",
    "DigestsConfig",
    "DocsConfig",
    "ModerationConfig",
    "RetentionClass",
    "SiteConfig",
    "SmtpConfig",
    "line_of",
    "load",
    "parse",
    "parse_duration",
    "parse_period",
    "parse_rate",
    "parse_retention",
    "parse_time",
]

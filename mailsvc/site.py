"""The site: what never changes while serving."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.config import Config
from mailsvc.keys import SiteKey


@dataclass(frozen=True, slots=True)
class Site:
    """The configuration and the site's key."""

    config: Config
    key: SiteKey

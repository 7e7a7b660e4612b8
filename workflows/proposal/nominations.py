"""How often one address is asked to moderate proposed networks, so that `proposals@` is no way to bombard anybody."""

from __future__ import annotations

from typing import Final

from mailsvc import rates
from mailsvc.clock import DAY
from mailsvc.site import Site
from mailsvc.store.database import ReadTx, Tx

_DAY: Final = "nominated-day"
_WEEK: Final = "nominated-week"


def used_up(tx: ReadTx, site: Site, folded: str) -> bool:
    """Whether this address has been asked as often as one may be, in a day or in a week."""
    limits = site.config.limits
    return rates.used_up(tx, site.key, _DAY, folded, DAY, limits.nominations_per_day) or rates.used_up(
        tx, site.key, _WEEK, folded, 7 * DAY, limits.nominations_per_week
    )


def count(tx: Tx, site: Site, folded: str) -> None:
    """This address is asked once more."""
    limits = site.config.limits
    rates.allow(tx, site.key, _DAY, folded, DAY, limits.nominations_per_day)
    rates.allow(tx, site.key, _WEEK, folded, 7 * DAY, limits.nominations_per_week)

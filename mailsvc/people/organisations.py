"""To which organisation a person belongs on a day: set by an operator, or told by the domain of a proven address."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_datetime
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.message.address import Address, parse_address
from mailsvc.people import organisation_store as store
from mailsvc.people import store as people
from mailsvc.people.organisation_store import Organisation
from mailsvc.store.database import ReadTx


def site_day(now: Instant, config: Config) -> date:
    """The day it is at the site: memberships of organisations begin and end by its time zone."""
    return to_datetime(now, ZoneInfo(config.site.timezone)).date()


def of_address(tx: ReadTx, address: Address, day: date) -> Organisation | None:
    """The organisation whose domain an address has, when it is a member on that day."""
    found = store.of_domain(tx, address.ascii_domain)
    return found if found is not None and found.member_on(day) else None


def organisation_of(tx: ReadTx, person: PersonId, day: date) -> Organisation | None:
    """The organisation that a person belongs to, when it is a member on `day`; None otherwise.

    What an operator has set decides alone. Else the domain of a proven address tells, the primary address first.
    """
    fixed = store.set_for(tx, person)
    if fixed is not None:
        return fixed if fixed.member_on(day) else None
    for known in people.addresses(tx, person):
        address = parse_address(known.address) if known.verified else None
        found = of_address(tx, address, day) if address is not None else None
        if found is not None:
            return found
    return None


def organisation_at(tx: ReadTx, address: Address, day: date) -> Organisation | None:
    """The organisation of whoever writes from an address, known or not: their own, or the one of its domain.

    Ask only where that address has to prove itself before anything follows from it.
    """
    person = people.by_address(tx, address.folded)
    if person is not None and store.set_for(tx, person.id) is not None:
        return organisation_of(tx, person.id, day)
    own = of_address(tx, address, day)
    return own or (organisation_of(tx, person.id, day) if person is not None else None)

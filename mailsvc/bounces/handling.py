"""Mail to our bounce addresses, and what the next server refused at once: kept, counted, and acted upon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailsvc import arriving
from mailsvc.bounces import store
from mailsvc.bounces.report import Failure, read_report, returned_ids
from mailsvc.bounces.store import Copy, Watched
from mailsvc.bounces.unreached import not_reached
from mailsvc.bounces.verdict import Verdict, status_of, verdict
from mailsvc.cases import absences
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.deliver import verp
from mailsvc.errors import Reason
from mailsvc.ids import OutgoingId
from mailsvc.limits import Limits
from mailsvc.message.address import parse_address
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store.database import Tx

PROBES: Final = 2
MOST: Final = 1000  # copies of one message whose loss is kept one by one


class Bounces:
    """Handles `bounces+KEY@`, and hears of every message whose last copy is final (Registry.finishers)."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._limits = registry.site.config.limits

    # ---- what comes back

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler: never answered; an absence notice is read, a bounce counts for the copy in its key."""
        if absences.note(tx, self._engine, mail):
            return Handled(Reason.ABSENCE, quarantined=True)
        failures = read_report(mail.message, null_sender=not mail.envelope.reverse_path)
        cause = arriving.cause_of(mail)
        self._lost(tx, self._copies(tx, mail, target, failures), cause)
        return Handled(Reason.BOUNCE, quarantined=True)

    def _copies(
        self, tx: Tx, mail: Incoming, target: Target, failures: tuple[Failure, ...]
    ) -> list[tuple[Copy, Failure]]:
        """Which of our copies a bounce is about: the one in its key, or, of a shared message, those it names.

        A shared message's key is known to all who got it: what does not give back our Message-ID counts for nobody.
        """
        key, local = self._registry.site.key, f"{verp.LOCAL}+{target.argument}"
        delivery = verp.delivery_of(key, local)
        if delivery is not None:
            copy = store.copy(tx, delivery)
            return [(copy, _of_copy(copy, failures))] if copy is not None and failures else []
        outgoing = verp.outgoing_of(key, local)
        if outgoing is None:
            return []
        returned = returned_ids(mail.message)
        found = [(store.copy_to(tx, outgoing, one.address), one) for one in failures if one.address]
        return [(copy, one) for copy, one in found if copy is not None and copy.message_id.strip("<>") in returned]

    # ---- what is refused at once

    def finished(self, tx: Tx, outgoing: OutgoingId) -> None:
        """See Registry.finishers."""
        lost = [(copy, _refused(copy)) for copy in store.lost_copies(tx, outgoing)]
        gone = sum(failure.verdict is Verdict.GONE for _, failure in lost)
        if gone > MOST and gone * 100 > store.alike(tx, outgoing).total * self._limits.bounces_alike_percent:
            self._alarm(tx, outgoing)  # not even kept: so many at once say nothing of people
        else:
            self._lost(tx, lost[:MOST], Cause(f"outgoing:{outgoing}/lost"))

    # ---- both

    def _lost(self, tx: Tx, lost: Sequence[tuple[Copy, Failure]], cause: Cause) -> None:
        """Copies of one message that are final: what was tried again comes later."""
        new: list[tuple[Copy, Watched]] = []
        final = [(copy, failure) for copy, failure in lost if failure.final]
        for copy, failure in final:
            one = store.record(tx, copy, failure, cause.inbox_id)
            if one is None or failure.verdict is not Verdict.GONE:
                continue
            if one.score == store.probe_of(tx, copy.outgoing_id):  # the first bounce counts, later only the probes
                new.append((copy, one))
        for copy, one in new:
            store.count(tx, one, copy)
        if any(one.score == 0 for _, one in new):
            self._set_aside(tx, new[0][0].outgoing_id)
        if final:
            not_reached(self._engine, tx, final[0][0].outgoing_id, cause)

    def _set_aside(self, tx: Tx, outgoing: OutgoingId) -> None:
        """Where many copies of a message fail alike, nothing that it brought counts, whenever it came."""
        if not many_alike(store.alike(tx, outgoing), self._limits):
            return
        for counted in store.counted_of(tx, outgoing):
            if counted.score == 1 and not store.probes(tx, counted.id):
                store.clear(tx, counted.id)
        store.set_aside(tx, outgoing)
        self._alarm(tx, outgoing)

    def _alarm(self, tx: Tx, outgoing: OutgoingId) -> None:
        for told in self._registry.alarms:
            told(tx, Reason.BOUNCES_ALIKE, f"outgoing {outgoing}")


def many_alike(found: store.Alike, limits: Limits) -> bool:
    """Whether so many copies of one message bounce alike that it says something of a server, not of people."""
    least, percent = limits.bounces_alike, limits.bounces_alike_percent
    if found.gone >= least and found.gone * 100 > found.total * percent:
        return True
    return any(gone >= least and gone * 2 >= total for gone, total in found.by_domain.values())


def _refused(copy: Copy) -> Failure:
    """What the next server said to a copy at once, or when it was given up."""
    return Failure(copy.address, status_of("", copy.reply), copy.reply, verdict("", copy.reply), final=True)


def _of_copy(copy: Copy, failures: tuple[Failure, ...]) -> Failure:
    """What a bounce says of the copy in its key: of its address, else of wherever that passes its mail on to."""
    ours = parse_address(copy.address)
    for one in failures:
        theirs = parse_address(one.address)
        if ours is not None and theirs is not None and theirs.folded == ours.folded:
            return one
    return next((one for one in failures if one.final), failures[0])

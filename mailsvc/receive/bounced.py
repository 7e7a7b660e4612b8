"""Mail to our bounce addresses: kept in the list of unused mail; what it says is read by a later step."""

from __future__ import annotations

from mailsvc.errors import Reason
from mailsvc.registry import Handled, Incoming, Target
from mailsvc.store.database import Tx


class Bounced:
    """Never answered, never counted against anybody yet."""

    def __call__(self, _tx: Tx, _mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler."""
        return Handled(Reason.BOUNCE, quarantined=True)

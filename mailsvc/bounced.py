"""Mail to our bounce addresses: an absence notice is read; what a bounce says is read by a later step."""

from __future__ import annotations

from mailsvc.cases import absences
from mailsvc.cases.engine import Engine
from mailsvc.errors import Reason
from mailsvc.registry import Handled, Incoming, Target
from mailsvc.store.database import Tx


class Bounced:
    """Never answered; kept in the list of unused mail. Many mail systems send their absence notices here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, tx: Tx, mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler."""
        away = absences.note(tx, self._engine, mail)
        return Handled(Reason.ABSENCE if away else Reason.BOUNCE, quarantined=True)

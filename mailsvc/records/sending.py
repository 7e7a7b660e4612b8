"""Sending the file of a decided matter to `[records] address`: asked for when it closes, written off the writer."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.model import Case, Cause
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, OutgoingId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.address import parse_address
from mailsvc.message.attach import with_files
from mailsvc.records import casefile, store
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient

LETTER: Final = "records/decision"
SHARE: Final = 3  # of four octets that a mail may have, base64 leaves three to what is enclosed


class Sending:
    """What happens to the records when a matter is decided."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config

    def closed(self, tx: Tx, case: Case, _cause: Cause) -> None:
        """See Registry.closers: a decision goes to the records, once."""
        address = parse_address(self._config.records.address)
        if address is None or not self._registry.kinds[case.kind].recorded or store.exported(tx, case.id):
            return
        sent = outgoing.letter(
            tx,
            self._registry.site,
            Recipient(str(address), self._config.site.language),
            LETTER,
            {},
            case_id=case.id,
            sender="bounces",
        )
        store.note_export(tx, case.id, sent, str(address))

    def write(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See Encloser: the letter with the file of its case."""
        assert spec.case is not None
        room = self._config.limits.message_size * SHARE // 4 // 2  # half of it is left to headers, page and table
        values, enclosed = casefile.files(tx, self._registry, composer, CaseId(spec.case), room)
        return with_files(composer.letter(casefile.with_values(spec, values)), enclosed)

    def finished(self, tx: Tx, outgoing_id: OutgoingId) -> None:
        """See Registry.finishers: a file that did not reach the records is told to the operators."""
        lost = outgoing.lost(tx, outgoing_id)
        if lost.template != LETTER or not lost.copies:
            return
        for told in self._registry.alarms:
            told(tx, Reason.RELAY_PERMANENT, f"{LETTER} #{lost.case_id}")

"""A mail in words to the organizer that somebody's calendar shows, outside of any thread: which invitation it is about.

Programs offer "write to the organizer" or "I am late" in the calendar; what comes names the meeting in its subject.
"""

from __future__ import annotations

from mailsvc.cases import ask_store
from mailsvc.keys import SiteKey
from mailsvc.registry import Incoming
from mailsvc.store.database import ReadTx
from workflows.meeting import invitee_store


def token_meant(tx: ReadTx, key: SiteKey, membership: int, mail: Incoming) -> str:
    """The token of the invitation that is answered; "" where a thread tells it, or nobody can.

    It is the only coming meeting of this membership, or the only one whose title the subject has.
    """
    if mail.message.references and ask_store.ask_by_message_ids(tx, mail.message.references) is not None:
        return ""
    coming = invitee_store.coming_letters(tx, membership)
    subject = " ".join(mail.message.subject.split()).casefold()
    named = [nonce for title, nonce in coming if title and " ".join(title.split()).casefold() in subject]
    meant = named if named or len(coming) > 1 else [nonce for _, nonce in coming]
    return key.token(meant[0]) if len(meant) == 1 else ""

"""A digest of posts whole: the table of contents in the reader's language, and the posts as they were sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from lists.posts import digest_store as rows
from lists.posts.confidence import is_confidential
from lists.posts.headers import list_fields, unsubscribe_pieces
from lists.posts.wire import compose, post_group
from lists.words.commands import Command, printed
from mailsvc.deliver.slots import MEMBER_KEY
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message import build
from mailsvc.message.digest_mail import digest_mail
from mailsvc.message.parsing import parse
from mailsvc.registry import Registry
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values

CONFIDENTIAL: Final = "confidential"
TOO_LARGE: Final = "size"
SHOWN: Final = (Command.EACH, Command.DAILY, Command.WEEKLY, Command.NO_POSTS)


@dataclass(frozen=True, slots=True)
class DigestLetter:
    """See registry.Encloser."""

    registry: Registry

    def __call__(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """The message, with places for each member's key."""
        config = self.registry.site.config
        items: list[Values] = []
        enclosed: list[bytes] = []
        group = None
        numbers = spec.values["posts"]
        assert isinstance(numbers, list)
        for number in numbers:
            post = rows.sent_post(tx, number)
            group = post_group({**post.values, "shared": True}, config)
            try:
                content = inbox.raw(tx, post.raw_id)
            except LookupError:  # its author has been erased since
                continue
            item, why = self._item(content)
            items.append({**item, "at": post.sent_at, "number": len(items) + 1, "why": why})
            if not why:
                enclosed.append(compose(content, {**post.values, "shared": True}, config))
        assert group is not None
        words = [printed(one, spec.language) for one in SHOWN]
        written = replace(spec, values={**spec.values, "items": items, "printed": words})
        headers, text, html = composer.pieces(written)
        sender = build.mailbox(group.title, group.address)
        headers = [(name, sender if name == "From" else value) for name, value in headers]
        given = {name.lower() for name, _ in headers}
        headers += [(name, value) for name, value in list_fields(group, None) if name.lower() not in given]
        before, between, after = unsubscribe_pieces(group)
        pieces = (before, between, after) if between else (before, after)
        return MEMBER_KEY.join(pieces) + digest_mail(headers, text, html, enclosed)

    def _item(self, content: bytes) -> tuple[Values, str]:
        """What is said of a post, and why it is not enclosed."""
        limits = self.registry.site.config.limits
        message = parse(content, limits)
        author = message.from_address
        item: Values = {
            "subject": message.subject.strip(),
            "author": message.from_.display_name.strip() or (str(author) if author else ""),
        }
        if is_confidential(message):
            return item, CONFIDENTIAL
        return item, TOO_LARGE if len(content) > limits.group_message_size else ""

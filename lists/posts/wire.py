"""From the values kept with an outgoing post to its bytes; each member's key is a slot that the courier fills."""

from __future__ import annotations

import msgspec

from lists.model import Group
from lists.posts.from_policy import Author
from lists.posts.headers import ArchiveLinks, PostGroup, ReplyTo, compose_post
from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.deliver.slots import MEMBER_KEY
from mailsvc.message.header_edit import Trace
from mailsvc.registry import Incoming
from mailsvc.store.outgoing import Values

POST = "lists.post"


class PostValues(msgspec.Struct, frozen=True):
    """Everything that composing a post needs besides the author's bytes; fixed when the post is accepted."""

    name: str
    title: str
    reply: str
    announce: bool
    subject_prefix: str
    footer: str
    helo: str
    peer: str
    protocol: str
    received_at: int
    ident: str
    author_name: str
    author_address: str
    author_domain: str
    shared: bool = False
    archive: int = 0  # its number there; 0 where the group keeps none


def post_values(group: Group, mail: Incoming, archive: int = 0) -> Values:
    """What is kept with an outgoing post; `archive` is its number in the group's archive."""
    author = mail.message.from_
    address = author.address
    settings = group.settings
    values = PostValues(
        group.name,
        group.title,
        settings.reply,
        group.post == "moderators",
        settings.subject_prefix,
        settings.footer,
        mail.envelope.helo,
        mail.envelope.peer,
        mail.envelope.protocol,
        mail.received_at,
        f"{mail.inbox_id}",
        author.display_name if address else "",
        str(address) if address else "",
        address.ascii_domain if address else "",
        settings.delivery == "shared",
        archive,
    )
    return msgspec.structs.asdict(values)


def post_group(values: Values, config: Config) -> PostGroup:
    """What composing needs to know of the group of a post that was asked for with these values."""
    kept = msgspec.convert(values, PostValues)
    return PostGroup(
        kept.name,
        kept.title,
        config.site.domain,
        config.web.base_url,
        config.delivery.transport == "mailroom",
        ReplyTo(kept.reply),
        kept.announce,
        kept.subject_prefix,
        kept.footer,
        frozenset({config.smtp.authserv_id} - {""}),
    )


def compose(source: bytes, values: Values, config: Config) -> bytes:
    """The copy that goes to the members, with slots for the member's key; without any when all get the same."""
    kept = msgspec.convert(values, PostValues)
    group = post_group(values, config)
    trace = Trace(kept.helo, kept.peer, kept.protocol, Instant(kept.received_at), kept.ident)
    author = Author(kept.author_name, kept.author_address, kept.author_domain)
    composed = compose_post(source, group, trace, author, _archive(group, kept.archive))
    if kept.shared:
        return composed.shared_head + composed.common
    before, between, after = composed.pieces
    if composed.one_click:
        return b"".join((before, MEMBER_KEY, between, MEMBER_KEY, after, composed.common))
    return b"".join((before, MEMBER_KEY, after, composed.common))


def _archive(group: PostGroup, number: int) -> ArchiveLinks | None:
    """Where the post can be read again (RFC 2369 §3.6, RFC 5064), where a link to it may be written into mail."""
    if not number or not group.web_links:
        return None
    page = f"{group.web_links}/g/{group.name}/archive"
    return ArchiveLinks(page, f"{page}/{number}")

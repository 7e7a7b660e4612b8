"""What is refused at the final dot, before a mail is stored: limits of header and parts, loops, an unusable From."""

from __future__ import annotations

from mailsvc.errors import Reason, Refusal
from mailsvc.limits import Limits
from mailsvc.message.address import FromOutcome, strict_from
from mailsvc.message.fields import Block, read_block
from mailsvc.message.mime_tree import header_start, read_tree

_FROM = {
    FromOutcome.NONE: "a message needs a From field with the author's address",
    FromOutcome.SEVERAL_FIELDS: "a message must have exactly one From field",
    FromOutcome.SEVERAL_MAILBOXES: "the From field must name exactly one author",
}


def prescan(content: bytes, limits: Limits) -> Refusal | None:
    """A 5yz refusal, or None where the mail may be stored. Bounded work, one pass; never raises.

    A From that is only ambiguous is not refused here: it is held later, without a letter to anybody.
    """
    start = header_start(content)
    block = read_block(content, start, min(len(content), start + limits.header_size + 1))
    return _header_limits(block, start, limits) or _loop(block, limits) or _structure(content, limits) or _author(block)


def _header_limits(block: Block, start: int, limits: Limits) -> Refusal | None:
    if block.end - start > limits.header_size:
        return _bad_headers(f"header larger than {limits.header_size} octets")
    if len(block.fields) > limits.header_fields:
        return _bad_headers(f"more than {limits.header_fields} header fields")
    for name, value in block.fields:
        if len(name) + 1 + len(value) > limits.header_field_size:
            return _bad_headers(f"a header field larger than {limits.header_field_size} octets")
    return None


def _loop(block: Block, limits: Limits) -> Refusal | None:
    hops = sum(name.lower() == "received" for name, _ in block.fields)
    if hops < limits.received_fields:
        return None
    return Refusal(
        554, "5.4.6", Reason.LOOP, "too many hops: this mail is going in a circle", f"{hops} Received fields"
    )


def _structure(content: bytes, limits: Limits) -> Refusal | None:
    tree = read_tree(content, limits.mime_parts, limits.mime_depth_refused)
    if tree.too_deep:
        return Refusal(550, "5.6.0", Reason.BAD_MIME, f"parts nested more than {limits.mime_depth_refused} deep")
    if tree.too_many:
        return Refusal(550, "5.6.0", Reason.BAD_MIME, f"more than {limits.mime_parts} parts")
    return None


def _author(block: Block) -> Refusal | None:
    outcome = strict_from([value for name, value in block.fields if name.lower() == "from"]).outcome
    if outcome not in _FROM:
        return None
    return Refusal(550, "5.7.1", Reason.BAD_FROM, _FROM[outcome], outcome.value)


def _bad_headers(what: str) -> Refusal:
    return Refusal(550, "5.6.0", Reason.BAD_HEADERS, what)

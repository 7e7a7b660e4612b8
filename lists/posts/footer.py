"""A group's footer, for groups that asked for one: put beside the post as a part of its own, never into its text."""

from __future__ import annotations

from collections.abc import Sequence

from mailsvc.message.build import boundary_for, field, multipart, text_part
from mailsvc.message.fields import read_parameters
from mailsvc.message.flowed import flowed
from mailsvc.message.header_edit import RawField

_LET_BE = frozenset(
    {
        "multipart/signed",
        "multipart/encrypted",
        "multipart/report",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/x-microsoft-rpmsg-message",
        "application/ms-tnef",
        "text/calendar",
    }
)
"""Top-level types that programs know only as the whole of a mail: a footer would break what they are for."""


def with_footer(kept: Sequence[RawField], body: bytes, footer: str) -> tuple[list[RawField], bytes]:
    """The fields and the body of the post with `footer` below it; unchanged when it is "" or the post must stay whole.

    The post becomes the first part of a multipart/mixed (RFC 2046 §5.1.3) with its Content fields and body as they
    were, whatever its type, charset and encoding; the footer is the second.
    """
    content = [one for one in kept if one.name.startswith("content-")]
    kinds = [read_parameters(one.value).value for one in content if one.name == "content-type"]
    if not footer.strip() or any(kind in _LET_BE for kind in kinds):
        return list(kept), body
    first = b"".join([*(one.raw for one in content), b"\r\n", body])
    parts = [first, text_part("text/plain; charset=utf-8; format=flowed", flowed(footer))]
    boundary = boundary_for(parts)
    outer = [one for one in kept if one not in content and one.name != "mime-version"]
    outer.append(RawField("mime-version", field("MIME-Version", "1.0")))
    mixed = field("Content-Type", f'multipart/mixed; boundary="{boundary}"')
    outer.append(RawField("content-type", mixed))
    if not body.isascii():
        outer.append(RawField("content-transfer-encoding", field("Content-Transfer-Encoding", "8bit")))
    return outer, multipart(parts, boundary)

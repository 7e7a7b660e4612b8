"""Real mails composed for a group: everything that goes out is valid, and signed parts are unchanged."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lists.posts.from_policy import Author, DomainPolicy
from lists.posts.headers import PersonalLinks, PostGroup, compose_post, personal_head
from mailsvc.clock import to_instant
from mailsvc.message.header_edit import Trace, forward_bytes, scan
from tests.tools import require_corpus

TRACE = Trace("mail.example.org", "192.0.2.1", "ESMTP", to_instant(datetime(2026, 11, 21, tzinfo=UTC)), "1")
GROUP = PostGroup("cataloguing", "Katalogisering på nätet", "networks.example.org", "https://networks.example.org")


def mails() -> list[Path]:
    return [path for path in sorted(require_corpus().rglob("*")) if path.suffix in {".eml", ".txt", ".msg"}]


@pytest.mark.parametrize("policy", [DomainPolicy.UNKNOWN, DomainPolicy.REJECT])
def test_everything_that_goes_out_is_valid(policy: DomainPolicy) -> None:
    author = Author("Anna", "anna@example.org", "example.org", policy)
    for path in mails():
        raw = path.read_bytes()
        composed = compose_post(raw, GROUP, TRACE, author)
        for content in (
            personal_head(composed, PersonalLinks("1-abc")) + composed.common,
            forward_bytes(raw, "cataloguing-owner@networks.example.org", TRACE),
        ):
            assert b"\0" not in content, path
            assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n"), path
            read = email.message_from_bytes(content)
            assert len(read.get_all("From", [])) == len(read.get_all("Message-ID", [])) == 1, path
            assert content.endswith(b"\r\n\r\n" + scan(raw).body), path


def test_headers_and_body_of_real_mails_stay() -> None:
    dropped = {"return-path", "bcc", "precedence", "approved", "disposition-notification-to", "return-receipt-to"}
    for path in mails():
        mail = scan(path.read_bytes())
        common = compose_post(mail.content, GROUP, TRACE, Author()).common
        gone = {one.name for one in mail.fields} - {one.name for one in scan(common).fields}
        assert all(name in dropped or name.startswith(("list-", "archived-at", "x-auto-resp")) for name in gone), path

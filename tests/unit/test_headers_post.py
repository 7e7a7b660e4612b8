"""lists.posts.headers: what a fanned-out post looks like on the wire."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lists.posts.from_policy import Author, DomainPolicy, FromReason, Keep, Rewrite
from lists.posts.headers import (
    ArchiveLinks,
    ComposedPost,
    PersonalLinks,
    PostGroup,
    ReplyTo,
    compose_post,
    is_public_https,
    personal_head,
)
from mailsvc.clock import to_instant
from mailsvc.message.header_edit import Trace, scan

NOW = to_instant(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
TRACE = Trace("mail.example.org", "192.0.2.1", "ESMTPS", NOW, "1f")
GROUP = PostGroup("cataloguing", "Katalogisering", "networks.example.org", "https://networks.example.org")
ANNA = Author("Anna Berg", "anna@example.org", "example.org")
KEY = PersonalLinks("2a-abcdef")
FIELDS = (
    b"Received: from a by b; x\r\nFROM:  =?iso-8859-1?q?Anna?=  <anna@example.org>\r\nSubject: R\xe5d \r\n\tom  det\r\n"
    b"Message-ID: <1@example.org>\r\nDate: Sat, 21 Nov 2026 11:59:00 +0100\r\nX-Odd:no blank\r\n"
)
BODY = b"Hej!\r\n\r\n.\r\n\xe5\xff\r\n" + b"x" * 1500 + b"\r\n-- \r\nAnna"
POST = FIELDS + b"\r\n" + BODY


def compose(raw: bytes = POST, group: PostGroup = GROUP, author: Author = ANNA) -> ComposedPost:
    return compose_post(raw, group, TRACE, author)


def copy(raw: bytes = POST, group: PostGroup = GROUP, author: Author = ANNA) -> bytes:
    composed = compose(raw, group, author)
    return personal_head(composed, KEY) + composed.common


def values(content: bytes, name: str) -> list[str]:
    return [" ".join(value.split()) for value in email.message_from_bytes(content).get_all(name, [])]


def test_everything_of_the_author_stays_byte_for_byte() -> None:
    assert compose().common == POST
    assert copy().endswith(POST)


def test_the_head_of_one_member() -> None:
    assert personal_head(compose(), KEY) == (
        b"Received: from mail.example.org ([192.0.2.1]) by networks.example.org with\r\n"
        b" ESMTPS id 1f for <cataloguing@networks.example.org>; Sat, 21 Nov 2026\r\n"
        b" 12:00:00 +0000\r\n"
        b"List-Unsubscribe: <https://networks.example.org/unsubscribe/2a-abcdef>,\r\n"
        b" <mailto:cataloguing-leave+2a-abcdef@networks.example.org>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        b"List-Id: Katalogisering <cataloguing.networks.example.org>\r\n"
        b"List-Post: <mailto:cataloguing@networks.example.org>\r\n"
        b"List-Help: <mailto:cataloguing-request@networks.example.org?subject=help>\r\n"
        b"List-Owner: <mailto:cataloguing-owner@networks.example.org>\r\n"
        b"List-Subscribe: <mailto:cataloguing-join@networks.example.org>\r\n"
        b"Precedence: list\r\n"
        b"X-Auto-Response-Suppress: OOF, AutoReply, DR, RN, NRN\r\n"
    )


def test_the_head_of_everybody_at_once_has_no_personal_key() -> None:
    head = compose().shared_head
    assert b"List-Unsubscribe: <mailto:cataloguing-leave@networks.example.org>\r\n" in head
    assert b"List-Unsubscribe-Post" not in head
    assert b"2a-abcdef" not in head


@pytest.mark.parametrize(("length", "local"), [(22, f"{'n' * 22}-leave"), (23, "leave"), (40, "leave")])
def test_every_leave_address_has_its_key_and_room_for_it(length: int, local: str) -> None:
    key = PersonalLinks(f"{2**32 - 1:x}-{'k' * 26}")
    group = replace(GROUP, name="n" * length)
    mailto = f"<mailto:{local}+{key.key}@networks.example.org>"
    assert len(f"{local}+{key.key}") <= 64  # RFC 5321 §4.5.3.1.1
    composed = compose(group=group)
    content = personal_head(composed, key) + composed.common
    assert values(content, "List-Unsubscribe") == [f"<https://networks.example.org/unsubscribe/{key.key}>, {mailto}"]
    assert values(content, "List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    unlinked = compose(group=replace(group, base_url=""))
    assert values(personal_head(unlinked, key) + POST, "List-Unsubscribe") == [mailto]
    assert f"<mailto:{'n' * length}-leave@".encode() in composed.shared_head


def test_names_are_those_of_a_personal_copy() -> None:
    assert compose().names == tuple(name.lower() for name in email.message_from_bytes(copy()).keys())  # noqa: SIM118


@pytest.mark.parametrize(
    ("base_url", "mailroom", "link"),
    [
        ("https://networks.example.org/", False, "https://networks.example.org/unsubscribe/2a-abcdef"),
        ("https://example.org/lists", False, "https://example.org/lists/unsubscribe/2a-abcdef"),
        ("http://networks.example.org", False, ""),
        ("http://127.0.0.1:8025", False, ""),
        ("http://127.0.0.1:8025", True, "http://127.0.0.1:8025/unsubscribe/2a-abcdef"),
        ("", False, ""),
    ],
)
def test_web_links_only_where_they_work(base_url: str, mailroom: bool, link: str) -> None:
    content = copy(group=replace(GROUP, base_url=base_url, mailroom=mailroom))
    mailto = "<mailto:cataloguing-leave+2a-abcdef@networks.example.org>"
    assert values(content, "List-Unsubscribe") == [f"<{link}>, {mailto}" if link else mailto]
    assert bool(values(content, "List-Unsubscribe-Post")) == bool(link)


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://lists.example.org", True),
        ("https://lists.example.org:8443/x", True),
        ("https://8.8.8.8", True),
        ("https://10.0.0.1", False),
        ("https://[::1]:8025", False),
        ("https://[x]", False),
        ("https://localhost", False),
        ("https://intranet", False),
        ("https://lists.local", False),
        ("ftp://lists.example.org", False),
        ("https://lists.example.org/>\r\nBcc: x", False),
        ("https://lists.example.org/a b", False),
    ],
)
def test_public_https(url: str, public: bool) -> None:
    assert is_public_https(url) is public


@pytest.mark.parametrize(
    "line",
    [
        b"List-Id: <other.example.com>",
        b"List-Post: <mailto:other@example.com>",
        b"LIST-HELP: x",
        b"List-Owner: x",
        b"List-Subscribe: x",
        b"List-Unsubscribe: <mailto:x@example.com>,\r\n <https://example.com>",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"List-Archive: x",
        b"Archived-At: x",
        b"Precedence: bulk",
        b"X-Auto-Response-Suppress: All",
        b"Return-Receipt-To: anna@example.org",
        b"Disposition-Notification-To: anna@example.org",
        b"X-Confirm-Reading-To: anna@example.org",
        b"Approved : secret",
        b"Return-Path: <anna@example.org>",
        b"Bcc: hidden@example.org",
        b"Authentication-Results: networks.example.org; dkim=pass",
        b"Authentication-Results: (x) Border.Example.NET 1; spf=pass",
        b"From: second@example.org",
        b"Subject: second",
    ],
)
def test_what_is_taken_out(line: bytes) -> None:
    group = replace(GROUP, authserv_ids=frozenset({"border.example.net"}))
    assert compose(FIELDS + line + b"\r\n\r\n" + BODY, group).common == POST


@pytest.mark.parametrize(
    "line",
    [
        b"Authentication-Results: elsewhere.example.net; dkim=pass",
        b"List-Software: x",
        b"X-Loop: somebody@example.com",
        b"Sender: secretary@example.org",
        b"Reply-To: other@example.org",
        b"To: cataloguing@networks.example.org\r\nTo: second@example.org",
        b"X-Raw: \xe5\xe4\xf6",
        b"X-Utf8: \xc3\xa5",
        b"X-Long: " + b"x" * 2000,
        b"X-Blank: a\r\n \r\n b",
    ],
)
def test_what_stays(line: bytes) -> None:
    raw = FIELDS + line + b"\r\n\r\n" + BODY
    assert compose(raw).common == raw


def signed(headers: str, domain: str = "example.org") -> bytes:
    return f"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=s; h={headers};\r\n bh=YQ==; b=Yg==\r\n".encode()


def test_other_lists_fields_stay_where_an_aligned_signature_names_them() -> None:
    foreign = b"List-Id: <other.example.org>\r\nPrecedence: bulk\r\nBcc: x@example.org\r\n"
    raw = signed("from:list-id:bcc") + FIELDS + foreign + b"\r\n" + BODY
    content = copy(raw)
    assert values(content, "List-Id") == [
        "Katalogisering <cataloguing.networks.example.org>",
        "<other.example.org>",
    ]
    assert values(content, "Precedence") == ["list"]
    assert values(content, "Bcc") == []
    unaligned = copy(signed("from:list-id", "example.com") + FIELDS + foreign + b"\r\n" + BODY)
    assert values(unaligned, "List-Id") == ["Katalogisering <cataloguing.networks.example.org>"]


def test_missing_id_and_date_are_added_and_the_same_on_every_retry() -> None:
    raw = b"From: anna@example.org\r\n\r\nHej\r\n"
    composed = compose(raw)
    assert composed == compose(raw)
    assert composed.common == raw
    content = copy(raw)
    assert values(content, "Message-ID") == [composed.message_id]
    assert composed.message_id.endswith("@networks.example.org>")
    assert values(content, "Date") == ["Sat, 21 Nov 2026 12:00:00 +0000"]
    assert compose(raw + b"x").message_id != composed.message_id


def test_message_id_of_the_author_is_told() -> None:
    assert compose().message_id == "<1@example.org>"


def test_a_header_block_that_does_not_end_gets_its_blank_line() -> None:
    content = copy(b"From: anna@example.org\r\nthe text begins here\r\n")
    assert content.endswith(b"From: anna@example.org\r\n\r\nthe text begins here\r\n")


def test_bare_line_ends_and_nul_never_leave() -> None:
    content = copy(b"From: anna@example.org\nSubject: a\rb: c\n\nx\0y\rz\n")
    assert b"\0" not in content
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert content.endswith(b"\r\n\r\nxy\r\nz\r\n")


def test_reply_habit_list() -> None:
    raw = FIELDS + b"Reply-To: anna@home.example.org\r\n\r\n" + BODY
    content = copy(raw, replace(GROUP, reply_to=ReplyTo.LIST))
    assert values(content, "Reply-To") == ["cataloguing@networks.example.org"]
    assert content.endswith(POST)


def test_an_announce_group_takes_no_posts() -> None:
    assert values(copy(group=replace(GROUP, announce=True)), "List-Post") == ["NO"]


def test_title_in_another_language_is_encoded_and_an_empty_one_left_out() -> None:
    assert b"List-Id: =?utf-8?q?Inl=C3=A4sning?= <cataloguing." in copy(group=replace(GROUP, title="Inläsning"))
    assert b"List-Id: <cataloguing." in copy(group=replace(GROUP, title=""))


def test_archive_links() -> None:
    links = ArchiveLinks("https://networks.example.org/g/cataloguing/archive", "https://networks.example.org/p/1")
    composed = compose_post(POST, GROUP, TRACE, ANNA, links)
    head = personal_head(composed, KEY)
    assert b"List-Archive: <https://networks.example.org/g/cataloguing/archive>\r\n" in head
    assert b"Archived-At: <https://networks.example.org/p/1>\r\n" in head


@pytest.mark.parametrize("key", ["", "a b", "a>\r\nBcc: x", "å", "x" * 61, "-x"])
def test_a_key_is_a_key(key: str) -> None:
    with pytest.raises(ValueError, match="leave key"):
        PersonalLinks(key)


STRICT = replace(ANNA, policy=DomainPolicy.REJECT)


def test_from_stays_while_nobody_knows_the_policy() -> None:
    assert compose().decision == Keep(FromReason.POLICY_UNKNOWN)


def test_from_stays_when_the_signature_survives() -> None:
    raw = signed("from:to:subject:date:message-id:x-odd") + POST
    composed = compose(raw, author=STRICT)
    assert composed.decision == Keep(FromReason.SIGNATURE_SURVIVES)
    assert composed.common == raw


@pytest.mark.parametrize(
    ("group", "extra"),
    [
        (replace(GROUP, reply_to=ReplyTo.LIST), b""),
        (replace(GROUP, subject_prefix="[cat]"), b""),
        (GROUP, b"List-Help: x\r\n"),
        (GROUP, b"Disposition-Notification-To: anna@example.org\r\n"),
        (GROUP, b"Subject: second\r\n"),
    ],
)
def test_from_is_rewritten_when_composing_breaks_the_signature(group: PostGroup, extra: bytes) -> None:
    names = "from:reply-to:subject:list-help:disposition-notification-to"
    composed = compose(signed(names) + extra + POST, group, STRICT)
    assert composed.decision == Rewrite(FromReason.SIGNED_HEADER_TOUCHED)


def test_a_rewritten_from_names_author_and_group_and_replies_find_the_author() -> None:
    content = copy(author=STRICT)
    assert values(content, "From") == ["Anna Berg via cataloguing <cataloguing@networks.example.org>"]
    assert values(content, "Reply-To") == ["Anna Berg <anna@example.org>"]
    assert content.endswith(b"\r\n\r\n" + BODY)


def test_a_rewritten_from_leaves_the_authors_own_reply_to() -> None:
    raw = FIELDS + b"Reply-To: Home  <anna@home.example.org>\r\n\r\n" + BODY
    content = copy(raw, author=STRICT)
    assert b"\r\nReply-To: Home  <anna@home.example.org>\r\n" in content
    assert len(values(content, "Reply-To")) == 1


def test_a_rewritten_from_in_a_group_that_replies_to_the_list() -> None:
    content = copy(group=replace(GROUP, reply_to=ReplyTo.LIST), author=replace(STRICT, name="Åsa, IT"))
    assert values(content, "From") == ["=?utf-8?q?=C3=85sa=2C_IT_via_cataloguing?= <cataloguing@networks.example.org>"]
    both = "cataloguing@networks.example.org, =?utf-8?b?w4VzYSwgSVQ=?= <anna@example.org>"
    assert values(content, "Reply-To") == [both]


def test_an_author_without_a_name_is_called_by_the_local_part() -> None:
    content = copy(author=replace(STRICT, name=""))
    assert values(content, "From") == ["anna via cataloguing <cataloguing@networks.example.org>"]


@pytest.mark.parametrize(
    ("subject", "sent"),
    [
        (b"Subject: Re: M\xf6te\r\n om\r\n", b"Subject: [cat] Re: M\xf6te\r\n om\r\n"),
        (b"SUBJECT:x\r\n", b"Subject: [cat] x\r\n"),
        (b"Subject: Re: [Cat] x\r\n", b"Subject: Re: [Cat] x\r\n"),
        (b"Subject: =?utf-8?q?SV=3A_=5Bcat=5D_x?=\r\n", b"Subject: =?utf-8?q?SV=3A_=5Bcat=5D_x?=\r\n"),
        (b"", b""),
    ],
)
def test_subject_prefix(subject: bytes, sent: bytes) -> None:
    rest = b"From: anna@example.org\r\nMessage-ID: <1@x>\r\nDate: x\r\n\r\nx"
    assert compose(subject + rest, replace(GROUP, subject_prefix="[cat]")).common == sent + rest


def test_footer_stands_beside_the_untouched_text() -> None:
    raw = b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n" + POST
    group = replace(GROUP, footer="Nätverket för katalogisering\n")
    content = copy(raw, group)
    read = email.message_from_bytes(content)
    assert read.get_content_type() == "multipart/mixed"
    assert values(content, "MIME-Version") == ["1.0"]
    assert values(content, "Content-Transfer-Encoding") == ["8bit"]
    _, first, second = read.walk()
    assert first.get_content_charset() == "iso-8859-1"
    assert BODY in content
    assert second.get_payload(decode=True) == "Nätverket för katalogisering\r\n".encode()
    assert not read.defects


@pytest.mark.parametrize("kind", [b"multipart/signed", b"application/pkcs7-mime", b"text/calendar; method=REQUEST"])
def test_no_footer_where_it_would_break_the_mail(kind: bytes) -> None:
    raw = b"Content-Type: " + kind + b"\r\n" + POST
    composed = compose(raw, replace(GROUP, footer="x"), STRICT)
    assert composed.common.endswith(BODY)
    assert composed.decision == Rewrite(FromReason.NO_SIGNATURE)


def test_footer_breaks_the_signature() -> None:
    composed = compose(signed("from") + POST, replace(GROUP, footer="x"), STRICT)
    assert composed.decision == Rewrite(FromReason.BODY_CHANGED)


def test_eight_bit_is_told() -> None:
    assert compose().eight_bit
    assert not compose(b"From: a@example.org\r\n\r\nx").eight_bit


def test_the_copy_is_ours_when_it_comes_back() -> None:
    assert [one.value for one in scan(copy()).all("list-id")] == [b" Katalogisering <cataloguing.networks.example.org>"]

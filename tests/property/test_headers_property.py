"""Hypothesis: whatever people are called and whatever they send, exactly the intended header fields leave."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from hypothesis import example, given
from hypothesis import strategies as st

from lists.posts.from_policy import Author, DomainPolicy, Rewrite
from lists.posts.headers import PersonalLinks, PostGroup, ReplyTo, compose_post, personal_head
from mailsvc.clock import to_instant
from mailsvc.message.build import NAME_LENGTH, check_headers, clean, field, letter, mailbox, message_ids
from mailsvc.message.header_edit import Trace, forward_bytes, scan

NOW = to_instant(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
EVIL = st.sampled_from(
    ["\r\nBcc: x@example.org", "\n\n<b>", "=?utf-8?q?=0ABcc:_x?=", '"', "\\", "<", ">", "@", ",", ";", "(", ")", "\0"]
) | st.sampled_from(
    ["\x85", "\u2028", "\u202e", "å", "🙂", "会", " ", "\t", "\x0b", "\x1c", "\ud800", "x" * 300, "From: "]
)
TEXT = st.lists(st.one_of(st.text(max_size=30), EVIL), max_size=8).map("".join)
NAMES = """From To Cc Bcc Subject Date Message-ID Received DKIM-Signature List-Id List-Post List-Unsubscribe Return-Path
    Content-Type MIME-Version Reply-To Precedence Authentication-Results Approved Disposition-Notification-To X X-Å from
    >From"""
NAME = st.sampled_from(NAMES.split()) | st.sampled_from(["", "From ", "Subject\t", "X Y"])
VALUE = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [b"\r\n ", b"\r\n\t", b" a@example.org", b"\xe5", b"\xc3\xa5", b"\r\n \r\n ", b"networks.example.org"]
        )
        | st.sampled_from(
            [b"v=1; a=rsa-sha256; d=example.org; s=s; h=from:list-id:to; bh=x; b=y", b"(" * 50, b"x" * 999]
        ),
    ),
    max_size=4,
).map(b"".join)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """Raw messages with odd header blocks; sometimes without any order at all."""
    lines = draw(st.lists(st.tuples(NAME, VALUE), max_size=12))
    block = b"".join(name.encode() + b":" + value + b"\r\n" for name, value in lines)
    noise = draw(st.sampled_from([b"", b"From x Mon Jan 1 00:00:00\r\n", b"nonsense\r\n", b" x\r\n", b"From y\r\n"]))
    end = draw(st.sampled_from([b"\r\n", b"", b"\n", b"\r", b" \r\n"]))
    return draw(st.sampled_from([noise + block, block + noise])) + end + draw(st.binary(max_size=60))


GROUPS = st.builds(
    PostGroup,
    name=st.from_regex(r"\A[a-z0-9]{1,10}([.-][a-z0-9]{1,8}){0,2}\Z"),
    title=TEXT,
    domain=st.just("networks.example.org"),
    base_url=st.sampled_from(["", "https://networks.example.org", "http://127.0.0.1:8025", "https://x\r\nBcc: y"]),
    mailroom=st.booleans(),
    reply_to=st.sampled_from(ReplyTo),
    announce=st.booleans(),
    subject_prefix=st.one_of(st.just(""), TEXT),
    footer=st.one_of(st.just(""), TEXT),
)
AUTHORS = st.builds(
    Author,
    name=TEXT,
    address=st.sampled_from(["anna@example.org", "åsa@example.org", '"a..b"@example.org', ""]),
    domain=st.sampled_from(["example.org", ""]),
    policy=st.sampled_from(DomainPolicy),
)
TRACES = st.builds(
    Trace,
    TEXT,
    st.sampled_from(["192.0.2.1", "::1", ""]) | TEXT,
    TEXT,
    st.just(NOW),
    st.sampled_from(["1f", ""]) | TEXT,
)


def names(content: bytes) -> list[str]:
    return [name.lower() for name in BytesHeaderParser().parsebytes(content).keys()]  # noqa: SIM118


def shown(raw: bytes) -> str:
    value = raw.split(b":", 1)[1].replace(b"\r\n", b"").decode().strip(" ")
    return str(make_header(decode_header(value)))


@given(TEXT)
@example("=?utf-8?q?=0ABcc:_x@example.org?=")
def test_a_subject_is_one_field_and_says_what_was_meant(text: str) -> None:
    raw = field("Subject", text)
    check_headers(raw + b"\r\n", ["Subject"])
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 310
    assert shown(raw) == clean(text)


@given(TEXT)
def test_a_display_name_never_becomes_an_address(text: str) -> None:
    raw = field("From", mailbox(text, "anna@example.org"))
    check_headers(raw + b"\r\n", ["From"])
    value = raw.split(b":", 1)[1].replace(b"\r\n", b"").decode()
    assert getaddresses([value])[0][1] == "anna@example.org"
    assert len(getaddresses([value])) == 1
    read = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)["From"]
    assert [address.addr_spec for address in read.addresses] == ["anna@example.org"]
    name = str(make_header(decode_header(getaddresses([value])[0][0])))
    wanted = clean(text)
    assert name == (wanted if len(wanted) <= NAME_LENGTH else wanted[: NAME_LENGTH - 1].rstrip(" ") + "…")


@given(st.lists(TEXT, max_size=5))
def test_foreign_message_ids_make_a_good_references_field(values: list[str]) -> None:
    raw = field("References", message_ids(values))
    check_headers(raw + b"\r\n", ["References"])
    assert raw.isascii()


@given(TEXT, TEXT, TEXT, st.one_of(st.none(), TEXT))
def test_a_letter_has_the_intended_fields_and_clean_lines(name: str, subject: str, text: str, html: str | None) -> None:
    headers = [("From", mailbox(name, "cases@networks.example.org")), ("Subject", subject), ("X-Title", text)]
    content = letter(headers, text, html)
    mime = ["mime-version", "content-type", *([] if html is not None else ["content-transfer-encoding"])]
    assert names(content) == ["from", "subject", "x-title", *mime]
    assert content.isascii()
    assert b"\0" not in content
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    read = email.message_from_bytes(content)
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == (["text/plain"] if html is None else ["multipart/alternative", "text/plain", "text/html"])


@given(messages(), GROUPS, AUTHORS, TRACES)
def test_a_post_has_exactly_the_intended_fields(raw: bytes, group: PostGroup, author: Author, trace: Trace) -> None:
    composed = compose_post(raw, group, trace, author)
    content = personal_head(composed, PersonalLinks("1-abc")) + composed.common
    assert names(content) == list(composed.names)
    assert names(content).count("from") == 1
    assert names(content).count("message-id") == 1
    assert names(content).count("date") == 1
    assert names(content).count("list-unsubscribe") >= 1
    assert "bcc" not in names(content)
    assert "return-path" not in names(content)
    assert b"\0" not in content
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert scan(composed.shared_head + composed.common).body == scan(content).body
    if not group.footer.strip():
        assert content.endswith(b"\r\n\r\n" + scan(raw).body)


@given(messages(), AUTHORS)
def test_what_stays_is_byte_for_byte_what_came(raw: bytes, author: Author) -> None:
    group = PostGroup("n", "N", "networks.example.org")
    composed = compose_post(raw, group, Trace("", "", "SMTP", NOW, "1"), author)
    came = [one.raw for one in scan(raw).fields]
    rewritten = isinstance(composed.decision, Rewrite)
    places = []
    for one in scan(composed.common).fields:
        if not (rewritten and one.name == "from"):
            assert one.raw in came
            places.append(came.index(one.raw))
    if len(set(came)) == len(came):
        assert places == sorted(places)


@given(messages(), TRACES)
def test_a_forwarded_mail_has_one_from_and_a_message_id(raw: bytes, trace: Trace) -> None:
    content = forward_bytes(raw, "n-owner@networks.example.org", trace)
    assert names(content).count("from") == names(content).count("message-id") == 1
    assert names(content)[:2] == ["received", "x-loop"]
    assert content.endswith(b"\r\n\r\n" + scan(raw).body)
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")

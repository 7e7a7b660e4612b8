"""What is refused at the final dot: each limit at its value and one over."""

from __future__ import annotations

import pytest

from mailsvc.errors import Reason
from mailsvc.limits import Limits
from mailsvc.message.prescan import prescan

FROM = b"From: anna@example.org\r\n"
BODY = b"\r\nbody\r\n"


def reply(content: bytes, limits: Limits | None = None) -> str:
    refusal = prescan(content, limits or Limits())
    return refusal.line()[:9] if refusal else ""


def test_an_ordinary_mail_passes() -> None:
    assert prescan(FROM + b"Subject: x\r\n" + BODY, Limits()) is None


def test_header_size_at_the_limit_and_one_over() -> None:
    limits = Limits(header_size=500)
    room = 500 - len(FROM) - len(b"X: \r\n")
    assert reply(FROM + b"X: " + b"y" * room + b"\r\n" + BODY, limits) == ""
    assert reply(FROM + b"X: " + b"y" * (room + 1) + b"\r\n" + BODY, limits) == "550 5.6.0"
    assert reply(FROM + b"X: y\r\n" * 10_000, limits) == "550 5.6.0"


def test_number_of_fields_at_the_limit_and_one_over() -> None:
    limits = Limits(header_fields=10)
    assert reply(FROM + b"X: y\r\n" * 9 + BODY, limits) == ""
    assert reply(FROM + b"X: y\r\n" * 10 + BODY, limits) == "550 5.6.0"


def test_size_of_one_field_at_the_limit_and_one_over() -> None:
    limits = Limits(header_field_size=100)
    assert reply(FROM + b"X:" + b"y" * 98 + b"\r\n" + BODY, limits) == ""
    assert reply(FROM + b"X:" + b"y" * 99 + b"\r\n" + BODY, limits) == "550 5.6.0"
    assert reply(FROM + b"X:" + b"\r\n yyyyyyy" * 11 + b"\r\n" + BODY, limits) == "550 5.6.0"


def test_hops_at_the_limit_and_one_below() -> None:
    assert reply(b"Received: x\r\n" * 49 + FROM + BODY) == ""
    assert reply(b"Received: x\r\n" * 50 + FROM + BODY) == "554 5.4.6"


def nested(levels: int) -> bytes:
    out = FROM
    for level in range(levels):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return out + b"\r\ntext\r\n"


def test_depth_at_the_limit_and_one_over() -> None:
    assert reply(nested(100)) == ""
    assert reply(nested(101)) == "550 5.6.0"


def test_parts_at_the_limit_and_one_over() -> None:
    head = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert reply(head + b"--b\r\n\r\nx\r\n" * 500 + b"--b--\r\n") == ""
    assert reply(head + b"--b\r\n\r\nx\r\n" * 501 + b"--b--\r\n") == "550 5.6.0"


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: x\r\n",
        b"From:\r\n",
        FROM + FROM,
        b"From: a@example.org, b@example.org\r\n",
        FROM + b"from : b@example.org\r\n",
    ],
)
def test_an_unusable_author_is_refused(head: bytes) -> None:
    refusal = prescan(head + BODY, Limits())
    assert refusal is not None
    assert refusal.line().startswith("550 5.7.1 ")
    assert refusal.reason is Reason.BAD_FROM


@pytest.mark.parametrize("head", [b"From: a@example.org <b@example.org>\r\n", b"From: MAILER-DAEMON\r\n"])
def test_an_ambiguous_author_is_held_later_and_not_refused(head: bytes) -> None:
    assert prescan(head + BODY, Limits()) is None


def test_a_line_of_an_mbox_file_on_top_does_no_harm() -> None:
    assert prescan(b"From anna@example.org Tue Dec 1 10:00:00 2026\r\n" + FROM + BODY, Limits()) is None

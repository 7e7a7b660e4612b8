"""mailsvc.receive.commands: MAIL and RCPT as functions (the dialogs show them on the wire)."""

from __future__ import annotations

import pytest

from mailsvc.receive import replies
from mailsvc.receive.commands import MailCommand, parse_mail, parse_rcpt


@pytest.mark.parametrize(
    ("argument", "command"),
    [
        ("FROM:<>", MailCommand("")),
        ("from: <anna@example.net>", MailCommand("anna@example.net")),
        ("FROM:<@a.example,@b.example:anna@example.net> SIZE=7", MailCommand("anna@example.net", 7)),
        ("FROM:<anna@[192.0.2.1]>", MailCommand("anna@[192.0.2.1]")),
        ("FROM:<anna@[IPv6:2001:db8::1]>", MailCommand("anna@[IPv6:2001:db8::1]")),
        ('FROM:<"a,b@c"@example.net>', MailCommand('"a,b@c"@example.net')),
        ("FROM:<åsa@example.net>  SMTPUTF8  BODY=8BITMIME ", MailCommand("åsa@example.net", 0, smtputf8=True)),
        ("FROM:<> SIZE=00000000000000000012", MailCommand("", 12)),
    ],
)
def test_mail(argument: str, command: MailCommand) -> None:
    assert parse_mail(argument, extended=True) == command


@pytest.mark.parametrize(
    "argument",
    ["", "FROM", "FROM:", "TO:<>", "FROM:<", "FROM:<<>>", "FROM:<anna@example.net>x", "FROM:anna@example.net"],
)
def test_no_mail(argument: str) -> None:
    assert parse_mail(argument, extended=True) == replies.BAD_SENDER


def test_parameters_only_after_ehlo() -> None:
    assert parse_mail("FROM:<> SIZE=1", extended=False) == replies.UNKNOWN_PARAMETER


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("TO:<Anna@Example.NET>", "Anna@Example.NET"),
        ("to: <postMASTER>", "postmaster"),
        ("TO:<postmaster@networks.example.org>", "postmaster@networks.example.org"),
        ("TO:<reply+abc234@networks.example.org>", "reply+abc234@networks.example.org"),
        ("TO:<@a.example:x@y.example>", "x@y.example"),
    ],
)
def test_rcpt(argument: str, address: str) -> None:
    assert parse_rcpt(argument, smtputf8=False) == address


@pytest.mark.parametrize(
    "argument", ["TO:<@a.example:postmaster>", "TO:<>", "TO:<a@b@c>", "TO:<a@b> <c@d>", "TO:<a@b>\u00a0"]
)
def test_no_rcpt(argument: str) -> None:
    assert parse_rcpt(argument, smtputf8=True) in (replies.BAD_RECIPIENT, replies.BAD_PARAMETER)


def test_local_part_is_counted_in_octets() -> None:
    assert parse_rcpt(f"TO:<{'å' * 32}@x.example>", smtputf8=True) == "å" * 32 + "@x.example"
    assert parse_rcpt(f"TO:<{'å' * 33}@x.example>", smtputf8=True) == replies.BAD_RECIPIENT

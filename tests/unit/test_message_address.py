"""Addresses, and the strict reading of From with the shapes that attacks on mail authentication use."""

from __future__ import annotations

import pytest

from mailsvc.message.address import (
    LONGEST_FROM,
    FromOutcome,
    fold,
    fold_domain,
    parse_address,
    same_organisation,
    strict_from,
)

GOOD = [
    ("anna@example.org", "anna@example.org"),
    ("Anna.Berg@Example.ORG", "anna.berg@example.org"),
    ("anna+tag@example.org", "anna+tag@example.org"),
    ("o'neil@example.org", "o'neil@example.org"),
    ("a!#$%&'*+/=?^_`{|}~-b@example.org", "a!#$%&'*+/=?^_`{|}~-b@example.org"),
    ("åsa@example.org", "åsa@example.org"),
    ("A\u030asa@example.org", "åsa@example.org"),
    ("ÅSA@example.org", "åsa@example.org"),
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
    ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
    ("root@localhost", "root@localhost"),
    ('"anna..berg"@example.org', "anna..berg@example.org"),
    ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ("x@" + "a" * 63 + ".example", "x@" + "a" * 63 + ".example"),
    ("anna@sub_domain.example.org", "anna@sub_domain.example.org"),
]

BAD = [
    "",
    "anna",
    "@example.org",
    "anna@",
    "anna@@example.org",
    "anna@b@example.org",
    "anna @example.org",
    "anna@ example.org",
    " anna@example.org",
    "anna@example.org ",
    "<anna@example.org>",
    "anna@example.org>",
    "anna@exa mple.org",
    "anna\r\n@example.org",
    "anna@example.org\r\nRCPT TO:<x@example.org>",
    "anna\x00@example.org",
    "anna\t@example.org",
    "anna@example.org\x7f",
    "anna\x85@example.org",
    "an\u200bna@example.org",
    "an\u202ena@example.org",
    "an\u00a0na@example.org",
    "anna\ud800@example.org",
    ".anna@example.org",
    "anna.@example.org",
    "anna..berg@example.org",
    '"anna berg"@example.org',
    '"anna@x"@example.org',
    '"anna<x"@example.org',
    "anna(x)@example.org",
    "anna,berg@example.org",
    "anna:berg@example.org",
    "anna;berg@example.org",
    "anna\\berg@example.org",
    "anna@[127.0.0.1]",
    "anna@.example.org",
    "anna@example..org",
    "anna@example.org.",
    "anna@-example.org",
    "anna@example-.org",
    "anna@exam%ple.org",
    "a" * 65 + "@example.org",
    "å" * 33 + "@example.org",
    "x@" + "a" * 64 + ".example",
    "x@" + ".".join(["a" * 60] * 5),
    "@a.example:anna@example.org",
]


@pytest.mark.parametrize(("text", "folded"), GOOD)
def test_good_addresses_have_their_key(text: str, folded: str) -> None:
    address = parse_address(text)
    assert address is not None
    assert address.folded == folded
    assert parse_address(str(address)) == address


@pytest.mark.parametrize("text", BAD)
def test_everything_else_is_no_address(text: str) -> None:
    assert parse_address(text) is None


def test_the_local_part_is_kept_as_written() -> None:
    address = parse_address("Åsa.Berg@Example.ORG")
    assert address is not None
    assert (address.local, address.domain) == ("Åsa.Berg", "example.org")
    assert address.needs_smtputf8
    assert address.ascii_domain == "example.org"


def test_two_letters_that_only_casefold_alike_stay_two_mailboxes() -> None:
    assert fold("straße@example.org") != fold("strasse@example.org")
    assert fold("e\u017fra@example.org") != fold("esra@example.org")


def test_domains_fold_or_are_refused() -> None:
    assert fold_domain("EXAMPLE.org") == "example.org"
    assert fold_domain("exam\u2026ple.org") is None
    assert fold_domain("x" * 300 + "é") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("example.org", "example.org", True),
        ("mail.example.org", "example.org", True),
        ("example.org", "a.b.Example.org", True),
        ("badexample.org", "example.org", False),
        ("example.org", "org", False),
        ("example.org", "", False),
        ("a.example.org", "b.example.org", False),
    ],
)
def test_alignment_is_by_whole_labels(one: str, other: str, same: bool) -> None:
    assert same_organisation(one, other) is same


OK = FromOutcome.OK
NONE = FromOutcome.NONE
FIELDS = FromOutcome.SEVERAL_FIELDS
BOXES = FromOutcome.SEVERAL_MAILBOXES
UNSURE = FromOutcome.AMBIGUOUS

FROM_TABLE: list[tuple[list[str | bytes], FromOutcome, str, str]] = [
    # what people send
    ([" anna@example.org"], OK, "anna@example.org", ""),
    ([" <anna@example.org>"], OK, "anna@example.org", ""),
    ([" Anna Berg <anna@example.org>"], OK, "anna@example.org", "Anna Berg"),
    ([' "Berg, Anna" <anna@example.org>'], OK, "anna@example.org", "Berg, Anna"),
    ([' "Anna \\"B\\" Berg" <anna@example.org>'], OK, "anna@example.org", 'Anna "B" Berg'),
    ([" Dr. Anna B. Berg <anna@example.org>"], OK, "anna@example.org", "Dr. Anna B. Berg"),
    ([" Anna (HR) <anna@example.org>"], OK, "anna@example.org", "Anna (HR)"),
    ([" anna@example.org (Anna Berg)"], OK, "anna@example.org", "Anna Berg"),
    ([" Anna O'Neil <anna@example.org>"], OK, "anna@example.org", "Anna O'Neil"),
    ([" Anna /Bibl/ <anna@example.org>"], OK, "anna@example.org", "Anna /Bibl/"),
    ([" =?utf-8?q?Bergstr=C3=B6m=2C_Anna?= <anna@example.org>"], OK, "anna@example.org", "Bergström, Anna"),
    ([' "=?utf-8?b?w4VzYQ==?=" <asa@example.org>'], OK, "asa@example.org", "Åsa"),
    ([" =?iso-8859-1?q?=C5sa?=\r\n =?iso-8859-1?q?_Berg?= <asa@example.org>"], OK, "asa@example.org", "Åsa Berg"),
    ([b" \xc3\x85sa <asa@example.org>"], OK, "asa@example.org", "Åsa"),
    ([b" \xc5sa <asa@example.org>"], OK, "asa@example.org", "?sa"),
    ([" Åsa <åsa@example.org>"], OK, "åsa@example.org", "Åsa"),
    ([" Anna <anna@bücher.example>"], OK, "anna@xn--bcher-kva.example", "Anna"),
    ([" Anna\r\n <anna@example.org>"], OK, "anna@example.org", "Anna"),
    ([' "anna@example.org" <anna@example.org>'], OK, "anna@example.org", "anna@example.org"),
    ([' "boss@example.org" <x@example.net>'], OK, "x@example.net", "boss@example.org"),
    ([" Anna <ANNA@EXAMPLE.ORG>"], OK, "anna@example.org", "Anna"),
    ([" Anna  <anna@example.org>  "], OK, "anna@example.org", "Anna"),
    # nobody, or too many
    ([], NONE, "", ""),
    ([""], NONE, "", ""),
    ([" \r\n "], NONE, "", ""),
    (["anna@example.org", "anna@example.org"], FIELDS, "", ""),
    (["boss@example.org", "x@example.net"], FIELDS, "", ""),
    (["a@example.org, b@example.net"], BOXES, "", ""),
    (["<a@example.org>,<b@example.net>"], BOXES, "", ""),
    (['"A" <a@example.org>, "B" <b@example.net>'], BOXES, "", ""),
    (["a@example.org,, b@example.net"], BOXES, "", ""),
    (["a@example.org (x), b@example.net"], BOXES, "", ""),
    # what different programs read differently
    (["boss@example.org <x@example.net>"], UNSURE, "", ""),
    (["<boss@example.org> <x@example.net>"], UNSURE, "", ""),
    (["<boss@example.org>x@example.net"], UNSURE, "", ""),
    (["<x@example.net> boss@example.org"], UNSURE, "", ""),
    (["x@example.net <boss@example.org"], UNSURE, "", ""),
    (["boss@example.org@example.net"], UNSURE, "", ""),
    (["<boss@example.org@example.net>"], UNSURE, "", ""),
    (["<@example.org:x@example.net>"], UNSURE, "", ""),
    (["<@boss@example.org,@b:x@example.net>"], UNSURE, "", ""),
    (["group: x@example.net;"], UNSURE, "", ""),
    (["boss@example.org:x@example.net;"], UNSURE, "", ""),
    (["boss@example.org; x@example.net"], UNSURE, "", ""),
    (["boss@example.org (x@example.net)"], UNSURE, "", ""),
    (["(boss@example.org) <x@example.net>"], UNSURE, "", ""),
    (["boss(x)@example.org"], UNSURE, "", ""),
    (["<boss(x)@example.org>"], UNSURE, "", ""),
    (["boss@(x)example.org"], UNSURE, "", ""),
    (["(a(b)c) boss@example.org"], UNSURE, "", ""),
    (['"boss@example.org'], UNSURE, "", ""),
    (['"boss <boss@example.org>'], UNSURE, "", ""),
    (['boss" <x@example.net>'], UNSURE, "", ""),
    (['"a\\" <boss@example.org>'], UNSURE, "", ""),
    ([b"boss@example.org\x00@example.net"], UNSURE, "", ""),
    ([b"boss@example.org\x00 <x@example.net>"], UNSURE, "", ""),
    (["boss@example.org\nFrom: x@example.net"], UNSURE, "", ""),
    (["Berg, Anna <anna@example.org>"], UNSURE, "", ""),
    (["anna@example.org,"], UNSURE, "", ""),
    (["=?utf-8?q?boss=40example.org?="], UNSURE, "", ""),
    (["=?utf-8?q?boss?=@example.org"], UNSURE, "", ""),
    (["<=?utf-8?q?boss?=@example.org>"], UNSURE, "", ""),
    (["=?utf-8?q?boss=40example.org=3C?= <x@example.net>"], UNSURE, "", ""),
    (["=?utf-8?q?boss@example.org?= <x@example.net>"], UNSURE, "", ""),
    (["\\boss@example.org <x@example.net>"], UNSURE, "", ""),
    (["MAILER-DAEMON"], UNSURE, "", ""),
    (["<>"], UNSURE, "", ""),
    (["anna@[127.0.0.1]"], UNSURE, "", ""),
    (["anna@example.org."], UNSURE, "", ""),
    (["an\u202ena@example.org"], UNSURE, "", ""),
    (["(" * 2000 + "anna@example.org"], UNSURE, "", ""),
    (["x" * LONGEST_FROM + " <anna@example.org>"], UNSURE, "", ""),
]


@pytest.mark.parametrize(("values", "outcome", "folded", "name"), FROM_TABLE)
def test_from_is_read_strictly(values: list[str | bytes], outcome: FromOutcome, folded: str, name: str) -> None:
    result = strict_from(values)
    assert result.outcome is outcome
    assert (result.address.folded if result.address else "") == folded
    assert result.display_name == name

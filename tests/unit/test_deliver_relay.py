"""What replies mean, and what a server without an extension does not get."""

from __future__ import annotations

import pytest

from mailsvc.deliver.model import Copy, prepare
from mailsvc.deliver.relay import judge, parcel_of
from mailsvc.deliver.smtp_client import Attempt, Features, Parcel, Reply, features_in
from mailsvc.errors import Deferred, Delivered, Failed
from mailsvc.ids import DeliveryId, OutgoingId
from tests.outgoing_kit import letter

OK = Reply(250, "2.1.0 ok")
GO = Reply(354, "go")
ALL = Features(pipelining=True, eight_bit=True, smtputf8=True, sizes=True, size=1000)


def _attempt(
    mail: Reply | None = OK,
    rcpt: tuple[Reply, ...] = (OK,),
    data: Reply | None = GO,
    final: Reply | None = OK,
    recipients: int = 1,
) -> Attempt:
    addresses = tuple(f"u{number}@example.org" for number in range(recipients))
    return Attempt(Parcel("b@example.org", addresses, b"", b"", 0), mail, list(rcpt), data, final)


def test_each_recipient_has_its_own_reply() -> None:
    rcpt = (OK, Reply(450, "4.2.0 greylisted"), Reply(550, "5.1.1 unknown"), OK)
    verdict = judge(_attempt(rcpt=rcpt, final=Reply(250, "2.0.0 queued as 1"), recipients=4))
    assert verdict.outcomes == (
        Delivered("250 2.0.0 queued as 1"),
        Deferred("450 4.2.0 greylisted"),
        Failed("550 5.1.1 unknown"),
        Delivered("250 2.0.0 queued as 1"),
    )
    assert not verdict.close
    assert not verdict.pause


@pytest.mark.parametrize(
    ("final", "kind"),
    [(Reply(250, ""), Delivered), (Reply(451, "4.3.0"), Deferred), (Reply(554, "5.7.1 spam"), Failed)],
)
def test_the_final_reply_holds_for_those_that_were_taken(final: Reply, kind: type) -> None:
    verdict = judge(_attempt(rcpt=(OK, Reply(550, "no")), final=final, recipients=2))
    assert verdict.outcomes is not None
    assert isinstance(verdict.outcomes[0], kind)
    assert isinstance(verdict.outcomes[1], Failed)
    assert not verdict.close


@pytest.mark.parametrize(
    "mail",
    [Reply(421, "4.3.2 closing"), Reply(450, "4.7.1 too fast"), Reply(451, "4.7.0"), Reply(530, "5.7.0 log in first")],
)
def test_a_refusal_of_us_at_mail_is_about_the_relay(mail: Reply) -> None:
    verdict = judge(_attempt(mail=mail, rcpt=(), data=None, final=None))
    assert verdict.outcomes == (None,)
    assert verdict.close
    assert verdict.pause == str(mail)


def test_other_refusals_at_mail_are_about_the_message() -> None:
    deferred = judge(_attempt(mail=Reply(452, "4.3.1 full"), rcpt=(Reply(503, ""),), data=Reply(503, ""), final=None))
    failed = judge(_attempt(mail=Reply(552, "5.3.4 big"), rcpt=(Reply(503, ""),), data=Reply(503, ""), final=None))
    assert deferred.outcomes == (Deferred("452 4.3.1 full"),)
    assert failed.outcomes == (Failed("552 5.3.4 big"),)
    assert not deferred.close
    assert not failed.close


def test_421_after_mail_counts_and_pauses() -> None:
    at_rcpt = judge(_attempt(rcpt=(Reply(421, "4.7.0 bye"),), data=None, final=None), "closed")
    at_dot = judge(_attempt(final=Reply(421, "4.3.2 bye")))
    for verdict in (at_rcpt, at_dot):
        assert verdict.outcomes is not None
        assert isinstance(verdict.outcomes[0], Deferred)
        assert verdict.pause
        assert verdict.close


def test_4_7_at_rcpt_is_about_the_recipient() -> None:
    verdict = judge(_attempt(rcpt=(Reply(450, "4.7.1 greylisted"),), data=Reply(503, ""), final=None))
    assert verdict.outcomes == (Deferred("450 4.7.1 greylisted"),)
    assert not verdict.pause
    assert not verdict.close


@pytest.mark.parametrize(
    ("attempt", "tried"),
    [
        (_attempt(mail=None, rcpt=(), data=None, final=None), False),
        (_attempt(rcpt=(), data=None, final=None), True),
        (_attempt(data=None, final=None), True),
        (_attempt(final=None), True),
    ],
)
def test_a_lost_connection_counts_once_the_recipient_was_named(attempt: Attempt, tried: bool) -> None:
    verdict = judge(attempt, "connection closed by the server")
    assert verdict.close
    if tried:
        assert verdict.outcomes is not None
        assert isinstance(verdict.outcomes[0], Deferred)
        assert "connection closed" in verdict.outcomes[0].reply
    else:
        assert verdict.outcomes == (None,)


def test_what_was_refused_before_the_connection_was_lost_stays_refused() -> None:
    verdict = judge(_attempt(rcpt=(Reply(550, "5.1.1 no"),), data=None, final=None, recipients=2), "lost")
    assert verdict.outcomes is not None
    assert verdict.outcomes[0] == Failed("550 5.1.1 no")
    assert isinstance(verdict.outcomes[1], Deferred)


@pytest.mark.parametrize(
    "attempt",
    [
        _attempt(data=Reply(250, "what")),
        _attempt(final=Reply(354, "what")),
        _attempt(rcpt=(Reply(354, "what"),)),
        _attempt(final=Reply(503, "what")),
        _attempt(mail=Reply(354, "what")),
    ],
)
def test_replies_out_of_step_are_never_a_yes_and_end_the_connection(attempt: Attempt) -> None:
    verdict = judge(attempt)
    assert verdict.outcomes is not None
    assert isinstance(verdict.outcomes[0], Deferred)
    assert verdict.close


@pytest.mark.parametrize("reply", [Reply(552, "too many"), Reply(452, "4.5.3 too many"), Reply(452, "")])
def test_too_many_for_a_transaction_were_not_tried(reply: Reply) -> None:
    verdict = judge(_attempt(rcpt=(OK, reply, reply), recipients=3))
    assert verdict.outcomes == (Delivered("250 2.1.0 ok"), None, None)
    assert not verdict.close
    assert not verdict.pause


@pytest.mark.parametrize("reply", [Reply(452, "4.2.2 mailbox full"), Reply(552, "5.2.2 mailbox full")])
def test_a_full_mailbox_is_the_recipients_matter(reply: Reply) -> None:
    verdict = judge(_attempt(rcpt=(OK, reply), recipients=2))
    assert isinstance(verdict.outcomes[1], Deferred if reply.code < 500 else Failed)


def test_too_many_is_never_said_of_the_first_that_would_be_taken() -> None:
    verdict = judge(_attempt(rcpt=(Reply(452, "4.5.3"), Reply(452, "4.5.3")), data=Reply(503, ""), recipients=2))
    assert verdict.outcomes == (Deferred("452 4.5.3"), Deferred("452 4.5.3"))


def _copy(address: str, body: bytes = b"x\r\n") -> Copy:
    message = prepare(OutgoingId(1), letter(1, body=body))
    return Copy(DeliveryId(1), message, address, "bounces+1@networks.example.org", "", 0)


@pytest.mark.parametrize(
    ("copy", "features", "code"),
    [
        (_copy("anna@example.org", "ö\r\n".encode()), Features(), "554 5.6.3"),
        (_copy("ånna@example.org"), Features(eight_bit=True), "553 5.6.7"),
        (_copy("anna@example.org", b"x" * 2000 + b"\r\n"), ALL, "552 5.3.4"),
        (_copy("anna@example.org>\r\nRCPT TO:<b@example.org"), ALL, "553 5.1.3"),
        (_copy("anna b@example.org"), ALL, "553 5.1.3"),
        (_copy("anna"), ALL, "553 5.1.3"),
    ],
)
def test_what_cannot_go_there_fails_with_a_clear_reply(copy: Copy, features: Features, code: str) -> None:
    packed = parcel_of((copy,), features)
    assert packed.parcel is None
    assert packed.copies == ()
    (result,) = packed.refused
    assert isinstance(result.outcome, Failed)
    assert result.outcome.reply.startswith(code)


def _parcel(copy: Copy, features: Features) -> Parcel:
    packed = parcel_of((copy,), features)
    assert packed.parcel is not None
    assert not packed.refused
    return packed.parcel


def test_a_parcel_says_what_it_needs() -> None:
    plain = _parcel(_copy("Anna.Berg@Example.org"), ALL)
    assert plain.recipients == ("Anna.Berg@example.org",)
    assert not plain.eight_bit
    assert not plain.smtputf8
    wide = _parcel(_copy("ånna@example.org", "ö\r\n".encode()), ALL)
    assert wide.eight_bit
    assert wide.smtputf8


def test_one_recipient_that_cannot_go_there_does_not_keep_the_others() -> None:
    copies = tuple(_copy(address) for address in ("a@example.org", "ånna@example.org", "no", "b@example.org"))
    packed = parcel_of(copies, Features())
    assert packed.parcel is not None
    assert packed.parcel.recipients == ("a@example.org", "b@example.org")
    assert packed.copies == (copies[0], copies[3])
    assert [result.copy for result in packed.refused] == [copies[1], copies[2]]
    wide = parcel_of(copies, ALL)
    assert wide.parcel is not None
    assert wide.parcel.smtputf8


def test_a_domain_of_other_letters_goes_in_ascii_and_needs_no_extension() -> None:
    parcel = _parcel(_copy("anna@münchen.example.org"), Features())
    assert parcel.recipients == ("anna@xn--mnchen-3ya.example.org",)
    assert not parcel.smtputf8


def test_ehlo_is_read_without_case() -> None:
    features = features_in("host greets\nPipelining\nsize 100\n8bitmime\nSMTPUTF8\nAUTH PLAIN")
    auth = frozenset({"PLAIN"})
    assert features == Features(pipelining=True, eight_bit=True, smtputf8=True, sizes=True, size=100, auth=auth)
    assert features_in("x\nSTARTTLS\nAUTH=LOGIN PLAIN") == Features(starttls=True, auth=frozenset({"LOGIN", "PLAIN"}))
    assert features_in("PIPELINING") == Features()
    assert features_in("x\nSIZE") == Features(sizes=True)
    assert features_in("x\nSIZE 9x") == Features(sizes=True)

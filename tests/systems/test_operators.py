"""postmaster@ and abuse@: nothing but loop protection holds or refuses mail to them (RFC 5321 §4.5.1)."""

from __future__ import annotations

import email
import email.policy
import smtplib
from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, running

OPERATOR = "operator@example.org"
REST = b"Subject: Abuse of your lists\r\nMessage-ID: <one@example.net>\r\n\r\nPlease stop.\r\n"


@pytest.mark.parametrize(
    ("top", "why"),
    [
        (b"From: One <one@example.net>\r\nFrom: two@example.net\r\n", "bad-from"),
        (b"From: one@example.net, two@example.net\r\n", "bad-from"),
        (b"", "bad-from"),
        (b'From: "a@example.net" <b@example.net> <c@example.net>\r\n', "bad-from"),
        (f"From: talk@{DOMAIN}\r\n".encode(), "forged"),
        (b"From: one@example.net\r\nX-Long: x\r\n" + b" y y y y y y y y\r\n" * 2000, "bad-headers"),
    ],
)
async def test_what_others_refuse_is_enclosed_byte_for_byte(tmp_path: Path, top: bytes, why: str) -> None:
    async with running(tmp_path, CONFIG) as world:
        await world.group("talk", post="anyone")
        if why != "bad-headers" and b"<c@" not in top:
            with pytest.raises(smtplib.SMTPDataError):
                await world.submit(top + REST, "one@example.net", [f"talk@{DOMAIN}"])
            with pytest.raises(smtplib.SMTPDataError):  # one reply for all: who is not an operator may not have it
                await world.submit(top + REST, "one@example.net", [f"abuse@{DOMAIN}", f"talk@{DOMAIN}"])
        await world.submit(top + REST, "one@example.net", [f"Abuse@{DOMAIN.upper()}"])
        letter = await world.letter(OPERATOR, "cannot be passed on as it is")
        assert why in letter.text
        assert "one@example.net" in letter.text
        enclosed = next(part for part in letter.message.walk() if part.get_content_type() == "message/rfc822")
        assert letter.raw.count(top + REST) == 1
        inner = enclosed.get_payload(0)
        assert inner["Subject"] == "Abuse of your lists"  # type: ignore[index]
        assert (await world.reasons())[-1] == "forwarded"


async def test_an_enclosed_mail_that_comes_back_stops(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.submit(b"Subject: x\r\n\r\nText\r\n", "one@example.net", ["postmaster"])
        letter = await world.letter(OPERATOR, "cannot be passed on")
        await world.submit(letter.raw, "operator@example.org", [f"postmaster@{DOMAIN}"])
        assert (await world.reasons())[-1] == "loop"
        assert len(await world.inbox(OPERATOR)) == 1


async def test_an_ordinary_mail_goes_on_as_it_is_and_spam_too(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG.replace("[smtp]", '[smtp]\nspam_header = "X-Spam-Flag: YES"')) as world:
        mail = b"From: One <one@example.net>\r\nX-Spam-Flag: YES\r\n" + REST
        await world.submit(mail, "one@example.net", [f"postmaster@{DOMAIN}"])
        letter = await world.letter(OPERATOR)
        assert letter.raw.endswith(mail)
        read = email.message_from_bytes(letter.raw, policy=email.policy.default)
        assert read["X-Loop"] == f"postmaster@{DOMAIN}"


async def test_a_mail_that_has_gone_in_circles_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        hops = b"Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0000\r\n" * 60
        with pytest.raises(smtplib.SMTPDataError):
            await world.submit(hops + b"From: one@example.net\r\n" + REST, "one@example.net", ["postmaster"])

"""Mail that comes back: whom it counts against, probes, addresses given up, and who is asked instead."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.sink import Moment, Sink
from tests.systems.test_smtputf8 import relayed
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN, PER = "Karin Holm <karin@example.org>", "Per Dahl <per@example.org>"
ERIK, METTE = "Erik Lund <erik@example.net>", "Mette Juhl <mette@example.com>"
TALK = f"talk@{DOMAIN}"
GONE = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"


def report(letter: Letter, status: str, said: str, action: str = "failed") -> bytes:
    """What the server of a member sends back (RFC 3464), with the head of what it is about."""
    said = said.format(to=letter.owner)
    head = letter.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    return "\r\n".join(
        [
            "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
            f"To: {letter.reverse_path}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Message-ID: <dsn-{letter.number}-{status}@mx.example.net>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.",
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net",
            "",
            f"Final-Recipient: rfc822; {letter.owner}\r\nAction: {action}\r\nStatus: {status}",
            f"Diagnostic-Code: smtp; {said}",
            "",
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}",
            "--b--\r\n",
        ]
    ).encode()


async def comes_back(world: World, letter: Letter, status: str = "5.1.1", said: str = GONE, **more: str) -> None:
    await world.submit(report(letter, status, said, **more), "", [letter.reverse_path])


async def scores(world: World) -> dict[str, tuple[int, str]]:
    rows = await world.rows("SELECT folded, bounce_score, state FROM address WHERE bounced_at IS NOT NULL")
    return {str(row["folded"]): (int(str(row["bounce_score"])), str(row["state"])) for row in rows}


async def talk(world: World) -> None:
    group = await world.group("talk", moderator=KARIN, deputy=PER)
    await world.member(group, ERIK, language="sv")
    await world.member(group, METTE, language="da")


async def posted(world: World, subject: str = "Maps", who: str = ERIK) -> Letter:
    """A post, and the copy that somebody got of it."""
    await world.send(METTE, TALK, subject, f"Who has {subject}?")
    return (await world.inbox(who))[-1]


async def test_an_address_that_nobody_has_is_probed_twice_and_given_up(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await comes_back(world, await posted(world))
        assert await scores(world) == {"erik@example.net": (1, "ok")}
        await comes_back(world, await posted(world, "Charts"))
        assert await scores(world) == {"erik@example.net": (1, "ok")}, "only the first counts, then the probes"
        await world.pass_time(days=3)
        probe = (await world.inbox(ERIK))[-1]
        assert "Når den här adressen dig" in probe.subject
        assert "User unknown" in probe.text
        await comes_back(world, probe)
        assert await scores(world) == {"erik@example.net": (2, "ok")}
        await world.pass_time(days=6)
        assert (await world.inbox(ERIK))[-1].number == probe.number, "the second one comes on the tenth day"
        await world.pass_time(days=1)
        second = (await world.inbox(ERIK))[-1]
        assert second.subject == probe.subject
        assert second.number != probe.number
        await comes_back(world, second)
        await world.pass_time(days=1)
        assert await scores(world) == {"erik@example.net": (3, "disabled")}
        for moderator in (KARIN, PER):
            told = await world.letter(moderator, "can no longer be reached")
            assert "1 member of Talk" in told.subject
            assert "Erik Lund, erik@example.net" in told.text
            assert "remove erik@example.net" in told.text
        before = len(await world.inbox(ERIK))
        await world.send(METTE, TALK, "Atlas", "And the atlas?")
        assert len(await world.inbox(ERIK)) == before, "no post goes there any more"
        await world.send(ERIK, TALK, "I am back", "The mailbox is mended.")
        assert await scores(world) == {}, "whoever writes from an address has it"
        assert (await posted(world, "Globes")).subject == "Globes"


async def test_a_probe_that_arrives_ends_it(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await comes_back(world, await posted(world))
        await world.pass_time(days=3)
        probe = (await world.inbox(ERIK))[-1]
        await world.pass_time(days=7)
        assert await scores(world) == {}
        assert (await world.inbox(ERIK))[-1].number == probe.number
        await comes_back(world, probe)
        assert await scores(world) == {"erik@example.net": (1, "ok")}, "a bounce as late as that begins anew"


async def test_the_second_probe_arrives(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await comes_back(world, await posted(world))
        await world.pass_time(days=3)
        await comes_back(world, (await world.inbox(ERIK))[-1])
        await world.pass_time(days=7)
        await world.pass_time(days=2)
        assert await scores(world) == {"erik@example.net": (2, "ok")}
        await world.pass_time(days=1)
        assert await scores(world) == {}


@pytest.mark.parametrize(
    ("status", "said", "action"),
    [
        ("5.7.1", "550 5.7.1 your message looks like spam", "failed"),
        ("5.2.2", "552 5.2.2 mailbox full", "failed"),
        ("5.3.4", "552 5.3.4 message too big", "failed"),
        ("4.4.7", "delivery time expired", "failed"),
        ("5.1.1", "still trying", "delayed"),
        ("5.0.0", "550 no reason given", "failed"),
    ],
)
async def test_what_says_nothing_of_the_address_counts_for_nothing(
    tmp_path: Path, status: str, said: str, action: str
) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        copy = await posted(world)
        before = len(await world.inbox(KARIN))
        await comes_back(world, copy, status, said, action=action)
        assert await scores(world) == {}
        assert len(await world.inbox(KARIN)) == before, "nothing is answered or passed on"
        assert (await world.reasons())[-1] == "bounce"


async def test_the_same_bounce_again_and_forged_ones_change_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        copy = await posted(world)
        content = report(copy, "5.1.1", GONE)
        for number in range(3):
            await world.submit(content.replace(b"<dsn-", b"<dsn-%d-" % number), "", [copy.reverse_path])
        assert await scores(world) == {"erik@example.net": (1, "ok")}
        key = copy.reverse_path.partition("+")[2].partition("@")[0]
        forged = copy.reverse_path.replace(key, key[:-4] + ("aaaa" if not key.endswith("aaaa") else "bbbb"))
        await world.submit(content.replace(b"erik@", b"mette@"), "", [forged])
        await world.submit(content, "", [f"bounces+1-{'a' * 26}@{DOMAIN}"])
        assert list(await scores(world)) == ["erik@example.net"]


async def test_a_person_with_another_address_learns_of_it_there(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await world.write(
            lambda tx: tx.execute(
                "INSERT INTO address (person_id, address, folded, is_primary, verified_at)"
                " SELECT person_id, 'erik.privat@example.com', 'erik.privat@example.com', 0, 1 FROM address"
                " WHERE folded = 'erik@example.net'"
            )
        )
        await comes_back(world, await posted(world))
        for days in (3, 7):
            await world.pass_time(days=days)
            await comes_back(world, (await world.inbox(ERIK))[-1])
        await world.pass_time(days=1)
        told = await world.letter("erik.privat@example.com", "Vi skriver inte längre till erik@example.net")
        assert "Dina medlemskap är kvar" in told.text


async def test_where_many_fail_alike_nothing_counts_and_the_operators_are_told(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        group = await world.group("talk", moderator=KARIN, deputy=PER)
        await world.member(group, METTE)
        many = [f"member{number}@municipality.example" for number in range(6)]
        for who in many:
            await world.member(group, who)
        await world.send(METTE, TALK, "Maps", "Who has them?")
        copies = [(await world.inbox(who))[-1] for who in many]
        for copy in copies[:4]:
            await comes_back(world, copy)
        assert len(await scores(world)) == 4
        await comes_back(world, copies[4])
        assert await scores(world) == {}, "half of a domain and more: its server, not its people"
        assert "bounces-alike" in (await world.letter("operator@example.org", "Needs an operator")).text
        await comes_back(world, copies[5])
        assert await scores(world) == {}
        await world.pass_time(days=4)
        assert not [one for one in await world.inbox(many[0]) if "address" in one.subject]


# ---- questions


async def held(world: World) -> None:
    await world.send("Robin Ek <robin@example.net>", TALK, "Hello", "May I ask something?")


async def test_a_question_that_nobody_got_goes_to_the_next_in_line_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await held(world)
        asked = [(await world.inbox(who))[-1] for who in (KARIN, PER)]
        await comes_back(world, asked[0])
        assert not await world.inbox("operator@example.org"), "the deputy has got it"
        await comes_back(world, asked[1], "5.7.1", "550 5.7.1 refused")
        letter = (await world.inbox("operator@example.org"))[-1]
        await world.reply(letter, "approve")
        assert (await world.inbox(ERIK))[-1].subject == "Hello"


async def test_a_warning_that_it_is_tried_again_asks_nobody_else(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await held(world)
        for who in (KARIN, PER):
            await comes_back(world, (await world.inbox(who))[-1], "4.4.1", "connection timed out", action="delayed")
        assert not await world.inbox("operator@example.org")


async def test_where_nobody_is_next_whoever_waits_is_told(tmp_path: Path) -> None:
    """A successor is nominated and cannot be reached."""
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "nominate mette@example.com")
        confirm = [one for one in await world.inbox(KARIN) if "#" in one.subject]
        if confirm:
            await world.reply(confirm[-1], "yes")
        await comes_back(world, (await world.inbox(METTE))[-1])
        told = await world.letter(KARIN, "could not be reached")
        assert "Mette Juhl" in told.subject


# ---- refused at once


async def test_what_the_next_server_refuses_at_once_counts_too(tmp_path: Path) -> None:
    def script(moment: Moment) -> str | None:
        return "550 5.1.1 no such user" if "erik@example.net" in str(moment) else None

    async with Sink(script) as sink, running(tmp_path, relayed(sink)) as world:
        await talk(world)
        await world.send(METTE, TALK, "Maps", "Who has them?")
        assert await scores(world) == {"erik@example.net": (1, "ok")}
        told = [one for one in sink.accepted if b"did not reach everybody" in one.content]
        assert len(told) == 2, "moderator and deputy hear of it"
        await world.pass_time(minutes=1)
        await world.send(METTE, TALK, "Charts", "And these?")
        told = [one for one in sink.accepted if b"did not reach everybody" in one.content]
        assert len(told) == 2, "and not once more for each post"
        await world.pass_time(days=3)
        await world.pass_time(days=7)
        await world.pass_time(days=1)
        assert await scores(world) == {"erik@example.net": (3, "disabled")}
        assert [one for one in sink.accepted if b"can no longer be reached" in one.content]


async def test_a_shared_message_counts_only_with_what_it_gives_back(tmp_path: Path) -> None:
    async with Sink() as sink, running(tmp_path, relayed(sink)) as world:
        await talk(world)
        await world.write(
            lambda tx: tx.execute("UPDATE groups SET settings = json_set(settings, '$.delivery', 'shared')")
        )
        await world.send(METTE, TALK, "Maps", "Who has them?")
        copy = next(one for one in sink.accepted if "erik@example.net" in one.recipients)
        assert len(copy.recipients) > 1
        letter = Letter(1, "erik@example.net", copy.sender, EmailMessage(), copy.content)
        content = report(letter, "5.1.1", GONE)
        await world.submit(content.partition(b"--b\r\nContent-Type: text/rfc822")[0], "", [copy.sender])
        assert await scores(world) == {}, "without our Message-ID anybody who got it could have written this"
        await world.submit(content.replace(b"<dsn-", b"<dsn-2"), "", [copy.sender])
        assert await scores(world) == {"erik@example.net": (1, "ok")}


# ---- people who have left


async def away(world: World, copy: Letter, text: str) -> None:
    """What Exchange sends to the reverse path of a post."""
    await world.send(
        f"Erik Lund <{copy.owner}>",
        copy.reverse_path,
        "Automatiskt svar: Maps",
        text,
        headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        reverse_path="",
    )


async def test_who_has_left_is_told_to_the_moderators_with_whom_their_notice_names(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        notice = "Hej! Jag har slutat på kommunen. Kontakta Karin Ny, karin.ny@example.net."
        await away(world, await posted(world), notice)
        for moderator in (KARIN, PER):
            told = await world.letter(moderator, "Erik Lund seems to have left")
            assert "add karin.ny@example.net" in told.text
            assert "remove erik@example.net" in told.text
            assert "slutat" in told.text
        await world.pass_time(hours=1)
        await away(world, await posted(world, "Charts"), notice)
        assert len([one for one in await world.inbox(KARIN) if "left" in one.subject]) == 1
        await world.send(PER, f"talk-request@{DOMAIN}", "", "remove erik@example.net")
        await world.reply([one for one in await world.inbox(PER) if "[#" in one.subject][-1], "yes")
        rows = await world.rows("SELECT ended_at FROM membership m JOIN address a ON a.id = m.address_id"
                                " WHERE a.folded = 'erik@example.net'")  # fmt: skip
        assert rows[0]["ended_at"] is not None, "the line that the letter prints works"


async def test_who_is_only_away_is_told_to_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await talk(world)
        await away(world, await posted(world), "Jag är på semester till den 7 december. Kontakta Karin Ny.")
        assert not [one for one in await world.inbox(KARIN) if "left" in one.subject]

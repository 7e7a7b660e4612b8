"""The digest of decisions over SMTP: what the secretary, leaders and their stand-ins get, answer and read back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lists import store as lists_store
from mailsvc.cases.body_decision import BodyDecision, Decidable
from mailsvc.cases.model import CaseKind, Cause, Close, Context, Event, PutToBody, QuestionKind, Rule, Step
from mailsvc.clock import DAY, Instant
from mailsvc.ids import CaseId, GroupId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, START, Letter, World, running, split

ASTRID = "Astrid Ek <astrid@example.org>"
BO = "Bo Lind <bo@example.org>"
CECILIE = "Cecilie Holm <cecilie@example.org>"
ANNA = "Anna Berg <anna@example.com>"
LANGUAGES = {ASTRID: "sv", BO: "en", CECILIE: "da"}
UNDO = CONFIG + '[digests]\nundo = "30 min"\n'
AT_ONCE = CONFIG + '[digests]\nundo = "0 min"\n'
TITLES = ("Maps", "Loans", "Theses", "Serials")


class Motion(Decidable, frozen=True):
    """Something that a body decides."""

    body: int
    title: str


class Advice(msgspec.Struct, frozen=True):
    """Something that a body is asked to advise on."""

    body: int
    title: str
    given: str = ""


def opened(data: Motion, _event: Event, _ctx: Context) -> Step:
    return Step("deciding", data, (DECIDING.put(data),))


def done(data: Motion, _event: Event, _ctx: Context) -> Step:
    return Step("done", data, (Close(),))


DECIDING = BodyDecision("decide", "deciding", lambda data: int(data.body), done)


def asked_for_advice(data: Advice, _event: Event, _ctx: Context) -> Step:
    return Step("advising", data, (PutToBody("advise", data.body),))


def advised(data: Advice, event: Any, _ctx: Context) -> Step:
    return Step("done", msgspec.structs.replace(data, given=event.meaning), (Close(),))


def register(world: World) -> None:
    """The two kinds of this module, in the service's registry."""
    world.service.registry.kinds["motion"] = CaseKind(
        name="motion",
        data=Motion,
        states=("new", "deciding", "decided", "done"),
        start="new",
        final=frozenset({"done"}),
        transitions={("new", "opened"): opened, **DECIDING.transitions()},
        questions={
            "decide": QuestionKind(
                "decision",
                rule=Rule.COLLECT,
                keeps_open=frozenset({"wait"}),
                values=lambda data: {"text": f"Shall we have {data.title}?"},
                item="case/_matter",
            )
        },
        facts=DECIDING.facts(world.service.engine),
        title=lambda data: data.title,
    )
    world.service.registry.kinds["advice"] = CaseKind(
        name="advice",
        data=Advice,
        states=("new", "advising", "done"),
        start="new",
        final=frozenset({"done"}),
        transitions={
            ("new", "opened"): asked_for_advice,
            ("advising", "advise:recommend"): advised,
            ("advising", "advise:advise-against"): advised,
        },
        questions={"advise": QuestionKind("preparation", rule=Rule.COLLECT, item="case/_matter")},
        title=lambda data: data.title,
    )


@dataclass(slots=True)
class Board:
    """A leadership group in a world, and what was put to it."""

    world: World
    group: GroupId
    cases: dict[str, CaseId]

    async def put(self, *titles: str, kind: str = "motion") -> None:
        for title in titles:
            data = Motion(body=self.group, title=title) if kind == "motion" else Advice(self.group, title)

            def unit(tx: Tx, data: msgspec.Struct = data, title: str = title) -> CaseId:
                cause = Cause(f"open:{title}")
                return self.world.service.engine.open(tx, kind, data, cause, group=self.group)

            self.cases[title] = await self.world.write(unit)
        await self.world.settle()

    async def next_monday(self) -> None:
        """Until after Monday's digest (08:00 in Stockholm)."""
        now = datetime.fromtimestamp(self.world.clock.now() / 1_000_000, UTC)
        days = (7 - now.weekday()) % 7 or 7
        monday = now.replace(hour=7, minute=30, second=0, microsecond=0)
        await self.world.pass_time(days=days, seconds=(monday - now).total_seconds())

    async def data(self, title: str) -> Any:
        case = self.cases[title]
        return (await self.world.service.db.read(lambda tx: self.world.service.engine.case(tx, case))).data

    async def decisions(self) -> dict[str, str]:
        """What has been decided of each motion, "" for nothing."""
        return {title: (await self.data(title)).decision for title in self.cases}

    async def digests(self, who: str) -> list[Letter]:
        rows = await self.world.rows(
            "SELECT o.message_id AS id FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id"
            " JOIN address a ON a.person_id = d.person_id WHERE o.template = 'case/digest' AND a.address = :address",
            address=split(who)[1],
        )
        ids = {f"<{row['id']}>" for row in rows}
        return [one for one in await self.world.inbox(who) if str(one.message["Message-ID"]) in ids]

    async def digest(self, who: str) -> Letter:
        return (await self.digests(who))[-1]

    async def last(self, who: str) -> Letter:
        return (await self.world.inbox(who))[-1]


@asynccontextmanager
async def board(folder: Path, config: str = AT_ONCE, rule: str = "any", **settings: object) -> AsyncIterator[Board]:
    async with running(folder, config) as world:
        register(world)
        group = await world.group("board", kind="leadership", title="Board")

        def unit(tx: Tx) -> None:
            known = lists_store.group(tx, group).settings
            changed = msgspec.structs.replace(known, decision_rule=rule, **settings)
            lists_store.set_settings(tx, group, changed)

        await world.write(unit)
        for who, language in LANGUAGES.items():
            role = "chair" if who == ASTRID else "member"
            await world.member(group, who, role=role, language=language)
        yield Board(world, group, {})


async def person(world: World, who: str) -> PersonId:
    address = parse_address(split(who)[1])
    assert address is not None
    found = await world.service.db.read(lambda tx: people.by_address(tx, address.folded))
    assert found is not None
    return found.id


async def test_one_reply_from_a_phone_answers_several(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put(*TITLES)
        assert await here.digests(CECILIE) == []
        await here.next_monday()
        digest = await here.digest(CECILIE)
        assert digest.subject == "Til beslutning i Board: 4 sager"
        await here.world.reply(digest, "1+2 ja, 3 nej: for dyrt, 4 vent\n\nSendt fra min iPhone")
        assert await here.decisions() == {"Maps": "yes", "Loans": "yes", "Theses": "no", "Serials": ""}
        assert (await here.data("Theses")).reasons == ("for dyrt",)
        receipt = (await here.last(CECILIE)).text
        for number, title in enumerate(TITLES, 1):
            assert f"{number}. {title}" in receipt


OUTLOOK = (
    '<html><body><div class="WordSection1"><ol style="margin-top:0cm" start="{start}" type="1">{items}</ol></div>'
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
    "<b>Från:</b> Fråga <br><b>Skickat:</b> den 30 november 2026<br><b>Till:</b> Astrid Ek<br>"
    "<b>Ämne:</b> {subject}</p></div><p>{text}</p></body></html>"
)


async def test_outlook_s_automatic_list_keeps_its_numbers(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put(*TITLES)
        await here.next_monday()
        digest = await here.digest(ASTRID)
        items = "".join(f'<li class="MsoListParagraph">{word}</li>' for word in ("ja", "nej: för dyrt"))
        html = OUTLOOK.format(start=2, items=items, subject=digest.subject, text=digest.text)
        await here.world.send(ASTRID, digest.reply_to, f"SV: {digest.subject}", html=html)
        assert await here.decisions() == {"Maps": "", "Loans": "yes", "Theses": "no", "Serials": ""}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hi,\n\n1. yes\n2. no: too narrow,\nand we have one\n3. yes\n\nBest\nBo", ("yes", "no", "yes", "")),
        ("one yes\ntwo no\nthree yes", ("yes", "no", "yes", "")),
        ("1-3 yes, 4 no: later", ("yes", "yes", "yes", "no")),
        ("#1 yes\n#4 no", ("yes", "", "", "no")),
    ],
)
async def test_gmail_replies(tmp_path: Path, text: str, wanted: tuple[str, ...]) -> None:
    async with board(tmp_path) as here:
        await here.put(*TITLES)
        await here.next_monday()
        await here.world.reply(await here.digest(BO), text)
        assert tuple((await here.decisions()).values()) == wanted


async def test_an_unread_line_comes_back_quoted_and_the_rest_counts(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put(*TITLES)
        await here.next_monday()
        digest = await here.digest(BO)
        await here.world.reply(digest, "1 yes\n2 yes, but what does it cost?\n3 no")
        assert await here.decisions() == {"Maps": "yes", "Loans": "", "Theses": "no", "Serials": ""}
        receipt = await here.last(BO)
        assert "> 2 yes, but what does it cost?" in receipt.text
        await here.world.reply(digest, "2 yes")
        assert (await here.decisions())["Loans"] == "yes"


async def test_all_but_one_is_asked_back_with_the_list(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put(*TITLES)
        await here.next_monday()
        await here.world.reply(await here.digest(CECILIE), "Ja til alle undtagen 3")
        assert set((await here.decisions()).values()) == {""}
        asked = await here.last(CECILIE)
        assert "Maps" in asked.text
        assert "Theses" not in asked.text
        await here.world.reply(asked, "ja")
        assert await here.decisions() == {"Maps": "yes", "Loans": "yes", "Theses": "", "Serials": "yes"}


async def test_yes_to_all_never_becomes_advice(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put("A", kind="advice")
        await here.put("B")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "approve all")
        asked = await here.last(BO)
        assert "B" in asked.text
        await here.world.reply(asked, "yes")
        assert (await here.data("B")).decision == "yes"
        assert (await here.data("A")).given == ""
        digest = await here.digest(BO)
        await here.world.reply(digest, "1 yes")
        assert (await here.data("A")).given == ""
        await here.world.reply(digest, "1 recommend")
        assert (await here.data("A")).given == "recommend"


@pytest.mark.parametrize("word", ["2 ångra", "ångra 2", "undo 2", "#{case} ångra"])
async def test_undo_by_the_digest_s_own_number(tmp_path: Path, word: str) -> None:
    async with board(tmp_path, UNDO) as here:
        await here.put(*TITLES)
        await here.next_monday()
        await here.world.reply(await here.digest(ASTRID), "2 ja, 3 nej")
        receipt = await here.last(ASTRID)
        assert "till exempel: 2 ångra" in receipt.text
        await here.world.reply(receipt, word.format(case=here.cases["Loans"]))
        assert await here.decisions() == {"Maps": "", "Loans": "", "Theses": "no", "Serials": ""}


async def test_a_bare_undo_of_one_takes_it_back_and_of_several_is_asked_back(tmp_path: Path) -> None:
    async with board(tmp_path, UNDO) as here:
        await here.put(*TITLES)
        await here.next_monday()
        digest = await here.digest(BO)
        await here.world.reply(digest, "2 yes")
        await here.world.reply(await here.last(BO), "undo")
        assert (await here.decisions())["Loans"] == ""
        await here.world.reply(digest, "3 no, 4 no")
        await here.world.reply(await here.last(BO), "undo")
        asked = await here.last(BO)
        assert (await here.decisions())["Theses"] == "no"
        await here.world.reply(asked, "1 undo")
        assert sorted((await here.decisions()).values()) == ["", "", "", "no"]


async def test_a_second_reply_corrects_until_the_matter_is_closed(tmp_path: Path) -> None:
    async with board(tmp_path, UNDO) as here:
        await here.put(*TITLES)
        await here.next_monday()
        digest = await here.digest(BO)
        await here.world.reply(digest, "1 yes, 2 yes")
        await here.world.reply(digest, "1 no: it is too early")
        assert (await here.data("Maps")).decision == "no"
        assert (await here.data("Loans")).decision == "yes"
        await here.world.reply(await here.digest(ASTRID), "1 ja")
        assert "redan avgjorts" in (await here.last(ASTRID)).text
        await here.world.pass_time(minutes=31)
        await here.world.reply(digest, "1 yes")
        assert (await here.data("Maps")).decision == "no"


async def test_this_week_s_and_last_week_s_digest_ask_the_same(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put("Maps", "Loans")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "1 yes")
        await here.put("Theses")
        await here.next_monday()
        old, new = await here.digests(BO)
        assert "1. Loans" in new.text
        assert "2. Theses" in new.text
        await here.world.reply(new, "1 no")
        await here.world.reply(old, "2 yes")  # Loans once more: it is decided
        assert await here.decisions() == {"Maps": "yes", "Loans": "no", "Theses": ""}
        await here.world.reply(old, f"#{here.cases['Theses']} yes")
        assert (await here.decisions())["Theses"] == ""  # not of that letter
        await here.world.reply(new, f"#{here.cases['Theses']} yes")
        assert (await here.decisions())["Theses"] == "yes"


async def test_one_matter_handed_on_inside_a_digest(tmp_path: Path) -> None:
    async with board(tmp_path, rule="unanimous") as here:
        await here.put("Maps", "Loans")
        await here.next_monday()
        before = len(await here.digests(CECILIE))
        await here.world.reply(await here.digest(BO), "1 delegate to Cecilie\n2 yes")
        own = await here.digest(CECILIE)
        assert len(await here.digests(CECILIE)) == before + 1
        assert "Bo Lind" in own.text
        await here.world.reply(own, "ja")
        assert {vote.person for vote in (await here.data("Maps")).votes} == {await person(here.world, BO)}
        await here.world.reply((await here.digests(CECILIE))[0], "1 ja, 2 ja")
        await here.world.reply(await here.digest(ASTRID), "1 ja, 2 ja")
        assert await here.decisions() == {"Maps": "yes", "Loans": "yes"}


async def test_whoever_handed_it_on_is_not_asked_again_and_the_other_is(tmp_path: Path) -> None:
    async with board(tmp_path, rule="unanimous") as here:
        await here.put("Maps")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "delegate to Cecilie")
        await here.next_monday()
        assert len(await here.digests(BO)) == 1
        again = await here.digest(CECILIE)
        assert again.text.count("Maps (#") == 2
        assert "for Bo Lind" in again.text


async def test_a_stand_in_with_a_seat_answers_for_both(tmp_path: Path) -> None:
    async with board(tmp_path, UNDO, rule="unanimous") as here:
        bo, cecilie = await person(here.world, BO), await person(here.world, CECILIE)
        now = here.world.clock.now()
        await here.world.write(lambda tx: presence_store.set_stand_in(tx, bo, cecilie, now, Instant(now + 30 * DAY)))
        await here.put("Maps")
        await here.next_monday()
        assert await here.digests(BO) == []
        digest = await here.digest(CECILIE)
        await here.world.reply(digest, "1+2 ja")
        await here.world.reply(await here.digest(ASTRID), "ja")
        assert (await here.data("Maps")).decision == "yes"
        assert {vote.person for vote in (await here.data("Maps")).votes} == {
            bo, cecilie, await person(here.world, ASTRID)
        }  # fmt: skip


async def test_a_leader_names_a_stand_in_by_mail(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.world.send(BO, f"board-request@{DOMAIN}", "", "stand-in Cecilie 28/11-12/12")
        assert "Cecilie Holm" in (await here.last(BO)).text
        await here.put("Maps")
        await here.next_monday()
        assert await here.digests(BO) == []
        assert "for Bo Lind" in (await here.digest(CECILIE)).text or "for Bo Lind" in (await here.digest(CECILIE)).html


async def test_the_secretary_answers_for_the_group(tmp_path: Path) -> None:
    async with board(tmp_path, secretary_decides=True) as here:
        await here.world.member(here.group, ANNA, role="secretary", language="sv")
        await here.put("Maps", "Loans")
        await here.next_monday()
        assert await here.digests(ASTRID) == []
        await here.world.reply(await here.digest(ANNA), "1 ja\n2 nej: för smalt")
        assert await here.decisions() == {"Maps": "yes", "Loans": "no"}


async def test_a_forwarded_digest_gets_its_answerer_an_own_letter(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.world.group("other", moderator=ANNA, deputy="Liv Moen <liv@example.com>")
        await here.put("Maps")
        await here.next_monday()
        digest = await here.digest(BO)
        await here.world.reply(digest, "yes", sender=ANNA)
        assert (await here.data("Maps")).decision == ""
        assert (await here.last(ANNA)).message["Auto-Submitted"] == "auto-generated"
        await here.world.reply(digest, "yes", sender=CECILIE)
        assert (await here.data("Maps")).decision == ""
        own = await here.digest(CECILIE)
        assert len(await here.digests(CECILIE)) == 2
        await here.world.reply(own, "ja")
        assert (await here.data("Maps")).decision == "yes"


async def test_a_forwarded_digest_is_asked_anew_whole(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.world.group("other", moderator=ANNA)  # a network without deputy is a matter of its own
        await here.put("Maps")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "1 yes", sender=CECILIE)
        first, own = await here.digests(CECILIE)
        assert [line for line in own.text.splitlines() if line.startswith(("1. ", "2. "))] == [
            line for line in first.text.splitlines() if line.startswith(("1. ", "2. "))
        ]
        assert (await here.data("Maps")).decision == ""


async def test_what_others_decided_is_told_once_in_the_next_digest(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put("Maps", "Loans")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "1 yes")
        await here.next_monday()
        texts = [one.text for one in await here.world.inbox(ASTRID)]
        assert [text.count("Maps (#") for text in texts] == [1, 1]
        assert "JA – Bo Lind" in texts[-1]
        assert "Maps" not in (await here.digest(BO)).text


async def test_when_nothing_else_waits_the_evening_s_letter_tells_it_once(tmp_path: Path) -> None:
    async with board(tmp_path, UNDO) as here:
        await here.put("Maps")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "yes")
        await here.world.pass_time(hours=12)
        told = await here.last(ASTRID)
        assert "Maps" in told.text
        assert "Bo Lind" in told.text
        assert await here.last(BO) != told
        assert len([one for one in await here.world.inbox(BO) if "Decided by" in one.subject]) == 0
        await here.put("Loans")
        await here.next_monday()
        assert "Maps" not in (await here.digest(ASTRID)).text


async def test_a_majority_s_decision_is_the_body_s_and_no_vote_is_told(tmp_path: Path) -> None:
    async with board(tmp_path, rule="majority") as here:
        await here.put("Maps", "Loans")
        await here.next_monday()
        await here.world.reply(await here.digest(BO), "1 no: too dear")
        assert "not yet" in (await here.last(BO)).text
        await here.world.reply(await here.digest(CECILIE), "1 ja")
        await here.world.reply(await here.digest(ASTRID), "1 ja")
        assert "Beslut: JA" in (await here.last(ASTRID)).text
        await here.next_monday()
        assert "Maps (#" in (await here.digest(BO)).text
        assert "YES – Board" in (await here.digest(BO)).text
        assert "Astrid" not in (await here.digest(BO)).text


async def test_the_schedule_of_a_group_moves_what_is_due(tmp_path: Path) -> None:
    async with board(tmp_path) as here:
        await here.put("Maps")

        def change(digest: str) -> Any:
            def unit(tx: Tx) -> None:
                settings = lists_store.group(tx, here.group).settings
                lists_store.set_settings(tx, here.group, msgspec.structs.replace(settings, digest=digest))

            return unit

        await here.world.write(change("tue,thu 08:00"))
        await here.world.settle()
        await here.world.pass_time(days=1)
        assert len(await here.digests(BO)) == 1
        await here.world.write(change("off"))
        await here.world.settle()
        await here.world.pass_time(days=14)
        assert len(await here.digests(BO)) == 1
        await here.world.write(change("daily 08:00"))
        await here.world.settle()
        await here.world.pass_time(days=1)
        assert len(await here.digests(BO)) == 2


async def test_no_digest_while_the_site_is_closed_and_the_next_working_day_gets_it(tmp_path: Path) -> None:
    config = AT_ONCE.replace("[database]", 'closed = ["11-28/12-08"]\n[database]')
    async with board(tmp_path, config) as here:
        await here.put("Maps")
        await here.next_monday()
        assert await here.digests(BO) == []
        await here.world.pass_time(days=8)  # Tuesday the 8th is closed, too
        assert await here.digests(BO) == []
        await here.world.pass_time(days=1)
        (digest,) = await here.digests(BO)
        assert "Monday 14 December 2026 at 08:00" in " ".join(digest.text.split())


async def test_a_restart_between_any_two_steps_sends_no_digest_twice(tmp_path: Path) -> None:
    async with board(tmp_path, UNDO) as here:
        await here.put("Maps", "Loans")
        cases = here.cases
    for _ in range(3):
        async with running(tmp_path, UNDO) as world:
            register(world)
            world.clock.advance(datetime(2026, 11, 30, 7, 30, tzinfo=UTC) - START)
            world.service.db.wake_all()
            await world.settle()
            group = (await world.rows("SELECT id FROM groups WHERE name = 'board'"))[0]["id"]
            again = Board(world, GroupId(int(str(group))), dict(cases))
            assert len(await again.digests(BO)) == 1
            last = again
            if not (await last.data("Maps")).decision:
                await world.reply(await last.digest(BO), "1 yes")
            assert (await last.data("Maps")).decision == "yes"

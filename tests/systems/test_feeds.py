"""Calendar feeds over HTTP: of a network, of the site, one's own by a secret address; made only when they are new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from lists import store as lists_store
from mailsvc.clock import to_instant
from mailsvc.ids import PersonId
from mailsvc.people import choice_store
from mailsvc.people import store as people
from mailsvc.registry import Feed
from mailsvc.store.database import Tx
from mailsvc.web.conditional import is_known
from tests.systems.test_meetings import ANNA, KARIN, NORDIC, OLA, called, network
from tests.systems.test_pages import http
from tests.systems.world import World, running

WEB = NORDIC.replace("[web]", '[web]\nbase_url = "https://networks.example.org"')


@pytest.fixture(autouse=True)
def no_mailroom(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a rehearsal everybody counts as inside; here nobody does."""
    monkeypatch.setattr("mailsvc.web.visiting.Visiting.internal", lambda _self, _request: False)


async def audience(world: World, name: str, audience: str) -> None:
    def unit(tx: Tx) -> None:
        group = lists_store.group_named(tx, name)
        assert group is not None
        settings = group.settings
        lists_store.set_settings(tx, group.id, type(settings)(audience=audience))

    await world.write(unit)


async def address(world: World, who: str) -> str:
    """The path of somebody's own calendar."""

    def unit(tx: Tx) -> str:
        return choice_store.calendar_address(tx, world.service.registry.site, person(tx, who))

    base, mark, rest = (await world.write(unit)).partition("/me/")
    assert base == world.service.registry.site.config.web.base_url
    return mark + rest


def person(tx: Tx, who: str) -> PersonId:
    known = people.by_address(tx, who.partition("<")[2].rstrip(">"))
    assert known is not None
    return known.id


def events(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """The events of a feed by their titles."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    whole = Calendar.from_ical(answer.text)
    assert str(whole["METHOD"]) == "PUBLISH"
    found = list(whole.walk("VEVENT"))
    assert all("ATTENDEE" not in one and "ORGANIZER" not in one for one in found)
    return {str(one["SUMMARY"]): {key: written(one[key].to_ical()) for key in one} for one in found}


def written(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


async def test_a_networks_feed_is_for_whom_its_entry_is(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world, http(world) as client:
        await network(world)
        call = "When: 2026-12-03 13:00-14:30\nWhere: Room 4 or https://meet.example.com/maps\nAgenda: Secret plans\n"
        await called(world, call)
        assert (await client.get("/g/maps/calendar.ics")).status_code == 404  # for staff, as its entry
        assert events(await client.get("/calendar.ics")) == {}
        await audience(world, "maps", "public")
        answer = await client.get("/g/maps/calendar.ics")
        event = events(answer)["Map meeting"]
        assert event["DTSTART"] == "20261203T130000"
        assert event["URL"] == "https://networks.example.org/g/maps"
        assert "Room 4" in event["LOCATION"]
        for private in ("meet.example.com", "Secret plans", "@example.org", "Karin"):  # for members
            assert private not in answer.text, private
        assert list(events(await client.get("/calendar.ics"))) == ["Maps network: Map meeting"]
        assert 'href="/g/maps/calendar.ics"' in (await client.get("/g/maps")).text
        assert 'href="/calendar.ics"' in (await client.get("/")).text
        assert (await client.get("/g/nothing/calendar.ics")).status_code == 404


async def test_ones_own_feed_is_opened_by_its_key_alone(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world, http(world) as client:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: https://meet.example.com/maps\nAgenda: Plans\n")
        path = await address(world, ANNA)
        event = events(await client.get(path))["Maps network: Map meeting"]
        assert (event["STATUS"], event["CONFERENCE"]) == ("TENTATIVE", "https://meet.example.com/maps")
        assert "Plans" in event["DESCRIPTION"]
        await world.reply(await world.letter(ANNA), "ja")
        assert events(await client.get(path))["Maps network: Map meeting"]["STATUS"] == "CONFIRMED"
        await world.reply(await world.letter(OLA), "nei")
        assert events(await client.get(await address(world, OLA))) == {}
        for wrong in (path.replace("/calendar.ics", "a/calendar.ics"), "/me/1-aaaa/calendar.ics", "/me/x/calendar.ics"):
            assert (await client.get(wrong)).status_code == 404
        await world.write(lambda tx: choice_store.renew_calendar_address(tx, person(tx, ANNA)))
        assert (await client.get(path)).status_code == 404
        assert len(events(await client.get(await address(world, ANNA)))) == 1


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ("maps-request", "ny kalenderadress"),
        ("maps-request", "New calendar address"),
        ("maps-request", "nyt kalenderlink"),
        ("help", "bytt kalenderadresse"),
        ("help", "ny kalenderadresse"),
    ],
)
async def test_a_new_address_is_asked_for_by_mail(tmp_path: Path, desk: str, words: str) -> None:
    async with running(tmp_path, WEB) as world, http(world) as client:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        path = await address(world, ANNA)
        others = await address(world, OLA)
        await world.send(ANNA, f"{desk}@networks.example.org", words)
        text = "".join((await world.letter(ANNA)).text.split())  # long lines are folded
        new = await address(world, ANNA)
        assert new != path
        assert new in text
        assert (await client.get(path)).status_code == 404
        assert len(events(await client.get(new))) == 1
        assert len(events(await client.get(others))) == 1
        await world.send(ANNA, "maps-request@networks.example.org", "ny kalenderadress tack, men inte nu")
        assert await address(world, ANNA) == new


async def test_a_stranger_gets_no_calendar(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world:
        await network(world)
        await world.send("mallory@example.net", "maps-request@networks.example.org", "new calendar address")
        assert not [one for one in await world.inbox("mallory@example.net") if "/me/" in one.text]
        assert await world.rows("SELECT 1 FROM person_choice WHERE calendar_turn > 0") == []


async def test_a_feed_is_sent_only_when_it_is_new(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world, http(world) as client:
        await network(world)
        await audience(world, "maps", "public")
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n")
        for path in ("/g/maps/calendar.ics", "/calendar.ics", await address(world, ANNA)):
            first = await client.get(path)
            known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
            again = await client.get(path, headers=known)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
            dated = await client.get(path, headers={"If-Modified-Since": first.headers["last-modified"]})
            assert dated.status_code == 304
        await world.pass_time(minutes=5)
        await world.reply(await world.letter(KARIN, "has been called"), "Where: Room 7")
        for path in ("/g/maps/calendar.ics", "/calendar.ics", await address(world, ANNA)):
            now = await client.get(path, headers={**known, "If-Modified-Since": first.headers["last-modified"]})
            assert "Room 7" in now.text
            dated = await client.get(path, headers={"If-Modified-Since": first.headers["last-modified"]})
            assert "Room 7" in dated.text
        newest = (await client.get("/g/maps/calendar.ics")).headers["etag"]
        assert (await client.head("/g/maps/calendar.ics")).headers["etag"] == newest
        await world.reply(await world.letter(KARIN, "has been called"), "cancel")
        assert events(await client.get("/g/maps/calendar.ics")) == {}


def test_what_counts_as_known() -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    feed = Feed("text/calendar", "abc", to_instant(at), lambda: b"")
    assert is_known("*", None, feed)
    assert is_known('"abc"', None, feed)
    assert not is_known("abc", None, feed)
    assert not is_known('"x"', format_datetime(at, usegmt=True), feed)  # the version is believed before the date
    assert is_known(None, format_datetime(at + timedelta(hours=1), usegmt=True), feed)
    assert not is_known(None, format_datetime(at - timedelta(seconds=1), usegmt=True), feed)
    for nonsense in ("", "yesterday", "Mon, 99 Nov 2026 09:00:00 GMT", "\x00"):
        assert not is_known(None, nonsense, feed)


async def test_a_clash_is_told_without_saying_whose(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world:
        await network(world)
        other = await world.group("salaries", title="Salaries", moderator=OLA)
        await world.member(other, ANNA, language="sv")
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        assert not [one for one in await world.inbox(KARIN) if "another meeting" in one.subject]
        await world.send(OLA, "salaries-meeting@networks.example.org", "Pay", "When: 2026-12-03 14:00-15:00\n")
        await world.reply(await world.letter(OLA), "ja")
        told = await world.letter(OLA, "Noen har et annet møte da")
        assert "2 av dem du har innkalt, har andre nettverks møter samtidig" in " ".join(told.text.split())
        assert "Maps" not in told.text
        assert "Anna" not in told.text


async def test_a_clash_is_told_of_the_new_time_when_a_meeting_is_moved(tmp_path: Path) -> None:
    async with running(tmp_path, WEB) as world:
        await network(world)
        other = await world.group("salaries", title="Salaries", moderator=OLA)
        await world.member(other, ANNA, language="sv")
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        await world.send(OLA, "salaries-meeting@networks.example.org", "Pay", "When: 2026-12-04 14:00-15:00\n")
        await world.reply(await world.letter(OLA), "ja")
        receipt = await world.letter(KARIN, "has been called")
        await world.reply(receipt, "Where: Room 7\n")  # not moved
        assert not [one for one in await world.inbox(KARIN) if "another meeting" in one.subject]
        await world.reply(receipt, "When: 2026-12-04 13:00-14:30\n")
        told = await world.letter(KARIN, "another meeting")
        assert "Friday 4 December" in told.subject
        assert "2 of those you have invited" in " ".join(told.text.split())
        assert "Pay" not in told.text
        await world.reply(receipt, "When: 2026-12-07 13:00-14:30\n", quote=False)
        assert len([one for one in await world.inbox(KARIN) if "another meeting" in one.subject]) == 1

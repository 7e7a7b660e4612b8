"""The mailroom over HTTP and real SMTP: inboxes, letters, answering as anybody, writing, letting time pass."""

from __future__ import annotations

import email
import email.policy
import html
import re
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import httpx
import pytest

from mailsvc.clock import DAY, HOUR, Instant
from mailsvc.store.database import Tx
from tests.browser.rehearsal import DOMAIN, Rehearsal, arrive, plain, question, rehearsal

KARIN = "karin.lindqvist@example.org"


def client(room: Rehearsal) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=room.url)


def token(page: str, action: str) -> str:
    found = re.search(
        rf'action="{re.escape(action)}"[^>]*>\s*<input type="hidden" name="token" value="([a-z2-7]+)"', page
    )
    assert found, f"no form for {action}"
    return found[1]


def sent(room: Rehearsal) -> tuple[str, list[str], EmailMessage]:
    sender, to, content = room.sink.mails[-1]
    return sender, to, email.message_from_bytes(content, policy=email.policy.default)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_the_front_explains_itself_when_nothing_has_happened(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        text = words_of((await http.get("/mailroom")).text)
        assert "Write to cataloguing@networks.example.org as somebody who is not a member." in text
        assert "Nothing has come in yet." in text
        assert "Åse Haugen" in text
        assert "Monday 23 November 2026, 09:00" in text
        assert "Next event: Wed 25 Nov, 11:00" in text


async def test_the_front_says_what_became_of_mail_without_showing_keys(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        for state, reason in (
            ("handled", "held"),
            ("handled", "held-not-member"),
            ("new", ""),
            ("handled", "odd-one"),
            ("quarantined", "poison"),
        ):
            await room.db.write(partial(came, state, reason))
        page = (await http.get("/mailroom")).text
        assert words_of(page).count("Held; the moderators are asked") == 2
        assert "Being handled" in page
        assert "odd-one" in page
        assert "Put into quarantine: Could not be handled" in page
        assert "abcdefghijklmnop" not in page


def came(state: str, reason: str, tx: Tx) -> int:
    return arrive(tx, "x@example.net", f"reply+abcdefghijklmnop@{DOMAIN}", state, reason)


async def test_people_and_strangers_have_inboxes(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.put("robin.ek@example.net", question())
        page = (await http.get("/mailroom")).text
        for address in (KARIN, "ase.haugen@example.org", "robin.ek@example.net"):
            assert f'href="/mailroom/inbox/{address}"' in page
        assert page.index("Anna Berg") < page.index("Karin Lindqvist") < page.index("robin.ek")
        found = (await http.get("/mailroom", params={"find": "METTE"})).text
        assert "mette.sorensen" in found
        assert "anna.berg" not in found
        assert "Nobody here is called that." in (await http.get("/mailroom", params={"find": "zzz"})).text


async def test_erased_people_are_gone(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.db.write(lambda tx: tx.execute("UPDATE person SET erased_at = 1 WHERE name = 'Anna Berg'"))
        assert "anna.berg" not in (await http.get("/mailroom")).text


async def test_new_letters_are_marked_until_they_are_opened(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.put(KARIN, plain("A <a@example.org>", KARIN, "Old", "old"))
        await http.get("/mailroom")
        await room.put(KARIN, question())
        await room.put(KARIN, plain("A <a@example.org>", KARIN, "Second", "x"))
        assert "3 letters 2 new" in words_of((await http.get("/mailroom")).text)
        inbox = (await http.get(f"/mailroom/inbox/{KARIN}")).text
        assert inbox.count('class="fresh"><a href="/mailroom/letter/') == 2
        assert inbox.index("Second") < inbox.index("Approve Robin") < inbox.index("Old")
        await http.get("/mailroom/letter/2")
        assert "3 letters 1 new" in words_of((await http.get("/mailroom")).text)


async def test_long_inboxes_have_pages(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        for number in range(52):
            await room.put(KARIN, plain("A <a@example.org>", KARIN, f"Subject {number}.", "x"))
        first = (await http.get(f"/mailroom/inbox/{KARIN}")).text
        assert ("Subject 51." in first, "Subject 2." in first, "Subject 1." in first) == (True, True, False)
        older = (await http.get(f"/mailroom/inbox/{KARIN}", params={"before": "3"})).text
        assert ("Subject 1." in older, "Subject 2." in older) == (True, False)
        assert (await http.get(f"/mailroom/inbox/{KARIN}", params={"before": "x" * 40})).status_code == 200


async def test_an_empty_inbox_says_what_will_come(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        page = words_of((await http.get("/mailroom/inbox/anna.berg@example.org")).text)
        assert "No letters yet. What the service sends to anna.berg@example.org appears here." in page
        assert (await http.get("/mailroom/inbox/nobody")).status_code == 404


async def test_a_letter_in_three_views(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question(attachment=True))
        here = f"/mailroom/letter/{number}"
        first = await http.get(here)
        assert f'<iframe class="html room-3" src="{here}/frame"' in first.text
        assert "frame-src 'self'" in first.headers["content-security-policy"]
        text = (await http.get(f"{here}/text")).text
        assert "Robin Ek, who is not a member, has written to Cataloguing. Should the members get it? Answer" in text
        assert '<blockquote class="depth-2">What did you decide about the hours?</blockquote>' in text
        source = (await http.get(f"{here}/source")).text
        assert "Content-Transfer-Encoding" in source
        assert "&lt;mailto:x-leave+k@" in source
        assert (await http.get(f"{here}/letter.eml")).content == question(attachment=True)
        for bad in (f"{here}/nonsense", "/mailroom/letter/999", "/mailroom/letter/99999999999999999999999/text"):
            assert (await http.get(bad)).status_code == 404


async def test_a_letter_without_html_has_no_html_view(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, plain("A <a@example.org>", f"n@{DOMAIN}", "<b>bold</b>", "<script>1</script>"))
        page = (await http.get(f"/mailroom/letter/{number}")).text
        assert "<iframe" not in page
        assert "&lt;b&gt;bold&lt;/b&gt;" in page
        assert "&lt;script&gt;" in page
        assert (await http.get(f"/mailroom/letter/{number}/html")).status_code == 404
        assert (await http.get(f"/mailroom/letter/{number}/frame")).status_code == 404


async def test_the_frame_can_do_nothing_but_follow_links(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question())
        frame = await http.get(f"/mailroom/letter/{number}/frame")
        policy = frame.headers["content-security-policy"]
        assert "sandbox allow-top-navigation-by-user-activation" in policy
        assert "frame-ancestors 'self'" in policy
        assert "default-src 'none'" in policy
        for bad in ("<script", "tracker", "onerror", "mailto:"):
            assert bad not in frame.text
        href = html.unescape(re.search(r'href="(/mailroom/compose[^"]+)"', frame.text)[1])  # type: ignore[index]
        page = (await http.get(href)).text
        assert 'value="karin.lindqvist@example.org"' in page
        assert f'value="reply+abc@{DOMAIN}"' in page
        assert 'value="approve [#12]"' in page


async def test_files_are_downloads(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question(attachment=True))
        page = (await http.get(f"/mailroom/letter/{number}")).text
        address = re.search(r'href="(/mailroom/letter/\d+/part/\d+)"', page)
        assert address
        file = await http.get(address[1])
        assert file.content == b"<script>alert(1)</script>"
        assert file.headers["content-type"] == "application/octet-stream"
        wanted = "attachment; filename=\"notes _.html\"; filename*=UTF-8''notes%20%C3%A5.html"
        assert file.headers["content-disposition"] == wanted
        assert "sandbox" in file.headers["content-security-policy"]
        assert (await http.get(f"/mailroom/letter/{number}/part/0")).status_code == 404


async def test_an_answer_button_sends_real_mail_as_that_person(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question())
        action = f"/mailroom/letter/{number}/answer/1"
        page = (await http.get(f"/mailroom/letter/{number}")).text
        assert "Reject with a reason" in page
        done = await http.post(action, data={"token": token(page, action)})
        assert (done.status_code, done.headers["location"]) == (303, f"/mailroom/inbox/{KARIN}?notice=sent#notice")
        sender, to, mail = sent(room)
        assert (sender, to) == (KARIN, [f"reply+abc@{DOMAIN}"])
        assert mail["From"] == f"Karin Lindqvist <{KARIN}>"
        assert mail["To"] == f"reply+abc@{DOMAIN}"
        assert mail["Subject"] == "reject [#12]"
        assert mail["In-Reply-To"] == f"<q12@{DOMAIN}>"
        assert mail["References"] == f"<first@{DOMAIN}> <q12@{DOMAIN}>"
        assert mail.get_content().strip() == "reject:"
        assert "Sent. The service took the mail" in (await http.get(done.headers["location"])).text
        assert (await http.post(f"/mailroom/letter/{number}/answer/7", data={"token": "x"})).status_code == 403


async def test_a_reply_quotes_the_letter_in_the_writers_language(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question())
        action = f"/mailroom/letter/{number}/reply"
        page = (await http.get(f"/mailroom/letter/{number}")).text
        assert f"The reply goes to reply+abc@{DOMAIN}" in page
        done = await http.post(action, data={"token": token(page, action), "text": "Ja tack\r\n\r\nKarin"})
        assert done.status_code == 303
        _, to, mail = sent(room)
        assert to == [f"reply+abc@{DOMAIN}"]
        assert mail["Subject"] == "SV: Approve Robin Ek's mail “New opening hours”? [#12]"
        lines = mail.get_content().splitlines()
        assert lines[:4] == ["Ja tack", "", "Karin", ""]
        assert lines[4].startswith("Den 23 november 2026 kl. 09:00 skrev Question · Cataloguing")
        assert "> -- Write your answer above this line --" in lines


async def test_a_reply_to_a_members_post_goes_to_the_network(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        post = plain("Åse <ase.haugen@example.org>", f"cataloguing@{DOMAIN}", "Headings", "Which?")
        number = await room.put(KARIN, post)
        action = f"/mailroom/letter/{number}/reply"
        page = (await http.get(f"/mailroom/letter/{number}")).text
        assert "this one goes to the network" in page
        await http.post(action, data={"token": token(page, action), "text": "This one"})
        assert sent(room)[1] == [f"cataloguing@{DOMAIN}"]


async def test_a_letter_that_reaches_nobody_here_offers_no_reply(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, plain("A <a@example.com>", "b@example.com", "x", "y"))
        assert "/reply" not in (await http.get(f"/mailroom/letter/{number}")).text


async def test_a_refused_reply_keeps_the_text_and_shows_the_words(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        number = await room.put(KARIN, question())
        action = f"/mailroom/letter/{number}/reply"
        form = {"token": token((await http.get(f"/mailroom/letter/{number}")).text, action), "text": "Yes & <more>"}
        await room.sink.stop()
        answer = await http.post(action, data=form)
        assert answer.status_code == 422
        assert "The service does not answer on its mail port" in answer.text
        assert "Yes &amp; &lt;more&gt;</textarea>" in answer.text


async def write(http: httpx.AsyncClient, **values: str) -> httpx.Response:
    page = (await http.get("/mailroom/compose")).text
    form = {"as": "Robin Ek <robin.ek@example.net>", "to": f"cataloguing@{DOMAIN}", "subject": "s", "body": "b"}
    fields = {
        key: (None, value) for key, value in {"token": token(page, "/mailroom/compose"), **form, **values}.items()
    }
    return await http.post("/mailroom/compose", files=fields)


async def test_anybody_can_write(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        done = await write(http, subject="Nya tider – läs", body="Hej\r\nalla")
        assert done.headers["location"] == "/mailroom/inbox/robin.ek@example.net?notice=sent#notice"
        sender, _, mail = sent(room)
        assert (sender, mail["From"]) == ("robin.ek@example.net", "Robin Ek <robin.ek@example.net>")
        assert (mail["Subject"], mail.get_content().split()) == ("Nya tider – läs", ["Hej", "alla"])
        await write(http, **{"as": KARIN, "to": f"a@{DOMAIN}, b@{DOMAIN}"})
        sender, to, mail = sent(room)
        assert (mail["From"], to) == (f"Karin Lindqvist <{KARIN}>", [f"a@{DOMAIN}", f"b@{DOMAIN}"])


async def test_addresses_in_other_scripts_are_sent_as_they_are(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        done = await write(http, **{"as": "åsa@exämple.com"})
        assert done.status_code == 303
        assert room.sink.mails[-1][0] == "åsa@exämple.com"
        assert (await http.get(done.headers["location"])).status_code == 200


async def test_mistakes_are_told_beside_the_field(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        answer = await write(http, **{"as": "Robin", "to": "x", "body": "kept & safe"})
        assert answer.status_code == 422
        assert answer.text.count('aria-invalid="true"') == 2
        assert 'aria-describedby="as-hint wrong-as"' in answer.text
        assert 'id="wrong-to"' in answer.text
        assert "kept &amp; safe" in answer.text
        assert room.sink.mails == []


async def test_a_refusal_is_shown_in_the_servers_words(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        answer = await write(http, to="somebody@example.com")
        assert answer.status_code == 422
        assert "550 5.7.1 we do not take mail for that domain" in answer.text
        assert room.sink.mails == []


async def test_long_mails_are_written_up_to_a_mebibyte(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        assert (await write(http, body="long line\n" * 90_000)).status_code == 303
        assert len(room.sink.mails[-1][2]) > 900_000
        assert (await write(http, body="long line\n" * 110_000)).status_code == 413


@pytest.mark.parametrize("path", ["/mailroom/compose", "/mailroom/time", "/mailroom/letter/1/reply"])
async def test_a_form_without_its_token_does_nothing(tmp_path: Path, path: str) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.put(KARIN, question())
        other = token((await http.get("/mailroom")).text, "/mailroom/time") if path != "/mailroom/time" else "x"
        form = {"as": KARIN, "to": f"a@{DOMAIN}", "step": "day", "text": "x"}
        for value in ("", other, "åäö"):
            assert (await http.post(path, data={**form, "token": value})).status_code == 403
        assert (room.sink.mails, room.advanced) == ([], [])


@pytest.mark.parametrize("host", ["evil.example.com", "evil.example.com:8025", "127.0.0.1.example.com", "[::2]:80", ""])
async def test_another_name_for_this_machine_is_refused(tmp_path: Path, host: str) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        assert (await http.get("/mailroom", headers={"Host": host})).status_code == 403
        assert (await http.post("/mailroom/time", headers={"Host": host})).status_code == 403
        assert (await http.get("/", headers={"Host": host or "x"})).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8025", "127.0.0.1", "[::1]:8025"])
async def test_this_machine_may_be_called_by_its_names(tmp_path: Path, host: str) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        assert (await http.get("/mailroom", headers={"Host": host})).status_code == 200


async def test_time_passes_by_buttons_only(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        form = {
            "token": token((await http.get("/mailroom")).text, "/mailroom/time"),
            "back": f"/mailroom/inbox/{KARIN}",
        }
        done = await http.post("/mailroom/time", data={**form, "step": "hour"})
        assert done.headers["location"] == f"/mailroom/inbox/{KARIN}?notice=time#notice"
        assert "It is now Monday 23 November, 10:00." in (await http.get(done.headers["location"])).text
        await http.post("/mailroom/time", data={**form, "step": "day"})
        assert room.advanced == [HOUR, DAY]
        assert (await http.post("/mailroom/time", data={**form, "step": "year"})).status_code == 400
        assert (await http.get("/mailroom/time")).status_code in (404, 405)


async def test_to_the_next_event(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        form = {"token": token((await http.get("/mailroom")).text, "/mailroom/time"), "step": "next"}
        room.next_at = Instant(room.clock.now() + 5 * HOUR)
        await http.post("/mailroom/time", data=form)
        assert room.clock.now() >= room.next_at
        assert room.advanced[0] - 5 * HOUR < 1_000_000
        room.next_at = None
        done = await http.post("/mailroom/time", data={**form, "back": "//evil.example.com"})
        assert done.headers["location"] == "/mailroom?notice=nothing#notice"
        assert "Nothing is due." in (await http.get("/mailroom")).text


async def test_who_is_told_to_wait_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsvc.web.room.LOOK_SECONDS", 0)
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.db.write(lambda tx: arrive(tx, "x@example.net", f"n@{DOMAIN}", "new", ""))
        room.clock.advance(timedelta(seconds=1))
        done = await write(http)
        assert done.headers["location"].endswith("?notice=busy#notice")
        assert "still at work" in (await http.get(done.headers["location"])).text


async def test_notices_are_ours_only(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        assert 'id="notice"' not in (await http.get("/mailroom", params={"notice": "<b>you have won</b>"})).text


async def test_the_mailroom_speaks_the_sites_language(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, site={"language": "sv"}) as room, client(room) as http:
        page = (await http.get("/mailroom")).text
        assert '<html lang="sv">' in page
        assert "måndag 23 november 2026, 09:00" in page
        assert "Prova så här" in page

"""Meetings: an invitation to 1,000 members, 1,000 answers of their calendars back, the feed of 500 meetings."""

from __future__ import annotations

import smtplib
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench._kit import (
    DOMAIN,
    POSTER,
    RUNS,
    Row,
    Site,
    answers,
    folder,
    members,
    scaled,
    sink,
    site,
    submit,
    tell,
    until,
)
from mailsvc import keys

MEMBERS = scaled(1_000)
MEETINGS = scaled(500)
MIB = 1 << 20
HEAD = "From: {who}\r\nTo: {to}\r\nSubject: Maps\r\nMessage-ID: <{id}@example.org>\r\nMIME-Version: 1.0\r\n"


def begins() -> datetime:
    """A Tuesday about four weeks ahead."""
    day = datetime.now(UTC).date() + timedelta(days=28)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return datetime(day.year, day.month, day.day, 13, tzinfo=UTC)


def prepare(where: Path, relay: int) -> Site:
    """A network of so many members whose moderator is believed, because of the address of this machine."""
    home = site(where, relay)
    path = where / "config.toml"
    path.write_text(path.read_text("utf-8").replace("[smtp]", '[smtp]\ninternal_networks = ["127.0.0.0/8"]'), "utf-8")
    home.run("group", "add", "maps", "--kind", "network", "--moderator", POSTER, "--join", "closed")
    file = where / "maps.csv"
    file.write_text("address\n" + "".join(f"{address}\n" for address in members(MEMBERS - 1)), "utf-8")
    home.run("member", "import", "maps", str(file))
    home.run("group", "set", "maps", "audience", "public")
    return home


def rows(home: Site, sql: str) -> list[tuple[str, ...]]:
    """What the database says, read beside the service."""
    with closing(sqlite3.connect(f"file:{home.config.database_path}?mode=ro", uri=True)) as raw:
        return raw.execute(sql).fetchall()


def invite(home: Site) -> None:
    """The mail that calls the meeting."""
    to = f"maps-meeting@{DOMAIN}"
    day = begins().strftime("%Y-%m-%d")
    text = f"When: {day} 13:00-14:30\r\nWhere: Room 4\r\nAgenda: Old maps\r\n"
    head = HEAD.format(who=POSTER, to=to, id=time.monotonic_ns())
    submit(home.port, to, f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode())


def replies(home: Site) -> list[tuple[str, str, bytes]]:
    """From, to and content of everybody's answer."""
    key = keys.load(home.config.path(home.config.site.key_file))
    found = rows(home, "SELECT m.uid, i.address, i.key_of FROM invitee i JOIN meeting m ON m.id = i.meeting_id")
    made = []
    for uid, address, key_of in found:
        if address == POSTER:
            continue
        to = f"meeting+{key.key_for('meeting', int(key_of))}@{DOMAIN}"
        calendar = (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:0\r\n"
            f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{address}\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        head = HEAD.format(who=address, to=to, id=time.monotonic_ns())
        kind = "Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n"
        made.append((address, to, f"{head}{kind}{calendar}".encode()))
    return made


def answer_all(home: Site) -> float:
    """Seconds from the first answer that is sent to the last one that counts."""
    made = replies(home)
    start = time.monotonic()
    with smtplib.SMTP("127.0.0.1", home.port, timeout=60) as client:
        for address, to, content in made:
            client.sendmail(address, [to], content)
    count = "SELECT count(*) FROM invitee WHERE partstat = 'ACCEPTED'"
    until(lambda: int(rows(home, count)[0][0]) >= len(made) + 1, "the answers to count", 600, 0.05)
    return time.monotonic() - start


def fill(home: Site) -> None:
    """So many meetings, as the store keeps them."""
    first = begins()
    with closing(sqlite3.connect(home.config.database_path)) as raw, raw:
        for number in range(MEETINGS):
            starts = int((first + timedelta(days=number)).timestamp()) * 1_000_000
            raw.execute(
                "INSERT INTO meeting (group_id, uid, state, title, starts, ends, zone, place, agenda, created_at,"
                " changed_at) VALUES (1, ?, 'called', ?, ?, ?, 'Europe/Stockholm', 'Room 4', 'Old maps', 1, 1)",
                (f"{number}@{DOMAIN}", f"Meeting {number}", starts, starts + 5_400_000_000),
            )


def fetch(home: Site, tag: str = "") -> tuple[float, str, int]:
    """Milliseconds, the ETag and the octets of the network's feed."""
    url = f"http://{home.config.web.listen}/g/maps/calendar.ics"
    start = time.monotonic()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": tag})) as found:
            size, known = len(found.read()), str(found.headers["ETag"])
    except urllib.error.HTTPError as error:
        if error.code != 304:
            raise
        size, known = 0, tag
    return (time.monotonic() - start) * 1000, known, size


def main() -> None:
    sent, memory, back, whole, again = [], [], [], [], []
    size = 0
    with folder() as where, sink(where) as next_hop:
        for run in range(RUNS):
            home = prepare(where / f"site{run}", next_hop.port)
            with home.served():
                idle, before, start = home.rss, next_hop.recipients, time.monotonic()
                invite(home)
                sent.append(next_hop.last_after(before + MEMBERS) - start)
                back.append(answer_all(home))
                memory.append((home.rss - idle) / MIB)
            fill(home)
            with home.served():
                port = int(home.config.web.listen.rpartition(":")[2])
                until(lambda port=port: answers(port), "the pages", 60, 0.05)  # type: ignore[misc]
                took, tag, size = fetch(home)
                whole.append(took)
                again.append(fetch(home, tag)[0])
    tell(
        [
            Row(f"an invitation to {MEMBERS:,} members, the last one out", "mailsvc", "s", tuple(sent), fewer=True),
            Row(f"{MEMBERS:,} calendars' answers, the last one counted", "mailsvc", "s", tuple(back), fewer=True),
            Row("both: memory over idle", "mailsvc", "MiB", tuple(memory), fewer=True),
            Row(f"the feed of {MEETINGS} meetings", "mailsvc", "ms", tuple(whole), fewer=True, note=f"{size:,} octets"),
            Row("the same, known already", "mailsvc", "ms", tuple(again), fewer=True),
        ]
    )


if __name__ == "__main__":
    main()

"""One post to 10 members of an idle service: milliseconds from its 250 to the last copy, 100 times; p95 of each run.

Then the same beside 10,000 groups with 1,000,000 memberships, as a ratio of the medians: a large site must not make a
small group slower.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

from bench._kit import DOMAIN, RUNS, Row, Sink, Site, folder, mail, members, scaled, sink, site, submit, tell
from bench._peers import LIST, postfix

POSTS = scaled(100)
GROUPS, PEOPLE, EACH = scaled(10_000), scaled(100_000), 100

# Everybody is in ten groups; numbers begin where the small group's end.
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 999 + :count)
"""
PERSONS = f"INSERT INTO person (id, name, language, created_at) {FILL} SELECT i, 'Person ' || i, 'en', 0 FROM n"
ADDRESSES = (
    f"INSERT INTO address (id, person_id, address, folded, is_primary, verified_at) {FILL}"
    " SELECT i, i, 'p' || i || '@example.com', 'p' || i || '@example.com', 1, 0 FROM n"
)
MADE = (
    'INSERT INTO groups (id, name, kind, title, language, post, "join", settings, state, created_at)'
    f" {FILL} SELECT i, 'group' || i, 'network', 'Group ' || i, 'en', 'members', 'open', '{{}}', 'open', 0 FROM n"
)
MEMBERSHIPS = (
    "INSERT INTO membership (group_id, person_id, address_id, role, joined_at)"
    f" {FILL}, k(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM k WHERE j < {EACH - 1})"
    " SELECT n.i, p, p, 'member', 0 FROM (SELECT n.i, 1000 + (n.i * 7919 + k.j * :people / 100 + k.j) % :people AS p"
    " FROM n, k) AS n"
)


def crowd(path: Path) -> int:
    """Fill the database with groups and people; how many memberships."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute(PERSONS, {"count": PEOPLE})
        raw.execute(ADDRESSES, {"count": PEOPLE})
        raw.execute(MADE, {"count": GROUPS})
        raw.execute(MEMBERSHIPS, {"count": GROUPS, "people": PEOPLE})
        raw.execute("ANALYZE")
        (count,) = raw.execute("SELECT count(*) FROM membership").fetchone()
    return int(count)


def milliseconds(port: int, to: str, next_hop: Sink) -> list[float]:
    found = []
    for number in range(POSTS):
        before = next_hop.recipients
        taken = submit(port, to, mail(to, number=number))
        found.append((next_hop.last_after(before + 10) - taken) * 1000)
        time.sleep(0.02)
    return found


def served(home: Site, next_hop: Sink) -> tuple[list[float], list[float]]:
    """p95 and median of each run."""
    high, middle = [], []
    with home.served():
        milliseconds(home.port, f"ten@{DOMAIN}", next_hop)
        for _ in range(RUNS):
            times = milliseconds(home.port, f"ten@{DOMAIN}", next_hop)
            high.append(statistics.quantiles(times, n=20)[-1])
            middle.append(statistics.median(times))
    return high, middle


def by_postfix(where: Path, next_hop: Sink) -> list[float]:
    found = []
    with postfix(where, next_hop.port, "", members(10)) as peer:
        for _ in range(RUNS if peer else 0):
            assert peer is not None
            times = milliseconds(peer.port, f"{LIST}@lists.example.org", next_hop)
            found.append(statistics.quantiles(times, n=20)[-1])
    return found


def main() -> None:
    work = "one post to 10 members, idle: 250 to the last copy, p95"
    rows = []
    with folder() as where, sink(where) as next_hop:
        empty, full = site(where / "empty", next_hop.port), site(where / "full", next_hop.port)
        for home in (empty, full):
            home.group("ten", members(10))
        memberships = crowd(full.config.database_path)
        high, middle = served(empty, next_hop)
        rows.append(Row(work, "mailsvc", "ms", tuple(high), 30, 100, fewer=True))
        _, crowded = served(full, next_hop)
        ratios = tuple(many / few for many, few in zip(crowded, middle, strict=True))
        work_beside = f"the same beside {GROUPS:,} groups with {memberships:,} memberships"
        note = f"medians {statistics.median(crowded):.1f} and {statistics.median(middle):.1f} ms"
        rows.append(Row(work_beside, "mailsvc", "times as long", ratios, 1.1, 1.3, fewer=True, note=note))
        if values := by_postfix(where, next_hop):
            rows.append(Row(work, "Postfix alias", "ms", tuple(values), fewer=True))
    tell(rows)


if __name__ == "__main__":
    main()

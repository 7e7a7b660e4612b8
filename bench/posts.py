"""Mail coming in: durable accepts a second with 10 sessions and one mail per connection, and whole posts a second.

An accept is measured at a group that is held, so that the mail is kept and nothing follows. A whole post goes from its
first byte to the last copy of 10 members. Beside it Postfix: into its hold queue, and through an alias to 10 addresses;
and mlmmj-receive, ten at a time, which has no SMTP in front of it.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench._kit import DOMAIN, RUNS, Row, Sink, Site, flood, folder, members, scaled, sink, site, tell, until
from bench._peers import LIST, mlmmj, mlmmj_list, mlmmj_posts, postfix

ACCEPTS = scaled(3000)
POSTS = scaled(1000)
AT_PEER = f"{LIST}@lists.example.org"


def ours(where: Path, next_hop: Sink) -> tuple[list[float], list[float]]:
    """Accepts a second, whole posts a second."""
    home = site(where / "site", next_hop.port)
    home.group("held", members(10))
    home.group("ten", members(10))
    home.run("group", "hold", "held")
    accepts, posts = [], []
    with home.served():
        for _ in range(RUNS):
            accepts.append(ACCEPTS / flood(home.port, f"held@{DOMAIN}", ACCEPTS))
            until(lambda: _rests(home), "the accepted mail to be put aside")
        for _ in range(RUNS):
            before, start = next_hop.recipients, time.monotonic()
            flood(home.port, f"ten@{DOMAIN}", POSTS)
            posts.append(POSTS / (next_hop.last_after(before + 10 * POSTS) - start))
    return accepts, posts


def _rests(home: Site) -> bool:
    """Whether the service has nothing to do: it did not use the processor for half a second."""
    before = home.cpu
    time.sleep(0.5)
    return home.cpu - before < 0.05


def by_postfix(where: Path, next_hop: Sink) -> tuple[list[float], list[float]]:
    accepts, posts = [], []
    with postfix(where, next_hop.port, "smtpd_client_restrictions = static:HOLD\n") as peer:
        for _ in range(RUNS if peer else 0):
            assert peer is not None
            accepts.append(ACCEPTS / flood(peer.port, "somebody@example.org", ACCEPTS))
    with postfix(where, next_hop.port, "", members(10)) as peer:
        for _ in range(RUNS if peer else 0):
            assert peer is not None
            before, start = next_hop.recipients, time.monotonic()
            flood(peer.port, AT_PEER, POSTS)
            posts.append(POSTS / (next_hop.last_after(before + 10 * POSTS) - start))
    return accepts, posts


def by_mlmmj(where: Path, next_hop: Sink) -> list[float]:
    program = mlmmj()
    if program is None:
        return []
    home = mlmmj_list(where, members(10), next_hop.port)
    found = []
    for _ in range(RUNS):
        before, start = next_hop.recipients, time.monotonic()
        mlmmj_posts(program, home, POSTS)
        found.append(POSTS / (next_hop.last_after(before + 10 * POSTS) - start))
    return found


def main() -> None:
    accept, post = "durable accepts, 10 sessions, one mail per connection", "whole posts, 10 members, 10 sessions"
    rows = []
    with folder() as where:
        with sink(where) as next_hop:
            accepts, posts = ours(where, next_hop)
            rows.append(Row(accept, "mailsvc", "mails/s", tuple(accepts), 1500, 800))
            rows.append(Row(post, "mailsvc", "posts/s", tuple(posts), 350, 170))
            accepts, posts = by_postfix(where, next_hop)
            if accepts and posts:
                rows.append(Row(accept, "Postfix", "mails/s", tuple(accepts)))
                rows.append(Row(post, "Postfix alias", "posts/s", tuple(posts)))
        with sink(where, quickack=True) as next_hop:
            if values := by_mlmmj(where, next_hop):
                rows.append(Row(post, "mlmmj without SMTP in front", "posts/s", tuple(values)))
    tell(rows)


if __name__ == "__main__":
    main()

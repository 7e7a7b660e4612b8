"""One post to 10,000 members: copies a second from its 250 to the last copy at the next hop, over the whole service.

Personal: every member has a transaction, an envelope sender and a way out of their own. Shared: 100 members in one
transaction. Beside it mlmmj (own VERP; its next hop acknowledges at once, which is its best case) and a Postfix alias.
"""

from __future__ import annotations

from pathlib import Path

from bench._kit import DOMAIN, RUNS, Row, Sink, folder, mail, members, scaled, sink, site, submit, tell
from bench._peers import LIST, mlmmj_fanout, postfix

MEMBERS = scaled(10_000)


def ours(where: Path, next_hop: Sink, addresses: list[str], delivery: str) -> tuple[list[float], list[float]]:
    """Copies a second, and microseconds of processor time for each."""
    home = site(where / delivery, next_hop.port)
    home.group("few", addresses[:10], delivery=delivery)
    home.group("all", addresses, delivery=delivery)
    found, cost = [], []
    with home.served():
        before = next_hop.recipients
        submit(home.port, f"few@{DOMAIN}", mail(f"few@{DOMAIN}"))
        next_hop.last_after(before + 10)
        for run in range(RUNS):
            before, cpu = next_hop.recipients, home.cpu
            taken = submit(home.port, f"all@{DOMAIN}", mail(f"all@{DOMAIN}", number=run))
            found.append(len(addresses) / (next_hop.last_after(before + len(addresses)) - taken))
            cost.append((home.cpu - cpu) / len(addresses) * 1e6)
    return found, cost


def by_postfix(where: Path, next_hop: Sink, addresses: list[str]) -> list[float]:
    found = []
    with postfix(where, next_hop.port, "", addresses) as peer:
        for run in range(RUNS if peer else 0):
            assert peer is not None
            before = next_hop.recipients
            taken = submit(peer.port, f"{LIST}@lists.example.org", mail(f"{LIST}@lists.example.org", number=run))
            found.append(len(addresses) / (next_hop.last_after(before + len(addresses)) - taken))
    return found


def main() -> None:
    addresses = members(MEMBERS)
    rows = []
    with folder() as where:
        with sink(where) as next_hop:
            for delivery, aim, least in (("personal", 10_000, 6_000), ("shared", 50_000, 20_000)):
                values, cost = ours(where, next_hop, addresses, delivery)
                note = f"{sorted(cost)[len(cost) // 2]:.0f} us of processor time per copy"
                work = f"{delivery} fan-out to {MEMBERS:,}"
                rows.append(Row(work, "mailsvc", "copies/s", tuple(values), aim, least, note=note))
            if values := by_postfix(where, next_hop, addresses):
                rows.append(Row(f"shared fan-out to {MEMBERS:,}", "Postfix alias", "copies/s", tuple(values)))
        with sink(where, quickack=True) as next_hop:
            if values := mlmmj_fanout(where, next_hop, addresses, RUNS):
                rows.append(Row(f"personal fan-out to {MEMBERS:,}", "mlmmj", "copies/s", tuple(values)))
            if values := mlmmj_fanout(where, next_hop, addresses, RUNS, verp="postfix"):
                rows.append(Row(f"shared fan-out to {MEMBERS:,}", "mlmmj", "copies/s", tuple(values)))
    tell(rows)


if __name__ == "__main__":
    main()

"""A post of 10 MiB to 100,000 members: the most memory that the service takes over what it has idle.

Sending a terabyte would only measure the machine's loopback, so it ends after the first 1,000 copies; memory does not
grow after that (the window of copies is full long before).
"""

from __future__ import annotations

from bench._kit import DOMAIN, RUNS, Row, folder, mail, members, scaled, sink, site, submit, tell, until

MEMBERS = scaled(100_000)
COPIES = scaled(1_000)
MIB = 1 << 20


def main() -> None:
    values, idle = [], 0
    limits = f"group_message_size = {20 * MIB}"
    with folder() as where, sink(where) as next_hop:
        for run in range(RUNS):
            home = site(where / f"site{run}", next_hop.port, limits)
            home.group("few", members(10))
            home.group("all", members(MEMBERS))
            with home.served():
                before = next_hop.recipients
                submit(home.port, f"few@{DOMAIN}", mail(f"few@{DOMAIN}"))
                next_hop.last_after(before + 10)
                idle = most = home.rss
                submit(home.port, f"all@{DOMAIN}", mail(f"all@{DOMAIN}", size=10 * MIB))

                def seen(least: int = before + 10 + COPIES) -> bool:
                    nonlocal most
                    most = max(most, home.rss)  # noqa: B023 - called within this turn only
                    return next_hop.recipients >= least

                until(seen, "the first copies", 600, 0.01)
                values.append((most - idle) / MIB)
                assert home.running is not None
                home.running.kill()  # it would go on for a terabyte
    note = f"idle {idle / MIB:.0f} MiB"
    work = f"a 10 MiB post to {MEMBERS:,}: memory over idle"
    tell([Row(work, "mailsvc", "MiB", tuple(values), 100, 150, fewer=True, note=note)])


if __name__ == "__main__":
    main()

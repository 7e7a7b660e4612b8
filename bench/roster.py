"""`mailsvc member import` of 100,000 members: seconds of the whole command, the interpreter's start included."""

from __future__ import annotations

import time

from bench._kit import RUNS, Row, folder, scaled, site, tell

MEMBERS = scaled(100_000)


def main() -> None:
    values = []
    with folder() as where:
        file = where / "roster.csv"
        rows = "".join(f"person{number}@example.org,Person {number},member,each,sv\n" for number in range(MEMBERS))
        file.write_text("address,name,role,delivery,language\n" + rows, "utf-8")
        for run in range(RUNS):
            home = site(where / f"site{run}", 25)
            home.run("group", "add", "all", "--kind", "everyone")
            start = time.monotonic()
            home.run("member", "import", "all", str(file))
            values.append(time.monotonic() - start)
    tell([Row(f"import of {MEMBERS:,} members", "mailsvc", "s", tuple(values), 3, 5, fewer=True)])


if __name__ == "__main__":
    main()

"""Runs every benchmark and writes what came out into docs/benchmarks.md (`make bench`); or those that are named.

BENCH_RUNS=5 repeats each more often, BENCH_SCALE=0.1 is a quick look (nothing is written then), MLMMJ_BIN is where
mlmmj was unpacked if it is not installed.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench._kit import ROOT, RUNS, SCALE, Row, figure

PAGE = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- results -->", "<!-- end of results -->"
ALL = ("fanout", "posts", "latency", "memory", "roster", "meetings")


def run(name: str) -> Iterator[Row]:
    """The rows of one benchmark, as they come."""
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py"), "--json"]
    print(f"# {' '.join(command[1:])}", flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT, env=environment)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            values = json.loads(line)
            row = Row(**values | {"values": tuple(values["values"])})
            print(row.text(), flush=True)
            yield row
    if done.returncode:
        raise SystemExit(f"{name} failed")


def machine() -> str:
    """What it ran on."""
    cpu = next(
        (line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}"


def verdict(row: Row) -> str:
    """How a result stands to what was aimed at."""
    if not row.aim:
        return ""
    sign = -1 if row.fewer else 1
    if row.median * sign >= row.aim * sign:
        return "reached"
    return "at least" if row.median * sign >= row.least * sign else "**missed**"


def table(rows: Sequence[Row], loads: tuple[float, float]) -> str:
    """The results as a page shows them; peers as what our result is of theirs."""
    ours = {row.work: row.median for row in rows if row.system == "mailsvc"}
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {machine()};",
        f"load average {loads[0]:.1f} before and {loads[1]:.1f} after; median of {RUNS} runs [least..most].",
        "",
        "| work | system | result | aim | at least | ours is |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        spread = f" [{figure(min(row.values))}..{figure(max(row.values))}]"
        bounds = (figure(row.aim), figure(row.least)) if row.aim else ("", "")
        is_ours = row.system == "mailsvc"
        ratio = verdict(row) if is_ours or row.work not in ours else f"{ours[row.work] / row.median:.2f} ×"
        result = f"{figure(row.median)}{spread} {row.unit}" + (f"; {row.note}" if row.note else "")
        lines.append(f"| {row.work} | {row.system} | {result} | {bounds[0]} | {bounds[1]} | {ratio} |")
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the results between the marks of the page."""
    page = PAGE.read_text("utf-8")
    before, found, rest = page.partition(START)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise SystemExit(f"{PAGE} has no place for results")
    PAGE.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", "utf-8")


def main() -> None:
    names = [name for name in sys.argv[1:] if name in ALL] or list(ALL)
    before = os.getloadavg()[0]
    rows = [row for name in names for row in run(name)]
    text = table(rows, (before, os.getloadavg()[0]))
    print(text)
    if names == list(ALL) and SCALE == 1:
        write(text)


if __name__ == "__main__":
    main()

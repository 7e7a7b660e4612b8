"""A fuzzer for our readers: mutations of a saved corpus, work counted in calls, and memory that must not grow.

Every run is repeatable: mutations follow from a seed and the corpus alone. `python -m tests.property.fuzz_kit NAME N`
tries N mutations and adds to tests/property/corpus/NAME those small inputs that reach code nothing else there reaches.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 4096  # octets of a mutated input; what growing inputs cost is measured apart
SMALL = 400  # octets of an input worth saving


@dataclass(frozen=True, slots=True)
class Target:
    """`run` reads any bytes and asserts what holds for all of them; `tokens` are what its grammar is made of."""

    name: str
    run: Callable[[bytes], None]
    tokens: tuple[bytes, ...]


def corpus(name: str) -> list[bytes]:
    """The saved inputs, in a fixed order."""
    found = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
    assert found, f"no corpus of {name}"
    return found


def mutations(target: Target, count: int, seed: int = 0) -> Iterator[bytes]:
    """The corpus itself, then `count` inputs made from it."""
    rng = random.Random(f"{target.name} {seed}")
    pool = corpus(target.name)
    yield from pool
    for _ in range(count):
        data = bytearray(rng.choice(pool))
        for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
            mutate(data, rng, pool, target.tokens)
        yield bytes(data[:LONGEST])


def mutate(data: bytearray, rng: random.Random, pool: list[bytes], tokens: tuple[bytes, ...]) -> None:
    """One change somewhere."""
    place = rng.randrange(len(data) + 1)
    end = min(len(data), place + rng.choice((1, 1, 2, 4, 16, 64)))
    kind = rng.randrange(8)
    if kind == 0:
        data[place:place] = rng.choice(tokens)
    elif kind == 1:
        data[place:end] = rng.choice(tokens)
    elif kind == 2:
        del data[place:end]
    elif kind == 3:
        data[place:end] = data[place:end] * rng.choice((2, 3, 10))
    elif kind == 4:
        other = rng.choice(pool)
        start = rng.randrange(len(other) + 1)
        data[place:end] = other[start : start + rng.randrange(80)]
    elif kind == 5:
        data[place:end] = rng.randbytes(rng.choice((1, 1, 2, 3)))
    elif kind == 6 and place < len(data):
        data[place] ^= 1 << rng.randrange(8)
    else:
        data[place:place] = rng.choice(tokens) * rng.choice((1, 5, 40))


def calls(run: Callable[[], None]) -> int:
    """How many functions, of Python and of C, are called: the same on every machine."""
    count = 0

    def profile(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def resident() -> int:
    """Octets of memory that this process has."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


# ---- the corpus grows where an input reaches new code


def reached(run: Callable[[], None], lines: set[tuple[CodeType, int]]) -> bool:
    """Whether `run` reaches lines of ours that are not in `lines` yet; they are added."""
    new = False

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal new
        if event == "call":
            return trace if "/mailsvc/" in frame.f_code.co_filename or "/lists/" in frame.f_code.co_filename else None
        if event == "line" and (frame.f_code, frame.f_lineno) not in lines:
            lines.add((frame.f_code, frame.f_lineno))
            new = True
        return trace

    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(None)
    return new


def grow(target: Target, count: int) -> int:
    """Save the inputs among `count` mutations that reach code which none before them reached; how many were saved."""
    lines: set[tuple[CodeType, int]] = set()
    for data in corpus(target.name):
        reached(partial(target.run, data), lines)
    saved = 0
    for data in mutations(target, count, seed=random.randrange(1 << 30)):
        if len(data) <= SMALL and reached(partial(target.run, data), lines):
            (CORPUS / target.name / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
            saved += 1
    return saved


if __name__ == "__main__":
    wanted = {one.name: one for one in importlib.import_module("tests.property.test_fuzz").TARGETS}[sys.argv[1]]
    print(grow(wanted, int(sys.argv[2])), "saved")

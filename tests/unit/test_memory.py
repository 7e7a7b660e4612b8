"""Memory that a large mail took goes back to the system."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mailsvc.memory import give_back_large_blocks
from tests.tools import ROOT

# Several threads in turn, each with blocks of ten megabytes, as reading, composing and sending a large mail have them.
SCRIPT = """
import os, sys, threading
from mailsvc.memory import give_back_large_blocks
assert give_back_large_blocks()
def work():
    for _ in range(3):
        blocks = [bytes(10 << 20) + b"x" for _ in range(3)]
        del blocks
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = rss()
for _ in range(6):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print((rss() - before) >> 20)
"""


def test_large_blocks_leave_nothing_behind() -> None:
    if not (sys.platform.startswith("linux") and "glibc" in os.confstr("CS_GNU_LIBC_VERSION").lower()):  # type: ignore[union-attr]
        pytest.skip("only glibc has this to set")
    assert give_back_large_blocks()
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 8

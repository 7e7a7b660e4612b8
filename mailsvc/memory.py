"""How the process gets memory from the system: what was taken for a large mail goes back when it is done with."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import sys
from typing import Final

# mallopt(3) of glibc. By itself it raises the threshold to the largest block ever freed, up to 32 MiB; from then on
# mails of ten megabytes lie in the heaps of whichever threads touched them, and those do not shrink: measured for one
# post, 144 MiB over idle instead of 75.
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
LARGE: Final = 256 * 1024
ARENAS: Final = 2
YOUNG_OBJECTS: Final = 10_000


def give_back_large_blocks() -> bool:
    """Let blocks from 256 KiB on be mapped one by one, and few heaps be made; False where the C library is another."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGE)) and bool(mallopt(_ARENA_MAX, ARENAS))


def collect_less_often() -> None:
    """Leave what the start has made out of every later search for cycles, and search after more new objects.

    A mail makes some thousand objects, most without cycles; with the interpreter's own numbers (700, 10, 10) every mail
    is searched several times over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)

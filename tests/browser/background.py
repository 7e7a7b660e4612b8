"""A server in a loop of its own thread, because a browser driver blocks the one that it runs in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Runs coroutines in its thread; `call` waits for one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="background")
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, awaited in the thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def in_background(manager: AbstractAsyncContextManager[T]) -> Iterator[tuple[T, Background]]:
    """Enter an async context manager in a background loop, and leave it there at the end."""
    background = Background()
    try:
        value = background.call(manager.__aenter__())
        try:
            yield value, background
        finally:
            background.call(manager.__aexit__(None, None, None))
    finally:
        background.close()

"""How often pictures are published, so that a server with many of them slows all down evenly and stays at hand."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST = 0.4
"""Of one core, for reading rows and making frames of all runs together."""
SHORTEST = 1 / 12
"""Seconds from one frame to the next: drawing eight pictures keeps a browser on two slow cores busy for half of it."""
LONGEST = 1.0
LOOK_EVERY = 0.5
"""Seconds over which the cost is summed up before the interval follows it."""
FASTER, SLOWER = 0.75, 1.5
"""The most that one look changes the interval by, so that a single costly frame does not stop everything."""


class Share:
    """`interval` is what all runs wait from one frame to the next: as long as work takes more than its share, longer.

    Work is counted in CPU seconds of the thread that does it: on a busy machine waiting is no work.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked = clock()
        self._spent = 0.0
        self.interval = SHORTEST

    def spend(self, seconds: float) -> None:
        self._spent += seconds
        now = self._clock()
        passed = now - self._looked
        if passed >= LOOK_EVERY:
            factor = self._spent / passed / MOST
            self.interval = min(LONGEST, max(SHORTEST, self.interval * min(SLOWER, max(FASTER, factor))))
            self._looked, self._spent = now, 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        began = time.thread_time()
        try:
            yield
        finally:
            self.spend(time.thread_time() - began)

    async def aside(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """In a thread of its own, and counted."""

        def timed() -> tuple[T, float]:
            began = time.thread_time()
            return work(*args, **more), time.thread_time() - began

        found, seconds = await asyncio.to_thread(timed)
        self.spend(seconds)
        return found

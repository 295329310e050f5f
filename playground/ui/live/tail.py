"""Follows a run's folder once for everybody who watches it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playground.core.errors import BrokenRun
from playground.core.measurement import Row
from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, RunSummary, describe
from playground.runs.table import numbers, to_series
from playground.ui.live import content
from playground.ui.live.content import Speed, Standing
from playground.ui.live.history import History

_log = logging.getLogger(__name__)

POLL = 0.02
"""Seconds between looks for the next part while it moves: half of it is what watching adds to the lag, on average."""
CALM_POLL = 0.1
"""The same when nothing came for a while: paused, queued, lost."""
CALM_AFTER = 2.0
STANDING_EVERY = 0.25
"""Seconds between looks at status and alarms."""
PUBLISH_EVERY = 1 / 12
"""Seconds between frames: drawing five pictures keeps a browser on two slow cores busy for half of that. Everybody
gets a frame at the same moment, so that one is made for all."""
SPEED_OVER = 3.0
"""Seconds of rows from which the rate is taken."""


class TailFailed(Exception):
    """The run cannot be followed any more; the server's log says why. Whoever connects anew gets a new tail."""


class Tail:
    """One run. `version` counts what was published; it moves only inside the event loop."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._history: History | None = None
        self._standing = Standing()
        self._walls: deque[tuple[int, float]] = deque()
        self._next_part = 1
        self._changed = asyncio.Condition()
        self._first: dict[str, Any] | None = None
        self._frames: dict[int, bytes] = {}
        self._words: content.Words | None = None
        self._failed = False
        self.version = 0

    @property
    def newest(self) -> int:
        return self._history.newest if self._history else -1

    async def changed(self, seen: int) -> int:
        """Waits until something newer than version `seen` is published; its version. Raises TailFailed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.version > seen or self._failed)
        if self._failed:
            raise TailFailed
        return self.version

    def frame(self, after: int) -> bytes:
        """What is new since update `after`, made once for all who are at the same point."""
        assert self._history is not None, "published before it was opened"
        if after > self.newest:
            after = -1  # of another life of this run: shown afresh
        if after not in self._frames:
            if self._words is None:
                self._words = content.words(self._history)
            first = self._skeletons() if after < 0 else None
            speed = self._speed()
            self._frames[after] = content.frame(self._history, after, self._standing, speed, self._words, first)
        return self._frames[after]

    async def follow(self) -> None:
        """Runs until it is cancelled, or until the run has ended and everything of it was published."""
        try:
            await self._follow()
        except Exception:
            # Nobody awaits this task: without a word to those who watch, they would wait for ever.
            _log.exception("Run %s cannot be followed any more.", self._folder.run_id)
            self._failed = True
            async with self._changed:
                self._changed.notify_all()

    async def _follow(self) -> None:
        published, moved, looked = 0.0, time.monotonic(), 0.0
        pending = True
        await asyncio.to_thread(self._open)
        while True:
            now = time.monotonic()
            ended = False
            if now - looked >= STANDING_EVERY:
                standing = await asyncio.to_thread(self._look)
                pending |= standing != self._standing
                self._standing, looked = standing, now
                ended = not _goes_on(standing)
            if await self._read_parts():
                pending, moved = True, now
            if pending and (now - published >= PUBLISH_EVERY or ended):
                await self._publish()
                # Counted from when it was due: what the poll comes late would be lost from the rate.
                pending, published = False, max(published + PUBLISH_EVERY, now - PUBLISH_EVERY)
            if ended:
                return
            await asyncio.sleep(CALM_POLL if now - moved > CALM_AFTER else POLL)

    def _open(self) -> None:
        """Everything that is stored already, and the number of the part that comes next."""
        try:
            self._history = History(self._folder.specs(), content.NEEDS)
            table = self._folder.parts.whole()
            if len(table):
                self._next_part = int(numbers(table["part"]).max()) + 1
                updates, walls = numbers(table["update"]), numbers(table["wall"])
                late = walls >= walls[-1] - SPEED_OVER
                self._walls.extend(zip(updates[late].tolist(), walls[late].tolist(), strict=True))
                self._history.open(int(updates[-1]), lambda spec: to_series(spec, table))
        except BrokenRun:
            # The status says why; the pictures show as much as could be read.
            self._history = self._history or History((), ())

    async def _read_parts(self) -> bool:
        """Adds all parts that are there by now; whether there were any."""
        found = False
        while True:
            try:
                rows = await asyncio.to_thread(self._folder.read_part, self._next_part)
            except BrokenRun:
                return found
            if rows is None:
                return found
            self._next_part += 1
            for row in rows:
                self._add(row)
            found = True

    def _add(self, row: Row) -> None:
        assert self._history is not None
        self._history.add(row)
        self._walls.append((row.update, row.wall))
        while self._walls[-1][1] - self._walls[0][1] > SPEED_OVER:
            self._walls.popleft()

    def _look(self) -> Standing:
        summary = describe(self._folder)
        try:
            findings = self._folder.findings()
            wanted = self._folder.control().pace
        except BrokenRun:
            return Standing(summary.status, summary.reason)
        configured = summary.config.pace if summary.config else 0
        pace = configured if wanted is None else wanted
        alarms = tuple(found for found in findings if isinstance(found, Alarm))
        cleared = frozenset((found.kind, found.raised) for found in findings if isinstance(found, Cleared))
        return Standing(summary.status, _reason(summary), summary.updates, pace, alarms, cleared)

    def _speed(self) -> Speed:
        if not self._walls:
            return Speed()
        (first, began), (last, ended) = self._walls[0], self._walls[-1]
        return Speed((last - first) / (ended - began) if ended > began else 0.0, ended)

    def _skeletons(self) -> dict[str, Any]:
        assert self._history is not None
        if self.newest < 0:
            return content.skeletons(self._history.start())
        # Update 0 does not change any more: the edges of histograms and the references are known from now on.
        self._first = self._first or content.skeletons(self._history.start())
        return self._first

    async def _publish(self) -> None:
        async with self._changed:
            self._frames.clear()
            self._words = None
            self.version += 1
            self._changed.notify_all()


def _goes_on(standing: Standing) -> bool:
    status = RunStatus(standing.status)
    return status.unfinished or status is RunStatus.BROKEN


def _reason(summary: RunSummary) -> str:
    # "Finished after 400 updates." adds nothing to the status beside it.
    return "" if summary.status is RunStatus.FINISHED else summary.reason


class Tails:
    """The tails of all runs that somebody watches now."""

    def __init__(self) -> None:
        self._watched: dict[str, tuple[Tail, asyncio.Task[None]]] = {}
        self._watchers: dict[str, int] = {}

    @asynccontextmanager
    async def watch(self, folder: RunFolder) -> AsyncIterator[Tail]:
        """The one tail of this run, followed for as long as anybody is inside."""
        name = folder.run_id
        if name not in self._watched:
            tail = Tail(folder)
            self._watched[name] = tail, asyncio.create_task(tail.follow(), name=f"tail {name}")
        self._watchers[name] = self._watchers.get(name, 0) + 1
        tail, task = self._watched[name]
        try:
            yield tail
        finally:
            self._watchers[name] -= 1
            if not self._watchers[name]:
                del self._watchers[name], self._watched[name]
                task.cancel()

"""Follows a run's folder once for everybody who watches it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from playground.core.errors import BrokenRun
from playground.core.measurement import Measurements, Row
from playground.figures.figure import Figure
from playground.runs.folder import RunFolder
from playground.ui.live import content
from playground.ui.live.chosen import Figures, needs
from playground.ui.live.content import Speed
from playground.ui.live.history import History
from playground.ui.live.page import skeleton
from playground.ui.live.reading import news, stored
from playground.ui.live.share import Share
from playground.ui.live.standing import Standing, look

_log = logging.getLogger(__name__)

POLL = 0.02
"""Seconds between looks for the next part while it moves: half of it is what watching adds to the lag, on average."""
POLLS = 8
"""The most looks in the time between two frames."""
CALM_POLL = 0.1
"""Seconds between such looks when nothing came for a while: paused, queued, lost."""
CALM_AFTER = 2.0
ENDED_EVERY = 2.0
"""Seconds between looks whether a run that ended goes on again."""
STANDING_EVERY = 0.25
"""Seconds between looks at status and alarms."""
SELDOM = 3
"""Where many are watched: frames for one new set of words, and for one look at how the run stands."""
WORDS_EVERY = 0.2
"""Seconds for which words stand: nobody reads faster, and they cost a fifth of a frame."""
SPEED_OVER = 3.0
"""Seconds of rows from which the rate is taken."""


class TailFailed(Exception):
    """The run cannot be followed any more; the server's log says why. Whoever connects anew gets a new tail."""


class Taken(NamedTuple):
    """A frame, the version that it shows, and the newest update in it."""

    version: int
    frame: bytes
    newest: int


class Tail:
    """One run. `version` counts what was published; it moves only inside the event loop."""

    def __init__(self, folder: RunFolder, share: Share) -> None:
        self._folder = folder
        self._share = share
        self._history: History | None = None
        self._standing = Standing()
        self._walls: deque[tuple[int, float]] = deque()
        self._next_part = 1
        self._changed = asyncio.Condition()
        self._first: dict[str, Any] = {}
        self._drawing = asyncio.Lock()
        self._taken: dict[tuple[int, Figures], Taken] = {}
        self._words: dict[Figures, content.Words] = {}
        self._said = 0.0
        self._behind = False
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

    async def take(self, after: int, figures: Figures) -> Taken:
        """What is new of these since update `after`, made once for all who are at the same point."""
        if after > self.newest:
            after = -1  # of another life of this run: shown afresh
        if after < 0:
            await self._draw(figures)
        key = after, figures
        if key not in self._taken:
            with self._share.counted():
                self._taken[key] = Taken(self.version, self._frame(after, figures), self.newest)
        return self._taken[key]

    def _frame(self, after: int, figures: Figures) -> bytes:
        assert self._history is not None, "published before it was opened"
        if figures not in self._words:
            self._words[figures] = content.words(self._history, figures)
        first = {figure.name: self._first[figure.name] for figure in figures} if after < 0 else None
        said, speed = self._words[figures], self._speed()
        return content.frame(self._history, figures, after, self._standing, speed, said, first)

    async def _draw(self, figures: Figures) -> None:
        """Makes the first pictures that are missing: aside, for each takes some 20 ms, and once for a whole class."""
        assert self._history is not None, "published before it was opened"
        async with self._drawing:
            while missing := [figure for figure in figures if figure.name not in self._first]:
                begun, start = self.newest >= 0, self._history.start(needs(missing))
                drawn = await self._share.aside(_skeletons, missing, start)
                # Before update 0 neither the edges of histograms nor the references are known.
                if begun == (self.newest >= 0):
                    self._first |= drawn

    async def follow(self) -> None:
        """Runs until it is cancelled. Of a run that has ended it only looks, now and then, whether it goes on again."""
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
        await self._open()
        while True:
            now, interval = time.monotonic(), self._share.interval
            ended = False
            if now - looked >= max(STANDING_EVERY, SELDOM * interval):
                standing = await self._share.aside(look, self._folder)
                pending |= standing != self._standing
                self._standing, looked = standing, now
                ended = not standing.goes_on
            due = published + interval
            # Not read before it may be shown: what comes meanwhile is then read in one go.
            if now >= due or ended:
                if await self._read():
                    pending, moved = True, now
                if pending or (self._behind and now - self._said >= self._words_every):
                    await self._publish(now)
                    # Counted from when it was due: what the poll comes late would be lost from the rate.
                    pending, published = False, max(due, now - interval)
            if ended:
                await self._resumed()
                moved, looked = time.monotonic(), 0.0
                continue
            poll = CALM_POLL if now - moved > CALM_AFTER else max(POLL, interval / POLLS)
            await asyncio.sleep(max(poll, published + interval - now))

    async def _resumed(self) -> None:
        """Waits until a run that has ended does not stand as it did: it goes on again, or did and ended anew."""
        while await self._share.aside(look, self._folder) == self._standing:
            await asyncio.sleep(ENDED_EVERY)

    async def _open(self) -> None:
        """Everything that is stored already, and the number of the part that comes next."""
        try:
            found = await self._share.aside(stored, self._folder)
        except BrokenRun:
            # The status says why; the pictures show as much as could be read.
            self._history = History((), ())
            return
        self._history, self._next_part = found.history, found.next_part
        if len(found.walls):
            late = found.walls >= found.walls[-1] - SPEED_OVER
            self._walls.extend(zip(found.updates[late].tolist(), found.walls[late].tolist(), strict=True))

    async def _read(self) -> bool:
        """Adds the rows that have come; whether there were any."""
        found = await self._share.aside(news, self._folder, self._next_part)
        self._next_part = found.next_part
        with self._share.counted():
            for row in found.rows:
                self._add(row)
        return bool(found.rows)

    def _add(self, row: Row) -> None:
        assert self._history is not None
        if self.newest < 0:
            self._first.clear()
        self._history.add(row)
        self._walls.append((row.update, row.wall))
        while self._walls[-1][1] - self._walls[0][1] > SPEED_OVER:
            self._walls.popleft()

    @property
    def _words_every(self) -> float:
        return max(WORDS_EVERY, SELDOM * self._share.interval)

    def _speed(self) -> Speed:
        if not self._walls:
            return Speed()
        (first, began), (last, ended) = self._walls[0], self._walls[-1]
        return Speed((last - first) / (ended - began) if ended > began else 0.0, ended)

    async def _publish(self, now: float) -> None:
        async with self._changed:
            self._taken.clear()
            # While rows come in quick succession words may stay behind; what comes last is always said.
            self._behind = self._standing.status == "running" and now - self._said < self._words_every
            if not self._behind:
                self._words.clear()
                self._said = now
            self.version += 1
            self._changed.notify_all()


def _skeletons(figures: Sequence[Figure[Any]], start: Measurements) -> dict[str, Any]:
    return {figure.name: skeleton(figure, start) for figure in figures}


class Tails:
    """The tails of all runs that somebody watches now."""

    def __init__(self) -> None:
        self._share = Share()
        self._watched: dict[str, tuple[Tail, asyncio.Task[None]]] = {}
        self._watchers: dict[str, int] = {}

    @asynccontextmanager
    async def watch(self, folder: RunFolder) -> AsyncIterator[Tail]:
        """The one tail of this run, followed for as long as anybody is inside."""
        name = folder.run_id
        if name not in self._watched:
            tail = Tail(folder, self._share)
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

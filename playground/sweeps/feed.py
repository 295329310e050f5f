"""What hands out the blocks of all maps to the engine's workers: owners take turns, block by block.

It knows nothing that the maps' folders do not say, so that after a restart everything goes on from them.
"""

import logging
import queue
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress
from functools import cache

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.engine import engine
from playground.runs.feeding import Work
from playground.sweeps.feeders import EVERY, STALE
from playground.sweeps.filling import Filling
from playground.sweeps.folder import MapFolder, passes
from playground.sweeps.maps import Maps

SWEEP, SHARE = 2.0, 20
"""Seconds between looks for maps that nobody fills at least, and how many times what the last one took."""
EXTRA = 8
"""Blocks beyond the room that there is, one for each owner who has none: nobody waits for the end of long ones."""

_log = logging.getLogger(__name__)


class MapFeed:
    """Asked by the engine, from its own thread. `wake` makes it ask at once."""

    def __init__(self, maps: Maps, wake: Callable[[], None]) -> None:
        self._maps = maps
        self._wake = wake
        self._name = secrets.token_hex(8)
        self._news: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._filling: dict[str, Filling] = {}
        self._broken = set[str]()
        self._served: dict[str | None, int] = {}  # owners, by when they had their last turn
        self._turn = 0
        self._next_beat = self._next_sweep = 0.0

    def wake(self, map_id: str) -> None:
        """Says that a map was made or steered: it is looked at now, not when its time comes."""
        self._news.put(map_id)
        self._wake()

    def next(self, most: int) -> Work | None:
        """The next block, if fewer than `most` train; beyond that only for an owner who has none."""
        self._keep_up()
        while going := [each for each in self._filling.values() if each.goes_on]:
            out = Counter[str | None]()
            for each in self._filling.values():
                out[each.owner] += 0 if each.resting else len(each.out)
            if out.total() >= most + EXTRA:
                return None
            if out.total() >= most:
                going = [each for each in going if not out[each.owner]]
            if not going:
                return None
            chosen = min(going, key=lambda one: (out[one.owner], self._served.get(one.owner, 0), one.served))
            with self._guarded(chosen):
                if work := chosen.next():
                    self._turn += 1
                    self._served[chosen.owner] = chosen.served = self._turn
                    return work
                self._finish_if_over(chosen)
        return None

    def ended(self, key: str, trouble: str | None) -> None:
        """A block is over; what it has measured is taken into account."""
        for each in [*self._filling.values()]:
            if key in each.out:
                with self._guarded(each):
                    each.ended(key, trouble)

    def close(self) -> None:
        """Leaves its maps to whoever is next."""
        with _survived("feeder"):
            self._maps.feeders.leave(self._name)

    def _keep_up(self) -> None:
        now = time.monotonic()
        if now >= self._next_beat:
            with _survived("beat"):
                if self._filling:
                    self._maps.feeders.beat(self._name)
            self._next_beat = now + EVERY
        woken = set[str]()
        while not self._news.empty():
            woken.add(self._news.get())
        if now >= self._next_sweep or woken:
            self._adopt(woken, everything=now >= self._next_sweep)
            if now >= self._next_sweep:
                self._next_sweep = time.monotonic() + max(SWEEP, SHARE * (time.monotonic() - now))
        for each in [*self._filling.values()]:
            with self._guarded(each):
                each.look(at_once=each.folder.map_id in woken)
                self._finish_if_over(each)

    def _finish_if_over(self, filling: Filling) -> None:
        if filling.over:
            filling.finish()
            del self._filling[filling.folder.map_id]

    def _adopt(self, woken: Set[str], everything: bool) -> None:
        """Takes up maps: those that were made here just now, and at times all whose feeder is gone."""
        news = list[MapFolder]()
        for map_id in woken - self._filling.keys():
            with suppress(PlaygroundError):  # deleted in the meantime
                news.append(self._maps.get(map_id))
        try:
            if everything:
                self._maps.empty_trash()
                known = {*self._filling, *self._broken, *woken}
                news += [each for each in self._maps.unfinished() if each.map_id not in known and self._is_free(each)]
        except (PlaygroundError, OSError) as error:
            # A storage that hiccups must not cost the workers their lives.
            _log.warning("The maps cannot be listed: %s", error)
        for folder in news:
            try:
                if folder.end() is None:
                    self._maps.feeders.beat(self._name)
                    folder.write_feeder(self._name)
                    self._filling[folder.map_id] = Filling(folder)
            except Exception as error:
                if passes(error):
                    _log.warning("Map %s is not filled: %s", folder.map_id, error)
                    continue
                self._broken.add(folder.map_id)
                _log.exception("Map %s cannot be filled", folder.map_id)

    def _is_free(self, folder: MapFolder) -> bool:
        """Whether nobody fills it. One that is new may be about to be, by the process that made it."""
        try:
            feeder = folder.feeder()
        except BrokenRun:
            return False
        if feeder is None:
            return time.time() - folder.started.timestamp() > STALE
        return feeder == self._name or not self._maps.feeders.alive(feeder)

    @contextmanager
    def _guarded(self, filling: Filling) -> Iterator[None]:
        """A map whose files cannot be read or written is left alone until it is found again; one that brings any other
        error for good. It must not cost the workers their lives."""
        map_id = filling.folder.map_id
        try:
            yield
        except (PlaygroundError, OSError) as error:
            _log.warning("Map %s is left alone: %s", map_id, error)
            self._filling.pop(map_id, None)
        except Exception:
            _log.exception("Map %s is given up", map_id)
            self._filling.pop(map_id, None)
            self._broken.add(map_id)
            with suppress(Exception):  # the same error may stand in its way
                filling.give_up("Given up: an error of ours, which the server's log tells. What was measured is kept.")


@contextmanager
def _survived(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _log.warning("The %s of this process cannot be written: %s", what, error)


@cache
def maps() -> Maps:
    """The maps of this process's engine."""
    catalog = engine().catalog
    return Maps(catalog.store, catalog.shared)


@cache
def feed() -> MapFeed:
    """The feed of this process's engine, attached to it."""
    made = MapFeed(maps(), engine().wake)
    engine().attach(made)
    return made

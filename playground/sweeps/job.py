"""A worker's task: train a block of a map, store what is measured while it trains, obey the map's control file.

Killed at any moment, it leaves what it has stored; its networks are begun anew by another.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

import torch
from distributed import get_worker, rejoin, secede

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.worker import TURN, TURNS
from playground.sweeps.ensemble import Ensemble
from playground.sweeps.folder import Control, MapFolder, Record
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

FIRST, EVERY = 0.1, 0.3
"""Seconds until the first measurements are stored, and between later ones."""
POLL = 0.1
"""Seconds between looks at the control file."""
SHARE = 20
"""A look or a write is not repeated before so many times what it took: in an object store it takes a while."""
PAUSED_FOR = 3600.0
"""Seconds for which a paused block is kept in memory; after that it is begun anew."""

Place = tuple[int, int]

_log = logging.getLogger(__name__)


def train_block(path: str, members: Sequence[Place], name: str) -> None:
    """Trains these networks, cell and seed each, of the map at `path`, in this thread.

    What cannot be trained is written as a failure of its cell. Raises what the storage does at the last write.
    """
    # Blocks beside each other share the cores by processes; inside a process more threads get in each other's way.
    torch.set_num_threads(1)
    folder = MapFolder.at(path)
    if folder.control().stopped:
        return
    _Block(folder, name).train([(int(cell), int(seed)) for cell, seed in members])


def warm_up() -> None:
    """Does once what is slow the first time in a process."""
    torch.set_num_threads(1)
    ensemble = Ensemble([RunConfig(updates=1, seed=seed) for seed in range(2)])
    ensemble.update()
    ensemble.members([(0, 0), (0, 1)])


class _Block:
    """One go at a block."""

    def __init__(self, folder: MapFolder, name: str) -> None:
        self._folder, self._name = folder, name
        self._spec = _spec(folder.path)
        self._trained: list[Member] = []
        self._failures: dict[int, str] = {}
        self._stopped = False
        self._control = Control()
        now = time.monotonic()
        self._next_look, self._next_write = now + POLL, now + FIRST

    def train(self, places: Sequence[Place]) -> None:
        self._train(places)
        self._write()

    def _train(self, places: Sequence[Place]) -> None:
        """What fails together is tried in halves, down to the network that is at fault."""
        failure = None if self._stopped else self._failure(places)
        if failure is None:
            return
        if len(places) > 1:
            half = len(places) // 2
            self._train(places[:half])
            self._train(places[half:])
            return
        self._failures[places[0][0]] = f"It cannot be trained: {failure}"

    def _failure(self, places: Sequence[Place]) -> str | None:
        """Why these networks could not be trained; None where they were. An error itself holds all that it was raised
        in: what is left of it is its text."""
        try:
            with TURNS:
                ensemble = Ensemble([self._spec.config(cell, seed) for cell, seed in places])
            while not ensemble.over and not self._stopped:
                with TURNS:
                    until = time.monotonic() + TURN
                    ensemble.update()
                    while not ensemble.over and time.monotonic() < until:
                        ensemble.update()
                self._settle(ensemble, places)
            self._trained += ensemble.members(places)
        except Exception as error:
            _log.exception("Cells %s of map %s", sorted({cell for cell, _ in places}), self._folder.map_id)
            return str(error) if isinstance(error, PlaygroundError) else f"{type(error).__name__}: {error}"
        return None

    def _settle(self, ensemble: Ensemble, places: Sequence[Place]) -> None:
        """Stores what should not wait any longer, and obeys what was asked."""
        began = time.monotonic()
        if began >= self._next_write:
            self._write_if_it_can(ensemble.members(places))
            now = time.monotonic()
            self._next_write = now + max(EVERY, SHARE * (now - began))
        if began >= self._next_look:
            self._look(ensemble, places)

    def _look(self, ensemble: Ensemble, places: Sequence[Place]) -> None:
        began = time.monotonic()
        control = self._asked()
        self._next_look = time.monotonic() + max(POLL, SHARE * (time.monotonic() - began))
        if control.paused and not control.stopped:
            self._write_if_it_can(ensemble.members(places))
            go_on = _leave()
            while control.paused and not control.stopped and time.monotonic() - began < PAUSED_FOR:
                time.sleep(POLL)
                control = self._asked()
            if not control.stopped and not control.paused:
                go_on()
        self._stopped = control.stopped or control.paused

    def _asked(self) -> Control:
        """A storage that hiccups is no fault of the network's: what was asked last counts until it answers."""
        try:
            self._control = self._folder.control()
        except BrokenRun as error:
            _log.warning("Block %s of map %s: %s", self._name, self._folder.map_id, error)
        return self._control

    def _write(self, members: Sequence[Member] = ()) -> None:
        record = Record(members=(*self._trained, *members), failures=self._failures)
        self._folder.write_record(self._name, record)

    def _write_if_it_can(self, members: Sequence[Member]) -> None:
        """What is still to be overwritten may be missing once."""
        try:
            self._write(members)
        except OSError as error:
            _log.warning("Block %s of map %s: %s", self._name, self._folder.map_id, error)


def _leave() -> Callable[[], None]:
    """Leaves the worker's thread to another task. What is returned takes one again, and waits for it: not for the sake
    of a block that is to end. Outside a worker both do nothing."""
    try:
        get_worker()
    except ValueError:
        return lambda: None
    secede()  # type: ignore[no-untyped-call]
    return cast(Callable[[], None], rejoin)


@lru_cache(maxsize=4)
def _spec(path: str) -> MapSpec:
    return MapFolder.at(path).spec()

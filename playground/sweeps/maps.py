"""All maps under one root, beside the runs: made, listed, thrown away; whose they are, and how many there may be."""

import threading
import time
from collections import OrderedDict
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from playground.core.errors import BrokenRun, PlaygroundError, shorten
from playground.runs.names import new_id, started_of
from playground.runs.store import Store, runs_root
from playground.runs.trash import Trash
from playground.sweeps.extend import taken_over
from playground.sweeps.feeders import Feeders
from playground.sweeps.folder import NOTHING, MapFolder, Seen, passes
from playground.sweeps.spec import MapSpec

FOLDER = "maps"
PER_OWNER = 2
"""Maps of one browser under way: one to watch, and the next."""
IN_ALL = 24
"""Maps under way, waiting ones included."""
KEPT = 60
"""Maps that one browser keeps: more than a list shows, and 90 MB at most."""
LOOK, SHARE = 0.1, 20
"""Seconds between looks at a map at least, and how many times what the last one took: 5 % of the time."""
REMEMBERED = 2 * IN_ALL
"""Maps whose measurements stay in memory, 4,096 networks each at most: all that are under way, and as many that are
looked at."""


class TooManyMaps(PlaygroundError):
    """No further map is admitted now; the text says what to do."""


class MapState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    BROKEN = "broken"

    @property
    def unfinished(self) -> bool:
        """Whether a worker has, or will have, something to do."""
        return self in (MapState.QUEUED, MapState.RUNNING, MapState.PAUSED)


class MapSummary(NamedTuple):
    """A map in one line: `done` updates `of` all those of all its networks; a reason, or what was found."""

    map_id: str
    state: MapState
    started: datetime
    done: int
    of: int
    sentence: str


def wanted(spec: MapSpec) -> int:
    """Updates of all networks that can be trained."""
    return (len(spec.cells()) - len(spec.impossible())) * spec.seeds * spec.updates


def done(spec: MapSpec, seen: Seen) -> int:
    """Updates of those that are there; a network that is over counts whole, and so does one that failed."""
    failed = len(seen.failures.keys() - spec.impossible().keys()) * spec.seeds * spec.updates
    measured = (member for member in seen.members.values() if member.cell not in seen.failures)
    return failed + sum(spec.updates if member.over else member.updates for member in measured)


class Maps:
    """The maps under a root: a path, a URL, the store of the runs, or by default the setting PLAYGROUND_RUNS.

    `shared`: everybody may watch every map; steering stays its owner's.
    """

    def __init__(self, root: str | Path | Store | None = None, shared: bool = False) -> None:
        runs = root if isinstance(root, Store) else Store.at(runs_root() if root is None else root)
        self._store = runs.under(FOLDER)
        self._shared = shared
        self._trash = Trash(self._store)
        self.feeders = Feeders(self._store)
        self._ended: set[str] = set()
        self._owners: dict[str, str | None] = {}  # written once, with the map, which appears whole
        self._looks: OrderedDict[str, _Look] = OrderedDict()
        self._lock = threading.Lock()
        self._admission = threading.Lock()

    def create(self, spec: MapSpec, owner: str | None = None, older: MapFolder | None = None) -> MapFolder:
        """A new map, queued. Raises TooManyMaps; maps of no owner (the command line's) are always admitted.

        What an `older` one has measured for equal configs is not trained again.
        """
        known = taken_over(spec, older.spec(), older.seen()) if older else None
        map_id = new_id()
        with self._admission:
            self._admit(owner, new=1)
            self._store.make_folder("")
            MapFolder.create(self._store, map_id, spec, owner, known)
        return self._look(map_id).folder

    def resume(self, map_id: str) -> MapFolder:
        """Makes a map that was stopped go on. Raises PlaygroundError for one that is finished, and TooManyMaps."""
        folder = self.get(map_id)
        end = folder.end()
        if end and end.done >= end.of:
            raise PlaygroundError("All of this map is there. Extend it by values, seeds or updates.")
        with self._admission:
            self._admit(folder.owner(), new=0)
            folder.steer(stopped=False, paused=False)
            folder.delete_end()
            self._ended.discard(map_id)
        return folder

    def get(self, map_id: str) -> MapFolder:
        """The folder of a map. Raises PlaygroundError if there is none."""
        if started_of(map_id) is None or not self._store.exists(map_id):
            raise PlaygroundError(f"There is no map {shorten(map_id)}. Open one from the list of maps.")
        return self._look(map_id).folder

    def open(self, map_id: str, owner: str | None) -> MapFolder:
        """The folder of a map that this owner may watch.

        Raises PlaygroundError in the same words for a map of somebody else and for one that is not there.
        """
        if not self.may_watch(map_id, owner):
            raise PlaygroundError("There is no map of this name that you may see. Open one from the list of maps.")
        return self.get(map_id)

    def may_watch(self, map_id: str, owner: str | None) -> bool:
        """Whether there is such a map, and it is this owner's, nobody's, or all are everybody's to watch."""
        if started_of(map_id) is None or not self._store.exists(map_id) or map_id in self._trash:
            return False
        try:
            return self._is_for(owner, map_id)
        except BrokenRun:
            return False

    def may_control(self, map_id: str, owner: str | None) -> bool:
        """Whether it is this owner's. Nobody's, from the command line, may be watched by all."""
        return owner is not None and self.may_watch(map_id, owner) and self._owner(map_id) == owner

    def ids(self) -> list[str]:
        """The names of all maps, newest first; not of those in the trash."""
        thrown = set(self._trash.names())
        return [name for name in reversed(self._store.names()) if started_of(name) and name not in thrown]

    def unfinished(self) -> list[MapFolder]:
        """Maps of anybody on which a worker or their feed has something to do; oldest first."""
        found = []
        for map_id in reversed(self.ids()):
            if map_id in self._ended:
                continue
            folder = MapFolder(self._store, map_id)
            try:
                ended = folder.end() is not None
            except BrokenRun as error:
                if passes(error):
                    continue
                ended = True
            if ended:
                self._ended.add(map_id)
            else:
                found.append(folder)
        return found

    def list(self, owner: str | None = None, limit: int | None = None) -> list[MapSummary]:
        """How this owner's maps and nobody's stand, newest first; broken ones with their reason.

        A list is no look: it pushes no map out of memory that somebody watches.
        """
        mine = islice((map_id for map_id in self.ids() if self._is_listed(owner, map_id)), limit)
        with self._lock:
            looks = dict(self._looks)
        return [self.summary(looks[m].folder if m in looks else MapFolder(self._store, m)) for m in mine]

    def summary(self, folder: MapFolder, seen: Seen | None = None) -> MapSummary:
        """How a map stands, by what was `seen` of it, or is now.

        Never raises for what is in the folder: a map that cannot be read is broken, and says why.
        """
        try:
            end = folder.end()
            if end:
                state = MapState.FINISHED if end.done >= end.of else MapState.STOPPED
                return MapSummary(folder.map_id, state, folder.started, end.done, end.of, end.sentence)
            control = folder.control()
            seen, spec = self.seen(folder.map_id) if seen is None else seen, folder.spec()
        except BrokenRun as error:
            return MapSummary(folder.map_id, MapState.BROKEN, folder.started, 0, 0, str(error))
        state = (
            MapState.STOPPED if control.stopped
            else MapState.PAUSED if control.paused
            else MapState.RUNNING if seen.members
            else MapState.QUEUED
        )  # fmt: skip
        return MapSummary(folder.map_id, state, folder.started, done(spec, seen), wanted(spec), "")

    def seen(self, map_id: str, over: bool = False) -> Seen:
        """What a map's blocks hold, not older than a look may cost; the same object where nothing has changed.

        Of a map that is `over` it is all that there is. Raises BrokenRun.
        """
        return self._look(map_id).newest(over)

    def _look(self, map_id: str) -> "_Look":
        with self._lock:
            look = self._looks.setdefault(map_id, _Look(MapFolder(self._store, map_id)))
            self._looks.move_to_end(map_id)
            while len(self._looks) > REMEMBERED:
                self._looks.popitem(last=False)
            return look

    def trash(self, map_id: str) -> None:
        """Out of everybody's sight; `restore` brings it back. Raises PlaygroundError while it is under way."""
        self._idle(map_id)
        self._trash.throw(map_id)

    def restore(self, map_id: str) -> None:
        """Takes a map out of the trash. Raises PlaygroundError where that has been emptied."""
        self.get(map_id)
        self._trash.bring_back(map_id)

    def in_trash(self, map_id: str) -> bool:
        return map_id in self._trash

    def empty_trash(self) -> None:
        """Deletes for good what was thrown away long ago."""
        self._trash.empty()

    def _idle(self, map_id: str) -> None:
        if self.summary(self.get(map_id)).state.unfinished:
            raise PlaygroundError("This map is still under way. Stop it, then delete it.")

    def _owner(self, map_id: str) -> str | None:
        if map_id not in self._owners:
            self._owners[map_id] = MapFolder(self._store, map_id).owner()
        return self._owners[map_id]

    def _is_for(self, owner: str | None, map_id: str) -> bool:
        return self._shared or self._owner(map_id) in (None, owner)

    def _is_listed(self, owner: str | None, map_id: str) -> bool:
        """Its own and nobody's: on a server that is shared, everybody's would push its own out of the list."""
        try:
            return self._owner(map_id) in (None, owner)
        except BrokenRun:
            return True  # listed as broken for all, and can be opened by none

    def _admit(self, owner: str | None, new: int) -> None:
        if owner is None:
            return
        # One that was asked to stop is about to make room.
        going = [folder for folder in self.unfinished() if _goes_on(folder)]
        if len(going) >= IN_ALL:
            raise TooManyMaps(f"{len(going)} maps are filled here now, and {IN_ALL} may. Try again when some are done.")
        mine = sum(self._belongs_to(owner, folder.map_id) for folder in going)
        if mine >= PER_OWNER:
            raise TooManyMaps(f"You have {mine} maps under way, all you may have. Stop one of them first.")
        kept = sum(self._belongs_to(owner, map_id) for map_id in self.ids()) if new else 0
        if kept >= KEPT:
            raise TooManyMaps(f"You keep {kept} maps, all you may. Delete one of them first.")

    def _belongs_to(self, owner: str, map_id: str) -> bool:
        try:
            return self._owner(map_id) == owner
        except BrokenRun:
            return False


def _goes_on(folder: MapFolder) -> bool:
    try:
        return not folder.control().stopped
    except BrokenRun:
        return False


class _Look:
    """One map's measurements, shared by all who watch it."""

    def __init__(self, folder: MapFolder) -> None:
        self.folder = folder
        self._seen = NOTHING
        self._over = False  # whether the map was, when it was looked at last
        self._next = 0.0
        self._lock = threading.Lock()

    def newest(self, over: bool) -> Seen:
        with self._lock:
            began = time.monotonic()
            if began >= self._next or over != self._over:
                self._seen, self._over = self.folder.seen(self._seen), over
                now = time.monotonic()
                self._next = now + max(LOOK, SHARE * (now - began))
            return self._seen

"""All runs under one root: made, listed, thrown away; who may watch and steer which, and how many there may be."""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.folder import RunFolder
from playground.runs.names import new_id, started_of
from playground.runs.records import Origin
from playground.runs.resume import resume, stopped
from playground.runs.status import RunStatus, RunSummary, describe
from playground.runs.store import Store, runs_root
from playground.runs.trash import Trash
from playground.training.config import RunConfig

PER_OWNER = 8
"""Runs of one browser under way, so that × 5 seeds and a few beside them are possible."""
IN_ALL = 200
"""Runs under way, waiting ones included: five for each of forty people. Looking through them takes 0.1 s."""

SHARED_SETTING = "PLAYGROUND_SHARED_HISTORY"


class TooManyRuns(PlaygroundError):
    """No further run is admitted now; the text says what to do."""


def owner_of(cookie: str) -> str:
    """Whom a run belongs to, from the browser's cookie. The cookie itself, which opens the runs, is never stored."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def _outcome(folder: RunFolder) -> str | None:
    end = folder.end()
    return None if end is None else end.outcome


class Catalog:
    """The runs under a root: a path, a URL, or by default the setting PLAYGROUND_RUNS.

    With the setting PLAYGROUND_SHARED_HISTORY=1 everybody may watch every run; steering stays its owner's.
    """

    def __init__(self, root: str | Path | None = None) -> None:
        self._store = Store.at(runs_root() if root is None else root)
        self._ended: set[str] = set()  # an ended run stays ended: its facts need not be read again to count runs
        self._owners: dict[str, str] = {}  # written once, with the run; not of nobody's, where it may be yet to come
        self._admission = threading.Lock()
        self._trash = Trash(self._store)
        self._shared = os.environ.get(SHARED_SETTING) == "1"

    @property
    def store(self) -> Store:
        """Where the runs are, for what else is kept beside them."""
        return self._store

    @property
    def root(self) -> str:
        return self._store.location

    @property
    def shared(self) -> bool:
        """Whether everybody may watch every run."""
        return self._shared

    def create(self, config: RunConfig, owner: str | None = None, origin: Origin | None = None) -> RunFolder:
        """A new run, queued. Raises TooManyRuns; runs of no owner (the command line's) are always admitted.

        With an `origin` it goes on from what another run has recorded.
        """
        with self._admission:
            self._admit(owner, 1)
            return RunFolder.create(self._store, config, owner, origin=origin)

    def create_twins(
        self, first: RunConfig, second: RunConfig, owner: str | None = None
    ) -> tuple[RunFolder, RunFolder]:
        """Two new runs that are trained in lockstep. Both are admitted or neither. Raises TooManyRuns."""
        one, other = new_id(), new_id()
        with self._admission:
            self._admit(owner, 2)
            mine = RunFolder.create(self._store, first, owner, run_id=one, twin=other)
            try:
                return mine, RunFolder.create(self._store, second, owner, run_id=other, twin=one)
            except OSError:
                self._store.delete_folder(one)
                raise

    def create_group(self, configs: Sequence[RunConfig], owner: str | None = None) -> list[RunFolder]:
        """New runs that are trained in lockstep, such as one for each of a few seeds. All are admitted or none.

        Raises TooManyRuns.
        """
        names = [new_id() for _ in configs]
        made: list[RunFolder] = []
        with self._admission:
            self._admit(owner, len(configs))
            try:
                for config, name in zip(configs, names, strict=True):
                    made.append(RunFolder.create(self._store, config, owner, run_id=name, group=names))
            except OSError:
                for folder in made:
                    self._store.delete_folder(folder.run_id)
                raise
        return made

    def group(self, run_id: str) -> tuple[str, ...]:
        """The runs of a group that are still there and name it alike, the first seed first; () for one of no group."""
        try:
            named = RunFolder(self._store, run_id).group()
            there = (name for name in named if started_of(name) and RunFolder(self._store, name).group() == named)
            found = tuple(dict.fromkeys(there))
            return found if run_id in found else ()
        except BrokenRun:
            return ()

    def together(self, run_id: str) -> tuple[str, ...]:
        """The runs that are trained in lockstep with this one, itself first."""
        twin = self.twin(run_id)
        others = (twin,) if twin else (name for name in self.group(run_id) if name != run_id)
        return (run_id, *others)

    def resume(self, run_id: str) -> list[RunFolder]:
        """Makes a run that was stopped go on, and those in lockstep with it that were stopped too; it is queued.

        Raises PlaygroundError for a run that ended in another way, and TooManyRuns.
        """
        folder = self.get(run_id)
        beside = [RunFolder(self._store, name) for name in self.together(run_id)[1:] if name not in self._trash]
        stopped(folder)
        back = [folder, *(one for one in beside if _outcome(one) == "stopped")]
        if any(_outcome(one) is None for one in beside):
            raise PlaygroundError("A run in lockstep with this one still goes on. Stop that too, then resume both.")
        with self._admission:
            self._admit(folder.owner(), len(back))
            for one in back:
                resume(one)
                self._ended.discard(one.run_id)
        return back

    def twin(self, run_id: str) -> str | None:
        """The run beside which this one is trained; None if there is none, or not any more."""
        try:
            other = RunFolder(self._store, run_id).twin()
            if other is None or started_of(other) is None or RunFolder(self._store, other).twin() != run_id:
                return None
            return other
        except BrokenRun:
            return None

    def get(self, run_id: str) -> RunFolder:
        """The folder of a run. Raises PlaygroundError if there is none."""
        folder = RunFolder(self._store, run_id)
        if not self._store.exists(run_id):
            # The names of other people's runs are not for everybody.
            raise PlaygroundError(f"Unknown run {run_id!r}. `python -m playground runs` lists all.")
        return folder

    def open(self, run_id: str, owner: str | None) -> RunFolder:
        """The folder of a run that this owner may watch.

        Raises PlaygroundError in the same words for a run of somebody else and for one that is not there.
        """
        if not self.may_watch(run_id, owner):
            raise PlaygroundError("There is no run of this name that you may see. Open one from the list of runs.")
        return self.get(run_id)

    def ids(self) -> list[str]:
        """The names of all runs, newest first; not of those in the trash."""
        thrown = set(self._trash.names())
        return [name for name in reversed(self._store.names()) if started_of(name) and name not in thrown]

    def unfinished(self) -> list[RunSummary]:
        """Runs of anybody on which a worker has, or will have, something to do; oldest first."""
        found = []
        for run_id in reversed(self.ids()):
            if run_id in self._ended:
                continue
            summary = describe(RunFolder(self._store, run_id))
            if summary.status.unfinished:
                found.append(summary)
            elif summary.status is not RunStatus.BROKEN:
                self._ended.add(run_id)
        return found

    def watchable(self, owner: str | None) -> Iterator[RunFolder]:
        """What this owner may watch, newest first; broken ones among them."""
        for run_id in self.ids():
            try:
                visible = self._is_for(owner, self._owner(run_id))
            except BrokenRun:
                visible = True  # listed as broken for all, and can be opened by none
            if visible:
                yield RunFolder(self._store, run_id)

    def list(self, owner: str | None = None, limit: int | None = None) -> list[RunSummary]:
        """How these stand, `limit` at most; broken ones with their reason."""
        return [describe(folder) for folder in islice(self.watchable(owner), limit)]

    def delete(self, run_id: str) -> None:
        """For good. Raises PlaygroundError while a worker is at it."""
        self._idle(run_id)
        self._store.delete_folder(run_id)
        self._owners.pop(run_id, None)

    def trash(self, run_id: str) -> None:
        """Out of everybody's sight; `restore` brings it back. Raises PlaygroundError while a worker is at it."""
        folder = self._idle(run_id)
        if describe(folder).status.unfinished:
            folder.steer(stop=True)  # a worker that still takes it up has nothing to do
        self._trash.throw(run_id)

    def restore(self, run_id: str) -> None:
        """Takes a run out of the trash. Raises PlaygroundError where that has been emptied."""
        self.get(run_id)
        self._trash.bring_back(run_id)

    def in_trash(self, run_id: str) -> bool:
        """Whether a run was thrown away and can be brought back."""
        return run_id in self._trash

    def empty_trash(self) -> None:
        """Deletes for good what was thrown away long ago."""
        self._trash.empty()

    def _idle(self, run_id: str) -> RunFolder:
        """The folder of a run that no worker is at; otherwise raises PlaygroundError."""
        folder = self.get(run_id)
        if describe(folder).status in (RunStatus.RUNNING, RunStatus.PAUSED):
            raise PlaygroundError("This run is still going on. Stop it, then delete it.")
        return folder

    def adopt(self, folder: Path) -> RunFolder:
        """A copy, under this root, of a run that was put together elsewhere on this disk, and has ended."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        whole = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        self._store.create_folder(folder.name, whole, subfolders=("parts", "flight"))
        return RunFolder(self._store, folder.name)

    def may_watch(self, run_id: str, owner: str | None) -> bool:
        """Whether there is such a run, and it is this owner's, nobody's, or all are everybody's to watch."""
        if started_of(run_id) is None or not self._store.exists(run_id) or run_id in self._trash:
            return False
        try:
            return self._is_for(owner, self._owner(run_id))
        except BrokenRun:
            return False

    def may_control(self, run_id: str, owner: str | None) -> bool:
        """Whether it is this owner's. Nobody's, from the command line, may be watched by all, and is its maker's."""
        return owner is not None and self.may_watch(run_id, owner) and self._owner(run_id) == owner

    def _is_for(self, owner: str | None, holder: str | None) -> bool:
        return self._shared or holder is None or holder == owner

    def _owner(self, run_id: str) -> str | None:
        """Whose a run is. Raises BrokenRun where nobody can say that."""
        if (known := self._owners.get(run_id)) is not None:
            return known
        holder = RunFolder(self._store, run_id).owner()
        if holder is not None:
            self._owners[run_id] = holder
        return holder

    def _admit(self, owner: str | None, count: int) -> None:
        if owner is None:
            return
        folders = [RunFolder(self._store, summary.run_id) for summary in self.unfinished()]
        # One that was asked to stop is about to make room: "stop, and train again" is a single click.
        going = [folder for folder in folders if not folder.control().stop]
        if len(going) + count > IN_ALL:
            raise TooManyRuns(
                f"{len(going)} runs train or wait here, and {IN_ALL} may. Try again when some have ended."
            )
        mine = sum(self._owner(folder.run_id) == owner for folder in going)
        if mine + count > PER_OWNER:
            allowed = "all you may have" if mine >= PER_OWNER else f"may have {PER_OWNER}, and these are {count}"
            raise TooManyRuns(f"You have {mine} runs under way, {allowed}. Stop one of them first.")

"""All runs under one root: made, listed, found, deleted; who may watch and steer which, and how many there may be."""

import hashlib
import threading
from itertools import islice
from pathlib import Path

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.folder import RunFolder
from playground.runs.names import new_id, started_of
from playground.runs.records import Origin
from playground.runs.status import RunStatus, RunSummary, describe
from playground.runs.store import Store, runs_root
from playground.training.config import RunConfig

PER_OWNER = 4
IN_ALL = 40


class TooManyRuns(PlaygroundError):
    """No further run is admitted now; the text says what to do."""


def owner_of(cookie: str) -> str:
    """Whom a run belongs to, from the browser's cookie. The cookie itself, which opens the runs, is never stored."""
    return hashlib.sha256(cookie.encode()).hexdigest()


class Catalog:
    """The runs under a root: a path, a URL, or by default the setting PLAYGROUND_RUNS."""

    def __init__(self, root: str | Path | None = None) -> None:
        self._store = Store.at(runs_root() if root is None else root)
        self._ended: set[str] = set()  # an ended run stays ended: its facts need not be read again to count runs
        self._admission = threading.Lock()

    @property
    def root(self) -> str:
        return self._store.location

    def create(self, config: RunConfig, owner: str | None = None, origin: Origin | None = None) -> RunFolder:
        """A new run, queued. Raises TooManyRuns; runs of no owner (the command line's) are always admitted.

        With an `origin` it goes on from what another run has recorded.
        """
        with self._admission:
            self._admit(owner, 1)
            return RunFolder.create(self._store, config, owner, origin=origin)

    def create_twins(
        self, first: RunConfig, second: RunConfig, owner: str | None = None, origin: Origin | None = None
    ) -> tuple[RunFolder, RunFolder]:
        """Two new runs that are trained in lockstep. Both are admitted or neither. Raises TooManyRuns."""
        one, other = new_id(first, owner), new_id(second, owner)
        with self._admission:
            self._admit(owner, 2)
            mine = RunFolder.create(self._store, first, owner, run_id=one, twin=other, origin=origin)
            try:
                return mine, RunFolder.create(self._store, second, owner, run_id=other, twin=one, origin=origin)
            except OSError:
                self._store.delete_folder(one)
                raise

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

    def ids(self) -> list[str]:
        """The names of all runs, newest first."""
        return [name for name in reversed(self._store.names()) if started_of(name)]

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

    def list(self, owner: str | None = None, limit: int | None = None) -> list[RunSummary]:
        """What this owner may watch, newest first, `limit` at most; broken ones with their reason among them."""
        mine = (run_id for run_id in self.ids() if self.may_watch(run_id, owner) or self._unreadable(run_id))
        return [describe(RunFolder(self._store, run_id)) for run_id in islice(mine, limit)]

    def delete(self, run_id: str) -> None:
        """Raises PlaygroundError while a worker is at it."""
        folder = self.get(run_id)
        if describe(folder).status in (RunStatus.RUNNING, RunStatus.PAUSED):
            raise PlaygroundError("This run is still going on. Stop it, then delete it.")
        self._store.delete_folder(run_id)

    def may_watch(self, run_id: str, owner: str | None) -> bool:
        """Whether there is such a run, and it is this owner's or nobody's."""
        if started_of(run_id) is None or not self._store.exists(run_id):
            return False
        try:
            holder = RunFolder(self._store, run_id).owner()
        except BrokenRun:
            return False
        return holder is None or holder == owner

    def may_control(self, run_id: str, owner: str | None) -> bool:
        """Whether it is this owner's. Nobody's, from the command line, may be watched by all, and is its maker's."""
        return owner is not None and self.may_watch(run_id, owner) and self.get(run_id).owner() == owner

    def _unreadable(self, run_id: str) -> bool:
        """Whether nobody can say whose it is: it is listed as broken for all, and can be opened by none."""
        try:
            RunFolder(self._store, run_id).owner()
        except BrokenRun:
            return True
        return False

    def _admit(self, owner: str | None, count: int) -> None:
        if owner is None:
            return
        folders = [RunFolder(self._store, summary.run_id) for summary in self.unfinished()]
        # One that was asked to stop is about to make room: "stop, and train again" is a single click.
        going = [folder for folder in folders if not folder.control().stop]
        if len(going) + count > IN_ALL:
            raise TooManyRuns(f"{IN_ALL} runs are under way here, all there may be. Try again when some have ended.")
        mine = sum(folder.owner() == owner for folder in going)
        if mine + count > PER_OWNER:
            allowed = "all you may have" if mine >= PER_OWNER else f"may have {PER_OWNER}, and these are {count}"
            raise TooManyRuns(f"You have {mine} runs under way, {allowed}. Stop one of them first.")

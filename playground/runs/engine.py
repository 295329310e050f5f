"""Where runs are computed: Dask's workers, on this machine or on a cluster that is there already.

The screen's process talks to them through one `Engine`, and never loads torch itself.
"""

import hashlib
import logging
import os
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Container
from contextlib import ExitStack, closing, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared, finding
from playground.runs.catalog import Catalog
from playground.runs.feeding import Feed, Feeding
from playground.runs.queue import Task, in_turn, place, sentence, tasks
from playground.runs.status import STALE, RunStatus, RunSummary
from playground.runs.task import call
from playground.training.config import RunConfig

if TYPE_CHECKING:
    from distributed import Client, Future

SCHEDULER_SETTING = "PLAYGROUND_SCHEDULER"
SWEEP = 2.0
"""Seconds between looks for runs that no worker holds."""
WATCH = 0.25
"""Seconds between looks whether all processes are there."""
AT_ONCE = 20
"""Runs that train at a time for each worker process; more wait. Paused ones do not count."""
KEPT_FREE = 16
"""One thread in so many is kept for what is asked ahead of all runs: no run takes it, not even a paused one."""
INSPECTIONS = 64
"""Inspections that are remembered: a form goes back and forth between a few settings."""

_log = logging.getLogger(__name__)


class Engine:
    """Starts workers, hands them runs, and sees to it that no run is left without one.

    `scheduler` is the address of an existing Dask cluster; None starts one here. Its workers must be able to import
    `playground` and to open the catalog's root.
    """

    def __init__(self, catalog: Catalog, scheduler: str | None = None) -> None:
        self._catalog = catalog
        self._scheduler = scheduler
        self._submitted: queue.SimpleQueue[str] = queue.SimpleQueue()  # an empty name only wakes the loop
        self._feedings: tuple[Feeding, ...] = ()
        self._workers: tuple[str, ...] = ()
        self._client: Client | None = None
        self._trouble = ""
        self._pids: list[int] = []
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._handed: dict[tuple[str, ...], Future[Any]] = {}
        self._queue: tuple[Task, ...] = ()
        self._at_work = 0  # runs
        self._room = 0  # for as many more, until the next look
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._known_lock = threading.Lock()

    def start(self) -> None:
        """Begins starting the workers, in the background."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
            self._thread.start()

    @property
    def catalog(self) -> Catalog:
        """The runs that this engine sees to."""
        return self._catalog

    @property
    def trouble(self) -> str:
        """Why there is no worker, if that has a reason besides that they are starting; otherwise empty."""
        return self._trouble

    @property
    def ready(self) -> bool:
        """Whether a worker is there to take a run."""
        return self._client is not None

    @property
    def pids(self) -> list[int]:
        """The processes that this engine has started: the scheduler's first, then the workers'."""
        return list(self._pids)

    @property
    def workers(self) -> int:
        """How many worker processes there are, as far as is known."""
        return len(self._workers)

    def submit(self, run_id: str) -> None:
        """Hands a run to a worker, now or as soon as there is room. Doing so twice does no harm."""
        self._submitted.put(run_id)

    def attach(self, feed: Feed) -> None:
        """Asks this feed too for work, from now on."""
        self._feedings += (Feeding(feed, self.wake),)
        self.wake()

    def wake(self) -> None:
        """Looks at once whether a feed has work."""
        self._submitted.put("")

    def waiting(self, run_id: str) -> str:
        """A run's place in the queue, in a sentence; empty for one that does not wait for others."""
        number = place(self._queue, run_id)
        return sentence(number, self._at_work) if number else ""

    def inspect(self, config: RunConfig, patience: float = 3.0) -> dict[str, Any]:
        """What `inspection.inspect_config` finds, ahead of all runs. Raises PlaygroundError if there is no answer."""
        # A config may carry a text of a megabyte.
        key = hashlib.blake2b(config.canonical_json().encode()).hexdigest()
        with self._known_lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found: dict[str, Any] = self.ask(
            "playground.runs.worker", "inspect", config.model_dump(mode="json"), patience=patience
        )
        with self._known_lock:
            self._known[key] = found
            while len(self._known) > INSPECTIONS:
                self._known.popitem(last=False)
        return found

    def export(self, run_id: str, format: str, patience: float = 60.0) -> bytes:
        """What `export` makes of a run, made by a worker: it takes memory that the screen's process has not.

        Raises PlaygroundError if there is no answer.
        """
        path = self._catalog.get(run_id).path
        data: bytes = self.ask("playground.runs.export", "export_path", path, format, patience=patience)
        return data

    def unpack(self, data: bytes, owner: str | None, patience: float = 60.0) -> tuple[str, str]:
        """A run out of a zip, by `importing.unpack`: its name, and what could not be taken over. Raises PlaygroundError
        with what is wrong in the zip, or if there is no answer.
        """
        run_id, lost = self.ask(
            "playground.runs.importing", "unpack", self._catalog.root, data, owner, patience=patience
        )
        return run_id, lost

    def flight(self, run_id: str, update: int, patience: float = 60.0) -> bytes:
        """One update of a run at full resolution, computed again; `training.frame.decode` reads it.

        Raises PlaygroundError for one that was not recorded, or if there is no answer.
        """
        path = self._catalog.get(run_id).path
        data: bytes = self.ask("playground.runs.worker", "flight_frame", path, update, patience=patience)
        return data

    def moment(self, run_id: str, patience: float = 60.0) -> bytes:
        """The update that comes next of a run that stands still, as JSON: what `moment.moment_at` makes of it.

        Raises PlaygroundError where there is no state to compute it from, or if there is no answer.
        """
        path = self._catalog.get(run_id).path
        data: bytes = self.ask("playground.runs.moment", "moment_at", path, patience=patience)
        return data

    def findings(self, run_id: str, config: RunConfig, patience: float = 60.0) -> list[Alarm | Cleared]:
        """The alarms of a stored run with the thresholds of `config`. Raises PlaygroundError if there is no answer."""
        path, thresholds = self._catalog.get(run_id).path, config.model_dump(mode="json")["alarms"]
        told = self.ask("playground.runs.again", "findings_at", path, thresholds, patience=patience)
        return [finding.validate_python(one) for one in told]

    def branch(self, run_id: str, update: int, target: str, patience: float = 60.0) -> None:
        """Makes a run that was just created go on from what another has recorded before `update`.

        Then it is submitted like any other. Raises PlaygroundError where that cannot be, or if there is no answer.
        """
        source, new = self._catalog.get(run_id).path, self._catalog.get(target).path
        self.ask("playground.runs.worker", "branch", source, update, new, patience=patience)

    def ask(self, module: str, function: str, *arguments: Any, patience: float = 60.0) -> Any:
        """A worker's answer to a function by its name, ahead of all runs. Raises PlaygroundError if there is none."""
        client = self._client
        if client is None:
            raise PlaygroundError(f"The workers are still starting. {self._trouble}".strip())
        try:
            future = client.submit(call, module, function, *arguments, pure=False, priority=100)
            return future.result(timeout=patience)
        except PlaygroundError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise PlaygroundError(f"The workers gave no answer ({reason}). Try again.") from error

    def close(self) -> None:
        """Ends the workers that this engine has started. Runs go on from their checkpoints when it starts again."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for feeding in self._feedings:
            feeding.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._serve()
            except Exception as error:
                if self._closing.is_set():
                    return
                self._trouble = f"({type(error).__name__}: {error})"
                _log.exception("The engine is started again")
            finally:
                self._client = None
                for feeding in self._feedings:
                    feeding.lose()
            self._closing.wait(1.0)

    def _serve(self) -> None:
        """From start to end of one cluster, or of one connection to it."""
        with ExitStack() as stack:
            cluster = None
            if self._scheduler is None:
                # Here, not above: half a second of imports that must not delay the first page.
                from playground.runs.cluster import Cluster

                cluster = stack.enter_context(closing(Cluster()))
                self._pids = cluster.pids()
            from distributed import Client

            address = self._scheduler if cluster is None else cluster.address(self._closing)
            client = stack.enter_context(Client(address, set_as_default=False, timeout=5))  # type: ignore[no-untyped-call]
            while not client.scheduler_info()["workers"]:
                if self._closing.wait(0.05) or not _connected(client) or (cluster and not cluster.alive):
                    return
            self._client, self._trouble, self._handed = client, "", {}
            next_sweep = 0.0
            while not self._closing.is_set() and _connected(client) and (cluster is None or cluster.alive):
                if cluster is not None:
                    cluster.revive()
                    self._pids = cluster.pids()
                if time.monotonic() >= next_sweep:
                    self._sweep(client)
                    next_sweep = time.monotonic() + SWEEP
                for feeding in self._feedings:
                    feeding.serve(client, self._workers)
                with suppress(queue.Empty):
                    if run_id := self._submitted.get(timeout=WATCH):
                        self._take(client, run_id)

    def _take(self, client: "Client", run_id: str) -> None:
        """A run that was submitted: now, if there is room and nobody waits; otherwise a look finds it a place."""
        if self._room <= 0 or self._queue:
            return
        try:
            # Runs in lockstep are one task, whichever of them is submitted.
            names = tuple(sorted(self._catalog.together(run_id)))
            if names not in self._handed or _done(self._handed[names]):
                self._hand_over(client, names)
        except (PlaygroundError, OSError) as error:
            _log.warning("Not handed to a worker: %s", error)

    def _sweep(self, client: "Client") -> None:
        """Finds the runs that nobody is at, and hands over those for which there is room, in the order of the queue."""
        try:
            self._catalog.empty_trash()
        except OSError as error:
            _log.warning("The trash cannot be emptied: %s", error)
        try:
            threads: dict[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
            self._workers = tuple(threads)
            unfinished = self._catalog.unfinished()
            self._handed = {names: future for names, future in self._handed.items() if not _done(future)}
            held = {name for names in self._handed for name in names}
            busy = [s.run_id for s in unfinished if s.status is RunStatus.RUNNING or _begins(s, held)]
            alone = tasks(self._catalog, (s for s in unfinished if s.run_id not in held and _left_alone(s)))
            room = AT_ONCE * len(threads) - len(busy)
            free = sum(count - count // KEPT_FREE for count in threads.values()) - len(self._handed)
            left = []
            for task in in_turn(alone, (self._owner(run_id) for run_id in busy)):
                if task.ends or (room > 0 and free > 0):
                    self._hand_over(client, task.runs)
                    room, free = room - len(task.runs), free - 1
                else:
                    left.append(task)
            self._room, self._queue, self._at_work = min(room, free), tuple(left), len(busy)
        except (PlaygroundError, OSError) as error:
            # A storage that hiccups must not cost the workers their lives: they hold runs that it may still serve.
            _log.warning("The runs cannot be listed: %s", error)

    def _owner(self, run_id: str) -> str | None:
        """Whose a run is; nobody's where that cannot be read any more."""
        try:
            return self._catalog.get(run_id).owner()
        except PlaygroundError:
            return None

    def _hand_over(self, client: "Client", names: tuple[str, ...]) -> None:
        from distributed import fire_and_forget

        try:
            folders = [self._catalog.get(name) for name in names]
            begun = len(folders[0].attempts())
        except PlaygroundError as error:
            _log.warning("Not handed to a worker: %s", error)
            return
        # The key makes a second submission of a run that Dask already holds the same task; of a run that was resumed a
        # new one, because Dask may still remember how the last one ended.
        key = f"run-{names[0]}" + (f"-{begun}" if begun else "")
        paths = [folder.path for folder in folders]
        function = "run_together" if len(names) > 1 else "run_folder"
        future = client.submit(call, "playground.runs.worker", function, *paths, key=key)
        future.add_done_callback(_report)  # type: ignore[no-untyped-call]
        fire_and_forget(future)  # type: ignore[no-untyped-call]
        self._handed[names] = future
        self._room -= len(names)


def _report(future: "Future[Any]") -> None:
    """Says what no run can say of itself: that a worker could not even begin with it."""
    if future.status == "error":
        _log.error("%s was not begun by a worker: %s", future.key, future.exception())  # type: ignore[no-untyped-call]


def _done(future: "Future[Any]") -> bool:
    return bool(future.done())  # type: ignore[no-untyped-call]


def _connected(client: "Client") -> bool:
    return bool(client.status == "running")


def _begins(summary: RunSummary, held: Container[str]) -> bool:
    """Whether a worker has taken it, and has not said so yet."""
    return summary.run_id in held and summary.status is not RunStatus.PAUSED


def _left_alone(summary: RunSummary) -> bool:
    """Whether nobody is at a run. A queued one may be about to be submitted by the process that made it."""
    age = time.time() - summary.started.timestamp()
    return summary.status is RunStatus.LOST or (summary.status is RunStatus.QUEUED and age > STALE)


@cache
def engine() -> Engine:
    """The process's engine, not yet started: over PLAYGROUND_RUNS, on PLAYGROUND_SCHEDULER if that is set."""
    return Engine(Catalog(), os.environ.get(SCHEDULER_SETTING) or None)

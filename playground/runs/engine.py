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
from contextlib import ExitStack, closing
from functools import cache
from typing import TYPE_CHECKING, Any

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared, finding
from playground.runs.catalog import Catalog
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
        self._submitted: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._client: Client | None = None
        self._trouble = ""
        self._pids: list[int] = []
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
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

    def submit(self, run_id: str) -> None:
        """Hands a run to a worker, now or as soon as there is one. Doing so twice does no harm."""
        self._submitted.put(run_id)

    def inspect(self, config: RunConfig, patience: float = 3.0) -> dict[str, Any]:
        """What `inspection.inspect_config` finds, ahead of all runs. Raises PlaygroundError if there is no answer."""
        # A config may carry a text of a megabyte.
        key = hashlib.blake2b(config.canonical_json().encode()).hexdigest()
        with self._known_lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found: dict[str, Any] = self._ask(patience, "playground.runs.worker", "inspect", config.model_dump(mode="json"))
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
        data: bytes = self._ask(patience, "playground.runs.export", "export_path", path, format)
        return data

    def flight(self, run_id: str, update: int, patience: float = 60.0) -> bytes:
        """One update of a run at full resolution, computed again; `training.frame.decode` reads it.

        Raises PlaygroundError for one that was not recorded, or if there is no answer.
        """
        path = self._catalog.get(run_id).path
        data: bytes = self._ask(patience, "playground.runs.worker", "flight_frame", path, update)
        return data

    def findings(self, run_id: str, config: RunConfig, patience: float = 60.0) -> list[Alarm | Cleared]:
        """The alarms of a stored run with the thresholds of `config`. Raises PlaygroundError if there is no answer."""
        path, thresholds = self._catalog.get(run_id).path, config.model_dump(mode="json")["alarms"]
        told = self._ask(patience, "playground.runs.again", "findings_at", path, thresholds)
        return [finding.validate_python(one) for one in told]

    def branch(self, run_id: str, update: int, target: str, patience: float = 60.0) -> None:
        """Makes a run that was just created go on from what another has recorded before `update`.

        Then it is submitted like any other. Raises PlaygroundError where that cannot be, or if there is no answer.
        """
        source, new = self._catalog.get(run_id).path, self._catalog.get(target).path
        self._ask(patience, "playground.runs.worker", "branch", source, update, new)

    def _ask(self, patience: float, module: str, function: str, *arguments: Any) -> Any:
        """A worker's answer, ahead of all runs."""
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
            self._client, self._trouble = client, ""
            next_sweep = 0.0
            while not self._closing.is_set() and _connected(client) and (cluster is None or cluster.alive):
                if cluster is not None:
                    cluster.revive()
                    self._pids = cluster.pids()
                if time.monotonic() >= next_sweep:
                    self._sweep(client)
                    next_sweep = time.monotonic() + SWEEP
                try:
                    self._hand_over(client, self._submitted.get(timeout=WATCH))
                except queue.Empty:
                    continue

    def _sweep(self, client: "Client") -> None:
        """Hands over all runs that nobody is at."""
        try:
            for summary in self._catalog.unfinished():
                if _left_alone(summary):
                    self._hand_over(client, summary.run_id)
        except OSError as error:
            # A storage that hiccups must not cost the workers their lives: they hold runs that it may still serve.
            _log.warning("The runs cannot be listed: %s", error)

    def _hand_over(self, client: "Client", run_id: str) -> None:
        from distributed import fire_and_forget

        try:
            twin = self._catalog.twin(run_id)
            # Twins are one task, whichever of them is submitted.
            names = sorted(name for name in (run_id, twin) if name)
            paths = [self._catalog.get(name).path for name in names]
        except (PlaygroundError, OSError) as error:
            _log.warning("Not handed to a worker: %s", error)
            return
        # The key makes a second submission of a run that Dask already holds the same task.
        function = "run_twins" if twin else "run_folder"
        future = client.submit(call, "playground.runs.worker", function, *paths, key=f"run-{names[0]}")
        future.add_done_callback(_report)  # type: ignore[no-untyped-call]
        fire_and_forget(future)  # type: ignore[no-untyped-call]


def _report(future: "Future[Any]") -> None:
    """Says what no run can say of itself: that a worker could not even begin with it."""
    if future.status == "error":
        _log.error("%s was not begun by a worker: %s", future.key, future.exception())  # type: ignore[no-untyped-call]


def _connected(client: "Client") -> bool:
    return bool(client.status == "running")


def _left_alone(summary: RunSummary) -> bool:
    """Whether nobody is at a run. A queued one may be about to be submitted by the process that made it."""
    age = time.time() - summary.started.timestamp()
    return summary.status is RunStatus.LOST or (summary.status is RunStatus.QUEUED and age > STALE)


@cache
def engine() -> Engine:
    """The process's engine, not yet started: over PLAYGROUND_RUNS, on PLAYGROUND_SCHEDULER if that is set."""
    return Engine(Catalog(), os.environ.get(SCHEDULER_SETTING) or None)

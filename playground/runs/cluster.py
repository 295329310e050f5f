"""Dask's scheduler and workers on this machine, in processes that end with this one and come back when killed.

The same commands as `distributed.deploy.SubprocessCluster`, which lacks what is needed here: it never reads its
scheduler's stderr (the scheduler stops answering after 160 kB of log), leaves its processes behind after SIGKILL,
restarts dead workers only through a nanny process each, and does not run on Windows.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import platformdirs
from dask.system import CPU_COUNT

import playground
from playground.runs.preload import CHILD_SETTING

WORKERS = max(1, min(CPU_COUNT, 8))
THREADS = 64
"""Runs at a time in a worker, paused ones too. They take turns, and most of them wait for their pace."""
RESTART = 1.0
"""Seconds at least between two starts of a worker, so that one which cannot start does not eat the machine."""

MOST_LOG = 1_000_000
"""Bytes of a log, after which it begins anew at the next start."""

_ENVIRONMENT = {
    CHILD_SETTING: "1",
    "PYTHONUNBUFFERED": "1",
    # torch.set_num_threads counts only for the thread that calls it and for later ones.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Threads take turns, and each would keep what it freed: 630 MB after 64 blocks of a map, 373 with 2 arenas. But
    # with 2 a map takes 15 % longer, with 8 it does not.
    "MALLOC_ARENA_MAX": "8",
    "DASK_LOGGING__DISTRIBUTED": "warning",
    # The profiler stops every thread 100 times a second; tasks that last for minutes are not worth stealing.
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING": "False",
}


class Cluster:
    """Started by the constructor, which does not wait; `address` waits for the scheduler."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rnn-playground-", ignore_cleanup_errors=True)
        self._logs = platformdirs.user_log_path("rnn-playground", ensure_exists=True)
        self._address_file = Path(self._folder.name) / "scheduler.json"
        common = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "dashboard": False}
        common["preload"] = ["playground.runs.preload"]
        # A run that kills its worker is ended by its own count of attempts; Dask's would end the runs beside it.
        options = {**common, "scheduler_file": str(self._address_file), "port": 0, "allowed_failures": 1_000_000}
        self._worker_options = {
            **common,
            "scheduler_file": str(self._address_file),
            "nthreads": THREADS,
            "memory_limit": 0,
            "local_directory": self._folder.name,
        }
        self._scheduler = self._start("scheduler", "distributed.Scheduler", options)
        # The first alone: all at once, importing torch, they would take the cores from the first page for seconds.
        self._workers = [self._start_worker(0)]
        self._started = [time.monotonic()]

    def address(self, closing: threading.Event, patience: float = 60.0) -> str:
        """Where the scheduler listens. Raises RuntimeError if it ends, takes longer than `patience` seconds, or at
        `closing`.
        """
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self.alive and not closing.is_set():
            try:
                return str(json.loads(self._address_file.read_bytes())["address"])
            except (OSError, ValueError):
                time.sleep(0.02)
        raise RuntimeError(f"Dask's scheduler did not start. {self._logs / 'scheduler.log'} may say why.")

    @property
    def alive(self) -> bool:
        return self._scheduler.poll() is None

    def pids(self) -> list[int]:
        """The scheduler's, then the workers'."""
        return [process.pid for process in (self._scheduler, *self._workers)]

    def revive(self) -> None:
        """Starts the workers that are still missing, and those anew that have died."""
        while len(self._workers) < WORKERS:
            self._workers.append(self._start_worker(len(self._workers)))
            self._started.append(time.monotonic())
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None and time.monotonic() - self._started[number] >= RESTART:
                _close_input(worker)
                self._workers[number] = self._start_worker(number)
                self._started[number] = time.monotonic()

    def close(self) -> None:
        """Ends all processes at once. Runs go on from their checkpoints when there are workers again."""
        processes = [self._scheduler, *self._workers]
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
            _close_input(process)
        self._folder.cleanup()

    def _start_worker(self, number: int) -> subprocess.Popen[bytes]:
        return self._start(f"worker-{number}", "distributed.Worker", self._worker_options)

    def _start(self, name: str, cls: str, options: dict[str, Any]) -> subprocess.Popen[bytes]:
        paths = [str(Path(playground.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        path = self._logs / f"{name}.log"
        # Kept when a worker comes back: it may say why it died.
        fresh = not path.exists() or path.stat().st_size > MOST_LOG
        with path.open("wb" if fresh else "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", "spec", "--spec", json.dumps({"cls": cls, "opts": options})],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,  # Ctrl-C in the terminal is the server's to handle
            )


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()

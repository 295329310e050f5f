"""The real app as a process of its own: started, looked at and ended from outside."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from playground.lessons.shelf import SETTING
from playground.runs.catalog import Catalog

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Waits for something that no browser can wait for."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for nothing"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """`streamlit run app.py` with a folder of its own for runs, logs and caches; `lessons` is a teacher's folder."""

    def __init__(self, folder: Path, lessons: Path | None = None) -> None:
        self._folder = folder
        self._lessons = lessons
        self.runs = folder / "runs"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        # State: where Dask's processes log.
        ours = {"PLAYGROUND_RUNS": str(self.runs), "XDG_STATE_HOME": str(self._folder / "state")}
        return {**os.environ, **ours, **({SETTING: str(self._lessons)} if self._lessons else {})}

    @property
    def catalog(self) -> Catalog:
        return Catalog(self.runs)

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None, "not started"
        return psutil.Process(self._process.pid)

    @property
    def log(self) -> str:
        return (self._folder / "server.log").read_text()

    def start(self) -> None:
        """Returns when the server answers; its workers may still be starting."""
        streamlit = shutil.which("streamlit", path=str(Path(sys.executable).parent))
        assert streamlit, "streamlit is not installed beside this Python"
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [streamlit, "run", "app.py", "--server.port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._healthy)

    def workers(self) -> list[psutil.Process]:
        return [p for p in self.process.children() if "distributed.Worker" in " ".join(p.cmdline())]

    def stop(self) -> None:
        """SIGTERM. Raises AssertionError if any process that the server started is left."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """SIGKILL, and the same demand."""
        self._end(lambda process: process.kill())

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        how(process)
        process.wait(PATIENCE)
        try:
            until(lambda: not alive(family), 10)
        except AssertionError:
            left = [" ".join(p.cmdline()) for p in alive(family)]
            for orphan in alive(family):
                orphan.kill()
            raise AssertionError(f"processes outlived the server: {left}") from None

    def _healthy(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended at once:\n{self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still do something; a zombie waits for its parent alone."""
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

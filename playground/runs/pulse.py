"""One thread a process that writes the heartbeats of all its runs, also while an update takes long."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 1.0  # seconds

_log = logging.getLogger(__name__)


class Pulse:
    """Calls what it was given each second; its thread lives as long as there is something to call."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._beats: list[Callable[[], None]] = []
        self._state = threading.Lock()
        self._alive = False

    @contextmanager
    def calling(self, beat: Callable[[], None]) -> Iterator[None]:
        """Calls `beat` now, here, and then each second until the block is left; later OSErrors are logged."""
        beat()
        with self._state:
            self._beats.append(beat)
            if not self._alive:
                self._alive = True
                threading.Thread(target=self._run, name="pulse", daemon=True).start()
        try:
            yield
        finally:
            with self._state:
                self._beats.remove(beat)

    @property
    def running(self) -> int:
        """How many blocks are being called for: the runs that go on in this process."""
        return len(self._beats)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self._every)
            with self._state:
                beats = list(self._beats)
                if not beats:
                    self._alive = False
                    return
            for beat in beats:
                try:
                    beat()
                except OSError as error:
                    # The run's own thread meets the same error at its next part, and ends the run with it.
                    _log.warning("No heartbeat: %s", error)

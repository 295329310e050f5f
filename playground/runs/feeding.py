"""Work that is none of the runs': many small tasks, of which only as many are handed out as keep the workers busy.

Whoever has such work is a `Feed`; the engine asks it for the next task whenever there is room. So an order may change
until the last moment, and owners can take turns task by task.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from playground.runs.task import call

if TYPE_CHECKING:
    from distributed import Client, Future

PER_WORKER = 2
"""Tasks at a worker process: while one ends and the next is on its way, another trains."""
PRIORITY = -10
"""Below the runs, whose is 0, where a worker has fewer threads than tasks."""

DIED = "its worker died, most likely for want of memory. Make batch, length or hidden smaller"

_log = logging.getLogger(__name__)


class Work(NamedTuple):
    """One task: a function by its name, so that the screen need not import torch. `key` is nobody else's."""

    key: str
    module: str
    function: str
    arguments: tuple[Any, ...] = ()


class Feed(Protocol):
    """What the engine asks, from its own thread. No method raises for what a storage does."""

    def next(self, most: int) -> Work | None:
        """The next task; None where none is to be at work beside those that are. `most` keep the workers busy."""

    def ended(self, key: str, trouble: str | None) -> None:
        """A task is over. `trouble` says why it came to nothing; it is empty where only the connection was lost."""

    def close(self) -> None:
        """The engine ends, and asks no more."""


class Feeding:
    """The tasks of a feed that are at the workers of one client."""

    def __init__(self, feed: Feed, wake: Callable[[], None]) -> None:
        self._feed = feed
        self._wake = wake
        self._out: dict[str, tuple[Future[Any], str]] = {}

    def serve(self, client: "Client", workers: Sequence[str]) -> None:
        """Says what has ended, and hands out what comes next, evenly."""
        for key, (future, worker) in [*self._out.items()]:
            done = future.done()  # type: ignore[no-untyped-call]
            if done or worker not in workers:
                del self._out[key]
                self._feed.ended(key, _trouble(future) if done else DIED)
                if not done:
                    future.cancel()  # type: ignore[no-untyped-call]
        while workers and (work := self._feed.next(PER_WORKER * len(workers))):
            self._hand_out(client, workers, work)

    def lose(self) -> None:
        """Nothing more is heard of what is out: the scheduler is gone, and so is what it held."""
        out, self._out = self._out, {}
        for key in out:
            self._feed.ended(key, "")

    def close(self) -> None:
        self._feed.close()

    def _hand_out(self, client: "Client", workers: Sequence[str], work: Work) -> None:
        at = Counter(worker for _, worker in self._out.values())
        worker = min(workers, key=lambda address: at[address])
        # Dask would reckon with what runs are expected to take. To a worker that died it stays bound, until it is
        # missed and handed out again: where other workers are allowed, Dask forgets it while there is none at all.
        try:
            future = client.submit(
                call, work.module, work.function, *work.arguments, key=work.key, priority=PRIORITY, workers=[worker]
            )
        except Exception:
            self._feed.ended(work.key, "")  # the connection is lost: `lose` does not know of it
            raise
        self._out[work.key] = future, worker
        future.add_done_callback(lambda _: self._wake())  # type: ignore[no-untyped-call]


def _trouble(future: "Future[Any]") -> str | None:
    """Why a task came to nothing; None where it did not."""
    if future.status == "error":
        error = future.exception()  # type: ignore[no-untyped-call]
        _log.error("%s came to nothing: %s", future.key, error)
        return f"{type(error).__name__}: {error}"
    return None if future.status == "finished" else ""

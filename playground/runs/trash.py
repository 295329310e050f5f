"""What was thrown away: the run stays where it is, and `.trash/` has a small file of its name until it is emptied."""

import time
from contextlib import suppress

from playground.runs.store import Store

FOLDER = ".trash"
KEPT = 3600.0
"""Seconds for which what was thrown away can be brought back."""
HOLDS = 100
"""Runs, of all browsers together: of more than that the oldest are gone sooner."""


class Trash:
    """The trash of one store. Every method raises OSError as it comes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __contains__(self, run_id: str) -> bool:
        return self._store.exists(f"{FOLDER}/{run_id}")

    def names(self) -> list[str]:
        return self._store.names(FOLDER)

    def throw(self, run_id: str) -> None:
        self._store.make_folder(FOLDER)
        self._store.write(f"{FOLDER}/{run_id}", str(time.time()).encode())

    def bring_back(self, run_id: str) -> None:
        self._store.delete(f"{FOLDER}/{run_id}")

    def empty(self) -> None:
        """Deletes for good what has been here long enough, or is too much."""
        since = {run_id: self._since(run_id) for run_id in self.names()}
        newest_first = sorted(since, key=lambda run_id: since[run_id], reverse=True)
        for place, run_id in enumerate(newest_first):
            if place >= HOLDS or since[run_id] < time.time() - KEPT:
                with suppress(FileNotFoundError):
                    self._store.delete_folder(run_id)
                self.bring_back(run_id)

    def _since(self, run_id: str) -> float:
        """When it was thrown away; 0 where that cannot be read."""
        try:
            return float(self._store.read(f"{FOLDER}/{run_id}"))
        except (OSError, ValueError):
            return 0.0

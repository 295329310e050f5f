"""Which processes hand out blocks, and when they last said so: two of them over the same runs share no map."""

import time

from playground.runs.store import Store

FOLDER = ".feeders"
EVERY = 1.0
"""Seconds between beats."""
STALE = 5.0
"""Seconds without one after which a process is taken for dead."""


class Feeders:
    """The feeders of one store: `.feeders/` has a small file of each. Every method raises OSError as it comes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def beat(self, name: str) -> None:
        self._store.make_folder(FOLDER)
        self._store.write(f"{FOLDER}/{name}", str(time.time()).encode())

    def alive(self, name: str) -> bool:
        try:
            return time.time() - float(self._store.read(f"{FOLDER}/{name}")) < STALE
        except (FileNotFoundError, ValueError):
            return False

    def leave(self, name: str) -> None:
        """Whoever is next need not wait."""
        self._store.delete(f"{FOLDER}/{name}")

"""What is worked out once for all who look at a map, and not more often than it is worth."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
Versions = Mapping[str, tuple[int, int]]
"""Of a map's blocks, by their names: equal where nothing new was measured."""

SHARE = 8
"""A map that goes on is drawn anew after so many times the work of drawing it: the server has others to see to."""


class _Made(NamedTuple, Generic[T]):
    value: T
    versions: Versions
    over: bool
    until: float


class Kept(Generic[T]):
    """The newest of what was worked out, `most` of them, by key. While one works on it, others get what there was."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, _Made[T]] = OrderedDict()
        self._at_work: set[Hashable] = set()
        self._lock = Lock()

    def get(self, key: Hashable, versions: Versions, over: bool, draw: Callable[[], T]) -> T:
        """Of a map that is over exactly what was seen; of one that goes on what was seen a moment ago."""
        with self._lock:
            made = self._made.get(key)
            fresh = made and (made.versions == versions or time.monotonic() < made.until or key in self._at_work)
            if made and made.over == over and fresh:
                self._made.move_to_end(key)
                return made.value
            self._at_work.add(key)
        began = time.thread_time()  # not what it waited for others
        try:
            value = draw()
        finally:
            with self._lock:
                self._at_work.discard(key)
        rest = SHARE * (time.thread_time() - began) if versions else 0.0  # the first colours come at once
        with self._lock:
            self._made[key] = _Made(value, versions, over, 0.0 if over else time.monotonic() + rest)
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return value

    def clear(self) -> None:
        with self._lock:
            self._made.clear()

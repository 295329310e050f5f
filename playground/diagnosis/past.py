"""What a diagnosis remembers of a run: of each measurement the first value and the newest few."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import MeasurementSpec, Value


class Past:
    """The newest values of some measurements, `lengths[name]` of each at most."""

    def __init__(self, specs: Mapping[str, MeasurementSpec], lengths: Mapping[str, int]) -> None:
        self.specs = specs
        self.update = -1
        self._first: dict[str, Value] = {}
        self._newest: dict[str, deque[tuple[int, Value]]] = {
            name: deque(maxlen=length) for name, length in lengths.items()
        }

    def add(self, update: int, values: Mapping[str, Value]) -> None:
        self.update = update
        for name, newest in self._newest.items():
            value = values.get(name)
            if value is not None:
                if not newest:
                    self._first.setdefault(name, value)
                newest.append((update, value))

    def forget(self, first: bool) -> None:
        """Begins anew, but for what is measured once; with `first`, the first values of all else go too."""
        for name, newest in self._newest.items():
            if name in self.specs and self.specs[name].every:
                newest.clear()
                if first:
                    self._first.pop(name, None)

    def has(self, name: str, looks: int = 1) -> bool:
        """Whether so many values of it have come."""
        return name in self._newest and len(self._newest[name]) >= looks

    def first(self, name: str) -> NDArray[np.float64]:
        """The first value of the run."""
        return np.asarray(self._first[name])

    def last(self, name: str) -> NDArray[np.float64]:
        """The newest value."""
        return np.asarray(self._newest[name][-1][1])

    def row(self, name: str) -> list[float]:
        """The newest value along its one axis. Of so few numbers a list takes a tenth of an array's time."""
        found: list[float] = self.last(name).tolist()
        return found

    def before(self, name: str, looks: int) -> NDArray[np.float64]:
        """The value so many looks before the newest."""
        return np.asarray(self._newest[name][-1 - looks][1])

    def number(self, name: str) -> float:
        """The newest value of a measurement without axes."""
        value = self._newest[name][-1][1]
        assert isinstance(value, float)
        return value

    def numbers(self, name: str, looks: int) -> list[float]:
        """The newest `looks` values of a measurement without axes, or as many as there are. Lists, not arrays: of so
        few numbers a median takes a tenth of the time."""
        kept = self._newest[name]
        return [float(kept[i][1]) for i in range(max(0, len(kept) - looks), len(kept))]

    def values(self, name: str) -> NDArray[np.float64]:
        """All values that are remembered: (looks, *shape)."""
        return np.array([value for _, value in self._newest[name]], dtype=np.float64)

    def updates(self, name: str) -> NDArray[np.float64]:
        """When these were taken."""
        return np.array([update for update, _ in self._newest[name]], dtype=np.float64)

    def labels(self, name: str) -> tuple[str, ...]:
        """The names of a measurement's first axis."""
        return self.specs[name].labels

    def dump(self) -> dict[str, Any]:
        """As plain numbers, for a checkpoint."""
        return {
            "update": self.update,
            "first": {name: _plain(value) for name, value in self._first.items()},
            "newest": {name: [(u, _plain(value)) for u, value in kept] for name, kept in self._newest.items()},
        }

    def load(self, saved: Mapping[str, Any]) -> None:
        self.update = saved["update"]
        self._first = {name: _value(value) for name, value in saved["first"].items()}
        for name, kept in self._newest.items():
            kept.clear()
            kept.extend((update, _value(value)) for update, value in saved["newest"][name])


def median(values: Sequence[float]) -> float:
    """Of few numbers; NaN where one is NaN, or where there is none."""
    if not values or any(value != value for value in values):
        return math.nan
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _plain(value: Value) -> Any:
    return value if isinstance(value, float) else np.asarray(value).tolist()


def _value(saved: Any) -> Value:
    return saved if isinstance(saved, float) else np.array(saved, dtype=np.float64)

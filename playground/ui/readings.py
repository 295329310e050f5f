"""What of stored runs is compared: read once, then only what has come since. For all sessions together."""

import threading
from array import array
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import BrokenRun
from playground.core.measurement import Measurements, MeasurementSpec, Series
from playground.figures.compare_pictures import NEEDS
from playground.runs.folder import RunFolder
from playground.runs.table import numbers, to_series

KEPT = 16
"""Runs that are remembered. One of 20,000 updates takes half a megabyte."""
PICTURES = ("total_gradient", "flow_gradient")
"""Of these the newest is compared, or the last finite one; their whole history would be most of the memory."""


class _Column:
    """One measurement: updates, and all values one after the other, as plain numbers that can grow."""

    def __init__(self, spec: MeasurementSpec) -> None:
        self.spec = spec
        self._updates = array("q")
        self._values = array("d")
        self._last_finite = False

    def add(self, update: int, value: NDArray[np.float64]) -> None:
        if self._updates and update <= self._updates[-1]:
            return
        if self.spec.name in PICTURES:
            finite = bool(np.isfinite(value).any())
            if finite or not self._last_finite:
                del self._updates[:], self._values[:]
            elif len(self._updates) > 1:
                del self._updates[1:], self._values[value.size :]
            self._last_finite |= finite
        self._updates.append(update)
        self._values.frombytes(np.ascontiguousarray(value).tobytes())

    def series(self) -> Series:
        values = np.array(self._values).reshape(len(self._updates), *self.spec.shape)
        return Series(self.spec, np.array(self._updates, dtype=np.int64), values)


class Reading:
    """One run, as far as it was read."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._columns = {spec.name: _Column(spec) for spec in folder.specs() if spec.name in NEEDS}
        self._next_part = 0
        self._over = False
        self._lock = threading.Lock()

    def measurements(self) -> Measurements:
        """What is stored by now. Raises BrokenRun."""
        with self._lock:
            # Asked first: what was stored until then is all there is. A run that was stopped may go on later.
            over = self._folder.end() is not None
            if not (over and self._over):
                if self._next_part:
                    self._catch_up()
                else:
                    self._open(over)
                self._over = over
            return Measurements({name: column.series() for name, column in self._columns.items()})

    def _open(self, over: bool) -> None:
        """Of a run that goes on whole tables, because it matters which part comes next; otherwise column by column,
        which leaves a long run 27 MB less behind in the server."""
        table = None if over else self._folder.parts.whole()
        for name, column in self._columns.items():
            series = self._folder.series(name) if table is None else to_series(column.spec, table)
            assert series is not None, "its own specs name it"
            for update, value in zip(series.updates.tolist(), series.values, strict=True):
                column.add(update, value)
        if table is not None:
            self._next_part = 1 + (int(numbers(table["part"]).max()) if len(table) else 0)

    def _catch_up(self) -> None:
        while (rows := self._folder.read_part(self._next_part)) is not None:
            self._next_part += 1
            for row in rows:
                for name in self._columns.keys() & row.values.keys():
                    self._columns[name].add(row.update, np.asarray(row.values[name], dtype=np.float64))


_readings: OrderedDict[str, Reading] = OrderedDict()
_lock = threading.Lock()


def of(folder: RunFolder) -> Measurements:
    """What is stored of a run by now. Raises BrokenRun. Whether the asker may see it is for the caller to settle."""
    with _lock:
        reading = _readings.pop(folder.path, None) or Reading(folder)
        _readings[folder.path] = reading
        while len(_readings) > KEPT:
            _readings.popitem(last=False)
    try:
        return reading.measurements()
    except BrokenRun:
        with _lock:
            _readings.pop(folder.path, None)
        raise

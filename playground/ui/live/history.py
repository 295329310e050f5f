"""What of a run its pictures can show: every measurement thinned to the grid that pixels have room for, and the newest.

Grids are nested (powers of two), so this one small thing serves whoever comes: a newcomer, one who lost the connection,
and one who is a single update behind. A run of any length takes a megabyte or so, and nothing is read twice from disk.
"""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from playground.core.measurement import Measurements, MeasurementSpec, Row, Series, Value
from playground.figures.figure import HEAT_ROWS, LINE_ROWS, grid, kept


class _Column(NamedTuple):
    spec: MeasurementSpec
    updates: list[int]
    values: list[Value]


NEVER = 1 << 62
"""The spacing of a grid that has update 0 alone."""


class History:
    """The measurements named in `needs`, by update. `newest` is −1 until something is added.

    Of those named in `now`, which no picture shows over updates, it has update 0, the newest and the last finite: whole
    matrices would else take most of the memory.
    """

    def __init__(self, specs: Sequence[MeasurementSpec], needs: Iterable[str], now: Iterable[str] = ()) -> None:
        wanted, self._now = set(needs), frozenset(now)
        self._columns = [_Column(spec, [], []) for spec in specs if spec.name in wanted]
        self.newest = -1

    @property
    def names(self) -> list[str]:
        """The measurements that it keeps."""
        return [column.spec.name for column in self._columns]

    def open(self, newest: int, stored: Callable[[MeasurementSpec], Series]) -> None:
        """Begins with what is stored up to update `newest`, as if each row had been added.

        `stored` is called for one measurement after the other: a long run never is in memory whole.
        """
        self.newest = newest
        for column, spacing in zip(self._columns, self._spacings(newest), strict=True):
            series = stored(column.spec)
            shown = kept(series.updates, spacing)
            finite = np.isfinite(series.values).any(axis=tuple(range(1, series.values.ndim)))
            shown[np.flatnonzero(finite)[-1:]] = True
            column.updates[:] = series.updates[shown].tolist()
            column.values[:] = series.values[shown] if column.spec.axes else series.values[shown].tolist()

    def add(self, row: Row) -> None:
        """The next row; one that is not newer than all before is known already."""
        if row.update <= self.newest:
            return
        coarser = self._spacings(self.newest) != self._spacings(row.update)
        self.newest = row.update
        for column, spacing in zip(self._columns, self._spacings(row.update), strict=True):
            if coarser:
                on_grid = [i for i, update in enumerate(column.updates) if update % spacing == 0]
                column.updates[:] = [column.updates[i] for i in on_grid]
                column.values[:] = [column.values[i] for i in on_grid]
            if column.spec.name not in row.values:
                continue
            value = row.values[column.spec.name]
            if column.updates and column.updates[-1] % spacing and (_finite(value) or not _finite(column.values[-1])):
                # Was there only for being the newest; but the last finite picture before a broken one is kept.
                column.updates.pop()
                column.values.pop()
            column.updates.append(row.update)
            column.values.append(value)

    def since(self, after: int, names: Container[str]) -> Measurements:
        """Of these what is newer than `after`; in any case the newest, the last finite, and update 0."""

        def chosen(c: _Column) -> list[int]:
            return sorted({*_first(c), *range(bisect_right(c.updates, after), len(c.updates)), *_last(c)})

        return self._taken(names, chosen)

    def start(self, names: Container[str]) -> Measurements:
        """Update 0 alone, which all compare to."""
        return self._taken(names, _first)

    def overview(self, names: Container[str]) -> Measurements:
        """What words need: numbers over the whole run, and of measurements with axes the first and last ones."""

        def chosen(c: _Column) -> list[int]:
            if not c.spec.axes:
                return list(range(len(c.updates)))
            return sorted({*_first(c), *_last(c)})

        return self._taken(names, chosen)

    def _taken(self, names: Container[str], chosen: Callable[[_Column], list[int]]) -> Measurements:
        return Measurements({c.spec.name: _series(c, chosen(c)) for c in self._columns if c.spec.name in names})

    def _spacings(self, newest: int) -> list[int]:
        return [
            NEVER if c.spec.name in self._now else grid(newest, c.spec.every, HEAT_ROWS if c.spec.axes else LINE_ROWS)
            for c in self._columns
        ]


def _first(column: _Column) -> list[int]:
    return [0] if column.updates[:1] == [0] else []


def _last(column: _Column) -> list[int]:
    """The newest, and the newest in which anything is finite."""
    backwards = range(len(column.updates) - 1, -1, -1)
    finite = (i for i in backwards if _finite(column.values[i]))
    return [*backwards[:1], *itertools.islice(finite, 1)]


def _finite(value: Value) -> bool:
    return bool(np.isfinite(value).any())


def _series(column: _Column, chosen: list[int]) -> Series:
    updates = np.array([column.updates[i] for i in chosen], dtype=np.int64)
    values = np.array([column.values[i] for i in chosen], dtype=np.float64)
    return Series(column.spec, updates, values.reshape(len(chosen), *column.spec.shape))

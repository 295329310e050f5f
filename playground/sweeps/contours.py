"""Where numbers on a grid pass a level, as lines between the grid's points (marching squares)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Edge = tuple[int, int, bool]
"""From this row and column to the next column, or (True) to the next row."""


class Scale(NamedTuple):
    """What a number is on the scale on which it changes evenly from one point of the grid to the next, and back."""

    of: Callable[[Any], Any]
    back: Callable[[Any], Any]


LINEAR = Scale(lambda value: value, lambda value: value)
LOG = Scale(lambda value: np.log10(np.maximum(value, 1e-300)), lambda value: 10.0**value)  # a matrix may be 0


class Line(NamedTuple):
    """Points in columns and rows, counted from 0."""

    x: tuple[float, ...]
    y: tuple[float, ...]


def contours(values: Numbers, level: float, across: Scale | None, down: Scale | None) -> tuple[Line, ...]:
    """The lines on which `values` (rows, columns) are `level`. NaN is a hole; one between others is bridged.

    `across` and `down` are the scales along a row and along a column. Along one without a scale nothing lies between
    two points: a line then has a piece of its own for each row, or column, as wide as that.
    """
    if across:
        values = _bridged(values, across)
    if down:
        values = _bridged(values.T, down).T
    if across and down:
        links: dict[Edge, list[Edge]] = defaultdict(list)
        for one, other in _segments(values, level):
            links[one].append(other)
            links[other].append(one)
        return tuple(_line(path, values, level, across, down) for path in _paths(links))
    if across:
        return tuple(_pieces(values, level, across))
    if down:
        return tuple(Line(y, x) for x, y in _pieces(values.T, level, down))
    return ()


def _bridged(values: Numbers, scale: Scale) -> Numbers:
    """Without holes between two numbers of a row: a map that fills is coarse at first."""
    found = values.copy()
    for row in found:
        known = np.flatnonzero(~np.isnan(row))
        if len(known) and known[-1] - known[0] >= len(known):
            between = np.arange(known[0], known[-1] + 1)
            row[between] = scale.back(np.interp(between, known, scale.of(row[known])))
    return found


def _pieces(values: Numbers, level: float, scale: Scale) -> Iterator[Line]:
    for i, row in enumerate(values):
        for j, (one, other) in enumerate(pairwise(row)):
            if _passes(one, other, level):
                at = j + _share(one, other, level, scale)
                yield Line((at, at), (i - 0.5, i + 0.5))


def _segments(values: Numbers, level: float) -> Iterator[tuple[Edge, Edge]]:
    """In each square of four points."""
    corners = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]])
    above = (corners > level).sum(axis=0)
    for i, j in np.argwhere((above % 4 > 0) & ~np.isnan(corners).any(axis=0)).tolist():
        a, b, c, d = corners[:, i, j].tolist()
        top, left, bottom, right = (i, j, False), (i, j, True), (i + 1, j, False), (i, j + 1, True)
        sides = ((top, a, b), (right, b, d), (bottom, c, d), (left, a, c))
        crossed = [edge for edge, one, other in sides if _passes(one, other, level)]
        if len(crossed) == 2:
            yield crossed[0], crossed[1]
        else:
            # A saddle: its middle says which two corners belong together.
            apart = ((a + b + c + d) / 4 > level) == (a > level)
            yield (top, right) if apart else (top, left)
            yield (bottom, left) if apart else (bottom, right)


def _passes(one: float, other: float, level: float) -> bool:
    return one == one and other == other and (one > level) != (other > level)


def _share(one: float, other: float, level: float, scale: Scale) -> float:
    start = scale.of(one)
    return float((scale.of(level) - start) / (scale.of(other) - start))


def _paths(links: dict[Edge, list[Edge]]) -> Iterator[list[Edge]]:
    """Segments joined: first those with ends, then the closed ones."""
    ends = [edge for edge, others in links.items() if len(others) == 1]
    for start in [*ends, *links]:
        if not links[start]:
            continue
        path = [start]
        while links[path[-1]]:
            following = links[path[-1]].pop()
            links[following].remove(path[-1])
            path.append(following)
        yield path


def _line(path: list[Edge], values: Numbers, level: float, across: Scale, down: Scale) -> Line:
    x, y = [], []
    for i, j, downwards in path:
        one, other = values[i, j], values[i + downwards, j + (not downwards)]
        share = _share(float(one), float(other), level, down if downwards else across)
        x.append(j + (0.0 if downwards else share))
        y.append(i + (share if downwards else 0.0))
    return Line(tuple(x), tuple(y))

"""Which cells come next: a coarse lattice, then cells between neighbours that turned out different, then the rest, each
time at twice the resolution."""

from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from playground.sweeps.axis import Axis
from playground.sweeps.outcome import Outcome
from playground.sweeps.spec import MapSpec

LATTICE = 4
"""Every fourth value of an axis, and its last, are the coarse lattice; an axis of fewer values has none."""


def order(spec: MapSpec, known: Mapping[int, Outcome]) -> list[int]:
    """All cells that can be trained, those in front that are to be looked at first; `known` are the outcomes so far.

    A cell counts as between neighbours where the nearest known cell and the nearest that turned out otherwise are
    about equally far, in steps along the axes of numbers; of two such cells that with the nearest one farther away
    comes first. So a border is found by halving.
    """
    levels = np.array(_levels(spec))
    near, other = _distances(spec, known)
    between = np.isfinite(other) & (other <= near + 1)
    cells = np.arange(len(levels))
    coarse = (levels == 0) & ~np.isin(cells, list(known))
    phase = np.where(coarse, 0, np.where(between, 1, 2))
    # Within the border the widest gap first; elsewhere by resolution.
    rank = np.where(phase == 1, -near, levels)
    apart = set(spec.impossible())
    return [int(cell) for cell in np.lexsort((cells, rank, phase)) if int(cell) not in apart]


def _levels(spec: MapSpec) -> list[int]:
    """Of each cell how fine a lattice must be to hold it; 0 is the coarse one."""
    panels, rows, columns = (_axis_levels(axis) for axis in (spec.panels, spec.y, spec.x))
    return [max(place) for place in product(panels, rows, columns)]


def _axis_levels(axis: Axis | None) -> list[int]:
    if axis is None or not axis.numeric or len(axis.values) <= LATTICE:
        return [0] * (len(axis.values) if axis else 1)
    last = len(axis.values) - 1
    return [0 if i % LATTICE == 0 or i == last else 1 if i % 2 == 0 else 2 for i in range(last + 1)]


def _distances(spec: MapSpec, known: Mapping[int, Outcome]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From each cell to the nearest known one, and to the nearest with another outcome than that one; ∞ where there is
    none. Cells that differ in a choice have no distance."""
    count = len(spec.cells())
    if not known:
        return np.full(count, np.inf), np.full(count, np.inf)
    measured = np.fromiter(known, dtype=np.int64)
    kinds = list(dict.fromkeys(known.values()))
    outcomes = np.array([kinds.index(outcome) for outcome in known.values()])
    squares = np.zeros((count, len(measured)), dtype=np.float32)  # a thousand cells know of a thousand
    for axis, along in zip((spec.panels, spec.y, spec.x), np.unravel_index(np.arange(count), spec.shape), strict=True):
        steps = along[:, None] - along[measured]
        if axis and not axis.numeric:
            squares[steps != 0] = np.inf
        else:
            squares += steps**2
    distances = np.sqrt(squares)
    nearest = distances.argmin(1)
    other = np.where(outcomes == outcomes[nearest][:, None], np.inf, distances).min(1)
    return distances[np.arange(count), nearest], other

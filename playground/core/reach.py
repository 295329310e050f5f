"""How far back through time a signal reaches: one definition for pictures, probes, alarms and words.

A *row* is one layer in one direction, with a norm ‖∂L/∂h_t‖ for each step t of the common time axis, index 0 first.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BACKWARDS = "←"
"""Ends the name of a row that reads from the end."""

REACHED = 1e-3
"""A step still counts as reached while this share of the signal arrives there."""


class Reach(NamedTuple):
    """`steps` of `span` steps, counted from the one at which the signal enters, receive at least `REACHED` of it.

    `ratio` is what the far end receives, divided by what enters; `zeros` of the steps receive exactly 0. All are NaN
    where a norm is not finite.
    """

    steps: float
    span: float
    ratio: float
    zeros: float


NOT_FINITE = Reach(*[float("nan")] * 4)


def entry(row: str, norms: NDArray[np.float64], direct: NDArray[np.float64]) -> int | None:
    """The index of the step at which the signal enters this row; None where there is no signal.

    It is the last step that is told something directly. A row that is told nothing, an encoder's, gets its signal at
    the step with which it ends.
    """
    reached = norms != 0
    told = reached & (direct != 0) if len(direct) == len(norms) else np.zeros_like(reached)
    if told.any():
        return int(np.flatnonzero(told)[-1])
    steps = np.flatnonzero(reached)
    if not len(steps):
        return None
    return int(steps[0] if row.endswith(BACKWARDS) else steps[-1])


def out_of_reach(row: str, rows: Iterable[str], norms: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The steps (…, T) that a row takes after the last one that a signal reaches, in its own sense of time.

    What comes later cannot matter to an answer: these are no signals that vanished. Under a layer that reads both ways
    every step can matter, and a row without any signal has no such steps either.
    """
    rows = list(rows)
    both_ways = any(each.endswith(BACKWARDS) for each in rows)
    if both_ways and row not in rows[:2]:
        return np.zeros(norms.shape, dtype=np.bool_)
    ahead = slice(None) if row.endswith(BACKWARDS) else slice(None, None, -1)
    reached = norms != 0
    yet_to_come = np.logical_or.accumulate(reached[..., ahead], axis=-1)[..., ahead]  # here, or later
    beyond: NDArray[np.bool_] = ~yet_to_come & reached.any(axis=-1, keepdims=True)
    return beyond


def reach(row: str, norms: NDArray[np.float64], direct: NDArray[np.float64]) -> Reach:
    """How far a row's signal goes back from where it enters, in the row's own sense of time."""
    # At every update of a few steps: plain numbers take a quarter of the time of a dozen calls of numpy.
    values: list[float] = norms.tolist()
    if not all(map(math.isfinite, values)):
        return NOT_FINITE
    backwards = row.endswith(BACKWARDS)
    if len(direct):
        near = entry(row, norms, direct)
    else:
        steps = range(len(values)) if backwards else range(len(values) - 1, -1, -1)
        near = next((t for t in steps if values[t]), None)
    if near is None:
        return Reach(0.0, float(len(values)), 0.0, float(len(values)))
    way = values[near:] if backwards else values[near::-1]
    least = REACHED * way[0]
    reached = next((i for i, value in enumerate(way) if value < least), len(way))
    return Reach(float(reached), float(len(way)), way[-1] / way[0], float(way.count(0.0)))

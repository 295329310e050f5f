"""What a large random network does to its state and to a signal, one step at a time: mean field.

With N → ∞ units, weights drawn independently with variance g²/N and an input of variance σ² to each unit,
    q = g² E[φ²(√q z)] + σ²        z ~ N(0, 1): the variance of a pre-activation, where it settles
    χ = g² E[φ′²(√q z)]            the square of what a step back in time multiplies a gradient's norm by
so that ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ ≈ χ^((T−1)/2), and the largest Lyapunov exponent is ½ ln χ.

Sources: Poole et al. 2016 · Schoenholz et al. 2017 · Engelken, Wolf & Abbott 2023 (driven).
Look at: the lines "χ = 1" and "10⁻³ arrives" in a map of what trains.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Function = Callable[[Numbers], Numbers]

# The midpoint rule: as exact as Gauss–Hermite where φ is smooth, and for one with a kink, or a steep one, better.
STEPS = 1000
REACH = 8.0
VARIANCES = np.geomspace(1e-12, 1e12, 641)
HALVINGS = 60


class Phi(NamedTuple):
    """An activation and its derivative, for numpy."""

    value: Function
    slope: Function


class MeanField(NamedTuple):
    """The variance q of a pre-activation, and χ. A q that grows without end is as large as `VARIANCES` goes."""

    q: Numbers
    chi: Numbers


def mean_field(kind: str, fields: Mapping[str, float], g2: ArrayLike, variance: ArrayLike) -> MeanField:
    """q and χ for every pair of g² and σ²; NaN where one of them is.

    `kind` and `fields` are an activation's, as its config names them. Raises KeyError for one that `known` does not
    know.
    """
    moments = _moments(kind, tuple(sorted(fields.items())))
    g2, variance = np.broadcast_arrays(np.asarray(g2, dtype=np.float64), np.asarray(variance, dtype=np.float64))
    low, high = np.full(g2.shape, math.log(VARIANCES[0])), np.full(g2.shape, math.log(VARIANCES[-1]))
    # A variance that one step enlarges settles higher.
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        q = np.exp(middle)
        grows = g2 * moments.square(q) + variance > q
        low, high = np.where(grows, middle, low), np.where(grows, high, middle)
    q = np.where(np.isfinite(g2 * variance), np.exp((low + high) / 2), np.nan)
    return MeanField(q, g2 * moments.slope(q))


def log_ratio(chi: ArrayLike, length: ArrayLike) -> Numbers:
    """log10 of χ^((T−1)/2), what is left of a gradient's norm at the first of T steps: the power itself overflows."""
    with np.errstate(divide="ignore"):
        found: Numbers = (np.asarray(length) - 1) / 2 * np.log10(chi)
    return found


def known(kind: str) -> bool:
    """Whether mean field knows this activation."""
    return kind in _PHI


def phi(kind: str, fields: Mapping[str, float]) -> Phi:
    """The activation of this name, with the parameters that its config has."""
    return _PHI[kind](**fields)


class _Moments(NamedTuple):
    """E[φ²(√q z)] and E[φ′²(√q z)] of any q."""

    square: Function
    slope: Function


@cache
def _moments(kind: str, fields: tuple[tuple[str, float], ...]) -> _Moments:
    """A table with straight lines between: a map has a thousand cells, and is drawn again and again."""
    function = phi(kind, dict(fields))
    width = 2 * REACH / STEPS
    z = -REACH + width * (np.arange(STEPS) + 0.5)
    weight = np.exp(-(z**2) / 2)
    weight /= weight.sum()
    square, slope = np.empty_like(VARIANCES), np.empty_like(VARIANCES)
    for i, root in enumerate(np.sqrt(VARIANCES)):
        square[i] = weight @ function.value(root * z) ** 2
        slope[i] = weight @ function.slope(root * z) ** 2
    logs = np.log(VARIANCES)
    return _Moments(
        lambda q: np.exp(np.interp(np.log(q), logs, np.log(square))),
        lambda q: np.interp(np.log(q), logs, slope),
    )


def _sigmoid(a: Numbers) -> Numbers:
    return 0.5 * (1 + np.tanh(a / 2))


def _silu_slope(a: Numbers) -> Numbers:
    s = _sigmoid(a)
    return s + a * s * (1 - s)


@cache
def _normal() -> tuple[Numbers, Numbers]:
    """Φ, which numpy does not have, on a grid fine enough for straight lines between."""
    grid = np.linspace(-9, 9, 18_001)
    return grid, np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in grid])


def _ndtr(a: Numbers) -> Numbers:
    return np.interp(a, *_normal())


def _gelu_slope(a: Numbers) -> Numbers:
    return _ndtr(a) + a * np.exp(-(a**2) / 2) / math.sqrt(2 * math.pi)


def _step(a: Numbers, below: float) -> Numbers:
    found: Numbers = np.where(a > 0, 1.0, below)
    return found


def _leaky(slope_below: float) -> Phi:
    return Phi(
        lambda a: a * _step(a, slope_below),
        lambda a: _step(a, slope_below),
    )


_PHI: Mapping[str, Callable[..., Phi]] = {
    "tanh": lambda: Phi(np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    "sigmoid": lambda: Phi(_sigmoid, lambda a: _sigmoid(a) * _sigmoid(-a)),
    "relu": lambda: _leaky(0.0),
    "leaky_relu": _leaky,
    "identity": lambda: Phi(lambda a: a, np.ones_like),
    "hardtanh": lambda: Phi(lambda a: np.clip(a, -1, 1), lambda a: (np.abs(a) < 1).astype(np.float64)),
    "softsign": lambda: Phi(lambda a: a / (1 + np.abs(a)), lambda a: (1 + np.abs(a)) ** -2),
    "silu": lambda: Phi(lambda a: a * _sigmoid(a), _silu_slope),
    "gelu": lambda: Phi(lambda a: a * _ndtr(a), _gelu_slope),
}

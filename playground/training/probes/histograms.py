"""Histograms of every weight tensor, and of every gradient's magnitude.

The edges are fixed once, from finite data, so that one inf cannot spoil the columns of a whole run: what lies
outside, NaN and ±inf are counted apart, in bins of their own. Weights: linear edges from the weights at update 0.
Gradients: log10|g|, where an exact 0 counts below all edges.
"""

import itertools
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, array, looks, registry, tensor_names

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

BINS = 40
OUTSIDE = 4
"""Bins apart: below, above, NaN, ±inf. They stand first, and in the last three places."""

SPREAD = 3.0
"""The edges reach this many times the largest weight of a tensor at update 0: room for growth that is still
ordinary."""

NARROWEST = 0.1
"""… but at least this far, for tensors that start at 0."""

TINIEST = 1e-300
"""Stands for an exact 0 under the logarithm."""

DECADES = (-12.0, 8.0)
"""log10|g| of a gradient, from numbers that move nothing to numbers that no step survives."""


@registry.register
class WeightHistograms(Probe):
    title: ClassVar[str] = "weight histograms"
    kind: Literal["weight_histograms"] = "weight_histograms"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="weight_histogram",
                title="weights",
                description="How many numbers of each tensor lie in each bin of `weight_edges`.",
                unit="count",
                axes=("tensor", "bin"),
                shape=(len(names), BINS + OUTSIDE),
                labels=names,
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        reach = reach_of(moment)
        return {"weight_histogram": count(moment.weights.flat, sizes_of(moment), -reach, reach)}


@registry.register
class WeightEdges(Probe):
    title: ClassVar[str] = "edges of the weight histograms"
    kind: Literal["weight_edges"] = "weight_edges"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="weight_edges",
                title="bin edges of the weights",
                description="Fixed for the run: three times the largest weight at update 0, and at least ±0.1.",
                unit="1",
                axes=("tensor", "edge"),
                shape=(len(names), BINS + 1),
                labels=names,
                every=0,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        reach = reach_of(moment)
        return {"weight_edges": np.linspace(-reach, reach, BINS + 1, axis=1)}


def reach_of(moment: Moment) -> NDArray[np.float64]:
    """The outer edge of each tensor's histogram, from the weights that the run started with."""
    largest = np.maximum.reduceat(array(moment.initial.flat.abs()), starts(sizes_of(moment)))
    reach: NDArray[np.float64] = np.maximum(NARROWEST, SPREAD * largest)
    return reach


@registry.register
class GradientHistograms(Probe):
    title: ClassVar[str] = "gradient histograms"
    kind: Literal["gradient_histograms"] = "gradient_histograms"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="gradient_histogram",
                title="gradients",
                description=f"How many elements have log10|g| in each of {BINS} bins from {DECADES[0]:g} to "
                f"{DECADES[1]:g}, before clipping; an exact 0 counts below.",
                unit="count",
                axes=("tensor", "bin"),
                shape=(len(names), BINS + OUTSIDE),
                labels=names,
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        gradient = torch.cat([g.flatten() for g in moment.step.passed.gradients.values()])
        magnitude = gradient.abs().double().clamp_min_(TINIEST).log10_()
        sizes = sizes_of(moment)
        low, high = (np.full(len(sizes), decade) for decade in DECADES)
        return {"gradient_histogram": count(magnitude, sizes, low, high)}


def count(flat: "Tensor", sizes: list[int], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts of each of the tensors that stand one behind the other in `flat`, in BINS equal bins of its [low, high).

    (tensor, [below, bins …, above, NaN, ±inf]): a row sums to the size of its tensor. All are counted in one pass.
    """
    values = array(flat)
    row = np.repeat(np.arange(len(sizes)), sizes)
    with np.errstate(over="ignore"):  # a weight of 10³⁰⁷ lies above all bins
        position = np.floor((values - low[row]) * (BINS / (high - low))[row])
    if np.isfinite(position).all():
        place = np.clip(position, -1, BINS) + 1
    else:
        place = np.clip(np.nan_to_num(position, nan=0.0), -1, BINS) + 1
        place[np.isnan(values)] = BINS + 2
        place[np.isinf(values)] = BINS + 3
    cells = np.bincount(row * (BINS + OUTSIDE) + place.astype(np.int64), minlength=len(sizes) * (BINS + OUTSIDE))
    return cells.reshape(len(sizes), BINS + OUTSIDE).astype(np.float64)


def sizes_of(moment: Moment) -> list[int]:
    return [view.numel() for view in moment.weights.views.values()]


def starts(sizes: list[int]) -> list[int]:
    return [0, *itertools.accumulate(sizes[:-1])]

"""How large the weights are, and how many of them are nothing."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import norms
from playground.training.probes.base import Moment, Probe, array, by_tensor, looks, registry, tensor_names
from playground.training.probes.histograms import sizes_of, starts

if TYPE_CHECKING:
    from playground.training.config import RunConfig

NOTHING = 1e-8
"""Magnitude below which a weight counts as 0: float32 next to a weight of 0.1 cannot tell."""


@registry.register
class WeightNorm(Probe):
    """‖w‖ of each tensor before the update, and after the last one, in units of weight, float64."""

    title: ClassVar[str] = "weight norms"
    kind: Literal["weight_norm"] = "weight_norm"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="weight_norm", title="weight norm ‖w‖", description="Euclidean norm of each tensor.", unit="1",
                axes=("tensor",), shape=(len(names),), labels=names, log=True, every=looks(config),
            ),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        weights = moment.weights
        if weights.flat.dtype == torch.float64:
            return {"weight_norm": by_tensor(norms(weights.views, weights.dims))}
        # Squares of shorter numbers neither overflow nor vanish in float64.
        return {"weight_norm": np.sqrt(np.add.reduceat(np.square(array(weights.flat)), starts(sizes_of(moment))))}


@registry.register
class ZeroWeights(Probe):
    """Share of each tensor's numbers that are 0, or below 1e-8 in magnitude."""

    title: ClassVar[str] = "weights that are 0"
    kind: Literal["zero_weights"] = "zero_weights"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="zero_weights", title="share of weights that are 0",
                description=f"Share of each tensor's numbers that are below {NOTHING:g} in magnitude.", unit="share",
                axes=("tensor",), shape=(len(names),), labels=names, every=looks(config),
            ),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        sizes = sizes_of(moment)
        nothing = np.abs(array(moment.weights.flat)) < NOTHING
        return {"zero_weights": np.add.reduceat(nothing, starts(sizes), dtype=np.float64) / sizes}

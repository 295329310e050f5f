"""How far one update moves each tensor, relative to its size."""

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import norms
from playground.nn.parameters import Parameters
from playground.training.probes.base import Moment, Probe, by_tensor, in_rows, looks, of_rows, registry, tensor_names

if TYPE_CHECKING:
    from playground.nn.network import Network
    from playground.training.config import RunConfig


@registry.register
class UpdateRatio(Probe):
    """‖w_after − w_before‖ / ‖w_before‖ by tensor; inf for a tensor that leaves 0. Healthy is near 1e-3 (Karpathy
    2015)."""

    title: ClassVar[str] = "update/weight ratio"
    kind: Literal["update_ratio"] = "update_ratio"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        whole = of_rows(
            config,
            "layer_update_ratio",
            "update/weight ratio of each layer",
            "Norm of what the update added to all tensors of a recurrent layer, divided by their norm before; encoder "
            "and decoder together.",
            "1",
            log=True,
            every=looks(config),
        )
        return (
            *((whole,) if config.architecture.recurrent else ()),
            MeasurementSpec(
                name="update_ratio",
                title="update/weight ratio",
                description="Norm of what the update added to each tensor, divided by the tensor's norm before.",
                unit="1",
                axes=("tensor",),
                shape=(len(names),),
                labels=names,
                log=True,
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        before, network = moment.weights, moment.network
        added = Parameters(moment.step.stepped.flat - before.flat, before.shapes)
        moved, were = (by_tensor(norms(weights.views, before.dims)) for weights in (added, before))
        rows_moved, rows_were = (
            _by_row(network, dict(zip(before.shapes, size, strict=True))) for size in (moved, were)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return {"update_ratio": moved / were, "layer_update_ratio": rows_moved / rows_were}


def _by_row(network: "Network", norms: Any) -> NDArray[np.float64]:
    """The norm of all tensors of a row together, from the norm of each."""
    passes = [math.hypot(*letters.values()) for letters in network.of_passes(norms)]
    return np.array([math.hypot(*row) for row in in_rows(network, passes).values()])

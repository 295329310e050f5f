"""What each time step adds to the gradient of the recurrent weights: all else than the norm of ∂L/∂h_t.

    ∂L/∂U = Σ_k G_k,    G_k = Σ_n δ_k[n] h_{k−1}[n]ᵀ,    δ_k = ∂L/∂(pre-activations of step k)

The sum over the batch stands inside the norm, because U has one gradient for all samples; and the norms do not add up:
‖Σ_k G_k‖ ≤ Σ_k ‖G_k‖. δ is not kept by the way back. It follows from the total gradients at its own step alone, so all
steps are taken back once more at the same time, each as a network of its own, which costs less than a tenth of a way
back that goes step by step.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn import scan
from playground.nn.norms import norm
from playground.training.probes.base import Moment, Probe, array, looks, of_steps, on_axis, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

SHARE_LOOKS = 25
"""Looks in a run: each costs a quarter of an update."""


@registry.register
class WeightShare(Probe):
    """‖G_k‖_F of every layer, direction and step, (rows, S), in loss per unit of weight; of a gated cell for U of all
    gates together. Not of a cell without a tensor U, whose recurrent weights nobody here can name."""

    title: ClassVar[str] = "share of each step in the gradient of U"
    kind: Literal["weight_share"] = "weight_share"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent or "U" not in config.cell.tensors(1, 1):
            return ()
        return (
            of_steps(
                config,
                "weight_share",
                "weight share ‖∂L/∂U at step k‖",
                "What step k adds to the gradient of U, before clipping. These sum to the whole gradient exactly; "
                "their norms do not.",
                "loss per unit of weight",
                log=True,
                every=looks(config, SHARE_LOOKS),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        cell, network, passed = moment.config.cell, moment.network, moment.step.passed
        each = zip(network.of_passes(moment.weights.views), passed.forward.tapes, passed.passes, strict=True)
        found = [
            torch.cat([norm(share["U"], 2) for share in scan.shares(cell, weights, tape, back.total)])
            for weights, tape, back in each
        ]
        return {"weight_share": array(on_axis(network, found))}

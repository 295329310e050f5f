"""Gradient norm at every time step: total, through every path, and direct, with the next state held fixed.

With a mean loss every sample's part carries 1/N, so what is shown is the mean over samples of the per-sample norm,

    (1/N) Σ_n ‖∂L_n/∂h_t‖ = Σ_n ‖∂L/∂h_t[n]‖,

which does not depend on the batch size. In float64, so that it overflows no earlier than the network.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import per_sample_norm
from playground.training.probes.base import Moment, Probe, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class StateGradients(Probe):
    title: ClassVar[str] = "gradient at every time step"
    kind: Literal["state_gradients"] = "state_gradients"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        def spec(name: str, title: str, description: str) -> MeasurementSpec:
            return MeasurementSpec(
                name=name,
                title=title,
                description=f"{description} Mean over samples of the norm of one sample's gradient, before clipping.",
                unit="loss per unit of state",
                axes=("time",),
                shape=(config.task.length,),
                log=True,
            )

        return (
            spec("total_gradient", "total gradient ‖∂L/∂h_t‖", "Through every path, direct and through later states."),
            spec("direct_gradient", "direct gradient ‖∂⁺L/∂h_t‖", "With the next state held fixed."),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        passed = moment.step.passed
        direct = np.zeros(len(passed.direct))
        for t, gradient in enumerate(passed.direct):
            if gradient is not None:
                direct[t] = per_sample_norm(gradient)
        return {"total_gradient": moment.step.state_norms.numpy(), "direct_gradient": direct}

"""Gradient norm at every layer and time step: total, through every path, and direct, with the next state held fixed.

With a mean loss every sample's part carries 1/N, so what is shown is the mean over samples of the per-sample norm,

    (1/N) Σ_n ‖∂L_n/∂h_t‖ = Σ_n ‖∂L/∂h_t[n]‖,

which does not depend on the batch size. In float64, so that it overflows no earlier than the network. A layer's direct
gradient comes from the read-out or from the layer above, at the same time step.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import per_sample_norm
from playground.training.probes import horizon
from playground.training.probes.base import Moment, Probe, array, looks, on_axis, over_time, registry
from playground.training.probes.flow import has_several_terms

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class StateGradients(Probe):
    title: ClassVar[str] = "gradient at every time step"
    kind: Literal["state_gradients"] = "state_gradients"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent:
            return ()
        return (
            over_time(
                config,
                "total_gradient",
                "total gradient ‖∂L/∂h_t‖",
                "Through every path, direct and through later states.",
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        return {"total_gradient": array(moment.step.state_norms)}


@registry.register
class DirectGradients(Probe):
    """The direct part, and how far the whole reaches where it is of one loss term already."""

    title: ClassVar[str] = "direct gradient, memory horizon"
    kind: Literal["direct_gradients"] = "direct_gradients"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent:
            return ()
        every = looks(config)
        return (
            over_time(
                config,
                "direct_gradient",
                "direct gradient ‖∂⁺L/∂h_t‖",
                "With the layer's own next state held fixed.",
                every=every,
            ),
            *(() if has_several_terms(config) else horizon.specs(config, every)),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        direct = [per_sample_norm(back.direct) for back in moment.step.passed.passes]
        found: dict[str, Value] = {"direct_gradient": array(on_axis(moment.network, direct))}
        if not has_several_terms(moment.config):
            found |= horizon.measure(moment.network, moment.step.passed.passes, moment.step.state_norms)
        return found

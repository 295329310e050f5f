"""Backward at each step against one backward pass: the difference of two gradients that are the same."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.learning import EachStepBackward
from playground.training.probes.base import Moment, Probe, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class GradientDifference(Probe):
    title: ClassVar[str] = "backward at each step against once"
    kind: Literal["gradient_difference"] = "gradient_difference"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not isinstance(config.learning, EachStepBackward):
            return ()
        return (
            MeasurementSpec(
                name="gradient_difference",
                title="difference from one backward pass",
                description="‖Σ_k ∂L_k/∂w − ∂(Σ_k L_k)/∂w‖, relative: the order of adding, and nothing else.",
                unit="1",
                log=True,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        assert moment.step.passed.difference is not None
        return {"gradient_difference": moment.step.passed.difference}

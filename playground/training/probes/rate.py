"""The learning rate of each update."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class LearningRate(Probe):
    title: ClassVar[str] = "learning rate"
    kind: Literal["learning_rate"] = "learning_rate"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        del config
        return (
            MeasurementSpec(
                name="learning_rate",
                title="learning rate η",
                description="What the schedule makes of the optimiser's learning rate at this update.",
                unit="1",
                log=True,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        return {"learning_rate": moment.step.learning_rate}

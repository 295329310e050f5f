"""The loss of the batch that the update learns from."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class Loss(Probe):
    title: ClassVar[str] = "loss"
    kind: Literal["loss"] = "loss"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        return (
            MeasurementSpec(
                name="loss",
                title="training loss",
                description=f"{config.task.loss} of the batch, before the update.",
                unit="nats" if config.task.loss == "cross-entropy" else "1",
                reference=config.task.baseline_loss,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        return {"loss": moment.step.passed.loss.item()}

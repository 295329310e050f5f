"""Loss and metric on sequences that the network never trains on."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.losses import LOSSES
from playground.training.probes.base import Moment, Probe, looks, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

TEST_LOOKS = 20
"""A test pass costs as much as one or two updates: every 20 updates of a run of 400."""


@registry.register
class HeldOut(Probe):
    title: ClassVar[str] = "held-out test"
    kind: Literal["held_out"] = "held_out"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        every = looks(config, TEST_LOOKS)
        return (
            MeasurementSpec(
                name="test_loss",
                title="test loss",
                description=f"{config.task.loss} on held-out sequences.",
                unit="nats" if config.task.loss == "cross-entropy" else "1",
                every=every,
                reference=config.task.baseline_loss,
            ),
            MeasurementSpec(
                name="test_metric",
                title=config.task.metric,
                description=f"{config.task.metric} on held-out sequences.",
                unit="share" if config.task.metric == "accuracy" else "1",
                every=every,
                reference=config.task.baseline_metric,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        x, targets = moment.held_out
        _, outputs = moment.network.forward(moment.weights.views, x)
        loss, _ = LOSSES[moment.network.loss](outputs, targets)
        return {"test_loss": loss.item(), "test_metric": moment.config.task.score(outputs, targets).item()}

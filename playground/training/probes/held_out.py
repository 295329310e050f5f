"""Loss and metric on sequences that the network never trains on; what reads its own answers runs free."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.losses import loss
from playground.training.probes.base import Moment, Probe, array, looks, registry
from playground.training.probes.examples import EXAMPLES, answers_of

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
                unit="share" if config.task.is_share else "1",
                every=every,
                reference=config.task.baseline_metric,
            ),
            MeasurementSpec(
                name="example_prediction",
                title="the network's answers",
                description="Its answers to the example inputs: the likeliest class, or the numbers.",
                unit="1",
                axes=("example", *(axis for axis, _ in answers_of(config))),
                shape=(EXAMPLES, *(size for _, size in answers_of(config))),
                every=every,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        x, targets, counts = moment.held_out
        outputs = moment.network.forward(moment.weights.views, x, targets).outputs
        value, _ = loss(moment.network.parts.loss, outputs, targets, counts)
        said = outputs[:, :EXAMPLES]
        if moment.config.task.loss == "cross-entropy":
            said = torch.where(said.isfinite().all(-1), said.argmax(-1).to(said.dtype), float("nan"))
        return {
            "test_loss": value.item(),
            "test_metric": moment.config.task.score(outputs, targets, counts).item(),
            "example_prediction": array(said.movedim(1, 0)),
        }

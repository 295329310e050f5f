"""The loss of every answer: which of them are learned, and which are not."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.losses import LOSSES
from playground.training.probes.base import Moment, Probe, array, looks, registry
from playground.training.probes.flow import has_several_terms

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class LossOverTime(Probe):
    """L_k (K,): mean over the samples that give answer k; 0 for an answer that no sample of the batch gives, which is
    also what it adds to the loss."""

    title: ClassVar[str] = "loss of every answer"
    kind: Literal["loss_over_time"] = "loss_over_time"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not has_several_terms(config):
            return ()
        return (
            MeasurementSpec(
                name="answer_loss",
                title="loss of each answer",
                description=f"{config.task.loss} of answer k, mean over the samples of the batch that give it, before "
                "the update; 0 where none does.",
                unit="nats" if config.task.loss == "cross-entropy" else "1",
                axes=("answer",),
                shape=(config.task.answers,),
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        batch, outputs = moment.step.batch, moment.step.passed.forward.outputs
        each = LOSSES[moment.network.parts.loss](outputs, batch.targets)[0].double()  # K N
        if batch.counts is None:
            return {"answer_loss": array(each.mean(1))}
        counts = batch.counts.double()
        # Not each · counts: an answer that does not count must not bring its inf in.
        return {"answer_loss": array(each.where(counts > 0, 0).mul(counts).sum(1) / counts.sum(1).clamp(min=1))}

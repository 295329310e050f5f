"""The flow of one loss term: how much a single answer's loss would change if the state at step t moved.

Where several steps have a loss, the total gradient has a direct term at each of them and looks healthy where nothing
flows (first/last 1.17, where the last term's own flow is 1.7·10⁻⁷). So one term is followed by itself: that of the last
answer which at least half of the sequences have to give. Source: Pascanu, Mikolov & Bengio 2013, eq. 4.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.losses import loss
from playground.nn.norms import per_sample_norm
from playground.training.probes import horizon
from playground.training.probes.base import Moment, Probe, array, looks, on_axis, over_time, registry

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig


@registry.register
class Flow(Probe):
    title: ClassVar[str] = "flow of one loss term"
    kind: Literal["flow"] = "flow"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not has_several_terms(config):
            return ()  # the total gradient is that of one term already
        return (
            over_time(
                config,
                "flow_gradient",
                "flow ‖∂L_k/∂h_t‖ of the last answer k",
                "Of one answer's loss alone, through every path, over the whole sequence.",
                every=looks(config),
            ),
            *horizon.specs(config, looks(config)),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        batch, passed = moment.step.batch, moment.step.passed
        answers = len(batch.targets)
        # The held-out sequences do not change, so that the same answer is followed all through a run.
        same = len(moment.held_out.targets) == answers
        k = followed(moment.held_out.counts if same else batch.counts, answers)
        one = slice(k, k + 1)
        g_y = torch.zeros_like(passed.forward.outputs)
        counts = None if batch.counts is None else batch.counts[one]
        g_y[one] = loss(moment.network.parts.loss, passed.forward.outputs[one], batch.targets[one], counts)[1]
        found = moment.network.backward(moment.weights.views, passed.forward, g_y)
        norms = on_axis(moment.network, [per_sample_norm(back.total[0]) for back in found.passes])
        return {"flow_gradient": array(norms), **horizon.measure(moment.network, found.passes, norms)}


def has_several_terms(config: "RunConfig") -> bool:
    """Whether the total gradient is the sum of several answers' flows."""
    architecture = config.architecture
    return architecture.recurrent and not (config.one_answer or architecture.last_only or config.task.answers == 1)


def followed(counts: "Tensor | None", answers: int) -> int:
    """The last answer that at least half of the sequences have to give, of those that give any."""
    if counts is None:
        return answers - 1
    given = counts.sum(1)
    return int((given >= given.max() / 2).nonzero()[-1])

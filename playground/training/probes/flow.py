"""The flow of one loss term: how much a single answer's loss would change if the state at step t moved.

Where several steps have a loss, the total gradient has a direct term at each of them and looks healthy where nothing
flows (first/last 1.17, where the last term's own flow is 1.7·10⁻⁷). So one term is followed by itself: that of the last
answer which at least half of the sequences have to give. Source: Pascanu, Mikolov & Bengio 2013, eq. 4.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.losses import loss
from playground.nn.norms import per_sample_norm
from playground.training.probes import horizon
from playground.training.probes.base import Moment, Probe, array, looks, on_axis, over_time, registry

if TYPE_CHECKING:
    from torch import Tensor

    from playground.nn.network import Network, Pass
    from playground.nn.stack import Back
    from playground.tasks import Batch
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
        passes = one_term(moment.network, moment.weights.views, batch, passed, moment.held_out)
        norms = on_axis(moment.network, [per_sample_norm(back.total[0]) for back in passes])
        return {"flow_gradient": array(norms), **horizon.measure(moment.network, passes, norms)}


def one_term(
    network: "Network", weights: "Mapping[str, Tensor]", batch: "Batch", passed: "Pass", held_out: "Batch"
) -> "tuple[Back, ...]":
    """The way back of one answer's loss alone; of an ensemble (…, E, N, ·), of each member's own answer."""
    answers = len(batch.targets)
    # The held-out sequences do not change, so that the same answer is followed all through a run.
    of = _places(held_out.counts if len(held_out.targets) == answers else batch.counts, answers)
    y, counts = passed.forward.outputs, None if batch.counts is None else batch.counts[of][None]
    g_y = torch.zeros_like(y)
    g_y[of] = loss(network.parts.loss, y[of][None], batch.targets[of][None], counts)[1][0]
    return network.backward(weights, passed.forward, g_y).passes


def _places(counts: "Tensor | None", answers: int) -> "tuple[int | Tensor, ...]":
    """The index of the followed answer in (K, …), of each member's with counts (K, E, N)."""
    if counts is None or counts.ndim == 2:
        return (followed(counts, answers),)
    return torch.tensor([followed(mine, answers) for mine in counts.unbind(1)]), torch.arange(counts.shape[1])


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

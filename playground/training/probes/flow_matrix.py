"""The flow of every loss term: a triangle of answers k and states t, of which `flow_gradient` is one line.

    ‖∂L_k/∂h_t‖,  t ≤ k   (0 above the diagonal: what comes later cannot change an answer)

One way back for all of them: the sequences are copied along the batch axis once for each followed answer, and each copy
is told the gradient of that answer's loss alone. Copies along the batch rather than a leading member axis: every cell
then multiplies one tall matrix by U instead of many small ones, and no cell needs weights for each member. The work is
bounded by following at most 32 answers of few samples. Source: Pascanu, Mikolov & Bengio 2013, eq. 4.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.cells.base import Tape
from playground.nn.losses import loss
from playground.nn.network import Forward
from playground.nn.norms import norm
from playground.training.probes.base import Moment, Probe, array, handover, looks, registry
from playground.training.probes.flow import has_several_terms

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

ANSWERS = 32
"""Answers followed at most."""

SAMPLES = 8
"""Samples followed at most."""

AT_MOST = 2**18
"""Numbers of one copied state: answers · steps · samples · hidden."""

MATRIX_LOOKS = 12
"""Looks in a run: each costs about as much as three updates."""


@registry.register
class FlowMatrix(Probe):
    """‖∂L_k/∂h_t‖ (answers, S) of the uppermost layer that reads forward, mean over the samples that give answer k."""

    title: ClassVar[str] = "flow of every loss term"
    kind: Literal["flow_matrix"] = "flow_matrix"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not has_several_terms(config):
            return ()
        ks, network = answers_followed(config.task.answers), config.network
        return (
            MeasurementSpec(
                name="flow_matrix",
                title="flow ‖∂L_k/∂h_t‖ of every answer k",
                description=f"Of one answer's loss alone, for at most {ANSWERS} answers, at the uppermost layer that "
                f"reads forward. Mean over the first samples, {SAMPLES} at most, of the norm of one sample's gradient; "
                "0 where none of them gives the answer.",
                unit="loss per unit of state",
                axes=("answer", "time"),
                shape=(len(ks), network.steps),
                labels=tuple(f"k = {k + 1}" for k in ks),
                log=True,
                every=looks(config, MATRIX_LOOKS),
                handover=handover(network),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        network, batch, forward = moment.network, moment.step.batch, moment.step.passed.forward
        ks = answers_followed(len(batch.targets))
        work = len(ks) * network.steps * moment.config.hidden
        samples = min(batch.x.shape[1], SAMPLES, max(1, AT_MOST // work))
        few = Forward(*_copied(forward, samples, len(ks)))
        counts = None if batch.counts is None else batch.counts[:, :samples]
        _, g = loss(network.parts.loss, forward.outputs[:, :samples], batch.targets[:, :samples], counts, "sum")
        if counts is not None:
            g *= samples / counts.sum(1).clamp(min=1)[:, None, None]
        g_y = g.new_zeros(len(g), len(ks), *g.shape[1:])  # answers, copies, samples, O
        g_y[ks, range(len(ks))] = g[ks]
        found = network.backward(moment.weights.views, few, g_y.flatten(1, 2))
        row = max(i for i, way in enumerate(network.ways) if not way.reversed)
        placed = np.zeros((len(ks), network.steps))
        for way, back in zip(network.ways, found.passes, strict=True):
            if way.row == network.ways[row].row:
                flow = norm(_apart(back.total[0], len(ks)), 1).sum(-1).T
                end = way.offset + way.steps
                placed[:, end - flow.shape[1] : end] = array(flow)
        return {"flow_matrix": placed}


def answers_followed(answers: int) -> list[int]:
    """Indices of at most 32 answers, evenly spaced, the last included."""
    count = min(ANSWERS, answers)
    return [(i + 1) * answers // count - 1 for i in range(count)]


def _apart(total: "Tensor", copies: int) -> "Tensor":
    return total.view(len(total), copies, -1, total.shape[-1])  # T, copies, samples, H


def _copied(forward: Forward, samples: int, copies: int) -> "tuple[tuple[Tape, ...], Tensor, tuple[Tensor, ...]]":
    """The first samples, one behind the other as often as there are answers to follow."""

    def copied(tensor: "Tensor") -> "Tensor":
        return torch.cat([tensor[..., :samples, :]] * copies, -2)

    tapes = tuple(
        Tape(copied(tape.x), copied(tape.a), tuple(map(copied, tape.states)), tuple(map(copied, tape.kept)))
        for tape in forward.tapes
    )
    return tapes, copied(forward.outputs), tuple(map(copied, forward.extra))

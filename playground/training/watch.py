"""Finds the first number of an update that is not finite, in the order in which numbers come into being.

A cheap look comes with every update; only where it finds something does the causal search follow: forward t = 1 … T →
loss → backward t = T … 1 → weight gradients → clipped gradients → weights. `torch.autograd.set_detect_anomaly` would
see NaN in the backward pass alone.
"""

import math
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from playground.diagnosis.alarm import Phase
from playground.diagnosis.not_finite import NonFinite
from playground.nn.network import Network, Way
from playground.training.probes import Step

Stop = tuple[Phase, str, str | None, int | None, Tensor]
"""Phase, name, layer, time step and numbers of one station on the way through an update."""


def is_finite(step: Step) -> bool:
    """Whether every number of an update is finite: a sum is not as soon as one of its terms is not.

    A sum of finite numbers may overflow too; the search then finds nothing and the update counts as finite.
    """
    passed = step.passed
    numbers = (
        *(tape.a.sum() for tape in passed.forward.tapes),
        *(tape.h[-1].sum() for tape in passed.forward.tapes),
        passed.forward.outputs.sum(),
        passed.loss,
        step.state_norms.sum(),
        torch.stack(list(step.norms_before.values())).sum(),
        step.stepped.flat.sum(),
    )
    return all(math.isfinite(number.item()) for number in numbers)


def non_finite(network: Network, step: Step, clipped: Mapping[str, Tensor]) -> list[NonFinite]:
    """Of each phase the first station at which a number is not finite, in causal order; empty where all are."""
    found: dict[Phase, NonFinite] = {}
    for phase, name, layer, time_step, numbers in _stations(network, step, clipped):
        wrong = ~torch.isfinite(numbers)
        if phase in found or not wrong.any():
            continue
        finite = numbers[~wrong]
        index = tuple(int(i) for i in wrong.nonzero()[0])
        found[phase] = NonFinite(
            phase,
            name,
            time_step,
            index,
            int(numbers.isnan().sum()),
            int(numbers.isinf().sum()),
            finite.abs().max().item() if len(finite) else None,
            _gate(network, phase, name, index, numbers.shape),
            layer,
        )
    return list(found.values())


PRE_ACTIVATION = "pre-activation a"


def _gate(network: Network, phase: Phase, name: str, index: tuple[int, ...], shape: "torch.Size") -> str | None:
    """The gate to which a place belongs: of pre-activations by its column, of a cell's stacked weights by its row."""
    cell, hidden = network.parts.cell, network.parts.hidden
    letters = tuple(cell.tensors(1, 1))
    if not cell.gates or not index:
        return None
    if name.startswith(PRE_ACTIVATION):
        return (*cell.gates, "candidate")[index[-1] // hidden]
    stacked = phase in ("weight gradients", "gradient norm", "weights") and name.split()[-1].startswith(letters)
    if not stacked or shape[0] != (len(cell.gates) + 1) * hidden:
        return None
    return (*cell.gates, "candidate")[index[0] // hidden]


LETTERS = {"h": "hidden state h", "c": "cell state c"}


def _stations(network: Network, step: Step, clipped: Mapping[str, Tensor]) -> Iterator[Stop]:
    """Pass after pass, which is the order in which they are computed; time steps on the common axis."""
    passed = step.passed
    ways, tapes, letters = network.ways, passed.forward.tapes, network.parts.cell.states
    several = len(ways) > 1
    for way, tape in zip(ways, tapes, strict=True):
        where, layer = (f", {way.label}", way.label) if several else ("", None)
        for t in range(len(tape.x)):
            yield "forward", f"{PRE_ACTIVATION}{where}", layer, _step(way, t, len(tape.x)), tape.a[t]
            for letter, state in zip(reversed(letters), reversed(tape.states), strict=True):
                yield "forward", f"{LETTERS[letter]}{where}", layer, _step(way, t, len(tape.x)), state[t + 1]
    outputs = passed.forward.outputs
    for k, y in enumerate(outputs, start=1):
        yield "forward", "output y", None, network.steps - len(outputs) + k, y
    yield "loss", "loss L", None, None, passed.loss
    for way, back in reversed(list(zip(ways, passed.passes, strict=True))):
        where, layer = (f", {way.label}", way.label) if several else ("", None)
        steps = len(back.total[0])
        for t in range(steps - 1, -1, -1):
            for letter, total in zip(letters, back.total, strict=True):
                yield "backward", f"gradient ∂L/∂{letter}{where}", layer, _step(way, t, steps), total[t]
    yield from (("weight gradients", f"gradient of {n}", None, None, g) for n, g in passed.gradients.items())
    yield from (("gradient norm", f"norm of the gradient of {n}", None, None, g) for n, g in step.norms_before.items())
    yield from (("gradient norm", f"clipped gradient of {n}", None, None, g) for n, g in clipped.items())
    yield from (("weights", n, None, None, w) for n, w in step.stepped.views.items())


def _step(way: Way, t: int, steps: int) -> int:
    """The time step, from 1, of a pass's step number t of `steps`."""
    return way.offset + (steps - t if way.reversed else t + 1)

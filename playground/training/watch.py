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
from playground.nn.network import Pass
from playground.training.probes import Step

Stop = tuple[Phase, str, int | None, Tensor]
"""Phase, name, time step and numbers of one station on the way through an update."""


def is_finite(step: Step) -> bool:
    """Whether every number of an update is finite: a sum is not as soon as one of its terms is not.

    A sum of finite numbers may overflow too; the search then finds nothing and the update counts as finite.
    """
    passed = step.passed
    numbers = (
        passed.trace.a.sum(),
        passed.outputs.sum(),
        passed.loss,
        step.state_norms.sum(),
        torch.stack(list(step.norms_before.values())).sum(),
        step.stepped.flat.sum(),
    )
    return all(math.isfinite(number.item()) for number in numbers)


def first_non_finite(passed: Pass, clipped: Mapping[str, Tensor], stepped: Mapping[str, Tensor]) -> NonFinite | None:
    """The first station at which a number is not finite; None where all are."""
    for phase, name, time_step, numbers in _stations(passed, clipped, stepped):
        wrong = ~torch.isfinite(numbers)
        if wrong.any():
            finite = numbers[~wrong]
            return NonFinite(
                phase,
                name,
                time_step,
                tuple(int(i) for i in wrong.nonzero()[0]),
                int(numbers.isnan().sum()),
                int(numbers.isinf().sum()),
                finite.abs().max().item() if len(finite) else None,
            )
    return None


def _stations(passed: Pass, clipped: Mapping[str, Tensor], stepped: Mapping[str, Tensor]) -> Iterator[Stop]:
    trace = passed.trace
    for t, a in enumerate(trace.a, start=1):
        yield "forward", "pre-activation a", t, a
        yield "forward", "hidden state h", t, trace.h[t]
    yield "forward", "output y", len(trace.a), passed.outputs
    yield "loss", "loss L", None, passed.loss
    for t in range(len(trace.a), 0, -1):
        yield "backward", "gradient ∂L/∂h", t, passed.states[t - 1]
    yield from (("weight gradients", f"gradient of {n}", None, g) for n, g in passed.gradients.items())
    yield from (("gradient norm", f"clipped gradient of {n}", None, g) for n, g in clipped.items())
    yield from (("weights", n, None, w) for n, w in stepped.items())

"""Back-propagation through time, written once for every cell: `scan` owns time and memory, the cell owns the letters.

Forward: all inputs are projected in one product, then one cell step for each t writes into tensors that exist already.
Back: the local slopes of all steps are computed at once, then one step for each t from T down to 1 gives

    total_t = ∂L/∂h_t = direct_t + J_{t+1}ᵀ total_{t+1}

as a by-product for every t, and the weight gradients follow in one product each. No autograd graph is built.

Axis letters: T time, … any leading member axes (an ensemble of networks is one tensor program), N batch, I inputs,
H hidden units, A pre-activations of one step.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from playground.core.lazy import torch
from playground.nn.cells.base import Cell, Weights

if TYPE_CHECKING:
    from torch import Tensor


class Trace(NamedTuple):
    """What one forward pass leaves behind, for the way back and for the probes."""

    x: "Tensor"  # T … N I
    a: "Tensor"  # T … N A   pre-activations
    h: "Tensor"  # T+1 … N H states; h[0] is the one before the first step


class StateGradients(NamedTuple):
    """What one backward pass leaves behind."""

    states: "Tensor"  # T … N H   total ∂L/∂h_t, through every path
    preactivations: "Tensor"  # T … N A   ∂L/∂a_t
    weights: dict[str, "Tensor"]


def forward(cell: Cell, weights: Weights, x: "Tensor", h0: "Tensor") -> Trace:
    """The states of all T steps from inputs (T, …, N, I) and the state (…, N, H) before the first."""
    members = x.shape[1:-2]
    weights, x = _fold(weights, members), _fold_time(x, members)
    h = x.new_empty(len(x) + 1, *x.shape[1:-1], h0.shape[-1])
    h[0] = h0.reshape(h.shape[1:])
    a = cell.project(weights, x)
    step, states = cell.forward(weights), h.unbind()
    for t, a_t in enumerate(a.unbind()):
        step(a_t, states[t], states[t + 1])
    return Trace(*(_unfold_time(tensor, members) for tensor in (x, a, h)))


def backward(cell: Cell, weights: Weights, trace: Trace, direct: Sequence["Tensor | None"]) -> StateGradients:
    """All gradients, from `direct[t]` = ∂⁺L/∂h_{t+1}: what the loss sees of each state at once, (…, N, H) or None.

    The last one must be given: without a loss at step T there is nothing to start from.
    """
    members = trace.x.shape[1:-2]
    folded = _fold(weights, members)
    x, a, h = (_fold_time(tensor, members) for tensor in trace)
    direct = [None if d is None else d.reshape(h.shape[1:]) for d in direct]
    steps = len(x)
    # total[0] is ∂L/∂h_0, before the first step; total[t] belongs to h_t.
    total, delta = torch.empty_like(h), torch.empty_like(a)
    assert direct[-1] is not None
    total[steps] = direct[-1]
    step, slopes = cell.backward(folded), cell.slopes(a, h[1:]).unbind()
    totals, deltas = total.unbind(), delta.unbind()
    for t in range(steps, 0, -1):
        step(totals[t], slopes[t - 1], deltas[t - 1], direct[t - 2] if t > 1 else None, totals[t - 1])
    gradients = cell.gradients(delta, x, h[:-1])
    return StateGradients(
        _unfold_time(total[1:], members),
        _unfold_time(delta, members),
        {name: g.reshape(weights[name].shape) for name, g in gradients.items()},
    )


def _fold(weights: Weights, members: Sequence[int]) -> Weights:
    """Any number of member axes as one, or none."""
    if len(members) < 2:
        return weights
    return {name: w.flatten(0, len(members) - 1) for name, w in weights.items()}


def _fold_time(tensor: "Tensor", members: Sequence[int]) -> "Tensor":
    return tensor if len(members) < 2 else tensor.reshape(len(tensor), math.prod(members), *tensor.shape[-2:])


def _unfold_time(tensor: "Tensor", members: Sequence[int]) -> "Tensor":
    return tensor if len(members) < 2 else tensor.reshape(len(tensor), *members, *tensor.shape[-2:])

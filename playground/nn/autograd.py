"""The way back of a cell that brings only its step forward: autograd, with a zero probe added to every state.

A probe is a tensor of zeros that changes nothing on the way forward; its gradient is ∂L/∂state, through every path.
"""

from typing import TYPE_CHECKING

from playground.core.lazy import torch
from playground.nn.cells.base import ForwardOnly, Tape, Weights

if TYPE_CHECKING:
    from torch import Tensor


def forward(cell: ForwardOnly, weights: Weights, x: "Tensor", states: "tuple[Tensor, ...]") -> Tape:
    """Fills `states`, whose index 0 is given. Such a cell has no pre-activations that anybody knows of."""
    with torch.no_grad():
        for t, x_t in enumerate(x):
            after = cell.step(weights, x_t, tuple(state[t] for state in states))
            for state, value in zip(states, after, strict=True):
                state[t + 1] = value
    return Tape(x, x.new_empty(*x.shape[:-1], 0), states)


def backward(
    cell: ForwardOnly, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]"
) -> "tuple[dict[str, Tensor], Tensor]":
    """Gradients of weights and inputs; turns the direct gradients in `total` into total ones."""
    with torch.enable_grad():
        leaves = {name: w.detach().requires_grad_() for name, w in weights.items()}
        x = tape.x.detach().requires_grad_()
        probes = [torch.zeros_like(state).requires_grad_() for state in tape.states]
        states = tuple(state[0] + probe[0] for state, probe in zip(tape.states, probes, strict=True))
        seen = [states]
        for t, x_t in enumerate(x):
            after = cell.step(leaves, x_t, states)
            states = tuple(value + probe[t + 1] for value, probe in zip(after, probes, strict=True))
            seen.append(states)
        value = torch.stack(
            [(torch.stack([s[i] for s in seen]) * direct).sum() for i, direct in enumerate(total)]
        ).sum()
        found = torch.autograd.grad(value, [*leaves.values(), x, *probes], materialize_grads=True)
    for direct, gradient in zip(total, found[len(leaves) + 1 :], strict=True):
        direct.copy_(gradient)
    return dict(zip(leaves, found, strict=False)), found[len(leaves)]

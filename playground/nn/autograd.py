"""The way back of a cell that brings only its step forward: autograd, asked for the gradient of every state as well.

A state's gradient is that of the tensor which the step returned. So ∂L/∂c_t of an LSTM holds its way through h_t too,
as long as the step makes h_t from the c_t that it returns.
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
        states = tuple(state[0].detach().requires_grad_() for state in tape.states)
        seen = [states]
        for x_t in x:
            states = _apart(cell.step(leaves, x_t, states), states)
            seen.append(states)
        value = torch.stack(
            [(torch.stack([s[i] for s in seen]) * direct).sum() for i, direct in enumerate(total)]
        ).sum()
        every = [state for states in seen for state in states]
        found = torch.autograd.grad(value, [*leaves.values(), x, *every], materialize_grads=True)
    of_states = found[len(leaves) + 1 :]
    for i, direct in enumerate(total):
        torch.stack(of_states[i :: len(total)], out=direct)
    return dict(zip(leaves, found, strict=False)), found[len(leaves)]


def _apart(after: "tuple[Tensor, ...]", before: "tuple[Tensor, ...]") -> "tuple[Tensor, ...]":
    """The states after a step as tensors of their own: one that is handed on untouched is not the one before it."""
    fresh: list[Tensor] = []
    for state in after:
        if not state.requires_grad:
            state = state.detach().requires_grad_()
        elif any(state is other for other in (*before, *fresh)):
            state = state.clone()
        fresh.append(state)
    return tuple(fresh)

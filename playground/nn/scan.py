"""Back-propagation through time, written once for every cell: `scan` owns time and memory, the cell owns the letters.

Forward: all inputs are projected in one product, then one cell step for each t writes into tensors that exist already.
Back: the local slopes of all steps are computed at once, then one step for each t from T down to 1 gives

    total_t = ∂L/∂h_t = direct_t + J_{t+1}ᵀ total_{t+1}

as a by-product for every t, and the weight gradients follow in one product each. No autograd graph is built.

Axis letters: T time, … any leading member axes (an ensemble of networks is one tensor program), N batch, I inputs,
H hidden units, A pre-activations of one step.
"""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from playground.core.lazy import torch
from playground.nn import autograd
from playground.nn.cells.base import ByHand, Cell, ForwardOnly, Tape, Weights

if TYPE_CHECKING:
    from torch import Tensor


class Gradients(NamedTuple):
    """What one backward pass leaves behind."""

    states: "tuple[Tensor, ...]"  # of each state T+1 … N H   total ∂L/∂h_t, through every path; [0] is ∂L/∂h_0
    weights: "dict[str, Tensor]"
    x: "Tensor | None"  # T … N I   ∂L/∂x_t, where it was asked for

    @property
    def h(self) -> "Tensor":
        """T … N H: total ∂L/∂h_t of steps 1 … T."""
        return self.states[0][1:]


def zeros(cell: Cell, x: "Tensor", hidden: int) -> "tuple[Tensor, ...]":
    """States 0, for inputs (T, …, N, I)."""
    return tuple(x.new_zeros(*x.shape[1:-1], hidden) for _ in cell.states)


def forward(cell: Cell, weights: Weights, x: "Tensor", initial: "Sequence[Tensor]") -> Tape:
    """The states of all T steps from inputs (T, …, N, I) and the states (…, N, H) before the first."""
    members = x.shape[1:-2]
    weights, x = _fold(weights, members), _fold_time(x, members)
    shape = (len(x) + 1, *x.shape[1:-1], initial[0].shape[-1])
    with torch.inference_mode(isinstance(cell, ByHand)):  # 5 to 8 % of a gated cell's time is autograd looking on
        states = tuple(x.new_empty(shape) for _ in cell.states)
        for state, first in zip(states, initial, strict=True):
            state[0] = first.reshape(shape[1:])
        if isinstance(cell, ByHand):
            a = cell.project(weights, x)
            tape = Tape(x, a, states, cell.keep(a, shape[-1]))
            step = cell.forward(weights, tape)
            for t in range(len(x)):
                step(t)
        else:
            assert isinstance(cell, ForwardOnly)
            tape = autograd.forward(cell, weights, x, states)
    x, a, *others = (_unfold_time(tensor, members) for tensor in (tape.x, tape.a, *tape.states, *tape.kept))
    return Tape(x, a, tuple(others[: len(states)]), tuple(others[len(states) :]))


def backward(
    cell: Cell,
    weights: Weights,
    tape: Tape,
    direct: "Tensor",
    final: "Sequence[Tensor | None]" = (),
    wants_x: bool = False,
) -> Gradients:
    """All gradients, from `direct` (K, …, N, H) = ∂⁺L/∂h of the last K steps: what the loss sees of each at once.

    `final` is what else comes to the states after the last step, one (…, N, H) for each state or None.
    """
    members = tape.x.shape[1:-2]
    folded = _fold(weights, members)
    x, a = (_fold_time(tensor, members) for tensor in (tape.x, tape.a))
    states, kept = (tuple(_fold_time(tensor, members) for tensor in group) for group in (tape.states, tape.kept))
    tape = Tape(x, a, states, kept)
    g_x = None
    if isinstance(cell, ByHand):
        with torch.inference_mode():
            total = _direct(tape, direct, final)
        gradients, g_x = _back(cell, folded, tape, total, wants_x)
    else:
        assert isinstance(cell, ForwardOnly)
        total = _direct(tape, direct, final)
        gradients, g_x = autograd.backward(cell, folded, tape, total)
    return Gradients(
        tuple(_unfold_time(tensor, members) for tensor in total),
        {name: g.reshape(weights[name].shape) for name, g in gradients.items()},
        None if g_x is None else _unfold_time(g_x, members),
    )


def cut(tape: Tape, start: int, stop: int) -> Tape:
    """The steps start … stop − 1 alone, as if the states before them had been given."""
    span, states = slice(start, stop), slice(start, stop + 1)
    return Tape(tape.x[span], tape.a[span], tuple(s[states] for s in tape.states), tuple(k[span] for k in tape.kept))


def apart(weights: Weights, tape: Tape) -> tuple[Weights, Tape]:
    """Every step by itself: T members that take one step each, over tapes without members, (1, T, N, ·).

    One way back over them gives of every step what only the sum over steps, or the product, is otherwise known of.
    """
    steps = len(tape.x)
    return {name: w.expand(steps, *w.shape) for name, w in weights.items()}, Tape(
        tape.x[None],
        tape.a[None],
        tuple(torch.stack([state[:-1], state[1:]]) for state in tape.states),
        tuple(kept[None] for kept in tape.kept),
    )


def shares(cell: Cell, weights: Weights, tape: Tape, total: "Sequence[Tensor]") -> "Iterator[dict[str, Tensor]]":
    """The contribution of every step to the gradient of each weight, block by block of steps: (steps, *shape) each.

    `total` are the total gradients (T, N, H) of the states, those that a way back left: δ_k is a linear function of
    them at step k alone. What ∂L/∂h_k adds to another state's total within its own step is in there already, so that
    it is found first and taken away.
    """
    block = max(1, AT_ONCE // (weights["U"].numel() if "U" in weights else tape.a[0].numel()))
    for start in range(0, len(tape.x), block):
        stop = min(len(tape.x), start + block)
        w, part = apart(weights, cut(tape, start, stop))
        h, *others = (state[start:stop] for state in total)
        if isinstance(cell, ByHand):
            with torch.inference_mode():
                found = cell.gradients(_delta(cell, weights, part, h, others), part)
        else:
            if others:
                within = backward(cell, w, part, h[None]).states[1:]
                others = [other - more[1] for other, more in zip(others, within, strict=True)]
            found = backward(cell, w, part, h[None], (None, *others)).weights
        yield found


def _delta(cell: ByHand, weights: Weights, part: Tape, h: "Tensor", others: "Sequence[Tensor]") -> "Tensor":
    """δ of steps that stand apart, (1, T, N, ·): all of them are rows of one product, as their weights are the same."""
    states = tuple(state.flatten(1, 2) for state in part.states)
    rows = Tape(part.x.flatten(1, 2), part.a.flatten(1, 2), states, tuple(kept.flatten(1, 2) for kept in part.kept))

    def back(others: "Sequence[Tensor]") -> "tuple[Tensor, tuple[Tensor, ...]]":
        total = tuple(torch.zeros_like(state) for state in states)
        for state, told in zip(total, (h, *others), strict=False):
            state[1] = told.flatten(0, 1)
        step, delta = cell.backward(weights, rows, total)
        step(0)
        return delta, total

    if others:
        _, within = back(())
        others = [other - more[1].view_as(other) for other, more in zip(others, within[1:], strict=True)]
    delta, _ = back(others)
    return delta.view(1, *h.shape[:2], -1)


def step_jacobians(cell: Cell, weights: Weights, tape: Tape) -> "Tensor":
    """∂s_t/∂s_{t−1} for every step of a tape of one sequence, s = (h, …) of n numbers: (T, n, n)."""
    n, H = len(tape.states) * tape.h.shape[-1], tape.h.shape[-1]
    unit = torch.eye(n, dtype=tape.h.dtype, device=tape.h.device)  # each row is told as one sample
    found, block = [], max(1, AT_ONCE // (n * max(n, tape.a.shape[-1])))
    for start in range(0, len(tape.x), block):
        w, part = apart(weights, cut(tape, start, min(len(tape.x), start + block)))
        part = Tape(
            part.x.expand(-1, -1, n, -1).contiguous(),
            part.a.expand(-1, -1, n, -1).contiguous(),
            tuple(state.expand(-1, -1, n, -1).contiguous() for state in part.states),
            tuple(kept.expand(-1, -1, n, -1).contiguous() for kept in part.kept),
        )
        told = [unit[:, i : i + H].expand(part.x.shape[1], n, H) for i in range(0, n, H)]
        nothing = torch.zeros_like(part.h[1:])
        if isinstance(cell, ByHand):
            with torch.inference_mode():
                total = _direct(part, nothing, told)
                cell.backward(w, part, total).step(0)
        else:
            total = backward(cell, w, part, nothing, told).states
        found.append(torch.cat([state[0] for state in total], -1))
    return torch.cat(found)


AT_ONCE = 2**19
"""Pre-activations of one member whose δ is made, used and forgotten before the next ones': a long sequence needs no
room for all of them, which is 30 MB at T = 1,000, N = 64, H = 128. Smaller blocks cost time, larger ones the cache."""


def _back(
    cell: ByHand, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]", wants_x: bool
) -> "tuple[dict[str, Tensor], Tensor | None]":
    """Turns the direct gradients in `total` into total ones, block by block of steps; gradients of weights and x."""
    gradients: dict[str, Tensor] = {}
    of_x: list[Tensor] = []
    steps, block = len(tape.x), max(1, AT_ONCE // (tape.a.shape[-2] * tape.a.shape[-1]))
    for stop in range(steps, 0, -block):
        start = max(0, stop - block)
        part = cut(tape, start, stop)
        with torch.inference_mode():
            step, delta = cell.backward(weights, part, tuple(state[start : stop + 1] for state in total))
            for t in range(stop - start - 1, -1, -1):
                step(t)
        found = cell.gradients(delta, part)
        gradients = {name: gradients[name].add_(g) for name, g in found.items()} if gradients else found
        if wants_x:
            of_x.append(cell.input_gradient(weights, delta))
    return gradients, torch.cat(of_x[::-1]) if wants_x else None


def _direct(tape: Tape, direct: "Tensor", final: "Sequence[Tensor | None]") -> "tuple[Tensor, ...]":
    """The direct gradients of all states, to which each step back adds what comes through later ones."""
    total = tuple(state.new_zeros(state.shape) for state in tape.states)
    total[0][-len(direct) :] = direct.reshape(len(direct), *tape.h.shape[1:])
    for state, more in zip(total, final, strict=False):
        if more is not None:
            state[-1] += more.reshape(state.shape[1:])
    return total


def _fold(weights: Weights, members: Sequence[int]) -> Weights:
    """Any number of member axes as one, or none."""
    if len(members) < 2:
        return weights
    return {name: w.flatten(0, len(members) - 1) for name, w in weights.items()}


def _fold_time(tensor: "Tensor", members: Sequence[int]) -> "Tensor":
    return tensor if len(members) < 2 else tensor.reshape(len(tensor), math.prod(members), *tensor.shape[-2:])


def _unfold_time(tensor: "Tensor", members: Sequence[int]) -> "Tensor":
    return tensor if len(members) < 2 else tensor.reshape(len(tensor), *members, *tensor.shape[-2:])

"""Cells that bring only their step forward, as somebody would write a first try at one."""

from typing import ClassVar, Literal

import torch

from playground.nn.cells.base import ForwardOnly
from playground.nn.initializers import Constant, XavierUniform


def tensors(blocks, inputs, hidden):
    rows = blocks * hidden
    return {
        "W": ((rows, inputs), XavierUniform()),
        "U": ((rows, hidden), XavierUniform()),
        "b": ((rows,), Constant()),
    }


class MinimalGated(ForwardOnly):
    """f = σ(W_f x + U_f h + b_f),  n = tanh(W_n x + b_n + U_n (f ⊙ h)),  h = (1 − f) ⊙ h + f ⊙ n (Zhou et al. 2016)."""

    title: ClassVar[str] = "minimal gated unit"
    kind: Literal["minimal_gated"] = "minimal_gated"

    def tensors(self, inputs, hidden):
        return tensors(2, inputs, hidden)

    def step(self, weights, x, states):
        (h,) = states
        (W_f, W_n), (U_f, U_n) = weights["W"].chunk(2, -2), weights["U"].chunk(2, -2)
        b_f, b_n = weights["b"][..., None, :].chunk(2, -1)
        f = torch.sigmoid(x @ W_f.mT + h @ U_f.mT + b_f)
        n = torch.tanh(x @ W_n.mT + (f * h) @ U_n.mT + b_n)
        return ((1 - f) * h + f * n,)


class PlainLstm(ForwardOnly):
    """The LSTM, without the way back that ours derives by hand."""

    title: ClassVar[str] = "LSTM, forward only"
    states: ClassVar[tuple[str, ...]] = ("h", "c")
    kind: Literal["plain_lstm"] = "plain_lstm"

    def tensors(self, inputs, hidden):
        return tensors(4, inputs, hidden)

    def step(self, weights, x, states):
        h, c = states
        a = x @ weights["W"].mT + h @ weights["U"].mT + weights["b"][..., None, :]
        o, i, f, g = a.chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

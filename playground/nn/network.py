"""Networks: how cells, read-out and loss are connected."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from playground.core.lazy import torch
from playground.core.names import LossName
from playground.nn import scan
from playground.nn.cells import Cell
from playground.nn.cells.base import Weights
from playground.nn.initializers import Constant, Initializer, Shape
from playground.nn.losses import LOSSES

if TYPE_CHECKING:
    from torch import Tensor


class Pass(NamedTuple):
    """One forward and one backward pass."""

    trace: scan.Trace
    outputs: "Tensor"  # … N O
    loss: "Tensor"  # …
    states: "Tensor"  # T … N H   total gradient ∂L/∂h_t
    direct: list["Tensor | None"]  # T × (… N H)   ∂⁺L/∂h_t; None where the loss does not look
    gradients: dict[str, "Tensor"]  # by tensor, before clipping


class ManyToOne(NamedTuple):
    """x_1 … x_T → h_T → y:  y = V h_T + c,  L = loss(y, target).

    The loss looks at the last step only: the direct gradient is Vᵀ ∂L/∂y at T and exactly 0 before.
    """

    cell: Cell
    inputs: int
    hidden: int
    outputs: int
    loss: LossName
    readout_init: Initializer

    def tensors(self) -> Mapping[str, tuple[Shape, Initializer]]:
        """Parameter tensors by letter: shape, and how to draw it."""
        return {
            **self.cell.tensors(self.inputs, self.hidden),
            "V": ((self.outputs, self.hidden), self.readout_init),
            "c": ((self.outputs,), Constant()),
        }

    def forward(self, weights: Weights, x: "Tensor") -> tuple[scan.Trace, "Tensor"]:
        """Trace and outputs (…, N, O) for inputs (T, …, N, I), from the state 0."""
        h0 = x.new_zeros(*x.shape[1:-1], self.hidden)
        trace = scan.forward(self.cell, weights, x, h0)
        return trace, torch.matmul(trace.h[-1], weights["V"].mT) + weights["c"][..., None, :]

    def forward_backward(self, weights: Weights, x: "Tensor", targets: "Tensor") -> Pass:
        """Everything that one update needs, and every ∂L/∂h_t."""
        trace, y = self.forward(weights, x)
        value, g_y = LOSSES[self.loss](y, targets)
        direct: list[Tensor | None] = [None] * (len(x) - 1)
        direct.append(torch.matmul(g_y, weights["V"]))
        back = scan.backward(self.cell, weights, trace, direct)
        readout = {"V": g_y.mT @ trace.h[-1], "c": g_y.sum(-2)}
        return Pass(trace, y, value, back.states, direct, back.weights | readout)

"""What a cell is: its tensors, one step forward, one step back."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.nn.activations import AnyActivation, Tanh
from playground.nn.initializers import Initializer, Shape

if TYPE_CHECKING:
    from torch import Tensor

Weights = Mapping[str, "Tensor"]

Step = Callable[[int], None]
"""Takes the network over the step with this index: forward from state t to state t + 1, back from t + 1 to t."""


class Tape(NamedTuple):
    """What a forward pass leaves behind, for the way back and for the probes.

    states holds h, and for some cells a second one; index 0 of each is the state before the first step.
    """

    x: "Tensor"  # T … N I
    a: "Tensor"  # T … N A   pre-activations
    states: "tuple[Tensor, ...]"  # each T+1 … N H
    kept: "tuple[Tensor, ...]" = ()  # each T … N ·   whatever else the cell wants to find again

    @property
    def h(self) -> "Tensor":
        return self.states[0]


class WayBack(NamedTuple):
    """One cell on its way back: the step, and δ, which the steps fill."""

    step: Step
    delta: "Tensor"  # T … N ·   ∂L/∂ pre-activations, in the order of the cell's own choice


class Cell(Component):
    """One recurrent layer's equations; `scan` owns time and memory, the cell owns the letters.

    Axis letters: T time, N batch, I inputs, H hidden units, A pre-activations of a step (H for a vanilla cell, H more
    for each gate). Inside a cell there is either no member axis or exactly one, E, in front of N: `scan` folds the
    others.
    """

    equations: ClassVar[tuple[str, ...]]
    activation: Annotated[AnyActivation, Field(description="φ, between pre-activation and state.")] = Tanh()
    states: ClassVar[tuple[str, ...]] = ("h",)
    """What is carried from step to step; the first is what the layer above sees."""
    gates: ClassVar[tuple[str, ...]] = ()
    """Letters of the gates, in the order in which `gate_values` gives them."""

    def tensors(self, inputs: int, hidden: int) -> Mapping[str, tuple[Shape, Initializer]]:
        """Parameter tensors by letter: shape, and how to draw it."""
        raise NotImplementedError

    def recurrent(self, weights: Weights) -> "Tensor":
        """The matrix through which a state enters the next one, of the candidate where there are gates: (…, H, H)."""
        raise NotImplementedError

    def slope_bound(self) -> float | None:
        """γ with ‖∂h_{t+1}/∂h_t‖₂ ≤ γ·σ_max(U); None for a cell whose gates let no such bound hold."""
        raise NotImplementedError

    def gate_values(self, tape: Tape) -> "Tensor":
        """The gates after their activation: (T, …, N, gates, H)."""
        raise NotImplementedError

    def rests(self) -> bool:
        """Whether a state can stay exactly 0, as behind a ReLU."""
        return self.activation.rests()


class ByHand(Cell):
    """A cell whose way back is derived by hand."""

    def project(self, weights: Weights, x: "Tensor") -> "Tensor":
        """The part of all pre-activations that needs no state, W x + b: (T, N, I) → (T, N, A), in one product."""
        W, b = weights["W"], weights["b"]
        if W.ndim == 2:
            return torch.addmm(b, x.flatten(0, 1), W.T).view(*x.shape[:2], -1)  # T N A
        return torch.matmul(x, W.mT).add_(b[:, None])  # T E N A

    def keep(self, a: "Tensor", hidden: int) -> "tuple[Tensor, ...]":
        """Empty tensors for what the way forward keeps besides `a` and the states."""
        del a, hidden
        return ()

    def forward(self, weights: Weights, tape: Tape) -> Step:
        """The step forward in time: completes a[t], writes states[·][t + 1]."""
        raise NotImplementedError

    def backward(self, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]") -> WayBack:
        """The step back in time: from total[·][t + 1] = ∂L/∂state writes δ[t], and adds to total[·][t].

        `total` holds the direct gradients when it comes in, and the total ones when every step is done.
        """
        raise NotImplementedError

    def slopes(self, tape: Tape) -> "Tensor":
        """φ′ at the pre-activations of every step, of the candidate where there are gates: (T, …, N, H)."""
        raise NotImplementedError

    def gradients(self, delta: "Tensor", tape: Tape) -> "dict[str, Tensor]":
        """∂L/∂weights, summed over T and N: Σ δ_t x_tᵀ, Σ δ_t h_{t−1}ᵀ, Σ δ_t, where δ is that of W x + U h + b."""
        d = rows(delta)
        # W is thin: xᵀδ, turned over, is several times as fast in BLAS as δᵀx.
        return {"W": (rows(tape.x).mT @ d).mT, "U": d.mT @ rows(tape.h[:-1]), "b": d.sum(-2)}

    def input_gradient(self, weights: Weights, delta: "Tensor") -> "Tensor":
        """∂L/∂x_t = Wᵀ δ_t of all steps: (T, N, I)."""
        return torch.matmul(delta, weights["W"])


class ForwardOnly(Cell):
    """A cell that brings only its step forward: autograd finds the way back."""

    def step(self, weights: Weights, x: "Tensor", states: "tuple[Tensor, ...]") -> "tuple[Tensor, ...]":
        """The states after x_t (N, I) and the states before it, each (N, H); all may have member axes in front."""
        raise NotImplementedError


def rows(tensor: "Tensor") -> "Tensor":
    """All time steps and samples as rows: (T, N, ·) → (TN, ·), (T, E, N, ·) → (E, TN, ·)."""
    return tensor.flatten(0, 1) if tensor.ndim == 3 else tensor.transpose(0, 1).flatten(1, 2)


def split(tensor: "Tensor", blocks: int) -> "Tensor":
    """The blocks of the last axis as an axis of their own: (…, blocks·H) → (…, blocks, H)."""
    return tensor.view(*tensor.shape[:-1], blocks, -1)


def add_product(matrix: "Tensor") -> "Callable[..., Tensor]":
    """a + b·c for matrices, or for one matrix a member."""
    return torch.addmm if matrix.ndim == 2 else torch.baddbmm


def product(matrix: "Tensor") -> "Callable[..., Tensor]":
    return torch.mm if matrix.ndim == 2 else torch.bmm


registry: Registry[Cell] = Registry("cell", "playground.nn.cells")

AnyCell = Annotated[SerializeAsAny[Cell], Chosen(registry)]

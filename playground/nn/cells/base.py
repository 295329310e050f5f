"""What a cell is: its tensors, one step forward, one step back."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.nn.initializers import Initializer, Shape

if TYPE_CHECKING:
    from torch import Tensor

Weights = Mapping[str, "Tensor"]

StepForward = Callable[["Tensor", "Tensor", "Tensor"], None]
"""(a, h, out): completes the pre-activations `a` of one step in place from the state `h` before it, writes the state
after it to `out`."""

StepBack = Callable[["Tensor", "Tensor", "Tensor", "Tensor | None", "Tensor"], None]
"""(g, slope, delta, direct, out): from g = ∂L/∂h_t writes delta = ∂L/∂a_t, and out = ∂L/∂h_{t−1}, to which `direct`
belongs where the loss also looks at step t − 1."""


class Cell(Component):
    """One recurrent layer's equations; `scan` owns time and memory, the cell owns the letters.

    Axis letters: T time, N batch, I inputs, H hidden units, A pre-activations of a step (H for a vanilla cell, H more
    for each gate). Inside a cell there is either no member axis or exactly one, E, in front of N: `scan` folds the
    others.
    """

    equations: ClassVar[tuple[str, ...]]

    def tensors(self, inputs: int, hidden: int) -> Mapping[str, tuple[Shape, Initializer]]:
        """Parameter tensors by letter: shape, and how to draw it."""
        raise NotImplementedError

    def project(self, weights: Weights, x: "Tensor") -> "Tensor":
        """The part of all pre-activations that needs no state: (T, N, I) → (T, N, A), in one product."""
        raise NotImplementedError

    def forward(self, weights: Weights) -> StepForward:
        """One step forward in time."""
        raise NotImplementedError

    def slopes(self, a: "Tensor", h: "Tensor") -> "Tensor":
        """Local derivatives of all steps at once, as `backward` wants them: (T, N, A)."""
        raise NotImplementedError

    def backward(self, weights: Weights) -> StepBack:
        """One step back in time."""
        raise NotImplementedError

    def gradients(self, delta: "Tensor", x: "Tensor", h: "Tensor") -> dict[str, "Tensor"]:
        """∂L/∂weights from all ∂L/∂a_t, inputs and states *before* each step: each (T, N, ·), summed over T and N."""
        raise NotImplementedError

    def recurrent(self, weights: Weights) -> "Tensor":
        """The matrix through which a state enters the next one; its spectral radius decides the factor per step."""
        raise NotImplementedError

    def slope_bound(self) -> float:
        """γ: the largest slope between pre-activation and state."""
        raise NotImplementedError


registry: Registry[Cell] = Registry("cell", "playground.nn.cells")

AnyCell = Annotated[SerializeAsAny[Cell], Chosen(registry)]

"""A network: stacks of recurrent layers, a read-out, and what connects them. One file an architecture stands beside.

Axis letters: T inputs, K answers, S steps of the common time axis, … member axes, N batch, I inputs, H hidden, O
outputs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from playground.core.lazy import torch
from playground.core.names import LossName
from playground.nn.cells import Cell
from playground.nn.cells.base import Tape, Weights
from playground.nn.initializers import Constant, Initializer, Shape
from playground.nn.stack import Back, Direction

if TYPE_CHECKING:
    from torch import Tensor


class Parts(NamedTuple):
    """What a network is built from, whatever its architecture."""

    cell: Cell
    inputs: int
    hidden: int
    outputs: int
    layers: int
    direction: Direction
    loss: LossName
    readout_init: Initializer
    length: int
    answers: int


class Forward(NamedTuple):
    """What the way forward leaves behind. `tapes` holds each pass in its running order; `extra` is the architecture's
    own."""

    tapes: tuple[Tape, ...]
    outputs: "Tensor"  # K … N O
    extra: "tuple[Tensor, ...]" = ()


class Way(NamedTuple):
    """Where a pass stands in the pictures: its row, its first step on the common time axis, its sense of time."""

    label: str
    row: int
    offset: int
    steps: int
    reversed: bool = False


class Found(NamedTuple):
    """Gradients of one way back: of each pass in the order of the tapes, and of the weights."""

    passes: tuple[Back, ...]
    gradients: "dict[str, Tensor]"


class Pass(NamedTuple):
    """One forward and one backward pass, all that an update needs."""

    forward: Forward
    loss: "Tensor"  # …
    passes: tuple[Back, ...]
    gradients: "dict[str, Tensor]"  # by tensor, before clipping
    g_outputs: "Tensor"  # K … N O   ∂L/∂y
    difference: float | None = None  # from the one-pass gradient, relative, where two ways of summing are compared


States = Sequence[Sequence["Tensor"]]


@dataclass(frozen=True)
class Network(ABC):
    """y = V h + c on top of one or more stacks; L = loss(y, target)."""

    parts: Parts

    @property
    @abstractmethod
    def ways(self) -> tuple[Way, ...]:
        """The recurrent passes, in the order of `Forward.tapes`; empty for a network without recurrence."""

    @property
    def steps(self) -> int:
        """S, the length of the common time axis."""
        return self.parts.length

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The rows of every picture over time: layers, and directions where there are two."""
        return tuple(dict.fromkeys(way.label for way in self.ways))

    @property
    def main(self) -> int:
        """The uppermost pass that reads forward: there the answers' gradient starts its way back."""
        return max((i for i, way in enumerate(self.ways) if not way.reversed), default=0)

    @abstractmethod
    def tensors(self) -> dict[str, tuple[Shape, Initializer]]:
        """Parameter tensors by letter: shape, and how to draw it."""

    @abstractmethod
    def forward(
        self,
        weights: Mapping[str, "Tensor"],
        x: "Tensor",
        targets: "Tensor | None" = None,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Forward:
        """Answers for inputs (T, …, N, I).

        `targets` and `forced` (K, …, N) matter where a network reads its own answers: where `forced` is true it reads
        the true one (teacher forcing). `initial` are the states to start from, 0 by default.
        """

    @abstractmethod
    def backward(self, weights: Mapping[str, "Tensor"], forward: Forward, g_outputs: "Tensor") -> Found:
        """All gradients from ∂L/∂y (K, …, N, O)."""

    def backward_window(
        self, weights: Mapping[str, "Tensor"], forward: Forward, g_outputs: "Tensor", start: int, stop: int
    ) -> Found:
        """The same for the steps start … stop − 1 alone: the state before them is taken as given."""
        raise NotImplementedError

    def of_passes(self, weights: Mapping[str, "Tensor"]) -> list[Weights]:
        """Of each pass, in the order of `ways`, its weights under the letters that the cell knows."""
        del weights
        return []

    def recurrent(self, weights: Mapping[str, "Tensor"]) -> "list[Tensor]":
        """Of each pass, the matrix through which a state enters the next one."""
        return [self.parts.cell.recurrent(w) for w in self.of_passes(weights)]

    def readout(self, width: int, prefix: str = "") -> dict[str, tuple[Shape, Initializer]]:
        return {
            f"{prefix}V": ((self.parts.outputs, width), self.parts.readout_init),
            f"{prefix}c": ((self.parts.outputs,), Constant()),
        }


def answer(weights: Mapping[str, "Tensor"], h: "Tensor") -> "Tensor":
    """y = V h + c: (K, …, N, width) → (K, …, N, O)."""
    V, c = weights["V"], weights["c"]
    if V.ndim == 2:
        return torch.addmm(c, h.flatten(0, -2), V.T).view(*h.shape[:-1], -1)
    return torch.matmul(h, V.mT) + c[..., None, :]


def answer_back(weights: Mapping[str, "Tensor"], h: "Tensor", g_y: "Tensor") -> "tuple[Tensor, dict[str, Tensor]]":
    """∂L/∂h, and the gradients of V and c, from ∂L/∂y."""
    g_h = torch.matmul(g_y, weights["V"])
    if weights["V"].ndim == 2:
        return g_h, {"V": g_y.flatten(0, -2).mT @ h.flatten(0, -2), "c": g_y.flatten(0, -2).sum(0)}
    return g_h, {"V": (g_y.mT @ h).sum(0), "c": g_y.sum((0, -2))}

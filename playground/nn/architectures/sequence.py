"""What networks of one stack share: its passes on the axis of its own time steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from playground.nn.cells.base import Weights
from playground.nn.initializers import Initializer, Shape
from playground.nn.network import Forward, Found, Network, Way, answer, answer_back
from playground.nn.stack import Stack, cut

if TYPE_CHECKING:
    from torch import Tensor

    from playground.nn.network import States


@dataclass(frozen=True)
class SequenceNetwork(Network):
    """One stack under one read-out."""

    @cached_property
    def stack(self) -> Stack:
        p = self.parts
        return Stack(p.cell, p.inputs, p.hidden, p.layers, p.direction)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        ways = self.stack.ways
        return tuple(
            Way(label, i, 0, self.steps, reversed=bool(i % ways)) for i, label in enumerate(self.stack.labels())
        )

    def tensors(self) -> dict[str, tuple[Shape, Initializer]]:
        return self.stack.tensors() | self.readout(self.stack.width)

    def of_passes(self, weights: "Mapping[str, Tensor]") -> "list[Weights]":
        return self.stack.of_pass(weights)


@dataclass(frozen=True)
class EveryStepNetwork(SequenceNetwork):
    """An answer at every step: y_t = V h_t + c."""

    def answers_of(self, weights: "Mapping[str, Tensor]", x: "Tensor", initial: "States | None") -> Forward:
        tapes = self.stack.forward(weights, x, initial)
        top = self.stack.top(tapes)
        return Forward(tapes, answer(weights, top), (top,))

    def backward(self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor") -> Found:
        return self.backward_window(weights, forward, g_outputs, 0, len(g_outputs))

    def backward_window(
        self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor", start: int, stop: int
    ) -> Found:
        (top,) = forward.extra
        g_h, readout = answer_back(weights, top[start:stop], g_outputs[start:stop])
        back = self.stack.backward(weights, cut(forward.tapes, start, stop), g_h)
        return Found(back.passes, back.weights | readout)

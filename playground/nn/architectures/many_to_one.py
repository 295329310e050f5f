"""Many inputs, one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from playground.nn.architectures.base import Architecture, registry
from playground.nn.architectures.sequence import SequenceNetwork
from playground.nn.network import Forward, Found, Network, Parts, States, answer, answer_back
from playground.nn.stack import cut

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class ManyToOne(Architecture):
    """x_1 … x_T → h_T → y:  y = V h_T + c.

    The loss looks at the last state only: the direct gradient is Vᵀ ∂L/∂y there and exactly 0 before. With two passes
    the last states of both are read; the second one's is the one after x_1. Source: Elman 1990.
    """

    title: ClassVar[str] = "many to one"
    summary: ClassVar[str] = "Reads the whole sequence, answers once."
    kind: Literal["many_to_one"] = "many_to_one"

    def network(self, parts: Parts) -> Network:
        return ManyToOneNetwork(parts)


@dataclass(frozen=True)
class ManyToOneNetwork(SequenceNetwork):
    def forward(
        self,
        weights: "Mapping[str, Tensor]",
        x: "Tensor",
        targets: "Tensor | None" = None,  # noqa: ARG002
        forced: "Tensor | None" = None,  # noqa: ARG002
        initial: "States | None" = None,
    ) -> Forward:
        tapes = self.stack.forward(weights, x, initial)
        return Forward(tapes, answer(weights, self.stack.last(tapes)[None]))

    def backward(self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor") -> Found:
        return self.backward_window(weights, forward, g_outputs, 0, len(forward.tapes[0].x))

    def backward_window(
        self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor", start: int, stop: int
    ) -> Found:
        g_h, readout = answer_back(weights, self.stack.last(forward.tapes)[None], g_outputs)
        back = self.stack.backward(weights, cut(forward.tapes, start, stop), g_h)
        return Found(back.passes, back.weights | readout)

"""No recurrence: an ordinary network over the whole window, for comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.errors import PlaygroundError
from playground.core.lazy import torch
from playground.nn.activations import Activation
from playground.nn.architectures.base import Architecture, registry
from playground.nn.architectures.many_to_one import ManyToOneNetwork
from playground.nn.initializers import Constant, Initializer, Shape, XavierUniform
from playground.nn.network import Forward, Found, Network, Parts, States, Way, answer, answer_back

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class WindowMlp(Architecture):
    """y = V φ(A [x_1 ; … ; x_T] + a) + c: weights of its own for every time step, and so for one length only.

    As many hidden units as give it about the parameters of the recurrent network with the same settings. An ordinary
    network *can* fit sequences of one length; it cannot take another.
    """

    title: ClassVar[str] = "window MLP (no recurrence)"
    summary: ClassVar[str] = "An ordinary network over the whole sequence at once, of equal size, for comparison."
    directions: ClassVar[tuple[Literal["one_way"], ...]] = ("one_way",)
    why_not: ClassVar[str] = "It has no direction: it sees all time steps at once."
    truncates: ClassVar[bool] = False
    recurrent: ClassVar[bool] = False
    kind: Literal["window_mlp"] = "window_mlp"

    def network(self, parts: Parts) -> Network:
        return WindowMlpNetwork(parts)


@dataclass(frozen=True)
class WindowMlpNetwork(Network):
    @property
    def ways(self) -> tuple[Way, ...]:
        return ()

    @cached_property
    def units(self) -> int:
        """Hidden units of an MLP with about the parameters of the recurrent network."""
        p = self.parts
        wanted = sum(prod(shape) for shape, _ in ManyToOneNetwork(p).tensors().values())
        return max(1, round((wanted - p.outputs) / (p.length * p.inputs + 1 + p.outputs)))

    def tensors(self) -> dict[str, tuple[Shape, Initializer]]:
        p = self.parts
        return {
            "A": ((self.units, p.length * p.inputs), XavierUniform()),
            "a": ((self.units,), Constant()),
            **self.readout(self.units),
        }

    def forward(
        self,
        weights: "Mapping[str, Tensor]",
        x: "Tensor",
        targets: "Tensor | None" = None,  # noqa: ARG002
        forced: "Tensor | None" = None,  # noqa: ARG002
        initial: "States | None" = None,  # noqa: ARG002
    ) -> Forward:
        if len(x) != self.parts.length:
            raise PlaygroundError(
                f"This network has a weight for each of {self.parts.length} time steps and was given {len(x)}. "
                f"Give it sequences of {self.parts.length}, or choose a recurrent network, which takes any length."
            )
        window = x.movedim(0, -2).flatten(-2)[None]  # 1 … N TI
        a = torch.matmul(window, weights["A"].mT) + weights["a"][..., None, :]
        h = self._phi.value(a)
        return Forward((), answer(weights, h), (window, a, h))

    def backward(self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor") -> Found:
        window, a, h = forward.extra
        g_h, readout = answer_back(weights, h, g_outputs)
        delta = g_h * self._phi.slope(a, h)
        inward = {"A": (delta.mT @ window).sum(0), "a": delta.sum((0, -2))}
        return Found((), inward | readout)

    @property
    def _phi(self) -> Activation:
        return self.parts.cell.activation

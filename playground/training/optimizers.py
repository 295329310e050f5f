"""Optimisers: torch's own, with the fields that the form shows. Non-finite gradients go through unchanged."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer as TorchOptimizer

Rate = Annotated[float, Field(ge=0, le=10, description="Learning rate η. 0 measures without learning.")]
Momentum = Annotated[float, Field(ge=0, lt=1, description="Share of the last step that goes into the next.")]
Decay = Annotated[float, Field(ge=0, le=1, description="Weight decay: pulls every weight towards 0.")]


class Optimizer(Component):
    formula: ClassVar[str]
    learning_rate: Rate = 2e-3

    def build(self, weights: "Tensor") -> "TorchOptimizer":
        """torch's optimiser over one flat tensor of all weights."""
        raise NotImplementedError


registry: Registry[Optimizer] = Registry("optimiser", __name__)


@registry.register
class Adam(Optimizer):
    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = "w ← w − η·m̂ / (√v̂ + ε)"
    kind: Literal["adam"] = "adam"

    def build(self, weights: "Tensor") -> "TorchOptimizer":
        return torch.optim.Adam([weights], lr=self.learning_rate, fused=True)


@registry.register
class AdamW(Optimizer):
    title: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = "Adam, and w ← w − η·λ·w"
    kind: Literal["adamw"] = "adamw"
    weight_decay: Decay = 0.01

    def build(self, weights: "Tensor") -> "TorchOptimizer":
        return torch.optim.AdamW([weights], lr=self.learning_rate, weight_decay=self.weight_decay, fused=True)


@registry.register
class Sgd(Optimizer):
    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = "w ← w − η·v,  v ← μ·v + g"
    kind: Literal["sgd"] = "sgd"
    learning_rate: Rate = 0.01
    momentum: Momentum = 0.9

    def build(self, weights: "Tensor") -> "TorchOptimizer":
        # torch 2.13's fused SGD leaves all but the last few numbers of a 16-bit tensor as they were, on a CPU.
        fused = weights.dtype in (torch.float32, torch.float64)
        return torch.optim.SGD([weights], lr=self.learning_rate, momentum=self.momentum, fused=fused)


@registry.register
class RmsProp(Optimizer):
    title: ClassVar[str] = "RMSprop"
    formula: ClassVar[str] = "w ← w − η·g / (√v + ε)"
    kind: Literal["rmsprop"] = "rmsprop"

    def build(self, weights: "Tensor") -> "TorchOptimizer":
        return torch.optim.RMSprop([weights], lr=self.learning_rate)


AnyOptimizer = Annotated[SerializeAsAny[Optimizer], Chosen(registry)]

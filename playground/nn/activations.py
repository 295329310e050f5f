"""Activation functions, each with its derivative beside it.

Every class gives φ and φ′ element by element. φ′ is asked for all time steps at once, after the forward pass, and may
use both the pre-activation `a` and the value `h = φ(a)`, whichever is cheaper.

`slope_bound` is γ = max|φ′|: ‖∂h_{t+1}/∂h_t‖₂ ≤ γ·σ_max(U) (Pascanu, Mikolov & Bengio 2013). A law test measures it.
Look at: "factor per step" under the initialiser, and the line *Gradient at every time step*.
"""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


FEW = 4096
"""Elements (N, H) of one network below which torch's tanh wins. Above, 2σ(2a) − 1 takes half of its time or less; it
errs by a rounding of 1, not of its own size, which no state notices that is added to others. An ensemble takes what
each of its members would take alone: in a chaotic network such a rounding shows after 50 updates."""


class Activation(Component):
    """φ and φ′, element by element, for tensors of any shape."""

    slope_bound: ClassVar[float]
    bounded: ClassVar[bool] = False
    """Whether |φ| stays below a number, so that units saturate: φ′ → 0 on both sides."""
    formula: ClassVar[str]

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        """φ(a), written into `out` where one is given."""
        raise NotImplementedError

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":
        """φ′(a), with h = φ(a) at hand."""
        raise NotImplementedError

    def bound(self) -> float:
        """γ = max|φ′|, for this choice of parameters."""
        return self.slope_bound

    def rests(self) -> bool:
        """Whether φ is exactly 0 over a whole range of a, so that a unit can be dead."""
        return False


registry: Registry[Activation] = Registry("activation", __name__)


@registry.register
class Tanh(Activation):
    title: ClassVar[str] = "tanh"
    formula: ClassVar[str] = "φ(a) = tanh a"
    slope_bound: ClassVar[float] = 1.0
    bounded: ClassVar[bool] = True
    kind: Literal["tanh"] = "tanh"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        if a.shape[-2:].numel() < FEW:
            return torch.tanh(a, out=out)
        sigma = torch.sigmoid(torch.mul(a, 2, out=out), out=out)
        return torch.add(_one(a).neg_(), sigma, alpha=2, out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return torch.addcmul(_one(h), h, h, value=-1)


@registry.register
class Sigmoid(Activation):
    title: ClassVar[str] = "sigmoid"
    formula: ClassVar[str] = "φ(a) = 1 / (1 + e^−a)"
    slope_bound: ClassVar[float] = 0.25
    bounded: ClassVar[bool] = True
    kind: Literal["sigmoid"] = "sigmoid"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return torch.sigmoid(a, out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return torch.addcmul(h, h, h, value=-1)


@registry.register
class Relu(Activation):
    title: ClassVar[str] = "ReLU"
    formula: ClassVar[str] = "φ(a) = max(0, a)"
    slope_bound: ClassVar[float] = 1.0
    kind: Literal["relu"] = "relu"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        # clamp_min has an out= form and keeps NaN, as relu does.
        return torch.clamp_min(a, 0, out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":
        return torch.gt(h, 0).to(a.dtype)

    def rests(self) -> bool:
        return True


@registry.register
class LeakyRelu(Activation):
    title: ClassVar[str] = "leaky ReLU"
    formula: ClassVar[str] = "φ(a) = a for a > 0, else α·a"
    slope_bound: ClassVar[float] = 1.0
    kind: Literal["leaky_relu"] = "leaky_relu"
    slope_below: Annotated[float, Field(ge=0, le=1, description="Slope α left of zero.")] = 0.01

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        # Not max(a, α·a): 0 · inf is NaN.
        return torch.where(a > 0, a, a * self.slope_below, out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return torch.where(a > 0, _one(a), _one(a) * self.slope_below)

    def rests(self) -> bool:
        return self.slope_below == 0


@registry.register
class Identity(Activation):
    title: ClassVar[str] = "identity"
    formula: ClassVar[str] = "φ(a) = a"
    slope_bound: ClassVar[float] = 1.0
    kind: Literal["identity"] = "identity"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return a.clone() if out is None else out.copy_(a)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return torch.ones_like(a)


@registry.register
class Hardtanh(Activation):
    title: ClassVar[str] = "hardtanh"
    formula: ClassVar[str] = "φ(a) = min(1, max(−1, a))"
    slope_bound: ClassVar[float] = 1.0
    bounded: ClassVar[bool] = True
    kind: Literal["hardtanh"] = "hardtanh"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return torch.clamp(a, -1, 1, out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return torch.lt(a.abs(), 1).to(a.dtype)


@registry.register
class Softsign(Activation):
    title: ClassVar[str] = "softsign"
    formula: ClassVar[str] = "φ(a) = a / (1 + |a|)"
    slope_bound: ClassVar[float] = 1.0
    bounded: ClassVar[bool] = True
    kind: Literal["softsign"] = "softsign"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return torch.div(a, a.abs().add_(1), out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        return a.abs().add_(1).pow_(-2)


@registry.register
class Silu(Activation):
    title: ClassVar[str] = "SiLU"
    formula: ClassVar[str] = "φ(a) = a · sigmoid(a)"
    slope_bound: ClassVar[float] = 1.0998
    kind: Literal["silu"] = "silu"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return torch.mul(a, torch.sigmoid(a), out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":
        s = torch.sigmoid(a)
        return torch.addcmul(s, h, 1 - s)  # σ + a·σ·(1 − σ)


@registry.register
class Gelu(Activation):
    title: ClassVar[str] = "GELU"
    formula: ClassVar[str] = "φ(a) = a · Φ(a), Φ the normal distribution function"
    slope_bound: ClassVar[float] = 1.1289
    kind: Literal["gelu"] = "gelu"

    def value(self, a: "Tensor", out: "Tensor | None" = None) -> "Tensor":
        return torch.mul(a, torch.special.ndtr(a), out=out)

    def slope(self, a: "Tensor", h: "Tensor") -> "Tensor":  # noqa: ARG002
        density = a.square().mul_(-0.5).exp_().mul_(1 / math.sqrt(2 * math.pi))
        return torch.addcmul(torch.special.ndtr(a), a, density)


def _one(like: "Tensor") -> "Tensor":
    return torch.ones((), dtype=like.dtype, device=like.device)


AnyActivation = Annotated[SerializeAsAny[Activation], Chosen(registry)]

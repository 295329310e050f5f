"""Gradient clipping: what is taken away between back-propagation and the optimiser.

Gradients are a mapping tensor name → (…, *shape) with any leading member axes `…`; each member of an ensemble is
clipped by itself. `dims` says how many trailing axes belong to the tensor. Norms are float64, so that they overflow
no earlier than the network (SCIENCE §6); otherwise non-finite values go the way they go in torch: an inf norm makes
finite elements 0 and the inf itself NaN; clip by value maps ±inf to its bounds and keeps NaN.

Clip by norm keeps the gradient's direction, clip by value turns it: (100, 1) clipped at ±1 turns by 44.43°.
Sources: Pascanu, Mikolov & Bengio 2013 (by norm) · Mikolov 2012 (by value) · Brock et al. 2021 (AGC).
Look at: *Before and after clipping*.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.nn.norms import global_norm, norm

if TYPE_CHECKING:
    from torch import Tensor

EPSILON = 1e-6  # torch.nn.utils.clip_grad_norm_ adds it to the norm

Bound = Annotated[float, Field(gt=0, le=1e6)]


def _scaled(tensor: "Tensor", factor: "Tensor", dims: int) -> "Tensor":
    return tensor * factor.to(tensor.dtype)[(..., *(None,) * dims)]


def _wide(bound: Any, like: "Tensor", dims: int) -> Any:
    """A bound beside a tensor: a number as it is; of numbers of members (…) each beside the member's own tensor."""
    return bound if isinstance(bound, float) else bound.to(like.dtype)[(..., *(None,) * dims)]


class ClipRule(Component):
    """Turns gradients into the gradients that the optimiser gets."""

    formula: ClassVar[str]

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],
        norms: Mapping[str, "Tensor"],
        dims: Mapping[str, int],
    ) -> dict[str, "Tensor"]:
        """New gradients; the given ones are left as they are. `norms` are theirs, as `norm` gives them."""
        raise NotImplementedError

    @classmethod
    def together(cls, rules: "Sequence[Self]") -> Self:
        """One rule for the members of an ensemble, whose fields hold a number for each: float64 (E,)."""
        rule = cls()
        for name in set(cls.model_fields) - {"kind"}:
            values = torch.tensor([getattr(each, name) for each in rules], dtype=torch.float64)
            object.__setattr__(rule, name, values)  # a bound is written as a number; this one is only computed with
        return rule


registry: Registry[ClipRule] = Registry("clip rule", __name__)


class Untouched(ClipRule):
    """Gives every gradient as it is."""

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],  # noqa: ARG002
        norms: Mapping[str, "Tensor"],  # noqa: ARG002
        dims: Mapping[str, int],  # noqa: ARG002
    ) -> dict[str, "Tensor"]:
        return dict(gradients)


@registry.register
class NoClip(Untouched):
    title: ClassVar[str] = "none"
    formula: ClassVar[str] = "g"
    kind: Literal["none"] = "none"


@registry.register
class ByValue(ClipRule):
    title: ClassVar[str] = "by value"
    formula: ClassVar[str] = "min(hi, max(lo, g)), element by element"
    kind: Literal["value"] = "value"
    lo: Annotated[float, Field(ge=-1e6, le=1e6, description="Smallest value that an element keeps.")] = -1.0
    hi: Annotated[float, Field(ge=-1e6, le=1e6, description="Largest value that an element keeps.")] = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.lo >= self.hi:
            raise ValueError(
                f"The clip range [{self.lo:g}, {self.hi:g}] is empty. Write a lower bound below the upper one, "
                "such as [-1, 1]."
            )
        return self

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],  # noqa: ARG002
        norms: Mapping[str, "Tensor"],  # noqa: ARG002
        dims: Mapping[str, int],
    ) -> dict[str, "Tensor"]:
        return {
            name: g.clamp(_wide(self.lo, g, dims[name]), _wide(self.hi, g, dims[name])) for name, g in gradients.items()
        }


@registry.register
class ByNorm(ClipRule):
    title: ClassVar[str] = "by norm"
    formula: ClassVar[str] = "g · min(1, c / ‖all g‖)"
    kind: Literal["norm"] = "norm"
    threshold: Annotated[Bound, Field(description="Largest norm c of all gradients together.")] = 1.0

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],  # noqa: ARG002
        norms: Mapping[str, "Tensor"],
        dims: Mapping[str, int],
    ) -> dict[str, "Tensor"]:
        factor = (self.threshold / (global_norm(norms) + EPSILON)).clamp(max=1)
        return {name: _scaled(g, factor, dims[name]) for name, g in gradients.items()}


@registry.register
class PerParameter(ClipRule):
    title: ClassVar[str] = "by norm, each tensor"
    formula: ClassVar[str] = "g · min(1, c / ‖g‖), tensor by tensor"
    kind: Literal["per_parameter"] = "per_parameter"
    threshold: Annotated[Bound, Field(description="Largest norm c of one tensor's gradient.")] = 1.0

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],  # noqa: ARG002
        norms: Mapping[str, "Tensor"],
        dims: Mapping[str, int],
    ) -> dict[str, "Tensor"]:
        return {
            name: _scaled(g, (self.threshold / (norms[name] + EPSILON)).clamp(max=1), dims[name])
            for name, g in gradients.items()
        }


@registry.register
class Adaptive(ClipRule):
    """Adaptive gradient clipping, by units: a unit is a row of a matrix, or a whole vector (as in Brock's code)."""

    title: ClassVar[str] = "adaptive (AGC)"
    formula: ClassVar[str] = "g_i · min(1, λ·max(‖w_i‖, ε) / ‖g_i‖), row by row"
    kind: Literal["agc"] = "agc"
    ratio: Annotated[float, Field(gt=0, le=10, description="Largest ratio λ of a unit's gradient to its weights.")] = (
        0.01
    )
    floor: Annotated[float, Field(gt=0, le=1, description="Smallest norm ε that a unit's weights count as.")] = 1e-3

    def clip(
        self,
        gradients: Mapping[str, "Tensor"],
        weights: Mapping[str, "Tensor"],
        norms: Mapping[str, "Tensor"],  # noqa: ARG002
        dims: Mapping[str, int],
    ) -> dict[str, "Tensor"]:
        return {name: self._unitwise(g, weights[name], dims[name] - 1) for name, g in gradients.items()}

    def _unitwise(self, g: "Tensor", w: "Tensor", units: int) -> "Tensor":
        g_norm, w_norm = norm(g, 1), norm(w, 1)
        ratio, floor = (_wide(bound, w_norm, units) for bound in (self.ratio, self.floor))
        allowed = ratio * w_norm.clamp(min=floor)
        # A unit with gradient 0 has nothing to clip: 0/0 must not become NaN.
        factor = torch.where(g_norm > allowed, allowed / g_norm, torch.ones_like(g_norm))
        # NaN compares false, and inf/inf is NaN: both stay visible in the product.
        return _scaled(g, factor, 1)


@registry.register
class TooEarly(Untouched):
    """A mistake found in published code: `clip_grad_norm_` stands before `loss.backward()`, where every gradient is 0.

    What the backward pass then brings goes to the optimiser as it is. To be recognised in the ledger: the norm lies
    over the bound, and is the same before and after.
    """

    title: ClassVar[str] = "by norm, before the backward pass (a mistake)"
    formula: ClassVar[str] = "0 · min(1, c / ‖0‖), and then g"
    kind: Literal["too_early"] = "too_early"
    threshold: Annotated[Bound, Field(description="The norm c that was meant.")] = 1.0


AnyClipRule = Annotated[SerializeAsAny[ClipRule], Chosen(registry)]

"""Initialisers: how the numbers of a weight matrix are drawn before the first update.

A matrix has shape (fan_out, fan_in): `a = W x`. For the recurrent matrix U both are H. What decides whether a gradient
survives T steps is not the size of one weight but the factor per step, about γ·ρ(U); at H = 64 the spectral radius ρ is
near 0.58 for `torch`, 1.0 for Xavier and orthogonal, 1.4 for He (law tests measure what each class declares).

Sources: Glorot & Bengio 2010 · He et al. 2015 · LeCun et al. 1998 · Saxe et al. 2014 (orthogonal) · Le, Jaitly & Hinton
2015 (identity, "IRNN") · Pascanu, Mikolov & Bengio 2013 (sparse, rescaled to ρ = 0.95).
Look at: the figures under the initialiser before training, and *Weights*.
"""

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor

Shape = tuple[int, ...]
Gain = Annotated[float, Field(ge=0, le=10, description="Factor on every number that is drawn.")]


class Initializer(Component):
    """Draws one tensor of `shape` (fan_out, fan_in) in float64; vectors count as (n, 1).

    Drawn in float64 whatever the precision of the run, so that a float32 run starts from the rounded weights of its
    float64 twin.
    """

    square_only: ClassVar[bool] = False
    formula: ClassVar[str]

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        raise NotImplementedError

    def expected_std(self, fan_out: int, fan_in: int) -> float | None:
        """Standard deviation of one entry, where the class promises one; a law test measures it."""
        del fan_out, fan_in
        return None


registry: Registry[Initializer] = Registry("initialiser", __name__)


def _fans(shape: Shape) -> tuple[int, int]:
    return shape[0], shape[1] if len(shape) > 1 else 1


def _uniform(shape: Shape, bound: float, generator: "Generator") -> "Tensor":
    return (torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1) * bound


def _normal(shape: Shape, std: float, generator: "Generator") -> "Tensor":
    return torch.randn(shape, generator=generator, dtype=torch.float64) * std


class _Spread(Initializer):
    """A zero-mean distribution whose standard deviation follows from the fans; uniform or normal."""

    distribution: ClassVar[Literal["uniform", "normal"]]

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        std = self.expected_std(*_fans(shape))
        return (
            _normal(shape, std, generator)
            if self.distribution == "normal"
            else _uniform(shape, std * math.sqrt(3), generator)
        )

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        raise NotImplementedError


class _Xavier(_Spread):
    gain: Gain = 1.0

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        return self.gain * math.sqrt(2 / (fan_in + fan_out))


@registry.register
class XavierUniform(_Xavier):
    title: ClassVar[str] = "Xavier uniform"
    formula: ClassVar[str] = "U(±g·√(6/(fan_in + fan_out)))"
    distribution: ClassVar[Literal["uniform", "normal"]] = "uniform"
    kind: Literal["xavier_uniform"] = "xavier_uniform"


@registry.register
class XavierNormal(_Xavier):
    title: ClassVar[str] = "Xavier normal"
    formula: ClassVar[str] = "N(0, g²·2/(fan_in + fan_out))"
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"
    kind: Literal["xavier_normal"] = "xavier_normal"


class _He(_Spread):
    gain: Gain = 1.0

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        del fan_out
        return self.gain * math.sqrt(2 / fan_in)


@registry.register
class HeUniform(_He):
    title: ClassVar[str] = "He uniform"
    formula: ClassVar[str] = "U(±g·√(6/fan_in))"
    distribution: ClassVar[Literal["uniform", "normal"]] = "uniform"
    kind: Literal["he_uniform"] = "he_uniform"


@registry.register
class HeNormal(_He):
    title: ClassVar[str] = "He normal"
    formula: ClassVar[str] = "N(0, g²·2/fan_in)"
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"
    kind: Literal["he_normal"] = "he_normal"


class _LeCun(_Spread):
    gain: Gain = 1.0

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        del fan_out
        return self.gain / math.sqrt(fan_in)


@registry.register
class LeCunUniform(_LeCun):
    title: ClassVar[str] = "LeCun uniform"
    formula: ClassVar[str] = "U(±g·√(3/fan_in))"
    distribution: ClassVar[Literal["uniform", "normal"]] = "uniform"
    kind: Literal["lecun_uniform"] = "lecun_uniform"


@registry.register
class LeCunNormal(_LeCun):
    title: ClassVar[str] = "LeCun normal"
    formula: ClassVar[str] = "N(0, g²/fan_in)"
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"
    kind: Literal["lecun_normal"] = "lecun_normal"


@registry.register
class TorchUniform(_Spread):
    """What torch.nn.RNN does to U and torch.nn.Linear to V: U(±1/√H), which is gain 1/√3 = 0.577 on U.

    On U the gradient then falls below 1e-7 in about 29 steps. (torch draws W and b from ±1/√H too; here fan_in is
    theirs.)
    """

    title: ClassVar[str] = "torch default"
    formula: ClassVar[str] = "U(±g/√fan_in), where U and V have fan_in = H"
    distribution: ClassVar[Literal["uniform", "normal"]] = "uniform"
    kind: Literal["torch"] = "torch"
    gain: Gain = 1.0

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        del fan_out
        return self.gain / math.sqrt(3 * fan_in)


@registry.register
class Normal(_Spread):
    title: ClassVar[str] = "normal"
    formula: ClassVar[str] = "N(0, s²)"
    distribution: ClassVar[Literal["uniform", "normal"]] = "normal"
    kind: Literal["normal"] = "normal"
    std: Annotated[float, Field(ge=0, le=10, description="Standard deviation s of every number.")] = 0.1

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        del fan_out, fan_in
        return self.std


@registry.register
class Orthogonal(Initializer):
    """g·Q with QᵀQ = 1 (the smaller side where it is not square): every singular value is g."""

    title: ClassVar[str] = "orthogonal"
    formula: ClassVar[str] = "g·Q, QᵀQ = 1"
    kind: Literal["orthogonal"] = "orthogonal"
    gain: Gain = 1.0

    def expected_std(self, fan_out: int, fan_in: int) -> float:
        return self.gain / math.sqrt(max(fan_out, fan_in))

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        fan_out, fan_in = _fans(shape)
        tall = torch.randn(max(fan_out, fan_in), min(fan_out, fan_in), generator=generator, dtype=torch.float64)
        q, r = torch.linalg.qr(tall)
        q = q * r.diagonal().sign()  # makes Q uniform over the orthogonal group (Mezzadri 2007)
        matrix: Tensor = q if fan_out >= fan_in else q.T
        return matrix.reshape(shape).mul(self.gain)


@registry.register
class ScaledIdentity(Initializer):
    title: ClassVar[str] = "identity"
    formula: ClassVar[str] = "g·1"
    square_only: ClassVar[bool] = True
    kind: Literal["identity"] = "identity"
    gain: Gain = 1.0

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        del generator
        identity: Tensor = torch.eye(*shape, dtype=torch.float64)
        return identity.mul(self.gain)


def _rescaled(matrix: "Tensor", radius: float) -> "Tensor":
    scaled: Tensor = matrix * (radius / torch.linalg.eigvals(matrix).abs().max())
    return scaled


@registry.register
class Sparse(Initializer):
    title: ClassVar[str] = "sparse"
    formula: ClassVar[str] = "k normal numbers a row, the rest 0, rescaled to ρ"
    square_only: ClassVar[bool] = True
    kind: Literal["sparse"] = "sparse"
    nonzeros: Annotated[int, Field(ge=1, le=256, description="Numbers k that are not 0, in each row.")] = 15
    radius: Annotated[float, Field(gt=0, le=10, description="Spectral radius ρ of the result.")] = 0.95

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
        rank = torch.rand(shape, generator=generator, dtype=torch.float64).argsort(dim=1).argsort(dim=1)
        return _rescaled(numbers * (rank < self.nonzeros), self.radius)


@registry.register
class SpectralRadius(Initializer):
    title: ClassVar[str] = "spectral radius"
    formula: ClassVar[str] = "N(0, 1/H), rescaled to ρ"
    square_only: ClassVar[bool] = True
    kind: Literal["spectral_radius"] = "spectral_radius"
    radius: Annotated[float, Field(gt=0, le=10, description="Spectral radius ρ of the result.")] = 1.0

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        return _rescaled(_normal(shape, 1 / math.sqrt(shape[0]), generator), self.radius)


@registry.register
class Constant(Initializer):
    title: ClassVar[str] = "constant"
    formula: ClassVar[str] = "every number = v"
    kind: Literal["constant"] = "constant"
    value: Annotated[float, Field(ge=-10, le=10, description="The value v of every number.")] = 0.0

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        del generator
        return torch.full(shape, self.value, dtype=torch.float64)


AnyInitializer = Annotated[SerializeAsAny[Initializer], Chosen(registry)]


def rectangular(initializer: Any) -> Any:
    """Refuses an initialiser that only a square matrix can have, for fields whose matrix is not square."""
    if initializer.square_only:
        fitting = ", ".join(cls.model_fields["kind"].default for cls in registry if not cls.square_only)
        raise ValueError(
            f"'{initializer.kind}' needs a square matrix, and only the recurrent one is. Write one of: {fitting}."
        )
    return initializer

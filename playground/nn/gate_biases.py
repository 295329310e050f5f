"""Initialisers of cells with gates: each gate's block by itself, and the bias of the gate that keeps.

Sources: Gers et al. 2000; Jozefowicz et al. 2015 (forget bias 1); Tallec & Ollivier 2018 (chrono).
Look at: *Gates*, and *Gradient at every time step* of an LSTM with forget bias 0, 1 and 3.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.nn.initializers import AnyInitializer, Initializer, Shape

if TYPE_CHECKING:
    from torch import Generator, Tensor


class PerGate(Initializer):
    """`init` for each gate's block of rows by itself: an orthogonal 4H × H stack would leave no gate orthogonal."""

    title: ClassVar[str] = "gate by gate"
    formula: ClassVar[str] = "each gate's block by itself"
    gates: int
    init: AnyInitializer

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        block = (shape[0] // self.gates, *shape[1:])
        return torch.cat([self.init.draw(block, generator) for _ in range(self.gates)])


class GateBias(Component):
    """The bias of a gate that keeps: f of an LSTM, z of a GRU. Its size decides how long a state lasts."""

    formula: ClassVar[str]

    def draw_bias(self, hidden: int, generator: "Generator") -> "Tensor":
        """(H,) in float64."""
        raise NotImplementedError

    @property
    def also_opposite(self) -> bool:
        """Whether the input gate of an LSTM takes the same numbers with the other sign."""
        return False


registry: Registry[GateBias] = Registry("gate bias", __name__)


@registry.register
class ConstantBias(GateBias):
    """The gate starts at σ(b) and a state lasts about e^b steps: b ≈ ln T for sequences of T."""

    title: ClassVar[str] = "constant"
    formula: ClassVar[str] = "b = v; a state lasts about e^v steps"
    kind: Literal["constant"] = "constant"
    value: Annotated[float, Field(ge=-10, le=10, description="The bias v of every unit.")] = 0.0

    def draw_bias(self, hidden: int, generator: "Generator") -> "Tensor":
        del generator
        return torch.full((hidden,), self.value, dtype=torch.float64)


@registry.register
class Chrono(GateBias):
    """Every unit a time scale of its own, from 1 to T_max (Tallec & Ollivier 2018)."""

    title: ClassVar[str] = "chrono"
    formula: ClassVar[str] = "b ~ ln U(1, T_max − 1), and −b for an LSTM's input gate"
    kind: Literal["chrono"] = "chrono"
    longest: Annotated[int, Field(ge=3, le=10_000, description="T_max, the longest time a state should last.")] = 30

    def draw_bias(self, hidden: int, generator: "Generator") -> "Tensor":
        uniform = torch.rand(hidden, generator=generator, dtype=torch.float64)
        return (1 + uniform * (self.longest - 2)).log()

    @property
    def also_opposite(self) -> bool:
        return True


AnyGateBias = Annotated[SerializeAsAny[GateBias], Chosen(registry)]


class GateBiases(Initializer):
    """The bias vector of all gates: gate number `keeps` from `keeping`, and −1 times that for `opposite` where
    `keeping` wants it; the rest from `others`."""

    title: ClassVar[str] = "gate by gate"
    formula: ClassVar[str] = "each gate's bias by itself"
    gates: int
    others: AnyInitializer
    keeping: AnyGateBias
    keeps: int
    opposite: int | None = None

    def draw(self, shape: Shape, generator: "Generator") -> "Tensor":
        hidden = shape[0] // self.gates
        blocks = [self.others.draw((hidden,), generator) for _ in range(self.gates)]
        blocks[self.keeps] = self.keeping.draw_bias(hidden, generator)
        if self.opposite is not None and self.keeping.also_opposite:
            blocks[self.opposite] = -blocks[self.keeps]
        return torch.cat(blocks)

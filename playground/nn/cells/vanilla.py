"""The vanilla (Elman) cell."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from playground.core.lazy import torch
from playground.nn.activations import AnyActivation, Tanh
from playground.nn.cells.base import (
    ByHand,
    Step,
    Tape,
    WayBack,
    Weights,
    add_product,
    registry,
)
from playground.nn.initializers import (
    AnyInitializer,
    Constant,
    Initializer,
    Shape,
    TorchUniform,
    XavierUniform,
    rectangular,
)

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class Vanilla(ByHand):
    """a_t = W x_t + U h_{t−1} + b,  h_t = φ(a_t)

    Back through one step, with g_t = ∂L/∂h_t (total) and δ_t = ∂L/∂a_t:

        δ_t = φ′(a_t) ⊙ g_t        g_{t−1} = direct_{t−1} + Uᵀ δ_t
        ∂L/∂W = Σ_t δ_t x_tᵀ       ∂L/∂U = Σ_t δ_t h_{t−1}ᵀ       ∂L/∂b = Σ_t δ_t

    W (H, I), U (H, H), b (H): one bias vector, H·I + H² + H numbers (torch.nn.RNN has two biases, which add up).
    Samples are rows in memory, so that U h becomes h Uᵀ. torch counterpart: `torch.nn.RNN` with tanh or relu.
    Sources: Elman 1990; Werbos 1990 (back-propagation through time); Pascanu, Mikolov & Bengio 2013.
    Look at: *Gradient at every time step* with φ = identity and U orthogonal × g, where ‖g_t‖ = g^(T−t)·‖g_T‖.
    """

    title: ClassVar[str] = "vanilla RNN"
    equations: ClassVar[tuple[str, ...]] = ("a_t = W x_t + U h_{t−1} + b", "h_t = φ(a_t)")
    kind: Literal["vanilla"] = "vanilla"
    activation: Annotated[AnyActivation, Field(description="φ, between pre-activation and state.")] = Tanh()
    recurrent_init: Annotated[AnyInitializer, Field(description="How U, from state to state, is drawn.")] = (
        TorchUniform()
    )
    input_init: Annotated[
        AnyInitializer, AfterValidator(rectangular), Field(description="How W, from input to state, is drawn.")
    ] = XavierUniform()
    bias_init: Annotated[AnyInitializer, AfterValidator(rectangular), Field(description="How the bias b is drawn.")] = (
        Constant()
    )

    def tensors(self, inputs: int, hidden: int) -> Mapping[str, tuple[Shape, Initializer]]:
        return {
            "W": ((hidden, inputs), self.input_init),
            "U": ((hidden, hidden), self.recurrent_init),
            "b": ((hidden,), self.bias_init),
        }

    def forward(self, weights: Weights, tape: Tape) -> Step:
        U_T, add, phi = weights["U"].mT, add_product(weights["U"]), self.activation.value
        a, h = tape.a.unbind(), tape.h.unbind()

        def step(t: int) -> None:
            add(a[t], h[t], U_T, out=a[t])
            phi(a[t], out=h[t + 1])

        return step

    def backward(self, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]") -> WayBack:
        U, add, multiply = weights["U"], add_product(weights["U"]), torch.mul
        delta = self.activation.slope(tape.a, tape.h[1:])  # φ′ of all steps at once, then δ in its place
        deltas, totals = delta.unbind(), total[0].unbind()

        def step(t: int) -> None:
            multiply(totals[t + 1], deltas[t], out=deltas[t])
            add(totals[t], deltas[t], U, out=totals[t])

        return WayBack(step, delta)

    def slopes(self, tape: Tape) -> "Tensor":
        return self.activation.slope(tape.a, tape.h[1:])

    def recurrent(self, weights: Weights) -> "Tensor":
        return weights["U"]

    def slope_bound(self) -> float:
        return self.activation.bound()

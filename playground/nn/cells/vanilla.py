"""The vanilla (Elman) cell."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from playground.core.lazy import torch
from playground.nn.activations import AnyActivation, Tanh
from playground.nn.cells.base import Cell, StepBack, StepForward, Weights, registry
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
class Vanilla(Cell):
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

    def project(self, weights: Weights, x: "Tensor") -> "Tensor":
        W, b = weights["W"], weights["b"]
        if W.ndim == 2:
            return torch.addmm(b, x.flatten(0, 1), W.T).view(*x.shape[:2], -1)  # T N H
        return torch.matmul(x, W.mT).add_(b[:, None])  # T E N H

    def forward(self, weights: Weights) -> StepForward:
        U_T, add_product, phi = weights["U"].mT, _add_product(weights["U"]), self.activation.value

        def step(a: "Tensor", h: "Tensor", out: "Tensor") -> None:
            add_product(a, h, U_T, out=a)
            phi(a, out=out)

        return step

    def slopes(self, a: "Tensor", h: "Tensor") -> "Tensor":
        return self.activation.slope(a, h)

    def backward(self, weights: Weights) -> StepBack:
        U, add_product = weights["U"], _add_product(weights["U"])
        multiply, product = torch.mul, torch.matmul if U.ndim > 2 else torch.mm

        def step(g: "Tensor", slope: "Tensor", delta: "Tensor", direct: "Tensor | None", out: "Tensor") -> None:
            multiply(g, slope, out=delta)
            if direct is None:
                product(delta, U, out=out)
            else:
                add_product(direct, delta, U, out=out)

        return step

    def gradients(self, delta: "Tensor", x: "Tensor", h: "Tensor") -> dict[str, "Tensor"]:
        d, x, h = _rows(delta), _rows(x), _rows(h)  # E TN ·
        # W is thin: xᵀδ, turned over, is several times as fast in BLAS as δᵀx.
        return {"W": (x.mT @ d).mT, "U": d.mT @ h, "b": d.sum(-2)}

    def recurrent(self, weights: Weights) -> "Tensor":
        return weights["U"]

    def slope_bound(self) -> float:
        return self.activation.bound()


def _add_product(matrix: "Tensor") -> Callable[..., "Tensor"]:
    return torch.addmm if matrix.ndim == 2 else torch.baddbmm


def _rows(tensor: "Tensor") -> "Tensor":
    """All time steps and samples as rows: (T, N, ·) → (TN, ·), (T, E, N, ·) → (E, TN, ·)."""
    return tensor.flatten(0, 1) if tensor.ndim == 3 else tensor.transpose(0, 1).flatten(1, 2)

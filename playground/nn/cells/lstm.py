"""The long short-term memory."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.lazy import torch
from playground.nn.activations import AnyActivation, Tanh
from playground.nn.cells.base import (
    Step,
    Tape,
    WayBack,
    Weights,
    add_product,
    registry,
    split,
)
from playground.nn.cells.gated import Gated
from playground.nn.gate_biases import AnyGateBias, ConstantBias, GateBiases

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class Lstm(Gated):
    """o, i, f = σ(W x_t + U h_{t−1} + b),  g = φ(…),  c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ φ(c_t)

    Back through one step, with ∂h_t = ∂L/∂h_t and ∂c_t = ∂L/∂c_t, both total, and δ = ∂L/∂ pre-activations:

        ∂c_t += ∂h_t ⊙ o ⊙ φ′(c_t)       δ_i = ∂c_t ⊙ g ⊙ σ′(i)     δ_f = ∂c_t ⊙ c_{t−1} ⊙ σ′(f)
        δ_g = ∂c_t ⊙ i ⊙ φ′              δ_o = ∂h_t ⊙ φ(c_t) ⊙ σ′(o)
        ∂c_{t−1} = ∂c_t ⊙ f              ∂h_{t−1} = direct_{t−1} + Uᵀ δ

    so every δ is ∂c_t or ∂h_t times something that is known for all steps at once. Along c the factor per step is f:
    with all weights 0, ∂c_T/∂c_0 = σ(b_f)^T. W (4H, I), U (4H, H), b (4H), in the order o, i, f, g: the gates side by
    side, so that one call serves them. One bias vector, 4(H·I + H² + H) numbers. torch counterpart: `torch.nn.LSTM`,
    whose order is i, f, g, o and whose two biases add up.
    Sources: Hochreiter & Schmidhuber 1997; Gers et al. 2000 (f); Jozefowicz et al. 2015 (b_f = 1); Tallec & Ollivier
    2018 (chrono). Look at: *Gates*, and *Gradient at every time step* with b_f = 0, 1 and 3.
    """

    title: ClassVar[str] = "LSTM"
    equations: ClassVar[tuple[str, ...]] = (
        "o_t, i_t, f_t = σ(W x_t + U h_{t−1} + b)",
        "g_t = φ(W_g x_t + U_g h_{t−1} + b_g)",
        "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t",
        "h_t = o_t ⊙ φ(c_t)",
    )
    states: ClassVar[tuple[str, ...]] = ("h", "c")
    gates: ClassVar[tuple[str, ...]] = ("o", "i", "f")
    blocks: ClassVar[int] = 4  # o, i, f, g
    kind: Literal["lstm"] = "lstm"
    activation: Annotated[AnyActivation, Field(description="φ of the candidate g.")] = Tanh()
    output_activation: Annotated[AnyActivation, Field(description="φ between cell state c and hidden state h.")] = (
        Tanh()
    )
    forget_bias: Annotated[AnyGateBias, Field(description="How the bias of f, the forget gate, is drawn.")] = (
        ConstantBias(value=1.0)
    )

    def biases(self) -> GateBiases:
        return GateBiases(gates=self.blocks, others=self.bias_init, keeping=self.forget_bias, keeps=2, opposite=1)

    def keep(self, a: "Tensor", hidden: int) -> "tuple[Tensor, ...]":
        return torch.empty_like(a), a.new_empty(*a.shape[:-1], hidden)  # values of o, i, f, g; φ(c)

    def rests(self) -> bool:
        return self.activation.rests() or self.output_activation.rests()

    def forward(self, weights: Weights, tape: Tape) -> Step:
        H = tape.h.shape[-1]
        U_T, add, multiply, addcmul = weights["U"].mT, add_product(weights["U"]), torch.mul, torch.addcmul
        sigma, phi, phi_c = self.gate_activation.value, self.activation.value, self.output_activation.value
        values, kept_phi = tape.kept
        a, a_oif, a_g = tape.a.unbind(), tape.a[..., : 3 * H].unbind(), tape.a[..., 3 * H :].unbind()
        oif, o, i, f, g = (
            values[..., first * H : last * H].unbind() for first, last in ((0, 3), (0, 1), (1, 2), (2, 3), (3, 4))
        )
        phi_of_c, h, c = kept_phi.unbind(), tape.states[0].unbind(), tape.states[1].unbind()

        def step(t: int) -> None:
            add(a[t], h[t], U_T, out=a[t])
            sigma(a_oif[t], out=oif[t])
            phi(a_g[t], out=g[t])
            multiply(f[t], c[t], out=c[t + 1])
            addcmul(c[t + 1], i[t], g[t], out=c[t + 1])
            phi_c(c[t + 1], out=phi_of_c[t])
            multiply(o[t], phi_of_c[t], out=h[t + 1])

        return step

    def backward(self, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]") -> WayBack:
        H = tape.h.shape[-1]
        U, (values, phi_of_c), c = weights["U"], tape.kept, tape.states[1]
        o, i, f, g = values.chunk(self.blocks, -1)
        # What ∂h_t or ∂c_t is multiplied by, then δ in its place. The slopes of g are no gate's and are written over.
        delta = self.gate_activation.slope(tape.a, values)
        to_o, to_i, to_f, to_g = delta.chunk(4, -1)
        to_o.mul_(phi_of_c)
        to_i.mul_(g)
        to_f.mul_(c[:-1])
        torch.mul(i, self.activation.slope(tape.a[..., 3 * H :], g), out=to_g)
        through_h = self.output_activation.slope(c[1:], phi_of_c).mul_(o).unbind()
        add, multiply, addcmul = add_product(U), torch.mul, torch.addcmul
        kept_f, deltas, deltas_o = f.unbind(), delta.unbind(), to_o.unbind()
        deltas_ifg = split(delta, 4)[..., 1:, :].unbind()
        total_h, total_c, wide_c = total[0].unbind(), total[1].unbind(), total[1].unsqueeze(-2).unbind()

        def step(t: int) -> None:
            addcmul(total_c[t + 1], total_h[t + 1], through_h[t], out=total_c[t + 1])
            multiply(deltas_ifg[t], wide_c[t + 1], out=deltas_ifg[t])
            multiply(deltas_o[t], total_h[t + 1], out=deltas_o[t])
            addcmul(total_c[t], total_c[t + 1], kept_f[t], out=total_c[t])
            add(total_h[t], deltas[t], U, out=total_h[t])

        return WayBack(step, delta)

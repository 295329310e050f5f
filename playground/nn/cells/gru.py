"""The gated recurrent unit."""

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
    product,
    registry,
    rows,
)
from playground.nn.cells.gated import Gated
from playground.nn.gate_biases import AnyGateBias, ConstantBias, GateBiases

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class Gru(Gated):
    """r, z = σ(W x_t + U h_{t−1} + b),  n = φ(W_n x_t + b_n + r ⊙ U_n h_{t−1}),  h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}

    z is the gate that *keeps*: a bias b_z > 0 makes it remember. Back through one step, g_t = ∂L/∂h_t (total),
    q_t = U_n h_{t−1}, δ = ∂L/∂ pre-activations:

        δ_n = g_t ⊙ (1 − z) ⊙ φ′        δ_r = δ_n ⊙ q_t ⊙ σ′(r)      δ_z = g_t ⊙ (h_{t−1} − n) ⊙ σ′(z)
        δ_q = δ_n ⊙ r                   g_{t−1} = direct_{t−1} + z ⊙ g_t + Uᵀ [δ_r; δ_z; δ_q]

    so every δ is g_t times something that is known for all steps at once. W (3H, I), U (3H, H), b (3H), in the order
    r, z, n: one bias vector, 3(H·I + H² + H) numbers. torch counterpart: `torch.nn.GRU` with `bias_hh_l0` = 0.
    Sources: Cho et al. 2014; in torch's form, where r acts after U. Biases: Tallec & Ollivier 2018.
    Look at: *Gates*, and *Gradient at every time step* with b_z = 0 and 2.
    """

    title: ClassVar[str] = "GRU"
    equations: ClassVar[tuple[str, ...]] = (
        "r_t, z_t = σ(W x_t + U h_{t−1} + b)",
        "n_t = φ(W_n x_t + b_n + r_t ⊙ U_n h_{t−1})",
        "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}",
    )
    gates: ClassVar[tuple[str, ...]] = ("r", "z")
    blocks: ClassVar[int] = 3  # r, z, n
    kind: Literal["gru"] = "gru"
    activation: Annotated[AnyActivation, Field(description="φ of the candidate n.")] = Tanh()
    keep_bias: Annotated[AnyGateBias, Field(description="How the bias of z, the gate that keeps, is drawn.")] = (
        ConstantBias()
    )

    def biases(self) -> GateBiases:
        return GateBiases(gates=self.blocks, others=self.bias_init, keeping=self.keep_bias, keeps=1)

    def keep(self, a: "Tensor", hidden: int) -> "tuple[Tensor, ...]":
        q = a.new_empty(*a.shape[:-1], hidden)
        return torch.empty_like(a), q  # values of r, z, n; q = U_n h_{t−1}

    def forward(self, weights: Weights, tape: Tape) -> Step:
        H = tape.h.shape[-1]
        U = weights["U"]
        U_rz, U_n = U[..., : 2 * H, :].mT, U[..., 2 * H :, :].mT
        add, multiply, addcmul, lerp = add_product(U), product(U), torch.addcmul, torch.lerp
        sigma, phi = self.gate_activation.value, self.activation.value
        values, kept_q = tape.kept
        a_rz, a_n = tape.a[..., : 2 * H].unbind(), tape.a[..., 2 * H :].unbind()
        rz, r, z, n = (values[..., first * H : last * H].unbind() for first, last in ((0, 2), (0, 1), (1, 2), (2, 3)))
        q, h = kept_q.unbind(), tape.h.unbind()

        def step(t: int) -> None:
            add(a_rz[t], h[t], U_rz, out=a_rz[t])
            sigma(a_rz[t], out=rz[t])
            multiply(h[t], U_n, out=q[t])
            addcmul(a_n[t], r[t], q[t], out=a_n[t])
            phi(a_n[t], out=n[t])
            lerp(n[t], h[t], z[t], out=h[t + 1])

        return step

    def backward(self, weights: Weights, tape: Tape, total: "tuple[Tensor, ...]") -> WayBack:
        H = tape.h.shape[-1]
        U, (values, q) = weights["U"], tape.kept
        rz, n, h = values[..., : 2 * H], values[..., 2 * H :], tape.h[:-1]
        slope_rz = self.gate_activation.slope(tape.a[..., : 2 * H], rz)
        (r, z), (slope_r, slope_z) = rz.chunk(2, -1), slope_rz.chunk(2, -1)
        delta = values.new_empty(*values.shape[:-1], 4, H)  # r, z, q, n: what g_t is multiplied by, then δ
        to_r, to_z, to_q, to_n = delta.unbind(-2)
        torch.mul(1 - z, self.activation.slope(tape.a[..., 2 * H :], n), out=to_n)
        torch.mul(to_n, r, out=to_q)
        torch.mul(to_n, q, out=to_r).mul_(slope_r)
        torch.sub(h, n, out=to_z).mul_(slope_z)
        add, multiply, addcmul = add_product(U), torch.mul, torch.addcmul
        deltas, recurrent = delta.unbind(), delta[..., :3, :].flatten(-2).unbind()
        totals, wide, kept_z = total[0].unbind(), total[0].unsqueeze(-2).unbind(), z.unbind()

        def step(t: int) -> None:
            multiply(deltas[t], wide[t + 1], out=deltas[t])
            addcmul(totals[t], totals[t + 1], kept_z[t], out=totals[t])
            add(totals[t], recurrent[t], U, out=totals[t])

        return WayBack(step, delta.flatten(-2))

    def gradients(self, delta: "Tensor", tape: Tape) -> "dict[str, Tensor]":
        H = tape.h.shape[-1]
        d = rows(delta)
        # r, z, q went through U, and r, z, n through W.
        return {
            "W": _without_q((rows(tape.x).mT @ d).mT, H, -2),
            "U": d[..., : 3 * H].mT @ rows(tape.h[:-1]),
            "b": _without_q(d.sum(-2), H, -1),
        }

    def input_gradient(self, weights: Weights, delta: "Tensor") -> "Tensor":
        return torch.matmul(_without_q(delta, delta.shape[-1] // 4, -1), weights["W"])


def _without_q(delta: "Tensor", hidden: int, axis: int) -> "Tensor":
    return torch.cat([delta.narrow(axis, 0, 2 * hidden), delta.narrow(axis, 3 * hidden, hidden)], axis)

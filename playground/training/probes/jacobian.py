"""How much the last state of a pass can change when the state at step t is moved: no loss has a say in it.

    ‖∂s_T/∂s_t‖₂ = ‖J_T … J_{t+1}‖₂,    J_k = ∂s_k/∂s_{k−1}

s is the whole state: h, and for an LSTM (h, c), of which each may move by itself. The step Jacobians J_k of one
sequence come from one way back in which every step is a network of its own and the unit vectors stand on the batch
axis; their products and norms are taken in float64.

The norm without a decomposition for each step: with A = M Mᵀ, eigenvalues λ₁ ≥ … ≥ λ_n ≥ 0 and p = 2^m, m squarings
give

    r = tr A^{p+1} / tr A^p = Σ λ^{p+1} / Σ λ^p,    n^{−1/p} λ₁ ≤ r ≤ λ₁.

r is a mean of the λ, so at most λ₁. And ln tr A^q is convex in q (Hölder): its slope from p to p + 1, ln r, is no less
than that from 0 to p, (ln tr A^p − ln n)/p ≥ ln λ₁ − (ln n)/p. So √r falls short of ‖M‖₂ by less than ln n/(2p),
relative, and by nothing where all λ are one. A is divided by its trace at each squaring, so that nothing overflows.
Source: Pascanu, Mikolov & Bengio 2013, §2.1.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn import scan
from playground.nn.cells.base import Cell, Tape, Weights
from playground.training.probes.base import (
    Moment,
    Probe,
    array,
    in_rows,
    looks,
    of_rows,
    of_steps,
    on_axis,
    registry,
)
from playground.training.probes.spectrum import schedule, singular_values

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

JACOBIAN_LOOKS = 4
"""Looks in a run at T = 50 and a state of 32 numbers."""

SQUARINGS = 8
"""m: √r falls short by less than 0.7 % at n = 32 and 1.1 % at n = 256; by far less where one λ stands out."""


@registry.register
class JacobianNorm(Probe):
    """‖∂s_T/∂s_t‖₂ (rows, S) within each pass, of the first sequence of the batch; 1 at the last step, t = T."""

    title: ClassVar[str] = "norm of the Jacobian products"
    kind: Literal["jacobian_norm"] = "jacobian_norm"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent:
            return ()
        state, network = config.hidden * len(config.cell.states), config.network
        work = state**3 * sum(way.steps for way in network.ways)
        return (
            of_steps(
                config,
                "jacobian_norm",
                "Jacobian norm ‖∂s_T/∂s_t‖₂",
                "Largest factor by which a change of the state at step t is found in the last state of its pass, "
                f"{'(h, c)' if len(config.cell.states) > 1 else 'h'}; of the first sequence of the batch.",
                "1",
                log=True,
                every=looks(config, min(JACOBIAN_LOOKS, max(2, JACOBIAN_LOOKS * 50 * 32**3 // work))),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        weights = moment.network.of_passes(moment.weights.views)
        tapes = moment.step.passed.forward.tapes
        found = [
            torch.from_numpy(spectral_norm(products(moment.config.cell, w, tape)))
            for w, tape in zip(weights, tapes, strict=True)
        ]
        return {"jacobian_norm": array(on_axis(moment.network, found))}


@registry.register
class JacobianBound(Probe):
    """γ·σ_max(U) of each row; of encoder and decoder the larger. Not of a cell whose gates let no such bound hold."""

    title: ClassVar[str] = "bound of the factor per step"
    kind: Literal["jacobian_bound"] = "jacobian_bound"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent or config.cell.slope_bound() is None:
            return ()
        return (
            of_rows(
                config,
                "jacobian_bound",
                "bound γ·σ_max(U) of the factor per step",
                "The Jacobian norm changes by no more than this factor a step; of encoder and decoder the larger.",
                "1",
                log=True,
                reference=1.0,
                every=schedule(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        gamma = moment.config.cell.slope_bound()
        assert gamma is not None
        sigma = [singular_values(array(U))[0] for U in moment.network.recurrent(moment.weights.views)]
        return {"jacobian_bound": gamma * np.array([np.max(row) for row in in_rows(moment.network, sigma).values()])}


def products(cell: Cell, weights: Weights, tape: Tape) -> NDArray[np.float64]:
    """∂s_T/∂s_t for t = 1 … T of the first sequence: (T, n, n), the last one the identity."""
    (x, a), states, kept = (_first(tensors) for tensors in ((tape.x, tape.a), tape.states, tape.kept))
    one = Tape(x, a, states, kept)
    wide = {name: w.double() for name, w in weights.items()}
    steps = array(scan.step_jacobians(cell, wide, one))
    found = np.empty_like(steps)
    found[-1] = np.eye(steps.shape[-1])
    with np.errstate(all="ignore"):
        for t in range(len(steps) - 1, 0, -1):
            np.matmul(found[t], steps[t], out=found[t - 1])
    return found


def _first(tensors: "Iterable[Tensor]") -> "tuple[Tensor, ...]":
    """The first sequence alone, in float64."""
    return tuple(tensor[:, :1].double() for tensor in tensors)


def spectral_norm(matrices: NDArray[np.float64], squarings: int = SQUARINGS) -> NDArray[np.float64]:
    """‖M‖₂ of matrices (…, n, n), short by less than ln n / 2^(m+1), relative. 0 gives 0; NaN and inf come through."""
    with np.errstate(all="ignore"):
        largest = np.abs(matrices).max((-2, -1))
        usable = np.isfinite(largest) & (largest > 0)
        scale = np.where(usable, largest, 1.0)[..., None, None]
        M = np.where(usable[..., None, None], matrices, 0.0) / scale
        A = M @ M.swapaxes(-2, -1)
        power = _by_trace(A)
        for _ in range(squarings):
            power = _by_trace(power @ power)
        r = (A * power).sum((-2, -1))  # tr A·power, as both are symmetric and tr power = 1
    norms: NDArray[np.float64] = np.where(usable, scale[..., 0, 0] * np.sqrt(r), largest)
    return norms


def _by_trace(A: NDArray[np.float64]) -> NDArray[np.float64]:
    trace = A.trace(axis1=-2, axis2=-1)
    divided: NDArray[np.float64] = A / np.where(trace > 0, trace, 1.0)[..., None, None]
    return divided

"""Eigenvalues and singular values of the recurrent matrices, and the largest magnitude of the former.

γ·ρ(U) = γ·max|λ| is about the factor by which a signal changes at each step in the long run, γ·σ_max(U) the most by
which it can change in one. A normal matrix has σ = |λ|; the further apart they are, the more a signal may grow on its
way before it fades. Source: Pascanu, Mikolov & Bengio 2013, §2.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, array, looks, registry

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

EIGENVALUE_LOOKS = 25
"""Looks in a run at H = 64. Eigenvalues cost H³, an update H²: a larger matrix is looked at less often."""


@registry.register
class Spectrum(Probe):
    """Of each recurrent matrix, (pass, H, 2) and (pass, H), largest first, without unit; of a gated cell that of the
    candidate. NaN where an entry is not finite."""

    title: ClassVar[str] = "eigenvalues and singular values of U"
    kind: Literal["spectrum"] = "spectrum"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        passes, hidden = passes_of(config), config.hidden

        def spec(name: str, title: str, description: str, *more: tuple[str, int]) -> MeasurementSpec:
            axes = (("pass", len(passes)), *more)
            return MeasurementSpec(
                name=name, title=title, unit="1", labels=passes, every=schedule(config), reference=1.0,
                description=f"{description} of each recurrent matrix; of a gated cell that of the candidate.",
                axes=tuple(axis for axis, _ in axes), shape=tuple(size for _, size in axes),
            )  # fmt: skip

        if not passes:
            return ()
        return (
            spec("spectral_radius", "spectral radius ρ(U)", "Largest magnitude of an eigenvalue"),
            spec(
                "eigenvalues", "eigenvalues λ of U", "Eigenvalues, real and imaginary part, by magnitude, "
                "largest first,", ("unit", hidden), ("part", 2),
            ),
            spec("singular_values", "singular values σ of U", "Singular values, largest first,", ("unit", hidden)),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        matrices = [array(matrix) for matrix in moment.network.recurrent(moment.weights.views)]
        found = np.stack([eigenvalues(matrix) for matrix in matrices])
        return {
            "spectral_radius": np.abs(found[:, 0]),
            "eigenvalues": np.stack([found.real, found.imag], -1),
            "singular_values": np.stack([singular_values(matrix) for matrix in matrices]),
        }


def passes_of(config: "RunConfig") -> tuple[str, ...]:
    """The "pass" axis."""
    return tuple(dict.fromkeys(way.label + (", decoder" if way.offset else "") for way in config.network.ways))


def schedule(config: "RunConfig") -> int:
    """How often the matrices are looked at."""
    return looks(config, max(4, EIGENVALUE_LOOKS * 64 // max(64, config.hidden * len(passes_of(config)))))


def eigenvalues(matrix: NDArray[np.float64]) -> NDArray[np.complex128]:
    """λ of a square matrix, largest magnitude first, in float64; NaN where an entry is not finite."""
    if not np.isfinite(matrix).all():
        return np.full(len(matrix), complex("nan+nanj"))
    found = np.linalg.eigvals(matrix).astype(np.complex128)
    ordered: NDArray[np.complex128] = found[np.argsort(-np.abs(found), kind="stable")]
    return ordered


def singular_values(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """σ of a matrix, largest first, in float64; NaN where an entry is not finite."""
    if not np.isfinite(matrix).all():
        return np.full(len(matrix), np.nan)
    return np.linalg.svd(matrix, compute_uv=False).astype(np.float64, copy=False)


def spectral_radius(matrix: "Tensor") -> float:
    """max|λ| of a square matrix, in float64; NaN where an entry is not finite."""
    return float(np.abs(eigenvalues(array(matrix))[0]))

"""Spectral radius of the recurrent matrix."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, looks, registry

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

EIGENVALUE_LOOKS = 25
"""Looks in a run at H = 64. Eigenvalues cost H³, an update H²: a larger matrix is looked at less often."""


@registry.register
class SpectralRadius(Probe):
    """ρ(U) = max|λ|: γ·ρ is about the factor by which a signal changes at each step."""

    title: ClassVar[str] = "spectral radius of U"
    kind: Literal["spectral_radius"] = "spectral_radius"
    needs_step: ClassVar[bool] = False

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        return (
            MeasurementSpec(
                name="spectral_radius",
                title="spectral radius ρ(U)",
                description="Largest magnitude of an eigenvalue of the recurrent matrix.",
                unit="1",
                every=looks(config, max(4, EIGENVALUE_LOOKS * 64 // max(64, config.hidden))),
                reference=1.0,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        return {"spectral_radius": spectral_radius(moment.network.cell.recurrent(moment.weights.views))}


def spectral_radius(matrix: "Tensor") -> float:
    """max|λ| of a square matrix, in float64; NaN where an entry is not finite."""
    numbers = matrix.double().numpy()
    return float(np.abs(np.linalg.eigvals(numbers)).max()) if np.isfinite(numbers).all() else float("nan")

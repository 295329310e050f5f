"""Spectral radius of the recurrent matrix."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, array, looks, registry

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
        network = config.network
        passes = tuple(dict.fromkeys(way.label + (", decoder" if way.offset else "") for way in network.ways))
        if not passes:
            return ()
        return (
            MeasurementSpec(
                name="spectral_radius",
                title="spectral radius ρ(U)",
                description="Largest magnitude of an eigenvalue of each recurrent matrix; of a gated cell that of the "
                "candidate.",
                unit="1",
                axes=("pass",),
                shape=(len(passes),),
                labels=passes,
                every=looks(config, max(4, EIGENVALUE_LOOKS * 64 // max(64, config.hidden * len(passes)))),
                reference=1.0,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        matrices = moment.network.recurrent(moment.weights.views)
        return {"spectral_radius": np.array([spectral_radius(matrix) for matrix in matrices])}


def spectral_radius(matrix: "Tensor") -> float:
    """max|λ| of a square matrix, in float64; NaN where an entry is not finite."""
    numbers = array(matrix)
    return float(np.abs(np.linalg.eigvals(numbers)).max()) if np.isfinite(numbers).all() else float("nan")

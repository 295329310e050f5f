"""Probes: what is measured, one file each. A probe declares names, axes, units and schedule, then measures."""

from typing import TYPE_CHECKING

from playground.core.measurement import MeasurementSpec
from playground.training.probes.base import Moment, Probe, Step, on_axis, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

__all__ = ["Moment", "Probe", "Step", "on_axis", "registry", "specs"]


def specs(config: "RunConfig") -> tuple[MeasurementSpec, ...]:
    """Everything that a run of this config measures."""
    return tuple(spec for probe in registry for spec in probe().specs(config))

"""A measurement has a name, axes and a unit; a run's measurements are tidy numpy columns by name."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, field_validator

from playground.core.errors import UnknownName

AXES: Mapping[str, str] = MappingProxyType(
    {
        "time": "time step t = 1 … T of a sequence; for encoder–decoder the encoder's, then the decoder's",
        "layer": "recurrent layer, from the input upwards; with two passes each direction by itself",
        "pass": "recurrent matrix: one for each layer, direction, encoder and decoder",
        "unit": "hidden unit, or number of its kind: singular values and eigenvalues, largest first",
        "part": "real part, imaginary part",
        "gate": "gate, by its letter in the equations",
        "example": "one of a few held-out sequences",
        "answer": "answer k = 1 … K of a sequence",
        "feature": "component of an input or an answer",
        "tensor": "parameter tensor, by its letter in the equations",
        "bin": "histogram: below the edges, the bins, above the edges, NaN, ±inf",
        "edge": "bin edge of a histogram",
    }
)
"""The axes that a measurement may have, and what each counts. Every measurement has updates besides."""


class MeasurementSpec(BaseModel):
    """What is measured: declared by the probe, used by figures, docs, glossary and exports.

    `shape` is the size of each axis and `labels` names the entries of the first one, where they have names. `every` is
    the schedule: taken at each update that it divides, and after the last. `reference` is what no memory scores, for
    measurements that have it. `handover` is how many steps of the "time" axis an encoder takes before its decoder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    description: str
    unit: str
    axes: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    log: bool = False
    every: int = 1
    reference: float | None = None
    handover: int = 0

    @field_validator("axes")
    @classmethod
    def _known(cls, axes: tuple[str, ...]) -> tuple[str, ...]:
        for axis in axes:
            if axis not in AXES:
                raise UnknownName("axis", axis, AXES)
        return axes


Value = float | NDArray[np.float64]


class Series(NamedTuple):
    """One measurement over a run: `values[i]` was taken at update `updates[i]`; non-finite values are kept as they
    are."""

    spec: MeasurementSpec
    updates: NDArray[np.int64]
    values: NDArray[np.float64]  # len(updates) × spec.shape

    def __len__(self) -> int:
        return len(self.updates)


class Row(NamedTuple):
    """All that was measured at one update, and the clock (seconds since 1970) when it was."""

    update: int
    wall: float
    values: Mapping[str, Value]


class Measurements:
    """The measurements of a run, or of a slice of it, by name."""

    def __init__(self, series: Mapping[str, Series]) -> None:
        self._series = dict(series)

    @classmethod
    def of(cls, specs: Sequence[MeasurementSpec], rows: Sequence[Row]) -> "Measurements":
        """Columns from rows; an update at which a measurement was not due has no entry in its series."""
        series = {}
        for spec in specs:
            taken = [(row.update, row.values[spec.name]) for row in rows if spec.name in row.values]
            updates = np.array([update for update, _ in taken], dtype=np.int64)
            values = np.array([value for _, value in taken], dtype=np.float64)
            series[spec.name] = Series(spec, updates, values.reshape(len(taken), *spec.shape))
        return cls(series)

    def __getitem__(self, name: str) -> Series:
        return self._series[name]

    def __contains__(self, name: str) -> bool:
        return name in self._series

    def names(self) -> tuple[str, ...]:
        return tuple(self._series)

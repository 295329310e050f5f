"""What a quantity is: a name that a lesson writes, and a function that reads it off a run."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import UnknownName
from playground.core.measurement import MeasurementSpec, Series
from playground.figures.over_time import top_first
from playground.lessons.evidence import Evidence
from playground.training.config import RunConfig

Numbers = NDArray[np.float64]
Found = float | Numbers


class Look(NamedTuple):
    """A run up to and with an update, and what the reading says after "of"; `label` None where it says nothing."""

    evidence: Evidence
    until: float
    label: str | None = None

    def has(self, name: str) -> bool:
        return name in self.evidence.measurements

    def series(self, name: str) -> Series:
        """A measurement up to here. Raises ValueError where the run does not take it."""
        if not self.has(name):
            raise ValueError(f"This run does not measure {name.replace('_', ' ')}.")
        spec, updates, values = self.evidence.measurements[name]
        count = int(np.searchsorted(updates, self.until, side="right"))
        return Series(spec, updates[:count], values[:count])

    def newest(self, name: str) -> Numbers:
        """The newest values at or before the update; NaN before there is any."""
        spec, _, values = self.series(name)
        newest: Numbers = values[-1] if len(values) else np.full(spec.shape, np.nan)
        return newest

    def entry(self, name: str) -> Numbers:
        """Of a measurement with names along its first axis, that of the label; without one, of the uppermost layer."""
        spec = self.series(name).spec
        found: Numbers = self.newest(name)[spec.labels.index(self.label or next(iter(top_first(spec.labels))))]
        return found

    def headline(self) -> str:
        """The gradient that a page is about: of the last answer where several steps have a loss, else the total."""
        return "flow_gradient" if self.has("flow_gradient") else "total_gradient"


class Quantity(NamedTuple):
    """`needs` are the measurements it looks at; of alternatives a run has some.

    `of` is what a label names: an axis of its measurements, or "alarm"; "" takes none, and `must` needs one. `over` is
    "curve" for a number at each time step, and "mean" where without a step the mean over all is meant. `fixed` are
    known before the first update. `share` are read in percent.
    """

    name: str
    needs: tuple[str, ...]
    find: Callable[[Look], Found]
    of: Literal["", "tensor", "layer", "pass", "gate", "alarm"] = ""
    must: bool = False
    over: Literal["", "curve", "mean"] = ""
    fixed: bool = False
    share: bool = False

    def measured(self, specs: Mapping[str, MeasurementSpec]) -> MeasurementSpec | None:
        """The first of `needs` that a run with these measurements takes: one with the labels, if there must be some."""
        there = [specs[name] for name in self.needs if name in specs]
        labelled = next((spec for spec in there if self.of in spec.axes[:1]), None)
        return labelled or (there[0] if there and not self.must else None)

    def labels(self, specs: Mapping[str, MeasurementSpec], config: RunConfig) -> tuple[str, ...]:
        """What may stand after "of"."""
        if self.of == "alarm":
            return (*(symptom.name for symptom in config.alarms.symptoms()), "not_finite")
        spec = self.measured(specs)
        return spec.labels if self.of and spec is not None else ()


class Quantities(Mapping[str, Quantity]):
    """By name. A name holds no "of", "in" or "at": those begin what follows it."""

    def __init__(self) -> None:
        self._named: dict[str, Quantity] = {}

    def __getitem__(self, name: str) -> Quantity:
        if name not in self._named:
            raise UnknownName("quantity", name, self._named)
        return self._named[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def add(
        self,
        *names: str,
        needs: tuple[str, ...] = (),
        of: Literal["", "tensor", "layer", "pass", "gate", "alarm"] = "",
        must: bool = False,
        over: Literal["", "curve", "mean"] = "",
        fixed: bool = False,
        share: bool = False,
    ) -> Callable[[Callable[[Look], Found]], Callable[[Look], Found]]:
        """Registers a function under these names; `Quantity` says what the rest means."""

        def added(find: Callable[[Look], Found]) -> Callable[[Look], Found]:
            self._named |= {name: Quantity(name, needs, find, of, must, over, fixed, share) for name in names}
            return find

        return added

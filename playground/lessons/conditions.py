"""A reading of a run, and a condition on readings, once they are parsed: `readings` says how they are written."""

import functools
import math
import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import UnknownName
from playground.core.measurement import MeasurementSpec
from playground.core.words import number as in_words
from playground.core.words import share
from playground.lessons.evidence import Evidence
from playground.lessons.quantity import Found, Look, Quantity
from playground.training import probes
from playground.training.config import RunConfig

SAME = 1e-9
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": lambda a, b: math.isclose(a, b, rel_tol=SAME),
}


class Place(NamedTuple):
    """A time step, counted from 1, or as a lag back from the last one, which is lag 0."""

    number: int
    lag: bool

    def within(self, steps: int) -> int:
        """Raises ValueError where there is no such step."""
        if self.lag and self.number >= steps:
            raise ValueError(f"There is no lag {self.number}. Write one from 0 to {steps - 1}.")
        if not self.lag and self.number > steps:
            raise ValueError(f"There is no step {self.number}. Write one from 1 to {steps}.")
        return steps - 1 - self.number if self.lag else self.number - 1


class Reading(NamedTuple):
    """One number of a run, or a curve over its time steps. `update` None is the end, `state` None the one at hand."""

    text: str
    quantity: Quantity
    label: str | None
    state: str | None
    place: Place | None
    update: int | None

    @property
    def needs(self) -> frozenset[str]:
        """The measurements that it looks at; a run has some of them."""
        return frozenset(self.quantity.needs)

    @property
    def states(self) -> frozenset[str]:
        return frozenset() if self.state is None else frozenset([self.state])

    @property
    def is_curve(self) -> bool:
        """Whether it is a number for each time step, and no number by itself."""
        return self.quantity.over == "curve" and self.place is None

    def due(self, config: RunConfig) -> int:
        """The update that a run must have reached, or have ended before."""
        if self.update is None:
            return 0 if self.quantity.fixed else config.updates
        return min(self.update, config.updates)

    def value(self, evidence: Mapping[str, Evidence], state: str) -> float:
        """Raises ValueError where the run of its state does not have it."""
        found = self._found(evidence, state)
        if not isinstance(found, np.ndarray):
            return found
        if self.place is not None:
            return float(found[self.place.within(len(found))])
        if self.is_curve:
            raise ValueError(f"{self.text!r} is a curve. Say where: at step 1, at lag 29, at the last step.")
        return float(found.mean())

    def curve(self, evidence: Mapping[str, Evidence], state: str) -> NDArray[np.float64]:
        """A number for each time step. Raises ValueError for a reading that is one number."""
        found = self._found(evidence, state)
        if not isinstance(found, np.ndarray) or self.place is not None:
            raise ValueError(f"{self.text!r} is one number, not a curve.")
        return found

    def steps(self, config: RunConfig) -> int:
        """How many numbers its curve has in a run of this config, which can be read off it."""
        spec = self.quantity.measured(_specs(config))
        assert spec is not None, "problem() has said so"
        return spec.shape[-1]

    def problem(self, config: RunConfig) -> str | None:
        """Why this cannot be read off a run of this config, which is that of its state; None if it can."""
        specs = _specs(config)
        name, spec = self.quantity.name, self.quantity.measured(specs)
        if self.quantity.needs and spec is None:
            return f"A run of this state does not measure {name!r}."
        labels = self.quantity.labels(specs, config)
        if self.label is not None and self.label not in labels:
            return str(UnknownName(self.quantity.of, self.label, labels))
        if self.update is not None and self.update > config.updates:
            return f"{self.text!r} is beyond the run, which ends at update {config.updates}."
        try:
            if self.place is not None and spec is not None:
                self.place.within(spec.shape[-1])
        except ValueError as error:
            return str(error)
        return None

    def words(self, value: float) -> str:
        """A value as a reader meets it."""
        return share(value) if self.quantity.share and not 0 < value < 0.005 else in_words(value, 3)

    def _found(self, evidence: Mapping[str, Evidence], state: str) -> Found:
        until = math.inf if self.update is None else self.update
        return self.quantity.find(Look(evidence[self.state or state], until, self.label))


@functools.lru_cache(maxsize=64)
def _specs(config: RunConfig) -> Mapping[str, MeasurementSpec]:
    """What a run measures: a lesson asks of each of its states many times."""
    return {spec.name: spec for spec in probes.specs(config)}


class Operand(NamedTuple):
    """`factor` · `reading`, or the factor alone."""

    factor: float
    reading: Reading | None

    def value(self, evidence: Mapping[str, Evidence], state: str) -> float:
        return self.factor * self.reading.value(evidence, state) if self.reading else self.factor


class Condition(NamedTuple):
    """Operands with an operator between each two: every neighbouring pair must hold."""

    text: str
    operands: tuple[Operand, ...]
    operators: tuple[str, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(operand.reading for operand in self.operands if operand.reading)

    @property
    def needs(self) -> frozenset[str]:
        return frozenset().union(*(reading.needs for reading in self.readings))

    @property
    def states(self) -> frozenset[str]:
        """The states that it names after "in"."""
        return frozenset().union(*(reading.states for reading in self.readings))

    def due(self, config: RunConfig, state: str | None = None) -> int:
        """The update that the run of a state, which has this config, must have reached; None is the one at hand.

        −1 where nothing is read off that run.
        """
        return max((reading.due(config) for reading in self.readings if reading.state == state), default=-1)

    def holds(self, evidence: Mapping[str, Evidence], state: str) -> bool:
        """Raises ValueError where a run does not have what is read."""
        values = [operand.value(evidence, state) for operand in self.operands]
        return all(OPERATORS[op](a, b) for op, a, b in zip(self.operators, values, values[1:], strict=False))

    def problem(self, configs: Mapping[str, RunConfig], state: str) -> str | None:
        """Why this cannot be read off the runs of these states' configs; None if it can."""
        for each in self.readings:
            if each.state is not None and each.state not in configs:
                return str(UnknownName("state", each.state, configs))
            if found := each.problem(configs[each.state or state]):
                return found
        return None

    def measured(self, evidence: Mapping[str, Evidence], state: str) -> str:
        """What was read, in words."""
        values = {each.text: each.words(each.value(evidence, state)) for each in self.readings}
        return "; ".join(f"{text}: {value}" for text, value in values.items())

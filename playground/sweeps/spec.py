"""MapSpec: everything that decides a map. Its cells are RunConfigs and nothing else."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from playground.core.component import Component
from playground.core.document import Document
from playground.core.errors import FieldProblem, InvalidConfig, reason
from playground.diagnosis.thresholds import Thresholds
from playground.sweeps import limits
from playground.sweeps.axis import Axis, Setting
from playground.sweeps.titles import title_of
from playground.training.config import SEEDS, RunConfig
from playground.training.stopping import Stop


class Place(NamedTuple):
    """Where a cell stands: its panel, its row along y from 0, its column along x."""

    panel: int
    row: int
    column: int


def _plain(base: RunConfig) -> RunConfig:
    """What of a config belongs to a single run goes to one value: equal maps are written alike."""
    updates = RunConfig.model_fields["updates"].default
    return base.model_copy(update={"pace": 0, "updates": updates, "stop": Stop(), "alarms": Thresholds()})


class MapSpec(Document):
    """A map: a config, one to three axes, seeds a cell, updates. Cells are numbered (panel · rows + row) · columns +
    column."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    EXAMPLE: ClassVar[str] = '{"x": {"path": "cell.recurrent_init.gain", "values": [0.5, 1, 2]}}'

    format: Literal[1] = 1
    base: Annotated[RunConfig, AfterValidator(_plain)] = RunConfig()
    x: Axis
    y: Axis | None = None
    panels: Axis | None = None
    seeds: Annotated[int, Field(ge=1, le=limits.SEEDS)] = 3
    updates: Annotated[int, Field(ge=1, le=limits.UPDATES)] = 200

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        axes = self.axes
        if len({axis.path for axis in axes}) < len(axes):
            raise ValueError("Two axes are the same field. Choose another one for one of them.")
        if self.base.seed + self.seeds > SEEDS:
            raise ValueError(f"The last seed would be beyond {SEEDS - 1:,}. Start from a smaller one.")
        problem = limits.size_problem(self.shape, self.seeds) or limits.written_problem(self.base, len(self.cells()))
        if problem:
            raise ValueError(problem)
        fitting = [config for config in self._configs if isinstance(config, RunConfig)]
        if not fitting:
            raise ValueError(f"No cell of this map can be trained: {self.impossible()[0]}")
        problem = limits.memory_problem(max(fitting, key=limits.memory))
        if problem:
            raise ValueError(problem)
        problem = limits.work_problem(self.seeds * self.updates * sum(limits.work(config) for config in fitting))
        if problem:
            raise ValueError(problem)
        return self

    def __eq__(self, other: object) -> bool:
        """By its fields: pydantic would go through the configs of all cells too, which follow from them."""
        return self is other or (
            isinstance(other, MapSpec) and all(getattr(self, f) == getattr(other, f) for f in MapSpec.model_fields)
        )

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, field) for field in MapSpec.model_fields))

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Those that there are: x, y, panels."""
        return tuple(axis for axis in (self.x, self.y, self.panels) if axis)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Panels, rows, columns."""
        return (
            len(self.panels.values) if self.panels else 1,
            len(self.y.values) if self.y else 1,
            len(self.x.values),
        )

    def cells(self) -> range:
        return range(math.prod(self.shape))

    def place(self, cell: int) -> Place:
        _, rows, columns = self.shape
        return Place(cell // (rows * columns), cell // columns % rows, cell % columns)

    def number(self, place: Place) -> int:
        _, rows, columns = self.shape
        return (place.panel * rows + place.row) * columns + place.column

    def settings(self, cell: int) -> dict[str, Setting]:
        """The fields that a cell changes, by dotted path."""
        panel, row, column = self.place(cell)
        chosen = ((self.x, column), (self.y, row), (self.panels, panel))
        return {axis.path: axis.values[at] for axis, at in chosen if axis}

    def config(self, cell: int, seed: int = 0) -> RunConfig:
        """The run of one network; `seed` counts from 0. Raises InvalidConfig where its settings do not go together."""
        found = self._configs[cell]
        if isinstance(found, str):
            raise InvalidConfig([FieldProblem("", found)])
        return found.model_copy(update={"seed": self.base.seed + seed}) if seed else found

    def impossible(self) -> dict[int, str]:
        """The cells whose settings do not go together, and why."""
        return {cell: found for cell, found in enumerate(self._configs) if isinstance(found, str)}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> "MapSpec":
        """Checked anew: what is known of the cells belongs to the old fields."""
        del deep
        return MapSpec.model_validate({name: getattr(self, name) for name in MapSpec.model_fields} | dict(update or {}))

    @cached_property
    def _configs(self) -> tuple[RunConfig | str, ...]:
        base = self.base.model_copy(update={"updates": self.updates})
        return tuple(_cell(base, self.settings(cell)) for cell in self.cells())


def _cell(base: RunConfig, settings: Mapping[str, Setting]) -> RunConfig | str:
    try:
        return base.patched(settings)
    except InvalidConfig as error:
        return _lacking(base, settings) or reason(error.problems[0].sentence)


def _lacking(base: RunConfig, settings: Mapping[str, Setting]) -> str:
    """The component that does not have a field which the cell would set; "" where all have."""
    try:
        config = base.patched({path: setting for path, setting in settings.items() if path.endswith(".kind")})
    except InvalidConfig:
        config = base  # one of these kinds is of a component that is not there
    for path in settings:
        *owners, last = path.split(".")
        part: Any = config
        for depth, name in enumerate((*owners, last) if last != "kind" else owners):
            if isinstance(part, Component) and name not in type(part).model_fields:
                return f"The {title_of('.'.join(owners[:depth]))} {part.title!r} has no {title_of(path)}."
            part = getattr(part, name, None)
    return ""

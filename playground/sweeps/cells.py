"""A map's cells: what became of most of the seeds of each, and their numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from playground.sweeps.axis import Axis
from playground.sweeps.measures import MEASURES, median
from playground.sweeps.member import Member
from playground.sweeps.outcome import Facts, Outcome, broken, facts_of, outcome
from playground.sweeps.spec import MapSpec
from playground.tasks import Task
from playground.training.config import RunConfig

Side = Literal["x", "y", "panels"]
"""The names of a map's axes."""
SIDES: tuple[Side, ...] = ("x", "y", "panels")


class Cell(NamedTuple):
    """`outcome` is that of most seeds, of two equals the worse one; `share` of the seeds measured have it, and `counts`
    is all of them. `when` is the median update at which those solved the task, or blew up. `updates` are done by the
    seed that is furthest behind; `values` are medians, by the name of a measure.
    """

    number: int
    outcome: Outcome
    share: float
    when: float | None
    measured: int
    seeds: int
    updates: int
    over: bool
    counts: Mapping[Outcome, int]
    values: Mapping[str, float]


def cells(spec: MapSpec, members: Iterable[Member]) -> dict[int, Cell]:
    """Of the cells of which something is known."""
    by_cell: dict[int, list[Member]] = {}
    for member in members:
        by_cell.setdefault(member.cell, []).append(member)
    known = facts(spec)
    found = {number: _cell(spec, number, known[number], mine) for number, mine in sorted(by_cell.items())}
    return {number: cell for number, cell in found.items() if cell is not None}


def _cell(spec: MapSpec, number: int, known: Facts | None, members: list[Member]) -> Cell | None:
    if known is None:
        return None
    each = [(found, member) for member in members if (found := outcome(member, known)) is not None]
    if not each:
        return None
    counts = Counter(found for found, _ in each)
    most = max(counts, key=lambda found: (counts[found], found.bad))
    when = [_when(member, most) for found, member in each if found is most]
    mine = [member for _, member in each]
    return Cell(
        number,
        most,
        counts[most] / len(each),
        None if None in when else median([float(update) for update in when if update is not None]),
        len(each),
        spec.seeds,
        min(member.updates for member in members),
        len(members) == spec.seeds and all(member.over for member in members),
        counts,
        {name: median([m.value(member) for member in mine]) for name, m in MEASURES.items() if m.value},
    )


def _when(member: Member, found: Outcome) -> int | None:
    return broken(member) if found is Outcome.BLOWS_UP else member.solved if found is Outcome.LEARNS else None


def axes(spec: MapSpec) -> dict[Side, Axis]:
    """Those that there are."""
    named = zip(SIDES, (spec.x, spec.y, spec.panels), strict=True)
    return {side: axis for side, axis in named if axis is not None}


def index(spec: MapSpec, number: int, side: Side) -> int:
    """Which of an axis' values a cell has."""
    place = spec.place(number)
    return {"x": place.column, "y": place.row, "panels": place.panel}[side]


@lru_cache(maxsize=32)
def facts(spec: MapSpec) -> tuple[Facts | None, ...]:
    """What scores are held against, by a cell's number; None where the settings do not go together."""
    known: dict[Task, Facts] = {}
    impossible = spec.impossible()
    return tuple(None if number in impossible else _facts(spec.config(number), known) for number in spec.cells())


def _facts(config: RunConfig, known: dict[Task, Facts]) -> Facts:
    """What guessing scores is worked out once a task: of some it takes all their answers."""
    if config.task not in known:
        known[config.task] = facts_of(config)
    return known[config.task]

"""A map along one of its axes: the share of each outcome for every value, and how far back the signal reaches."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from playground.sweeps.axis import Setting
from playground.sweeps.cells import Cell, Side, axes, facts, index
from playground.sweeps.measures import median
from playground.sweeps.member import Member
from playground.sweeps.outcome import Outcome
from playground.sweeps.spec import MapSpec


class Marginal(NamedTuple):
    """Of the cells with one value of an axis: how many are measured, and the share of each outcome among them."""

    value: Setting
    title: str
    cells: int
    shares: Mapping[Outcome, float]  # of all five; NaN where no cell is measured


class Horizon(NamedTuple):
    """Of the networks with one value of an axis: how many steps back the signal reaches at update 0, of T.

    The median, the smallest and the largest; NaN where there is none. `length` is the longest T among them.
    """

    value: Setting
    title: str
    median: float
    low: float
    high: float
    length: int


def marginal(spec: MapSpec, cells: Mapping[int, Cell], side: Side) -> tuple[Marginal, ...]:
    """For every value of an axis, in its order."""
    axis = axes(spec)[side]
    found: list[list[Outcome]] = [[] for _ in axis.values]
    for number, cell in cells.items():
        found[index(spec, number, side)].append(cell.outcome)
    return tuple(
        Marginal(
            value,
            axis.value_title(value),
            len(mine),
            {each: mine.count(each) / len(mine) if mine else float("nan") for each in Outcome},
        )
        for value, mine in zip(axis.values, found, strict=True)
    )


def horizon(spec: MapSpec, members: Iterable[Member], side: Side) -> tuple[Horizon, ...]:
    """For every value of an axis, in its order."""
    axis, known = axes(spec)[side], facts(spec)
    found: list[list[float]] = [[] for _ in axis.values]
    lengths = [0] * len(axis.values)
    for member in members:
        place, mine = index(spec, member.cell, side), known[member.cell]
        if mine is not None and member.horizon == member.horizon:
            found[place].append(member.horizon)
            lengths[place] = max(lengths[place], mine.length)
    nothing = float("nan")
    return tuple(
        Horizon(
            value,
            axis.value_title(value),
            median(steps) if steps else nothing,
            min(steps, default=nothing),
            max(steps, default=nothing),
            length,
        )
        for value, steps, length in zip(axis.values, found, lengths, strict=True)
    )

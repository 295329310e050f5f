"""A map along each of its axes, as it is drawn: shares of outcomes, and the memory horizon."""

from collections.abc import Iterable, Mapping

from playground.figures.trainability_horizon import HorizonData
from playground.figures.trainability_marginals import MarginalData
from playground.sweeps.cells import Cell, axes
from playground.sweeps.marginals import horizon, marginal
from playground.sweeps.member import Member
from playground.sweeps.outcome import Outcome
from playground.sweeps.picture import side
from playground.sweeps.spec import MapSpec


def shares(spec: MapSpec, cells: Mapping[int, Cell]) -> tuple[MarginalData, ...]:
    """One for each axis: x, y, panels."""
    found = []
    for name, axis in axes(spec).items():
        values = marginal(spec, cells, name)
        found.append(MarginalData(side(axis), tuple(v.cells for v in values), tuple(_words(v.shares) for v in values)))
    return tuple(found)


def _words(shares: Mapping[Outcome, float]) -> dict[str, float]:
    return {outcome.value: part for outcome, part in shares.items()}


def horizons(spec: MapSpec, members: Iterable[Member]) -> tuple[HorizonData, ...]:
    """One for each axis along which the horizon, or T, is not the same everywhere."""
    measured, found = list(members), []
    for name, axis in axes(spec).items():
        values = horizon(spec, measured, name)
        known = [v for v in values if v.median == v.median]
        if len({v.median for v in known}) > 1 or len({v.length for v in known}) > 1:
            columns = zip(*((v.median, v.low, v.high, v.length or None) for v in values), strict=True)
            found.append(HorizonData(side(axis), *columns))
    return tuple(found)

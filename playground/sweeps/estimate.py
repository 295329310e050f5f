"""How long a map takes: before it starts, from what one update of a single run costs on this machine; while it fills,
from how much of the work is done."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from statistics import median_low
from typing import NamedTuple

from playground.sweeps import limits
from playground.sweeps.blocks import members_a_block
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig


class Costs(NamedTuple):
    """Milliseconds of an update: of itself, of each step of each pass, of 10⁶ numbers kept, of 10⁶ multiply-adds."""

    update: float
    step: float
    kept: float
    work: float


ALONE = Costs(2.4, 0.009, 3.7, 0.012)
"""Of a single run with all its measurements, on one thread. Fitted to vanilla RNNs and LSTMs with H = 8 … 64,
T = 10 … 100 and N = 32 … 128, to within 25 %."""

TOGETHER = Costs(3.6, 0.028, 1.4, 0.020)
"""Of a block, where all its members share the first two. A member takes 0.1 of a single run's time with H = 8 and
T = 10, 0.2 with H = 32 and T = 30, 0.5 with H = 64 and T = 100. What counts is the ratio: the machine cancels."""


def seconds(spec: MapSpec, seconds_per_update: float, workers: int) -> float:
    """Of the whole map, with `seconds_per_update` of a single run of the cell `typical`."""
    alone = _milliseconds(ALONE, spec.config(typical(spec)), 1)
    updates = spec.seeds * spec.updates * sum(_costs(spec).values()) / alone
    return updates * seconds_per_update / max(1, workers)


def typical(spec: MapSpec) -> int:
    """The cell whose update costs more than those of half of the others."""
    costs = _costs(spec)
    middle = median_low(costs.values())
    return next(cell for cell, cost in costs.items() if cost == middle)


def done(spec: MapSpec, members: Iterable[Member], failed: Collection[int] = ()) -> float:
    """The share of the work that is done, 0 … 1: long sequences count more than short ones. A network that is over
    counts whole, and so does a cell that failed."""
    costs = _costs(spec)
    total = spec.seeds * sum(costs.values())
    lost = spec.seeds * sum(costs[cell] for cell in costs.keys() & set(failed))
    there = sum(
        costs[member.cell] * (1.0 if member.over else member.updates / spec.updates)
        for member in members
        if member.cell not in failed
    )
    return min(1.0, (lost + there) / total)


@lru_cache(maxsize=8)
def _costs(spec: MapSpec) -> dict[int, float]:
    """Milliseconds of one network's update, of each cell that can be trained."""
    impossible = spec.impossible()
    configs = {cell: spec.config(cell) for cell in spec.cells() if cell not in impossible}
    return {cell: _milliseconds(TOGETHER, config, _together(config)) for cell, config in configs.items()}


def _together(config: RunConfig) -> int:
    """Members that share a program: other precisions than float32 are trained one by one."""
    return members_a_block(config) if config.precision == "float32" else 1


def _milliseconds(costs: Costs, config: RunConfig, members: int) -> float:
    passes = config.layers * (2 if config.direction == "two_passes" else 1)
    shared = costs.update + costs.step * limits.steps_of(config) * passes
    return shared / members + costs.kept * limits.kept(config) / 1e6 + costs.work * limits.work(config) / 1e6

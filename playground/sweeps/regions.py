"""Where on a map's axes the good cells lie: the values of one axis, then of a second one, that tell them from the rest.

Every cell is a place (one index an axis) and good or not. A *region* is some values of one axis: of numbers those from
one to another, of kinds any. A *rule* says that the good cells are those of a region, or within it those of a second
one, or outside it those of a third: it costs what it gets wrong, and `PRICE` for each region.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
"""A row a cell, a column an axis."""
Good = NDArray[np.bool_]

PRICE = 0.03
"""Of all cells: a region has to put right more than these …"""
LEAST = 0.9
"""… and at least one."""
HALVES = 0.5
"""Of the cells that the more frequent kind alone would get wrong, a rule may leave this share."""


class Region(NamedTuple):
    axis: int
    values: frozenset[int]

    def holds(self, places: Places) -> Good:
        column = places[:, self.axis]
        among = np.zeros(max(column.max(initial=0), *self.values) + 1, np.bool_)
        among[list(self.values)] = True
        found: Good = among[column]
        return found


class Rule(NamedTuple):
    region: Region
    inner: Region | None = None
    outer: Region | None = None

    def holds(self, places: Places) -> Good:
        inside, nothing = self.region.holds(places), np.zeros(len(places), np.bool_)
        here = self.inner.holds(places) if self.inner else ~nothing
        there = self.outer.holds(places) if self.outer else nothing
        return np.where(inside, here, there)

    @property
    def regions(self) -> int:
        return 1 + (self.inner is not None) + (self.outer is not None)


def explained(places: Places, good: Good) -> list[float]:
    """For each axis, the share of the variance of good and not that lies between its values.

    R² = Σ_v n_v (p_v − p)² / (n p (1 − p)), less what as many values would explain by chance:
    1 − (1 − R²)(n − 1)/(n − k), 0 at the least.
    """
    n, p = len(good), good.mean() if len(good) else 0.0
    if not 0 < p < 1:
        return [0.0] * places.shape[1]
    found = []
    for column in places.T:
        count, right = np.bincount(column), np.bincount(column, good)
        there = count > 0
        k = int(there.sum())
        between = float((count[there] * (right[there] / count[there] - p) ** 2).sum() / (n * p * (1 - p)))
        found.append(max(0.0, 1 - (1 - between) * (n - 1) / (n - k)) if n > k else 0.0)
    return found


def best(places: Places, good: Good, orders: Sequence[Sequence[int] | None]) -> Rule | None:
    """The cheapest rule; None where none tells more than how many there are. `orders` holds for each axis of numbers
    its indices from the smallest to the largest value, None for one of kinds."""
    price = max(PRICE, LEAST / max(1, len(good)))

    def cost(rule: Rule) -> float:
        return wrong(places, good, rule) + price * rule.regions

    weight = explained(places, good)
    axes = sorted(range(places.shape[1]), key=lambda axis: -weight[axis])  # of equals the one that decides more
    rules = (rule for axis in axes for rule in _rules(places, good, orders, axis))
    cheapest = min(rules, key=cost, default=None)
    alike = wrong(places, good, None)
    helps = cheapest and cost(cheapest) < alike and wrong(places, good, cheapest) <= HALVES * alike
    return cheapest if helps else None


def wrong(places: Places, good: Good, rule: Rule | None) -> float:
    """The share of the cells that a rule gets wrong; without one, those of the rarer kind."""
    if rule is None:
        return float(min(good.mean(), 1 - good.mean()))
    return float((rule.holds(places) != good).mean())


def _rules(places: Places, good: Good, orders: Sequence[Sequence[int] | None], axis: int) -> Iterator[Rule]:
    for region in regions(places, good, axis, orders[axis]):
        inside = region.holds(places)
        inner, outer = (
            [
                second
                for other in range(places.shape[1])
                if other != axis
                for second in regions(places[side], good[side], other, orders[other])
            ]
            for side in (inside, ~inside)
        )
        for here in (None, *inner):
            for there in (None, *outer):
                yield Rule(region, here, there)


def regions(places: Places, good: Good, axis: int, order: Sequence[int] | None) -> list[Region]:
    """What can be worth saying of one axis: where all are good, where any is, and what tells the two apart best."""
    count = np.bincount(places[:, axis])
    right = np.bincount(places[:, axis], good)
    present = set(count.nonzero()[0].tolist())
    there = sorted(present) if order is None else [value for value in order if value in present]
    total, goods = len(good), int(good.sum())
    if len(there) < 2 or not 0 < goods < total:
        return []
    if order is None:
        there.sort(key=lambda v: -right[v] / count[v])
    starts, stops = _runs(len(there), order is None)
    size, mine = (np.concatenate([[0], each[there].cumsum()]) for each in (count, right))
    size, mine = size[stops] - size[starts], mine[stops] - mine[starts]
    excess = mine - size * goods / total
    apart = np.where(excess > 0, excess**2 / (size * (total - size)), -1.0)
    whole = np.where(mine == size, size, 0)
    covering = np.where(mine == goods, total - size, 0)
    chosen = {int(apart.argmax()), *(int(each.argmax()) for each in (whole, covering) if each.any())}
    return [Region(axis, frozenset(there[starts[run] : stops[run]])) for run in sorted(chosen)]


@lru_cache
def _runs(count: int, from_first: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where every run of values but the whole begins and ends; of kinds, best first, those from the first one on."""
    starts, stops = np.triu_indices(count)
    kept = (stops - starts < count - 1) & ((starts == 0) | (not from_first))
    return starts[kept], stops[kept] + 1

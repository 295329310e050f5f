"""Where the range of the good values of one axis moves with another one: a staircase, which no box describes."""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from playground.sweeps.regions import PRICE, Good, Places, regions

MOST_KINDS = 4
"""Of kinds every one is named; of numbers the first and the last."""


STRAY = 0.05
"""Of all cells, those that may lie on the wrong side of a staircase of which only the ends are said."""
SLACK = 1
"""Places by which an end of the range may go back on its way: where outcomes change, seeds differ."""


class Rows(NamedTuple):
    """A range along `axis` for each value of `by`; `said` are the rows to be told, whose cells it parts exactly.

    `trend` as the numbers of `by` grow: "narrows" where each range lies in the one before, "widens" where it is the
    other way round.
    """

    axis: int
    by: int
    said: tuple[int, ...]
    trend: str | None


def moving(places: Places, good: Good, orders: Sequence[Sequence[int] | None], dearest: float) -> Rows | None:
    """The pair of axes whose rows get least wrong; None where that is not below `dearest`, a share of the cells."""
    found = [
        pair
        for axis, order in enumerate(orders)
        for by in range(len(orders))
        if order is not None and by != axis and (pair := _pair(places, good, orders, axis, by))
    ]
    wrong, rows = min(found, key=lambda pair: pair[0], default=(1.0, None))
    return rows if wrong < dearest else None


def _pair(
    places: Places, good: Good, orders: Sequence[Sequence[int] | None], axis: int, by: int
) -> tuple[float, Rows] | None:
    order, along = orders[by], places[:, by]
    there = [value for value in (sorted(set(along.tolist())) if order is None else order) if (along == value).any()]
    if len(there) < 2 + (order is not None) or (order is None and len(there) > MOST_KINDS):
        return None
    kept = [_kept(places[along == value], good[along == value], axis, orders[axis]) for value in there]
    exact = {value for value, (_, wrong) in zip(there, kept, strict=True) if not wrong}
    ranges = [values for values, _ in kept]
    said = there if order is None else _ends(there, ranges, exact)
    if not exact.issuperset(said) or all(values == ranges[0] for values in ranges):
        return None
    if order is None and sum(map(bool, ranges)) < 2:  # one region says it all
        return None
    wrong = sum(wrong for _, wrong in kept) / len(good)
    if order is not None and (wrong > STRAY or not _moves(ranges, orders[axis])):
        return None
    trend = None
    alike = len({frozenset(places[along == value, axis].tolist()) for value in there}) == 1
    if order is not None and alike and len(exact) == len(there):
        pairs = list(pairwise(ranges))
        trend = "narrows" if all(b <= a for a, b in pairs) else "widens" if all(a <= b for a, b in pairs) else None
    # A range of its own for every row fits noise, too, but not with a trend.
    noise = 0.0 if trend else len(there) / (2 * len(good))
    price = PRICE * (len(there) - 3) if order is None else noise
    return wrong + price, Rows(axis, by, tuple(said), trend)


def _ends(there: Sequence[int], ranges: Sequence[frozenset[int]], exact: Set[int]) -> list[int]:
    """The first row and the last, and before an empty one at an end the one that is the last of the others."""
    found = [value for value, values in zip(there, ranges, strict=True) if values and value in exact]
    return [value for value in there if value in {there[0], there[-1], *found[:1], *found[-1:]}]


def _moves(ranges: Sequence[frozenset[int]], order: Sequence[int] | None) -> bool:
    """Whether each end of the range goes one way from row to row, and is empty, if at all, at one end of the rows."""
    assert order is not None
    filled = [i for i, values in enumerate(ranges) if values]
    if len(filled) < 2 or filled != list(range(filled[0], filled[-1] + 1)):
        return False
    if filled[0] > 0 and filled[-1] < len(ranges) - 1:
        return False
    rank = {value: place for place, value in enumerate(order)}
    ends = np.array([[f([rank[value] for value in ranges[i]]) for i in filled] for f in (min, max)])
    steps = ends[:, None, :] - ends[:, :, None]  # from each row to each later one
    later = np.triu(np.ones((len(filled), len(filled)), np.bool_))
    return all((side[later] >= -SLACK).all() or (side[later] <= SLACK).all() for side in steps)


def _kept(places: Places, good: Good, axis: int, order: Sequence[int] | None) -> tuple[frozenset[int], int]:
    """The values of an axis that one row's cells are good for, and how many cells that gets wrong."""
    if good.all() or not good.any():
        return frozenset(places[good, axis].tolist()), 0
    found = [
        (int((region.holds(places) != good).sum()), region.values) for region in regions(places, good, axis, order)
    ]
    found += [(int((~good).sum()), frozenset(places[:, axis].tolist())), (int(good.sum()), frozenset())]
    wrong, values = min(found, key=lambda each: each[0])
    return values, wrong

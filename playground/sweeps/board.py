"""A map's cells as a table, and what can be counted of them: how many of some do what, and what to call the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from playground.sweeps.axis import Axis
from playground.sweeps.cells import Cell, axes, index
from playground.sweeps.outcome import Outcome
from playground.sweeps.phrases import listed, phrase
from playground.sweeps.regions import Good, Region
from playground.sweeps.spec import MapSpec

MOSTLY = 0.75
"""Share of some cells that do the same, from which on the sentence says "mostly"."""


class Board:
    """`places` and `outcomes` have a row for each cell; `good` are those whose outcome is `target`."""

    def __init__(self, spec: MapSpec, cells: Mapping[int, Cell]) -> None:
        self.spec, self.cells = spec, list(cells.values())
        self.axes: list[Axis] = list(axes(spec).values())
        panel, row, column = np.unravel_index([cell.number for cell in self.cells], spec.shape)
        indices = {"x": column, "y": row, "panels": panel}
        self.places = np.stack([indices[side] for side in axes(spec)], axis=1)
        self.outcomes = np.array([cell.outcome.bad for cell in self.cells])
        self.target = Outcome.LEARNS

    @cached_property
    def orders(self) -> list[Sequence[int] | None]:
        return [sorted(range(len(a.values)), key=a.values.__getitem__) if a.numeric else None for a in self.axes]

    @property
    def good(self) -> Good:
        found: Good = self.outcomes == self.target.bad
        return found

    def where(self, cell: int) -> str:
        """A cell's settings in words."""
        sides = axes(self.spec)
        return ", ".join(f"{a.title} {a.value_title(a.values[index(self.spec, cell, s)])}" for s, a in sides.items())

    def phrase(self, region: Region, among: Good | None = None) -> str:
        """A region in words, of the values that these cells have."""
        column = self.places[:, region.axis]
        present = set((column if among is None else column[among]).tolist())
        return phrase(self.axes[region.axis], region.values, present)

    def count(self, where: Good) -> str:
        """How many of these cells are good, where it is not all."""
        mine = self.good[where]
        return "" if mine.all() else f" (in {mine.sum():,} of {len(mine):,} cells)"

    def mostly(self, where: Good) -> str:
        """What all these cells do, or most."""
        found, many = Counter(self.outcomes[where].tolist()).most_common(1)[0]
        word = list(Outcome)[found]
        if word is self.target or many < MOSTLY * where.sum():
            return ""
        if many == where.sum():
            return word
        return "is mostly learning" if word is Outcome.LEARNING else f"mostly {word}"

    def counted(self, where: Good) -> str:
        """How many of these cells do what."""
        found = sorted(Counter(self.outcomes[where].tolist()).items(), key=lambda pair: -pair[1])
        names = {bad: word.plural if many > 1 else str(word) for bad, many in found if (word := list(Outcome)[bad])}
        (first, most), *others = found
        cells = "cells" if most > 1 else "cell"
        return listed([f"{most:,} {cells} {names[first]}", *(f"{many:,} {names[bad]}" for bad, many in others)])

    def sides(self, region: Region, single: bool) -> list[tuple[str, Good, int]]:
        """The cells below and above a region of numbers, and what to call them."""
        order = self.orders[region.axis]
        if order is None:
            return []
        rank = np.argsort(order)[self.places[:, region.axis]]
        mine = rank[region.holds(self.places)]
        title = self.axes[region.axis].title
        below, above = ("below that", "above that") if single else (f"at a lower {title}", f"at a higher {title}")
        found = ((below, rank < mine.min()), (above, rank > mine.max()))
        return [(name, mask, int(mask.sum())) for name, mask in found if mask.any()]

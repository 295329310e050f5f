"""A run's history from what is stored of it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import BrokenRun
from playground.core.measurement import Row
from playground.figures.gallery import FIGURES
from playground.runs.folder import RunFolder
from playground.runs.table import in_order, numbers, to_rows, to_series
from playground.ui.live.chosen import Figures
from playground.ui.live.content import empty_history
from playground.ui.live.history import History


class Stored(NamedTuple):
    """The history up to an update; which part follows what was read; and the clock of each update read."""

    history: History
    next_part: int
    updates: NDArray[np.int64]
    walls: NDArray[np.float64]


def stored(folder: RunFolder, until: int | None = None, figures: Figures = FIGURES) -> Stored:
    """Everything that is stored for these figures, or everything up to this update. Raises BrokenRun."""
    history = empty_history(folder.specs(), figures)
    table = folder.parts.whole(["part", "update", "wall", *history.names])
    if until is not None:
        table = table.slice(0, int(np.searchsorted(numbers(table["update"]), until, side="right")))
    updates, walls = numbers(table["update"]), numbers(table["wall"])
    if not len(table):
        return Stored(history, 1, updates, walls)
    history.open(int(updates[-1]), lambda spec: to_series(spec, table))
    return Stored(history, int(numbers(table["part"]).max()) + 1, updates, walls)


class News(NamedTuple):
    """Rows that have come, in order, and the part that comes next."""

    rows: list[Row]
    next_part: int


def news(folder: RunFolder, part: int) -> News:
    """What is there from this part on, as far as it can be read: rows of several parts cost little more than of one."""
    tables = []
    while True:
        try:
            table = folder.parts.read(part)
        except BrokenRun:
            break
        if table is None:
            break
        tables.append(table)
        part += 1
    return News(to_rows(folder.specs(), in_order(tables)) if tables else [], part)

"""What a figure is, and what of it changes while a run goes on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.figures.drawn import Drawn
from playground.figures.style import Axis

LINE_ROWS = 512
HEAT_ROWS = 256
MARK_ROWS = 32  # marks are for the eye to find; each is a node of the page, unlike a heat map's cell
MARKS_ACROSS = 15

D = TypeVar("D")


class LiveTrace(NamedTuple):
    """The arrays of one trace, by plotly attribute; `along` names the one that holds updates.

    Without `along` a new frame replaces the arrays, with it a new frame appends to them, thinned to `grid(…)`. `every`
    is the schedule of what is drawn, `rows` the most updates that its pixels can show.
    """

    arrays: Mapping[str, NDArray[Any]]
    along: str | None = None
    every: int = 1
    rows: int = LINE_ROWS


class Live(NamedTuple):
    """What a frame changes: traces by name, and by axis the limits its data need (log10 on a log axis)."""

    traces: Mapping[str, LiveTrace]
    extents: Mapping[str, tuple[float, float]]


class Choice(NamedTuple):
    """One of several things that a figure can show: which traces, and which range of its y axis, None for any."""

    traces: tuple[str, ...]
    yrange: tuple[float, float] | None


def no_choices(_data: object) -> Mapping[str, Choice]:
    return {}


class Figure(NamedTuple, Generic[D]):
    """One picture: how it is called and read, where it stands, and its functions.

    `needs` are the measurements it looks at: the first is the one without which there is nothing to see, and of the
    others a run has some. `side` is the column: everything over time steps stands left, everything over updates right.
    `updates_axis` is the axis that counts updates, None where there is none; `falling` where the newest update stands
    on top. `words` gives one text, or one for each of `choices`. `optional` is a figure that is not there at all where
    there is nothing to see; another one says why in words. `shown` is one that is on the page at first; the others
    stand behind "more". `shares_axis` is False where the x axis is not the column's own, time steps or updates: such a
    picture is not zoomed with its column, and no mark of a time step stands in it.

    `twin` names the traces of another run that are drawn over this one's, on the same axes; a figure without it has
    the other run's own picture below, half as high, with the same axes and colours.
    """

    name: str
    title: str
    rule: str
    side: Literal["time", "updates"]
    height: int
    needs: tuple[str, ...]
    prepare: Callable[[Measurements], D]
    draw: Callable[[D], Drawn]
    live: Callable[[D], Live]
    words: Callable[[D], str | Mapping[str, str]]
    updates_axis: Axis | None = None
    falling: bool = False
    choices: Callable[[D], Mapping[str, Choice]] = no_choices
    optional: bool = False
    twin: Callable[[D], Sequence[str]] | None = None
    shown: bool = True
    shares_axis: bool = True


def grid(newest: int, every: int, rows: int) -> int:
    """The spacing, `every` · 2^j, at which a run of `newest` updates has at most `rows` rows.

    Powers of two, so that what a coarser grid keeps was kept by every finer one.
    """
    spacing = max(1, every)
    while newest > spacing * rows:
        spacing *= 2
    return spacing


def kept(updates: NDArray[np.int64], spacing: int) -> NDArray[np.bool_]:
    """Which of these updates are shown: those on the grid, and the newest."""
    newest = updates.max(initial=-1)
    shown: NDArray[np.bool_] = (updates % spacing == 0) | (updates == newest)
    return shown

"""One quantity of several runs, over each other: each run's own curve, or how it differs from the first run's.

A difference is a quotient where the quantity lives on a log axis, and a difference where it is a share. It is taken
where both were measured, so that runs with other schedules are compared update by update.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import compare_style, loss, over_time, style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.figure import LINE_ROWS, grid, kept

Numbers = NDArray[np.float64]
SPAN = 1.5
"""Decades that an axis shows at least: less, and noise would look like a difference."""
MARKERS_UP_TO = 60
ABSENT = "nothing to compare yet"


class Compared(NamedTuple):
    """A run: its short name, the whole one, and its place among the others, which decides how it is drawn."""

    name: str
    title: str
    place: int
    measurements: Measurements


class Picked(NamedTuple):
    """What a picture shows of one run: `y` over updates or time steps `x`.

    `unit` is what y counts: runs with another one cannot stand on the same axis. `lost` are the places where it is not
    finite, `zero` those where it is exactly 0, `said` is the run in words. `reference` is what guessing scores.
    """

    x: Numbers
    y: Numbers
    unit: str
    said: str
    lost: Numbers
    zero: Numbers
    share: bool = False
    reference: float | None = None


class Comparison(NamedTuple):
    """One picture: how it is called and read, and what it picks of a run, None where a run has nothing of it.

    `differs` is the reading rule of the difference.
    """

    name: str
    title: str
    rule: str
    differs: str
    over: Literal["steps", "updates"]
    needs: tuple[str, ...]
    pick: Callable[[Measurements], Picked | None]


class ComparedData(NamedTuple):
    """What is drawn: by run its curve, None where it has none here. `to_first` says that they are differences."""

    picture: Comparison
    runs: tuple[Compared, ...]
    lines: tuple[Picked | None, ...]
    to_first: bool

    @property
    def first(self) -> Picked | None:
        return next((line for line in self.lines if line is not None), None)


def prepare(picture: Comparison, runs: Sequence[Compared], to_first: bool = False) -> ComparedData:
    """Runs whose quantity is another one than the first run's are left out; `words` says which."""
    found = [picture.pick(run.measurements) for run in runs]
    name, first = next(((run.name, line) for run, line in zip(runs, found, strict=True) if line), ("", None))
    lines = [line if line and first and line.unit == first.unit else None for line in found]
    if to_first and first:
        lines = [line and _against(line, first, name, picture.over) for line in lines]
    return ComparedData(picture, tuple(runs), tuple(lines), to_first)


def _against(line: Picked, first: Picked, name: str, over: str) -> Picked:
    """Where both were measured; where the quotient is no number there is a gap, and marks for what is not finite."""
    x, mine, others = np.intersect1d(line.x, first.x, return_indices=True)
    with np.errstate(all="ignore"):
        y = line.y[mine] - first.y[others] if line.share else line.y[mine] / first.y[others]
    place = 0 if over == "steps" else -1
    end = float(y[place]) if len(y) else math.nan
    what = "step" if over == "steps" else "update"
    said = f"{_ahead(end, line.share)} at {what} {int(x[place]):,}" if len(y) else ABSENT
    unit = f"more than {name}" if line.share else f"times {name}'s"
    return line._replace(x=x, y=y, unit=unit, said=said, reference=None)


def _ahead(value: float, is_share: bool) -> str:
    if not math.isfinite(value):
        return number(value)
    return f"{100 * value:+.0f} percentage points".replace("-", "−") if is_share else f"×{number(value)}"


def draw(data: ComparedData) -> Drawn:
    steps = data.picture.over == "steps"
    lines = [line for line in data.lines if line is not None]
    traces = [
        _trace(run, line, "step" if steps else "update")
        for run, line in zip(data.runs, data.lines, strict=True)
        if line is not None
    ]
    marks = [style.mark("zero", "y2", cliponaxis=False), style.mark("not finite", "y2", cliponaxis=False)]
    places = _all([line.zero for line in lines]), _all([line.lost for line in lines])
    for mark, at, height in zip(marks, places, (0.05, 0.93), strict=True):
        mark |= {"x": at, "y": np.full(len(at), height)}
    figure = Drawn([*traces, *marks], style.base_layout(right=16, lowest=True))
    end = int(max((line.x[-1] for line in lines if len(line.x)), default=0))
    axis = over_time.time_axis(end) if steps else style.updates_axis(end, end)
    figure.update_layout(
        xaxis={**axis, "title": {"text": "time step t" if steps else "update"}},
        yaxis={**_yaxis(data, lines), "title": {"text": data.first.unit if data.first else ""}},
        yaxis2=style.marks_axis(),
        shapes=_guessing(data, lines),
    )
    return figure


def _trace(run: Compared, line: Picked, what: str) -> Trace:
    shown = _thinned(line.x)
    placed = np.isfinite(line.y) if line.share else np.isfinite(line.y) & (line.y > 0)
    value = "%{y:.2~f}" if line.share else "%{y:.3~g}"
    return scatter(
        name=run.name,
        meta=run.title,
        x=line.x[shown].astype(np.int32),
        y=_short(np.where(placed, line.y, np.nan)[shown]),
        mode="lines+markers" if len(line.x) <= MARKERS_UP_TO else "lines",
        hovertemplate=f"{what} %{{x}}: {value}<extra>%{{meta}}</extra>",
        **compare_style.LOOKS[run.place],
    )


def _short(values: Numbers) -> NDArray[Any]:
    """Half of the bytes, and more digits than pixels, where that leaves no value too large or too small to be one."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    limits = np.finfo(np.float32)
    fits = not len(sizes) or (sizes.min() > limits.tiny and sizes.max() < limits.max)
    return values.astype(np.float32) if fits else values


def _all(places: Sequence[Numbers]) -> Numbers:
    found = np.unique(np.concatenate([np.empty(0), *places]))
    return found[_thinned(found)]


def _thinned(x: Numbers) -> NDArray[np.bool_]:
    """No more than pixels can show; the newest among them."""
    updates = x.astype(np.int64)
    return kept(updates, grid(int(updates.max(initial=0)), 1, LINE_ROWS) if len(updates) > LINE_ROWS else 1)


def _yaxis(data: ComparedData, lines: Sequence[Picked]) -> dict[str, Any]:
    first = data.first
    if first is not None and first.share:
        finite = np.concatenate([line.y[np.isfinite(line.y)] for line in lines])
        reach = max(0.1, float(np.abs(finite).max(initial=0.0)) * 1.1)
        limits = [-reach, reach] if data.to_first else [-0.02, 1.02]
        return {"range": limits, "tickformat": ".0%", "nticks": 5}
    references = [line.reference for line in lines if line.reference]
    values = np.concatenate([np.empty(0), *(line.y for line in lines), np.array(references, dtype=np.float64)])
    return style.log_axis(style.decades(values, SPAN, 0.5) or (-1.0, 1.0), 4)


def _guessing(data: ComparedData, lines: Sequence[Picked]) -> list[dict[str, object]]:
    """What guessing scores, where that is the same for all; of differences the line where there is none."""
    if data.to_first:
        at = 0.0 if data.first is not None and data.first.share else 1.0
        line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": at, "y1": at}
        return [{**line, "line": {"color": style.GHOST, "width": 1, "dash": "4px,4px"}}] if lines else []
    references = {line.reference for line in lines}
    shape = loss.guessing(references.pop(), "y", style.GHOST) if len(references) == 1 else None
    return [shape] if shape else []


def words(data: ComparedData) -> str:
    """Each run in a few words; those that have nothing here are named as such."""
    first = data.first
    if first is None:
        return over_time.NOTHING_YET
    said = [f"{run.name}: {line.said}" for run, line in zip(data.runs, data.lines, strict=True) if line is not None]
    missing = [run.name for run, line in zip(data.runs, data.lines, strict=True) if line is None]
    text = "; ".join(said[1:] if data.to_first and len(said) > 1 else said)
    return f"{text}. Not here: {', '.join(missing)}." if missing else f"{text}."


def picked(
    x: Numbers, y: Numbers, unit: str, said: str, *, is_share: bool = False, reference: float | None = None
) -> Picked:
    """With the places that no axis can show."""
    zero = np.empty(0) if is_share else x[y == 0]
    return Picked(x, y, unit, said, x[~np.isfinite(y)], zero, is_share, reference)

"""The gradient norm at every time step over training: a waterfall, newest on top."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.reach import entry, out_of_reach
from playground.figures import over_time, style
from playground.figures.drawn import Drawn
from playground.figures.figure import HEAT_ROWS, MARK_ROWS, MARKS_ACROSS, Choice, Figure, Live, LiveTrace, grid
from playground.figures.over_time import named, time_axis

STRONG = 3.0  # decades from the reference at which the text says "hardly any" or "far too much"
TRACES = ("ratio", "unplaced", "exactly 0", "not finite")


class Row(NamedTuple):
    """One layer and direction: `decades[i, t]` = log10(norm / reference) at update i; −∞ where the norm is exactly 0,
    NaN where it is not finite, +∞ where no signal is to be expected.

    The reference is the norm at the step where the signal enters, *at update 0*: relative to its own update, a run-away
    would look blue.
    """

    decades: NDArray[np.float64]
    reference: float


class GradientHistoryData(NamedTuple):
    length: int
    updates: NDArray[np.int64]
    rows: Mapping[str, Row]
    every: int
    otherwise: str
    handover: int = 0


def prepare(measurements: Measurements) -> GradientHistoryData:
    found = over_time.headline(measurements)
    if found is None:
        return GradientHistoryData(0, np.empty(0, np.int64), {}, 1, over_time.nothing(measurements))
    spec, updates, norms = found.series
    start = over_time.at_start(found.series)
    direct = over_time.at_start(measurements["direct_gradient"]) if "direct_gradient" in measurements else None
    rows = {}
    for row, place in found.rows.items():
        reference = 1.0
        if start is not None:
            reference = _reference(row, start[place], np.empty(0) if direct is None else direct[place])
        mine = norms[:, place]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(np.isfinite(mine), np.log10(mine / reference), np.nan)
        logs[out_of_reach(row, found.rows, mine)] = np.inf
        logs[:, over_time.own_steps(row, found.series) :] = np.inf
        rows[row] = Row(logs, reference)
    return GradientHistoryData(spec.shape[-1], updates, rows, spec.every, over_time.NOTHING_YET, spec.handover)


def _reference(row: str, start: NDArray[np.float64], direct: NDArray[np.float64]) -> float:
    at = entry(row, start, direct)
    return float(start[at]) if at is not None and np.isfinite(start[at]) else 1.0


def draw(data: GradientHistoryData) -> Drawn:
    steps = np.arange(1, data.length + 1)
    live = live_of(data)
    traces = [
        over_time.of_row(trace, row, data.rows, live.traces)
        for row in data.rows
        for trace in style.cells("update %{y}, step %{x}", x=steps)
    ]
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    newest = int(data.updates[-1]) if len(data.updates) else 0
    figure.update_layout(
        xaxis={**time_axis(data.length), "title": {"text": "time step t"}},
        yaxis={
            "title": {"text": "update"},
            **style.updates_axis(newest, newest, grid(newest, data.every, HEAT_ROWS)),
        },
        shapes=over_time.divider(data.handover),
        **style.cell_axes(),
    )
    return figure


def choices(data: GradientHistoryData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.rows, TRACES)


def live_of(data: GradientHistoryData) -> Live:
    along = data.updates.astype(np.float64)
    traces: dict[str, LiveTrace] = {}
    for row, (decades, _) in data.rows.items():
        zero, unplaced = np.isneginf(decades), np.isnan(decades)
        special = np.where(unplaced, 1.0, np.where(zero, 0.0, np.nan))
        ratios = np.where(np.isfinite(decades), decades, np.nan)
        found = {
            "ratio": LiveTrace({"z": ratios.astype(np.float32), "y": along}, "y", data.every, HEAT_ROWS),
            "unplaced": LiveTrace({"z": special.astype(np.float32), "y": along}, "y", data.every, HEAT_ROWS),
            "exactly 0": _marked(zero, along, data.every),
            "not finite": _marked(unplaced, along, data.every),
        }
        traces |= {named(row, name, data.rows): trace for name, trace in found.items()}
    return Live(traces, {})


def _marked(where: NDArray[np.bool_], along: NDArray[np.float64], every: int) -> LiveTrace:
    across = max(1, -(-where.shape[1] // MARKS_ACROSS))
    updates, columns = np.nonzero(where[:, across // 2 :: across])
    x = columns * across + across // 2 + 1.0
    return LiveTrace({"x": x, "y": along[updates]}, "y", every, MARK_ROWS)


def words(data: GradientHistoryData) -> str | Mapping[str, str]:
    return {row: sentence(row_data.decades) for row, row_data in data.rows.items()} or data.otherwise


def sentence(decades: NDArray[np.float64]) -> str:
    """What the newest update holds."""
    if not len(decades):
        return over_time.NOTHING_YET
    newest = decades[-1][~np.isposinf(decades[-1])]
    parts = [
        f"{count} {what}"
        for count, what in (
            (int(np.count_nonzero(np.isnan(newest))), "not finite"),
            (int(np.count_nonzero(np.isneginf(newest))), "exactly 0"),
            (int(np.count_nonzero((newest < -STRONG) & np.isfinite(newest))), "below 10⁻³"),
            (int(np.count_nonzero(newest > STRONG)), "above 10³"),
        )
        if count
    ]
    found = ", ".join(parts) if parts else "all within 10⁻³ … 10³"
    return f"Of {len(newest)} steps: {found}."


FIGURE = Figure(
    name="gradient_history",
    title="… over training",
    rule="Each row is one update, the newest on top. Blue: no signal reaches that step. Orange: too much.",
    side="time",
    height=260,
    needs=("total_gradient", "direct_gradient", "flow_gradient"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="yaxis",
    falling=True,
    choices=choices,
)

"""The gradient norm at every time step over training: a waterfall, newest on top."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.figures import style
from playground.figures.figure import HEAT_ROWS, MARK_ROWS, MARKS_ACROSS, Figure, Live, LiveTrace, grid
from playground.figures.gradient_now import time_axis

STRONG = 3.0  # decades from the reference at which the text says "hardly any" or "far too much"


class GradientHistoryData(NamedTuple):
    """`decades[i, t]` = log10(norm / reference) at `updates[i]`; −∞ where the norm is exactly 0, NaN where not finite.

    The reference is the norm at the last step *at update 0*: relative to its own update, a run-away would look blue.
    """

    length: int
    updates: NDArray[np.int64]
    decades: NDArray[np.float64]
    reference: float
    every: int


def prepare(measurements: Measurements) -> GradientHistoryData:
    if "total_gradient" not in measurements:
        return GradientHistoryData(0, np.empty(0, np.int64), np.empty((0, 0)), 1.0, 1)
    spec, updates, norms = measurements["total_gradient"]
    reference = float(norms[0, -1]) if len(updates) and updates[0] == 0 else 1.0
    if not (np.isfinite(reference) and reference > 0):
        reference = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(np.isfinite(norms), np.log10(norms / reference), np.nan)
    return GradientHistoryData(spec.shape[0], updates, logs, reference, spec.every)


def draw(data: GradientHistoryData) -> go.Figure:
    steps = np.arange(1, data.length + 1)
    figure = go.Figure(
        [
            go.Heatmap(
                name="ratio",
                x=steps,
                coloraxis="coloraxis",
                hoverongaps=False,
                hovertemplate="update %{y}, step %{x}<br>10^%{z:.1f} of the reference<extra></extra>",
            ),
            go.Heatmap(name="unplaced", x=steps, coloraxis="coloraxis3", hoverinfo="skip"),
            style.mark("zero", showlegend=False),
            style.mark("not finite", showlegend=False),
        ],
        style.base_layout(right=64, lowest=True),
    )
    # White and thin, on the cells' own dark or magenta ground: a row may be only four pixels high.
    figure.update_traces(
        {"marker": {"color": "#ffffff", "line": {"color": "#ffffff", "width": 1}, "size": 5}}, {"type": "scatter"}
    )
    for name, trace in live_of(data).traces.items():
        figure.update_traces({key: values for key, values in trace.arrays.items()}, {"name": name})
    newest = int(data.updates[-1]) if len(data.updates) else 0
    figure.update_layout(
        xaxis={**time_axis(data.length), "title": {"text": "time step t"}},
        yaxis={
            "title": {"text": "update"},
            **style.updates_axis(newest, newest, grid(newest, data.every, HEAT_ROWS)),
        },
        coloraxis={
            "cmin": -style.DECADES,
            "cmax": style.DECADES,
            "colorbar": {
                "thickness": 8,
                "outlinewidth": 0,
                "x": 1.02,
                "xpad": 0,
                "len": 1.06,
                "tickvals": [-8, -4, 0, 4, 8],
                "ticktext": ["10⁻⁸", "10⁻⁴", "1", "10⁴", "10⁸"],
            },
        },
        coloraxis3={"cmin": 0, "cmax": 1, "showscale": False},
    )
    return figure


def live_of(data: GradientHistoryData) -> Live:
    zero, unplaced = np.isneginf(data.decades), np.isnan(data.decades)
    along = data.updates.astype(np.float64)
    special = np.where(unplaced, 1.0, np.where(zero, 0.0, np.nan))

    def marked(where: NDArray[np.bool_]) -> LiveTrace:
        across = max(1, -(-data.length // MARKS_ACROSS))
        rows, columns = np.nonzero(where[:, across // 2 :: across])
        x = columns * across + across // 2 + 1.0
        return LiveTrace({"x": x, "y": along[rows]}, "y", data.every, MARK_ROWS)

    ratios = np.where(zero | unplaced, np.nan, data.decades).astype(np.float32)
    traces = {
        "ratio": LiveTrace({"z": ratios, "y": along}, "y", data.every, HEAT_ROWS),
        "unplaced": LiveTrace({"z": special.astype(np.float32), "y": along}, "y", data.every, HEAT_ROWS),
        "exactly 0": marked(zero),
        "not finite": marked(unplaced),
    }
    return Live(traces, {})


def words(data: GradientHistoryData) -> str:
    if not len(data.updates):
        return "Nothing measured yet."
    newest = data.decades[-1]
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
    return f"Of {data.length} steps: {found}."


FIGURE = Figure(
    name="gradient_history",
    title="… over training",
    rule="Each row is one update, the newest on top. Blue: no signal reaches that step. Orange: too much.",
    side="time",
    height=260,
    needs=("total_gradient",),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="yaxis",
    falling=True,
)

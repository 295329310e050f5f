"""The gradient norm at every time step, now and at the start."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.core.measurement import Measurements, Series
from playground.core.words import number
from playground.figures import style
from playground.figures.figure import Figure, Live, LiveTrace

MARKERS_UP_TO = 60  # time steps; beyond, dots run into each other
SPAN = 4.0  # decades that the axis shows at least, so that a flat line looks flat


class GradientNowData(NamedTuple):
    """Norms by time step, mean over samples, of length T; empty where nothing was measured yet.

    `newest` is what the marks and the words are about. `total` and `direct` are drawn: the last picture in which
    anything is finite, so that a run which breaks does not wipe out what led there.
    """

    length: int
    newest: NDArray[np.float64]
    total: NDArray[np.float64]
    direct: NDArray[np.float64]
    start: NDArray[np.float64]


def prepare(measurements: Measurements) -> GradientNowData:
    nothing = np.empty(0)
    if "total_gradient" not in measurements:
        return GradientNowData(0, nothing, nothing, nothing, nothing)
    series = measurements["total_gradient"]
    length = series.spec.shape[0]
    if not len(series):
        return GradientNowData(length, nothing, nothing, nothing, nothing)
    start = series.values[0] if series.updates[0] == 0 else nothing
    direct = last_finite(measurements["direct_gradient"]) if "direct_gradient" in measurements else nothing
    return GradientNowData(length, series.values[-1], last_finite(series), direct, start)


def last_finite(series: Series) -> NDArray[np.float64]:
    """The last row in which anything is finite; empty where none is."""
    rows = np.flatnonzero(np.isfinite(series.values).any(axis=1))
    return series.values[rows[-1]] if len(rows) else np.empty(0)


def draw(data: GradientNowData) -> go.Figure:
    mode = "lines+markers" if data.length <= MARKERS_UP_TO else "lines"
    figure = go.Figure(
        [
            go.Scatter(name="start", mode="lines", line={"color": style.GHOST, "width": 2, "dash": "dot"}),
            go.Scatter(
                name="direct",
                mode=mode,
                line={"color": style.GHOST, "width": 1},
                marker={"size": 4, "color": style.GHOST},
            ),
            go.Scatter(
                name="now", mode=mode, line={"color": style.RUN, "width": 2.5}, marker={"size": 5, "color": style.RUN}
            ),
            style.mark("zero", "y2", cliponaxis=False),
            style.mark("not finite", "y2", cliponaxis=False),
        ],
        style.base_layout(right=64),
    )
    live = live_of(data)
    for trace in figure.data:
        if trace.mode != "markers":
            trace.hovertemplate = "step %{x}: %{y:.2~e}"
        if trace.name in live.traces:
            trace.update({name: values for name, values in live.traces[trace.name].arrays.items()})
    figure.update_layout(
        xaxis=time_axis(data.length),
        yaxis=style.log_axis(live.extents.get("yaxis", (-SPAN, 0.0)), 5),
        yaxis2=style.marks_axis(),
    )
    return figure


def time_axis(length: int) -> dict[str, object]:
    """Time steps 1 … T, each with half a step around it: the same for a line and for the cells of a heat map."""
    return {
        "range": [0.5, max(length, 1) + 0.5],
        "tickmode": "auto",
        "nticks": 8,
        "tickformat": "d",
        "showticklabels": length > 0,
        "minallowed": 0.5,
        "maxallowed": max(length, 1) + 0.5,
    }


def live_of(data: GradientNowData) -> Live:
    def line(norms: NDArray[np.float64]) -> LiveTrace:
        placed = np.where(np.isfinite(norms) & (norms > 0), norms, np.nan)
        return LiveTrace({"x": np.arange(1, len(norms) + 1, dtype=np.float64), "y": placed})

    def marked(where: NDArray[np.bool_], height: float) -> LiveTrace:
        steps = np.flatnonzero(where) + 1.0
        return LiveTrace({"x": steps, "y": np.full(len(steps), height)})

    traces = {
        "start": line(data.start),
        "direct": line(data.direct),
        "now": line(data.total),
        "exactly 0": marked(data.newest == 0, 0.04),
        "not finite": marked(~np.isfinite(data.newest), 0.94),
    }
    extent = style.decades(np.concatenate([data.total, data.start, data.direct]), SPAN)
    return Live(traces, {"yaxis": extent} if extent else {})


def words(data: GradientNowData) -> str:
    newest = data.newest
    if not len(newest):
        return "Nothing measured yet."
    bad = int(np.count_nonzero(~np.isfinite(newest)))
    if bad:
        return f"Not finite at {bad} of {data.length} steps."
    if data.length == 1:
        return f"One step: {number(newest[0])}."
    if newest[-1] == 0:
        return f"Exactly 0 at step {data.length}: there is no signal at all."
    zeros = int(np.count_nonzero(newest == 0))
    if zeros:
        return f"Exactly 0 at {zeros} of {data.length} steps."
    ratio = newest[0] / newest[-1]
    compared = "of what" if ratio < 1 else "times what"
    return f"Step 1 receives {number(ratio)} {compared} step {data.length} receives."


FIGURE = Figure(
    name="gradient_now",
    title="Gradient at every time step",
    rule="How much the loss would change if the state at step t moved. Falling to the left: forgetting.",
    side="time",
    height=240,
    needs=("total_gradient", "direct_gradient"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
)

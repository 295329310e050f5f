"""Histograms of every parameter tensor over training."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.reach import BACKWARDS
from playground.core.words import number
from playground.figures import style
from playground.figures.figure import HEAT_ROWS, MARK_ROWS, Choice, Figure, Live, LiveTrace

FIRST = "U"  # the recurrent matrix is what this program is about; of several, that of the uppermost layer
PALEST = -4.0  # log10 of the share of a tensor's numbers that is drawn palest; one in 10,000


class Histogram(NamedTuple):
    """One tensor over updates: `counts[i]` by bin; beside them what no bin holds."""

    counts: NDArray[np.float64]
    edges: NDArray[np.float64]
    below: NDArray[np.float64]
    above: NDArray[np.float64]
    nan: NDArray[np.float64]
    infinite: NDArray[np.float64]


class WeightsData(NamedTuple):
    updates: NDArray[np.int64]
    tensors: Mapping[str, Histogram]
    every: int


def prepare(measurements: Measurements) -> WeightsData:
    nothing = WeightsData(np.empty(0, np.int64), {}, 1)
    if "weight_histogram" not in measurements or "weight_edges" not in measurements:
        return nothing
    spec, updates, counts = measurements["weight_histogram"]
    edges = measurements["weight_edges"]
    if not len(edges) or not np.isfinite(edges.values).all():
        return nothing
    counts = np.nan_to_num(counts)
    tensors = {
        label: Histogram(c[:, 1:-3], edges.values[0, i], c[:, 0], c[:, -3], c[:, -2], c[:, -1])
        for i, label in enumerate(spec.labels)
        for c in (counts[:, i],)
    }
    recurrent = [label for label in tensors if FIRST in label and not label.endswith(BACKWARDS)]
    ordered = dict(sorted(tensors.items(), key=lambda item: item[0] != (recurrent or [""])[-1]))
    return WeightsData(updates, ordered, spec.every)


def draw(data: WeightsData) -> go.Figure:
    traces = []
    live = live_of(data)
    for i, (label, histogram) in enumerate(data.tensors.items()):
        middles = (histogram.edges[1:] + histogram.edges[:-1]) / 2
        heat = go.Heatmap(
            name=label,
            y=middles,
            transpose=True,
            coloraxis="coloraxis2",
            hoverongaps=False,
            hovertemplate="update %{x}, near %{y:.3~g}<br>10^%{z:.1f} of the numbers<extra></extra>",
        )
        marks = [style.mark("not finite", "y2", showlegend=False).update(name=f"{label} not finite")]
        for name, symbol in ((f"{label} below", "triangle-down"), (f"{label} above", "triangle-up")):
            mark = style.mark("zero", "y2", showlegend=False)
            mark.update(name=name, marker={"symbol": symbol, "color": style.GHOST, "line": {"width": 0}})
            marks.append(mark)
        for trace in (heat, *marks):
            trace.update({key: values for key, values in live.traces[trace.name].arrays.items()})
            traces.append(trace.update(visible=i == 0))
    figure = go.Figure(traces, style.base_layout(right=48))
    newest = int(data.updates[-1]) if len(data.updates) else 0
    first = next(iter(data.tensors.values()), None)
    figure.update_layout(
        xaxis=style.updates_axis(newest, newest),
        yaxis={"range": reach(first) if first else (-1.0, 1.0), "nticks": 5, "title": {"text": "value"}},
        yaxis2=style.marks_axis(),
        coloraxis2={"cmin": PALEST, "cmax": 0, "showscale": False},
    )
    return figure


def choices(data: WeightsData) -> Mapping[str, Choice]:
    return {
        label: Choice(
            (label, f"{label} below", f"{label} above", f"{label} not finite"),
            reach(tensor),
        )
        for label, tensor in data.tensors.items()
    }


def reach(tensor: Histogram) -> tuple[float, float]:
    return float(tensor.edges[0]), float(tensor.edges[-1])


def live_of(data: WeightsData) -> Live:
    along = data.updates.astype(np.float64)
    traces = {}

    def marked(counts: NDArray[np.float64], height: float) -> LiveTrace:
        x = along[counts > 0]
        return LiveTrace({"x": x, "y": np.full(len(x), height)}, "x", data.every, MARK_ROWS)

    for label, tensor in data.tensors.items():
        everything = tensor.counts.sum(1) + tensor.below + tensor.above + tensor.nan + tensor.infinite
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.log10(tensor.counts / everything[:, None])
        shares[~np.isfinite(shares)] = np.nan  # an empty bin is the ground, not the palest colour
        traces[label] = LiveTrace({"z": shares.astype(np.float32), "x": along}, "x", data.every, HEAT_ROWS)
        traces[f"{label} below"] = marked(tensor.below, 0.05)
        traces[f"{label} above"] = marked(tensor.above, 0.95)
        traces[f"{label} not finite"] = marked(tensor.nan + tensor.infinite, 0.5)
    return Live(traces, {})


def words(data: WeightsData) -> Mapping[str, str]:
    if not len(data.updates):
        return {"": "Nothing measured yet."}
    return {label: sentence(tensor) for label, tensor in data.tensors.items()}


def sentence(tensor: Histogram) -> str:
    """What the newest histogram holds, out of range and not finite told apart."""
    counts = tensor.counts[-1]
    inside = int(counts.sum())
    found = [
        f"{int(count):,} {what}"
        for count, what in (
            (tensor.nan[-1], "NaN"),
            (tensor.infinite[-1], "infinite"),
            (tensor.below[-1], "below"),
            (tensor.above[-1], "above"),
        )
        if count
    ]
    where = ""
    if inside:
        filled = np.flatnonzero(counts)
        low, high = tensor.edges[filled[0]], tensor.edges[filled[-1] + 1]
        where = f" between {number(float(low))} and {number(float(high))}"
    return f"{inside:,} numbers{where}" + (", " + ", ".join(found) if found else "") + "."


FIGURE = Figure(
    name="weights",
    title="Weights",
    rule="Where the numbers of a matrix lie. Drifting apart: growth.",
    side="updates",
    height=174,
    needs=("weight_histogram", "weight_edges"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="xaxis",
    choices=choices,
)

"""What pictures of histograms over updates share: a heat map each, and marks for what lies in no bin."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Series
from playground.figures import style
from playground.figures.drawn import Drawn, heatmap, merged
from playground.figures.figure import HEAT_ROWS, MARK_ROWS, Choice, Live, LiveTrace

PALEST = -4.0  # log10 of the share of all numbers that is drawn palest; one in 10,000


class Histogram(NamedTuple):
    """Of one thing over updates: `counts[i]` by bin; beside them what no bin holds."""

    counts: NDArray[np.float64]
    edges: NDArray[np.float64]
    below: NDArray[np.float64]
    above: NDArray[np.float64]
    nan: NDArray[np.float64]
    infinite: NDArray[np.float64]


class HistogramData(NamedTuple):
    updates: NDArray[np.int64]
    parts: Mapping[str, Histogram]
    every: int


EMPTY = HistogramData(np.empty(0, np.int64), {}, 1)


def of(series: Series, edges: NDArray[np.float64], order: Iterable[str]) -> HistogramData:
    """From counts (update, part, [below, bins …, above, NaN, ±inf]) and the edges of each part, in this order."""
    spec, updates, counts = series
    counts = np.nan_to_num(counts)
    places = {label: spec.labels.index(label) for label in order}
    parts = {
        label: Histogram(c[:, 1:-3], edges[i], c[:, 0], c[:, -3], c[:, -2], c[:, -1])
        for label, i in places.items()
        for c in (counts[:, i],)
    }
    return HistogramData(updates, parts, spec.every)


def draw(data: HistogramData, title: str = "value", lowest: bool = False) -> Drawn:
    traces = []
    live = live_of(data)
    for i, (label, histogram) in enumerate(data.parts.items()):
        middles = (histogram.edges[1:] + histogram.edges[:-1]) / 2
        heat = heatmap(
            name=label,
            y=middles,
            transpose=True,
            coloraxis="coloraxis2",
            hoverongaps=False,
            hovertemplate="update %{x}, near %{y:.3~g}<br>10^%{z:.1f} of the numbers<extra></extra>",
        )
        marks = [style.mark("not finite", "y2", showlegend=False) | {"name": f"{label} not finite"}]
        for name, symbol in ((f"{label} below", "triangle-down"), (f"{label} above", "triangle-up")):
            marker = {"symbol": symbol, "color": style.GHOST, "line": {"width": 0}}
            marks.append(merged(style.mark("zero", "y2", showlegend=False), {"name": name, "marker": marker}))
        for trace in (heat, *marks):
            traces.append(merged(trace, {**live.traces[trace["name"]].arrays, "visible": i == 0}))
    figure = Drawn(traces, style.base_layout(right=48, lowest=lowest))
    newest = int(data.updates[-1]) if len(data.updates) else 0
    first = next(iter(data.parts.values()), None)
    figure.update_layout(
        xaxis={**style.updates_axis(newest, newest), **({"title": {"text": "update"}} if lowest else {})},
        yaxis={"range": reach(first) if first else (-1.0, 1.0), "nticks": 5, "title": {"text": title}},
        yaxis2=style.marks_axis(),
        coloraxis2={"cmin": PALEST, "cmax": 0, "showscale": False},
    )
    return figure


def choices(data: HistogramData) -> Mapping[str, Choice]:
    return {
        label: Choice(
            (label, f"{label} below", f"{label} above", f"{label} not finite"),
            reach(part),
        )
        for label, part in data.parts.items()
    }


def reach(part: Histogram) -> tuple[float, float]:
    return float(part.edges[0]), float(part.edges[-1])


def live_of(data: HistogramData) -> Live:
    along = data.updates.astype(np.float64)
    traces = {}

    def marked(counts: NDArray[np.float64], height: float) -> LiveTrace:
        x = along[counts > 0]
        return LiveTrace({"x": x, "y": np.full(len(x), height)}, "x", data.every, MARK_ROWS)

    for label, part in data.parts.items():
        everything = part.counts.sum(1) + part.below + part.above + part.nan + part.infinite
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.log10(part.counts / everything[:, None])
        shares[~np.isfinite(shares)] = np.nan  # an empty bin is the ground, not the palest colour
        traces[label] = LiveTrace({"z": shares.astype(np.float32), "x": along}, "x", data.every, HEAT_ROWS)
        traces[f"{label} below"] = marked(part.below, 0.05)
        traces[f"{label} above"] = marked(part.above, 0.95)
        traces[f"{label} not finite"] = marked(part.nan + part.infinite, 0.5)
    return Live(traces, {})

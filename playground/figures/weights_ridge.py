"""The same histograms of weights as ridges: each one twice as far into the run as the one before it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.figures import style, weights
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.histogram import Histogram, HistogramData, reach

HIGH = 1.4  # of a ridge's place: its highest bin reaches into the next one
DOUBLINGS = 9  # more than a run has looks
FILLS = {"earlier": "rgba(139, 147, 161, 0.22)", "now": "rgba(13, 148, 136, 0.28)"}

Numbers = NDArray[np.float64]


def draw(data: HistogramData) -> Drawn:
    live = live_of(data)
    traces = []
    for i, label in enumerate(data.parts):
        for what, colour in (("earlier", style.GHOST), ("now", style.RUN)):
            trace = scatter(
                name=f"{label}: {what}",
                meta=what,
                mode="lines",
                line={"color": colour, "width": 1.5},
                fill="toself",
                fillcolor=FILLS[what],
                hoverinfo="skip",
                visible=i == 0,
            )
            traces.append({**trace, **live.traces[trace["name"]].arrays})
    figure = Drawn(traces, style.base_layout(right=48, lowest=True))
    updates = [0, *(data.every * 2**j for j in range(DOUBLINGS))]
    first = next(iter(data.parts.values()), None)
    figure.update_layout(
        xaxis={
            "range": live.extents["xaxis"],
            "tickvals": list(range(len(updates))),
            "ticktext": [f"{update:,}" for update in updates],
            "title": {"text": "update"},
        },
        yaxis={"range": reach(first) if first else (-1.0, 1.0), "nticks": 5, "title": {"text": "value"}},
    )
    return figure


def choices(data: HistogramData) -> Mapping[str, Choice]:
    return {
        label: Choice((f"{label}: earlier", f"{label}: now"), reach(tensor)) for label, tensor in data.parts.items()
    }


def live_of(data: HistogramData) -> Live:
    places = place(data.updates, data.every)
    earlier = np.flatnonzero(~np.isnan(places))
    newest = data.updates[-1] if len(data.updates) else 0
    now = place_of(newest, data.every)
    traces: dict[str, LiveTrace] = {}
    for label, tensor in data.parts.items():
        ridges = [ridge(tensor, int(i), places[i]) for i in earlier]
        x, y = (np.concatenate([np.empty(0), *(each[axis] for each in ridges)]) for axis in (0, 1))
        points = len(x) // max(1, len(ridges))
        along = np.repeat(data.updates[earlier].astype(np.float64), points)
        arrays: dict[str, NDArray[Any]] = {"x": x.astype(np.float32), "y": y.astype(np.float32), "customdata": along}
        traces[f"{label}: earlier"] = LiveTrace(arrays, "customdata", data.every)
        x, y = ridge(tensor, len(data.updates) - 1, now) if len(data.updates) else NO_RIDGE
        traces[f"{label}: now"] = LiveTrace({"x": x.astype(np.float32), "y": y.astype(np.float32)})
    return Live(traces, {"xaxis": (-0.3, float(np.ceil(now)) + HIGH + 0.2)})


NO_RIDGE = (np.empty(0), np.empty(0))


def place_of(update: int, every: int) -> float:
    """0 for update 0, 1 for the first look after it, and one more for each doubling."""
    return 0.0 if update < every or not every else 1.0 + float(np.log2(update / every))


def place(updates: NDArray[np.int64], every: int) -> Numbers:
    """Where a ridge of each update stands; NaN where it is none of those that are drawn, 0, 1, 2, 4, … looks."""
    found = np.array([place_of(int(update), every) for update in updates])
    found[found != np.floor(found)] = np.nan
    return found


def ridge(tensor: Histogram, i: int, at: float) -> tuple[Numbers, Numbers]:
    """x and y of one closed outline, with the gap that parts it from the next; as high as its own fullest bin."""
    counts = tensor.counts[i]
    highest = counts.max(initial=0.0)
    heights = counts / highest if highest else counts
    middles = (tensor.edges[1:] + tensor.edges[:-1]) / 2
    x = at + HIGH * np.concatenate([[0.0], heights, [0.0, np.nan]])
    y = np.concatenate([tensor.edges[:1], middles, tensor.edges[-1:], [np.nan]])
    return x, y


FIGURE = Figure(
    name="weights_ridge",
    title="Weights, ridge by ridge",
    rule="Each ridge is twice as far into training as the one before it.",
    side="updates",
    height=200,
    needs=("weight_histogram", "weight_edges"),
    prepare=weights.prepare,
    draw=draw,
    live=live_of,
    words=weights.words,
    choices=choices,
    shown=False,
    shares_axis=False,
)

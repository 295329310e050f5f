"""Histograms of every parameter tensor over training."""

from collections.abc import Mapping

import numpy as np

from playground.core.measurement import Measurements
from playground.core.reach import BACKWARDS
from playground.core.words import number
from playground.figures import histogram, over_time
from playground.figures.figure import Figure
from playground.figures.histogram import EMPTY, Histogram, HistogramData

FIRST = "U"  # the recurrent matrix is what this program is about; of several, that of the uppermost layer


def prepare(measurements: Measurements) -> HistogramData:
    if "weight_histogram" not in measurements or "weight_edges" not in measurements:
        return EMPTY
    series, edges = measurements["weight_histogram"], measurements["weight_edges"]
    if not len(edges) or not np.isfinite(edges.values).all():
        return EMPTY
    labels = series.spec.labels
    recurrent = [label for label in labels if FIRST in label and not label.endswith(BACKWARDS)]
    return histogram.of(series, edges.values[0], sorted(labels, key=lambda label: label != (recurrent or [""])[-1]))


def words(data: HistogramData) -> Mapping[str, str]:
    if not len(data.updates):
        return {"": over_time.NOTHING_YET}
    return {label: sentence(tensor) for label, tensor in data.parts.items()}


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
    draw=histogram.draw,
    live=histogram.live_of,
    words=words,
    updates_axis="xaxis",
    choices=histogram.choices,
)

"""Histograms of the hidden states over training."""

from collections.abc import Mapping

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import share
from playground.figures import histogram, over_time
from playground.figures.figure import Figure
from playground.figures.histogram import EMPTY, Histogram, HistogramData

REACH = 1.5  # the outer edges, as the probe counts: a test holds both together
FAR = 0.9  # ±, where a unit that ends at ±1 hardly moves any more; an edge of the bins
NO_STATES = "This network has no hidden states."


def prepare(measurements: Measurements) -> HistogramData:
    if "state_histogram" not in measurements:
        return EMPTY
    series = measurements["state_histogram"]
    bins = series.spec.shape[-1] - len(("below", "above", "NaN", "±inf"))
    edges = np.tile(np.linspace(-REACH, REACH, bins + 1), (len(series.spec.labels), 1))
    return histogram.of(series, edges, over_time.top_first(series.spec.labels))


def words(data: HistogramData) -> str | Mapping[str, str]:
    if not data.parts:
        return NO_STATES
    if not len(data.updates):
        return dict.fromkeys(data.parts, over_time.NOTHING_YET)
    return {row: sentence(states) for row, states in data.parts.items()}


def sentence(states: Histogram) -> str:
    """How many of the newest states lie far out, and how many are not finite."""
    middles = (states.edges[1:] + states.edges[:-1]) / 2
    counts = states.counts[-1]
    outside = states.below[-1] + states.above[-1]
    broken = states.nan[-1] + states.infinite[-1]
    everything = counts.sum() + outside + broken
    if not everything:
        return over_time.NOTHING_YET
    far = counts[np.abs(middles) > FAR].sum() + outside
    text = f"{share(float(far / everything))} of {int(everything):,} states beyond ±{FAR}"
    if outside:
        text += f", {share(float(outside / everything))} beyond ±{REACH}"
    return text + (f"; {int(broken):,} not finite." if broken else ".")


FIGURE = Figure(
    name="activity",
    title="States",
    rule="Where the states h lie. Heaped at ±1: saturated. A line at 0: silent.",
    side="updates",
    height=192,
    needs=("state_histogram",),
    prepare=prepare,
    draw=lambda data: histogram.draw(data, "state h", lowest=True),
    live=histogram.live_of,
    words=words,
    updates_axis="xaxis",
    choices=histogram.choices,
    optional=True,
    shown=False,
)

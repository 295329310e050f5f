"""How many units are saturated or dead, and how steep their activation is where they stand, over training."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number, share
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.loss import Curve, curve_of, line, newest_of, unplaced
from playground.figures.over_time import named

NO_SLOPES = "Of this network no slopes are measured."
TITLES = {"saturated": "saturated", "dead": "dead", "slope": "mean slope"}
LINES = {
    "saturated": {"color": style.RUN, "width": 2.5},
    "dead": {"width": 1.5},  # ink, which the ground decides
    "slope": {"color": style.GHOST, "width": 2, "dash": "dot"},
}
ROOM = 0.03  # of the axis, over a share of 1 and under one of 0


class SaturationData(NamedTuple):
    """By row the curves that its cell has: shares of units, and the mean slope; means over the row's time steps."""

    rows: Mapping[str, Mapping[str, Curve]]
    otherwise: str


def prepare(measurements: Measurements) -> SaturationData:
    if "mean_slope" not in measurements:
        return SaturationData({}, NO_SLOPES if measurements.names() else over_time.NOTHING_YET)
    spec = measurements["mean_slope"].spec
    rows: dict[str, dict[str, Curve]] = {}
    for row, place in over_time.top_first(spec.labels).items():
        found = {}
        for what, name in (("saturated", "saturated_share"), ("slope", "mean_slope"), ("dead", "dead_units")):
            if name not in measurements:
                continue
            curve = curve_of(measurements, name, place)
            if curve.values.ndim > 1:
                steps = over_time.own_steps(row, measurements[name])
                curve = curve._replace(values=curve.values[:, :steps].mean(axis=1))
            found[what] = curve
        rows[row] = found
    return SaturationData(rows, "")


def draw(data: SaturationData) -> Drawn:
    live = live_of(data)

    def lines(curves: Iterable[str]) -> list[Trace]:
        return [
            scatter(
                name=what,
                meta=TITLES[what],
                mode="lines",
                line=LINES[what],
                hovertemplate="update %{x}: %{y:.3~f}<extra>%{meta}</extra>",
            )
            for what in curves
        ]

    traces = [
        over_time.of_row(trace, row, data.rows, live.traces)
        for row, curves in data.rows.items()
        for trace in (*lines(curves), style.mark("not finite", "y2", showlegend=False))
    ]
    figure = Drawn(traces, style.base_layout(right=48, lowest=True))
    newest = newest_of(curve for curves in data.rows.values() for curve in curves.values())
    figure.update_layout(
        xaxis={**style.updates_axis(newest, newest), "title": {"text": "update"}},
        yaxis={"range": live.extents["yaxis"], "nticks": 5, "tickformat": ".2~f", "title": {"text": "share; slope"}},
        yaxis2=style.marks_axis(),
    )
    return figure


def choices(data: SaturationData) -> Mapping[str, Choice]:
    return {
        row: Choice(tuple(named(row, what, data.rows) for what in (*curves, "not finite")), None)
        for row, curves in data.rows.items()
    }


def twin(data: SaturationData) -> list[str]:
    """One line: all of them twice could not be told apart."""
    return [named(row, next(iter(curves)), data.rows) for row, curves in data.rows.items()]


def live_of(data: SaturationData) -> Live:
    traces: dict[str, LiveTrace] = {}
    for row, curves in data.rows.items():
        found = {what: line(curve) for what, curve in curves.items()}
        found["not finite"] = unplaced(list(curves.values()))["not finite"]
        traces |= {named(row, what, data.rows): trace for what, trace in found.items()}
    # 0 to 1 in any case; the slope of some activations is larger.
    everything = np.concatenate([[1.0], *(curve.values for row in data.rows.values() for curve in row.values())])
    return Live(traces, {"yaxis": (-ROOM, float(np.ceil(everything[np.isfinite(everything)].max())) + ROOM)})


def words(data: SaturationData) -> str | Mapping[str, str]:
    return {row: sentence(curves) for row, curves in data.rows.items()} or data.otherwise


def sentence(curves: Mapping[str, Curve]) -> str:
    """The newest of each."""
    newest = {what: float(curve.values[-1]) for what, curve in curves.items() if len(curve.values)}
    if not newest:
        return over_time.NOTHING_YET
    said = {"saturated": share, "dead": share, "slope": number}
    text = ", ".join(f"{TITLES[what]} {said[what](value)}" for what, value in newest.items())
    return f"{text[0].upper()}{text[1:]}."


FIGURE = Figure(
    name="saturation",
    title="Saturated and dead units",
    rule="Saturated: less than 5 % of the largest slope gets through. Dead: nothing.",
    side="updates",
    height=176,
    needs=("mean_slope", "saturated_share", "dead_units"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="xaxis",
    choices=choices,
    optional=True,
    twin=twin,
    shown=False,
)

"""How many steps back the signal reaches, over training."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.loss import Curve, curve_of, line, newest_of, unplaced
from playground.figures.over_time import named

TRACES = ("steps", "all", "not finite")


class Reached(NamedTuple):
    """Of one row over updates: steps that receive at least 1/1000 of the signal, steps that there are, the share of
    the signal at the far end, and steps whose gradient is exactly 0."""

    steps: Curve
    span: Curve
    ratio: Curve
    zeros: Curve


class HorizonData(NamedTuple):
    length: int
    rows: Mapping[str, Reached]
    otherwise: str


def prepare(measurements: Measurements) -> HorizonData:
    if "memory_horizon" not in measurements:
        return HorizonData(0, {}, over_time.nothing(measurements))
    rows = {
        row: Reached(*(curve_of(measurements, name, place) for name in FIGURE.needs))
        for row, place in over_time.top_first(measurements["memory_horizon"].spec.labels).items()
    }
    spans = np.concatenate([[1.0], *(row.span.values for row in rows.values())])
    return HorizonData(int(np.nanmax(np.where(np.isfinite(spans), spans, np.nan))), rows, "")


def draw(data: HorizonData) -> Drawn:
    live = live_of(data)
    hover = "update %{x}: %{y} steps<extra>%{meta}</extra>"
    traces = [
        over_time.of_row(trace, row, data.rows, live.traces)
        for row in data.rows
        for trace in (
            scatter(
                name="all",
                meta="all there are",
                mode="lines",
                line={"color": style.GHOST, "width": 1, "dash": "dot", "shape": "hv"},
                hovertemplate=hover,
            ),
            scatter(
                name="steps",
                meta="reached",
                mode="lines",
                line={"color": style.RUN, "width": 2.5, "shape": "hv"},
                hovertemplate=hover,
            ),
            style.mark("not finite", "y2", showlegend=False),
        )
    ]
    figure = Drawn(traces, style.base_layout(right=48, lowest=True))
    newest = newest_of(reached.steps for reached in data.rows.values())
    figure.update_layout(
        xaxis={**style.updates_axis(newest, newest), "title": {"text": "update"}},
        yaxis={"range": live.extents["yaxis"], "nticks": 5, "tickformat": "d", "title": {"text": "steps back"}},
        yaxis2=style.marks_axis(),
    )
    return figure


def choices(data: HorizonData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.rows, TRACES)


def twin(data: HorizonData) -> list[str]:
    return [named(row, what, data.rows) for row in data.rows for what in ("steps", "not finite")]


def live_of(data: HorizonData) -> Live:
    traces: dict[str, LiveTrace] = {}
    for row, reached in data.rows.items():
        marks = unplaced([reached.steps])["not finite"]
        found = {"steps": line(reached.steps), "all": line(reached.span), "not finite": marks}
        traces |= {named(row, what, data.rows): trace for what, trace in found.items()}
    return Live(traces, {"yaxis": (0.0, 1.08 * max(data.length, 1))})


def words(data: HorizonData) -> str | Mapping[str, str]:
    return {row: sentence(reached) for row, reached in data.rows.items()} or data.otherwise


def sentence(reached: Reached) -> str:
    """Where memory ends now, and what is left of the signal at the far end."""
    steps, span, ratio, zeros = (float(c.values[-1]) if len(c.values) else None for c in reached)
    if steps is None or span is None:
        return over_time.NOTHING_YET
    if not np.isfinite(steps):
        return "The newest gradient is not finite."
    text = f"{steps:.0f} of {span:.0f} steps"
    if ratio is not None and span > 1:
        text += f"; the far end receives {number(ratio)}"
    return text + (f", {zeros:.0f} exactly 0." if zeros else ".")


FIGURE = Figure(
    name="horizon",
    title="Memory horizon",
    rule="Steps back that still receive 1/1000 of the signal. Dotted: all there are.",
    side="updates",
    height=176,
    needs=("memory_horizon", "signal_span", "far_ratio", "cut_off_steps"),
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

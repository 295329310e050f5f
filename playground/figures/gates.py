"""How open each gate is at every time step."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named, time_axis
from playground.figures.profile import marked

ROOM = 0.04  # of the axis, over a gate that is wide open and under one that is shut
NO_GATES = "This cell has no gates."
NOT_FINITE = "not finite"

# The last gate of a cell is the one that keeps what was: it has the run's own colour. The others tell themselves apart
# by their dashes too.
LINES: tuple[dict[str, object], ...] = (
    {"color": style.RUN, "width": 2.5},
    {"width": 1.5},  # ink, which the ground decides
    {"color": style.GHOST, "width": 2, "dash": "dash"},
)


class GatesData(NamedTuple):
    """By row and gate the mean value at each time step, the keeping gate first.

    `shown` is the last picture in which anything is finite, `newest` what the words and marks are about.
    """

    length: int
    shown: Mapping[str, Mapping[str, NDArray[np.float64]]]
    newest: Mapping[str, Mapping[str, NDArray[np.float64]]]
    otherwise: str


def prepare(measurements: Measurements) -> GatesData:
    if "gate_values" not in measurements:
        return GatesData(0, {}, {}, NO_GATES if measurements.names() else over_time.NOTHING_YET)
    series = measurements["gate_values"]
    letters, layers, length = series.spec.labels, series.spec.shape[1], series.spec.shape[-1]
    named_rows = measurements["total_gradient"].spec.labels if "total_gradient" in measurements else ()
    rows = over_time.top_first(named_rows or [f"layer {i + 1}" for i in range(layers)])

    def by_row(values: NDArray[np.float64] | None) -> dict[str, dict[str, NDArray[np.float64]]]:
        found = np.empty((len(letters), layers, 0)) if values is None else values
        return {
            row: {letters[i]: found[i, place] for i in range(len(letters) - 1, -1, -1)} for row, place in rows.items()
        }

    newest = series.values[-1] if len(series) else None
    return GatesData(length, by_row(over_time.last_finite(series)), by_row(newest), "")


def draw(data: GatesData) -> Drawn:
    live = live_of(data)

    def lines(gates: Iterable[str]) -> list[Trace]:
        return [
            scatter(
                name=gate,
                meta=gate,
                x0=1,
                dx=1,
                mode="lines",
                line=LINES[min(j, len(LINES) - 1)],
                hovertemplate="step %{x}: %{y:.2f}<extra>%{meta}</extra>",
            )
            for j, gate in enumerate(gates)
        ]

    traces = [
        over_time.of_row(trace, row, data.shown, live.traces)
        for row, gates in data.shown.items()
        for trace in (*lines(gates), style.mark("not finite", "y2", cliponaxis=False))
    ]
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    figure.update_layout(
        xaxis={**time_axis(data.length), "title": {"text": "time step t"}},
        yaxis={
            "range": live.extents["yaxis"],
            "nticks": 4,
            "tickformat": ".1~f",
            "title": {"text": "mean value"},
        },
        yaxis2=style.marks_axis(),
    )
    return figure


def choices(data: GatesData) -> Mapping[str, Choice]:
    return {
        row: Choice(tuple(named(row, name, data.shown) for name in (*gates, NOT_FINITE)), None)
        for row, gates in data.shown.items()
    }


def twin(data: GatesData) -> list[str]:
    """The keeping gate: all of them twice could not be told apart."""
    return [named(row, next(iter(gates)), data.shown) for row, gates in data.shown.items()]


def live_of(data: GatesData) -> Live:
    traces = {}
    for row, gates in data.shown.items():
        for gate, values in gates.items():
            traces[named(row, gate, data.shown)] = LiveTrace(
                {"y": np.where(np.isfinite(values), values, np.nan).astype(np.float32)}
            )
        finite = np.logical_and.reduce([np.isfinite(values) for values in data.newest[row].values()])
        traces[named(row, NOT_FINITE, data.shown)] = marked(~finite, 0.94)
    # 0 to 1 in any case; a gate whose activation is not a sigmoid may leave it.
    everything = np.concatenate([np.array([0.0, 1.0]), *(v for gates in data.shown.values() for v in gates.values())])
    placed = everything[np.isfinite(everything)]
    return Live(traces, {"yaxis": (np.floor(placed.min()) - ROOM, np.ceil(placed.max()) + ROOM)})


def words(data: GatesData) -> str | Mapping[str, str]:
    return {row: sentence(gates) for row, gates in data.newest.items()} or data.otherwise


def sentence(gates: Mapping[str, NDArray[np.float64]]) -> str:
    """The mean of each gate over the steps."""
    if not all(len(values) for values in gates.values()):
        return over_time.NOTHING_YET
    means = ", ".join(f"{gate} {number(float(values.mean()))}" for gate, values in gates.items())
    return f"{means} on the mean."


FIGURE = Figure(
    name="gates",
    title="Gates",
    rule="How open each gate is at each step, from 0, shut, to 1, open: the mean over samples and units.",
    side="time",
    height=176,
    needs=("gate_values", "total_gradient"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    choices=choices,
    optional=True,
    twin=twin,
)

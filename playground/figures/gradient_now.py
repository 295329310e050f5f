"""The gradient norm at every time step, now and at the start."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.reach import entry, out_of_reach
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named, time_axis
from playground.figures.profile import MARKERS_UP_TO, line, marked

SPAN = 4.0  # decades that the axis shows at least, so that a flat line looks flat

Norms = NDArray[np.float64]


class Row(NamedTuple):
    """Norms of one layer and direction by time step, mean over samples; empty where nothing was measured.

    `newest` is what the marks and the words are about. All others are drawn, and are of the last picture in which
    anything is finite, so that a run which breaks does not wipe out what led there. `total` is empty where it is `now`
    already, `cell` where the cell has one state only.
    """

    newest: Norms
    now: Norms
    start: Norms
    direct: Norms
    total: Norms
    cell: Norms


class GradientNowData(NamedTuple):
    """`shown` says which gradient heads; `otherwise` is what there is to say where there are no rows.

    `lacking` are traces that no update of this run will have: each costs its share of every drawing.
    """

    length: int
    shown: str
    rows: Mapping[str, Row]
    otherwise: str
    handover: int = 0
    lacking: frozenset[str] = frozenset()


TRACES = ("start", "direct", "total", "cell", "now", "exactly 0", "not finite")


def prepare(measurements: Measurements) -> GradientNowData:
    found = over_time.headline(measurements)
    if found is None:
        return GradientNowData(0, "total", {}, over_time.nothing(measurements))
    series = found.series
    flows = found.name == over_time.LAST_ANSWER

    def shown(name: str) -> Norms | None:
        return over_time.last_finite(measurements[name]) if name in measurements else None

    drawn = {
        "newest": series.values[-1] if len(series) else None,
        "now": over_time.last_finite(series),
        "start": over_time.at_start(series),
        "direct": shown("direct_gradient"),
        "total": shown("total_gradient") if flows else None,
        "cell": shown("cell_gradient"),
    }
    lacking = {"total"} if not flows else set()
    lacking |= {"cell"} if "cell_gradient" not in measurements else set()
    rows = {
        row: Row(
            **{
                name: np.empty(0) if norms is None else norms[place, : over_time.own_steps(row, series)]
                for name, norms in drawn.items()
            }
        )
        for row, place in found.rows.items()
    }
    return GradientNowData(series.spec.shape[-1], found.name, rows, "", series.spec.handover, frozenset(lacking))


def draw(data: GradientNowData) -> Drawn:
    mode = "lines+markers" if data.length <= MARKERS_UP_TO else "lines"
    live = live_of(data)
    # The start does not change: it stands in the first picture, and no frame brings it again.
    starts = {named(row, "start", data.rows): line(norms.start) for row, norms in data.rows.items()}
    traces = [
        over_time.of_row(trace, row, data.rows, {**starts, **live.traces})
        for row in data.rows
        for trace in _traces(data.shown, mode)
        if trace["name"] not in data.lacking
    ]
    figure = Drawn(traces, style.base_layout(right=64))
    figure.update_layout(
        xaxis=time_axis(data.length),
        yaxis=style.log_axis(live.extents.get("yaxis", (-SPAN, 0.0)), 5),
        yaxis2=style.marks_axis(),
        shapes=over_time.divider(data.handover),
    )
    return figure


def _traces(shown: str, mode: str) -> list[Trace]:
    """The traces of one row. `meta` is what the legend calls them. x counts from 1 by itself."""

    def drawn(name: str, meta: str, **more: object) -> Trace:
        hover = "step %{x}: %{y:.2~e}<extra>%{meta}</extra>"
        return scatter(**{"name": name, "meta": meta, "x0": 1, "dx": 1, "hovertemplate": hover, "mode": mode, **more})

    ghost = {"size": 4, "color": style.GHOST}
    return [
        drawn("start", "start", mode="lines", line={"color": style.GHOST, "width": 2, "dash": "dot"}),
        drawn("direct", "direct", line={"color": style.GHOST, "width": 1}, marker=ghost),
        drawn("total", "total", mode="lines", line={"color": style.RUN, "width": 1}),
        drawn("cell", "cell state c", mode="lines", line={"color": style.RUN, "width": 2, "dash": "dash"}),
        drawn("now", shown, line={"color": style.RUN, "width": 2.5}, marker={"size": 5, "color": style.RUN}),
        style.mark("zero", "y2", cliponaxis=False),
        style.mark("not finite", "y2", cliponaxis=False),
    ]


def choices(data: GradientNowData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.rows, [name for name in TRACES if name not in data.lacking])


def twin(data: GradientNowData) -> list[str]:
    return [named(row, what, data.rows) for row in data.rows for what in ("now", "exactly 0", "not finite")]


def live_of(data: GradientNowData) -> Live:
    traces: dict[str, LiveTrace] = {}
    for row, norms in data.rows.items():
        found = {
            "direct": line(norms.direct),
            "total": line(norms.total),
            "cell": line(norms.cell),
            "now": line(norms.now),
            "exactly 0": marked((norms.newest == 0) & ~out_of_reach(row, data.rows, norms.newest), 0.04),
            "not finite": marked(~np.isfinite(norms.newest), 0.94),
        }
        traces |= {named(row, name, data.rows): trace for name, trace in found.items() if name not in data.lacking}
    everything = [norms for row in data.rows.values() for norms in row[1:]]
    extent = style.decades(np.concatenate([np.empty(0), *everything]), SPAN)
    return Live(traces, {"yaxis": extent} if extent else {})


def words(data: GradientNowData) -> str | Mapping[str, str]:
    return {row: sentence(row, data.rows) for row in data.rows} or data.otherwise


def sentence(row: str, rows: Mapping[str, Row]) -> str:
    """How much of the signal arrives at the far end of a row."""
    norms = rows[row]
    newest, length = norms.newest, len(norms.newest)
    if not length:
        return over_time.NOTHING_YET
    bad = int(np.count_nonzero(~np.isfinite(newest)))
    if bad:
        return f"Not finite at {bad} of {length} steps."
    if length == 1:
        return f"One step: {number(newest[0])}."
    near = entry(row, newest, norms.direct)
    if near is None:
        return "Exactly 0 at every step: there is no signal at all."
    beyond = out_of_reach(row, rows, newest)
    far = length - 1 if near == 0 or beyond[0] else 0
    if far == near:
        return f"Step {near + 1} alone reaches the last answer."
    between = newest[~beyond]
    zeros = int(np.count_nonzero(between == 0))
    if zeros:
        return f"Exactly 0 at {zeros} of {len(between)} steps."
    ratio = newest[far] / newest[near]
    compared = "of what" if ratio < 1 else "times what"
    return f"Step {far + 1} receives {number(ratio)} {compared} step {near + 1} receives."


FIGURE = Figure(
    name="gradient_now",
    title="Gradient at every time step",
    rule="How much the last answer's loss would change if the state at step t moved. Falling to the left: forgetting.",
    side="time",
    height=240,
    needs=("total_gradient", "direct_gradient", "flow_gradient", "cell_gradient"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    choices=choices,
    twin=twin,
)

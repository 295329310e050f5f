"""How far one update moves each layer, relative to its size."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live
from playground.figures.loss import Curve, curve_of, line, newest_of, unplaced
from playground.figures.over_time import named

HEALTHY = 1e-3  # Karpathy 2015
BAND = (1e-4, 1e-2)  # a decade around it
SPAN = 4.0  # decades


class UpdateRatioData(NamedTuple):
    """‖Δw‖ / ‖w‖ over updates, of each layer, the uppermost first, and then of each tensor."""

    layers: Mapping[str, Curve]
    tensors: Mapping[str, Curve]

    @property
    def parts(self) -> Mapping[str, Curve]:
        return {**self.layers, **self.tensors}


def prepare(measurements: Measurements) -> UpdateRatioData:
    def curves(name: str) -> dict[str, Curve]:
        if name not in measurements:
            return {}
        labels = measurements[name].spec.labels
        return {label: curve_of(measurements, name, i) for i, label in enumerate(labels)}

    layers = curves("layer_update_ratio")
    return UpdateRatioData({row: layers[row] for row in over_time.top_first(tuple(layers))}, curves("update_ratio"))


def draw(data: UpdateRatioData) -> Drawn:
    live = live_of(data)
    shared = {"mode": "lines", "hovertemplate": "update %{x}: %{y:.2~e}<extra>%{meta}</extra>"}
    shown = next(iter(choices(data).values()), Choice((), None)).traces
    thin = {"line": {"color": style.GHOST, "width": 1}, "showlegend": False}
    beside = [
        scatter(name=name, meta=name, visible=name in shown, **thin, **shared, **live.traces[name].arrays)
        for name in (_beside(row) for row in (data.layers if len(data.layers) > 1 else ()))
    ]
    traces = [
        over_time.of_row(trace | {"meta": part}, part, data.parts, live.traces)
        for part in data.parts
        for trace in (
            scatter(name="ratio", line={"color": style.RUN, "width": 2}, **shared),
            style.mark("zero", "y2", showlegend=False),
            style.mark("not finite", "y2", showlegend=False),
        )
    ]
    figure = Drawn([*beside, *traces], style.base_layout(right=48, lowest=True))
    newest = newest_of(data.parts.values())
    across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
    figure.update_layout(
        xaxis={**style.updates_axis(newest, newest), "title": {"text": "update"}},
        yaxis={**style.log_axis(live.extents["yaxis"], 3), "title": {"text": "‖Δw‖ / ‖w‖"}},
        yaxis2=style.marks_axis(),
        shapes=[
            {
                "type": "rect", **across, "y0": BAND[0], "y1": BAND[1],
                "fillcolor": "rgba(139, 147, 161, 0.12)", "line": {"width": 0},
            },
            {
                "type": "line", **across, "y0": HEALTHY, "y1": HEALTHY,
                "line": {"color": style.GHOST, "width": 1, "dash": "4px,4px"},
            },
        ],
    )  # fmt: skip
    return figure


def _beside(row: str) -> str:
    return f"{row}, beside"


def choices(data: UpdateRatioData) -> Mapping[str, Choice]:
    """Of a layer, with the others as ghosts beside it; or of a tensor."""
    found = {}
    for part in data.parts:
        others = [_beside(row) for row in data.layers if row != part] if part in data.layers else []
        own = [named(part, what, data.parts) for what in ("ratio", "exactly 0", "not finite")]
        found[part] = Choice((*others, *own), None)
    return found


def twin(data: UpdateRatioData) -> list[str]:
    return [named(part, what, data.parts) for part in data.parts for what in ("ratio", "not finite")]


def live_of(data: UpdateRatioData) -> Live:
    traces = {_beside(row): line(curve) for row, curve in data.layers.items()} if len(data.layers) > 1 else {}
    for part, curve in data.parts.items():
        found = {"ratio": line(curve), **unplaced([curve])}
        traces |= {named(part, what, data.parts): trace for what, trace in found.items()}
    values = np.concatenate([np.array(BAND), *(curve.values for curve in data.parts.values())])
    return Live(traces, {"yaxis": style.decades(values, SPAN) or (-SPAN, 0.0)})


def words(data: UpdateRatioData) -> str | Mapping[str, str]:
    return {part: sentence(curve) for part, curve in data.parts.items()} or over_time.NOTHING_YET


def sentence(curve: Curve) -> str:
    """What the newest measured update did."""
    if not len(curve.values):
        return over_time.NOTHING_YET
    newest = float(curve.values[-1])
    if not np.isfinite(newest):
        return f"The newest ratio is {number(newest)}."
    if newest == 0:
        return "It does not move."
    judged = "healthy" if BAND[0] <= newest <= BAND[1] else "small" if newest < BAND[0] else "large"
    return f"Moves by {number(newest)} of its size: {judged}."


FIGURE = Figure(
    name="update_ratio",
    title="Update against weights",
    rule="How far one update moves a layer; thin: the others. Grey: around the usual 10⁻³.",
    side="updates",
    height=192,
    needs=("update_ratio", "layer_update_ratio"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="xaxis",
    choices=choices,
    twin=twin,
    shown=False,
)

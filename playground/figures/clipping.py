"""The norm of all gradients together, before and after clipping."""

from typing import NamedTuple

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import share
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Figure, Live
from playground.figures.loss import Curve, curve_of, line, newest_of, unplaced

TOUCHED = 1e-9  # relative; a norm that changed by less was rounded, not clipped

WINDOW = 50
"""Updates that "lately" means."""


class ClippingData(NamedTuple):
    before: Curve
    after: Curve


def prepare(measurements: Measurements) -> ClippingData:
    return ClippingData(curve_of(measurements, "global_norm_before"), curve_of(measurements, "global_norm_after"))


def draw(data: ClippingData) -> Drawn:
    figure = Drawn(
        [
            scatter(name="before", mode="lines", line={"color": style.GHOST, "width": 2}),
            scatter(name="after", mode="lines", line={"color": style.RUN, "width": 2}),
            style.mark("zero", "y2", showlegend=False),
            style.mark("not finite", "y2", showlegend=False),
        ],
        style.base_layout(right=48, lowest=True),
    )
    live = live_of(data)
    for trace in figure.data:
        trace |= live.traces[trace["name"]].arrays
        if trace["mode"] != "markers":
            trace["hovertemplate"] = "update %{x}: %{y:.2~e}"
    newest = newest_of([data.before])
    figure.update_layout(
        xaxis={**style.updates_axis(newest, newest), "title": {"text": "update"}},
        yaxis={**style.log_axis(live.extents.get("yaxis", (-1.0, 1.0)), 2), "title": {"text": "norm"}},
        yaxis2=style.marks_axis(),
    )
    return figure


def live_of(data: ClippingData) -> Live:
    traces = {"before": line(data.before), "after": line(data.after), **unplaced([data.before, data.after])}
    extent = style.decades(np.concatenate([data.before.values, data.after.values]), 2.0)
    return Live(traces, {"yaxis": extent} if extent else {})


def words(data: ClippingData) -> str:
    before, after = data.before.values, data.after.values
    if not len(before) or len(before) != len(after):
        return over_time.NOTHING_YET
    finite = np.isfinite(before) & np.isfinite(after)
    if not finite.any():
        return "No update has a finite norm."
    # Compared as quotients: a difference of two large norms may overflow.
    clipped = after[finite] < before[finite] * (1 - TOUCHED)
    updates = data.before.updates[finite]
    late = clipped[updates > updates[-1] - WINDOW]
    lost = np.count_nonzero(~finite)
    text = f"Clipped in {share(float(clipped.mean()))} of the updates"
    if updates[-1] >= 2 * WINDOW and share(float(late.mean())) != share(float(clipped.mean())):
        text += f", {share(float(late.mean()))} of the last {WINDOW}"
    return f"{text}; {lost} without a finite norm." if lost else f"{text}."


FIGURE = Figure(
    name="clipping",
    title="Before and after clipping",
    rule="The gap between the lines is what clipping took away.",
    side="updates",
    height=176,
    needs=("global_norm_before", "global_norm_after"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="xaxis",
    twin=lambda _: ("after", "not finite"),
)

"""Loss and test metric over updates, with what guessing scores."""

from collections.abc import Iterable
from functools import partial
from types import EllipsisType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.words import number, share
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import MARK_ROWS, Figure, Live, LiveTrace


class Curve(NamedTuple):
    """Values over updates, the schedule at which they are taken, and what guessing scores (None where nobody knows)."""

    updates: NDArray[np.float64]
    values: NDArray[np.float64]
    every: int = 1
    reference: float | None = None


SPAN = 1.5  # decades; less, and a plateau's noise would look like learning

HEADROOM = 2.0  # above what guessing scores, for the word over its line

ROUNDING = 1e-4  # relative; float32 numbers added in another order differ by less

NOTHING = Curve(np.empty(0), np.empty(0))


class LossData(NamedTuple):
    """`share` where the metric lies in 0 … 1 and more is better; otherwise it is an error on a log axis. `rate` and
    `difference` are not drawn: `remarks` says them.
    """

    loss: Curve
    test_loss: Curve
    metric: Curve
    metric_title: str
    share: bool
    rate: Curve = NOTHING
    difference: Curve = NOTHING


def prepare(measurements: Measurements) -> LossData:
    curve = partial(curve_of, measurements)
    spec = measurements["test_metric"].spec if "test_metric" in measurements else None
    return LossData(
        curve("loss"),
        curve("test_loss"),
        curve("test_metric"),
        spec.title if spec else "metric",
        spec.unit == "share" if spec else True,
        curve("learning_rate"),
        curve("gradient_difference"),
    )


def curve_of(measurements: Measurements, name: str, place: int | EllipsisType = ...) -> Curve:
    """A measurement over updates, or one `place` of it; nothing where it is not measured."""
    if name not in measurements:
        return NOTHING
    spec, updates, values = measurements[name]
    return Curve(updates.astype(np.float64), values[:, place], spec.every, spec.reference)


def newest_of(curves: Iterable[Curve]) -> int:
    """The newest update of any."""
    return int(max((curve.updates[-1] for curve in curves if len(curve.updates)), default=0))


def draw(data: LossData) -> Drawn:
    figure = Drawn(
        [
            # Without a colour of its own: ink, which the ground decides.
            scatter(name=data.metric_title, mode="lines+markers", yaxis="y2", line={"width": 2}, marker={"size": 4}),
            scatter(
                name="test loss",
                mode="lines+markers",
                line={"color": style.RUN, "width": 1, "dash": "dot"},
                marker={"size": 4, "color": style.RUN},
            ),
            scatter(name="loss", mode="lines", line={"color": style.RUN, "width": 2}),
            style.mark("zero", "y3", showlegend=False),
            style.mark("not finite", "y3", showlegend=False),
        ],
        style.base_layout(right=48),
    )
    live = live_of(data)
    for trace in figure.data:
        trace |= live.traces[trace["name"]].arrays
        if trace["mode"] != "markers":
            trace["hovertemplate"] = "update %{x}: %{y:.3~g}"
    newest = newest_of(data[:3])
    loss_range = live.extents.get("yaxis", (-1.0, 1.0))
    metric_range = live.extents.get("yaxis2", (-1.0, 1.0))
    figure.update_layout(
        xaxis=style.updates_axis(newest, newest),
        yaxis={**style.log_axis(loss_range, 2), "title": {"text": "loss"}},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            **(
                {"range": [-0.02, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
                if data.share
                else style.log_axis(metric_range, 2)
            ),
        },
        yaxis3=style.marks_axis(),
        shapes=[
            shape
            for curve, axis, colour in ((data.loss, "y", style.RUN), (data.metric, "y2", style.GHOST))
            if (shape := guessing(curve.reference, axis, colour))
        ],
    )
    return figure


def guessing(reference: float | None, axis: str, colour: str) -> dict[str, object] | None:
    """The dotted line at what guessing scores."""
    if reference is None:
        return None
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": axis,
        "y0": reference,
        "y1": reference,
        "layer": "below",
        "line": {"color": colour, "width": 1, "dash": "4px,4px"},
        "label": {
            "text": "guessing",
            "textposition": "start" if axis == "y" else "end",
            "yanchor": "bottom",
            "font": {"size": 11, "color": colour},
        },
    }


def live_of(data: LossData) -> Live:
    curves = {"loss": data.loss, "test loss": data.test_loss, data.metric_title: data.metric}
    traces = {name: line(curve) for name, curve in curves.items()}
    traces |= unplaced([data.loss, data.test_loss] + ([] if data.share else [data.metric]))
    extents = {}
    references = [] if data.loss.reference is None else [data.loss.reference, HEADROOM * data.loss.reference]
    shown = style.decades(np.concatenate([data.loss.values, data.test_loss.values, references]), SPAN, 0.5)
    if shown:
        extents["yaxis"] = shown
    if not data.share:
        references = [] if data.metric.reference is None else [data.metric.reference]
        mine = style.decades(np.concatenate([data.metric.values, references]), SPAN, 0.5)
        # Two errors, side by side on one scale: of two that differ by a little nobody could say which is which.
        both = [limits for limits in (shown, mine) if limits]
        if both:
            extents |= dict.fromkeys(("yaxis", "yaxis2"), (min(low for low, _ in both), max(high for _, high in both)))
    return Live(traces, extents)


def line(curve: Curve) -> LiveTrace:
    """A curve on a log axis, broken where a value cannot stand on one; `unplaced` marks those."""
    placed = np.where(np.isfinite(curve.values), curve.values, np.nan)
    return LiveTrace({"x": curve.updates, "y": placed}, "x", curve.every)


def unplaced(curves: list[Curve]) -> dict[str, LiveTrace]:
    """Marks, on the axis from 0 to 1, where a curve is exactly zero (bottom) or not finite (top)."""

    def marks(where: list[NDArray[np.bool_]], height: float) -> LiveTrace:
        x = np.unique(np.concatenate([c.updates[w] for c, w in zip(curves, where, strict=True)] or [np.empty(0)]))
        every = min((c.every for c in curves if c.every), default=1)
        return LiveTrace({"x": x, "y": np.full(len(x), height)}, "x", every, MARK_ROWS)

    return {
        "exactly 0": marks([c.values == 0 for c in curves], 0.05),
        "not finite": marks([~np.isfinite(c.values) for c in curves], 0.93),
    }


def metric_words(data: LossData) -> str:
    """The metric as the page's largest sentence: "24 %, guessing is 25 %". Accuracy needs no name."""
    if not len(data.metric.values):
        return ""
    reference = data.metric.reference
    said = share if data.share else number
    name = "" if data.metric_title == "accuracy" else f"{data.metric_title} "
    guess = "" if reference is None else f", guessing is {said(reference)}"
    return f"{name}{metric_value(data)}{guess}"


def metric_value(data: LossData) -> str:
    """The newest of the metric alone: "24 %"."""
    if not len(data.metric.values):
        return ""
    newest = float(data.metric.values[-1])
    return share(newest) if data.share else number(newest)


def words(data: LossData) -> str:
    if not len(data.loss.values):
        return over_time.NOTHING_YET
    text = f"Loss {number(float(data.loss.values[-1]), 3)}"
    if data.loss.reference is not None:
        text += f", guessing {number(data.loss.reference, 3)}"
    if len(data.test_loss.values):
        text += f", test {number(float(data.test_loss.values[-1]), 3)}"
    return text + "."


def remarks(data: LossData) -> tuple[str, ...]:
    """What else is to be known of how this run learns; nothing of what is as it always is."""
    return (*_rate(data.rate.values), *_difference(data.difference.values))


def _rate(rates: NDArray[np.float64]) -> tuple[str, ...]:
    """The learning rate, where a schedule changes it."""
    constant = not len(rates) or np.allclose(rates, rates[0], rtol=1e-6, atol=0.0)
    return () if constant else (f"η {number(float(rates[-1]))}",)


def _difference(differences: NDArray[np.float64]) -> tuple[str, ...]:
    """The largest difference so far: it is what remains to be explained."""
    finite = differences[np.isfinite(differences)]
    if not len(finite):
        return ()
    largest = float(finite.max())
    said = number(largest, 1)
    if 0 < largest < ROUNDING:
        said = f"0 ({said}, rounding)"
    return (f"backward at each step and once after the sequence: difference {said}",)


FIGURE = Figure(
    name="loss",
    title="Loss and test metric",
    rule="Down is learning. At the dotted line it does no better than guessing.",
    side="updates",
    height=200,
    needs=("loss", "test_loss", "test_metric", "learning_rate", "gradient_difference"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    updates_axis="xaxis",
    twin=lambda data: (data.metric_title, "loss", "not finite"),
)

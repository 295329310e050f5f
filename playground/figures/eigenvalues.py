"""The eigenvalues of every recurrent matrix on the complex plane, with the unit circle."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named

NO_MATRIX = "This network has no recurrent matrix."
TRACES = ("start", "now", "not finite")
ROOM = 1.15  # the circle is never cut off
STEP = 0.5  # an axis that grows does so rarely

Points = NDArray[np.float64]


class Eigenvalues(NamedTuple):
    """Real and imaginary parts (H, 2), empty where nothing was measured. `newest` is what words and marks are about,
    `now` the last one in which anything is finite; σ_max is of the newest too."""

    newest: Points
    now: Points
    start: Points
    sigma: float


class EigenvaluesData(NamedTuple):
    matrices: Mapping[str, Eigenvalues]
    otherwise: str


def prepare(measurements: Measurements) -> EigenvaluesData:
    if "eigenvalues" not in measurements:
        return EigenvaluesData({}, NO_MATRIX if measurements.names() else over_time.NOTHING_YET)
    series = measurements["eigenvalues"]
    sources = (series.values[-1] if len(series) else None, over_time.last_finite(series), over_time.at_start(series))
    sigma = measurements["singular_values"].values if "singular_values" in measurements else np.empty((0, 0, 0))
    matrices = {}
    for i, label in reversed(list(enumerate(series.spec.labels))):
        newest, now, start = (np.empty((0, 2)) if each is None else each[i] for each in sources)
        matrices[label] = Eigenvalues(newest, now, start, float(sigma[-1, i, 0]) if len(sigma) else float("nan"))
    return EigenvaluesData(matrices, "")


def draw(data: EigenvaluesData) -> Drawn:
    shared = {"mode": "markers", "hovertemplate": "%{x:.3~f}, %{y:.3~f} i<extra>%{meta}</extra>"}
    live = live_of(data)
    # The start does not change: it stands in the first picture, and no frame brings it again.
    starts = {named(label, "start", data.matrices): _points(found.start) for label, found in data.matrices.items()}
    traces = [
        over_time.of_row(trace, label, data.matrices, {**starts, **live.traces})
        for label in data.matrices
        for trace in (
            scatter(name="start", meta="start", marker=_dot(5, style.GHOST), **shared),
            scatter(name="now", meta="now", marker=_dot(6, style.RUN), **shared),
            style.mark("not finite", "y2", showlegend=False),
        )
    ]
    figure = Drawn(traces, style.base_layout(right=48, lowest=True))
    circle = {"type": "circle", "xref": "x", "yref": "y", "x0": -1, "x1": 1, "y0": -1, "y1": 1, "layer": "below"}
    figure.update_layout(
        xaxis={"range": live.extents["xaxis"], "nticks": 7, "title": {"text": "real part"}},
        yaxis={
            "range": live.extents["yaxis"],
            "nticks": 5,
            "scaleanchor": "x",
            "title": {"text": "imaginary part"},
        },
        yaxis2=style.marks_axis(),
        shapes=[{**circle, "line": {"color": style.GHOST, "width": 1}}],
    )
    return figure


def _dot(size: int, colour: str) -> dict[str, object]:
    return {"symbol": "circle", "size": size, "color": colour, "line": {"width": 0}}


def choices(data: EigenvaluesData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.matrices, TRACES)


def twin(data: EigenvaluesData) -> list[str]:
    return [named(label, "now", data.matrices) for label in data.matrices]


def live_of(data: EigenvaluesData) -> Live:
    traces = {}
    for label, found in data.matrices.items():
        broken = len(found.newest) > 0 and not np.isfinite(found.newest).all()
        mark = LiveTrace({"x": np.zeros(int(broken)), "y": np.full(int(broken), 0.94)})
        traces[named(label, "now", data.matrices)] = _points(found.now)
        traces[named(label, "not finite", data.matrices)] = mark
    parts = [points.ravel() for found in data.matrices.values() for points in (found.now, found.start)]
    everything = np.abs(np.concatenate([[1.0], *parts]))
    furthest = everything[np.isfinite(everything)].max()
    limit = ROOM if furthest <= ROOM else float(np.ceil(furthest / STEP) * STEP)
    return Live(traces, {"xaxis": (-limit, limit), "yaxis": (-limit, limit)})


def _points(points: Points) -> LiveTrace:
    return LiveTrace({"x": points[:, 0], "y": points[:, 1]})


def words(data: EigenvaluesData) -> str | Mapping[str, str]:
    return {label: sentence(found) for label, found in data.matrices.items()} or data.otherwise


def sentence(found: Eigenvalues) -> str:
    """ρ now and at the start, σ_max, and how many eigenvalues lie outside the circle."""
    if not len(found.newest):
        return over_time.NOTHING_YET
    sizes = np.hypot(*found.newest.T)
    if not np.isfinite(sizes).all():
        return "U is not finite: it has no eigenvalues."
    text = f"ρ(U) {number(float(sizes.max()), 3)}"
    if len(found.start) and np.isfinite(found.start).all():
        text += f" (start {number(float(np.hypot(*found.start.T).max()), 3)})"
    if np.isfinite(found.sigma):
        text += f", σ_max {number(found.sigma, 3)}"
    # An orthogonal matrix has |λ| = 1 up to rounding.
    return f"{text}; {np.count_nonzero(sizes > 1 + 1e-6)} of {len(sizes)} outside."


FIGURE = Figure(
    name="eigenvalues",
    title="Eigenvalues of U",
    rule="Inside the circle a signal fades, outside it may grow. With gates: the candidate's.",
    side="updates",
    height=260,
    needs=("eigenvalues", "singular_values"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    choices=choices,
    optional=True,
    twin=twin,
    shown=False,
    shares_axis=False,
)

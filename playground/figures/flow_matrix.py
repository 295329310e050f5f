"""The flow of every loss term: how much the loss of each answer tells each time step."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements, MeasurementSpec
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn
from playground.figures.figure import Figure, Live, LiveTrace
from playground.figures.over_time import time_axis

ONE_ANSWER = "There is one loss term: its flow is the gradient at every time step."
ACROSS = 16  # marks along an axis at most: they are for the eye to find


class FlowMatrixData(NamedTuple):
    """`decades[k, t]` = log10(norm / reference) of the last look in which anything is finite, −∞ where it is exactly 0;
    NaN where the answer is given before the step. `unplaced` is 1 where the newest is not finite, 0 where it is
    exactly 0, else NaN.

    The reference is what the last answer tells its own step *at update 0*, as in the picture over training.
    """

    length: int
    answers: NDArray[np.float64]
    decades: NDArray[np.float64]
    unplaced: NDArray[np.float64]
    otherwise: str = over_time.NOTHING_YET
    handover: int = 0


def prepare(measurements: Measurements) -> FlowMatrixData:
    nothing = np.empty((0, 0))
    if "flow_matrix" not in measurements:
        said = ONE_ANSWER if measurements.names() else over_time.NOTHING_YET
        return FlowMatrixData(0, np.empty(0), nothing, nothing, said)
    series = measurements["flow_matrix"]
    spec = series.spec
    length = spec.shape[-1]
    answers, steps = answers_of(spec)
    past = np.arange(length) < np.array(steps)[:, None]
    shown = over_time.last_finite(series)
    if not len(series):
        return FlowMatrixData(length, np.array(answers, float), nothing, nothing, handover=spec.handover)
    newest = series.values[-1]
    shown = newest if shown is None else shown
    scale = reference(over_time.at_start(series))
    with np.errstate(divide="ignore", invalid="ignore"):
        decades = np.where(past & np.isfinite(shown), np.log10(shown / scale), np.nan)
    odd = np.where(np.isfinite(newest), np.where(newest == 0, 0.0, np.nan), 1.0)
    unplaced = np.where(past, odd, np.nan)
    return FlowMatrixData(length, np.array(answers, float), decades, unplaced, handover=spec.handover)


def answers_of(spec: MeasurementSpec) -> tuple[list[int], list[int]]:
    """The numbers of the followed answers, and the time step, from 1, at which each is given.

    The last one is followed in any case, and answers end where the steps end.
    """
    answers = [int(label.rpartition(" ")[2]) for label in spec.labels]
    return answers, [spec.shape[-1] - answers[-1] + k for k in answers]


def reference(start: NDArray[np.float64] | None) -> float:
    """What the last answer that was told anything tells its own step, at update 0."""
    told = np.empty(0) if start is None else start.ravel()
    told = told[np.isfinite(told) & (told > 0)]
    return float(told[-1]) if len(told) else 1.0


def draw(data: FlowMatrixData) -> Drawn:
    steps = np.arange(1, data.length + 1)
    live = live_of(data)
    traces = style.cells("answer %{y}, step %{x}", x=steps, y=data.answers)
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    for trace in figure.data:
        trace |= {key: values for key, values in live.traces[trace["name"]].arrays.items() if len(values)}
    first, last = (float(data.answers[0]), float(data.answers[-1])) if len(data.answers) else (1.0, 1.0)
    figure.update_layout(
        xaxis={**time_axis(data.length), "title": {"text": "time step t"}},
        yaxis={"range": [first - 0.5, last + 0.5], "nticks": 6, "tickformat": "d", "title": {"text": "answer k"}},
        shapes=over_time.divider(data.handover),
        **style.cell_axes(),
    )
    return figure


def live_of(data: FlowMatrixData) -> Live:
    ratios = np.where(np.isfinite(data.decades), data.decades, np.nan)
    traces = {
        "ratio": LiveTrace({"z": ratios.astype(np.float32)}),
        "unplaced": LiveTrace({"z": data.unplaced.astype(np.float32)}),
        "exactly 0": _marked(data.unplaced == 0, data.answers),
        "not finite": _marked(data.unplaced == 1, data.answers),
    }
    return Live(traces, {})


def _marked(where: NDArray[np.bool_], answers: NDArray[np.float64]) -> LiveTrace:
    down, across = (max(1, -(-size // ACROSS)) for size in where.shape)
    rows, columns = np.nonzero(where[down // 2 :: down, across // 2 :: across])
    return LiveTrace({"x": columns * across + across // 2 + 1.0, "y": answers[rows * down + down // 2]})


def words(data: FlowMatrixData) -> str:
    """What the last answer tells the first step, and whether anything is not finite."""
    if not data.decades.size:
        return data.otherwise
    bad = int(np.count_nonzero(data.unplaced == 1))
    if bad:
        return f"{bad} of {np.count_nonzero(~np.isnan(data.decades) | ~np.isnan(data.unplaced))} not finite."
    answer, flow = int(data.answers[-1]), data.decades[-1]
    told = np.flatnonzero(np.isfinite(flow))
    if not len(told):
        return f"The last answer, {answer}, tells no step anything."
    if np.isneginf(flow[0]):
        return f"The last answer, {answer}, tells {np.count_nonzero(np.isneginf(flow))} of {len(flow)} steps nothing."
    ratio = 10.0 ** (flow[0] - flow[told[-1]])
    compared = "of" if ratio < 1 else "times"
    return f"Of the last answer, {answer}, step 1 receives {number(ratio)} {compared} what its own step receives."


FIGURE = Figure(
    name="flow_matrix",
    title="Flow of every answer",
    rule="Each row is one answer, each cell what its loss tells step t. Blue to the left: that answer has forgotten.",
    side="time",
    height=260,
    needs=("flow_matrix",),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    optional=True,
    shown=False,
)

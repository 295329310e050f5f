"""The flow of one loss term over training, of several to choose from: a row of the flow matrix as a waterfall."""

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.figures import flow_matrix, gradient_history, over_time
from playground.figures.answer_flow import some
from playground.figures.gradient_history import GradientHistoryData, Row


def prepare(measurements: Measurements) -> GradientHistoryData:
    if "flow_matrix" not in measurements:
        said = flow_matrix.ONE_ANSWER if measurements.names() else over_time.NOTHING_YET
        return GradientHistoryData(0, np.empty(0, np.int64), {}, 1, said)
    series = measurements["flow_matrix"]
    spec, updates, norms = series
    answers, steps = flow_matrix.answers_of(spec)
    reference = flow_matrix.reference(over_time.at_start(series))
    rows = {f"answer {answers[i]}": Row(_decades(norms[:, i], steps[i], reference), reference) for i in some(answers)}
    return GradientHistoryData(spec.shape[-1], updates, rows, spec.every, over_time.NOTHING_YET, spec.handover)


def _decades(norms: NDArray[np.float64], steps: int, reference: float) -> NDArray[np.float64]:
    """As in `gradient_history.Row`, of an answer that is given after so many steps."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(np.isfinite(norms), np.log10(norms / reference), np.nan)
    logs[:, steps:] = np.inf
    return logs


FIGURE = gradient_history.FIGURE._replace(
    name="answer_history",
    title="Flow of one answer, over training",
    rule="What one answer, to choose, tells step t: each row is one update, the newest on top. Blue: nothing arrives.",
    needs=("flow_matrix",),
    prepare=prepare,
    optional=True,
    shown=False,
)

"""The figures of a run's page, in the order in which they stand. To add one: write its file, name it here."""

from typing import Any

from playground.figures import (
    activity,
    answer_flow,
    answer_history,
    answer_loss,
    clipping,
    decay,
    eigenvalues,
    flow_matrix,
    gates,
    gradient_history,
    gradient_now,
    horizon,
    loss,
    predictions,
    saturation,
    state_size,
    update_ratio,
    weight_share,
    weights,
    weights_ridge,
)
from playground.figures.figure import Figure

FIGURES: tuple[Figure[Any], ...] = (
    gradient_now.FIGURE,
    gradient_history.FIGURE,
    gates.FIGURE,
    loss.FIGURE,
    weights.FIGURE,
    clipping.FIGURE,
    # Behind "more".
    flow_matrix.FIGURE,
    answer_flow.FIGURE,
    answer_history.FIGURE,
    decay.FIGURE,
    weight_share.FIGURE,
    state_size.FIGURE,
    answer_loss.FIGURE,
    predictions.FIGURE,
    horizon.FIGURE,
    update_ratio.FIGURE,
    activity.FIGURE,
    saturation.FIGURE,
    eigenvalues.FIGURE,
    weights_ridge.FIGURE,
)

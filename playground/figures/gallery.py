"""The figures of a run's page, in the order in which they stand. To add one: write its file, name it here."""

from typing import Any

from playground.figures import clipping, gates, gradient_history, gradient_now, loss, weights
from playground.figures.figure import Figure

FIGURES: tuple[Figure[Any], ...] = (
    gradient_now.FIGURE,
    gradient_history.FIGURE,
    gates.FIGURE,
    loss.FIGURE,
    weights.FIGURE,
    clipping.FIGURE,
)

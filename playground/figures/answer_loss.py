"""The loss of every answer, at the step at which it is given."""

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, profile
from playground.figures.flow_matrix import ONE_ANSWER
from playground.figures.profile import Profile, ProfileData

ANSWERS = "answers"


def prepare(measurements: Measurements) -> ProfileData:
    if "answer_loss" not in measurements or "total_gradient" not in measurements:
        return ProfileData(0, {}, ONE_ANSWER if measurements.names() else over_time.NOTHING_YET)
    series, steps = measurements["answer_loss"], measurements["total_gradient"].spec
    length = steps.shape[-1]
    # Answers end where the steps end; a decoder's begin when it takes over.
    before = np.full(length - series.spec.shape[0], np.nan)
    found = profile.of(series, lambda losses: np.concatenate([before, losses]), np.arange(length) >= len(before))
    if len(found.start):
        found = found._replace(expected=found.expected & (found.start != 0))  # an answer that no sequence gives
    return ProfileData(length, {ANSWERS: found}, handover=steps.handover)


def sentence(found: Profile) -> str:
    """The best and the worst answer."""
    steps = np.flatnonzero(found.expected)
    if not len(steps):
        return "No answer has a loss."
    losses = found.newest[steps]
    worst, best = steps[losses.argmax()], steps[losses.argmin()]
    return f"Step {worst + 1} answers worst, {number(losses.max())}; step {best + 1} best, {number(losses.min())}."


FIGURE = profile.figure(
    prepare,
    sentence,
    "loss",
    name="answer_loss",
    title="Loss of every answer",
    rule="Loss of the answer given at step t, mean over the batch: which answers are learned, and which are not.",
    needs=("answer_loss", "total_gradient"),
    optional=True,
)

"""The flow of one loss term, of several to choose from: one line of the flow matrix, now and at the start."""

from collections.abc import Sequence
from operator import itemgetter

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, profile
from playground.figures.flow_matrix import ONE_ANSWER, answers_of
from playground.figures.profile import Profile, ProfileData

CHOICES = 5  # answers to choose from, evenly spaced: each is drawn by itself


def prepare(measurements: Measurements) -> ProfileData:
    if "flow_matrix" not in measurements:
        return ProfileData(0, {}, ONE_ANSWER if measurements.names() else over_time.NOTHING_YET)
    series = measurements["flow_matrix"]
    answers, steps = answers_of(series.spec)
    each = np.arange(series.spec.shape[-1])
    profiles = {f"answer {answers[i]}": profile.of(series, itemgetter(i), each < steps[i]) for i in some(answers)}
    return ProfileData(series.spec.shape[-1], profiles, handover=series.spec.handover)


def some(answers: Sequence[int]) -> list[int]:
    """Places of the last, of some between, and of the first of these answers."""
    places = np.linspace(len(answers) - 1, 0, min(CHOICES, len(answers)))
    return [int(place) for place in np.round(places)]


def sentence(found: Profile) -> str:
    """How much of what an answer says at its own step arrives at the first one."""
    own = found.newest[found.expected]
    told = np.flatnonzero(own)
    if not len(told):
        return "Exactly 0 at every step: no signal, or none of the followed sequences gives this answer."
    last = int(told[-1])
    if last == 0:
        return f"Step {last + 1} alone reaches this answer."
    if own[0] == 0:
        return f"Exactly 0 at {np.count_nonzero(own == 0)} of {len(own)} steps."
    ratio = own[0] / own[last]
    return f"Step 1 receives {number(ratio)} {'of' if ratio < 1 else 'times'} what step {last + 1} receives."


FIGURE = profile.figure(
    prepare,
    sentence,
    "‖∂L_k/∂h_t‖",
    name="answer_flow",
    title="Flow of one answer",
    rule="What one answer, to choose, tells step t: a row of the picture of every answer, now and at the start.",
    needs=("flow_matrix",),
    optional=True,
)

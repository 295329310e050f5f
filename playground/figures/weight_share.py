"""What each time step adds to the gradient of the recurrent weights."""

from operator import itemgetter

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, profile
from playground.figures.profile import Profile, ProfileData

NO_SHARES = "This network has no recurrent weights U."


def prepare(measurements: Measurements) -> ProfileData:
    if "weight_share" not in measurements:
        return ProfileData(0, {}, NO_SHARES if measurements.names() else over_time.NOTHING_YET)
    series = measurements["weight_share"]
    spec = series.spec
    profiles = {}
    for row, place in over_time.top_first(spec.labels).items():
        own = (place, slice(over_time.own_steps(row, series)))
        expected = np.ones(over_time.own_steps(row, series), dtype=np.bool_)
        profiles[row] = profile.of(series, itemgetter(own), expected)
    return ProfileData(spec.shape[-1], profiles, handover=spec.handover)


def sentence(found: Profile) -> str:
    """Which step has most of a say in U, and how little the least one has."""
    sizes = found.newest
    if not sizes.any():
        return "No step adds anything to the gradient of U."
    most = int(sizes.argmax())
    told = np.flatnonzero(sizes)
    least = int(told[sizes[told].argmin()])
    text = f"Step {most + 1} adds most, {number(sizes[most])}"
    if sizes[least] < sizes[most]:
        text += f"; step {least + 1} {number(sizes[least] / sizes[most])} of that"
    zeros = len(sizes) - len(told)
    return f"{text}; {zeros} of {len(sizes)} nothing at all." if zeros else f"{text}."


FIGURE = profile.figure(
    prepare,
    sentence,
    "‖∂L/∂U at t‖",
    name="weight_share",
    title="What each step teaches U",
    rule="Norm of what step t adds to the gradient of U. The first adds nothing where its state before it is 0.",
    needs=("weight_share",),
)

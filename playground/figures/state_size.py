"""How large the states are at every time step: now, at the start, and as the initialisers let expect."""

from operator import itemgetter

import numpy as np

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, profile
from playground.figures.profile import Profile, ProfileData

NO_STATES = "This network has no hidden states."


def prepare(measurements: Measurements) -> ProfileData:
    if "state_size" not in measurements:
        return ProfileData(0, {}, NO_STATES if measurements.names() else over_time.NOTHING_YET)
    series = measurements["state_size"]
    spec = series.spec
    profiles = {}
    for row, place in over_time.top_first(spec.labels).items():
        own = itemgetter((place, slice(over_time.own_steps(row, series))))
        found = profile.of(series, own, np.ones(over_time.own_steps(row, series), dtype=np.bool_))
        if "state_size_expected" in measurements:
            foretold = profile.sizes_of(over_time.at_start(measurements["state_size_expected"]), own)
            found = found._replace(foretold=foretold)
        profiles[row] = found
    return ProfileData(spec.shape[-1], profiles, handover=spec.handover)


def sentence(found: Profile) -> str:
    """How large the last state is beside the first one, and what a formula says of it."""
    sizes = found.newest
    text = f"Step 1 {number(sizes[0])}, step {len(sizes)} {number(sizes[-1])}"
    if found.foretold is not None and len(found.foretold):
        text += f"; expected at the start {number(found.foretold[-1])}"
    return f"{text}."


FIGURE = profile.figure(
    prepare,
    sentence,
    "size of h_t",
    name="state_size",
    title="Size of the states",
    rule="Root mean square of h. Rising to the right: each step makes the states larger.",
    needs=("state_size", "state_size_expected"),
)

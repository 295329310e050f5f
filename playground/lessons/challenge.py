"""A broken run to mend, scored by what the mending cost: the updates of all attempts together."""

from collections.abc import Iterable
from typing import NamedTuple

from playground.lessons.lesson import Challenge
from playground.training.config import RunConfig

LEAST = 0.2
"""Points of a run that is mended with the last update of the budget."""
KEPT = ("task", "shuffle_time", "test_length")
"""What a mended run has as the broken one had it: another question is not an answer."""


class Attempt(NamedTuple):
    """A run: how many updates it has made, and whether it reached the goal."""

    run_id: str
    updates: int
    reached: bool


class Standing(NamedTuple):
    """`spent` and `left` are updates, `spent` up to the first attempt that reached the goal; `points` is 0 … 1."""

    spent: int
    left: int
    solved: bool
    points: float


def standing(challenge: Challenge, attempts: Iterable[Attempt]) -> Standing:
    """points = 1 up to par, then 1 − (1 − LEAST)·(spent − par)/(budget − par), and 0 beyond the budget or unsolved."""
    spent, reached = 0, False
    for attempt in attempts:
        spent += attempt.updates
        if reached := attempt.reached:
            break
    solved = reached and spent <= challenge.budget
    over = max(0, spent - challenge.par) / (challenge.budget - challenge.par)
    return Standing(spent, max(0, challenge.budget - spent), solved, 1 - (1 - LEAST) * over if solved else 0.0)


def same_question(config: RunConfig, broken: RunConfig) -> bool:
    """Whether a run is asked what the broken one was."""
    return all(getattr(config, field) == getattr(broken, field) for field in KEPT)

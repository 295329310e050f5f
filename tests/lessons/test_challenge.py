"""A challenge is scored by the updates that all attempts took."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.lessons.challenge import LEAST, Attempt, same_question, standing
from playground.lessons.lesson import Challenge
from playground.training.config import RunConfig

TASK = Challenge(ask="Mend it.", state="broken", budget=900, goal="accuracy > 0.97", par=200)


def after(*attempts):
    return standing(TASK, [Attempt(f"run {i}", updates, reached) for i, (updates, reached) in enumerate(attempts)])


def test_nothing_is_spent_at_first():
    assert after() == (0, 900, False, 0.0)


@pytest.mark.parametrize(
    ("attempts", "spent", "solved", "points"),
    [
        ([(150, True)], 150, True, 1.0),
        ([(200, True)], 200, True, 1.0),
        ([(550, True)], 550, True, 0.6),
        ([(900, True)], 900, True, LEAST),
        ([(901, True)], 901, False, 0.0),
        ([(300, False), (250, True)], 550, True, 0.6),
        ([(200, True), (500, True)], 200, True, 1.0),
        ([(300, False), (300, False), (300, False)], 900, False, 0.0),
        ([(800, False), (300, True)], 1100, False, 0.0),
        ([(0, False)], 0, False, 0.0),
    ],
)
def test_points_fall_with_what_was_spent(attempts, spent, solved, points):
    found = after(*attempts)
    assert found == (spent, max(0, 900 - spent), solved, pytest.approx(points))


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=8), st.integers(0, 1000))
def test_an_attempt_more_never_earns_more(attempts, before):
    points = after(*attempts).points
    assert points == 0 or LEAST <= points <= 1
    assert after((before, False), *attempts).points <= points
    if points:
        assert after(*attempts, (before, True)).points == points, "it is mended, and what follows is free"


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"cell.kind": "lstm", "seed": 3, "updates": 100, "hidden": 32, "clip.kind": "none"}, True),
        ({"task.length": 5}, False),
        ({"task.kind": "majority"}, False),
        ({"shuffle_time": True}, False),
        ({"test_length": 5}, False),
    ],
)
def test_a_mended_run_is_asked_the_same(changes, same):
    assert same_question(RunConfig().patched(changes), RunConfig()) is same

"""Whether a change helped, in words that the figures bear out."""

import math

import pytest

from playground.diagnosis.verdict import Outcome, helped, verdict

FORGOT = Outcome(400, "accuracy", True, 0.25, 0.24, 2e-8, None, None, ("vanishing over time",))
SOLVED = Outcome(400, "accuracy", True, 0.25, 1.0, 0.05, None, 60)
BROKEN = Outcome(16, "accuracy", True, 0.25, 0.15, 1.0, 16, None, ("not finite",))
PLATEAU = Outcome(600, "mean squared error", False, 1 / 6, 0.17, 0.04, None, None)
LEARNED = Outcome(600, "mean squared error", False, 1 / 6, 0.002, 0.04, None, 300)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (FORGOT, SOLVED, True),
        (SOLVED, FORGOT, False),
        (FORGOT, FORGOT, False),
        (FORGOT, FORGOT._replace(metric=0.29), False),  # noise of 256 sequences
        (BROKEN, SOLVED, True),
        (BROKEN, FORGOT, True),  # it does not break any more
        (BROKEN, BROKEN, False),
        (FORGOT, BROKEN, False),
        (PLATEAU, LEARNED, True),
        (PLATEAU, PLATEAU._replace(metric=0.15), False),
        (SOLVED, SOLVED._replace(solved=30), True),
        (SOLVED, SOLVED._replace(solved=55), False),
    ],
)
def test_better_by_more_than_noise(first, second, expected):
    assert helped(first, second) is expected


def test_the_sentence_names_the_figures():
    said = verdict(FORGOT, SOLVED, "orthogonal", over=True)
    assert said.startswith("Orthogonal helped: accuracy 100 % (solved at 60) instead of accuracy 24 %")
    assert "guessing is 25 %" in said
    assert "2.0·10⁻⁸" in said
    assert "not raised any more: vanishing over time" in said


def test_before_both_have_ended_it_is_only_so_far():
    assert verdict(FORGOT, SOLVED, "LSTM", over=False).startswith("So far LSTM helps")
    assert verdict(FORGOT._replace(update=0), SOLVED, "LSTM", over=False) == "Both are under way."


def test_no_help_is_said_as_plainly():
    assert verdict(FORGOT, FORGOT, "tanh", over=True).startswith("Tanh did not help")
    assert verdict(SOLVED, FORGOT, "tanh", over=True).startswith("Tanh made it worse")
    assert "NaN at update 16" in verdict(FORGOT, BROKEN, "gain 2", over=True)


def test_a_metric_that_is_not_finite_is_no_help():
    assert not helped(FORGOT, SOLVED._replace(metric=math.nan))

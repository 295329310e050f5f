"""End signs, and guessing where all answers can be listed."""

import math

import numpy as np
import pytest

from playground.tasks.endings import asked, said
from playground.tasks.guessing import best_fixed_guess

NAMES = ("·", "a", "b", "c")


def test_the_first_end_sign_counts_and_nothing_after_it():
    rows = np.array([[1, 0, 0], [0, 0, 0], [1, 2, 3], [0, 2, 3]])
    assert asked(rows).astype(int).tolist() == [[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 0, 0]]


def test_a_reader_sees_nothing_after_the_end():
    """A network that goes on writing after its end sign has ended all the same."""
    assert said(np.array([2.0, 0.0, 3.0]), NAMES) == (("b", "·", "·"), (False, True, True), " ")
    assert said(np.array([1.0, 2.0]), NAMES, "").items == ("a", "b")


def test_the_best_fixed_guess_by_hand():
    """Answers a·, b·, and bc twice as likely: the first step is b in 3 of 4, the second a sign in 2 of 4."""
    answers = np.array([[1, 0], [2, 0], [2, 3]])
    loss, accuracy, exact = best_fixed_guess(answers, np.array([1.0, 1.0, 2.0]))
    first = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert loss == pytest.approx((first + math.log(2)) / 2)
    assert accuracy == pytest.approx((3 / 4 + 2 / 4) / 2)
    assert exact == pytest.approx(2 / 4)


def test_a_place_weighs_as_often_as_it_counts():
    """Second answers count in one sequence of two, and are always 3 there: two answers of a coin, one that is sure."""
    counts = np.array([[True, False], [True, True]])
    loss, accuracy, exact = best_fixed_guess(np.array([[0, 1], [1, 3]]), np.ones(2), counts)
    assert loss == pytest.approx(2 * math.log(2) / 3)
    assert accuracy == pytest.approx((1 + 1) / 3)
    assert exact == 1 / 2

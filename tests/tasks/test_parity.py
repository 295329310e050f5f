"""Parity: a running one, of which the first answer does not count."""

import math

import pytest

from playground.tasks.parity import Parity


def test_the_answer_is_whether_the_ones_so_far_are_odd(rng):
    x, targets, counts = Parity(length=9).sample(200, rng)
    assert (x.sum(-1) == 1).all()
    for n in range(200):
        ones = 0
        for t in range(9):
            ones += int(x[t, n, 1])
            assert targets[t, n] == ones % 2
            assert counts[t, n] == (t > 0)


def test_the_current_bit_says_nothing(rng, best_guess):
    task = Parity()
    x, targets, counts = task.sample(40_000, rng)
    loss, accuracy = best_guess(x.argmax(-1), targets, counts)
    assert task.baseline_loss == math.log(2) == pytest.approx(loss, abs=0.001)
    assert task.baseline_metric == 1 / 2 == pytest.approx(accuracy, abs=0.005)

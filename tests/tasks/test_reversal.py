"""Reversal and repeat: digits in, digits out."""

import math
from collections import Counter

import pytest

from playground.tasks.repeat import Repeat
from playground.tasks.reversal import Reversal

ORDERS = {Reversal: reversed, Repeat: iter}


@pytest.mark.parametrize("cls", ORDERS)
@pytest.mark.parametrize(("length", "symbols"), [(8, 10), (2, 2), (15, 5)])
def test_the_digits_are_written_in_their_order(rng, cls, length, symbols):
    task = cls(length=length, symbols=symbols)
    x, targets, counts = task.sample(200, rng)
    assert counts is None
    assert x.shape == (length, 200, symbols)
    assert (x.sum(-1) == 1).all()
    for n in range(200):
        shown = task.view_input(x[:, n].numpy()).items
        assert task.view_output(targets[:, n].numpy()).items == tuple(ORDERS[cls](shown))
        assert set(shown) <= set("0123456789"[:symbols])


@pytest.mark.parametrize("cls", ORDERS)
def test_the_baseline_is_the_best_fixed_guess(rng, best_guess, cls):
    task = cls(length=3, symbols=4)
    _, targets, _ = task.sample(40_000, rng)
    for place in targets:
        loss, accuracy = best_guess(place * 0, place)
        assert task.baseline_loss == math.log(4) == pytest.approx(loss, abs=0.001)
        assert accuracy == pytest.approx(1 / 4, abs=0.01)
    whole = Counter(map(tuple, targets.T.tolist()))
    assert len(whole) == 4**3
    assert task.baseline_metric == 4**-3 == pytest.approx(whole.most_common(1)[0][1] / 40_000, abs=0.003)


def test_the_digits_written_so_far_do_not_tell_the_next(rng, best_guess):
    """So teacher forcing alone, without memory of what was read, scores the baseline too."""
    task = Reversal(symbols=4)
    _, targets, _ = task.sample(20_000, rng)
    assert best_guess(targets[:-1], targets[1:])[0] == pytest.approx(task.baseline_loss, abs=0.001)

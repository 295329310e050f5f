"""Summary: the capitals of a line."""

import math
from collections import Counter

import pytest

from playground.tasks.summary import Summary


@pytest.mark.parametrize(("length", "capitals", "symbols"), [(24, 3, 6), (5, 5, 2), (30, 1, 10)])
def test_the_answer_is_the_capitals_in_their_order(rng, length, capitals, symbols):
    task = Summary(length=length, capitals=capitals, symbols=symbols)
    x, targets, counts = task.sample(200, rng)
    assert counts is None
    assert x.shape == (length, 200, symbols + 1)
    for n in range(200):
        shown = task.view_input(x[:, n].numpy())
        assert task.view_output(targets[:, n].numpy()).items == tuple(c for c in shown.items if c.isupper())
        assert len(targets[:, n]) == capitals == task.answers
        assert shown.blank == tuple(c.islower() for c in shown.items)
        assert set("".join(shown.items).upper()) <= set("ABCDEFGHIJ"[:symbols])


def test_a_capital_can_stand_at_any_step_and_be_any_letter(rng):
    x, _, _ = Summary(length=10).sample(20_000, rng)
    assert x[..., -1].mean(1).tolist() == pytest.approx([0.3] * 10, abs=0.02)
    assert x[..., :-1].mean((0, 1)).tolist() == pytest.approx([1 / 6] * 6, abs=0.01)


def test_the_baseline_is_the_best_fixed_guess(rng, best_guess):
    task = Summary(symbols=4)
    _, targets, _ = task.sample(40_000, rng)
    for place in targets:
        loss, accuracy = best_guess(place * 0, place)
        assert task.baseline_loss == math.log(4) == pytest.approx(loss, abs=0.001)
        assert accuracy == pytest.approx(1 / 4, abs=0.01)
    whole = Counter(map(tuple, targets.T.tolist()))
    assert task.baseline_metric == 4**-3 == pytest.approx(whole.most_common(1)[0][1] / 40_000, abs=0.003)

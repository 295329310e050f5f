"""The majority of the neighbours, and what can be known of it one way."""

from itertools import product

import pytest

from playground.tasks.majority import Majority


@pytest.mark.parametrize("reach", [1, 2, 4])
def test_the_tag_is_the_majority_of_the_bits_around(rng, reach):
    x, targets, counts = Majority(length=12, reach=reach).sample(100, rng)
    bits = x.argmax(-1).T.tolist()
    for n in range(100):
        for t in range(12):
            whole = reach <= t < 12 - reach
            assert counts[t, n] == whole
            if whole:
                assert targets[t, n] == (sum(bits[n][t - reach : t + reach + 1]) > reach)


def enumerated(reach, places):
    """The best accuracy of a reader of those places of the window, by going through every window."""
    votes = {}
    for window in product((0, 1), repeat=2 * reach + 1):
        votes.setdefault(tuple(window[place] for place in places), []).append(sum(window) > reach)
    return sum(max(sum(v), len(v) - sum(v)) for v in votes.values()) / 2 ** (2 * reach + 1)


@pytest.mark.parametrize("reach", [1, 2, 3, 4])
def test_baseline_and_ceilings_by_going_through_every_window(reach):
    task = Majority(reach=reach)
    assert task.baseline_metric == enumerated(reach, [reach])
    assert task.one_way_ceiling == enumerated(reach, range(reach + 1))
    assert task.best_guess(2 * reach + 1) == enumerated(reach, range(2 * reach + 1)) == 1


def test_the_numbers_on_the_card():
    assert Majority().baseline_metric == 11 / 16
    assert Majority().one_way_ceiling == 0.8125


def test_the_baseline_is_what_the_current_bit_tells(rng, best_guess):
    task = Majority()
    x, targets, counts = task.sample(20_000, rng)
    loss, accuracy = best_guess(x.argmax(-1), targets, counts)
    assert task.baseline_loss == pytest.approx(loss, abs=0.004)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.004)

"""Temporal order: two informative symbols, in their tenths of the sequence."""

import math

import pytest
import torch

from playground.tasks.order import TemporalOrder


@pytest.mark.parametrize("length", [10, 30, 50, 200, 11, 19, 37])
def test_informative_symbols_lie_in_their_intervals_and_decide_the_answer(rng, length):
    """HS97 6a: one of A, B at a step in [0.1·T, 0.2·T), one in [0.5·T, 0.6·T), four distractors everywhere else."""
    x, targets, _ = TemporalOrder(length=length).sample(2000, rng)
    assert x.shape == (length, 2000, 6)
    assert (x.sum(-1) == 1).all()
    symbols = x.argmax(-1)
    informative = symbols < 2
    assert (informative.sum(0) == 2).all()
    places = informative.T.nonzero()[:, 1].reshape(-1, 2)
    for place, low in ((places[:, 0], 1), (places[:, 1], 5)):
        allowed = [t for t in range(length) if low * length <= 10 * t < (low + 1) * length]  # counted from 0
        assert sorted(set(place.tolist())) == allowed
    first, second = (symbols.gather(0, places[:, i][None]).squeeze(0) for i in (0, 1))
    assert torch.equal(targets, (2 * first + second)[None])


def test_distractors_and_classes_are_uniform(rng):
    x, targets, _ = TemporalOrder(length=10).sample(20_000, rng)
    torch.testing.assert_close(targets[0].bincount() / 20_000, torch.full((4,), 0.25), rtol=0, atol=0.016)
    shares = x.flatten(0, 1)[:, 2:].mean(0)
    torch.testing.assert_close(shares, torch.full((4,), 0.2, dtype=torch.float64), rtol=0, atol=0.005)


def test_guessing_scores_a_quarter_and_ln_4():
    assert TemporalOrder().baseline_metric == 0.25
    assert TemporalOrder().baseline_loss == pytest.approx(math.log(4))


def test_a_reader_sees_letters_that_spell_the_answer(rng):
    task = TemporalOrder(length=12)
    x, targets, _ = task.sample(20, rng)
    for n in range(20):
        letters = task.view_input(x[:, n].numpy()).items
        assert (
            "".join(letter for letter in letters if letter in "AB") == task.view_output(targets[:, n].numpy()).items[0]
        )

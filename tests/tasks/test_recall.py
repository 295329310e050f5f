"""Recall of the first symbol, and the generator streams that feed it."""

import math

import pytest
import torch
from torch.nn import functional as F

from playground.tasks.recall import RecallFirst


@pytest.mark.parametrize("symbols", [2, 4, 10])
def test_the_answer_is_the_first_symbol_and_inputs_are_one_hot(rng, symbols):
    x, targets, _ = RecallFirst(length=12, symbols=symbols).sample(50, rng)
    assert x.shape == (12, 50, symbols)
    assert ((x == 0) | (x == 1)).all()
    assert (x.sum(-1) == 1).all()
    assert torch.equal(x[:1].argmax(-1), targets)


def test_distractors_are_random_symbols_of_the_same_alphabet(rng):
    """Each step is uniform, and later ones say nothing about the first."""
    x, targets, _ = RecallFirst(length=5).sample(40_000, rng)
    torch.testing.assert_close(x.mean(1), torch.full((5, 4), 0.25, dtype=torch.float64), rtol=0, atol=0.011)
    for t in range(1, 5):
        for symbol in range(4):
            share = x[t, targets[0] == symbol].mean(0)
            torch.testing.assert_close(share, torch.full((4,), 0.25, dtype=torch.float64), rtol=0, atol=0.022)


@pytest.mark.parametrize("symbols", [2, 4, 10])
def test_guessing_scores_the_baselines(rng, symbols):
    task = RecallFirst(symbols=symbols)
    targets = task.sample(40_000, rng).targets
    guesses = torch.zeros(1, 40_000, symbols)
    assert F.cross_entropy(guesses[0], targets[0]).item() == pytest.approx(task.baseline_loss, rel=1e-5)
    assert task.baseline_loss == pytest.approx(math.log(symbols))
    assert task.score(guesses, targets).item() == pytest.approx(task.baseline_metric, abs=0.015)
    assert F.one_hot(targets[0], symbols).double().mean(0).max().item() == pytest.approx(
        task.baseline_metric, abs=0.015
    )


def test_a_reader_sees_letters(rng):
    task = RecallFirst(length=6)
    x, targets, _ = task.sample(1, rng)
    letters = task.view_input(x[:, 0].numpy()).items
    assert len(letters) == 6
    assert set(letters) <= set("ABCD")
    assert task.view_output(targets[:, 0].numpy()).items == letters[:1]

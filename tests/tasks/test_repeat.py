"""Repeat differs from reversal in one thing; the rest is tested in test_reversal.py."""

import torch

from playground.tasks.repeat import Repeat
from playground.tasks.reversal import Reversal


def test_the_same_digits_the_other_way_round():
    repeat, reversal = (cls().sample(20, torch.Generator().manual_seed(3)) for cls in (Repeat, Reversal))
    assert torch.equal(repeat.x, reversal.x)
    assert torch.equal(repeat.targets, reversal.targets.flip(0))
    assert torch.equal(repeat.targets, repeat.x.argmax(-1))


def test_the_numbers_on_the_card():
    assert Repeat().baseline_metric == Reversal().baseline_metric == 1e-8

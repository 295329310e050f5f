"""The next value of a series."""

import math

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground.tasks.series import DAMPING, OMEGA, PAIR, NextValue, mackey_glass

YOURS = tuple(math.sin(0.3 * t) + 0.01 * t + (t % 7 == 0) for t in range(200))
EVERY = [
    NextValue(length=20),
    NextValue(length=20, source="damped pair"),
    NextValue(length=20, source="mackey-glass"),
    NextValue(length=20, source="yours", values=YOURS),
]
every_source = pytest.mark.parametrize("task", EVERY, ids=lambda task: task.source)


@every_source
def test_the_answer_is_the_next_input(task, rng):
    x, targets, counts = task.sample(50, rng)
    assert counts is None
    assert torch.equal(x[1:], targets[:-1])


def test_a_sine_has_variance_one_and_obeys_its_recurrence(rng):
    x, targets, _ = EVERY[0].sample(5000, rng)
    assert x.square().mean().item() == pytest.approx(1, abs=0.005)
    torch.testing.assert_close(targets[1:], 2 * math.cos(OMEGA) * x[1:] - x[:-1], rtol=0, atol=1e-12)


def test_a_damped_pair_obeys_the_product_of_its_two_recurrences(rng):
    """(1 − 2q cos ω₁ B + q²B²)(1 − 2q cos ω₂ B + q²B²) x = 0, with B one step back and q = e^(−γ)."""
    q = math.exp(-DAMPING)
    filters = [[1, -2 * q * math.cos(omega), q * q] for omega in PAIR]
    a = np.polymul(*filters)
    x, targets, _ = EVERY[1].sample(5000, rng)
    whole = torch.cat([x, targets[-1:]])
    left = sum(a[k] * whole[4 - k : len(whole) - k] for k in range(5))
    torch.testing.assert_close(left, torch.zeros_like(left), rtol=0, atol=1e-12)
    assert x[0].square().mean().item() == pytest.approx(1, abs=0.1)


@every_source
def test_the_baseline_is_the_best_line_through_the_current_value(task, rng):
    x, targets, _ = task.sample(40_000, rng)
    x, y = x.flatten().numpy(), targets.flatten().numpy()
    slope, start = np.polyfit(x, y, 1)
    assert task.baseline_loss == pytest.approx(np.square(y - start - slope * x).mean(), rel=0.02)
    assert task.baseline_metric == task.baseline_loss


def test_no_curve_does_better_for_the_sine_and_the_pair(rng):
    """Their best guess is a straight line: the mean of the next value in narrow bins of the current one is on it."""
    for task in EVERY[:2]:
        x, targets, _ = task.sample(40_000, rng)
        x, y = x.flatten(), targets.flatten()
        _, bins = (x / 0.05).round().unique(return_inverse=True)
        means = torch.zeros(int(bins.max()) + 1, dtype=torch.float64).index_add_(0, bins, y) / bins.bincount()
        assert (y - means[bins]).square().mean().item() == pytest.approx(task.baseline_loss, rel=0.02)


def test_persistence_of_the_sine(rng):
    """2(1 − cos ω) at variance 1; at amplitude 1, half of both, it is the 1 − cos ω in print. No best guess, either."""
    x, targets, _ = EVERY[0].sample(20_000, rng)
    persistence = (targets - x).square().mean().item()
    assert persistence == pytest.approx(2 * (1 - math.cos(OMEGA)), rel=0.02)
    assert EVERY[0].baseline_loss == math.sin(OMEGA) ** 2 < persistence


def test_mackey_glass_is_settled_and_oscillates():
    numbers = mackey_glass()
    assert numbers.mean() == pytest.approx(0, abs=1e-12)
    assert numbers.std() == pytest.approx(1)
    assert numbers[:1000].std() == pytest.approx(numbers[1000:].std(), rel=0.05)
    peaks = (numbers[1:-1] > numbers[:-2]) & (numbers[1:-1] > numbers[2:]) & (numbers[1:-1] > 0)
    assert 4 * len(numbers) / peaks.sum() == pytest.approx(50, rel=0.4)  # quasi-periods of about 50 units of time


def test_your_numbers_are_standardised_and_every_window_can_come(rng):
    task = NextValue(length=2, source="yours", values=(3.0, 1.0, 4.0, 1.5, 9.0))
    standard = (np.array(task.values) - 3.7) / np.std(task.values)
    x, targets, _ = task.sample(500, rng)
    drawn = {tuple(np.round(torch.cat([x, targets[-1:]])[:, n, 0].numpy(), 9)) for n in range(500)}
    assert drawn == {tuple(np.round(standard[start : start + 3], 9)) for start in range(3)}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((), "The series has 0 numbers, and 22 or more are needed for sequences of 20. Upload a longer column"),
        ((1.0, 2.0) * 10, "has 20 numbers, and 22"),
        ((2.5,) * 30, "run from 2.5 to 2.5, and cannot be brought to variance 1. Upload a column that varies"),
        ((1e300, -1e300) * 15, "cannot be brought to variance 1"),
        ((1.0, math.inf) * 15, "finite"),
        ((1.0, 2.0) * 5001, "at most 10000"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_numbers_that_will_not_do(values, sentence):
    with pytest.raises(ValidationError, match=sentence):
        NextValue(length=20, source="yours", values=values)


def test_numbers_wait_while_another_source_is_chosen():
    assert NextValue(values=(1.0,)).values == (1.0,)

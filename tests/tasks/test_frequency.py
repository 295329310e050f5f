"""Waves of a given frequency."""

import math

import pytest

from playground.tasks.frequency import Frequency


def test_the_input_decides_the_wave(rng):
    task = Frequency(length=25)
    x, targets, counts = task.sample(200, rng)
    assert counts is None
    assert x.shape == (1, 200, 1)
    assert x.abs().max() <= 1
    for n in range(200):
        slow, fast = 2 * math.pi / 20, 2 * math.pi / 8
        omega = slow + (fast - slow) * (x[0, n, 0].item() + 1) / 2
        for t, value in enumerate(targets[:, n, 0].tolist(), start=1):
            assert value == pytest.approx(math.sin(omega * t), abs=1e-12)


@pytest.mark.parametrize("length", [2, 10, 30, 100])
def test_no_wave_that_ignores_the_input_is_better_than_the_baseline(rng, length):
    task = Frequency(length=length)
    _, targets, _ = task.sample(40_000, rng)
    mean = targets.mean(1, keepdim=True).expand_as(targets)
    assert task.baseline_loss == task.baseline_metric
    assert task.score(mean, targets).item() == pytest.approx(task.baseline_loss, rel=0.015)


def test_a_reader_sees_the_length_of_a_cycle_and_a_curve(rng):
    task = Frequency()
    x, targets, _ = task.sample(1, rng)
    assert task.view_input(x[:, 0].numpy() * 0 - 1).items == ("a cycle in 20.0 steps",)
    assert task.view_input(x[:, 0].numpy() * 0 + 1).items == ("a cycle in 8.0 steps",)
    assert task.view_output(targets[:, 0].numpy()).values.shape == (30, 1)

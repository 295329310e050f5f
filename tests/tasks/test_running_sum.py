"""The running sum."""

import pytest

from playground.tasks.running_sum import RunningSum


def test_the_answer_is_the_sum_so_far_over_the_root_of_T(rng):
    x, targets, _ = RunningSum(length=9).sample(100, rng)
    assert ((x >= -1) & (x < 1)).all()
    for n in range(100):
        total = 0.0
        for t in range(9):
            total += x[t, n, 0].item()
            assert targets[t, n, 0].item() == pytest.approx(total / 3, abs=1e-14)


@pytest.mark.parametrize("length", [2, 9, 40])
def test_the_baseline_is_the_best_guess_from_the_current_number(rng, length):
    task = RunningSum(length=length)
    x, targets, _ = task.sample(20_000, rng)
    slope = (x * targets).mean() / x.square().mean()
    assert slope.item() == pytest.approx(length**-0.5, abs=0.02)
    assert task.score(slope * x, targets).item() == pytest.approx(task.baseline_loss, rel=0.03)
    assert task.baseline_metric == task.baseline_loss

"""The adding problem: marks, answers, and 1/6 rather than 0.1767."""

import pytest
import torch

from playground.tasks.adding import Adding


@pytest.mark.parametrize("length", [2, 3, 7, 50])
def test_one_mark_in_each_half_and_the_sum_of_the_marked_values(rng, length):
    x, targets = Adding(length=length).sample(500, rng)
    values, marks = x.unbind(-1)
    assert x.shape == (length, 500, 2)
    assert ((values >= 0) & (values < 1)).all()
    assert ((marks == 0) | (marks == 1)).all()
    assert (marks[: length // 2].sum(0) == 1).all()
    assert (marks[length // 2 :].sum(0) == 1).all()
    torch.testing.assert_close(targets, (values * marks).sum(0)[:, None], rtol=0, atol=1e-15)


def test_marks_stand_at_every_step_of_their_half(rng):
    marks = Adding(length=10).sample(50_000, rng).x[..., 1]
    torch.testing.assert_close(marks.mean(1), torch.full((10,), 0.2, dtype=torch.float64), rtol=0, atol=0.01)


def test_values_are_uniform(rng):
    values = Adding(length=10).sample(20_000, rng).x[..., 0]
    shares = torch.histc(values, 10, 0, 1) / values.numel()
    torch.testing.assert_close(shares, torch.full_like(shares, 0.1), rtol=0, atol=0.005)


def test_always_answering_one_scores_one_sixth(rng):
    task = Adding(length=20)
    _, targets = task.sample(200_000, rng)
    measured = task.score(torch.ones_like(targets), targets).item()
    assert measured == pytest.approx(1 / 6, abs=0.002)  # five standard errors
    assert task.baseline_loss == task.baseline_metric == 1 / 6
    assert targets.var().item() == pytest.approx(1 / 6, abs=0.002)  # no constant does better

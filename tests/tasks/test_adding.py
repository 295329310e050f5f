"""The adding problem: marks, answers, and 1/6 rather than 0.1767."""

import pytest
import torch

from playground.tasks.adding import Adding


@pytest.mark.parametrize("target", ["sum", "mean"])
@pytest.mark.parametrize("length", [2, 3, 7, 50])
def test_one_mark_in_each_half_and_the_sum_or_mean_of_the_marked_values(rng, length, target):
    x, targets, counts = Adding(length=length, target=target).sample(500, rng)
    values, marks = x.unbind(-1)
    assert counts is None
    assert x.shape == (length, 500, 2)
    assert ((values >= 0) & (values < 1)).all()
    assert ((marks == 0) | (marks == 1)).all()
    assert (marks[: length // 2].sum(0) == 1).all()
    assert (marks[length // 2 :].sum(0) == 1).all()
    answers = (values * marks).sum(0) / (1 if target == "sum" else 2)
    torch.testing.assert_close(targets, answers[None, :, None], rtol=0, atol=1e-15)


def test_marks_stand_at_every_step_of_their_half(rng):
    marks = Adding(length=10).sample(50_000, rng).x[..., 1]
    torch.testing.assert_close(marks.mean(1), torch.full((10,), 0.2, dtype=torch.float64), rtol=0, atol=0.01)


def test_values_are_uniform(rng):
    values = Adding(length=10).sample(20_000, rng).x[..., 0]
    shares = torch.histc(values, 10, 0, 1) / values.numel()
    torch.testing.assert_close(shares, torch.full_like(shares, 0.1), rtol=0, atol=0.005)


@pytest.mark.parametrize(("target", "middle", "expected"), [("sum", 1.0, 1 / 6), ("mean", 0.5, 1 / 24)])
def test_always_answering_the_middle_scores_the_baseline(rng, target, middle, expected):
    task = Adding(length=20, target=target)
    targets = task.sample(200_000, rng).targets
    measured = task.score(torch.full_like(targets, middle), targets).item()
    assert measured == pytest.approx(expected, rel=0.012)  # five standard errors
    assert task.baseline_loss == task.baseline_metric == expected
    assert targets.var().item() == pytest.approx(expected, rel=0.012)  # no constant does better


def test_a_reader_sees_two_curves(rng):
    x, targets, _ = Adding(length=4).sample(1, rng)
    assert Adding(length=4).view_input(x[:, 0].numpy()).names == ("value", "mark")
    assert Adding(target="mean").view_output(targets[:, 0].numpy()).names == ("mean",)

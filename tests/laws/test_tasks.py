"""Laws of every task: shapes, generator, streams, scores."""

import pytest
import torch

from playground.nn.losses import LOSSES
from playground.tasks import registry
from playground.training.config import RunConfig
from playground.training.loop import TrainingState


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def task(request):
    return request.param(length=20)


def test_shapes_and_numbers(task, rng):
    x, targets = task.sample(9, rng)
    assert x.shape == (20, 9, task.inputs)
    assert x.dtype == torch.float64
    assert x.isfinite().all()
    if task.loss == "cross-entropy":
        assert targets.shape == (9,)
        assert targets.dtype == torch.int64
        assert ((targets >= 0) & (targets < task.outputs)).all()
    else:
        assert targets.shape == (9, task.outputs)
        assert targets.dtype == torch.float64


def test_the_same_generator_state_gives_the_same_data(task):
    first, second, other = (task.sample(9, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.x, second.x)
    assert torch.equal(first.targets, second.targets)
    assert not torch.equal(first.x, other.x)


def test_the_global_stream_is_left_alone(task, rng):
    before = torch.get_rng_state()
    task.sample(9, rng)
    assert torch.equal(torch.get_rng_state(), before)


def test_batches_follow_one_another_without_repeating(task, rng):
    assert not torch.equal(task.sample(9, rng).x, task.sample(9, rng).x)


def test_training_and_held_out_data_are_different_streams(task):
    states = [TrainingState(RunConfig(task=task, hidden=4, batch=256, seed=seed)) for seed in (0, 0, 1)]
    held_out = [state.held_out.x for state in states]
    training = [state.batch().x for state in states]
    assert torch.equal(held_out[0], held_out[1])
    assert torch.equal(training[0], training[1])
    assert not torch.equal(held_out[0], held_out[2])
    assert not torch.equal(training[0], training[2])
    assert not torch.equal(held_out[0], training[0])


def test_the_right_answer_scores_best_and_members_score_apart(task, rng):
    _, targets = task.sample(50, rng)
    right = torch.nn.functional.one_hot(targets, task.outputs) if task.loss == "cross-entropy" else targets
    wrong = right.roll(1, -1) if task.loss == "cross-entropy" else right + 2
    scores = task.score(torch.stack([right, wrong]).double(), targets)
    assert scores.tolist() == pytest.approx([1.0, 0.0] if task.metric == "accuracy" else [0.0, 4.0])


def test_the_baselines_are_what_the_best_constant_scores(task, rng):
    """True of every task whose answer cannot be read off the last input."""
    _, targets = task.sample(40_000, rng)
    if task.loss == "cross-entropy":
        shares = targets.bincount(minlength=task.outputs) / len(targets)
        constant, metric = shares.log().expand(len(targets), -1).float(), shares.max().item()
    else:
        constant = targets.mean(0).expand_as(targets)
        metric = task.baseline_metric
    assert LOSSES[task.loss](constant, targets)[0].item() == pytest.approx(task.baseline_loss, rel=0.02)
    assert task.score(constant, targets).item() == pytest.approx(metric, rel=0.02)
    assert metric == pytest.approx(task.baseline_metric, rel=0.04)

"""Laws of every task: shapes, generator, streams, scores, views."""

import math
import subprocess
import sys

import pytest
import torch

from playground.nn.losses import LOSSES
from playground.tasks import registry
from playground.training.config import RunConfig
from playground.training.state import TrainingState


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def task(request):
    return request.param()


def test_shapes_and_numbers(task, rng):
    x, targets, counts = task.sample(9, rng)
    steps = 1 if task.architectures[0] == "one_to_many" else task.length
    assert x.shape == (steps, 9, task.inputs)
    assert x.dtype == torch.float64
    assert x.isfinite().all()
    if task.loss == "cross-entropy":
        assert targets.shape == (task.answers, 9)
        assert targets.dtype == torch.int64
        assert ((targets >= 0) & (targets < task.outputs)).all()
    else:
        assert targets.shape == (task.answers, 9, task.outputs)
        assert targets.dtype == torch.float64
        assert targets.isfinite().all()
    if counts is not None:
        assert counts.shape == (task.answers, 9)
        assert counts.dtype == torch.float64
        assert ((counts == 0) | (counts == 1)).all()
        assert (counts.sum(0) >= 1).all()


def test_answers_that_are_never_asked_are_known_ahead(task, rng):
    counts = task.sample(64, rng).counts
    asked = range(task.answers) if counts is None else counts.amax(1).nonzero()[:, 0].tolist()
    assert list(task.asked)[: len(asked)] == list(asked)
    # Of texts of different lengths the longest may not come up.
    assert counts is None or len(set(counts.sum(0).tolist())) > 1 or list(task.asked) == asked


def same(first, second):
    return all(a is b is None or torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_same_generator_state_gives_the_same_data(task):
    first, second, other = (task.sample(9, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert same(first, second)
    assert not same(first, other)


def test_the_global_stream_is_left_alone(task, rng):
    before = torch.get_rng_state()
    task.sample(9, rng)
    assert torch.equal(torch.get_rng_state(), before)


def test_batches_follow_one_another_without_repeating(task, rng):
    assert not same(task.sample(9, rng), task.sample(9, rng))


def test_a_stream_goes_on_from_its_memory_alone(task, rng):
    """That the windows fit together is each stream's own test; here: what they are made of, and that all count."""
    if not task.streams:
        with pytest.raises(NotImplementedError):
            task.window(9, rng, None)
        return
    start, memory = task.window(9, rng, None)
    assert start.x.shape == (task.length, 9, task.inputs)
    kept, state = memory.clone(), rng.get_state()
    once, after = task.window(9, rng, memory)
    again, after_again = task.window(9, rng.set_state(state), memory)
    assert torch.equal(memory, kept)
    assert same(once, again)
    assert torch.equal(after, after_again)
    assert after.shape == memory.shape
    assert once.counts is None or (once.counts == 1).all()
    other = task.window(9, rng.set_state(state), task.window(9, torch.Generator().manual_seed(5), None)[1])[0]
    assert not same(once, other)


def test_training_and_held_out_data_are_different_streams(task):
    states = [TrainingState(RunConfig(task=task, hidden=4, batch=256, seed=seed)) for seed in (0, 0, 1)]
    held_out = [state.data.held_out for state in states]
    training = [state.batch() for state in states]
    assert same(held_out[0], held_out[1])
    assert same(training[0], training[1])
    assert not same(held_out[0], held_out[2])
    assert not same(training[0], training[2])
    assert not same(held_out[0], training[0])


def test_the_right_answer_scores_best_and_members_score_apart(task, rng):
    _, targets, counts = task.sample(50, rng)
    right = torch.nn.functional.one_hot(targets, task.outputs) if task.loss == "cross-entropy" else targets
    wrong = right.roll(1, -1) if task.loss == "cross-entropy" else right + 2
    scores = task.score(torch.stack([right, wrong], dim=1).double(), targets, counts)
    assert scores.tolist() == pytest.approx([0.0, 4.0] if task.metric == "mean squared error" else [1.0, 0.0])


def test_only_answers_that_count_are_scored(task, rng):
    _, targets, counts = task.sample(50, rng)
    if counts is None:
        return
    right = torch.nn.functional.one_hot(targets, task.outputs) if task.loss == "cross-entropy" else targets
    spoilt = torch.where(counts[..., None] > 0, right, right.roll(1, -1) + 2.0)
    assert task.score(spoilt.double(), targets, counts) == task.score(right.double(), targets, counts)


def test_the_baselines_are_at_least_as_good_as_the_best_constant(task, rng):
    """A guess that looks at the current input can ignore it. Where the input says nothing, the two are the same."""
    _, targets, counts = task.sample(4000, rng)
    weights = torch.ones(targets.shape[:2], dtype=torch.float64) if counts is None else counts
    if task.loss == "cross-entropy":
        shares = targets.flatten().bincount(weights.flatten(), minlength=task.outputs) / weights.sum()
        constant = shares.clamp(min=1e-9).log().expand(*targets.shape, -1)
    else:
        constant = ((targets * weights[..., None]).sum((0, 1)) / weights.sum()).expand_as(targets)
    value, _ = LOSSES[task.loss](constant, targets)
    assert 0 < task.baseline_loss <= (value * weights).sum().item() / weights.sum().item() * 1.03
    assert math.isfinite(task.baseline_metric)
    score = task.score(constant, targets, counts).item()
    if task.metric == "mean squared error":
        assert 0 < task.baseline_metric <= score * 1.03
    else:
        assert score - 0.03 <= task.baseline_metric < 1


def test_a_ceiling_lies_between_the_baseline_and_perfection(task):
    if task.one_way_ceiling is not None:
        assert task.baseline_metric < task.one_way_ceiling < 1


def test_a_reader_sees_every_step_and_every_answer(task, rng):
    x, targets, _ = task.sample(2, rng)
    shown, said = task.view_input(x[:, 0].numpy()), task.view_output(targets[:, 0].numpy())
    assert len(shown[0]) == len(x)
    assert len(said[0]) == task.answers


def test_the_screen_can_show_a_task_without_torch():
    script = """
import sys
import numpy as np
from playground.tasks import registry
for task in (cls() for cls in registry):
    assert task.baseline_loss > 0 and task.baseline_metric is not None and task.one_way_ceiling != 0
    task.view_input(np.zeros((task.length, task.inputs)))
    answers = (task.answers,) if task.loss == "cross-entropy" else (task.answers, task.outputs)
    task.view_output(np.zeros(answers))
assert not [name for name in sys.modules if name.split(".")[0] == "torch"]
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

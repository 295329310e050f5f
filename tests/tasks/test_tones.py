"""Tones: held for 2 to 4 frames, in sequences and in streams."""

from itertools import groupby

import pytest
import torch
from torch.nn import functional as F

from playground.tasks.tones import Tones


def test_letters_last_two_to_four_frames_across_windows(rng):
    task = Tones(length=7, letters=5, noise=0.1)
    frames, answers, memory = [], [], None
    for _ in range(4):
        batch, memory = task.window(300, rng, memory)
        frames.append(batch.x)
        answers.append(batch.targets)
    frames, answers = torch.cat(frames), torch.cat(answers)
    assert torch.equal(frames.argmax(-1), answers)  # at σ = 0.1 the ear is right
    durations = []
    for n in range(300):
        held = [len(list(run)) for _, run in groupby(answers[:, n].tolist())]
        assert max(held) <= 4
        durations += held[:4]  # later ones may be cut, and long ones are cut more often
    for length in (2, 3, 4):
        assert durations.count(length) / len(durations) == pytest.approx(1 / 3, abs=0.06)


def test_letters_are_equally_likely_at_every_frame(rng):
    answers = Tones(length=10).sample(20_000, rng).targets
    for frame in answers:
        torch.testing.assert_close(frame.bincount() / 20_000, torch.full((6,), 1 / 6), rtol=0, atol=0.015)


def test_a_channel_has_energy_one_for_its_letter_and_noise_otherwise(rng):
    x, targets, _ = Tones(noise=0.6).sample(2000, rng)
    rest = x - F.one_hot(targets, 6)
    assert rest.mean().item() == pytest.approx(0, abs=0.005)
    assert rest.std().item() == pytest.approx(0.6, abs=0.005)


@pytest.mark.parametrize(("letters", "noise"), [(4, 0.3), (6, 0.6), (8, 1.0), (5, 2.0)])
def test_the_baseline_is_the_posterior_of_one_frame(rng, letters, noise):
    """By Bayes the posterior of equally likely letters is softmax(x / σ²); here its loss is measured."""
    task = Tones(letters=letters, noise=noise)
    x, targets, _ = task.sample(5000, rng)
    posterior = x / noise**2
    loss = F.cross_entropy(posterior.flatten(0, 1), targets.flatten()).item()
    assert task.baseline_loss == pytest.approx(loss, abs=0.006)
    assert task.baseline_metric == pytest.approx(task.score(posterior, targets).item(), abs=0.004)


def test_the_quadrature_holds_at_the_ends_of_its_range():
    assert Tones(noise=0.1).baseline_loss == pytest.approx(0, abs=1e-9)
    assert Tones(noise=0.1).baseline_metric == pytest.approx(1, abs=1e-9)
    assert 0.25 < Tones(letters=4, noise=2).baseline_metric < 0.4

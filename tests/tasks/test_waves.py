"""Wave forms, told apart by what each of them must obey."""

import math

import pytest
import torch

from playground.tasks.waves import FAST, LOUD, QUIET, SHAPES, SLOW, Waves


@pytest.fixture
def silent(rng):
    """Waves without noise, by shape: (T, n)."""
    x, targets, _ = Waves(length=60, shapes=4, noise=0).sample(400, rng)
    return {name: x[:, targets[0] == number, 0] for number, name in enumerate(SHAPES)}


def test_a_sine_obeys_its_recurrence(silent):
    """x_{t+1} + x_{t−1} = 2 cos(2πf) · x_t, with one f a sequence, of the promised range."""
    wave = silent["sine"]
    middle = wave[1:-1]
    factor = ((wave[2:] + wave[:-2]) * middle).sum(0) / middle.square().sum(0)
    torch.testing.assert_close(wave[2:] + wave[:-2], factor * middle, rtol=0, atol=1e-9)
    frequency = (factor / 2).acos() / (2 * torch.pi)
    assert ((frequency >= SLOW - 1e-9) & (frequency <= FAST + 1e-9)).all()


def test_a_square_takes_two_values(silent):
    size = silent["square"].abs()
    assert torch.equal(size, size[:1].expand_as(size))
    assert ((size >= QUIET) & (size <= LOUD)).all()
    assert (silent["square"].sign().amin(0) == -1).all()
    assert (silent["square"].sign().amax(0) == 1).all()


def test_a_sawtooth_climbs_and_jumps_a_triangle_climbs_and_falls(silent):
    for steps, turn in ((silent["sawtooth"].diff(dim=0), "jump"), (silent["triangle"].diff(dim=0), "fall")):
        for n in range(steps.shape[1]):
            up = steps[:, n].max()
            climbs = (steps[:, n] - up).abs() < 1e-9
            assert climbs.sum() >= 15
            if turn == "jump":
                assert climbs.sum() + (steps[:, n] < 0).sum() == len(climbs)
                assert steps[:, n].min() < -4 * up
            else:
                assert steps[:, n].min() >= -up - 1e-9
                assert ((steps[:, n] + up).abs() < 1e-9).sum() >= 15


def test_noise_has_the_given_spread(silent, rng):
    loud = Waves(length=60, shapes=2, noise=0.5).sample(400, rng)
    squares = loud.x[:, loud.targets[0] == 1, 0]
    high = squares - squares.mean()
    assert silent["square"].var() < high.var()
    assert (high.square().mean() - (LOUD**3 - QUIET**3) / 3).item() == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize(("shapes", "noise"), [(2, 0.0), (3, 0.1), (4, 0.3), (3, 1.0)])
def test_the_baseline_is_what_the_last_value_tells(rng, best_guess, shapes, noise):
    task = Waves(length=2, shapes=shapes, noise=noise)
    x, targets, _ = task.sample(300_000, rng)
    loss, accuracy = best_guess((x[-1, :, 0] / 0.02).round(), targets[0])
    assert task.baseline_loss == pytest.approx(loss, abs=0.006)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.006)
    assert task.baseline_loss < math.log(shapes)


def test_a_reader_sees_a_curve_and_a_word(rng):
    x, targets, _ = Waves().sample(1, rng)
    assert Waves().view_input(x[:, 0].numpy()).values.shape == (30, 1)
    assert Waves().view_output(targets[:, 0].numpy()).items[0] == SHAPES[int(targets)]

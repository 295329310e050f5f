"""Drawings: shape, size and turn decide every position of the pen."""

import math

import pytest
import torch

from playground.tasks.drawing import LARGE, SHAPES, SMALL, Drawing


def point(shape, u):
    """Position on an unturned shape of size 1."""
    if shape == "circle":
        return math.cos(2 * math.pi * u), math.sin(2 * math.pi * u)
    if shape == "spiral":
        return (1 - 0.9 * u) * math.cos(4 * math.pi * u), (1 - 0.9 * u) * math.sin(4 * math.pi * u)
    if shape == "figure eight":
        return math.cos(2 * math.pi * u), math.sin(4 * math.pi * u) / 2
    side = min(int(5 * u + 1e-9), 4)
    share = 5 * u - side
    a, b = (math.radians(144 * corner) for corner in (side, side + 1))
    return tuple((1 - share) * f(a) + share * f(b) for f in (math.cos, math.sin))


@pytest.mark.parametrize(("length", "turn"), [(41, 30), (6, 0), (20, 180)])
def test_the_input_decides_the_drawing(rng, length, turn):
    task = Drawing(length=length, turn=turn)
    x, targets, counts = task.sample(60, rng)
    assert counts is None
    assert x.shape == (1, 60, 6)
    for n in range(60):
        right, up = x[0, n, 4:].tolist()
        size, angle = math.hypot(right, up), math.atan2(up, right)
        assert SMALL <= size <= LARGE
        assert abs(angle) <= math.radians(turn) + 1e-12
        shape = SHAPES[x[0, n, :4].argmax()]
        for k, (found_x, found_y) in enumerate(targets[:, n].tolist()):
            px, py = point(shape, k / (length - 1))
            assert found_x == pytest.approx(size * (px * math.cos(angle) - py * math.sin(angle)), abs=1e-9)
            assert found_y == pytest.approx(size * (px * math.sin(angle) + py * math.cos(angle)), abs=1e-9)


def test_the_pen_starts_where_the_input_says_and_stays_on_the_paper(rng):
    x, targets, _ = Drawing(turn=180).sample(2000, rng)
    torch.testing.assert_close(targets[0], x[0, :, 4:], rtol=0, atol=1e-12)
    assert targets.abs().max() <= 1


@pytest.mark.parametrize(("length", "turn"), [(41, 30), (20, 0), (10, 90), (41, 180)])
def test_no_drawing_that_ignores_the_input_is_better_than_the_baseline(rng, length, turn):
    task = Drawing(length=length, turn=turn)
    _, targets, _ = task.sample(50_000, rng)
    mean = targets.mean(1, keepdim=True).expand_as(targets)
    assert task.baseline_loss == task.baseline_metric
    assert task.score(mean, targets).item() == pytest.approx(task.baseline_loss, rel=0.01)


def test_a_reader_sees_words_and_a_stroke(rng):
    task = Drawing()
    x, targets, _ = task.sample(1, rng)
    right, up = x[0, 0, 4:].tolist()
    shape = SHAPES[x[0, 0, :4].argmax()]
    assert task.view_input(x[:, 0].numpy()).items == (f"{shape} from ({right:.2f}, {up:.2f})",)
    assert task.view_output(targets[:, 0].numpy()).points.shape == (41, 2)

"""The moving dot: order is everything."""

import math

import pytest
import torch

from playground.tasks.moving_dot import MovingDot


@pytest.mark.parametrize(("length", "pixels"), [(8, 12), (2, 3), (16, 12), (7, 50)])
def test_the_dot_moves_one_pixel_a_frame(rng, length, pixels):
    x, targets, _ = MovingDot(length=length, pixels=pixels).sample(300, rng)
    assert (x.sum(-1) == 1).all()
    places = x.argmax(-1)
    for n in range(300):
        step = 1 if targets[0, n] == 1 else -1
        for t in range(1, length):
            assert places[t, n] == (places[t - 1, n] + step) % pixels


def test_no_frame_alone_says_anything(rng, best_guess):
    task = MovingDot()
    x, targets, _ = task.sample(40_000, rng)
    for frame in x.argmax(-1):
        loss, accuracy = best_guess(frame, targets[0])
        assert task.baseline_loss == math.log(2) == pytest.approx(loss, abs=0.001)
        assert task.baseline_metric == 1 / 2 == pytest.approx(accuracy, abs=0.015)


@pytest.mark.parametrize("length", [3, 8, 12, 16])
def test_shuffled_frames_say_nothing(rng, length):
    """Either way the dot visits the same pixels, as often; and each such set is as likely."""
    x, targets, _ = MovingDot(length=length).sample(24_000, rng)
    bags = x.sum(0)
    shares = []
    for direction in (0, 1):
        kinds, numbers = bags[targets[0] == direction].unique(dim=0, return_counts=True)
        shares.append((kinds, numbers / numbers.sum()))
    assert torch.equal(shares[0][0], shares[1][0])
    torch.testing.assert_close(shares[0][1], shares[1][1], rtol=0, atol=0.02)


def test_a_reader_sees_a_video_and_a_word(rng):
    task = MovingDot()
    x, targets, _ = task.sample(1, rng)
    assert task.view_input(x[:, 0].numpy()).pixels.shape == (8, 12)
    assert task.view_output(targets[:, 0].numpy()).items[0] == ("left", "right")[int(targets)]

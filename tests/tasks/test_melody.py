"""Melodies: a style and a first note decide every note, and only both together with the place do."""

import pytest
import torch

from playground.tasks.melody import STYLES, Melody

KEYS = {letter: semitone for letter, semitone in zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True)}
SCALE = [octave + semitone for octave in (60, 72, 84) for semitone in KEYS.values()]


def composed(style, name, length):
    """The MIDI numbers of a melody, by walking over the white keys."""
    first = SCALE.index(12 * (int(name[1]) + 1) + KEYS[name[0]])
    steps = STYLES[style].split()
    return tuple(
        -1 if step == "." else SCALE[first + int(step)] for step in (steps[t % len(steps)] for t in range(length))
    )


@pytest.mark.parametrize(("length", "styles"), [(16, 4), (64, 4), (5, 2)])
def test_first_note_and_style_decide_the_melody(rng, length, styles):
    task = Melody(length=length, styles=styles)
    x, targets, counts = task.sample(300, rng)
    assert counts is None
    assert x.shape == (1, 300, 8 + styles)
    assert (x.sum(-1) == 2).all()
    for n in range(300):
        (words,) = task.view_input(x[:, n].numpy()).items
        style, name = words.split(" from ")
        assert style in list(STYLES)[:styles]
        assert task.view_output(targets[:, n].numpy()).pitches == composed(style, name, length)


def test_every_melody_comes_and_starts_on_its_note(rng):
    task = Melody()
    x, targets, _ = task.sample(2000, rng)
    assert len(set(map(tuple, targets.T.tolist()))) == 8 * 4
    assert torch.equal(targets[0], x[0, :, :8].argmax(-1))


def test_neither_the_note_nor_note_and_style_tell_the_next_note(rng, best_guess):
    task = Melody()
    x, targets, _ = task.sample(5000, rng)
    style = x[0, :, 8:].argmax(-1)
    assert best_guess(targets[:-1], targets[1:])[1] < 0.5
    assert best_guess(16 * targets[:-1] + style, targets[1:])[1] < 0.7
    places = torch.arange(16)[:, None]
    start = x[0, :, :8].argmax(-1)
    assert best_guess(places * 32 + start * 4 + style, targets) == (0, 1)


@pytest.mark.parametrize(("length", "styles"), [(16, 4), (12, 2), (7, 3)])
def test_the_baseline_is_the_best_guess_at_each_step(rng, best_guess, length, styles):
    task = Melody(length=length, styles=styles)
    _, targets, _ = task.sample(40_000, rng)
    loss, accuracy = best_guess(torch.arange(length)[:, None].expand_as(targets), targets)
    assert task.baseline_loss == pytest.approx(loss, abs=0.004)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.005)

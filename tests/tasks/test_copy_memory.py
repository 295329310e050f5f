"""Copy memory: symbols, blanks, go, recall."""

import math

import pytest
from pydantic import ValidationError

from playground.tasks.copy_memory import CopyMemory


@pytest.mark.parametrize(("length", "symbols", "items"), [(12, 4, 3), (7, 2, 3), (21, 10, 10), (4, 3, 1)])
def test_symbols_blanks_go_and_recall(rng, length, symbols, items):
    task = CopyMemory(length=length, symbols=symbols, items=items)
    x, targets, counts = task.sample(50, rng)
    blank, go = symbols, symbols + 1
    assert x.shape == (length, 50, symbols + 2)
    for n in range(50):
        shown = x[:, n].argmax(-1).tolist()
        kept, recalled = shown[:items], targets[length - items :, n].tolist()
        assert max(kept) < symbols
        assert shown[items:] == [blank] * (length - 2 * items - 1) + [go] + [blank] * items
        assert recalled == kept
        assert counts[:, n].tolist() == [0] * (length - items) + [1] * items


def test_guessing_scores_the_baselines(rng, best_guess):
    """Per recalled symbol; the published number spreads the same nats over all T steps."""
    task = CopyMemory(length=20, symbols=8, items=5)
    x, targets, counts = task.sample(10_000, rng)
    loss, accuracy = best_guess(x.argmax(-1), targets, counts)
    assert task.baseline_loss == math.log(8) == pytest.approx(loss, abs=0.002)
    assert task.baseline_metric == 1 / 8 == pytest.approx(accuracy, abs=0.004)
    published = task.items * math.log(task.symbols) / task.length
    assert task.baseline_loss * counts.mean().item() == pytest.approx(published)


def test_too_many_symbols_for_the_length():
    with pytest.raises(ValidationError, match=r"take 13 steps, and a sequence has 12\. Write 5 or less"):
        CopyMemory(length=12, items=6)
    CopyMemory(length=12, items=5)


def test_a_reader_sees_the_silence(rng):
    task = CopyMemory(length=9, items=3)
    x, targets, _ = task.sample(1, rng)
    shown, said = task.view_input(x[:, 0].numpy()), task.view_output(targets[:, 0].numpy())
    assert shown.items[3:] == ("·", "·", "▸", "·", "·", "·")
    assert shown.blank == (False, False, False, True, True, False, True, True, True)
    assert said.items == ("·",) * 6 + shown.items[:3]
    assert said.blank == (True,) * 6 + (False,) * 3

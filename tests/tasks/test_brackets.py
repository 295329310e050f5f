"""Brackets: a counter between two walls."""

import pytest

from playground.tasks.brackets import Brackets


@pytest.mark.parametrize("deepest", [2, 3, 10])
def test_the_answer_is_which_bracket_may_come_next(rng, deepest):
    task = Brackets(depth=deepest)
    x, targets, _ = task.sample(300, rng)
    for n in range(300):
        depth = 0
        shown, said = task.view_input(x[:, n].numpy()).items, task.view_output(targets[:, n].numpy()).items
        for symbol, answer in zip(shown, said, strict=True):
            depth += 1 if symbol == "(" else -1
            assert 0 <= depth <= deepest
            legal = {"("} if depth == 0 else {")"} if depth == deepest else {"(", ")"}
            assert set(answer.split(" or ")) == legal


def test_between_the_walls_a_coin_decides(rng):
    task = Brackets()
    x, targets, _ = task.sample(20_000, rng)
    free = targets[:-1] == 1
    assert x[1:, :, 0][free].mean().item() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(("length", "deepest"), [(2, 2), (7, 3), (30, 3), (30, 8)])
def test_the_baseline_is_what_the_current_bracket_tells(rng, best_guess, length, deepest):
    task = Brackets(length=length, depth=deepest)
    x, targets, _ = task.sample(20_000, rng)
    loss, accuracy = best_guess(x.argmax(-1), targets)
    assert task.baseline_loss == pytest.approx(loss, abs=0.008)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.008)
    assert task.symbol_and_answer().sum() == pytest.approx(1)

"""The delayed echo, in sequences and in streams."""

import math

import pytest

from playground.tasks.echo import Echo


@pytest.mark.parametrize("delay", [1, 3, 10])
def test_a_stream_echoes_across_its_windows(rng, delay):
    task = Echo(length=12, delay=delay)
    symbols, echoes, counts, memory = [], [], [], None
    for _ in range(3):
        batch, memory = task.window(50, rng, memory)
        symbols += batch.x.argmax(-1).tolist()
        echoes += batch.targets.tolist()
        counts += batch.counts.tolist()
    for t in range(36):
        for n in range(50):
            assert counts[t][n] == (t >= delay)
            assert t < delay or echoes[t][n] == symbols[t - delay][n]


@pytest.mark.parametrize("symbols", [2, 4, 10])
def test_the_current_symbol_says_nothing(rng, best_guess, symbols):
    task = Echo(symbols=symbols)
    x, targets, counts = task.sample(10_000, rng)
    loss, accuracy = best_guess(x.argmax(-1), targets, counts)
    assert task.baseline_loss == math.log(symbols) == pytest.approx(loss, abs=0.002)
    assert task.baseline_metric == 1 / symbols == pytest.approx(accuracy, abs=0.005)

"""How long an update takes, each time beside what it is compared with, in one run, so that a busy machine slows both.

python -m pytest tests/benchmarks --benchmark-only
"""

import statistics
import time

import pytest
import torch
from torch.nn import functional as F

from playground.nn.norms import norms
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import TrainingState, train
from playground.training.presets import PRESETS
from playground.training.probes.state_gradients import per_sample_norm

ROUNDS = 150
WARM_UP = 20


def interleaved(benchmark, sides):
    """Median seconds of each side: they take turns, and the first turn goes round."""
    taken = {name: [] for name in sides}
    turns = list(sides.items())

    def one_round():
        for name, side in turns:
            started = time.perf_counter()
            side()
            taken[name].append(time.perf_counter() - started)
        turns.append(turns.pop(0))

    benchmark.pedantic(one_round, rounds=ROUNDS, warmup_rounds=WARM_UP)
    return {name: statistics.median(times[WARM_UP:]) for name, times in taken.items()}


def tell(benchmark, capsys, title, medians, against, limit):
    lines = [f"{title}: per update"]
    for name, seconds in medians.items():
        ratio = seconds / medians[against]
        benchmark.extra_info[name] = {"seconds": seconds, "ratio": ratio}
        lines.append(f"  {seconds * 1e6:8.0f} µs  {ratio:5.2f} ×  {name}")
    with capsys.disabled():
        print("\n" + "\n".join([*lines, f"  wanted: {limit}"]))


@pytest.mark.parametrize(("steps", "hidden", "limit"), [(50, 32, "≤ 0.65 ×"), (100, 64, "≤ 0.80 ×")])
def test_whole_update_against_torch(benchmark, capsys, steps, hidden, limit):
    """Ours with the norm of every ∂L/∂h_t; nn.RNN + nn.Linear + autograd with none. The same fused Adam for both."""
    config = RunConfig(task={"kind": "recall", "length": steps}, hidden=hidden, batch=32)
    state, network = TrainingState(config), config.network
    x, targets = state.batch()
    rate = {"lr": config.optimizer.learning_rate, "fused": True}
    adam = torch.optim.Adam([state.weights.flat], **rate)

    def ours():
        passed = network.forward_backward(state.weights.views, x, targets)
        per_sample_norm(passed.states)
        for name, gradient in passed.gradients.items():
            state.gradient.views[name].copy_(gradient)
        adam.step()

    rnn, linear = torch.nn.RNN(config.task.inputs, hidden), torch.nn.Linear(hidden, config.task.outputs)
    torchs_adam = torch.optim.Adam([*rnn.parameters(), *linear.parameters()], **rate)

    def torchs():
        torchs_adam.zero_grad()
        _, last = rnn(x)
        F.cross_entropy(linear(last[0]), targets).backward()
        torchs_adam.step()

    medians = interleaved(benchmark, {"torch": torchs, "ours, with all gradients": ours})
    tell(benchmark, capsys, f"N = 32, T = {steps}, H = {hidden}", medians, "torch", limit)


def test_probes_at_their_default_schedule(benchmark, capsys, monkeypatch):
    """train() against itself without probes, and against the bare update, over the first runs' 1,000 updates."""
    config = PRESETS["P1"].config.patched({"updates": 1000})

    def updates(with_probes):
        events = train(config)
        if not with_probes:
            with monkeypatch.context() as patch:
                patch.setattr(probes, "registry", ())
                next(events)  # the schedule is made at the first event
        return events

    def bare():
        state, network = TrainingState(config), config.network
        for _ in range(config.updates):
            x, targets = state.batch()
            passed = network.forward_backward(state.weights.views, x, targets)
            sizes = norms(passed.gradients, state.weights.dims)
            clipped = config.clip.clip(passed.gradients, state.weights.views, sizes, state.weights.dims)
            for name, gradient in clipped.items():
                state.gradient.views[name].copy_(gradient)
            state.optimizer.step()
            yield

    makers = {"bare update": bare, "train() without probes": lambda: updates(False), "train()": lambda: updates(True)}
    totals = dict.fromkeys(makers, 0.0)

    def one_run():
        """All three advance together, one update at a time; each in its own generator."""
        running = {name: make() for name, make in makers.items()}
        for _ in range(config.updates - 1):
            for name, events in running.items():
                started = time.perf_counter()
                event = next(events)
                totals[name] += time.perf_counter() - started
                assert event is None or isinstance(event, Update)

    benchmark.pedantic(one_run, rounds=3)
    means = {name: total / (3 * (config.updates - 1)) for name, total in totals.items()}
    tell(benchmark, capsys, "P1, 1,000 updates", means, "train() without probes", "train() ≤ 1.15 ×")

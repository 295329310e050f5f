"""How long a whole update takes with the norm of every ∂L/∂h_t, each time beside torch's own in the same run.

    python -m pytest tests/benchmarks/test_scan_speed.py --readme

measures on one thread, prints the table, and with `--readme` writes it into README.md. On a quiet machine.
"""

import importlib.util
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from playground.nn.norms import per_sample_norm
from playground.nn.parameters import Parameters
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.state import TrainingState

HERE = Path(__file__).parent
ROUNDS = 120
WARM_UP = 20
BASE = {"task": {"kind": "recall", "length": 50}, "hidden": 32, "batch": 32}
REVERSAL = {"task": {"kind": "reversal", "length": 25}, "hidden": 32, "batch": 32}

# what, config, aim; two layers and the like may be 15 % over the aim of their cell
AGAINST_TORCH = [
    ("vanilla", {"cell": "vanilla"}, 0.6),
    ("GRU", {"cell": "gru"}, 0.6),
    ("LSTM", {"cell": "lstm"}, 2.0),
    ("LSTM, H 128", {"cell": "lstm", "hidden": 128}, 1.2),
    *(
        (f"{name}, {what}", changes | {"cell": kind}, round(aim * 1.15, 2))
        for name, kind, aim in (("vanilla", "vanilla", 0.6), ("GRU", "gru", 0.6), ("LSTM", "lstm", 2.0))
        for what, changes in (
            ("two layers", {"layers": 2}),
            ("two passes", {"direction": "two_passes"}),
            ("encoder–decoder, T 25 + 25", REVERSAL),
        )
    ),
]


def torchs():
    """tests are no package: the other side is loaded by its path."""
    spec = importlib.util.spec_from_file_location("torchs", HERE / "torchs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(config, state, batch):
    """A whole update, with the norm of the gradient of every state."""
    network = state.network
    weights, adam = state.weights, torch.optim.Adam([state.weights.flat], lr=1e-3, fused=True)
    gradient = Parameters(torch.zeros_like(weights.flat), weights.shapes)
    weights.flat.grad = gradient.flat
    forced = None if config.architecture.forcing(0) is None else torch.ones(batch.targets.shape, dtype=torch.bool)

    def one_update():
        (passed,) = config.learning.passes(network, weights.views, batch, forced)
        for back in passed.passes:
            per_sample_norm(back.total[0])
        for name, g in passed.gradients.items():
            gradient.views[name].copy_(g)
        adam.step()

    return one_update


def interleaved(benchmark, sides, rounds=ROUNDS):
    """Median seconds of each side: they take turns, and the first turn goes round."""
    taken = {name: [] for name in sides}
    turns = list(sides.items())

    def one_round():
        for name, side in turns:
            started = time.perf_counter()
            side()
            taken[name].append(time.perf_counter() - started)
        turns.append(turns.pop(0))

    benchmark.pedantic(one_round, rounds=rounds, warmup_rounds=WARM_UP)
    return {name: statistics.median(times[WARM_UP:]) for name, times in taken.items()}


@pytest.mark.parametrize(("what", "changes", "aim"), AGAINST_TORCH, ids=[what for what, *_ in AGAINST_TORCH])
def test_whole_update_against_torch(benchmark, table, what, changes, aim):
    config = RunConfig.parse(BASE | changes)
    state = TrainingState(config)
    batch = state.batch()
    medians = interleaved(benchmark, {"ours": ours(config, state, batch), "torch": torchs().update(config, batch)})
    table.add(f"{what}: against `torch.nn` without any", medians["ours"] / medians["torch"], aim, medians["ours"])


@pytest.mark.parametrize("kind", ["vanilla", "gru", "lstm"])
def test_whole_update_against_a_loop_that_retains(benchmark, table, kind):
    config = RunConfig.parse(BASE | {"cell": kind})
    state = TrainingState(config)
    batch = state.batch()
    medians = interleaved(
        benchmark, {"ours": ours(config, state, batch), "loop": torchs().unrolled(config, batch)}, rounds=60
    )
    title = config.cell.title.removesuffix(" RNN")
    table.add(f"{title}: against a loop with `retain_grad`", medians["ours"] / medians["loop"], 0.5, medians["ours"])


def test_an_ensemble_against_networks_one_by_one(benchmark, table):
    """64 vanilla networks with H = 16 as one tensor program, per network."""
    members = 64
    config = RunConfig.parse(BASE | {"hidden": 16})
    states = [TrainingState(config.patched({"seed": seed})) for seed in range(members)]
    together, batches = states[0], [state.batch() for state in states]
    torch_update = torchs().update(config, batches[0])
    together.weights = Parameters.stack([state.weights for state in states])
    batch = type(batches[0])(torch.stack([b.x for b in batches], 1), torch.stack([b.targets for b in batches], 1))
    medians = interleaved(benchmark, {"ours": ours(config, together, batch), "one": torch_update}, rounds=40)
    seconds = medians["ours"] / members
    table.add("64 networks, H 16, at once: each against `nn.RNN`", seconds / medians["one"], 0.15, seconds)


def test_time_grows_linearly_with_length(benchmark, table):
    """A step at T = 2,000 against a step at T = 50."""
    sides = {}
    for length in (50, 2000):
        config = RunConfig.parse(BASE)
        state = TrainingState(config)
        x = torch.randn(length, 32, config.task.inputs)
        sides[length] = ours(config, state, state.batch()._replace(x=x))
    medians = interleaved(benchmark, sides, rounds=20)
    table.add("vanilla: a step at T 2,000 against one at T 50", medians[2000] / 40 / medians[50], 1.3, medians[2000])


LONG = """
import resource, psutil, torch
from playground.training.config import RunConfig
from playground.training.loop import TrainingState
from playground.nn.norms import per_sample_norm
torch.set_num_threads(1)
config = RunConfig(hidden=128, batch=64)
state = TrainingState(config)
def update(length):
    batch = state.batch()
    x = torch.zeros(length, 64, config.task.inputs)
    for passed in config.learning.passes(state.network, state.weights.views, batch._replace(x=x)):
        per_sample_norm(passed.passes[0].total[0])
update(30)
before = psutil.Process().memory_info().rss
update(1000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before)
"""


def test_memory_of_a_long_sequence(benchmark, table):
    """T = 1,000, N = 64, H = 128: the growth of the peak, in a process of its own."""

    def measured():
        found = subprocess.run(
            [sys.executable, "-c", LONG], capture_output=True, text=True, check=True, cwd=HERE.parents[1]
        )
        return int(found.stdout)

    grown = benchmark.pedantic(measured, rounds=1)
    states = 1001 * 64 * 128 * 4
    table.add_bytes("vanilla, T 1,000, N 64, H 128: memory", grown, 1.5 * states + 100e6)


def test_probes_at_their_default_schedule(benchmark, table, monkeypatch):
    """train() with all probes and alarms against itself without, over 1,000 updates of the table's first network."""
    config = RunConfig.parse(BASE | {"updates": 1000})

    def updates(with_probes):
        events = train(config)
        if not with_probes:
            with monkeypatch.context() as patch:
                patch.setattr(probes, "registry", ())
                next(events)  # the schedule is made at the first event
        return events

    makers = {"without": lambda: updates(False), "with": lambda: updates(True)}
    least = {name: [float("inf")] * (config.updates - 1) for name in makers}

    def one_run():
        """Both advance together, one update at a time; each in its own generator."""
        running = {name: make() for name, make in makers.items()}
        for i in range(config.updates - 1):
            for name, events in running.items():
                started = time.perf_counter()
                while not isinstance(next(events), Update):  # an alarm comes before its update
                    pass
                least[name][i] = min(least[name][i], time.perf_counter() - started)

    # The least of five for each update, each with what is due at it: whoever else runs here adds, and never takes.
    benchmark.pedantic(one_run, rounds=5)
    totals = {name: sum(each) for name, each in least.items()}
    seconds = totals["with"] / (config.updates - 1)
    table.add(
        "vanilla: `train()` with all probes and alarms against itself without",
        totals["with"] / totals["without"],
        1.2,
        seconds,
    )


def test_the_price_of_each_probe(benchmark, table, monkeypatch):
    """The time inside each probe, in an update's without probes: sharper than leaving one out, which is lost in noise.

    The schedule around the probes is nobody's.
    """
    config = RunConfig.parse(BASE | {"updates": 1000})
    spent = {cls: 0.0 for cls in probes.registry if cls().specs(config)}
    looked = dict.fromkeys(spent, 0)

    def timed(cls):
        measure = cls.measure

        def watched(self, moment):
            started = time.perf_counter()
            values = measure(self, moment)
            spent[cls] += time.perf_counter() - started
            looked[cls] += 1
            return values

        return watched

    for cls in spent:
        monkeypatch.setattr(cls, "measure", timed(cls))
    runs = 3
    started = time.perf_counter()
    benchmark.pedantic(lambda: list(train(config)), rounds=runs)
    without = time.perf_counter() - started - sum(spent.values())
    for cls, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        table.add_probe(cls.title, seconds / without, looked[cls] // runs, seconds / looked[cls])
    table.add_probe("all", sum(spent.values()) / without, 0, 0.0)

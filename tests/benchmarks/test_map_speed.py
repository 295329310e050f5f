"""How long whole maps take on two cores, from the click to the last cell, beside a plain loop over torch.nn.RNN.

    python -m pytest tests/benchmarks/test_map_*.py --readme

measures, prints the table, and with `--readme` writes it into README.md. On a quiet machine of two cores.
"""

import importlib.util
import statistics
import time
from pathlib import Path

import pytest

from playground.sweeps.ready import READY

HERE = Path(__file__).parent
ROUNDS = 3
SHARE = 6
"""Every sixth network stands for all in the loop: they take about the same time."""


def torchs():
    """tests are no package: the other side is loaded by its path."""
    spec = importlib.util.spec_from_file_location("torchs", HERE / "torchs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.timeout(900)
def test_sixty_networks_against_a_loop_over_torchs(benchmark, table, filled):
    spec, train = READY["init-activation-clip"].spec, torchs().train
    networks = len(spec.cells()) * spec.seeds
    ours, loops = [], []

    def one_round():
        ours.append(filled(spec, 2))
        started = time.perf_counter()
        for cell in spec.cells()[::SHARE]:
            train(spec.config(cell))
        loops.append((time.perf_counter() - started) * SHARE)

    benchmark.pedantic(one_round, rounds=ROUNDS)
    seconds, loop = statistics.median(ours), statistics.median(loops)
    table.add_map(
        f"{networks} networks, initialiser × activation × clipping (T 30, H 32, 200 updates)", seconds, 6, "s"
    )
    table.add_map("a plain loop over `nn.RNN` takes", loop / seconds, 5, "× as long", least=True)


@pytest.mark.timeout(900)
def test_a_map_of_256_cells(benchmark, table, filled):
    spec = READY["gain-rate"].spec
    taken = []
    benchmark.pedantic(lambda: taken.append(filled(spec, 2)), rounds=ROUNDS)
    cells = len(spec.cells())
    table.add_map(f"{cells} networks, gain × learning rate (T 30, H 16, 200 updates)", statistics.median(taken), 8, "s")

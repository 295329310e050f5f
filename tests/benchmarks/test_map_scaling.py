"""How much more of a map two workers train than one, each time on an engine of its own, in one run.

    python -m pytest tests/benchmarks/test_map_scaling.py -s

On a quiet machine of two cores or more; `--readme`, together with test_map_speed.py, writes the table of maps.
"""

import statistics

import pytest

from playground.sweeps.ready import READY

ROUNDS = 3
AIM = 1.7
SPEC = READY["gain-rate"].spec


@pytest.mark.timeout(900)
def test_twice_the_workers(benchmark, table, filled):
    taken = {1: [], 2: []}

    def one_round():
        for workers, seconds in taken.items():
            seconds.append(filled(SPEC, workers))

    benchmark.pedantic(one_round, rounds=ROUNDS)
    one, two = (statistics.median(taken[workers]) for workers in (1, 2))
    networks = len(SPEC.cells()) * SPEC.seeds
    table.add_map(
        f"{networks} networks of the gain × learning-rate map, one worker: networks a second", networks / one, None, ""
    )
    table.add_map("two workers: times the networks a second of one", one / two, AIM, "×", least=True)

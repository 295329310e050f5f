"""How long a map takes: in proportion to what it is made of, and less for networks that train together."""

import pytest

from playground.sweeps.axis import Axis
from playground.sweeps.estimate import done, seconds, typical
from playground.sweeps.member import Member
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

GAINS = Axis(path="cell.recurrent_init.gain", values=(0.5, 1, 1.5, 2))
LENGTHS = Axis(path="task.length", values=(10, 20, 40))
SPEC = MapSpec(base=RunConfig(hidden=16), x=GAINS, y=LENGTHS, seeds=2)


def test_it_is_in_proportion_to_seeds_updates_and_the_speed_of_the_machine_and_shared_by_workers():
    once = seconds(SPEC, 0.003, 1)

    assert seconds(SPEC.model_copy(update={"seeds": 6}), 0.003, 1) == pytest.approx(3 * once)
    assert seconds(SPEC.model_copy(update={"updates": 2 * SPEC.updates}), 0.003, 1) == pytest.approx(2 * once)
    assert seconds(SPEC, 0.006, 1) == pytest.approx(2 * once)
    assert seconds(SPEC, 0.003, 2) == pytest.approx(once / 2)
    assert seconds(SPEC, 0.003, 0) == once  # before the first worker is there


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        ({"hidden": 8, "task.length": 10}, 0.05, 0.2),
        ({"hidden": 32}, 0.1, 0.3),
        ({"hidden": 64, "task.length": 100}, 0.4, 0.7),
        ({"hidden": 32, "precision": "float64"}, 0.8, 1.6),  # one by one
    ],
)
def test_a_network_among_others_takes_this_share_of_what_it_takes_alone(changes, low, high):
    spec = MapSpec(base=RunConfig().patched(changes), x=GAINS, seeds=1, updates=1)

    assert low < seconds(spec, 1.0, 1) / len(spec.cells()) < high


def test_the_typical_cell_costs_what_the_middle_one_does():
    assert SPEC.config(typical(SPEC)).task.length == 20

    impossible = MapSpec(x=Axis(path="clip.kind", values=("none", "norm")), y=Axis(path="clip.threshold", values=(1,)))
    assert typical(impossible) == 1


@pytest.mark.parametrize("name", READY)
def test_each_ready_made_map_is_seconds_or_minutes(name):
    """At 4 ms an update of a single run, on two workers."""
    assert 1 < seconds(READY[name].spec, 0.004, 2) < 120


def test_the_share_that_is_done_weighs_a_long_sequence_more():
    def member(cell, updates, over=False, seed=0):
        return Member(cell=cell, seed=seed, updates=updates, over=over)

    every = [member(cell, 200, True, seed) for cell in SPEC.cells() for seed in (0, 1)]
    assert done(SPEC, []) == 0
    assert done(SPEC, every) == pytest.approx(1)
    assert done(SPEC, [member(0, 100)]) == pytest.approx(done(SPEC, [member(0, 200)]) / 2)
    assert done(SPEC, [member(0, 7, over=True)]) == done(SPEC, [member(0, 200)])
    assert done(SPEC, [member(8, 200)]) > 1.5 * done(SPEC, [member(0, 200)])
    assert done(SPEC, [member(0, 50)], failed=[0]) == pytest.approx(2 * done(SPEC, [member(0, 200)]))

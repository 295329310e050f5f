"""A cell is what most of its seeds are."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sweeps.cells import SIDES, axes, cells, facts, index
from playground.sweeps.member import Member
from playground.sweeps.outcome import Outcome
from tests.sweeps.grids import CLIP, GAIN, LENGTH, PARTLY, RATE, spec

INF, NAN = float("inf"), float("nan")
MAP = spec(GAIN, RATE, seeds=3)
LEARNT = {"metric": 1.0, "solved": 40, "ratio": 0.1}
SAMPLES = {
    Outcome.LEARNS: LEARNT,
    Outcome.LEARNING: {"metric": 0.6, "ratio": 0.1},
    Outcome.STALLS: {"metric": 0.25, "ratio": 0.1},
    Outcome.FORGETS: {"metric": 0.25, "ratio": 1e-9},
    Outcome.BLOWS_UP: {"metric": NAN, "ratio": NAN, "diverged": 17},
}


def member(seed, outcome, cell=0, over=True, **measured):
    return Member(cell=cell, seed=seed, updates=200, over=over, **(SAMPLES[outcome] | measured))


@pytest.mark.parametrize("given_outcomes", product(Outcome, repeat=3))
def test_most_seeds_decide_and_of_equals_the_worse_one(given_outcomes):
    found = cells(MAP, [member(seed, outcome) for seed, outcome in enumerate(given_outcomes)])[0]
    times = {outcome: given_outcomes.count(outcome) for outcome in given_outcomes}
    rivals = [outcome for outcome, many in times.items() if many == max(times.values())]
    assert found.outcome is max(rivals, key=list(Outcome).index)
    assert found.share == times[found.outcome] / 3
    assert found.counts == times
    assert (found.measured, found.seeds, found.over) == (3, 3, True)


def test_when_is_the_middle_one_of_those_that_count():
    solved = [member(seed, Outcome.LEARNS, solved=at) for seed, at in enumerate((20, 80))]
    assert cells(MAP, [*solved, member(2, Outcome.STALLS)])[0].when == 50
    broken = [member(0, Outcome.BLOWS_UP), member(1, Outcome.BLOWS_UP, blew_up=9), member(2, Outcome.LEARNS)]
    assert cells(MAP, broken)[0].when == 13
    assert cells(MAP, [member(0, Outcome.FORGETS)])[0].when is None


def test_a_cell_that_is_not_there_yet():
    new = Member(cell=0, seed=0)
    assert cells(MAP, [new]) == {}
    found = cells(MAP, [new, member(1, Outcome.LEARNS)])[0]
    assert (found.measured, found.over, found.updates, found.share) == (1, False, 0, 1.0)
    assert not cells(MAP, [member(seed, Outcome.LEARNS) for seed in (0, 1)])[0].over
    assert not cells(MAP, [member(seed, Outcome.LEARNS, over=seed > 0) for seed in range(3)])[0].over


def test_numbers_are_medians_and_what_is_not_finite_is_not_dropped():
    seeds = [member(0, Outcome.LEARNS), member(1, Outcome.BLOWS_UP), member(2, Outcome.BLOWS_UP)]
    values = cells(MAP, seeds)[0].values
    assert values["metric"] != values["metric"]
    assert values["solved"] == INF
    assert cells(MAP, seeds[:1])[0].values == {
        "metric": 1.0, "solved": 40.0, "ratio": 0.1, "largest_norm": pytest.approx(NAN, nan_ok=True), "clipped": 0.0,
    }  # fmt: skip


@given(st.permutations(range(12)))
@settings(max_examples=20)
def test_the_order_of_arrival_is_no_matter(order):
    everything = [member(n % 3, list(Outcome)[n % 5], cell=n // 3) for n in range(12)]
    one, other = cells(MAP, everything), cells(MAP, [everything[n] for n in order])
    assert list(one) == list(other)
    assert [c._replace(counts={}, values={}) for c in one.values()] == [
        c._replace(counts={}, values={}) for c in other.values()
    ]


def test_guessing_goes_with_the_cell_s_own_task():
    kinds = GAIN.model_validate({"path": "task.kind", "values": ["recall", "adding", "parity"]})
    both = spec(LENGTH, kinds)
    known = facts(both)
    for number in both.cells():
        config = both.config(number)
        assert known[number].guessing == config.task.baseline_metric
        assert known[number].length == config.task.length


def test_cells_that_cannot_be_have_no_facts():
    known = facts(PARTLY)
    assert PARTLY.impossible()
    assert [number for number, each in enumerate(known) if each is None] == list(PARTLY.impossible())
    assert cells(PARTLY, [member(0, Outcome.LEARNS, cell=next(iter(PARTLY.impossible())))]) == {}


def test_axes_by_name():
    whole = spec(GAIN, RATE, CLIP)
    assert axes(whole) == {"x": GAIN, "y": RATE, "panels": CLIP}
    assert list(axes(spec(GAIN))) == ["x"]
    for number in whole.cells():
        at = [axes(whole)[side].values[index(whole, number, side)] for side in SIDES]
        assert at == list(whole.settings(number).values())

"""A map along one axis."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.sweeps.cells import SIDES, axes
from playground.sweeps.marginals import horizon, marginal
from playground.sweeps.member import Member
from playground.sweeps.outcome import Outcome
from tests.sweeps.grids import CLIP, GAIN, KIND, LENGTH, RATE, cell, spec

MAP = spec(GAIN, RATE, CLIP)


@given(st.dictionaries(st.sampled_from(MAP.cells()), st.sampled_from(Outcome)))
def test_every_cell_is_counted_once_along_each_axis(outcomes):
    found = {number: cell(number, outcome) for number, outcome in outcomes.items()}
    for side in SIDES:
        along = marginal(MAP, found, side)
        assert [each.value for each in along] == list(axes(MAP)[side].values)
        assert sum(each.cells for each in along) == len(outcomes)
        for outcome in Outcome:
            counted = sum(each.cells * each.shares[outcome] for each in along if each.cells)
            assert counted == pytest.approx(list(outcomes.values()).count(outcome))
        for each in along:
            assert sum(each.shares.values()) == pytest.approx(1 if each.cells else math.nan, nan_ok=True)


def test_along_an_axis():
    found = {n: cell(n, Outcome.LEARNS if MAP.place(n).column < 2 else Outcome.FORGETS) for n in MAP.cells()}
    along = marginal(MAP, found, "x")
    assert [each.shares[Outcome.LEARNS] for each in along] == [1, 1, 0, 0, 0, 0]
    assert [each.shares[Outcome.LEARNS] for each in marginal(MAP, found, "panels")] == [pytest.approx(1 / 3)] * 3
    assert [each.title for each in marginal(MAP, found, "panels")] == ["none", "by value", "by norm"]


def test_the_horizon_against_the_length():
    two = spec(LENGTH, KIND, seeds=2)
    members = [
        Member(cell=n, seed=seed, horizon=min(13 + two.place(n).row, two.config(n).task.length) + seed)
        for n in two.cells()
        for seed in (0, 1)
    ]
    along = horizon(two, members, "x")
    assert [each.length for each in along] == [10, 20, 30, 40, 50]
    assert [(each.low, each.median, each.high) for each in along] == [(10, 10.5, 11)] + [(13, 14.5, 16)] * 4
    by_kind = horizon(two, members, "y")
    assert [each.length for each in by_kind] == [50, 50, 50]
    assert [each.title for each in by_kind] == ["tanh", "ReLU", "sigmoid"]


def test_where_nothing_is_measured():
    along = horizon(MAP, [Member(cell=0, seed=0)], "x")
    assert all(math.isnan(each.median) and math.isnan(each.low) and math.isnan(each.high) for each in along)
    assert all(each.cells == 0 for each in marginal(MAP, {}, "x"))

"""A map that goes further has all of what it had, and stays within the bounds."""

import pytest

from playground.sweeps import limits
from playground.sweeps.axis import MOST_VALUES, Axis
from playground.sweeps.ready import READY
from playground.ui.maps.extending import between, extended, extensions


@pytest.mark.parametrize("name", list(READY))
def test_what_there_was_is_part_of_every_extension(name):
    spec = READY[name].spec

    found = dict(extensions(spec))

    assert found
    for title, changes in found.items():
        wider = extended(spec, changes)
        assert wider != spec, title
        assert wider.base == spec.base
        assert wider.seeds >= spec.seeds
        assert wider.updates >= spec.updates
        for axis, before in zip(wider.axes, spec.axes, strict=True):
            assert [value for value in axis.values if value in before.values] == list(before.values)


def test_a_map_at_its_bounds_is_not_offered_more_of_them():
    spec = READY["gain-rate"].spec.model_copy(update={"seeds": limits.SEEDS, "updates": limits.UPDATES})

    assert list(extensions(spec)) == []


def test_values_between_are_halfway_on_the_axis_own_scale():
    assert between(Axis.spread("cell.recurrent_init.gain", 1.0, 2.0, 3)).values == (1.0, 1.25, 1.5, 1.75, 2.0)
    assert between(Axis.spread("clip.threshold", 0.01, 1.0, 3, log=True)).values == (0.01, 0.03162, 0.1, 0.3162, 1.0)


def test_between_whole_numbers_are_whole_ones_as_far_as_there_are_any():
    assert between(Axis(path="task.length", values=(10, 11, 13))).values == (10, 11, 12, 13)
    assert between(Axis(path="task.length", values=(10, 11, 12))) is None


def test_nothing_stands_between_names_nor_where_there_are_too_many():
    assert between(Axis(path="cell.activation.kind", values=("tanh", "relu"))) is None
    assert between(Axis.spread("cell.recurrent_init.gain", 1.0, 2.0, MOST_VALUES)) is None

"""Fields by dotted path: in one config, and in any that there could be."""

import pytest

from playground.nn.cells.lstm import Lstm
from playground.nn.initializers import registry as initializers
from playground.training.config import RunConfig
from playground.training.paths import chosen, declared, holder, info, leaves, literals, options, value_at

CONFIG = RunConfig(cell=Lstm())


def test_leaves_are_all_fields_and_which_component_it_is_comes_first():
    found = list(leaves(CONFIG))

    assert len(set(found)) == len(found)
    assert found.index("cell.recurrent_init.kind") < found.index("cell.recurrent_init.gain")
    assert list(leaves(CONFIG, "cell.recurrent_init")) == ["cell.recurrent_init.kind", "cell.recurrent_init.gain"]
    assert list(leaves(CONFIG, "hidden")) == ["hidden"]


@pytest.mark.parametrize("path", leaves(CONFIG))
def test_every_leaf_is_declared_whatever_is_chosen_on_the_way(path):
    field = info(CONFIG, path)

    assert holder(CONFIG, path) is not None
    assert field.annotation in {one.annotation for one in declared(RunConfig, path)}
    if options(CONFIG, path):
        assert value_at(CONFIG, path) in options(CONFIG, path)


def test_what_other_components_have_is_declared_and_is_not_there():
    assert holder(CONFIG, "clip.ratio") is None
    assert len(declared(RunConfig, "clip.ratio")) == 1
    assert len(declared(RunConfig, "clip.threshold")) == 3  # by norm, by norm each tensor, and too early


@pytest.mark.parametrize("path", ["", ".", "nothing", "hidden.nothing", "cell.nothing.gain", "task.values.0"])
def test_what_there_is_not_is_declared_nowhere(path):
    assert declared(RunConfig, path) == ()
    assert holder(CONFIG, path) is None


def test_a_field_has_a_family_or_values_or_neither():
    assert chosen(info(CONFIG, "cell.recurrent_init")).registry is initializers
    assert literals(info(CONFIG, "shuffle_time")) == (False, True)
    assert literals(info(CONFIG, "precision"))[0] == "float32"
    assert literals(info(CONFIG, "hidden")) == ()
    assert chosen(info(CONFIG, "hidden")) is None

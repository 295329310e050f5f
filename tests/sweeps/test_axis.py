"""Axes: any field of a config may be one, but for those that decide nothing of a cell; each has words and a range."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import InvalidConfig
from playground.nn import activations, architectures, cells, clipping, gate_biases, initializers
from playground.sweeps import titles
from playground.sweeps.axis import MOST_VALUES, NOT_AXES, Axis
from playground.sweeps.fields import RANGES, paths, suggested
from playground.tasks import registry as tasks
from playground.training import learning, optimizers, schedules
from playground.training.config import RunConfig
from playground.training.paths import declared, leaves, options, value_at

GAIN = "cell.recurrent_init.gain"


TASK = ("task", "arrival", "architecture", "test_length", "learning", "direction", "layers")
"""Whether these fit depends on the task."""


def changes():
    """One for each component that a config may choose, and the fields that it touches."""
    yield {}, ("",)
    yield from (({"task.kind": kind}, TASK) for kind in tasks.kinds())
    for kind in architectures.registry.kinds():
        task = next(t for t in tasks.kinds() if kind in tasks[t].architectures)
        yield {"task.kind": task, "architecture.kind": kind}, TASK
    yield from (({"cell.kind": kind}, ("cell",)) for kind in cells.registry.kinds())
    yield from (({"cell.recurrent_init.kind": kind}, ("cell",)) for kind in initializers.registry.kinds())
    for kind in gate_biases.registry.kinds():
        yield {"cell.kind": "lstm", "cell.forget_bias.kind": kind}, ("cell",)
        yield {"cell.kind": "gru", "cell.keep_bias.kind": kind}, ("cell",)
    for family, path in (
        (activations, "cell.activation"),
        (clipping, "clip"),
        (optimizers, "optimizer"),
        (learning, "learning"),
        (schedules, "schedule"),
    ):
        yield from (({f"{path}.kind": kind}, (path,)) for kind in family.registry.kinds())


CONFIGS = {" ".join(change.values()): (RunConfig().patched(change), tuple(touched)) for change, touched in changes()}


@pytest.mark.parametrize("name", CONFIGS)
def test_every_field_that_decides_something_may_be_an_axis_with_words_and_values_that_fit(name):
    config, touched = CONFIGS[name]
    texts = {path for path in leaves(config) if isinstance(value_at(config, path), str) and not options(config, path)}
    columns = {path for path in leaves(config) if isinstance(value_at(config, path), tuple)}
    expected = [p for p in leaves(config) if p.partition(".")[0] not in NOT_AXES and p not in texts | columns]

    assert list(paths(config)) == expected

    axes = [suggested(config, path) for path in expected if path.startswith(touched)]
    for axis in axes:
        assert all(value_at(config.patched({axis.path: setting}), axis.path) == setting for setting in axis.values)
        assert Axis.parse(axis.model_dump(mode="json")) == axis
        said = [axis.value_title(setting) for setting in axis.values]
        assert len(set(said)) == len(said)
        assert not any("_" in word.replace("T_max", "") for word in (axis.title, *said))
    assert len({axis.title for axis in axes}) == len(axes)


def test_every_title_and_range_is_of_a_field():
    fields = {path for config, _ in CONFIGS.values() for path in leaves(config)}

    assert all(declared(RunConfig, path) for path in titles.TITLES.keys() | titles.DRAWN.keys())
    assert all(any(f".{path}".endswith(f".{end}") for path in fields) for end in RANGES)


def test_what_decides_nothing_of_a_cell_is_no_axis():
    for path in ("seed", "updates", "pace", "format", "device", "stop.seconds", "alarms.stalled.updates", "task.text"):
        with pytest.raises(InvalidConfig, match="cannot be an axis"):
            Axis.parse({"path": path, "values": [1]})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"path": "cell.gian"}, "'cell.gian' is no field of a config. Write one such as 'cell.recurrent_init.gain'."),
        ({"path": ""}, "'' is no field of a config. Write one such as 'cell.recurrent_init.gain'."),
        ({"values": []}, "An axis without values has no cells. Write one value or more."),
        ({"values": [i / 10 for i in range(33)]}, "There are too many here. Write 32 or fewer."),
        ({"values": [1, 2, 1.0]}, "1 stands twice. Write each value once."),
        ({"values": ["1"]}, "'1' is not a number. Write one, such as 0.5."),
        ({"values": [True]}, "True is not a number. Write one, such as 0.5."),
        ({"values": [None]}, "None is no setting. Write a number, true, false or a name."),
        ({"values": [math.nan]}, "nan is beyond all fields. Write a number such as 0.5."),
        ({"values": [10**400]}, "is beyond all fields. Write a number such as 0.5."),
        ({"values": ["x" * 100]}, "is too long. Write 40 characters or less."),
        ({"path": "task.length", "values": [10.5]}, "10.5 is not a whole number. Write one, such as 30."),
        ({"path": "cell.kind", "values": ["grru"]}, "Unknown cell 'grru'. Did you mean 'gru'?"),
        ({"path": "shuffle_time", "values": [1]}, "Unknown time shuffled 1."),
        ({"path": "cell.kind", "values": ["gru"], "log": True}, "The values of cell are no numbers."),
        ({"values": [0, 1], "log": True}, "Only numbers above 0 have a logarithm."),
    ],
)
def test_a_wrong_axis_gets_one_sentence(fields, sentence):
    with pytest.raises(InvalidConfig) as error:
        Axis.parse({"path": GAIN, "values": [1.0]} | fields)

    assert len(error.value.problems) == 1
    assert sentence in error.value.problems[0].sentence


def test_values_are_those_of_the_field_whoever_writes_them():
    assert Axis(path=GAIN, values=(1, 2)) == Axis(path=GAIN, values=(1.0, 2.0))
    assert [type(value) for value in Axis(path="task.length", values=(10.0, 20)).values] == [int, int]
    assert Axis(path="shuffle_time", values=(True, False)).values == (True, False)


@pytest.mark.parametrize(
    ("path", "low", "high", "count", "log", "values"),
    [
        (GAIN, 0.5, 2.0, 4, False, (0.5, 1.0, 1.5, 2.0)),
        ("optimizer.learning_rate", 1e-4, 1e-1, 4, True, (1e-4, 1e-3, 1e-2, 1e-1)),
        (GAIN, 1, 2, 4, False, (1.0, 1.333, 1.667, 2.0)),
        ("hidden", 4, 128, 6, True, (4, 8, 16, 32, 64, 128)),
        ("layers", 1, 4, 8, False, (1, 2, 3, 4)),
    ],
)
def test_a_spread_has_equal_steps_or_equal_factors(path, low, high, count, log, values):
    assert Axis.spread(path, low, high, count, log).values == values


@settings(max_examples=40)
@given(
    st.floats(-9, 9),
    st.floats(-9, 9),
    st.integers(0, MOST_VALUES + 1),
    st.booleans(),
    st.sampled_from([GAIN, "hidden"]),
)
def test_a_spread_rises_between_its_ends_or_says_why_not(low, high, count, log, path):
    whole = path == "hidden"
    if not (low < high and 2 <= count <= MOST_VALUES) or (log and (low <= 0 or (whole and round(low) < 1))):
        with pytest.raises(InvalidConfig, match=r"\.$"):
            Axis.spread(path, low, high, count, log)
        return
    axis = Axis.spread(path, low, high, count, log)
    assert list(axis.values) == sorted(axis.values)
    if whole:
        assert low - 0.5 <= axis.values[0] <= axis.values[-1] <= high + 0.5
    else:
        assert (axis.values[0], axis.values[-1], len(axis.values)) == (low, high, count)


def test_values_are_told_apart_with_as_few_digits_as_do():
    axis = Axis(path="optimizer.learning_rate", values=(1e-5, 0.001, 0.0015, 0.00151, 0.5), log=True)

    assert [axis.value_title(value) for value in axis.values] == ["10⁻⁵", "0.001", "0.0015", "0.00151", "0.5"]
    assert axis.title == "learning rate"
    assert Axis(path=GAIN, values=(1,)).title == "gain of U"
    assert Axis(path="cell.recurrent_init.kind", values=("torch",)).title == "initialiser of U"
    assert Axis(path="cell.activation.kind", values=("relu",)).value_title("relu") == "ReLU"


def test_a_path_means_one_type_whichever_components_are_chosen():
    """So that an axis knows what its values are, without a config."""
    for path in {path for config, _ in CONFIGS.values() for path in leaves(config)}:
        kinds = {field.annotation for field in declared(RunConfig, path)}
        assert path.endswith(".kind") or len(kinds) == 1, path

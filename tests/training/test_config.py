"""RunConfig: the same thing as its JSON and its link, and a sentence for everything that it is not."""

import json
import math

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from playground.core.errors import InvalidConfig
from playground.nn.architectures.one_to_many import OneToMany
from playground.nn.clipping import ByValue
from playground.nn.initializers import Orthogonal
from playground.tasks.adding import Adding
from playground.training.config import MAX_WORK, RunConfig
from playground.training.optimizers import Adam, Sgd
from playground.training.presets import PRESETS
from tests.training.configs import configs


@given(configs)
def test_json_round_trip(config):
    text = config.canonical_json()
    again = RunConfig.from_json(text)
    assert again == config
    assert again.canonical_json() == text
    assert RunConfig.from_json(json.dumps(json.loads(text), indent=2).encode()).canonical_json() == text


@settings(max_examples=200)
@given(configs, configs)
def test_patching_by_the_difference_gives_the_other(config, base):
    changes = config.difference(base)
    assert base.patched(changes) == config
    assert base.patched(dict(reversed(changes.items()))) == config  # in any order
    assert bool(changes) == (config != base)


@given(configs)
def test_a_link_is_text_and_gives_the_same_config(config):
    base = RunConfig()
    assert base.patched({path: str(value) for path, value in config.difference(base).items()}) == config


def test_a_link_carries_only_what_differs():
    changed = RunConfig().patched({"cell.recurrent_init.kind": "orthogonal", "task.length": 50})
    assert changed.difference(RunConfig()) == {"cell.recurrent_init.kind": "orthogonal", "task.length": 50}
    assert RunConfig().difference(RunConfig()) == {}
    assert RunConfig().patched({}) == RunConfig()


def test_a_changed_kind_starts_afresh_whatever_the_order():
    gained = RunConfig(cell={"kind": "vanilla", "recurrent_init": {"kind": "orthogonal", "gain": 2.0}})
    assert gained.patched({"cell.recurrent_init.kind": "xavier_uniform"}).cell.recurrent_init.gain == 1.0
    assert gained.patched({"cell.recurrent_init.kind": "orthogonal"}).cell.recurrent_init.gain == 2.0
    both = {"cell.recurrent_init.gain": 3.0, "cell.recurrent_init.kind": "he_normal"}
    assert gained.patched(both).cell.recurrent_init.gain == 3.0


def test_nested_choices_are_validated_by_kind():
    config = RunConfig.parse({"task": "adding", "optimizer": {"kind": "sgd", "momentum": 0.5}, "clip": "none"})
    assert config.task == Adding()
    assert config.optimizer == Sgd(momentum=0.5)


WRONG = [
    ({"hidden": 0}, "hidden", "0 is too small. Write 1 or more."),
    ({"hidden": 257}, "hidden", "257 is too large. Write 256 or less."),
    ({"hidden": 10**400}, "hidden", "is too large. Write 256 or less."),
    ({"hidden": 3.5}, "hidden", "3.5 is not a whole number. Write one, such as 30."),
    ({"hidden": "wide"}, "hidden", "'wide' is not a whole number. Write one, such as 30."),
    ({"hidden": math.nan}, "hidden", "nan is not a "),
    ({"hidden": None}, "hidden", "None is not a whole number. Write one, such as 30."),
    ({"seed": -1}, "seed", "-1 is too small. Write 0 or more."),
    ({"seed": 2**31}, "seed", "is too large. Write a number below 2147483648."),
    ({"precision": "float8"}, "precision", "'float8' is not among the choices. Write 'float32', 'float64', 'bfloat16'"),
    ({"shuffle_time": "perhaps"}, "shuffle_time", "'perhaps' is neither true nor false."),
    ({"task": "majority", "architecture": "many_to_one"}, "architecture.kind", "does not go with the task"),
    (
        {"task": "majority", "arrival": "online", "direction": "two_passes"},
        "direction",
        "Online, the answer at step t is due before step t + 1 has arrived",
    ),
    ({"task": "majority", "arrival": "online", "direction": "concatenated"}, "direction", "Write 'one_way', or take"),
    ({"arrival": "stream"}, "arrival", "has a beginning and an end and makes no endless stream"),
    ({"learning": "truncated", "direction": "two_passes"}, "learning.kind", "a network that reads from the end"),
    (
        {"task": {"kind": "parity", "length": 150}, "learning": "each_step"},
        "learning.kind",
        "would take 22,500 steps an update, and 10,000 are allowed.",
    ),
    ({"learning": {"kind": "truncated", "k1": 5, "k2": 3}}, "learning", "some losses would never go back"),
    ({"architecture": "window_mlp", "test_length": 16}, "test_length", "cannot take sequences of another length"),
    ({"architecture": "window_mlp", "direction": "two_passes"}, "direction", "one way only"),
    ({"architecture": "window_mlp", "layers": 2}, "layers", "has one hidden layer. Write 1."),
    ({"task": "order", "test_length": 5}, "test_length", "As a length of this task: 5 is too small."),
    ({"format": 2}, "format", "2 is not among the choices. Write 1."),
    ({"colour": "red"}, "colour", "There is no such field. Leave it out."),
    ({"optimizer": {"kind": "adam", "learning_rate": math.nan}}, "optimizer.learning_rate", "nan is not a finite"),
    ({"optimizer": {"kind": "adam", "learning_rate": math.inf}}, "optimizer.learning_rate", "inf is not a finite"),
    ({"optimizer": {"kind": "adam", "learning_rate": "NaN"}}, "optimizer.learning_rate", "'NaN' is not a finite"),
    ({"optimizer": {"kind": "adam", "learning_rate": -1e-3}}, "optimizer.learning_rate", "too small. Write 0.0 or"),
    ({"optimizer": {"kind": "adam", "momentum": 0.9}}, "optimizer.momentum", "There is no such field. Leave it out."),
    ({"optimizer": "adm"}, "optimizer", "Unknown optimiser 'adm'. Did you mean 'adam'? Allowed: adam,"),
    ({"optimizer": {"learning_rate": 0.1}}, "optimizer", "Unknown optimiser None. Allowed: adam,"),
    ({"optimizer": 7}, "optimizer", "Unknown optimiser 7. Allowed: adam,"),
    ({"optimizer": {"kind": ["adam"]}}, "optimizer", "Unknown optimiser ['adam']"),
    ({"task": {"kind": "recall", "length": 201}}, "task.length", "201 is too large. Write 200 or less."),
    ({"task": {"kind": "order", "length": 9}}, "task.length", "9 is too small. Write 10 or more."),
    ({"clip": {"kind": "norm", "threshold": 0}}, "clip.threshold", "0 is too small. Write a number above 0.0."),
    ({"clip": {"kind": "value", "lo": 1, "hi": 1}}, "clip", "The clip range [1, 1] is empty. Write a lower"),
    ({"cell": {"kind": "vanilla", "input_init": "identity"}}, "cell.input_init", "'identity' needs a square matrix"),
    ({"readout_init": {"kind": "sparse"}}, "readout_init", "'sparse' needs a square matrix, and only the"),
    (
        {"cell": {"kind": "vanilla", "recurrent_init": {"kind": "orthogonal", "gain": 11}}},
        "cell.recurrent_init.gain",
        "11 is too large. Write 10.0 or less.",
    ),
    ({"batch": 512, "hidden": 256, "task": {"kind": "recall", "length": 31}}, "", "4,000,000 is allowed. Make"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "path", "sentence"), WRONG, ids=[f"{path} {i}" for i, (_, path, _) in enumerate(WRONG)]
)
def test_every_wrong_value_has_its_place_and_its_sentence(data, path, sentence):
    with pytest.raises(InvalidConfig) as caught:
        RunConfig.parse(data)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert sentence in caught.value.problems[0].sentence
    assert len(caught.value.problems[0].sentence) < 400


@pytest.mark.parametrize("data", [None, [], "text", 7, [{}]])
def test_what_is_no_mapping_is_refused(data):
    with pytest.raises(InvalidConfig):
        RunConfig.parse(data)


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", b"\xff\xfe", "[" * 100_000, '{"seed": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_refused_by_a_sentence(text):
    with pytest.raises(InvalidConfig):
        RunConfig.from_json(text)


@pytest.mark.parametrize("text", ['{"optimizer": {"kind": "sgd", "learning_rate": NaN}}', '{"hidden": Infinity}'])
def test_json_with_nan_or_infinity_is_refused_by_field(text):
    with pytest.raises(InvalidConfig) as caught:
        RunConfig.from_json(text)
    assert caught.value.problems[0].path in ("optimizer.learning_rate", "hidden")


@pytest.mark.parametrize(
    "path", ["nothing", "cell.nothing", "cell.nothing.deeper", "hidden.deeper", "", ".", "a.b.c", "cell."]
)
def test_a_patch_of_a_field_that_is_not_there_is_refused(path):
    with pytest.raises(InvalidConfig, match="There is no such field"):
        RunConfig().patched({path: 1})


def test_all_wrong_fields_are_told_at_once():
    with pytest.raises(InvalidConfig) as caught:
        RunConfig.parse({"hidden": 0, "batch": 0, "task": "nothing"})
    assert {problem.path for problem in caught.value.problems} == {"hidden", "batch", "task"}


def test_the_largest_allowed_work_is_allowed():
    config = RunConfig(batch=500, hidden=250, task={"kind": "recall", "length": 32})
    assert config.batch * config.hidden * config.task.length == MAX_WORK


def test_it_cannot_be_changed():
    for change in ({"hidden": 3}, {"cell": None}):
        (name, value) = next(iter(change.items()))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(RunConfig(), name, value)
    with pytest.raises(ValidationError, match="frozen"):
        RunConfig().optimizer.learning_rate = 1.0


def test_defaults_are_preset_p1():
    config = RunConfig()
    assert PRESETS["P1"].config == config
    assert (config.task.kind, config.task.length, config.hidden, config.batch) == ("recall", 30, 64, 32)
    assert config.cell.activation.kind == "tanh"
    assert config.cell.recurrent_init.kind == "torch"
    assert (config.clip.kind, config.clip.threshold) == ("norm", 1.0)
    assert (config.optimizer.kind, config.pace) == ("adam", 20)


def test_components_can_be_given_as_objects():
    config = RunConfig(clip=ByValue(lo=-2.0, hi=1.0), readout_init=Orthogonal(gain=2.0), optimizer=Adam())
    assert RunConfig.from_json(config.canonical_json()) == config


def test_a_task_brings_its_natural_architecture():
    assert RunConfig.parse({"task": "majority"}).architecture.kind == "many_to_many"
    assert RunConfig(task={"kind": "majority"}).architecture.kind == "many_to_many"
    assert RunConfig().patched({"task.kind": "majority"}).architecture.kind == "many_to_many"
    forced = RunConfig().patched({"task.kind": "melody", "architecture.teacher_forcing": 0.5})
    assert forced.architecture == OneToMany(teacher_forcing=0.5)
    back = RunConfig.parse({"task": "majority"}).patched({"task.kind": "recall"})
    assert back.architecture.kind == "many_to_one"
    with pytest.raises(InvalidConfig, match="does not go with"):
        RunConfig().patched({"task.kind": "majority", "architecture.kind": "many_to_one"})


def test_a_conflict_says_what_would_fit():
    with pytest.raises(InvalidConfig) as caught:
        RunConfig.parse({"task": "majority", "arrival": "online", "direction": "two_passes"})
    (problem,) = caught.value.problems
    assert RunConfig.parse({"task": "majority", "arrival": "online", problem.path: problem.instead})


def test_a_change_leaves_what_it_does_not_touch_as_it_is():
    """Equal to what a full check gives, and the same objects, so that a map of a thousand configs is made at once."""
    config = RunConfig(cell=RunConfig().cell.model_copy(update={"recurrent_init": Orthogonal(gain=1.5)}))

    changed = config.patched({"optimizer.learning_rate": 0.1, "clip.kind": "value"})

    assert changed.cell is config.cell
    assert changed.task is config.task
    assert changed == RunConfig.parse(json.loads(changed.canonical_json()))

"""MapSpec: cells are RunConfigs and nothing else, and what cannot be said is refused with one sentence."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import InvalidConfig
from playground.diagnosis.thresholds import Thresholds
from playground.nn.cells.lstm import Lstm
from playground.sweeps import limits
from playground.sweeps.axis import Axis
from playground.sweeps.fields import paths, suggested
from playground.sweeps.spec import MapSpec, Place
from playground.training.config import SEEDS, RunConfig
from playground.training.stopping import Stop

GAIN = "cell.recurrent_init.gain"
RATE = "optimizer.learning_rate"
ACTIVATION = Axis(path="cell.activation.kind", values=("tanh", "relu"))
INIT = Axis(path="cell.recurrent_init.kind", values=("orthogonal", "sparse", "identity"))

BASES = (RunConfig(), RunConfig(cell=Lstm(), seed=7))
AXES = {base.cell.kind: [suggested(base, path) for path in paths(base)] for base in BASES}


@st.composite
def specs(draw):
    """Maps of any two or three fields, of as many values as keep them small."""
    base = draw(st.sampled_from(BASES))
    chosen = draw(st.lists(st.sampled_from(AXES[base.cell.kind]), min_size=1, max_size=3, unique_by=lambda a: a.path))
    few = [axis.model_copy(update={"values": axis.values[: draw(st.integers(1, 3))]}) for axis in chosen]
    fields = dict(zip(("x", "y", "panels"), few, strict=False))
    numbers = {"seeds": draw(st.integers(1, 10)), "updates": draw(st.integers(1, 2000))}
    try:
        return MapSpec.parse({"base": base, **fields, **numbers})
    except InvalidConfig:  # no cell of it can be trained
        return MapSpec(base=base, x=few[0].model_copy(update={"path": RATE, "values": (0.1,), "log": False}))


@settings(max_examples=20)
@given(specs(), st.data())
def test_each_cell_is_the_config_patched_by_hand(spec, data):
    cell = data.draw(st.sampled_from(list(spec.cells())))
    seed = data.draw(st.integers(0, spec.seeds - 1))
    place = spec.place(cell)
    by_hand = {"updates": spec.updates, "seed": spec.base.seed + seed}
    for axis, at in ((spec.x, place.column), (spec.y, place.row), (spec.panels, place.panel)):
        by_hand |= {axis.path: axis.values[at]} if axis else {}

    assert spec.number(place) == cell
    try:
        expected = spec.base.patched(by_hand)
    except InvalidConfig:
        assert spec.impossible()[cell].endswith(".")
        with pytest.raises(InvalidConfig):
            spec.config(cell)
    else:
        assert cell not in spec.impossible()
        assert spec.config(cell, seed) == expected
        assert spec.config(cell, seed).pace == 0


@settings(max_examples=20)
@given(specs())
def test_a_map_survives_its_json(spec):
    again = MapSpec.from_json(spec.canonical_json())

    assert again == spec
    assert hash(again) == hash(spec)
    assert again.canonical_json() == spec.canonical_json()


def test_cells_are_numbered_along_x_then_y_then_panels():
    axes = [Axis.spread(path, 1, 2, count) for path, count in ((GAIN, 4), (RATE, 3), ("clip.threshold", 2))]
    spec = MapSpec(x=axes[0], y=axes[1], panels=axes[2])

    assert spec.shape == (2, 3, 4)
    assert spec.place(17) == Place(panel=1, row=1, column=1)
    assert [spec.number(spec.place(cell)) for cell in spec.cells()] == list(range(24))
    assert spec.settings(17) == {GAIN: 1.333, RATE: 1.5, "clip.threshold": 2.0}


def test_what_belongs_to_a_single_run_does_not_tell_maps_apart():
    alarms = Thresholds.model_validate({"stalled": {"updates": 77}})
    base = RunConfig(pace=3, updates=17, stop=Stop(solved=True), alarms=alarms)
    axis = Axis.spread(GAIN, 1, 2, 4)

    assert MapSpec(base=base, x=axis) == MapSpec(x=axis)
    assert MapSpec(base=base, x=axis, updates=50).config(0).updates == 50


def test_settings_that_do_not_go_together_are_named_and_the_others_are_trained():
    spec = MapSpec(
        x=Axis(path="clip.kind", values=("none", "norm", "value")), y=Axis(path="clip.threshold", values=(0.1, 1))
    )

    assert spec.impossible() == dict.fromkeys((0, 3), "The clipping 'none' has no clip bound.") | dict.fromkeys(
        (2, 5), "The clipping 'by value' has no clip bound."
    )
    assert spec.config(4).clip.threshold == 1

    lengths = MapSpec(x=Axis(path="arrival", values=("offline", "stream")))
    assert lengths.impossible()[1].startswith("The task recall the first symbol")
    assert "Write" not in lengths.impossible()[1]


def test_a_changed_copy_knows_its_own_cells():
    spec = MapSpec(x=Axis.spread(GAIN, 1, 2, 4))

    assert spec.model_copy(update={"updates": 17}).config(3).updates == 17


X = {"path": GAIN, "values": [1, 2]}


@pytest.mark.parametrize(
    ("fields", "path", "sentence"),
    [
        ({"x": None}, "x", "None was given."),
        ({"x": {"path": "nothing", "values": [1]}}, "x.path", "'nothing' is no field of a config."),
        ({"x": X | {"values": [11]}}, "", "No cell of this map can be trained: 11.0 is too large."),
        ({"x": {"path": "clip.lo", "values": [1]}}, "", "The clipping 'by norm' has no clip from."),
        ({"y": X}, "", "Two axes are the same field. Choose another one for one of them."),
        ({"seeds": 0}, "seeds", "0 is too small. Write 1 or more."),
        ({"seeds": 11}, "seeds", "11 is too large. Write 10 or less."),
        ({"updates": 2001}, "updates", "2001 is too large. Write 2000 or less."),
        ({"base": {"seed": SEEDS - 2}}, "", "The last seed would be beyond 2,147,483,647. Start from a smaller one."),
        ({"base": {"hidden": 0}}, "base.hidden", "0 is too small. Write 1 or more."),
        ({"format": 2}, "format", "2 is not among the choices. Write 1."),
        ({"z": X}, "z", "There is no such field. Leave it out."),
    ],
)
def test_what_is_wrong_gets_one_sentence(fields, path, sentence):
    with pytest.raises(InvalidConfig) as error:
        MapSpec.parse({"x": X, **fields})

    assert [problem.path for problem in error.value.problems] == [path]
    assert sentence in error.value.problems[0].sentence


def test_a_map_that_is_too_large_says_so_before_it_starts():
    def refused(**fields):
        with pytest.raises(InvalidConfig) as error:
            MapSpec.parse(fields)
        return str(error.value)

    x, y = (Axis.spread(path, 1, 2, 32) for path in (GAIN, RATE))
    panels = Axis(path="cell.activation.kind", values=("tanh", "relu"))

    assert refused(x=x, y=y, panels=panels) == "32 × 32 × 2 are 2,048 cells, and 1,024 are allowed. Take fewer values."
    assert refused(x=x, y=y, seeds=5) == (
        "32 × 32 cells with 5 seeds are 5,120 networks, and 4,096 are allowed. Take fewer values or seeds."
    )
    heavy = {"hidden": 256, "batch": 64, "task": {"kind": "recall", "length": 200}}
    assert refused(base=heavy, x=x, y=y, seeds=4, updates=2000).endswith(
        "times as much work as is allowed. Take fewer cells, seeds or updates, shorter sequences or fewer hidden units."
    )
    assert len(MapSpec.parse({"x": x, "y": y, "seeds": 4, "updates": 2000, "base": {"hidden": 16}}).cells()) == 1024
    wide = {"hidden": 256, "layers": 2, "cell": {"kind": "lstm"}, "task": {"kind": "recall", "length": 200}}
    assert refused(base=wide, x={"path": RATE, "values": [0.1]}, updates=1) == (
        "One network of this map needs about 1,502 MiB while it trains and is tested, and 1,024 are allowed. "
        "Take shorter sequences, fewer hidden units or a smaller batch."
    )


def test_a_long_text_of_ones_own_is_for_few_cells_and_refused_before_any_is_made(monkeypatch):
    """1,024 cells with a megabyte each took the server seconds."""
    base = RunConfig.parse({"task": {"kind": "next_word", "text": "one two three " * 50_000}, "hidden": 4})
    fields = {"base": base, "x": {"path": "hidden", "values": list(range(1, 33))}, "seeds": 1, "updates": 1}

    assert len(MapSpec.parse(fields).cells()) == 32
    monkeypatch.setattr(RunConfig, "patched", None)  # of no cell
    with pytest.raises(InvalidConfig, match=r"With 70\d,\d{3} characters .* may have 45 cells, and these are 64\."):
        MapSpec.parse(fields | {"y": {"path": "batch", "values": [1, 2]}})


def test_work_is_what_a_hand_counts():
    """A layer of H units with I inputs has H·(H + I + 1) weights, and its answer O·(H + 1)."""
    config = RunConfig(hidden=10, batch=2)

    assert limits.work(config) == 3 * 2 * 30 * (10 * (10 + 4 + 1) + 4 * (10 + 1))


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 5000, '{"x": 3}', '"x"', '{"x": {"path": [], "values": {}}}'])
def test_any_text_is_a_map_or_a_sentence(text):
    with pytest.raises(InvalidConfig) as error:
        MapSpec.from_json(text)

    assert all(problem.sentence.endswith(".") for problem in error.value.problems)


def test_the_example_of_the_sentence_is_a_map():
    assert len(MapSpec.from_json(MapSpec.EXAMPLE).cells()) == 3
    assert json.loads(MapSpec.EXAMPLE)["x"]["path"] == GAIN

"""A map in a link: what was written is read again, and what a stranger writes becomes a map or a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import InvalidConfig
from playground.sweeps import links
from playground.sweeps.axis import Axis
from playground.sweeps.fields import paths, suggested
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.ui import link

BASE = RunConfig()
AXES = {path: suggested(BASE, path) for path in paths(BASE)}
GAIN = "cell.recurrent_init.gain"


@st.composite
def axes(draw):
    """Any axis: some values of a choice in any order, or numbers, spread or not."""
    axis = AXES[draw(st.sampled_from(list(AXES)))]
    if not axis.numeric:
        kept = draw(st.lists(st.sampled_from(axis.values), min_size=1, unique=True))
        return Axis(path=axis.path, values=kept)
    log = draw(st.booleans())
    low, high = axis.values[0], axis.values[-1]
    if draw(st.booleans()) and not (log and low <= 0):
        return Axis.spread(axis.path, low, high, draw(st.integers(2, 32)), log)
    floats = st.floats(-1e3, 1e3, exclude_min=True) if not log else st.floats(1e-8, 1e6)
    numbers = floats if isinstance(low, float) else st.integers(1, 300)
    return Axis(path=axis.path, values=draw(st.lists(numbers, min_size=1, max_size=32, unique=True)), log=log)


@settings(max_examples=50)
@given(axes())
def test_an_axis_survives_its_text(axis):
    assert links.axis_of(links.axis_text(axis)) == axis


@settings(max_examples=15)
@given(st.lists(axes(), min_size=1, max_size=3, unique_by=lambda a: a.path), st.integers(1, 10), st.integers(1, 2000))
def test_a_map_survives_its_link(axes, seeds, updates):
    fields = dict(zip(("x", "y", "panels"), axes, strict=False))
    try:
        spec = MapSpec.parse({"base": BASE, **fields, "seeds": seeds, "updates": updates})
    except InvalidConfig:
        return
    assert links.read(links.write(spec), BASE) == links.Read(spec)


@pytest.mark.parametrize(
    ("axis", "text"),
    [
        (Axis.spread(GAIN, 0.5, 2.0, 16), f"{GAIN}:0.5..2*16"),
        (Axis.spread("optimizer.learning_rate", 1e-5, 0.1, 8, log=True), "optimizer.learning_rate:1e-05..0.1*8~"),
        (Axis(path="cell.activation.kind", values=("relu", "tanh")), "cell.activation.kind:relu,tanh"),
        (Axis(path="task.length", values=(10, 30, 100), log=True), "task.length:10,30,100~"),
        (Axis(path="shuffle_time", values=(True, False)), "shuffle_time:true,false"),
        (Axis(path=GAIN, values=(1,)), f"{GAIN}:1"),
    ],
)
def test_it_is_short_and_can_be_read(axis, text):
    assert links.axis_text(axis) == text


@pytest.mark.parametrize("name", READY)
def test_ready_made_maps_are_links_beside_their_config(name):
    """The page writes the config and the map into one link; neither takes the other's words for its own."""
    spec = READY[name].spec
    written = link.write(spec.base, None) | links.write(spec)
    own = {key: value for key, value in written.items() if key in links.PARAMETERS}

    base = link.read({key: value for key, value in written.items() if key not in links.PARAMETERS}).config

    assert links.read(own, base) == links.Read(spec)


@pytest.mark.parametrize(
    ("parameters", "path", "sentence"),
    [
        ({"x": "gain"}, "x", "'gain' is no axis. Write a field and its values, such as clip.threshold:0.1..10*8."),
        ({"x": f"{GAIN}:"}, "x", "'' is not a number."),
        ({"x": f"{GAIN}:2..1*8"}, "x", "From 2 to 1 there is no range. Write the smaller number first."),
        ({"x": f"{GAIN}:1..2*99"}, "x", "99 values were asked for. Write 2 to 32."),
        ({"x": f"{GAIN}:-1..2*9~"}, "x", "-1 has no logarithm. Write a number above 0."),
        ({"x": f"{GAIN}:1e400..2*3"}, "x", "From inf to 2 there is no range."),
        ({"x": f"{GAIN}:{'9' * 700}"}, "x", "is beyond all fields."),
        ({"x": f"{GAIN}:{'9' * 900}"}, "x", "is no axis."),
        ({"x": "seed:1,2"}, "x", "'seed' cannot be an axis."),
        ({"x": f"{GAIN}:1", "y": f"{GAIN}:2"}, "", "Two axes are the same field."),
        ({"x": f"{GAIN}:11,12"}, "", "No cell of this map can be trained: 11.0 is too large."),
    ],
)
def test_a_map_that_cannot_be_gets_a_sentence(parameters, path, sentence):
    read = links.read(parameters, BASE)

    assert read.spec is None
    assert [problem.path for problem in read.problems] == [path]
    assert sentence in read.problems[0].sentence


def test_what_is_wrong_beside_the_map_costs_only_itself():
    read = links.read({"x": f"{GAIN}:1,2", "y": "?:1", "panels": "?", "seeds": "many", "updates": "99999"}, BASE)

    assert read.spec == MapSpec(x=Axis(path=GAIN, values=(1, 2)))
    assert {problem.path for problem in read.problems} == {"y", "panels", "seeds", "updates"}


def test_a_link_without_an_axis_is_no_map():
    assert links.read({"seeds": "3"}, BASE) == links.Read(None)


TEXTS = st.text(max_size=40) | st.text("0123456789.*,~:-e", max_size=20).map(lambda text: f"{GAIN}:{text}")


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(links.PARAMETERS), TEXTS))
def test_reading_never_raises(parameters):
    read = links.read(parameters, BASE)

    assert all(problem.sentence.endswith(".") for problem in read.problems)

"""What is written is what is read: every reading and condition, or a sentence that says what to write."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.measurement import Measurements, MeasurementSpec, Series
from playground.lessons.conditions import Place
from playground.lessons.evidence import Evidence
from playground.lessons.quantities import QUANTITIES
from playground.lessons.readings import condition, reading
from playground.training.config import RunConfig

CONFIG = RunConfig().patched({"updates": 40, "task.length": 4})
LSTM = CONFIG.patched({"cell.kind": "lstm"})


def spec(name, *axes, labels=(), **more):
    shape = tuple(size for _, size in axes)
    return MeasurementSpec(
        name=name, title=name, description="d", unit="1", axes=tuple(a for a, _ in axes), shape=shape, labels=labels,
        **more,
    )  # fmt: skip


def evidence(loss, gradient=((0.0, 1e-3, np.nan, 2.0),), every=10):
    """A run whose loss was taken at each update, and the gradient at each tenth."""
    layers = ("layer", 1), ("time", 4)
    series = {
        "loss": Series(spec("loss"), np.arange(len(loss)), np.array(loss, dtype=float)),
        "total_gradient": Series(
            spec("total_gradient", *layers, labels=("layer 1",)),
            every * np.arange(len(gradient)),
            np.array(gradient, dtype=float)[:, None],
        ),
    }
    return Evidence(CONFIG, Measurements(series), (), len(loss) - 1, True)


FALLING = evidence([4.0, 2.0, 1.0], [(0.0, 1e-3, 1.0, 2.0), (0.0, 1e-3, 1.0, 4.0)])


def holds(text, run=FALLING, **others):
    return condition(text).holds({"start": run, **others}, "start")


def why_not(parse, text):
    """The sentence with which a text is refused."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


# ── what is written ───────────────────────────────────────────────────────────

labels = st.text(st.characters(exclude_characters='"', codec="utf-8"), min_size=1, max_size=12)
words = st.text("UW₂←lo", min_size=1, max_size=5)
names = st.text("abc-1", min_size=1, max_size=6)
places = st.one_of(
    st.builds(Place, st.integers(1, 300), st.just(False)), st.builds(Place, st.integers(0, 300), st.just(True))
)


@st.composite
def readings(draw):
    """A reading's text, with the parts that it has."""
    quantity = draw(st.sampled_from(list(QUANTITIES.values())))
    label = draw(st.one_of(words, labels)) if quantity.of and (quantity.must or draw(st.booleans())) else None
    state = draw(st.none() | names)
    place = draw(st.none() | places) if quantity.over else None
    update = draw(st.none() | st.integers(0, 20_000))
    clauses = []
    if label is not None:
        bare = not set(label) & set('<>=*%"') and len(label.split()) == 1 and label == label.strip()
        clauses.append(f"of {label}" if bare and draw(st.booleans()) else f'of "{label}"')
    if state is not None:
        clauses.append(f"in {state}")
    if place is not None:
        named = {Place(1, False): "the first step", Place(0, True): "the last step"}
        plain = f"lag {place.number}" if place.lag else f"step {place.number}"
        clauses.append(f"at {draw(st.sampled_from([plain, named.get(place, plain)]))}")
    if update is not None:
        clauses.append("at the start" if update == 0 and draw(st.booleans()) else f"at update {update}")
    elif draw(st.booleans()):
        clauses.append("at the end")
    text = draw(st.sampled_from([" ", "  ", "\t"])).join([quantity.name, *draw(st.permutations(clauses))])
    return text, (quantity, label, state, place, update)


@settings(max_examples=50)
@given(readings())
def test_a_reading_is_what_was_written(written):
    text, parts = written
    found = reading(text)
    name = parts[0].name
    assert (found.quantity.name, found.label, found.state, found.place, found.update) == (name, *parts[1:])
    assert found.is_curve == (found.quantity.over == "curve" and found.place is None)


@settings(max_examples=50)
@given(readings(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["<", "<=", ">", ">=", "="]))
def test_a_reading_stands_on_either_side(written, value, sign):
    text = written[0]
    if reading(text).is_curve:
        with pytest.raises(ValueError, match="curve"):
            condition(f"{text} {sign} {value}")
        return
    left, right = condition(f"{text}{sign}{value!r}"), condition(f"{value!r} {sign} 2 * {text}")
    assert left.operands[1].factor == right.operands[0].factor == value
    assert right.operands[1].factor == 2
    assert left.readings[0]._replace(text="") == right.readings[0]._replace(text="")
    assert left.needs == right.needs == reading(text).needs


@settings(max_examples=50)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*'<>=*%"', "of", "in", "at", "the", "end", "loss", "3", "gradient", "step"])).map(
        " ".join
    )
)
def test_any_other_text_is_an_error_in_a_sentence(text):
    for parse in (reading, condition):
        said = why_not(parse, text)
        assert said is None or said.endswith(".")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gradent at step 1 < 3", "Did you mean 'gradient'?"),
        ("loss", "compares nothing"),
        ("3 < 4", "reads nothing"),
        ("loss <", "side of the comparison is missing"),
        ("97 % accuracy < 1", "Write * before"),
        ("loss * 3 < 1", "number first"),
        ("gradient < 3", "Say where"),
        ("loss at step 3 < 1", "no curve"),
        ("gradient at step 0 < 1", "whole number from 1"),
        ("gradient at lag -1 < 1", "whole number from 0"),
        ("loss at update 3.5 < 1", "whole number from 0"),
        ("loss of U < 1", "Leave out"),
        ("weight norm < 1", "weight norm of …"),
        ("loss at update 3 at the end < 1", "twice"),
        ("loss at noon < 1", "not understood"),
        ('weight norm of "U < 1', "no end"),
        ("1_000 < loss", "Unknown quantity"),
        ("nan < loss", "Unknown quantity"),
    ],
)
def test_what_is_wrong_is_named(text, said):
    assert said in why_not(condition, text)


def test_a_value_is_no_condition():
    for text in ("loss < 3", "0.5 * loss", "97 %"):
        with pytest.raises(ValueError, match=r"reading|quantity"):
            reading(text)


def test_nothing_is_evaluated():
    before = set(sys.modules)
    for text in ("__import__('this') < 3", "loss.__class__ < 3", "(1).real < loss", "9**9**9 < loss"):
        with pytest.raises(ValueError, match=r"\."):
            condition(text)
    assert "this" not in set(sys.modules) - before


# ── what is read ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loss", 1.0),
        ("loss at the start", 4.0),
        ("loss at update 1", 2.0),
        ("loss at update 39", 1.0),
        ("gradient at step 4 at the start", 2.0),
        ("gradient at the last step at update 9", 2.0),  # taken at 0 and 10
        ("gradient at lag 0 at update 10", 4.0),
        ("gradient ratio at lag 1 at the start", 0.5),
        ("gradient ratio at lag 1", 0.25),  # of the last step's at the same update
        ("gradient at the first step", 0.0),
    ],
)
def test_a_number_of_a_run(text, value):
    assert reading(text).value({"start": FALLING}, "start") == value


def test_a_curve_of_a_run():
    assert reading("gradient").curve({"start": FALLING}, "start").tolist() == [0.0, 1e-3, 1.0, 4.0]
    with pytest.raises(ValueError, match="one number"):
        reading("gradient at step 1").curve({"start": FALLING}, "start")
    with pytest.raises(ValueError, match="curve"):
        reading("gradient").value({"start": FALLING}, "start")


def test_chains_factors_percent_and_states():
    assert holds("0.5 < loss <= 1 < loss at the start")
    assert not holds("0.5 < loss < 1 < loss at the start")
    assert holds("25 % * loss at the start = loss")
    assert holds("100 % = loss")
    assert holds("loss in other = 7", other=evidence([7.0]))
    assert condition("loss in other < loss").states == {"other"}


def test_same_is_within_a_rounding():
    assert holds("loss = 1.0000000001")
    assert not holds("loss = 1.00000001")


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "="])
def test_nothing_compares_with_nan(sign):
    for other in ("1", "loss", "inf"):
        assert not holds(f"loss {sign} {other}", evidence([1.0, math.nan]))
        assert not holds(f"{other} {sign} loss", evidence([1.0, math.nan]))


def test_infinity_is_a_value():
    assert holds("loss = inf", evidence([1.0, math.inf]))
    assert holds("loss > 1e300", evidence([1.0, math.inf]))
    assert holds("loss < -1e300", evidence([-math.inf]))


def test_a_run_that_broke_ends_with_its_last_measurement():
    assert holds("1 < loss at update 30", evidence([1.0, 5.0]))


def test_before_the_first_measurement_nothing_is_known():
    assert not holds("loss > 0", evidence([]))
    assert not holds("gradient at step 1 >= 0", evidence([], gradient=np.empty((0, 4))))


# ── when it is known ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("loss", 40),
        ("loss at the end", 40),
        ("loss at the start", 0),
        ("loss at update 7", 7),
        ("first not finite update", 40),
        ("updates until solved", 40),
        ("parameters", 0),
        ("guessing", 0),
    ],
)
def test_due(text, update):
    assert reading(text).due(CONFIG) == update
    assert condition(f"{text} < loss at the start").due(CONFIG) == update
    assert condition(f"{text} in other < loss at update 3").due(CONFIG) == 3
    assert condition(f"{text} in other < loss at update 3").due(CONFIG, "other") == update
    assert condition(f"{text} < 3").due(CONFIG, "other") == -1


# ── whether it can be known ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "config", "said"),
    [
        ("gradient at lag 3", CONFIG, None),
        ("gradient at lag 4", CONFIG, "Write one from 0 to 3"),
        ("gradient at step 5", CONFIG, "Write one from 1 to 4"),
        ("weight norm of U", CONFIG, None),
        ("weight norm of Q", CONFIG, "Unknown tensor"),
        ('gradient of "layer 2" at step 1', CONFIG, "Did you mean 'layer 1'"),
        ("gate of f", CONFIG, "does not measure"),
        ("gate of f", LSTM, None),
        ("gate of z", LSTM, "Unknown gate"),
        ("cell gradient ratio at step 1", CONFIG, "does not measure"),
        ("cell gradient ratio at step 1", LSTM, None),
        ("alarms of vanishing", CONFIG, None),
        ("alarms of vanish", CONFIG, "Did you mean 'vanishing'"),
        ("loss at update 40", CONFIG, None),
        ("loss at update 41", CONFIG, "ends at update 40"),
    ],
)
def test_what_a_run_cannot_have_is_said_before_it(text, config, said):
    found = reading(text).problem(config)
    assert found is None if said is None else said in found


def test_states_are_looked_up():
    configs = {"start": CONFIG, "lstm": LSTM}
    assert condition("gate of f in lstm > 0.5").problem(configs, "start") is None
    assert "does not measure" in condition("gate of f > 0.5").problem(configs, "start")
    assert "Did you mean 'lstm'" in condition("loss in lst > 0.5").problem(configs, "start")


def test_measured_in_words():
    said = condition("gradient ratio at lag 1 at the start < 2 * loss").measured({"start": FALLING}, "start")
    assert said == "gradient ratio at lag 1 at the start: 0.500; loss: 1.00"

"""Theory's lines over a map, against matrices whose singular values are known, and against the closed forms."""

import math

import numpy as np
import pytest

from playground.dynamics import mean_field
from playground.nn.activations import registry as activations
from playground.nn.initializers import Orthogonal
from playground.sweeps import boundary
from playground.sweeps.axis import Axis
from playground.sweeps.boundary import boundaries
from playground.sweeps.contours import LINEAR, LOG, contours
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

GAIN = "cell.recurrent_init.gain"
BASE = RunConfig.parse({"cell": {"kind": "vanilla", "recurrent_init": {"kind": "orthogonal"}}, "hidden": 8})


def spec_of(base=BASE, **axes):
    return MapSpec.model_validate({"base": base, "seeds": 2, **axes})


def measured(spec, cells=None, variance=0.1):
    """What U = g·Q has, for both seeds; the network with gates has no γ."""
    found = []
    for cell in spec.cells() if cells is None else cells:
        config = spec.config(cell)
        gain = getattr(config.cell.recurrent_init, "gain", 1.0)
        gamma = config.cell.slope_bound()
        for seed in range(2):
            found.append(
                Member(
                    cell=cell, seed=seed, updates=1, sigma_max=gain, gamma=gamma, g2=gain**2, input_variance=variance
                )
            )  # fmt: skip
    return found


def lines(spec, members, kind):
    (found,) = [each for each in boundaries(spec, members) if each.kind == kind]
    return found


def value_at(axis, place):
    """The axis' value between its columns, as the axis is spread."""
    values = np.log(axis.values) if axis.log else axis.values
    found = np.interp(place, range(len(values)), values)
    return float(np.exp(found)) if axis.log else float(found)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("other", [None, Axis(path="task.length", values=(10, 20, 40))])
def test_the_bound_lies_where_an_orthogonal_matrix_has_gain_one(log, other):
    """σ_max(g·Q) = g and γ(tanh) = 1, so γσ_max = g, exactly."""
    gains = Axis.spread(GAIN, 0.3, 3.0, 7, log=log)
    spec = spec_of(x=gains, y=other)
    (panel,) = lines(spec, measured(spec), "bound").panels
    assert [value_at(gains, x) for line in panel for x in line.x] == pytest.approx([1.0] * sum(len(p.x) for p in panel))
    turned = spec_of(x=other or Axis(path="task.length", values=(10,)), y=gains)
    (panel,) = lines(turned, measured(turned), "bound").panels
    assert {round(value_at(gains, y), 9) for line in panel for y in line.y} == {1.0}


def test_the_bound_of_a_sigmoid_lies_at_gain_four():
    gains = Axis.spread(GAIN, 2.0, 6.0, 5)
    spec = spec_of(x=gains, y=Axis(path="cell.activation.kind", values=("tanh", "sigmoid")))
    (panel,) = lines(spec, measured(spec), "bound").panels
    (line,) = panel
    assert value_at(gains, line.x[0]) == pytest.approx(4.0)
    assert line.y == (0.5, 1.5), "a piece as high as its row: between two activations there is nothing"


def test_mean_field_lines_lie_where_the_formula_says():
    gains, lengths = Axis.spread(GAIN, 0.8, 1.6, 9), Axis(path="task.length", values=(10, 20, 30, 40))
    spec = spec_of(x=gains, y=lengths)
    members = measured(spec)
    (even,), (forgotten,) = (lines(spec, members, kind).panels for kind in ("even", "forgotten"))
    for line in even:
        for x in line.x:
            assert mean_field.mean_field("tanh", {}, value_at(gains, x) ** 2, 0.1).chi == pytest.approx(1.0, rel=0.01)
    assert forgotten
    for line in forgotten:
        for x, y in zip(line.x, line.y, strict=True):
            chi = mean_field.mean_field("tanh", {}, value_at(gains, x) ** 2, 0.1).chi
            assert mean_field.log_ratio(chi, value_at(lengths, y)) == pytest.approx(-3, abs=0.05)


def test_a_longer_sequence_forgets_at_a_larger_gain():
    spec = spec_of(x=Axis.spread(GAIN, 0.5, 1.6, 12), y=Axis(path="task.length", values=(10, 20, 30, 40)))
    ((line,),) = lines(spec, measured(spec), "forgotten").panels
    assert all(np.diff(np.array(line.x)[np.argsort(line.y)]) > 0)


def test_what_is_not_measured_between_is_bridged_and_outside_there_is_no_line():
    spec = spec_of(x=Axis.spread(GAIN, 0.5, 1.7, 7), y=Axis(path="task.length", values=(10, 20, 30)))
    coarse = [spec.number(type(spec.place(0))(0, row, column)) for row in (0, 2) for column in (0, 3, 6)]
    ((line,),) = lines(spec, measured(spec, coarse), "bound").panels
    assert line.x == (pytest.approx(2.5),) * 3
    assert min(line.y) == 0
    below = lines(spec, measured(spec, coarse[:1]), "bound")
    assert (below.panels, below.rule) == (((),), boundary.BOUND.below)
    apart = lines(spec, measured(spec, [coarse[0], coarse[-1]]), "bound")
    assert (apart.panels, apart.rule) == (((),), boundary.BETWEEN)


@pytest.mark.parametrize(
    ("base", "x", "kind", "sentence"),
    [
        (BASE, Axis(path="cell.activation.kind", values=("tanh", "relu")), "bound", boundary.NO_NUMBERS),
        (RunConfig.parse({"cell": {"kind": "lstm"}}), Axis(path="hidden", values=(4, 8)), "bound", boundary.NO_BOUND),
        (RunConfig.parse({"cell": {"kind": "gru"}}), Axis(path="hidden", values=(4, 8)), "even", boundary.ONLY_VANILLA),
        (BASE.patched({f"{GAIN.removesuffix('gain')}kind": "identity"}), Axis(path=GAIN, values=(0.5, 2)), "even",
         "No line: this theory is about random weights, and identity has none."),
    ],
)  # fmt: skip
def test_where_there_is_no_line_a_sentence_says_why(base, x, kind, sentence):
    spec = spec_of(base, x=x)
    found = lines(spec, measured(spec), kind)
    assert (found.panels, found.rule) == (((),), sentence)


def test_without_measurements_or_recurrence_too():
    spec = spec_of(x=Axis(path=GAIN, values=(0.5, 2.0)))
    for nothing in ([], [Member(cell=0, seed=0)]):
        assert {each.rule for each in boundaries(spec, nothing)} == {boundary.NOT_YET}
    still = [Member(cell=0, seed=0, updates=1)]
    assert {each.rule for each in boundaries(spec, still)} == {boundary.NO_RECURRENCE}


def test_an_activation_without_a_formula_is_a_sentence(monkeypatch):
    monkeypatch.setattr(mean_field, "known", lambda kind: kind != "tanh")
    spec = spec_of(x=Axis(path=GAIN, values=(0.5, 2.0)))
    assert lines(spec, measured(spec), "even").rule == "No line: this theory is not worked out for tanh."


@pytest.mark.parametrize("kind", activations.kinds())
def test_every_activation_has_lines_or_a_reason(kind):
    spec = spec_of(x=Axis.spread(GAIN, 0.1, 9.0, 6), y=Axis(path="cell.activation.kind", values=(kind,)))
    for found in boundaries(spec, measured(spec)):
        assert found.rule.endswith(".")
        assert all(np.isfinite([*line.x, *line.y]).all() for panel in found.panels for line in panel)


def test_panels_have_their_own_lines():
    spec = spec_of(
        x=Axis.spread(GAIN, 0.5, 8.0, 16), panels=Axis(path="cell.activation.kind", values=("tanh", "sigmoid"))
    )
    (tanh,), (sigmoid,) = lines(spec, measured(spec), "bound").panels
    assert (value_at(spec.x, tanh.x[0]), value_at(spec.x, sigmoid.x[0])) == (pytest.approx(1), pytest.approx(4))


def test_a_circle_is_one_closed_line():
    x, y = np.meshgrid(np.arange(9.0), np.arange(9.0))
    (line,) = contours(np.hypot(x - 4, y - 4), 2.5, LINEAR, LINEAR)
    assert (line.x[0], line.y[0]) == (line.x[-1], line.y[-1])
    np.testing.assert_allclose(np.hypot(np.array(line.x) - 4, np.array(line.y) - 4), 2.5, atol=0.05)


def test_a_saddle_is_two_lines_that_do_not_cross():
    for middle in (0.4, 0.6):
        corner = np.array([[1.0, 4 * middle - 1.0], [0.0, 0.0]])
        one, other = contours(np.array([[1.0, 0.0], [0.0, 1.0]]) + 0 * corner, middle, LINEAR, LINEAR)
        assert len(one.x) == len(other.x) == 2
        first, second = sorted([one, other], key=lambda line: min(line.x))
        assert max(first.x) <= min(second.x) or max(first.y) <= min(second.y) or max(second.y) <= min(first.y)


def test_powers_of_ten_are_met_half_way_on_a_log_scale():
    (line,) = contours(np.array([[1e-4, 1e-2]]), 1e-3, LOG, None)
    assert line.x == (pytest.approx(0.5),) * 2
    assert contours(np.array([[1.0, 2.0]]), 1.5, None, None) == ()
    assert math.isclose(contours(np.array([[1.0], [2.0]]), 1.25, None, LINEAR)[0].y[0], 0.25)


def test_a_matrix_of_zeros_has_a_place_on_a_log_scale():
    (line,) = contours(np.array([[0.0, np.nan, 0.0], [10.0, 10.0, 10.0]]), 1.0, LOG, LOG)
    assert line.x == (0.0, 1.0, 2.0)
    assert all(0.99 < y < 1 for y in line.y)


def test_the_base_is_orthogonal():
    assert isinstance(BASE.cell.recurrent_init, Orthogonal)

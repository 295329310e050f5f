"""Runs over each other: aligned, told apart by everybody, nothing that is not finite dropped."""

import itertools
import json
import pickle

import numpy as np
import pytest

from playground.core.measurement import Measurements, MeasurementSpec, Row
from playground.figures import compare, compare_style, style
from playground.figures.compare import Compared
from playground.figures.compare_pictures import NEEDS, PICTURES
from playground.figures.outcome_style import PAPER
from tests.figures.plotlys import checked
from tests.figures.sight import apart, contrast

NAMES = {picture.name: picture for picture in PICTURES}


def measured(values, *, length=4, every=1, title="accuracy", reference=0.25):
    """A run that has `values` of everything, one at each update from 0; what is rare at each second or third one."""
    over_time = {"axes": ("layer", "time"), "shape": (1, length), "labels": ("layer 1",)}
    specs = (
        MeasurementSpec(name="loss", title="l", description="d", unit="nats", reference=1.4),
        MeasurementSpec(
            name="test_metric", title=title, description="d", unit="share", every=every, reference=reference
        ),
        MeasurementSpec(name="total_gradient", title="t", description="d", unit="1", **over_time),
        MeasurementSpec(
            name="far_ratio", title="f", description="d", unit="1", axes=("layer",), shape=(1,), labels=("layer 1",)
        ),
        MeasurementSpec(
            name="weight_norm", title="w", description="d", unit="1", axes=("tensor",), shape=(2,), labels=("U", "V")
        ),
    )
    rows = [
        Row(u, 0.0, {s.name: np.full(s.shape, value) for s in specs if u % s.every == 0})
        for u, value in enumerate(values)
    ]
    return Measurements.of(specs, rows)


RUNS = {
    "no specs": Measurements({}),
    "empty": measured(()),
    "one point": measured((0.5,)),
    "all NaN": measured((np.nan,) * 3),
    "infinite": measured((0.5, np.inf, 1e300)),
    "zeros": measured((0.0, 0.0)),
    "longer, rarer": measured((0.4, 0.3, 0.2, 0.1), length=9, every=3),
}


def side_by_side(*runs):
    return [Compared("ABCDEF"[i], f"run {i}", i, run) for i, run in enumerate(runs)]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
@pytest.mark.parametrize("to_first", [False, True])
def test_any_two_runs_make_a_picture_with_words_of_both(picture, to_first):
    healthy = measured((0.5, 0.4, 0.3))
    for one, other in [pair for run in RUNS.values() for pair in ((run, healthy), (healthy, run), (run, run))]:
        data = compare.prepare(picture, side_by_side(one, other), to_first)
        drawn = json.loads(checked(compare.draw(data)).to_json())
        assert drawn["layout"]["xaxis"]["range"][0] < drawn["layout"]["xaxis"]["range"][1]
        assert np.isfinite(drawn["layout"]["yaxis"]["range"]).all()
        assert compare.words(data).endswith(".")


def test_the_needs_are_what_the_pictures_pick():
    assert set(NEEDS) >= {"loss", "test_metric", "far_ratio", "weight_norm", "total_gradient", "flow_gradient"}
    whole = measured((0.5,))
    for picture in PICTURES:
        part = Measurements({name: whole[name] for name in picture.needs if name in whole})
        assert picture.pick(part) is not None
        assert pickle.dumps(picture.pick(part)) == pickle.dumps(picture.pick(whole))


def test_a_difference_is_taken_where_both_were_measured():
    first, second = measured((1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.1), every=2), measured((0.5,) * 7, every=3)
    data = compare.prepare(NAMES["metric"], side_by_side(first, second), to_first=True)
    assert data.lines[1].x.tolist() == [0, 6]
    assert data.lines[1].y.tolist() == pytest.approx([-0.5, 0.4])
    assert data.lines[0].y.tolist() == [0.0] * 4
    assert compare.words(data) == "B: +40 percentage points at update 6."


def test_on_a_log_axis_a_difference_is_a_quotient():
    runs = side_by_side(measured((1.0, 0.5)), measured((0.1, 0.1, 0.1)))
    data = compare.prepare(NAMES["loss"], runs, to_first=True)
    assert data.lines[1].y.tolist() == pytest.approx([0.1, 0.2])
    assert compare.words(data) == "B: ×0.20 at update 1."
    assert checked(compare.draw(data)).layout.yaxis.title.text == "times A's"


def test_lengths_that_differ_share_one_axis_of_time_steps():
    data = compare.prepare(NAMES["gradient"], side_by_side(measured((1.0,)), measured((1.0,), length=9)))
    figure = checked(compare.draw(data))
    assert [len(trace.x) for trace in figure.data[:2]] == [4, 9]
    assert list(figure.layout.xaxis.range) == [0.5, 9.5]


def test_what_is_not_finite_is_a_mark_and_the_last_finite_gradient_stays():
    broken = measured((0.5, np.nan))
    loss = checked(compare.draw(compare.prepare(NAMES["loss"], side_by_side(broken))))
    assert loss.data[-1].x.tolist() == [1]
    gradient = checked(compare.draw(compare.prepare(NAMES["gradient"], side_by_side(broken))))
    assert gradient.data[-1].x.tolist() == [1, 2, 3, 4]
    assert gradient.data[0].y.tolist() == [0.5] * 4


def test_another_quantity_is_left_out_and_named():
    runs = side_by_side(measured((0.5,)), measured((0.5,), title="squared error"), Measurements({}))
    data = compare.prepare(NAMES["metric"], runs)
    assert compare.words(data) == "A: 50 %. Not here: B, C."
    assert checked(compare.draw(data)).data[0].name == "A"


def test_guessing_is_drawn_only_where_it_is_the_same_for_all():
    same, another = side_by_side(measured((0.5,)), measured((0.5,))), measured((0.5,), reference=0.5)
    assert len(checked(compare.draw(compare.prepare(NAMES["metric"], same))).layout.shapes) == 1
    both = [same[0], same[1]._replace(measurements=another)]
    assert not checked(compare.draw(compare.prepare(NAMES["metric"], both))).layout.shapes


def test_a_run_keeps_its_look_when_another_has_nothing_to_show():
    figure = checked(compare.draw(compare.prepare(NAMES["loss"], side_by_side(Measurements({}), measured((0.5,))))))
    assert figure.data[0].line.dash == compare_style.LOOKS[1]["line"]["dash"]


def test_a_long_run_has_no_more_points_than_pixels():
    figure = checked(compare.draw(compare.prepare(NAMES["loss"], side_by_side(measured(np.ones(3000))))))
    assert len(figure.data[0].x) < 600
    assert figure.data[0].x[-1] == 2999


def colour_of(look, ground):
    return look["line"].get("color", style.INK[ground])


@pytest.mark.parametrize("ground", style.GROUNDS)
def test_lines_of_one_dash_are_told_apart_by_everybody_and_all_stand_out_from_the_ground(ground):
    for one, other in itertools.combinations(compare_style.LOOKS, 2):
        if one["line"]["dash"] != other["line"]["dash"]:
            continue
        assert apart(colour_of(one, ground), colour_of(other, ground)) > 25
    for look in compare_style.LOOKS:
        assert contrast(colour_of(look, ground), PAPER[ground]) >= 3  # WCAG 2.2, 1.4.11

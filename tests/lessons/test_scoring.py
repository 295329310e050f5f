"""What an answer is worth, and that the sentence says so."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import PlaygroundError
from playground.core.measurement import Measurements, MeasurementSpec, Series
from playground.lessons import scoring
from playground.lessons.evidence import Evidence
from playground.lessons.lesson import Choice, Draw, Number
from playground.training.config import RunConfig
from tests.lessons.sample import sample

CONFIG = RunConfig()
MORE = {"name": "q", "ask": "What?", "explain": "So."}
CHOICE = Choice(
    kind="choice",
    **MORE,
    options=[
        {"say": "Low.", "when": "loss < 1", "because": "…"},
        {"say": "High.", "when": "loss > 1", "because": "…"},
        {"say": "Broken.", "when": "loss = inf", "because": "…"},
    ],
)
NUMBER = Number(kind="number", **MORE, value="loss", unit="nats", low=0, high=100, near=1, far=5)
DECADES = Number(kind="number", **MORE, value="loss", low=1e-6, high=100, scale="log", near=1, far=5)
DRAW = Draw(kind="draw", **MORE, value="gradient", low=1e-6, high=10, near=0.5, far=2.5)


def measured(loss=1.0, gradient=(1e-2, 1e-1, 1.0)):
    def series(name, values, **more):
        spec = MeasurementSpec(name=name, title=name, description="d", unit="1", **more)
        return Series(spec, np.array([0]), np.array([values], dtype=float).reshape(1, *spec.shape))

    layers = {"axes": ("layer", "time"), "shape": (1, len(gradient)), "labels": ("layer 1",)}
    found = {"loss": series("loss", loss), "total_gradient": series("total_gradient", gradient, **layers)}
    return Evidence(CONFIG, Measurements(found), (), 0, True)


# ── choice ────────────────────────────────────────────────────────────────────


def test_a_choice_is_right_or_not():
    assert scoring.score(CHOICE, 0, measured(0.5)) == (1.0, 0, "You said “Low.” So it is.")
    assert scoring.score(CHOICE, 1, measured(0.5)) == (0.0, 0, "You said “High.” It is: “Low.”")
    assert scoring.score(CHOICE, None, measured(0.5)) == (0.0, 0, "It is: “Low.”")


def test_of_two_that_hold_each_is_right():
    assert scoring.score(CHOICE, 2, measured(math.inf))[:2] == (1.0, 2)
    assert scoring.score(CHOICE, 1, measured(math.inf))[:2] == (1.0, 1)
    assert scoring.score(CHOICE, 0, measured(math.inf))[:2] == (0.0, 1)


def test_where_none_holds_that_is_said():
    assert scoring.score(CHOICE, 0, measured(math.nan)) == (0.0, -1, "In this run none of these is so.")


# ── number ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("said", "points"), [(11, 1), (12, 1), (10, 1), (14, 0.5), (8, 0.5), (16, 0), (100, 0)])
def test_a_number_by_its_distance(said, points):
    assert scoring.score(NUMBER, said, measured(11)).points == points


def test_a_number_says_both():
    assert scoring.score(NUMBER, 13, measured(11)).sentence == "You said 13 nats; it is 11 nats."
    assert scoring.score(NUMBER, None, measured(11)) == (0.0, 11.0, "It is 11 nats.")


@pytest.mark.parametrize(
    ("said", "points"), [(1e-3, 1), (1e-2, 1), (1e-4, 1), (1.0, 0.5), (100, 0), (0, 0.5), (-1, 0.5)]
)
def test_a_log_scale_counts_decades(said, points):
    assert scoring.score(DECADES, said, measured(1e-3)).points == pytest.approx(points)


@pytest.mark.parametrize("broken", [math.inf, math.nan])
def test_what_is_not_finite_counts_as_high(broken):
    assert scoring.score(NUMBER, 100, measured(broken)).points == 1
    assert scoring.score(NUMBER, 1, measured(broken)).points == 0


# ── draw ──────────────────────────────────────────────────────────────────────


def test_a_curve_by_its_mean_distance():
    assert scoring.score(DRAW, (-2.0, -1.0, 0.0), measured()).points == 1
    off = scoring.score(DRAW, (-3.0, -2.5, 2.0), measured())  # 1, 1.5, and 1: high is 10
    assert off.sentence == "On the average your curve is 1.2 decades away."
    assert off.points == pytest.approx((2.5 - 3.5 / 3) / 2, abs=1e-3)
    assert off.truth == [-2.0, -1.0, 0.0]
    assert scoring.score(DRAW, (1.0, 1.0, -6.0), measured()).points == 0
    assert scoring.score(DRAW, (-1.0, 0.0, 1.0), measured()).sentence.endswith("is 1.0 decade away.")


def test_zeros_and_what_is_not_finite_have_a_place_on_the_axis():
    for value, place in ((0.0, -6), (1e-12, -6), (math.inf, 1), (math.nan, 1), (1e9, 1), (-math.inf, 1)):
        found = scoring.score(DRAW, None, measured(gradient=(value, 1.0)))
        assert found.truth == [place, 0]
        assert scoring.score(DRAW, (float(place), 0.0), measured(gradient=(value, 1.0))).points == 1


@given(
    st.lists(st.floats(), min_size=1, max_size=5),
    st.data(),
)
def test_any_curve_has_points_between_0_and_1(curve, data):
    drawn = data.draw(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False) for _ in curve]))
    found = scoring.score(DRAW, drawn, measured(gradient=curve))
    assert 0 <= found.points <= 1
    assert all(-6 <= value <= 1 for value in found.truth)
    assert scoring.score(DRAW, tuple(found.truth), measured(gradient=curve)).points == 1


# ── all ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (CHOICE, 3), (CHOICE, -1), (CHOICE, 0.5), (CHOICE, (0.0,)), (CHOICE, True),
        (NUMBER, (1.0,)), (NUMBER, True),
        (DRAW, 1), (DRAW, ()), (DRAW, (0.0, 1.0)), (DRAW, (math.nan, 0.0, 1.0)), (DRAW, (math.inf, 0.0, 1.0)),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_an_error(question, answer):
    with pytest.raises(PlaygroundError):
        scoring.score(question, answer, measured())


def test_answers_in_words():
    assert scoring.said(CHOICE, 1) == "High."
    assert scoring.said(NUMBER, 3) == "3 nats"
    assert scoring.said(DRAW, (-2.0, 0.0)) == "from 0.010 at the first step to 1.0 at the last"
    assert scoring.said(DRAW, None) == "I do not know."


def test_due_and_needs():
    lesson = sample()
    assert [scoring.due(lesson, p) for p in lesson.predictions] == [0, 0, 0]
    later = sample("gradient ratio at the first step at the start >=", "loss >=")
    assert scoring.due(later, later.predictions[0]) == 40, "the last that any option looks at"
    assert scoring.due(lesson, CHOICE) == 40
    assert scoring.needs(CHOICE) == {"loss"}
    assert "flow_gradient" in scoring.needs(DRAW)

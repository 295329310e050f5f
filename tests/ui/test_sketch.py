"""What a reader draws: where the handles are, what a browser may send, which curve comes of it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.lessons.sketch import HANDLES, Paper, in_words

PAPER = Paper.of(30, 1e-12, 10)
heights = st.lists(st.none() | st.floats(-12, 1), min_size=HANDLES, max_size=HANDLES)


@given(st.integers(1, 200))
def test_handles_are_in_order_with_the_first_and_the_last_step_among_them(steps):
    handles = Paper(steps, -3, 0).handles

    assert handles[0] == 1
    assert handles[-1] == steps
    assert list(handles) == sorted(set(handles))
    assert len(handles) == min(HANDLES, steps)


@given(heights)
def test_what_a_sketch_sends_is_read_and_the_curve_goes_through_it(sent):
    found = PAPER.read(json.dumps(sent))
    curve = PAPER.curve(found)

    assert found == tuple(sent)
    if curve is None:
        assert all(height is None for height in sent)
        return
    assert len(curve) == PAPER.steps
    assert all(PAPER.low <= value <= PAPER.high for value in curve)
    for step, height in zip(PAPER.handles, sent, strict=True):
        assert height is None or curve[step - 1] == pytest.approx(height, abs=1e-6)


def test_between_the_heights_it_is_straight_and_beyond_them_level():
    curve = Paper(7, -8, 0).curve((None, -6.0, None, None, -3.0, None, None))

    assert curve == (-6.0, -6.0, -5.0, -4.0, -3.0, -3.0, -3.0)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        "",
        "{",
        "null",
        '{"0": 1}',
        "[0, 0, 0]",
        json.dumps([2.0] * HANDLES),
        json.dumps([-13] * HANDLES),
        json.dumps([True] * HANDLES),
        json.dumps(["0"] * HANDLES),
        json.dumps([[0]] * HANDLES),
        json.dumps([math.nan] * HANDLES),
        json.dumps([-math.inf] * HANDLES),
        f"[{'9' * 350}{', 0' * (HANDLES - 1)}]",
        "[" * 10_000,
        json.dumps([0] * HANDLES) + " " * 1_000,
    ],
)
def test_what_no_sketch_sends_counts_for_nothing(sent):
    assert PAPER.read(sent) is None


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        ((0.0,), "1.0 at step 1"),
        ((-9.0, -1.0), "10⁻⁹ at step 1, 0.10 at step 2"),
        ((-math.inf, math.nan, math.inf), "0 at step 1, NaN at step 2, ∞ at step 3"),
        ((-400.0, 0.0, 400.0), "0 at step 1, 1.0 at step 2, ∞ at step 3"),
    ],
)
def test_a_curve_in_words(curve, words):
    assert in_words(curve) == words

"""The cliff's numbers are closed forms: the unstable fixed point, the sensitivity there, the saddle-nodes."""

import numpy as np
import pytest

from playground.figures import cliff
from tests.figures.plotlys import checked

M = 5 * (s := 1 / (1 + np.exp(-0.5))) * (1 - s)


def test_the_sensitivity_at_the_unstable_fixed_point():
    """dx_50/db = (m^50 − 1)/(m − 1) with m = 5·σ′(0.5)."""
    found = cliff.unit(np.array([cliff.edge()]))
    assert found.state[0] == pytest.approx(0.5, abs=1e-9)  # rounding, grown m^50 times
    assert found.sensitivity[0] == pytest.approx((M**50 - 1) / (M - 1), rel=1e-9)


def test_the_slope_is_the_derivative_of_the_loss():
    b, h = np.array([-2.8, -2.62, -2.61, -2.4, -2.0]), 1e-7
    found = (cliff.unit(b + h).loss - cliff.unit(b - h).loss) / (2 * h)
    np.testing.assert_allclose(cliff.unit(b).slope, found, rtol=1e-4)


def test_the_unit_has_two_stable_states_between_the_saddle_nodes():
    """As many sign changes of w·σ(x) + b − x as there are fixed points."""
    x = np.linspace(-8, 8, 160_001)
    low, high = cliff.saddle_nodes()

    def fixed_points(b):
        return np.count_nonzero(np.diff(np.sign(5 / (1 + np.exp(-x)) + b - x)))

    assert [fixed_points(b) for b in (low - 0.01, low + 0.01, high - 0.01, high + 0.01)] == [1, 3, 3, 1]
    assert low < cliff.edge() < high


def test_a_plain_step_is_thrown_out_and_never_comes_back_a_clipped_one_stays():
    data = cliff.prepare()
    assert data.steepest.b == pytest.approx(data.edge, abs=1e-3)
    assert abs(data.steepest.slope) > 10_000 * data.gentle
    assert data.plain.b == pytest.approx(data.steepest.b - cliff.RATE * data.steepest.slope)
    assert data.plain.b > 100
    assert data.plain.slope == 0  # σ is exactly 1 there: nothing leads back
    assert data.clipped.b - data.steepest.b == pytest.approx(cliff.RATE * cliff.CLIP)
    assert data.clipped.loss < data.steepest.loss


def test_it_is_drawn_as_it_is_computed():
    data = cliff.prepare()
    figure = checked(cliff.draw(data))
    assert [trace.name for trace in figure.data] == ["E(b)", "plain step", "clipped step"]
    np.testing.assert_array_equal(figure.data[0].y, data.loss)
    assert figure.data[2].x == (data.steepest.b, data.clipped.b)
    assert figure.data[1].x == (data.steepest.b, cliff.SHOWN[1])  # as far as the picture goes
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == data.bistable
    assert np.ptp(data.loss[np.abs(data.b - data.edge) < cliff.NEAR]) > 0.3  # it falls within a thousandth
    assert "two stable states" in str(figure.layout.annotations)


def test_what_it_says():
    assert cliff.words(cliff.prepare()) == (
        "On the wall the slope is −5,751, elsewhere at most 0.24. With learning rate 0.1 a plain step goes to b = 572, "
        "where the slope is 0; clipped to 0.3 it goes from b = −2.61 to −2.58. Two stable states from b = −2.66 to "
        "−2.34."
    )

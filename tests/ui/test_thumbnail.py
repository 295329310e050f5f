"""A run at a glance: every number has its colour, and what is not finite its mark."""

import numpy as np
import pytest

from playground.core.measurement import MeasurementSpec, Series
from playground.figures.style import DECADES, DIVERGING
from playground.ui import thumbnail

SPEC = MeasurementSpec(name="loss", title="loss", description="", unit="")
STOPS = len(DIVERGING["light"])


def loss(*values):
    return Series(SPEC, np.arange(len(values)), np.array(values, dtype=np.float64))


def classes(decades):
    svg = thumbnail.draw(loss(1.0), [np.array(decades, dtype=np.float64)])
    return [i for i in range(STOPS + 2) if f'class="th-{i}"' in svg]


@pytest.mark.parametrize("series", [None, loss()])
def test_nothing_measured_is_nothing_drawn(series):
    assert thumbnail.draw(series, []) == ""


@pytest.mark.parametrize("values", [(1.0,), (1.0, 0.5, 0.1), (1.0, np.inf), (np.nan,), (0.0, 0.0)])
def test_a_cross_stands_where_the_loss_is_not_finite_in_the_end(values):
    svg = thumbnail.draw(loss(*values), [])
    assert svg.startswith("<svg")
    assert ("✕" in svg) == (not 0 < values[-1] < np.inf)
    assert "nan" not in svg
    assert "inf" not in svg


def test_the_strip_speaks_the_language_of_the_pictures():
    healthy = STOPS // 2
    assert classes([0.0]) == [healthy]
    # As far below the reference as above it: the same number of stops from the middle.
    for decades in range(-DECADES - 3, DECADES + 4):
        (one,), (other,) = classes([decades]), classes([-decades])
        assert one - healthy == healthy - other
        assert (one < healthy) == (decades < -1)
    assert classes([-np.inf]) == [STOPS]
    assert classes([np.nan]) == [STOPS + 1]
    assert classes([np.inf]) == []
    assert "✕" in thumbnail.draw(loss(1.0), [np.array([0.0, np.nan])])


def test_a_long_run_makes_no_longer_a_drawing():
    rows = [np.random.default_rng(0).normal(0, 4, 200) for _ in range(4)]
    svg = thumbnail.draw(loss(*np.random.default_rng(1).uniform(0.1, 2, 20_000)), rows)
    assert len(svg) < 30_000

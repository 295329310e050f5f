"""What else a map's colour can show, and how its values are said."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.sweeps.measures import MEASURES, median, said
from playground.sweeps.member import Member
from playground.sweeps.outcome import Facts

SHARE = Facts("accuracy", True, 0.25, 30)
ERROR = Facts("mean squared error", False, 1 / 6, 30)
INF, NAN = float("inf"), float("nan")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1))
def test_the_median_of_finite_numbers_is_the_median(values):
    assert median(values) == pytest.approx(statistics.median(values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([40, INF, 60], 60), ([40, INF, INF], INF), ([40, INF], INF), ([0.2, NAN, 0.3], 0.3), ([0.2, NAN, NAN], NAN),
        ([INF, NAN, 1], INF), ([0.2, NAN], NAN), ([INF, INF], INF),
    ],
)  # fmt: skip
def test_what_is_not_finite_stands_at_the_bad_end(values, expected):
    assert median(values) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("measure", "value", "facts", "expected"),
    [
        ("metric", 0.24, SHARE, "24 %"),
        ("metric", 0.24, ERROR, "0.24"),
        ("metric", NAN, SHARE, "NaN"),
        ("solved", 80, SHARE, "80 updates"),
        ("solved", 1250.5, SHARE, "1,250 updates"),
        ("solved", INF, SHARE, "not solved"),
        ("ratio", 3.1e-14, SHARE, "3.1·10⁻¹⁴"),
        ("ratio", 0, SHARE, "0"),
        ("largest_norm", INF, SHARE, "∞"),
        ("clipped", 0.5, SHARE, "50 %"),
    ],
)
def test_values_in_words(measure, value, facts, expected):
    assert said(measure, value, facts) == expected


def test_each_is_read_off_a_network():
    mine = Member(cell=0, seed=0, updates=9, metric=0.5, solved=3, ratio=0.1, largest_norm=7.0, clipped=0.25)
    found = {name: measure.value(mine) for name, measure in MEASURES.items() if measure.value}
    assert found == {"metric": 0.5, "solved": 3.0, "ratio": 0.1, "largest_norm": 7.0, "clipped": 0.25}
    assert MEASURES["solved"].value(Member(cell=0, seed=0)) == INF
    assert next(iter(MEASURES)) == "outcome"
    assert all(measure.rule.endswith(".") for measure in MEASURES.values())

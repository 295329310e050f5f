"""Numbers as a reader meets them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.words import number, share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.1e-14, "3.1·10⁻¹⁴"),
        (-3.1e-14, "−3.1·10⁻¹⁴"),
        (1e-8, "10⁻⁸"),
        (9.96e-8, "10⁻⁷"),
        (0.17, "0.17"),
        (0.0012, "0.0012"),
        (1.386, "1.4"),
        (99.7, "100"),
        (1386.0, "1,386"),
        (1e300, "10³⁰⁰"),
        (2.5e5, "2.5·10⁵"),
        (0.0, "0"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers_are_written_as_a_person_writes_them(value, text):
    assert number(value) == text


@given(st.floats())
def test_no_number_is_written_with_an_e(value):
    assert "e" not in number(value)


@pytest.mark.parametrize(("value", "text"), [(0.24, "24 %"), (1.0, "100 %"), (0.001, "< 1 %"), (0.0, "0 %")])
def test_shares(value, text):
    assert share(value) == text

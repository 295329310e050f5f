"""Numbers as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import PlaygroundError
from playground.core.words import number
from playground.ui.lessons.typed import typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.001", 1e-3),
        (" 5 ", 5),
        (".5", 0.5),
        ("1e-3", 1e-3),
        ("2.5E-4", 2.5e-4),
        ("10^-3", 1e-3),
        ("10⁻³", 1e-3),
        ("3.1·10⁻¹⁴", 3.1e-14),
        ("3.1*10^-14", 3.1e-14),
        ("3 × 10^−6", 3e-6),
        ("25 %", 0.25),
    ],
)
def test_it_is_read(text, value):
    assert typed(text, 1e-20, 10) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "x", "1e", "10^", "1e999", "nan", "inf", "--1", "1 2e", "0x10", "1_000", "10²³x", "²", "9" * 50, "1/2"]
)
def test_what_is_no_number_is_said_to_be_none(text):
    with pytest.raises(PlaygroundError, match=r"is not a number\. Write one such as 1e-05"):
        typed(text, 1e-10, 1)


def test_a_comma_gets_a_hint():
    with pytest.raises(PlaygroundError, match="after a point"):
        typed("0,5", 0, 1)


@pytest.mark.parametrize(("text", "side"), [("-1", "small"), ("1e3", "large")])
def test_the_bounds_are_named(text, side):
    with pytest.raises(PlaygroundError, match=f"too {side}. Write a number from 0 to 2"):
        typed(text, 0, 2)


@given(st.floats(1e-300, 1e300))
def test_what_the_page_writes_it_reads(value):
    assert typed(number(value, 3).replace(",", ""), 0, 1e301) == pytest.approx(value, rel=0.01)


@given(st.text(max_size=60))
def test_no_text_is_worse_than_wrong(text):
    with suppress(PlaygroundError):
        assert 0 <= typed(text, 0, 1) <= 1

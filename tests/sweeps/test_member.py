"""What is kept of one network: every number comes back from its file, those that are not finite too."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.sweeps.member import Member

updates = st.none() | st.integers(0, 2000)
members = st.builds(
    Member,
    cell=st.integers(0, 1023),
    seed=st.integers(0, 9),
    updates=st.integers(0, 2000),
    solved=updates,
    diverged=updates,
    blew_up=updates,
    gamma=st.none() | st.floats(0, 2),
    **{name: st.floats() for name in ("metric", "loss", "ratio", "largest_norm", "horizon", "sigma_max", "g2")},
)


@given(members)
def test_it_comes_back_from_its_text(member):
    again = Member.model_validate_json(member.model_dump_json())
    assert repr(again) == repr(member)  # NaN equals nothing, but reads the same


def test_what_is_not_measured_yet_is_not_a_number():
    fresh = Member(cell=0, seed=0)
    assert fresh.metric != fresh.metric
    assert (fresh.solved, fresh.diverged, fresh.blew_up, fresh.over) == (None, None, None, False)


def test_it_has_no_other_fields():
    with pytest.raises(ValidationError):
        Member(cell=0, seed=0, score=1.0)


def test_the_screen_can_read_it_without_torch():
    code = "import sys, playground.sweeps.member; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"

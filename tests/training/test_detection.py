"""The table of detection: every constructed case on one seed, as the command looks at all three."""

import pytest

from playground.training.detection import CASES, Case, look, table

HERE = [case for case in CASES if case.preset == "P1" or (case.preset == "running_sum" and case.changes)]
"""The others are presets, which test_failures.py trains on every seed."""


@pytest.mark.parametrize("case", HERE, ids=lambda case: case.title)
def test_alarms_are_right_in_a_constructed_case(case):
    found = look(case, 0)
    assert not found.missing
    assert not found.false
    assert not found.misplaced


def test_there_are_sixty_and_healthy_ones_among_them():
    assert 3 * len(CASES) >= 60
    assert sum(not case.expected for case in CASES) >= 15


def test_a_case_that_is_wrong_is_counted_as_wrong():
    wrong = Case("what does not come", {"updates": 2}, frozenset({"dead"}))
    found = look(wrong, 0)
    assert found.missing == {"dead"}
    assert not found.right
    assert "0 of 1 runs right" in table([(wrong, [found])])

"""Dates: read again by a parser of their formats."""

import re
from collections import Counter
from datetime import date

import pytest
import torch

from playground.tasks.dates import MONTHS, Dates

PATTERNS = {
    "day, name": r"(?P<d>\d+) (?P<name>[a-z]{3,}) (?P<y>\d{4})",
    "name, day": r"(?P<name>[a-z]+) (?P<d>\d+), (?P<y>\d{4})",
    "points": r"(?P<d>\d+)\.(?P<m>\d+)\.(?P<y>\d{4})",
    "strokes": r"(?P<m>\d+)/(?P<d>\d+)/(?P<y>\d{4})",
}


def parsed(text):
    """The format and the day."""
    for name, pattern in PATTERNS.items():
        if found := re.fullmatch(pattern, text):
            parts = found.groupdict()
            if "name" in parts:
                (parts["m"],) = (k for k, month in enumerate(MONTHS.split(), 1) if month.startswith(parts["name"]))
                name += " short" if parts["name"] not in MONTHS.split() else ""
            return name, date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
    raise AssertionError(text)


@pytest.mark.parametrize(("length", "formats"), [(18, 5), (25, 5), (18, 1)])
def test_the_answer_is_the_day_in_iso_8601(rng, length, formats):
    task = Dates(length=length, formats=formats)
    x, targets, counts = task.sample(2000, rng)
    assert counts is None
    assert x.shape == (length, 2000, task.inputs)
    assert (task.outputs, task.answers) == (10, 8)
    seen = Counter()
    for n in range(2000):
        shown, said = task.view_input(x[:, n].numpy()), task.view_output(targets[:, n].numpy())
        text = "".join(shown.items).lstrip("·")
        assert shown.blank == (True,) * (length - len(text)) + (False,) * len(text)
        name, day = parsed(text)
        assert "".join(said.items) == day.isoformat()
        assert len(said.items) == 8
        assert shown.separator == said.separator == ""
        assert 1950 <= day.year <= 2049
        seen[name] += 1
    assert len(seen) == formats


def test_the_longest_date_has_room(rng):
    task = Dates()
    x, _, _ = task.sample(20_000, rng)
    longest = x[:, x[0, :, 0] == 0]
    assert longest.shape[1] > 0
    for n in range(longest.shape[1]):
        assert re.fullmatch(r"september \d\d, \d{4}", "".join(task.view_input(longest[:, n].numpy()).items))


def test_leap_days_come_in_leap_years_only(rng):
    targets = Dates().sample(60_000, rng).targets
    numbers = (targets * 10 ** torch.arange(7, -1, -1)[:, None]).sum(0)
    leap = numbers[numbers % 10_000 == 229] // 10_000
    assert len(leap) > 0
    assert (leap % 4 == 0).all()


def test_the_baseline_is_the_best_guess_at_each_place(rng, best_guess):
    task = Dates()
    _, targets, _ = task.sample(100_000, rng)
    loss, _ = best_guess(torch.arange(8)[:, None].expand_as(targets), targets)
    assert task.baseline_loss == pytest.approx(loss, abs=0.003)
    assert task.baseline_metric == 1 / (date(2050, 1, 1) - date(1950, 1, 1)).days

"""What a map's colour can show: the outcome, or one of the numbers behind it."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from playground.core.words import number, share
from playground.sweeps.member import Member
from playground.sweeps.outcome import Facts


class Measure(NamedTuple):
    """`unit` is "share", "updates", "score" (a share or an error, as the task's facts say) or "1"; `rule` is how to
    read it. `value` of a network; None for the outcome, which is no number."""

    title: str
    rule: str
    unit: str
    log: bool
    value: Callable[[Member], float] | None


def _solved(member: Member) -> float:
    return math.inf if member.solved is None else float(member.solved)


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "outcome": Measure("outcome", "What became of most of the seeds.", "1", False, None),
        "metric": Measure(
            "final score", "The newest test on held-out sequences.", "score", False, lambda m: m.metric
        ),
        "solved": Measure(
            "updates to solve", "The first test that counts as solved; ∞ where none does.", "updates", True, _solved
        ),
        "ratio": Measure(
            "signal at the first step", "What the first step receives of the gradient at the last one, newest test.",
            "1", True, lambda m: m.ratio,
        ),
        "largest_norm": Measure(
            "largest gradient norm", "Of all gradients together, before clipping, over all updates.",
            "1", True, lambda m: m.largest_norm,
        ),
        "clipped": Measure(
            "share of updates clipped", "Updates in which clipping changed the gradient.", "share", False,
            lambda m: m.clipped,
        ),
    }
)  # fmt: skip


def said(measure: str, value: float, facts: Facts) -> str:
    """A value of a measure in words: 24 %, 3.1·10⁻¹⁴, 80 updates, never solved."""
    unit = MEASURES[measure].unit
    if unit == "share" or (unit == "score" and facts.is_share):
        return share(value)
    if unit == "updates":
        return "not solved" if value == math.inf else f"{updates_said(value)} updates"
    return number(value)


def updates_said(value: float) -> str:
    """Updates are counted: 1,200."""
    return f"{round(value):,}"


def median(values: Sequence[float]) -> float:
    """The middle one; of two in the middle their mean. NaN counts as larger than any number: it is never dropped."""
    ordered = sorted(values, key=lambda value: (value != value, value))
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else (low + high) / 2

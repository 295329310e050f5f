"""Where theory expects a map to change, from what was measured of its networks before their first update.

γσ_max = 1           where it is smaller, ‖∂h_t/∂h_{t−1}‖ < 1 (SCIENCE §2.4): the signal must vanish
χ = 1                mean field: a large random network passes a gradient on as it is
χ^((T−1)/2) = 10⁻³   mean field: a thousandth of the gradient arrives at the first step
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from playground.core.errors import InvalidConfig
from playground.dynamics import mean_field
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Constant, ScaledIdentity
from playground.sweeps.axis import Axis
from playground.sweeps.contours import LINEAR, LOG, Line, Scale, contours
from playground.sweeps.member import Member
from playground.sweeps.outcome import FORGOTTEN
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

Kind = Literal["bound", "even", "forgotten"]
NO_BOUND = "No line: gates let no such bound hold."
NO_RECURRENCE = "No line: nothing goes from state to state."
ONLY_VANILLA = "No line: this theory is worked out for cells without gates."
NO_NUMBERS = "No line: no axis is one of numbers."
NOT_YET = "Drawn as soon as networks are measured."
MEAN_FIELD = "In a large random network, before training"
BETWEEN = "Its place is not measured yet."
SHARE = f"1/{1 / FORGOTTEN:.0f}"
FAR = 999.0  # decades; as good as without end


class Boundary(NamedTuple):
    """One line of theory: its name, what it says, and its pieces by panel. Without pieces `rule` says why."""

    kind: Kind
    name: str
    rule: str
    panels: tuple[tuple[Line, ...], ...]


class _Start(NamedTuple):
    """A cell's config, and what was measured before the first update, the mean over seeds; γ is None with gates."""

    config: RunConfig
    sigma_max: float
    gamma: float | None
    g2: float
    variance: float


class _Level(NamedTuple):
    """A line's words; `below` and `above` are for a map that lies on one side of it."""

    kind: Kind
    name: str
    rule: str
    below: str
    above: str
    level: float


Numbers = Mapping[int, float]
"""By a cell's number."""

BOUND = _Level(
    "bound", "γσ_max = 1",
    "The steepest slope γ of φ, times the largest singular value of U. Where it is below 1, the signal must vanish.",
    "The steepest slope γ of φ, times the largest singular value of U, is at most 1 in every cell: the signal cannot "
    "grow.",
    "The steepest slope γ of φ, times the largest singular value of U, is above 1 in every cell: nothing must vanish.",
    1.0,
)  # fmt: skip
EVEN = _Level(
    "even", "χ = 1", f"{MEAN_FIELD}, the gradient keeps its size on this line, step by step.",
    f"{MEAN_FIELD}, the gradient shrinks in every cell, step by step.",
    f"{MEAN_FIELD}, the gradient grows in every cell, step by step.", 0.0,
)  # fmt: skip
FORGETS = _Level(
    "forgotten", f"{SHARE} arrives",
    f"{MEAN_FIELD}, {SHARE} of the gradient arrives at the first step on this line.",
    f"{MEAN_FIELD}, less than {SHARE} of the gradient arrives at the first step in every cell.",
    f"{MEAN_FIELD}, more than {SHARE} of the gradient arrives at the first step in every cell.",
    math.log10(FORGOTTEN),
)  # fmt: skip


def boundaries(spec: MapSpec, members: Iterable[Member]) -> tuple[Boundary, ...]:
    """The three lines over what is measured so far."""
    starts = _starts(spec, members)
    bounds, no_bound = _bounds(starts)
    chis, no_chi = _chis(starts)
    lengths = [starts[cell].config.task.length for cell in chis]
    arrives, grows = (
        dict(zip(chis, mean_field.log_ratio(list(chis.values()), steps).tolist(), strict=True))
        for steps in (lengths, 2)
    )
    return (
        _boundary(spec, BOUND, bounds, no_bound, logarithms=False),
        _boundary(spec, EVEN, grows, no_chi, logarithms=True),
        _boundary(spec, FORGETS, arrives, no_chi, logarithms=True),
    )


def _starts(spec: MapSpec, members: Iterable[Member]) -> dict[int, _Start]:
    found: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        if member.updates:  # the first one measures all of this
            found[member.cell].append(member)
    starts = {}
    for cell, mine in found.items():
        try:
            starts[cell] = _start(spec.config(cell), mine)
        except InvalidConfig:
            continue
    return starts


def _start(config: RunConfig, members: Sequence[Member]) -> _Start:
    means = [
        sum(values) / len(members)
        for values in zip(*((m.sigma_max, m.g2, m.input_variance) for m in members), strict=True)
    ]
    return _Start(config, means[0], members[0].gamma, means[1], means[2])


def _bounds(starts: Mapping[int, _Start]) -> tuple[Numbers, str]:
    """γσ_max, and why a cell has none."""
    found, reason = {}, ""
    for cell, start in starts.items():
        if math.isnan(start.sigma_max):
            reason = NO_RECURRENCE
        elif start.gamma is None:
            reason = NO_BOUND
        else:
            found[cell] = start.gamma * start.sigma_max
    return found, reason


def _chis(starts: Mapping[int, _Start]) -> tuple[Numbers, str]:
    """χ, and why a cell has none. All cells with one activation at once."""
    groups: dict[tuple[str, tuple[tuple[str, float], ...]], list[int]] = defaultdict(list)
    reason = ""
    for cell, start in starts.items():
        why_not = _why_no_mean_field(start)
        if why_not:
            reason = why_not
            continue
        fields = start.config.cell.activation.model_dump()
        groups[fields.pop("kind"), tuple(sorted(fields.items()))].append(cell)
    found: dict[int, float] = {}
    for (kind, parameters), cells in groups.items():
        theory = mean_field.mean_field(
            kind, dict(parameters), [starts[cell].g2 for cell in cells], [starts[cell].variance for cell in cells]
        )
        found |= dict(zip(cells, theory.chi.tolist(), strict=True))
    return found, reason


def _why_no_mean_field(start: _Start) -> str:
    cell = start.config.cell
    if math.isnan(start.g2):
        return NO_RECURRENCE
    if not isinstance(cell, Vanilla):
        return ONLY_VANILLA
    if isinstance(cell.recurrent_init, ScaledIdentity | Constant):
        return f"No line: this theory is about random weights, and {cell.recurrent_init.title} has none."
    if not mean_field.known(cell.activation.model_dump()["kind"]):
        return f"No line: this theory is not worked out for {cell.activation.title}."
    return ""


def _boundary(spec: MapSpec, line: _Level, numbers: Numbers, reason: str, *, logarithms: bool) -> Boundary:
    values = np.full(len(spec.cells()), np.nan)
    for cell, value in numbers.items():
        values[cell] = np.clip(value, -FAR, FAR) if logarithms else value
    scales = [_scale(axis, logarithms) for axis in (spec.x, spec.y)]
    panels = tuple(contours(panel, line.level, *scales) for panel in values.reshape(spec.shape))
    return Boundary(line.kind, line.name, _rule(line, list(numbers.values()), reason, scales, panels), panels)


def _scale(axis: Axis | None, logarithms: bool) -> Scale | None:
    """On which the numbers change evenly from one value of the axis to the next; None where nothing lies between."""
    if axis is None or not axis.numeric or len(axis.values) < 2:
        return None
    return LOG if axis.log and not logarithms else LINEAR


def _rule(
    line: _Level,
    numbers: Sequence[float],
    reason: str,
    scales: Sequence[Scale | None],
    panels: Sequence[Sequence[Line]],
) -> str:
    if any(panels):
        return line.rule
    if not any(scales):
        return NO_NUMBERS
    finite = [value for value in numbers if value == value]
    if not finite:
        return reason or NOT_YET
    if min(finite) <= line.level < max(finite):
        return BETWEEN
    return line.below if max(finite) <= line.level else line.above

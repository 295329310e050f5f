"""Whether a change helped, said by measured figures: two runs with the same seed, one thing changed."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from playground.core.measurement import Series
from playground.core.words import number, share
from playground.diagnosis.alarm import Alarm, Cleared

if TYPE_CHECKING:
    from playground.training.config import RunConfig

BETTER = 0.1
"""Of the way from guessing to a perfect score: less is noise of 256 held-out sequences."""
NO_WORSE = -0.25
"""The score from which on a run that does not break counts as better than one that does."""
HALF = 0.5
"""An error has to fall to this share."""
SPEEDIER = 0.75
"""Of two runs that both get there, one is the sooner when it takes this share of the updates."""
FAR = 10.0
"""Times as much of the signal at the far end as counts as more."""


class Outcome(NamedTuple):
    """How a run stands. `metric` is a share of right answers where `is_share`, otherwise an error; `guessing` is what
    no memory scores. `diverged` is the update at which it was over; `alarms` are the titles of what was raised."""

    update: int
    metric_title: str
    is_share: bool
    guessing: float
    metric: float
    far_ratio: float
    diverged: int | None
    solved: int | None
    alarms: tuple[str, ...] = ()

    def said(self, value: float) -> str:
        """A score in words."""
        return share(value) if self.is_share else number(value)


SOLVED = 0.97
"""Share of right answers from which on a task counts as solved."""
SOLVED_ERROR = 0.1
"""… and the share of guessing's error, where the metric is one."""


def solves(metric: float, is_share: bool, guessing: float | None) -> bool:
    """Whether a test's score counts as solved; one that is not finite does not."""
    return metric >= SOLVED if is_share else guessing is not None and metric <= SOLVED_ERROR * guessing


def outcome(
    config: "RunConfig",
    metric: Series,
    far_ratio: float,
    diverged: int | None,
    findings: Iterable[Alarm | Cleared],
) -> Outcome:
    """From what was measured: the test metric over updates, and the far end's share of the signal at update 0."""
    is_share, guessing = metric.spec.unit == "share", metric.spec.reference
    values = metric.values
    there = [i for i, value in enumerate(values.tolist()) if solves(value, is_share, guessing)]
    titles = {symptom.name: symptom.title for symptom in config.alarms.symptoms()} | {"not_finite": "not finite"}
    raised = dict.fromkeys(
        titles.get(f.kind, f.kind) for f in findings if isinstance(f, Alarm) and f.severity != "note"
    )
    return Outcome(
        int(metric.updates[-1]) if len(values) else -1,
        metric.spec.title,
        is_share,
        math.nan if guessing is None else guessing,
        float(values[-1]) if len(values) else math.nan,
        far_ratio,
        diverged,
        int(metric.updates[there[0]]) if there else None,
        tuple(raised),
    )


def score(run: Outcome) -> float:
    """0 is guessing, 1 is perfect; a run that is not finite has none."""
    if run.diverged is not None or not math.isfinite(run.metric):
        return -math.inf
    if run.is_share:
        return (run.metric - run.guessing) / max(1e-9, 1 - run.guessing)
    return 1 - run.metric / run.guessing if run.guessing else -run.metric


def helped(first: Outcome, second: Outcome) -> bool:
    """Whether the second one is better by more than noise."""
    one, other = score(first), score(second)
    if other == -math.inf or one == -math.inf:
        return other > NO_WORSE
    if not first.is_share:
        return second.metric < HALF * first.metric
    if other - one > BETTER:
        return True
    both = first.solved is not None and second.solved is not None
    return both and second.solved < SPEEDIER * first.solved  # type: ignore[operator]


def verdict(first: Outcome, second: Outcome, change: str, over: bool) -> str:
    """One sentence or two. `over` says that both have ended; before that it is only how they stand."""
    if min(first.update, second.update) < 1 and first.diverged is None and second.diverged is None:
        return "One of them has nothing to compare." if over else "Both are under way."
    good, worse = helped(first, second), helped(second, first)
    begin = {
        (True, True): f"{change} helped",
        (True, False): f"So far {change} helps",
        (False, True): f"{change} made it worse" if worse else f"{change} did not help",
        (False, False): f"So far {change} makes it worse" if worse else f"So far {change} makes no difference",
    }[good, over]
    text = f"{begin[0].upper()}{begin[1:]}: {_score(second)} instead of {_score(first)}"
    if math.isfinite(first.guessing):
        text += f" (guessing is {first.said(first.guessing)})"
    return " ".join([f"{text}, after {second.update:,} updates.", *_signal(first, second), *_alarms(first, second)])


def _score(run: Outcome) -> str:
    if run.diverged is not None:
        return f"NaN at update {run.diverged:,}"
    solved = "" if run.solved is None else f" (solved at {run.solved:,})"
    return f"{run.metric_title} {run.said(run.metric)}{solved}"


def _signal(first: Outcome, second: Outcome) -> Sequence[str]:
    one, other = first.far_ratio, second.far_ratio
    if not (math.isfinite(one) and math.isfinite(other)) or max(one, other) < FAR * min(one, other):
        return ()
    return (f"At the start the far end receives {number(other)} of the signal instead of {number(one)}.",)


def _alarms(first: Outcome, second: Outcome) -> Sequence[str]:
    gone = [title for title in first.alarms if title not in second.alarms]
    new = [title for title in second.alarms if title not in first.alarms]
    parts = ([f"not raised any more: {', '.join(gone)}"] if gone else []) + ([f"new: {', '.join(new)}"] if new else [])
    return (f"Alarms {'; '.join(parts)}.",) if parts else ()

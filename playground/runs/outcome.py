"""How a stored run stands, in the figures by which two runs are compared."""

import math

import numpy as np

from playground.core.measurement import Series
from playground.core.reach import BACKWARDS
from playground.diagnosis.summary import Facts, sentences
from playground.diagnosis.verdict import Outcome, outcome
from playground.runs.folder import RunFolder


def outcome_of(folder: RunFolder) -> Outcome:
    """Reads two measurements and the alarms. Raises BrokenRun."""
    metric = folder.series("test_metric")
    assert metric is not None, "every run is tested"
    return outcome_from(folder, metric, folder.series("far_ratio"))


def outcome_from(folder: RunFolder, metric: Series, far_ratio: Series | None = None) -> Outcome:
    """The same where the two have been read already. Raises BrokenRun."""
    end = folder.end()
    diverged = end.update if end is not None and end.outcome == "diverged" else None
    return outcome(folder.config(), metric, _at_start(far_ratio), diverged, folder.findings())


def _at_start(far_ratio: Series | None) -> float:
    return float(far_ratio.values[0].min()) if far_ratio is not None and len(far_ratio) else math.nan


def summary_of(folder: RunFolder) -> tuple[str, ...]:
    """What was found, of a run that has ended: three sentences at most, none while it goes on. Raises BrokenRun."""
    end = folder.end()
    if end is None:
        return ()
    reached, span = (_newest(folder.series(name)) for name in ("memory_horizon", "signal_span"))
    standing = outcome_of(folder)
    return sentences(
        Facts(folder.config(), end.outcome, end.update, end.sentence, standing, folder.findings(), reached, span)
    )


def _newest(series: Series | None) -> float:
    """The last finite one of the uppermost layer, reading forward; NaN where there is none."""
    if series is None:
        return math.nan
    forward = [i for i, label in enumerate(series.spec.labels) if not label.endswith(BACKWARDS)]
    values = series.values[:, forward[-1]] if forward else np.empty(0)
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else math.nan

"""How a stored run stands, in the figures by which two runs are compared."""

import math

from playground.core.measurement import Series
from playground.diagnosis.verdict import Outcome, outcome
from playground.runs.folder import RunFolder


def outcome_of(folder: RunFolder) -> Outcome:
    """Reads two measurements and the alarms. Raises BrokenRun."""
    config, end = folder.config(), folder.end()
    metric = folder.series("test_metric")
    assert metric is not None, "every run is tested"
    diverged = end.update if end is not None and end.outcome == "diverged" else None
    return outcome(config, metric, _at_start(folder.series("far_ratio")), diverged, folder.findings())


def _at_start(far_ratio: Series | None) -> float:
    return float(far_ratio.values[0].min()) if far_ratio is not None and len(far_ratio) else math.nan

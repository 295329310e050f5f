"""An old run looked at again: the same diagnosis over what is stored, with other thresholds."""

from collections.abc import Mapping
from typing import Any

from playground.diagnosis import not_finite
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.diagnose import diagnose
from playground.runs.folder import RunFolder
from playground.training.config import RunConfig
from playground.training.live_changes import told


def findings(folder: RunFolder, config: RunConfig) -> list[Alarm | Cleared]:
    """What is raised and cleared with the thresholds of `config`, in order. Raises BrokenRun.

    Where a number first was not finite can be seen only while it trains: that alarm is taken as it was.
    """
    kept = [found for found in folder.findings() if found.kind == not_finite.KIND]
    found = [*diagnose(config, folder.specs(), folder.rows(), [*told(config, folder.interventions())]), *kept]
    return sorted(found, key=lambda one: one.update)


def findings_at(path: str, thresholds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same with plain data on both sides, for a worker."""
    folder = RunFolder.at(path)
    fields = folder.config().model_dump(mode="json") | {"alarms": dict(thresholds)}
    return [found.model_dump(mode="json") for found in findings(folder, RunConfig.parse(fields))]

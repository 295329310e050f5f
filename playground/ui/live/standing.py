"""How a run stands: its status, what was asked of it, its alarms and the changes made while it went on."""

from typing import NamedTuple

from playground.core.errors import BrokenRun
from playground.diagnosis.alarm import Alarm, over
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.live_changes import Intervention


class Standing(NamedTuple):
    """For the line over the pictures. `updates` is how many were asked for, `pace` 0 for flat out.

    `cleared` are those of the alarms, by kind and update, that do not stand any more.
    """

    status: str = "queued"
    sentence: str = ""
    updates: int = 0
    pace: int = 0
    alarms: tuple[Alarm, ...] = ()
    cleared: frozenset[tuple[str, int]] = frozenset()
    changes: tuple[Intervention, ...] = ()

    def stands(self, alarm: Alarm) -> bool:
        return (alarm.kind, alarm.update) not in self.cleared

    @property
    def goes_on(self) -> bool:
        """Whether more may come. A broken folder may be mended."""
        status = RunStatus(self.status)
        return status.unfinished or status is RunStatus.BROKEN


def look(folder: RunFolder, until: int | None = None) -> Standing:
    """From the facts in the folder; with `until`, what was found and changed by that update."""
    summary = describe(folder)
    try:
        findings = [found for found in folder.findings() if until is None or found.update <= until]
        changes = [change for change in folder.interventions() if until is None or change.update <= until]
        wanted = folder.control().pace
    except BrokenRun:
        return Standing(summary.status, summary.reason)
    configured = summary.config.pace if summary.config else 0
    pace = configured if wanted is None else wanted
    alarms = tuple(found for found in findings if isinstance(found, Alarm))
    return Standing(summary.status, _reason(summary), summary.updates, pace, alarms, over(findings), tuple(changes))


def _reason(summary: RunSummary) -> str:
    # "Finished after 400 updates." adds nothing to the status beside it.
    return "" if summary.status is RunStatus.FINISHED else summary.reason

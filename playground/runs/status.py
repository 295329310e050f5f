"""How a run stands: derived from the facts in its folder each time, stored nowhere."""

import time
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from playground.core.errors import BrokenRun
from playground.runs.folder import RunFolder
from playground.training.config import RunConfig

STALE = 4.0
"""Seconds without a heartbeat, which comes each second, after which a worker is taken for dead."""


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"
    LOST = "lost"
    BROKEN = "broken"

    @property
    def unfinished(self) -> bool:
        """Whether a worker has, or will have, something to do."""
        return self in (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.LOST)


class Facts(NamedTuple):
    """What the status depends on: the outcome if it ended, attempts; of the heartbeat its age in seconds, its update,
    and whether the worker rests.
    """

    outcome: str | None = None
    attempts: int = 0
    silence: float | None = None
    update: int = -1
    run_until: int | None = None
    resting: bool = False


def status_of(facts: Facts) -> RunStatus:
    if facts.outcome is not None:
        return RunStatus(facts.outcome)
    if facts.attempts == 0:
        return RunStatus.QUEUED
    if facts.silence is None or facts.silence > STALE:
        return RunStatus.LOST
    if facts.resting and facts.run_until is not None and facts.update >= facts.run_until:
        return RunStatus.PAUSED
    return RunStatus.RUNNING


class RunSummary(NamedTuple):
    """A run in one line. `update` is the newest one known (−1: none), `updates` how many were asked for."""

    run_id: str
    status: RunStatus
    reason: str
    update: int
    updates: int
    started: datetime
    config: RunConfig | None


def describe(folder: RunFolder) -> RunSummary:
    """Never raises for what is in the folder: a run that cannot be read is broken, and says why."""
    try:
        folder.owner()  # first: where nobody can say whose a run is, its reason is for all to read
        config = folder.config()
        folder.specs()
        end = folder.end()
        if end is not None:
            return _summary(folder, RunStatus(end.outcome), end.sentence, end.update, config)
        heartbeat = folder.heartbeat()
        silence = None if heartbeat is None else time.time() - heartbeat.time
        update = -1 if heartbeat is None else heartbeat.update
        resting = heartbeat is not None and heartbeat.resting
        facts = Facts(None, len(folder.attempts()), silence, update, folder.control().run_until, resting)
        status = status_of(facts)
    except BrokenRun as error:
        return RunSummary(folder.run_id, RunStatus.BROKEN, str(error), -1, 0, folder.started, None)
    return _summary(folder, status, _REASONS.get(status, ""), update, config)


_REASONS = {
    RunStatus.QUEUED: "Waiting for a worker.",
    RunStatus.LOST: "Its worker went silent. It goes on from its checkpoint as soon as a worker takes it up.",
}


def _summary(folder: RunFolder, status: RunStatus, reason: str, update: int, config: RunConfig) -> RunSummary:
    return RunSummary(folder.run_id, status, reason, update, config.updates, folder.started, config)

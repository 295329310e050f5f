"""What a worker writes: rows gathered into parts, findings, recordings, checkpoints. Nothing twice, nothing once it is
superseded."""

import logging
import math
import time
from collections.abc import Callable, Iterable, Sequence

from playground.core.errors import BrokenRun
from playground.core.measurement import MeasurementSpec, Row
from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs.folder import RunFolder
from playground.runs.parts import BLOCK
from playground.runs.records import Checkpoint, Heartbeat
from playground.runs.table import to_table
from playground.training.live_changes import Intervention

PART_SECONDS = 0.05
PART_ROWS = 40

Dumps = Callable[[], Iterable[tuple[int, bytes]]]
"""Training states, each with the update that comes next."""

_log = logging.getLogger(__name__)


class Superseded(Exception):
    """A newer attempt has taken the run over, or somebody has deleted it: write no more."""


class Recorder:
    """Writes for one attempt at a run. `last` is the newest update that is stored, `newest` that and what is gathered.

    Each write but the heartbeat raises Superseded where this attempt is no longer the newest, and OSError as it comes.
    """

    def __init__(self, folder: RunFolder, attempt: str) -> None:
        self._folder = folder
        self._attempt = attempt
        self.resting = False
        self._specs: Sequence[MeasurementSpec] = folder.specs()
        self._rows: list[Row] = []
        self._since = math.inf  # when the first gathered row came
        self._findings = folder.findings()
        stored = folder.parts.tables()
        self.last = max((table["update"][-1].as_py() for table in stored), default=-1)
        self.newest = self.last
        self._part = max((table["part"][-1].as_py() for table in stored), default=0)
        # The single parts of the block that is not full yet, so that merging them reads nothing.
        self._block = [table for table in stored if table["part"][0].as_py() > self._part // BLOCK * BLOCK]

    def add(self, row: Row) -> bool:
        """Gathers a row; False for one that an earlier attempt has stored."""
        if row.update <= self.newest:
            return False
        if not self._rows:
            self._since = time.monotonic()
        self._rows.append(row)
        self.newest = row.update
        return True

    def find(self, finding: Alarm | Cleared, dumps: Dumps) -> bool:
        """Stores an alarm or its clearance at once; False for one that an earlier attempt has stored.

        `dumps` gives what an alarm's recording is made of. It comes first: killed between the two, the next attempt
        finds the alarm again, and the recording there. A run goes on without it where it cannot be written.
        """
        if any(_key(finding) == _key(known) for known in self._findings):
            return False
        self.flush()
        self.guard()
        if isinstance(finding, Alarm):
            survive("recording", lambda: self._record(finding, dumps))
        self._findings.append(finding)
        self._folder.write_alarms(self._findings)
        return True

    def intervene(self, plan: Sequence[Intervention]) -> None:
        """Stores all changes so far, ahead of the update that the last one comes with, and the rows before that."""
        self.flush()
        self.guard()
        self._folder.write_interventions(plan)

    def _record(self, alarm: Alarm, dumps: Dumps) -> None:
        if self._folder.recordings.wants(alarm):
            self._folder.recordings.write(alarm, dumps())

    def is_due(self, wait: float, crowd: int) -> bool:
        """Whether the gathered rows make a part now, if nothing more comes for `wait` seconds and `crowd` runs share
        this process. Then parts come less often: together they take about 6 % of the time at most.
        """
        age = time.monotonic() - self._since
        patience = PART_SECONDS * max(1.0, crowd / 4)
        return len(self._rows) >= PART_ROWS or age + 2 * wait >= patience

    def flush(self) -> None:
        if not self._rows:
            return
        self.guard()
        table = to_table(self._specs, self._part + 1, self._rows)
        self._folder.parts.write(self._part + 1, table)
        self._part += 1
        self.last = self.newest
        self._rows, self._since = [], math.inf
        self._block.append(table)
        if self._part % BLOCK == 0:
            self._folder.parts.merge(self._part, self._block)
            self._block = []

    def checkpoint(self, update: int, state: bytes, seconds: float) -> None:
        """Stores the gathered rows, then the state: a checkpoint is never ahead of the rows that lead to it."""
        self.flush()
        self.guard()
        self._folder.write_checkpoint(Checkpoint(self._attempt, update, state, seconds))

    def beat(self) -> None:
        """Says that this attempt is alive, if it is the newest."""
        if self.is_newest():
            self._folder.write_heartbeat(
                Heartbeat(attempt=self._attempt, time=time.time(), update=self.newest, resting=self.resting)
            )

    def is_newest(self) -> bool:
        try:
            return self._folder.attempts()[-1:] == [self._attempt]
        except BrokenRun:
            return False

    def guard(self) -> None:
        """Raises Superseded where this attempt is not the newest."""
        if not self.is_newest():
            raise Superseded


def survive(what: str, action: Callable[[], object]) -> None:
    """For what a run can do without: where it cannot be written, that is logged."""
    try:
        action()
    except (OSError, BrokenRun) as error:
        _log.error("The %s of a run could not be written: %s", what, error)


def _key(finding: Alarm | Cleared) -> tuple[str, str, int]:
    return finding.event, finding.kind, finding.update

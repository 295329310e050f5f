"""What is known of a run, for whoever reads numbers off it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from playground.core.measurement import Measurements
from playground.diagnosis.alarm import Alarm
from playground.runs.folder import RunFolder
from playground.runs.table import numbers, to_series
from playground.training.config import RunConfig


class Evidence(NamedTuple):
    """A run's config, what was measured up to `update`, and whether it has ended."""

    config: RunConfig
    measurements: Measurements
    alarms: Sequence[Alarm]
    update: int
    ended: bool


def evidence(folder: RunFolder, needs: Iterable[str]) -> Evidence:
    """What these measurements say of a stored run so far; those that it does not take are left out.

    Their columns alone are read, without torch or Arrow's compute module. Raises BrokenRun.
    """
    ended = folder.end() is not None  # asked first: what is written in between must not be taken for the end
    wanted = set(needs)
    specs = [spec for spec in folder.specs() if spec.name in wanted]
    table = folder.parts.whole(["update", *(spec.name for spec in specs)])
    found = Measurements({spec.name: to_series(spec, table) for spec in specs})
    updates = numbers(table["update"])
    return Evidence(folder.config(), found, folder.alarms(), int(updates[-1]) if len(updates) else -1, ended)

"""Runs in every state that a run can be in, without a worker."""

import math
from pathlib import Path

import numpy as np

from playground.core.measurement import Row
from playground.diagnosis.diagnose import ALWAYS
from playground.diagnosis.not_finite import NonFinite, alarm
from playground.diagnosis.past import Past
from playground.runs.records import Ending, Heartbeat
from playground.runs.table import to_table
from playground.training.config import RunConfig

CONFIG = RunConfig().patched({"task.length": 5, "hidden": 3, "updates": 8})
OTHER = CONFIG.patched({"cell.recurrent_init.kind": "orthogonal", "task.length": 7})


def measured(folder, values):
    """One row for each of these; everything that is measured has this value."""
    specs = folder.specs()
    rows = [Row(u, 1e9 + u, {s.name: np.full(s.shape, v) for s in specs}) for u, v in enumerate(values)]
    folder.parts.write(1, to_table(specs, 1, rows))
    return folder


def done(catalog, config=CONFIG, owner=None):
    folder = measured(catalog.create(config, owner), (1.0, 0.9, 0.8))
    folder.write_end(Ending(outcome="finished", sentence="Done.", update=8))
    return folder


def running(catalog, config=OTHER):
    folder = measured(catalog.create(config), (1.0, 0.5))
    folder.write_attempts(["one"])
    folder.write_heartbeat(Heartbeat(attempt="one", time=4e9, update=1))
    return folder


def diverged(catalog, config=OTHER):
    folder = measured(catalog.create(config), (1.0, math.nan))
    found = alarm(config, 1, [NonFinite("forward", "hidden states", 3, (0, 2, 1), 1, 0, 4.0)], Past({}, ALWAYS))
    folder.write_alarms([found])
    folder.write_end(Ending(outcome="diverged", sentence=found.sentence, update=1))
    return folder


def broken(catalog, config=OTHER):
    """One whose config says nothing any more."""
    folder = catalog.create(config)
    (Path(folder.path) / "config.json").write_text("{")
    return folder


STATES = {"done": done, "running": running, "diverged": diverged, "broken": broken}

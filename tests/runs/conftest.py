"""Small runs, and what they must give."""

import numpy as np
import pytest

from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs.catalog import Catalog
from playground.training.config import RunConfig
from playground.training.events import Update

SMALL = {"task": {"kind": "recall", "length": 6}, "hidden": 5, "batch": 4, "updates": 60, "pace": 0}


@pytest.fixture
def catalog(tmp_path):
    return Catalog(tmp_path / "runs")


@pytest.fixture
def config():
    return RunConfig.parse(SMALL)


@pytest.fixture
def same_bits():
    """Compares what a run has stored with `train` in this process: each update and finding once, each value to the
    bit."""
    import torch

    from playground.training.loop import train
    from playground.training.state import TrainingState

    torch.set_num_threads(1)

    def compare(folder, config):
        events = list(train(config, TrainingState(config, folder.interventions())))
        found = [event.model_dump_json() for event in events if isinstance(event, Alarm | Cleared)]
        assert [finding.model_dump_json() for finding in folder.findings()] == found
        expected = [event for event in events if isinstance(event, Update)]
        rows = folder.rows()
        assert [row.update for row in rows] == [event.update for event in expected]
        for row, event in zip(rows, expected, strict=True):
            assert row.values.keys() == event.values.keys()
            for name, value in event.values.items():
                wanted = np.asarray(value, dtype=np.float64)
                assert np.asarray(row.values[name]).tobytes() == wanted.tobytes(), f"{name} at update {row.update}"

    return compare

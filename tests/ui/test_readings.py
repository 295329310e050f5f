"""What is compared of a run is read once, then part by part, and is the same as read at the end."""

import numpy as np
import pytest

from playground.core.errors import BrokenRun
from playground.core.measurement import Row
from playground.figures.compare_pictures import NEEDS
from playground.runs.catalog import Catalog
from playground.runs.records import Ending
from playground.runs.table import to_table
from playground.training.config import RunConfig
from playground.ui import readings

CONFIG = RunConfig().patched({"task.length": 4, "hidden": 2})


@pytest.fixture
def folder(tmp_path):
    return Catalog(tmp_path).create(CONFIG)


def write(folder, part, updates, value=1.0):
    specs = folder.specs()
    rows = [Row(u, 1e9 + u, {s.name: np.full(s.shape, value * (u + 1)) for s in specs}) for u in updates]
    folder.parts.write(part, to_table(specs, part, rows))


def test_parts_that_come_are_added_and_agree_with_a_fresh_reading(folder):
    write(folder, 1, range(3))
    reading = readings.Reading(folder)
    assert reading.measurements()["loss"].updates.tolist() == [0, 1, 2]
    write(folder, 2, range(3, 5))
    write(folder, 3, range(4, 6))  # a worker that was resumed may bring an update again
    late, fresh = reading.measurements(), readings.Reading(folder).measurements()
    assert set(late.names()) == set(NEEDS) & {spec.name for spec in folder.specs()}
    for name in late.names():
        assert late[name].updates.tolist() == fresh[name].updates.tolist()
        assert late[name].values.tobytes() == fresh[name].values.tobytes()
    assert late["loss"].updates.tolist() == list(range(6))


def test_of_the_gradient_the_newest_and_the_last_finite_are_kept(folder):
    reading = readings.Reading(folder)
    for part, value in enumerate((1.0, 2.0, np.nan, np.nan), start=1):
        write(folder, part, [part], value)
        found = reading.measurements()["total_gradient"]
    assert found.updates.tolist() == [2, 4]
    write(folder, 5, [5])
    assert reading.measurements()["total_gradient"].updates.tolist() == [5]


def test_after_its_end_a_run_is_not_read_again(folder, tmp_path):
    write(folder, 1, range(3))
    folder.write_end(Ending(outcome="finished", sentence="Done.", update=2))
    before = readings.of(folder)
    (tmp_path / folder.run_id / "parts" / "000001.parquet").unlink()
    assert readings.of(folder)["loss"].values.tobytes() == before["loss"].values.tobytes()


def test_a_run_that_was_stopped_and_goes_on_is_followed_again(folder, tmp_path):
    write(folder, 1, range(3))
    folder.write_end(Ending(outcome="stopped", sentence="Stopped.", update=2))
    reading = readings.Reading(folder)
    assert len(reading.measurements()["loss"]) == 3
    (tmp_path / folder.run_id / "end.json").unlink()
    write(folder, 2, range(3, 5))
    assert reading.measurements()["loss"].updates.tolist() == list(range(5))


def test_a_damaged_run_raises_each_time_and_is_whole_again_when_it_is(folder, tmp_path):
    write(folder, 1, range(3))
    part = tmp_path / folder.run_id / "parts" / "000001.parquet"
    whole = part.read_bytes()
    part.write_bytes(b"PAR1 nothing PAR1")
    for _ in range(2):
        with pytest.raises(BrokenRun, match="cannot be read"):
            readings.of(folder)
    part.write_bytes(whole)
    assert len(readings.of(folder)["loss"]) == 3


def test_no_more_runs_are_remembered_than_there_is_room_for(tmp_path):
    catalog = Catalog(tmp_path)
    for seed in range(readings.KEPT + 3):
        readings.of(catalog.create(CONFIG.patched({"seed": seed})))
    assert len(readings._readings) == readings.KEPT

"""A run's folder gives back what was put into it."""

import numpy as np
import pytest

from playground.core.errors import BrokenRun, PlaygroundError
from playground.core.measurement import Row
from playground.diagnosis.alarm import Alarm
from playground.runs.folder import RunFolder
from playground.runs.names import started_of
from playground.runs.parts import BLOCK
from playground.runs.records import Checkpoint, Control
from playground.runs.table import to_table
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.training.probes import specs


@pytest.fixture
def folder(tmp_path, config):
    return RunFolder.create(tmp_path, config, owner="f" * 64)


NAUGHTY = [
    "",
    ".",
    "..",
    "../x",
    "20260101-000000-0123abcd/..",
    "20260101-000000-0123ABCD",
    "20261341-000000-0123abcd",
    "20260101-000000-0123abcd\n",
    "２0260101-000000-0123abcd",
    "/etc/passwd",
    "a\x00b",
    "x" * 10_000,
]


@pytest.mark.parametrize("name", NAUGHTY)
def test_no_other_text_than_a_run_id_becomes_a_path(tmp_path, name):
    assert started_of(name) is None
    with pytest.raises(PlaygroundError, match="is not a run's name"):
        RunFolder(tmp_path, name)


@pytest.mark.parametrize("key", PRESETS)
def test_config_and_specs_come_back(tmp_path, key):
    config = PRESETS[key].config
    folder = RunFolder.at(RunFolder.create(tmp_path, config).path)
    assert folder.config() == config
    assert folder.specs() == specs(config)
    assert folder.owner() is None


def test_two_runs_of_one_config_are_two(tmp_path, config):
    assert len({RunFolder.create(tmp_path, config).run_id for _ in range(20)}) == 20


def test_a_folder_is_found_by_its_path_and_by_its_url(tmp_path, folder):
    assert RunFolder.at(folder.path).owner() == "f" * 64
    assert RunFolder.at(tmp_path / folder.run_id).owner() == "f" * 64
    by_url = RunFolder(tmp_path.as_uri(), folder.run_id)
    assert RunFolder.at(by_url.path).owner() == "f" * 64
    assert by_url.path == f"{tmp_path.as_uri()}/{folder.run_id}"


def test_a_url_keeps_its_options_at_its_end():
    from pyarrow import fs

    from playground.runs.store import Store

    store = Store("s3://bucket/runs?region=eu", fs.LocalFileSystem(), "/nowhere")
    assert RunFolder(store, "20260101-000000-0123abcd").path == "s3://bucket/runs/20260101-000000-0123abcd?region=eu"


def test_control_is_a_wish_that_starts_empty(folder):
    assert folder.control() == Control(run_until=None, stop=False, pace=None)
    folder.steer(run_until=0)
    folder.steer(pace=7)
    assert folder.control() == Control(run_until=0, pace=7)
    assert folder.steer(run_until=None) == Control(pace=7)
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        folder.steer(run_until=-1)
    with pytest.raises(ValueError, match="Extra inputs"):
        folder.steer(learning_rate=1)
    assert folder.control() == Control(pace=7)


def test_checkpoints_alarms_and_the_log_come_back(folder):
    assert (folder.checkpoint(), folder.alarms(), folder.attempts(), folder.heartbeat()) == (None, [], [], None)
    saved = Checkpoint("token", 12, bytes(range(256)) * 3)
    folder.write_checkpoint(saved)
    assert folder.checkpoint() == saved
    alarm = Alarm(
        kind="not_finite", update=3, sentence="∞ in h₃", phase="forward", tensor="h", last_finite_max=float("inf")
    )
    folder.write_alarms([alarm, alarm])
    assert folder.alarms() == [alarm, alarm]
    folder.log("one")
    folder.log("two")
    folder.delete_checkpoint()
    assert folder.checkpoint() is None


def test_a_damaged_checkpoint_or_part_is_broken(tmp_path, folder):
    (tmp_path / folder.run_id / "checkpoint").write_bytes(b"not json\nxyz")
    with pytest.raises(BrokenRun, match="checkpoint of run"):
        folder.checkpoint()
    (tmp_path / folder.run_id / "parts" / "000001.parquet").write_bytes(b"PAR1")
    for read in (folder.read, folder.rows, lambda: folder.read_part(1)):
        with pytest.raises(BrokenRun, match=r"000001.parquet cannot be read"):
            read()


def _part(folder, number, updates):
    return to_table(folder.specs(), number, [Row(u, float(u), {"loss": float(u)}) for u in updates])


def test_a_part_keeps_its_number_through_all_merging(tmp_path, folder):
    tables = []
    for number in range(1, BLOCK + 6):
        tables.append(_part(folder, number, [2 * number, 2 * number + 1]))
        folder.parts.write(number, tables[-1])
        if number == BLOCK:
            folder.parts.merge(number, tables)
    expected = list(range(2, 2 * (BLOCK + 6)))

    def check():
        for number in (1, 57, BLOCK, BLOCK + 1, BLOCK + 5):
            assert [row.update for row in folder.read_part(number)] == [2 * number, 2 * number + 1]
        assert folder.read_part(BLOCK + 6) is None
        assert folder.read()["loss"].updates.tolist() == expected
        assert [row.update for row in folder.rows(after=100)] == [u for u in expected if u > 100]

    place = tmp_path / folder.run_id / "parts"
    assert len(list(place.iterdir())) == 6
    check()
    # A worker that was killed between merging and deleting leaves both.
    folder.parts.write(3, tables[2])
    check()
    folder.parts.merge_all()
    assert [file.name for file in place.iterdir()] == ["all.parquet"]
    check()
    folder.parts.merge_all()
    check()


def test_a_reader_that_is_overtaken_by_merging_reads_again(folder, monkeypatch):
    for number in range(1, 5):
        folder.parts.write(number, _part(folder, number, [number]))
    read, store = folder._store.read, folder._store

    def overtaken(path):
        if path.endswith("000003.parquet"):
            monkeypatch.setattr(store, "read", read)
            folder.parts.merge_all()
        return read(path)

    monkeypatch.setattr(store, "read", overtaken)
    assert folder.read()["loss"].updates.tolist() == [1, 2, 3, 4]


def test_an_empty_run_has_empty_measurements(folder):
    measurements = folder.read()
    assert np.shape(measurements["total_gradient"].values) == (0, 1, 6)
    assert folder.rows() == []
    assert folder.read_part(1) is None
    folder.parts.merge_all()


def test_a_run_with_the_largest_config_has_a_folder(tmp_path):
    config = RunConfig.parse({"task": {"kind": "adding", "length": 200}, "hidden": 256})
    assert RunFolder.create(tmp_path, config).config() == config


def write_run(folder, updates, merged):
    """One row a part, each measurement with its update as every number; update 0 has what is measured once."""
    for update in range(updates):
        due = [s for s in folder.specs() if (update == 0 if s.every == 0 else update % s.every == 0)]
        row = Row(update, 0.0, {s.name: np.full(s.shape, float(update)) if s.axes else float(update) for s in due})
        folder.parts.write(update + 1, to_table(folder.specs(), update + 1, [row]))
    if merged:
        folder.parts.merge_all()


@pytest.mark.parametrize("merged", [False, True])
def test_the_newest_value_is_found_without_reading_the_run(folder, merged):
    every = next(s.every for s in folder.specs() if s.name == "example_prediction")
    updates = 2 * every + 2
    write_run(folder, updates, merged)

    update, value = folder.newest("example_prediction")

    assert update == 2 * every
    assert (value == update).all()
    assert folder.newest("loss") == (updates - 1, float(updates - 1))
    assert folder.newest("example_input")[0] == 0
    assert folder.newest("example_prediction", after=every)[0] == 2 * every
    assert folder.newest("example_prediction", after=2 * every) is None
    assert folder.newest("nothing of that name") is None
    assert folder.newest("example_prediction", until=2 * every - 1)[0] == every
    assert folder.newest("example_prediction", until=every)[0] == every
    assert folder.newest("example_prediction", until=0)[0] == 0
    assert folder.newest("example_prediction", after=every, until=2 * every - 1) is None


def test_a_run_without_rows_has_no_newest_value(folder):
    assert folder.newest("example_prediction") is None

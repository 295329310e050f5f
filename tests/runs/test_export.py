"""Exports hold every number, NaN and infinities too; and there is a file, or a reason, for each format."""

import importlib
import io
import json
import pickle

import numpy as np
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from playground.core.errors import PlaygroundError, UnknownName
from playground.runs.export import FORMATS, export, export_path, size, why_not
from playground.runs.records import Checkpoint
from playground.runs.worker import run_folder
from playground.training.config import RunConfig
from playground.training.loop import TrainingState, train
from playground.training.presets import PRESETS


@pytest.fixture
def exploded(catalog):
    folder = catalog.create(PRESETS["P5"].config.patched({"pace": 0}))
    run_folder(folder.path)
    return folder


def _tables(folder):
    yield pq.read_table(io.BytesIO(export(folder, "parquet")))
    yield csv.read_csv(io.BytesIO(export(folder, "csv")), convert_options=csv.ConvertOptions(strings_can_be_null=True))


def test_tidy_tables_hold_every_number_at_its_place(exploded):
    measurements = exploded.read()
    labels = {s.name: s.labels for s in exploded.specs()}
    for table in _tables(exploded):
        frame = table.to_pandas()
        assert len(frame) == sum(measurements[name].values.size for name in measurements.names())
        for name in measurements.names():
            lines = frame[frame.measurement == name]
            np.testing.assert_array_equal(lines["value"], measurements[name].values.ravel())
        total = frame[(frame.measurement == "total_gradient") & (frame["update"] == 2)]
        assert total["time"].tolist() == list(range(1, len(total) + 1))
        assert total["tensor"].isna().all()
        before = frame[(frame.measurement == "gradient_norm_before") & (frame["update"] == 2)]
        assert tuple(before["tensor"]) == labels["gradient_norm_before"]
        assert frame["value"].isna().any() or np.isinf(frame["value"]).any()


def test_json_is_strict_and_keeps_what_json_cannot_say(exploded):
    def refuse(text):
        raise AssertionError(f"{text} is not JSON")

    whole = json.loads(export(exploded, "json"), parse_constant=refuse)
    assert whole["run"] == exploded.run_id
    assert whole["config"] == exploded.config().model_dump(mode="json")
    assert whole["end"]["outcome"] == "diverged"
    assert [alarm["kind"] for alarm in whole["alarms"]][-1] == "not_finite"
    measurements, strings = exploded.read(), set()
    for entry in whole["measurements"]:
        series = measurements[entry["name"]]
        assert entry["updates"] == series.updates.tolist()
        values = np.array(entry["values"], dtype=object).ravel()
        strings |= {value for value in values if isinstance(value, str)}
        np.testing.assert_array_equal(values.astype(float), series.values.ravel())
    assert strings
    assert strings <= {"NaN", "Infinity", "-Infinity"}


@pytest.mark.parametrize("format", FORMATS)
def test_a_run_without_a_number_is_exported_or_has_a_reason(catalog, config, format):
    folder = catalog.create(config)
    reason = why_not(folder, format)
    if not reason:
        assert export(folder, format)
        return
    with pytest.raises(PlaygroundError) as error:
        export_path(folder.path, format)
    assert str(pickle.loads(pickle.dumps(error.value))) == reason


def test_every_format_is_made_by_somebody(exploded):
    for name, format in FORMATS.items():
        module = importlib.import_module(format.module)
        assert callable(getattr(module, format.function))
        assert hasattr(module, "why_not") or not format.doubted
        assert format.sentence.endswith(".")
        assert name == "tensorboard" or not why_not(exploded, name)
    with pytest.raises(UnknownName, match="Did you mean 'parquet'"):
        export(exploded, "parkett")


def test_the_config_comes_back(exploded):
    assert RunConfig.from_json(export(exploded, "config")) == exploded.config()


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_weights_are_those_that_it_ended_with(catalog, config, precision):
    config = config.patched({"precision": precision, "layers": 2, "direction": "two_passes", "updates": 3})
    folder, state = catalog.create(config), TrainingState(config)
    list(train(config, state))
    folder.write_checkpoint(Checkpoint("", 3, state.dump()))

    arrays = np.load(io.BytesIO(export(folder, "weights")), allow_pickle=False)

    assert arrays["update"] == 3
    assert set(arrays) == {"update", *config.network.tensors()}
    for name, view in state.weights.views.items():
        np.testing.assert_array_equal(arrays[name], view.float().numpy())


@pytest.mark.parametrize("updates", [1, 41, 60])
def test_the_size_is_known_before_anything_is_read(catalog, config, updates):
    folder = catalog.create(config.patched({"updates": updates}))
    planned = size(folder)
    run_folder(folder.path)
    exported = len(pq.read_table(io.BytesIO(export(folder, "parquet"))))
    assert exported <= size(folder) == planned < 1.2 * exported + 2000


def test_a_run_that_broke_early_is_as_large_as_it_became(exploded):
    exported = len(pq.read_table(io.BytesIO(export(exploded, "parquet"))))
    assert exported <= size(exploded) < 3 * exported

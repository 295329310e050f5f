"""Exports hold every number, NaN and infinities too."""

import io
import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from playground.runs.export import export, size
from playground.runs.worker import run_folder
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


@pytest.mark.parametrize("format", ["csv", "parquet", "json"])
def test_a_run_without_a_number_is_exported(catalog, config, format):
    assert export(catalog.create(config), format)


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

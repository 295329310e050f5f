"""A run's measurements in a file for other programs: one number a line, NaN and ±inf kept."""

import io
import json
import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from playground.core.measurement import Series
from playground.runs.folder import RunFolder

Format = Literal["csv", "parquet", "json"]


def size(folder: RunFolder) -> int:
    """How many numbers an export of this run has at most: what it measures, for as long as it went or may go on."""
    end = folder.end()
    last = max(0, end.update if end else folder.config().updates)
    # A measurement is taken on its schedule, which begins at update 0, and after the last update.
    return sum(
        math.prod(s.shape) * (last // s.every + 1 + (last % s.every > 0) if s.every else 1) for s in folder.specs()
    )


def export(folder: RunFolder, format: Format) -> bytes:
    """The whole run. Raises BrokenRun.

    csv, parquet: columns update, measurement, one a kind of axis (empty where a measurement has no such axis), value.
    Time steps count from 1, tensors go by their names, other axes count from 0.
    json: the config, alarms (raised and cleared) and end of the run, and each measurement with its declaration,
    `updates` and nested `values`; the strings "NaN", "Infinity" and "-Infinity" stand for what JSON has no numbers for.
    """
    if format == "json":
        return _json(folder)
    table = _tidy(folder)
    sink = io.BytesIO()
    if format == "parquet":
        pq.write_table(table, sink)
    else:
        csv.write_csv(table, sink)
    return sink.getvalue()


def _tidy(folder: RunFolder) -> pa.Table:
    measurements = folder.read()
    found = [measurements[name] for name in measurements.names()]
    axes = list(dict.fromkeys(axis for series in found for axis in series.spec.axes))
    kinds = {axis: pa.string() if axis == "tensor" else pa.int64() for axis in axes}
    schema = pa.schema([("update", pa.int64()), ("measurement", pa.string()), *kinds.items(), ("value", pa.float64())])
    return pa.concat_tables([schema.empty_table(), *(_lines(series, schema) for series in found)])


def _lines(series: Series, schema: pa.Schema) -> pa.Table:
    spec = series.spec
    places = dict(zip(spec.axes, np.indices(series.values.shape)[1:], strict=True))
    columns = []
    for field in schema:
        if field.name == "update":
            column = pa.array(np.repeat(series.updates, math.prod(spec.shape)))
        elif field.name == "measurement":
            column = pa.repeat(spec.name, series.values.size)
        elif field.name == "value":
            column = pa.array(series.values.ravel())
        elif field.name not in places:
            column = pa.nulls(series.values.size, field.type)
        elif field.name == "tensor":
            column = pa.array(np.array(spec.labels)[places["tensor"].ravel()], pa.string())
        else:
            column = pa.array(places[field.name].ravel() + (field.name == "time"), pa.int64())
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def export_path(path: str, format: Format) -> bytes:
    """`export` of the run folder at `path`, as a worker's task."""
    return export(RunFolder.at(path), format)


def _json(folder: RunFolder) -> bytes:
    end, measurements = folder.end(), folder.read()
    whole = {
        "format": 1,
        "run": folder.run_id,
        "config": folder.config().model_dump(mode="json"),
        "end": end and end.model_dump(mode="json"),
        "alarms": [alarm.model_dump(mode="json") for alarm in folder.findings()],
        "measurements": [_series(measurements[name]) for name in measurements.names()],
    }
    return json.dumps(whole, allow_nan=False).encode()


def _series(series: Series) -> dict[str, Any]:
    spec = series.spec.model_dump(mode="json")
    return {**spec, "updates": series.updates.tolist(), "values": list(_plain(series.values.tolist()))}


def _plain(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield list(_plain(value))
        elif math.isnan(value):
            yield "NaN"
        elif math.isinf(value):
            yield "Infinity" if value > 0 else "-Infinity"
        else:
            yield value

"""What a run can be taken away as: its measurements as tables, NaN and ±inf kept, and all else that is made of it.

To add a format: write a function from a folder to bytes, name it here. Page and command line offer what stands here.
"""

import io
import json
import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from playground.core.errors import UnknownName
from playground.core.measurement import Series
from playground.runs.folder import RunFolder
from playground.runs.task import call


class Format(NamedTuple):
    """`module` and `function` make it of a folder: named, so that whoever offers it need not load what it takes.

    `whole` says that it holds every number of a run, and so grows with it; `doubted`, that the module has a function
    `why_not`, which says of which runs there is none.
    """

    title: str
    suffix: str
    mime: str
    sentence: str
    function: str
    module: str = __name__
    whole: bool = False
    doubted: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "report": Format(
            "Report", "html", "text/html", "Result, alarms, pictures and config in one page that works offline.",
            "report", "playground.runs.report", whole=True,
        ),
        "script": Format(
            "PyTorch script", "py", "text/x-python", "Plain PyTorch that trains this run again, on its own.",
            "script_of", "playground.runs.script", doubted=True,
        ),
        "csv": Format(
            "CSV", "csv", "text/csv", "Every number on a line: update, measurement, indices, value.",
            "as_csv", whole=True,
        ),
        "parquet": Format(
            "Parquet", "parquet", "application/vnd.apache.parquet", "The same table, much smaller.",
            "as_parquet", whole=True,
        ),
        "json": Format(
            "JSON", "json", "application/json", "Config, alarms, end and all measurements.",
            "as_json", whole=True,
        ),
        "tensorboard": Format(
            "TensorBoard", "tensorboard.zip", "application/zip", "Scalars and histograms as event files, zipped.",
            "event_files", "playground.runs.tensorboard", whole=True, doubted=True,
        ),
        "weights": Format(
            "Weights", "npz", "application/octet-stream", "The newest weights, for numpy.load without pickles.",
            "weights_of", "playground.runs.weights", doubted=True,
        ),
        "config": Format(
            "Config", "config.json", "application/json", "All settings, as `python -m playground train` takes them.",
            "as_config",
        ),
        "zip": Format(
            "The whole run", "zip", "application/zip", "As a zip, to import it again.",
            "pack", "playground.runs.archive", whole=True,
        ),
    }
)  # fmt: skip


def size(folder: RunFolder) -> int:
    """How many numbers an export of this run has at most: what it measures, for as long as it went or may go on."""
    end = folder.end()
    last = max(0, end.update if end else folder.config().updates)
    # A measurement is taken on its schedule, which begins at update 0, and after the last update.
    return sum(
        math.prod(s.shape) * (last // s.every + 1 + (last % s.every > 0) if s.every else 1) for s in folder.specs()
    )


def export(folder: RunFolder, format: str) -> bytes:
    """The run in a format of `FORMATS`. Raises UnknownName, BrokenRun, or PlaygroundError where there is none."""
    chosen = _known(format)
    data: bytes = call(chosen.module, chosen.function, folder)
    return data


def export_path(path: str, format: str) -> bytes:
    """`export` of the run folder at `path`, as a worker's task."""
    return export(RunFolder.at(path), format)


def why_not(folder: RunFolder, format: str) -> str:
    """Why there is no such file of this run; empty where there is one. Raises BrokenRun."""
    chosen = _known(format)
    return str(call(chosen.module, "why_not", folder)) if chosen.doubted else ""


def _known(format: str) -> Format:
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    return FORMATS[format]


def as_config(folder: RunFolder) -> bytes:
    return json.dumps(folder.config().model_dump(mode="json"), indent=1).encode()


def as_csv(folder: RunFolder) -> bytes:
    """Columns update, measurement, one a kind of axis (empty where a measurement has no such axis), value.

    Time steps count from 1, tensors go by their names, other axes count from 0.
    """
    sink = io.BytesIO()
    csv.write_csv(_tidy(folder), sink)
    return sink.getvalue()


def as_parquet(folder: RunFolder) -> bytes:
    """The same columns."""
    sink = io.BytesIO()
    pq.write_table(_tidy(folder), sink)
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


def as_json(folder: RunFolder) -> bytes:
    """The config, alarms (raised and cleared) and end of the run, what was changed while it trained, and each
    measurement with its declaration, `updates` and nested `values`; the strings "NaN", "Infinity" and "-Infinity" stand
    for what JSON has no numbers for.
    """
    end, measurements = folder.end(), folder.read()
    whole = {
        "format": 1,
        "run": folder.run_id,
        "config": folder.config().model_dump(mode="json"),
        "end": end and end.model_dump(mode="json"),
        "interventions": [each.model_dump(mode="json") for each in folder.interventions()],
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

"""A run as TensorBoard's event files, where it is installed: scalars, histograms of the weights, the config."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.core.errors import PlaygroundError
from playground.core.measurement import Measurements
from playground.runs.folder import RunFolder
from playground.runs.table import numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMED = ("tensor", "layer", "pass")
"""Axes whose entries have names: a measurement over one of them is a scalar for each."""


def why_not(folder: RunFolder) -> str:
    """A sentence where tensorboard is missing; empty where it is installed."""
    del folder
    if find_spec("tensorboard"):
        return ""
    return "Event files need tensorboard, which is not installed where the playground runs: pip install tensorboard."


def event_files(folder: RunFolder) -> bytes:
    """A zip of a log folder named after the run. Raises PlaygroundError without tensorboard, and BrokenRun."""
    if reason := why_not(folder):
        raise PlaygroundError(reason)
    from torch.utils.tensorboard import SummaryWriter

    measurements = folder.read()
    table = folder.parts.whole(["update", "wall"])
    walls = dict(zip(numbers(table["update"]).tolist(), numbers(table["wall"]).tolist(), strict=True))
    sink = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        with SummaryWriter(place) as writer:
            for tag, update, value in _scalars(measurements):
                writer.add_scalar(tag, value, update, walls[update])
            for tag, update, histogram in _histograms(measurements):
                writer.add_histogram_raw(tag, **histogram, global_step=update, walltime=walls[update])
            config = json.dumps(folder.config().model_dump(mode="json"), indent=1)
            writer.add_text("config", f"```\n{config}\n```", 0)
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(place).iterdir()):
                archive.write(file, f"{folder.run_id}/{file.name}")
    return sink.getvalue()


def _scalars(measurements: Measurements) -> Iterator[tuple[str, int, float]]:
    for name in measurements.names():
        series = measurements[name]
        if not series.spec.axes:
            tags = {name: series.values}
        elif len(series.spec.axes) == 1 and series.spec.axes[0] in NAMED:
            tags = {f"{name}/{label}": series.values[:, i] for i, label in enumerate(series.spec.labels)}
        else:
            continue
        for tag, values in tags.items():
            for update, value in zip(series.updates, values, strict=True):
                yield tag, int(update), float(value)


def _histograms(measurements: Measurements) -> Iterator[tuple[str, int, dict[str, Any]]]:
    series, edges = measurements["weight_histogram"], measurements["weight_edges"]
    for i, label in enumerate(series.spec.labels if len(edges) else ()):
        for update, counts in zip(series.updates, series.values[:, i], strict=True):
            yield f"weights/{label}", int(update), _histogram(edges.values[0, i], counts)


def _histogram(edges: "NDArray[np.float64]", counts: "NDArray[np.float64]") -> dict[str, Any]:
    """As TensorBoard has it: buckets by their upper limit.

    What lies below or above all edges is put into one more bin there; NaN and ±inf have no place on such an axis. The
    sums are those of the bins' middles.
    """
    width = edges[1] - edges[0]
    uppers = np.append(edges, edges[-1] + width)
    middles = uppers - width / 2
    placed = counts[: len(uppers)]
    there = np.flatnonzero(placed)
    first, last = (there[0], there[-1]) if len(there) else (0, 0)
    return {
        "min": uppers[first] - width,
        "max": uppers[last],
        "num": placed.sum(),
        "sum": (placed * middles).sum(),
        "sum_squares": (placed * middles**2).sum(),
        "bucket_limits": uppers.tolist(),
        "bucket_counts": placed.tolist(),
    }

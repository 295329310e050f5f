"""Small measured runs, some of them broken."""

import numpy as np
import pytest

from playground.core.measurement import Measurements, MeasurementSpec, Row

LENGTH, BINS = 4, 3
EDGES = np.array([[-1.0, -0.5, 0.5, 1.0], [-2.0, -1.0, 1.0, 2.0]])
TENSORS = {"axes": ("tensor", "bin"), "shape": (2, BINS + 4), "labels": ("W", "U")}

SPECS = (
    MeasurementSpec(name="loss", title="loss", description="d", unit="nats", reference=1.386),
    MeasurementSpec(name="test_loss", title="test loss", description="d", unit="nats", every=2, reference=1.386),
    MeasurementSpec(name="test_metric", title="accuracy", description="d", unit="share", every=2, reference=0.25),
    MeasurementSpec(name="total_gradient", title="t", description="d", unit="1", axes=("time",), shape=(LENGTH,)),
    MeasurementSpec(name="direct_gradient", title="t", description="d", unit="1", axes=("time",), shape=(LENGTH,)),
    MeasurementSpec(name="global_norm_before", title="b", description="d", unit="1"),
    MeasurementSpec(name="global_norm_after", title="a", description="d", unit="1"),
    MeasurementSpec(name="weight_histogram", title="w", description="d", unit="count", every=2, **TENSORS),
    MeasurementSpec(
        name="weight_edges",
        title="e",
        description="d",
        unit="1",
        axes=("tensor", "edge"),
        shape=(2, BINS + 1),
        labels=("W", "U"),
        every=0,
    ),
)


def measured(update, **changed):
    """One row, healthy but for `changed`."""
    values = {
        "loss": 1.0,
        "total_gradient": np.array([1e-3, 1e-2, 1e-1, 1.0]),
        "direct_gradient": np.array([0.0, 0.0, 0.0, 1.0]),
        "global_norm_before": 4.0,
        "global_norm_after": 1.0,
    }
    if update % 2 == 0:
        counts = np.array([[0, 1, 2, 3, 0, 0, 0], [1, 1, 5, 2, 2, 0, 0]])
        values |= {"test_loss": 1.1, "test_metric": 0.5, "weight_histogram": counts.astype(float)}
    if update == 0:
        values["weight_edges"] = EDGES
    return Row(update, 1000.0 + update, {**values, **changed})


def as_nan(row):
    return Row(row.update, row.wall, {name: np.full(np.shape(value), np.nan) for name, value in row.values.items()})


@pytest.fixture
def run():
    """Builds measurements of so many updates; `last` changes the newest row."""

    def build(updates, **last):
        rows = [measured(update) for update in range(updates - 1)]
        return Measurements.of(SPECS, [*rows, measured(updates - 1, **last)] if updates else [])

    return build


@pytest.fixture(params=["no specs", "empty", "one point", "all NaN", "a run"])
def any_run(request, run):
    match request.param:
        case "no specs":
            return Measurements({})
        case "empty":
            return run(0)
        case "one point":
            return run(1)
        case "all NaN":
            return Measurements.of(SPECS, [as_nan(measured(update)) for update in range(5)])
        case _:
            return run(9)

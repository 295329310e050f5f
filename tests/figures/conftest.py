"""Small measured runs, some of them broken."""

import numpy as np
import pytest

from playground.core.measurement import Measurements, MeasurementSpec, Row

LENGTH, BINS = 4, 3
EDGES = np.array([[-1.0, -0.5, 0.5, 1.0], [-2.0, -1.0, 1.0, 2.0]])
TENSORS = {"axes": ("tensor", "bin"), "shape": (2, BINS + 4), "labels": ("W", "U")}

OVER_TIME = {"unit": "1", "axes": ("layer", "time")}
ROWS = ("layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←")
LAYERED = {**OVER_TIME, "shape": (4, LENGTH), "labels": ROWS}
ONE_ROW = {**OVER_TIME, "shape": (1, LENGTH), "labels": ("layer 1",)}

WITHOUT_STATE = (
    MeasurementSpec(name="loss", title="loss", description="d", unit="nats", reference=1.386),
    MeasurementSpec(name="test_loss", title="test loss", description="d", unit="nats", every=2, reference=1.386),
    MeasurementSpec(name="test_metric", title="accuracy", description="d", unit="share", every=2, reference=0.25),
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

SPECS = (
    *WITHOUT_STATE,
    MeasurementSpec(name="total_gradient", title="t", description="d", **ONE_ROW),
    MeasurementSpec(name="direct_gradient", title="t", description="d", **ONE_ROW),
)
"""One layer of tanh units, an answer at the end."""

LAYERED_SPECS = (
    *WITHOUT_STATE,
    MeasurementSpec(name="total_gradient", title="t", description="d", **LAYERED),
    MeasurementSpec(name="direct_gradient", title="t", description="d", **LAYERED),
    MeasurementSpec(name="flow_gradient", title="t", description="d", every=2, **LAYERED),
    MeasurementSpec(name="cell_gradient", title="t", description="d", **LAYERED),
    MeasurementSpec(
        name="gate_values",
        title="g",
        description="d",
        unit="1",
        axes=("gate", "layer", "time"),
        shape=(3, 4, LENGTH),
        labels=("o", "i", "f"),
        every=2,
    ),
    MeasurementSpec(name="learning_rate", title="r", description="d", unit="1"),
    MeasurementSpec(name="gradient_difference", title="d", description="d", unit="1"),
)
"""Two layers of an LSTM, two passes each, an answer at every step, backward at each of them."""


def measured(update, **changed):
    """One row, healthy but for `changed`. Gradients of a single layer may be given without that axis."""
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
    values = {**values, **changed}
    return Row(update, 1000.0 + update, values)


def layered(update, **changed):
    """The same with four rows, of which each receives a tenth of the one above it."""
    row = measured(update)
    by_row = np.array([1e-3, 1e-2, 1e-1, 1.0])[:, None]
    values = {
        **row.values,
        "total_gradient": by_row * np.ones(LENGTH),
        "direct_gradient": by_row * np.full(LENGTH, 0.5),
        "cell_gradient": by_row * np.full(LENGTH, 2.0),
        "learning_rate": 0.01 * 0.5**update,
        "gradient_difference": 2e-16,
    }
    if update % 2 == 0:
        flow = by_row * np.array([1e-6, 1e-4, 1e-2, 1.0])
        flow[3, :3] = 0  # the uppermost layer's way back: the last answer reads its first step alone
        values |= {"flow_gradient": flow, "gate_values": np.full((3, 4, LENGTH), 0.5)}
        values["gate_values"][2, 2] = [0.6, 0.7, 0.8, 0.9]
    return Row(update, row.wall, {**values, **changed})


def as_nan(row):
    return Row(row.update, row.wall, {name: np.full(np.shape(value), np.nan) for name, value in row.values.items()})


@pytest.fixture
def run():
    """Builds measurements of so many updates; `last` changes the newest row."""

    def build(updates, **last):
        rows = [measured(update) for update in range(updates - 1)]
        return Measurements.of(SPECS, [*rows, measured(updates - 1, **last)] if updates else [])

    return build


@pytest.fixture
def layered_run():
    """The same for the layered one."""

    def build(updates, **last):
        rows = [layered(update) for update in range(updates - 1)]
        return Measurements.of(LAYERED_SPECS, [*rows, layered(updates - 1, **last)] if updates else [])

    return build


@pytest.fixture
def stateless_run():
    """A network without recurrence."""
    rows = [measured(update) for update in range(3)]
    return Measurements.of(WITHOUT_STATE, rows)


@pytest.fixture(
    params=[
        "no specs",
        "empty",
        "one point",
        "all NaN",
        "a run",
        "layered, empty",
        "layered, one point",
        "layered, all NaN",
        "a layered run",
        "without state",
    ]
)
def any_run(request, run, layered_run, stateless_run):
    match request.param:
        case "no specs":
            return Measurements({})
        case "empty":
            return run(0)
        case "one point":
            return run(1)
        case "all NaN":
            return Measurements.of(SPECS, [as_nan(measured(update)) for update in range(5)])
        case "layered, empty":
            return layered_run(0)
        case "layered, one point":
            return layered_run(1)
        case "layered, all NaN":
            return Measurements.of(LAYERED_SPECS, [as_nan(layered(update)) for update in range(5)])
        case "a layered run":
            return layered_run(9)
        case "without state":
            return stateless_run
        case _:
            return run(9)

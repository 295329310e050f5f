"""Small measured runs, some of them broken."""

import numpy as np
import pytest

from playground.core.measurement import Measurements, MeasurementSpec, Row

LENGTH, BINS = 4, 3
EDGES = np.array([[-1.0, -0.5, 0.5, 1.0], [-2.0, -1.0, 1.0, 2.0]])
TENSORS = ("W", "U")
ROWS = ("layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←")


def spec(name, *axes, labels=(), **more):
    """Axes with their sizes."""
    given = {"title": name, "description": "d", "unit": "1", "labels": labels, **more}
    return MeasurementSpec(name=name, axes=tuple(a for a, _ in axes), shape=tuple(n for _, n in axes), **given)


SIZES = ("jacobian_norm", "weight_share", "mean_slope", "state_size")


WITHOUT_STATE = (
    spec("loss", unit="nats", reference=1.386),
    spec("test_loss", title="test loss", unit="nats", every=2, reference=1.386),
    spec("test_metric", title="accuracy", unit="share", every=2, reference=0.25),
    spec("global_norm_before"),
    spec("global_norm_after"),
    spec("weight_histogram", ("tensor", 2), ("bin", BINS + 4), labels=TENSORS, unit="count", every=2),
    spec("weight_edges", ("tensor", 2), ("edge", BINS + 1), labels=TENSORS, every=0),
)


def of_states(rows, answers):
    """What is measured of states and recurrent matrices, of these rows, and of examples with so many answers."""
    layer, time, each = ("layer", len(rows)), ("time", LENGTH), ("pass", len(rows))
    return (
        *(spec(name, layer, time, labels=rows, every=2) for name in SIZES),
        spec("eigenvalues", each, ("unit", 2), ("part", 2), labels=rows, every=2),
        spec("singular_values", each, ("unit", 2), labels=rows, every=2),
        spec("spectral_radius", each, labels=rows, every=2),
        spec("state_histogram", layer, ("bin", 10 + 4), labels=rows, every=2),
        spec("layer_update_ratio", layer, labels=rows, every=2),
        spec("update_ratio", ("tensor", 2), labels=TENSORS, every=2),
        *(
            spec(name, layer, labels=rows, every=2)
            for name in ("memory_horizon", "signal_span", "far_ratio", "cut_off_steps")
        ),
        spec("example_prediction", ("example", 3), ("answer", answers), every=2),
        *(spec(name, ("example", 3), ("answer", answers), every=0) for name in ("example_target", "example_counts")),
    )


SPECS = (
    *WITHOUT_STATE,
    *(
        spec(name, ("layer", 1), ("time", LENGTH), labels=("layer 1",))
        for name in ("total_gradient", "direct_gradient")
    ),
    *of_states(("layer 1",), answers=1),
    spec("jacobian_bound", ("layer", 1), labels=("layer 1",), every=2),
    spec("state_size_expected", ("layer", 1), ("time", LENGTH), labels=("layer 1",), every=0),
    spec("saturated_share", ("layer", 1), ("time", LENGTH), labels=("layer 1",), every=2),
    spec("dead_units", ("layer", 1), labels=("layer 1",), every=2),
)
"""One layer of tanh units, an answer at the end."""

LAYERED_SPECS = (
    *WITHOUT_STATE,
    *(
        spec(name, ("layer", 4), ("time", LENGTH), labels=ROWS)
        for name in ("total_gradient", "direct_gradient", "cell_gradient")
    ),
    spec("flow_gradient", ("layer", 4), ("time", LENGTH), labels=ROWS, every=2),
    spec("gate_values", ("gate", 3), ("layer", 4), ("time", LENGTH), labels=("o", "i", "f"), every=2),
    *of_states(ROWS, answers=LENGTH),
    spec("answer_loss", ("answer", LENGTH), every=2),
    spec("flow_matrix", ("answer", LENGTH), ("time", LENGTH), labels=("k = 1", "k = 2", "k = 3", "k = 4"), every=2),
    spec("learning_rate"),
    spec("gradient_difference"),
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
    values |= about_states(1, update)
    if update % 2 == 0:
        counts = np.array([[0, 1, 2, 3, 0, 0, 0], [1, 1, 5, 2, 2, 0, 0]])
        values |= {"test_loss": 1.1, "test_metric": 0.5, "weight_histogram": counts.astype(float)}
    if update == 0:
        values["weight_edges"] = EDGES
        values["state_size_expected"] = np.array([[0.1, 0.2, 0.3, 0.4]])
    values = {**values, **changed}
    return Row(update, 1000.0 + update, values)


def about_states(rows, update):
    """A linear unit pair with U = 0.5·rotation: what is measured of it, of so many rows."""
    if update % 2:
        return {}
    decay, row = 0.5 ** np.arange(LENGTH)[::-1], np.ones((rows, 1))
    counts = np.zeros(14)
    counts[[0, 3, 5, 6, 9]] = 1, 2, 3, 3, 1
    found = {
        "jacobian_norm": row * decay,
        "jacobian_bound": np.full(rows, 0.5),
        "spectral_radius": np.full(rows, 0.5),
        "eigenvalues": np.tile([[0.3, 0.4], [0.3, -0.4]], (rows, 1, 1)),
        "singular_values": np.full((rows, 2), 0.5),
        "weight_share": row * np.array([0.0, 0.1, 0.2, 0.4]),
        "mean_slope": np.ones((rows, LENGTH)),
        "state_size": row * np.array([0.1, 0.2, 0.25, 0.3]),
        "saturated_share": row * np.array([0.0, 0.0, 0.0, 0.2]),
        "dead_units": np.full(rows, 0.25),
        "state_histogram": row * counts,
        "layer_update_ratio": np.full(rows, 2e-3),
        "update_ratio": np.array([1e-3, 5e-2]),
        "memory_horizon": np.full(rows, 2.0),
        "signal_span": np.full(rows, 4.0),
        "far_ratio": np.full(rows, 1e-7),
        "cut_off_steps": np.full(rows, 0.0),
        "example_prediction": np.array([[1.0], [2.0], [0.0]]),
    }
    if update == 0:
        found |= {"example_target": np.array([[1.0], [1.0], [0.0]]), "example_counts": np.ones((3, 1))}
    return found


FLOWS = np.array([[1.0, 0, 0, 0], [1e-1, 1, 0, 0], [1e-2, 1e-1, 1, 0], [1e-3, 1e-2, 1e-1, 1]])


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
    values |= about_states(4, update)
    if update % 2 == 0:
        values |= {"flow_matrix": FLOWS, "answer_loss": np.array([0.0, 0.5, 0.25, 1.0])}
        values |= {name: np.broadcast_to(values[name], (3, LENGTH)) for name in values if name.startswith("example_")}
        flow = by_row * np.array([1e-6, 1e-4, 1e-2, 1.0])
        flow[3, :3] = 0  # the uppermost layer's way back: the last answer reads its first step alone
        values |= {"flow_gradient": flow, "gate_values": np.full((3, 4, LENGTH), 0.5)}
        values["gate_values"][2, 2] = [0.6, 0.7, 0.8, 0.9]
    return Row(update, row.wall, {**values, **changed})


def as_nan(row):
    return Row(row.update, row.wall, {name: np.full(np.shape(value), np.nan) for name, value in row.values.items()})


@pytest.fixture(scope="session")
def run():
    """Builds measurements of so many updates; `last` changes the newest row."""

    def build(updates, **last):
        rows = [measured(update) for update in range(updates - 1)]
        return Measurements.of(SPECS, [*rows, measured(updates - 1, **last)] if updates else [])

    return build


@pytest.fixture(scope="session")
def layered_run():
    """The same for the layered one."""

    def build(updates, **last):
        rows = [layered(update) for update in range(updates - 1)]
        return Measurements.of(LAYERED_SPECS, [*rows, layered(updates - 1, **last)] if updates else [])

    return build


@pytest.fixture(scope="session")
def stateless_run():
    """A network without recurrence."""
    rows = [measured(update) for update in range(3)]
    return Measurements.of(WITHOUT_STATE, rows)


@pytest.fixture(
    scope="session",
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
    ],
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

"""Measurements: columns from rows, with nothing dropped and nothing made up."""

import numpy as np
import pytest
from pydantic import ValidationError

from playground.core.measurement import Measurements, MeasurementSpec, Row

LOSS = MeasurementSpec(name="loss", title="loss", description="The loss.", unit="1")
NORMS = MeasurementSpec(
    name="norms", title="norms", description="Norms.", unit="1", axes=("time",), shape=(3,), every=2
)
ROWS = [
    Row(0, 10.0, {"loss": 1.0, "norms": np.array([0.0, np.nan, np.inf])}),
    Row(1, 11.0, {"loss": np.nan}),
    Row(2, 12.0, {"loss": -np.inf, "norms": np.array([1.0, 2.0, 3.0])}),
]


def test_a_series_has_its_own_updates_and_keeps_what_is_not_finite():
    measurements = Measurements.of([LOSS, NORMS], ROWS)
    assert measurements["loss"].updates.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(measurements["loss"].values, [1.0, np.nan, -np.inf])
    assert measurements["norms"].updates.tolist() == [0, 2]
    np.testing.assert_array_equal(measurements["norms"].values, [[0.0, np.nan, np.inf], [1.0, 2.0, 3.0]])


def test_an_empty_run_has_empty_series_of_the_right_shape():
    measurements = Measurements.of([LOSS, NORMS], [])
    assert measurements["norms"].values.shape == (0, 3)
    assert measurements["loss"].values.shape == (0,)
    assert len(measurements["loss"]) == 0


def test_names():
    measurements = Measurements.of([LOSS, NORMS], ROWS)
    assert measurements.names() == ("loss", "norms")
    assert "loss" in measurements
    assert "other" not in measurements


def test_an_axis_must_be_in_the_glossary():
    with pytest.raises(ValidationError, match="Unknown axis 'tims'"):
        MeasurementSpec(name="n", title="n", description="n", unit="1", axes=("tims",), shape=(3,))


def test_a_spec_is_fixed_and_complete():
    with pytest.raises(ValidationError):
        LOSS.every = 5
    with pytest.raises(ValidationError):
        MeasurementSpec(name="loss", title="", description="", unit="", colour="red")
    assert MeasurementSpec.model_validate_json(NORMS.model_dump_json()) == NORMS

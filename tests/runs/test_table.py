"""Rows survive Parquet to the bit, whatever numbers they hold."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.measurement import MeasurementSpec, Row
from playground.runs import table as tables


def _spec(name, axes=(), shape=(), every=1):
    return MeasurementSpec(name=name, title=name, description="", unit="1", axes=axes, shape=shape, every=every)


SPECS = (_spec("loss"), _spec("total", ("time",), (3,)), _spec("counts", ("tensor", "bin"), (2, 4), every=2))
NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324])


@st.composite
def rows(draw):
    updates = draw(st.lists(st.integers(0, 2**40), unique=True, max_size=8))
    made = []
    for update in sorted(updates):
        values = {}
        for spec in draw(st.lists(st.sampled_from(SPECS), unique_by=lambda s: s.name)):
            size = int(np.prod(spec.shape))
            numbers = np.array(draw(st.lists(NUMBERS, min_size=size, max_size=size)))
            values[spec.name] = numbers.reshape(spec.shape) if spec.axes else float(numbers[0])
        made.append(Row(update, draw(st.floats(0, 2e9)), values))
    return made


def _bits(row):
    return {name: np.asarray(value, np.float64).tobytes() for name, value in row.values.items()}


def _assert_same(got, wanted):
    assert [(row.update, row.wall) for row in got] == [(row.update, row.wall) for row in wanted]
    assert [_bits(row) for row in got] == [_bits(row) for row in wanted]


@given(rows())
def test_rows_survive_parquet_to_the_bit(wanted):
    data = tables.encode(tables.to_table(SPECS, 1, wanted))
    _assert_same(tables.to_rows(SPECS, tables.decode(SPECS, data)), wanted)


@given(rows(), st.integers(0, 8), st.integers(0, 8))
def test_merged_and_repeated_parts_give_each_update_once_in_order(wanted, cut, again):
    parts = [wanted[:cut], wanted[cut:], wanted[:again]]
    merged = tables.in_order([tables.to_table(SPECS, n + 1, part) for n, part in enumerate(parts)])
    _assert_same(tables.to_rows(SPECS, merged), wanted)


@given(rows(), st.integers(-1, 2**40))
def test_later_rows_are_those_after_an_update(wanted, after):
    table = tables.later(tables.to_table(SPECS, 1, wanted), after)
    _assert_same(tables.to_rows(SPECS, table), [row for row in wanted if row.update > after])
    series = tables.to_measurements(SPECS, table)["total"]
    due = [row for row in wanted if row.update > after and "total" in row.values]
    assert series.values.tobytes() == np.array([row.values["total"] for row in due]).tobytes()
    assert series.updates.tolist() == [row.update for row in due]


def test_a_value_that_is_not_of_its_declared_size_is_refused():
    with pytest.raises(ValueError, match=r"total at update 7 has shape \(2,\), declared was \(3,\)"):
        tables.to_table(SPECS, 1, [Row(7, 0.0, {"total": np.zeros(2)})])


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda _: b"", lambda d: d[: len(d) // 2], lambda _: b"PAR1" * 9])
def test_a_damaged_file_is_a_value_error(damage):
    data = tables.encode(tables.to_table(SPECS, 1, [Row(0, 0.0, {"loss": 1.0})]))
    with pytest.raises(ValueError):  # noqa: PT011  (Arrow's own words)
        tables.decode(SPECS, damage(data))


def test_a_table_of_other_measurements_is_a_value_error():
    data = tables.encode(tables.to_table(SPECS[:1], 1, [Row(0, 0.0, {"loss": 1.0})]))
    with pytest.raises(ValueError, match="not the measurements"):
        tables.decode(SPECS, data)


def test_a_table_without_rows_is_read_without_pandas():
    """`combine_chunks` of a column in no pieces imports it: 40 MB, in a server that met a run before its first row."""
    code = (
        "import sys, pyarrow as pa;"
        "from playground.training.config import RunConfig; from playground.training.probes import specs;"
        "from playground.runs.table import in_order, schema, to_measurements;"
        "declared = specs(RunConfig());"
        "table = in_order([pa.Table.from_batches([], schema(declared))]);"
        "assert not any(len(to_measurements(declared, table)[s.name]) for s in declared);"
        "assert 'pandas' not in sys.modules and 'pyarrow.compute' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""Rows of measurements as Arrow tables: one row an update, one nullable column a measurement, every bit kept."""

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from playground.core.measurement import Measurements, MeasurementSpec, Row, Series


def meanings(specs: Sequence[MeasurementSpec]) -> dict[str, Any]:
    """What makes two declarations of a measurement mean the same numbers; when it is taken is none of it."""
    return {spec.name: (spec.axes, spec.shape, spec.labels, spec.unit) for spec in specs}


def schema(specs: Sequence[MeasurementSpec]) -> pa.Schema:
    """part, update, wall, and a column a measurement: a number, or a list for one with axes (last axis fastest)."""
    columns = [("part", pa.int32()), ("update", pa.int64()), ("wall", pa.float64())]
    return pa.schema([*columns, *((s.name, pa.list_(pa.float64()) if s.axes else pa.float64()) for s in specs)])


def to_table(specs: Sequence[MeasurementSpec], part: int, rows: Sequence[Row]) -> pa.Table:
    """Raises ValueError where a value's size is not that of its spec: a probe and its declaration disagree."""
    columns = [
        _column(np.full(len(rows), part, np.int32)),
        _column(np.array([row.update for row in rows], np.int64)),
        _column(np.array([row.wall for row in rows], np.float64)),
    ]
    for spec in specs:
        taken = np.array([spec.name in row.values for row in rows], dtype=bool)
        values = _values(spec, [row for row in rows if spec.name in row.values])
        columns.append(_list_column(spec, values, taken) if spec.axes else _number_column(values, taken))
    return pa.Table.from_arrays(columns, schema=schema(specs))


def _values(spec: MeasurementSpec, rows: Sequence[Row]) -> NDArray[np.float64]:
    """Of rows that have this measurement: len(rows) × spec.shape."""
    found = [row.values[spec.name] for row in rows]
    with suppress(ValueError):
        values = np.array(found, dtype=np.float64)
        if not rows or values.shape[1:] == spec.shape:
            return values
    update, given = next(
        (row.update, np.shape(v)) for row, v in zip(rows, found, strict=True) if np.shape(v) != spec.shape
    )
    raise ValueError(f"{spec.name} at update {update} has shape {given}, declared was {spec.shape}.")


# Arrow's own conversions from and to numpy import pandas (0.4 s, 70 MB a worker) only to see that nothing is a Series.


def _column(values: NDArray[Any], taken: NDArray[np.bool_] | None = None) -> pa.Array:
    valid = None if taken is None else _bits(taken)
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _number_column(values: NDArray[np.float64], taken: NDArray[np.bool_]) -> pa.Array:
    column = np.zeros(len(taken))
    column[taken] = values
    return _column(column, taken)


def _list_column(spec: MeasurementSpec, values: NDArray[np.float64], taken: NDArray[np.bool_]) -> pa.Array:
    ends = np.concatenate([[0], np.cumsum(taken)]) * math.prod(spec.shape)
    offsets = pa.py_buffer(ends.astype(np.int32))
    kind = pa.list_(pa.float64())
    return pa.Array.from_buffers(kind, len(taken), [_bits(taken), offsets], children=[_column(values.ravel())])


def _bits(taken: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(taken, bitorder="little"))


def numbers(column: pa.ChunkedArray | pa.Array) -> NDArray[Any]:
    """The numbers of a column that has no nulls."""
    if isinstance(column, pa.ChunkedArray):
        column = _whole(column)
    data, place = column.buffers()[1], slice(column.offset, column.offset + len(column))
    return np.frombuffer(data or b"", column.type.to_pandas_dtype())[place]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece. Of no pieces, `combine_chunks` makes an array by way of pandas: 40 MB in the server."""
    if column.chunks:
        return column.combine_chunks()
    nothing = pa.py_buffer(np.zeros(1, np.int64))  # for lists the one offset, for numbers never looked at
    if pa.types.is_list(column.type):
        return pa.Array.from_buffers(column.type, 0, [None, nothing], children=[_column(np.empty(0))])
    return pa.Array.from_buffers(column.type, 0, [None, nothing])


def _items(column: pa.Array) -> NDArray[np.float64]:
    """The numbers of all lists, one after the other. A null has none. `flatten` would load Arrow's compute module."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    return numbers(column.values)[offsets[0] : offsets[-1]]


def _taken(column: pa.Array) -> NDArray[np.bool_]:
    """Where there is a value, from the bits themselves: asking Arrow would load its compute module, 9 MB."""
    valid = column.buffers()[0]
    if valid is None:
        return np.ones(len(column), dtype=bool)
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
    return bits[column.offset : column.offset + len(column)].astype(bool)


def encode(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    # Dictionaries and statistics cost more than they save on float columns: 0.4 against 1.2 ms a part.
    pq.write_table(table, sink, compression="lz4", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def decode(specs: Sequence[MeasurementSpec], data: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """All columns, or these. Raises ValueError for a file that is not such a table."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        if not file.schema_arrow.equals(schema(specs)):
            raise ValueError("its columns are not the measurements that the run declares")
        table = file.read(columns, use_threads=False)
        return table if columns is None else table.select(columns)
    except OSError as error:  # thrift's word for a damaged footer
        raise ValueError(str(error)) from error


def of_part(table: pa.Table, part: int) -> pa.Table:
    """The rows of one part in a merged table."""
    first, end = np.searchsorted(numbers(table["part"]), [part, part + 1])
    return table.slice(first, end - first)


def later(table: pa.Table, update: int) -> pa.Table:
    """The rows after an update, of a table in order."""
    return table.slice(np.searchsorted(numbers(table["update"]), update, side="right"))


def in_order(tables: Sequence[pa.Table]) -> pa.Table:
    """One table, each update once, by update."""
    table = pa.concat_tables(tables)
    updates = numbers(table["update"])
    if (np.diff(updates) > 0).all():
        return table
    return table.take(_column(np.unique(updates, return_index=True)[1]))


def to_series(spec: MeasurementSpec, table: pa.Table) -> Series:
    column = _whole(table[spec.name])
    taken = _taken(column)
    values = _items(column) if spec.axes else numbers(column)[taken]
    return Series(spec, numbers(table["update"])[taken], values.reshape(int(taken.sum()), *spec.shape))


def to_measurements(specs: Sequence[MeasurementSpec], table: pa.Table) -> Measurements:
    return Measurements({spec.name: to_series(spec, table) for spec in specs})


def to_rows(specs: Sequence[MeasurementSpec], table: pa.Table) -> list[Row]:
    values: dict[int, dict[str, float | NDArray[np.float64]]] = {int(u): {} for u in numbers(table["update"])}
    for spec in specs:
        series = to_series(spec, table)
        for update, value in zip(series.updates.tolist(), series.values, strict=True):
            values[update][spec.name] = value if spec.axes else float(value)
    walls = numbers(table["wall"])
    return [Row(update, float(wall), values[update]) for update, wall in zip(values, walls, strict=True)]

"""Columns of numbers from a CSV file that a user brings."""

import csv
import math

from playground.core.errors import shorten
from playground.tasks.texts import decoded

LONGEST = 10_000
"""Numbers in a column."""

HOW = "Write one number a field, with a point: 0.5 or -1e3."


def csv_columns(data: bytes) -> tuple[str, ...]:
    """The names of the columns: the first line's, or "column 1", "column 2" … where it holds numbers already."""
    return _table(data)[0]


def read_csv(data: bytes, column: str | None = None) -> tuple[float, ...]:
    """The numbers of one column, the first for None.

    UTF-8, at most 1 MB and 10,000 numbers; fields are separated by commas, semicolons or tabs. ValueError with a
    sentence that names the line at fault.
    """
    names, lines = _table(data)
    if column is not None and column not in names:
        raise ValueError(f"There is no column {shorten(column)}. Choose among: {', '.join(names)}.")
    place = 0 if column is None else names.index(column)
    numbers = []
    for line, fields in lines:
        if len(fields) != len(names):
            raise ValueError(
                f"Line {line} has {_fields(len(fields))}, and the first line has {len(names)}. Every line needs the "
                "same number."
            )
        number = _number(fields[place])
        if number is None:
            raise ValueError(f"Line {line}, {names[place]}: {shorten(fields[place])} is not a finite number. {HOW}")
        numbers.append(number)
    if len(numbers) > LONGEST:
        raise ValueError(f"The column has {len(numbers):,} numbers. At most {LONGEST:,} are read: upload a part of it.")
    return tuple(numbers)


def _table(data: bytes) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Names, and the other lines' fields with the line's number."""
    rows = decoded(data).rstrip().split("\n")
    if not rows[0].strip():
        raise ValueError(f"Line 1 is empty. Begin with the names of the columns, or with numbers. {HOW}")
    separator = next((mark for mark in ";\t" if mark in rows[0]), ",")
    # A line at a time: a quoted field with a line end in it is no number, and would blur which line is at fault.
    lines = [
        (line, [field.strip() for field in next(csv.reader([row], delimiter=separator), [])])
        for line, row in enumerate(rows, start=1)
    ]
    for line, fields in lines:
        if not fields:
            raise ValueError(f"Line {line} is empty. Remove it: numbers stand in every line. {HOW}")
    first = lines[0][1]
    if any(_number(field) is not None for field in first):
        return tuple(f"column {place + 1}" for place in range(len(first))), lines
    if len(lines) == 1:
        raise ValueError(f"The file has one line, {shorten(rows[0])}, and no numbers below it. {HOW}")
    return tuple(field or f"column {place + 1}" for place, field in enumerate(first)), lines[1:]


def _number(field: str) -> float | None:
    try:
        number = float(field)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in field else None


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"

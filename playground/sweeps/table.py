"""A map to take away: every network a row, as CSV or Parquet; NaN and ±inf are kept."""

import io
from collections.abc import Iterable, Sequence
from csv import writer
from typing import Any, NamedTuple

from playground.core.spreadsheets import harmless
from playground.sweeps.cells import facts
from playground.sweeps.folder import MapFolder
from playground.sweeps.member import Member
from playground.sweeps.outcome import outcome
from playground.sweeps.spec import MapSpec

PLACE = ("cell", "seed")
MEASURED = tuple(name for name in Member.model_fields if name not in PLACE)


class Table(NamedTuple):
    """Columns: the cell's number, the seed as a run has it, a column for each axis by its path, the outcome, and all
    that a `Member` holds; None where there is nothing."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def table(spec: MapSpec, members: Iterable[Member]) -> Table:
    """By cell and seed."""
    known, rows = facts(spec), []
    for member in sorted(members, key=lambda m: (m.cell, m.seed)):
        mine = known[member.cell]
        found = outcome(member, mine) if mine else None
        rows.append(
            (
                member.cell,
                spec.base.seed + member.seed,
                *spec.settings(member.cell).values(),
                None if found is None else str(found),
                *(getattr(member, name) for name in MEASURED),
            )
        )
    return Table((*PLACE, *(axis.path for axis in spec.axes), "outcome", *MEASURED), rows)


def csv(spec: MapSpec, members: Iterable[Member]) -> str:
    """A header and a line for each network; no text is a formula."""
    names, rows = table(spec, members)
    text = io.StringIO()
    lines = writer(text, lineterminator="\n")
    lines.writerow([harmless(name) for name in names])
    lines.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """None is nothing, a toggle as JSON writes it, a number with all its digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else value


def parquet(spec: MapSpec, members: Iterable[Member]) -> bytes:
    """The columns of `csv`. For a worker: it loads what the screen's process must not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, rows = table(spec, members)
    kinds = [pa.int64(), pa.int64(), *(_kind(axis.values, pa) for axis in spec.axes), pa.string(), *_measured(pa)]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=list(names)), sink)
    return sink.getvalue()


def _kind(values: Sequence[object], pa: Any) -> Any:
    """The Arrow type of an axis; its values are of one type."""
    return {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}.get(type(values[0]), pa.string())


def _measured(pa: Any) -> list[Any]:
    """The Arrow types of a member's fields, by their annotations."""
    kinds: dict[Any, Any] = {bool: pa.bool_(), int: pa.int64(), int | None: pa.int64()}
    return [kinds.get(Member.model_fields[name].annotation, pa.float64()) for name in MEASURED]


def parquet_at(path: str) -> bytes:
    """`parquet` of the map in a folder, as a worker's task."""
    folder = MapFolder.at(path)
    return parquet(folder.spec(), folder.members())
